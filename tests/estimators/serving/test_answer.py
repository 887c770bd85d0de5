"""The figures of an answer and what their doubt comes from."""

from datetime import datetime
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from tests.estimators.serving.asking import BIG, LLAMA, asked, central, result


def test_the_critical_batch_of_an_h100_in_bf16_is_about_300(catalog: Snapshot, now: datetime) -> None:
    """989.4e12 / 3.35e12 x 2 / 2 = 295 (How to Scale Your Model, chapter 7: about 300)."""
    assert result(catalog, now, **LLAMA, concurrency=8).critical_batch == pytest.approx(295, abs=1)


@pytest.mark.parametrize(
    "fields",
    [{"concurrency": 16}, {"price_model": "owned"}, {"requests_per_s": 2}, {"scenario": "offline"}, {"power_w": 700}],
    ids=lambda fields: next(iter(fields)),
)
def test_shares_of_variance_add_up_to_one(catalog: Snapshot, now: datetime, fields: dict[str, Any]) -> None:
    answer = asked(catalog, now, **LLAMA, **fields)
    for headline, shares in answer.result.variance_shares.items():
        assert sum(shares.values()) == pytest.approx(1.0) or shares == {}, headline
    said = [each.share_of_variance for each in answer.assumptions if each.share_of_variance is not None]
    assert sum(said) == pytest.approx(1.0, abs=1e-3)


def test_every_source_of_doubt_is_an_assumption(catalog: Snapshot, now: datetime) -> None:
    answer = asked(catalog, now, model="llama-3.1-8b", accelerator="mi210", concurrency=4, price_model="owned")
    sources = {source for shares in answer.result.variance_shares.values() for source in shares}
    assert sources <= {each.name for each in answer.assumptions}


def test_the_headlines_are_of_tokens_and_of_an_hour(catalog: Snapshot, now: datetime) -> None:
    shares = result(catalog, now, **LLAMA, concurrency=8).variance_shares
    tokens = ["output_tokens_per_s", "joules_per_output_token", "usd_per_mtok.output", "kgco2e_per_mtok"]
    assert list(shares) == [*tokens, "usd_per_hour", "power_w_by_scope.facility", "kgco2e_per_hour"]
    assert shares["output_tokens_per_s"] == {"residual.throughput": 1.0}


def test_throughput_of_the_parts_and_of_prompts_follows_from_the_whole(catalog: Snapshot, now: datetime) -> None:
    found = result(catalog, now, **BIG, concurrency=8, input_tokens=1000, output_tokens=250)
    whole = central(found.output_tokens_per_s)
    assert central(found.output_tokens_per_s_per_accelerator) == pytest.approx(whole / 4)
    assert central(found.input_tokens_per_s) == pytest.approx(whole * 4)
    assert central(found.requests_per_s) == pytest.approx(whole / 250)
