"""How old an engine is, by its release or by when its version was measured."""

from datetime import date, datetime

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.serving.engine_age import Releases, age_of, day_of, releases_of
from mlquote.estimators.serving.engines import engine_of
from tests.estimators.serving.asking import LLAMA, central, result

RELEASES = Releases({"vllm": (((0, 5), date(2024, 8, 1)), ((0, 11), date(2026, 2, 1)))}, date(2026, 8, 1))


@pytest.mark.parametrize(
    ("text", "day"),
    [("vLLM 0.5.3", date(2024, 8, 1)), ("vllm v0.9", date(2024, 8, 1)), ("vLLM 0.25", date(2026, 2, 1)),
     ("vLLM 0.2", date(2024, 8, 1)), ("vLLM", date(2026, 8, 1)), ("SGLang 0.5", date(2026, 8, 1))],
)  # fmt: skip
def test_a_version_is_as_old_as_the_newest_measured_that_is_not_above_it(text: str, day: date) -> None:
    assert RELEASES.day_of(engine_of(text)) == day


def test_a_day_is_read_as_printed() -> None:
    assert [day_of(text) for text in ("2026", "2024-08", "2026-05-03")] == [
        date(2026, 1, 1), date(2024, 8, 1), date(2026, 5, 3),
    ]  # fmt: skip


def test_a_date_that_is_given_stands_before_the_version(catalog: Snapshot) -> None:
    newest = catalog.derived(releases_of).newest
    assert age_of(engine_of("vLLM 0.5"), newest, catalog).value == 0
    assert age_of(engine_of("vLLM 0.5"), None, catalog).value > 1.5


def test_an_older_engine_is_slower(catalog: Snapshot, now: datetime) -> None:
    old, new = (result(catalog, now, **LLAMA, concurrency=64, engine=f"vLLM {v}") for v in ("0.5", "0.25"))
    assert central(old.output_tokens_per_s) < central(new.output_tokens_per_s)
