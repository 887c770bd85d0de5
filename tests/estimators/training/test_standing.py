"""What stands whatever is trained: looked up once for a job and a day, and never by what varies."""

from contextlib import suppress
from datetime import timedelta
from functools import cached_property
from itertools import islice
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.standing import VARYING, Standing, standing_of
from mlquote.kit.errors import QuoteError
from tests.estimators.asked_sample import KINDS, seeded
from tests.estimators.serving.asking import NOW

RUN: dict[str, Any] = {"model": "llama-3.1-8b", "tokens": 1e12, "accelerator": "h100-sxm", "accelerator_count": 64}


def question(**fields: Any) -> TrainingQuestion:
    return TrainingQuestion.model_validate(RUN | fields)


def test_runs_that_differ_in_tokens_and_hour_share_what_was_found(catalog: Snapshot) -> None:
    first = standing_of(question(), catalog, NOW)
    assert standing_of(question(tokens=3e11, as_of="2026-11-01"), catalog, NOW + timedelta(minutes=5)) is first


@pytest.mark.parametrize("fields", [{"accelerator_count": 8}, {"region": "us-east-1", "provider": "aws"}, {"pue": 1.2},
                                    {"method": "lora"}, {"zero_stage": 1}, {"precision": "fp8"}], ids=str)  # fmt: skip
def test_another_job_is_looked_up_anew(catalog: Snapshot, fields: dict[str, Any]) -> None:
    assert standing_of(question(**fields), catalog, NOW) is not standing_of(question(), catalog, NOW)


@pytest.mark.parametrize(
    "fields", [{"usd_per_accelerator_hour": "2.50"}, {"architecture": {"layers": 8, "hidden_size": 512}}]
)
def test_what_may_read_otherwise_and_be_equal_is_looked_up_each_time(catalog: Snapshot, fields: dict[str, Any]) -> None:
    asked = question(**fields, **({"model": None} if "architecture" in fields else {}))
    assert standing_of(asked, catalog, NOW) is not standing_of(asked, catalog, NOW)


class Watched:
    """A question that says which of its fields were read."""

    def __init__(self, asked: TrainingQuestion) -> None:
        self.asked, self.read = asked, set[str]()

    def __getattr__(self, name: str) -> Any:
        self.read.add(name)
        found = getattr(type(self.asked), name, None)
        return found.fget(self) if isinstance(found, property) else getattr(self.asked, name)


FACTS = [name for name, value in vars(Standing).items() if isinstance(value, cached_property)]


def test_nothing_that_varies_is_read(catalog: Snapshot) -> None:
    kind = next(kind for kind in KINDS if kind.question is TrainingQuestion)
    for fields in islice(seeded(kind), 200):
        with suppress(QuoteError):  # a field may contradict another
            watched = Watched(TrainingQuestion.model_validate(fields))
            stands = Standing(watched, catalog, NOW)  # type: ignore[arg-type]
            for name in FACTS:
                with suppress(QuoteError):
                    getattr(stands, name)
            assert watched.read and watched.read.isdisjoint(VARYING), fields
