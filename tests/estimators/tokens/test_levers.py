"""What would make a workload cheaper: each change alone, in dollars."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.levers import Lever, levers_of
from mlquote.estimators.tokens.token_models import price_list
from mlquote.estimators.tokens.workload import Circumstances, Workload, slices_of, total_usd

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def levers(catalog: Snapshot, provider: str, model: str, **workload: Any) -> dict[str, Lever]:
    """The levers of a month, by name."""
    card = catalog.derived(price_list).find(provider, model, NOW).card
    around, asked = Circumstances(card, NOW), Workload.model_validate(workload)
    cost = total_usd(slices_of(asked, around))
    assert cost is not None
    return {lever.lever: lever for lever in levers_of(asked, around, cost)}


def test_a_batch_saves_half(catalog: Snapshot) -> None:
    """30,000 * 2000 * 5 / 1e6 = 300 dollars; a batch is half of them."""
    found = levers(catalog, "anthropic", "claude-opus-4-7", requests_per_day=1000, input_tokens=2000)["batch"]
    assert (found.cost_usd, found.saves_usd, found.saves_fraction) == (Decimal(150), Decimal(150), Decimal("0.5"))


def test_a_tenth_fewer_tokens_saves_a_tenth_of_their_dollars(catalog: Snapshot) -> None:
    """200 of 2000 tokens: 30 of 300 dollars."""
    found = levers(catalog, "anthropic", "claude-opus-4-7", requests_per_day=1000, input_tokens=2000)
    assert found["shorter_prompt"].saves_usd == Decimal(30)
    assert "shorter_answer" not in found


def test_peak_hours_have_a_lever_of_their_own(catalog: Snapshot) -> None:
    found = levers(catalog, "deepseek", "deepseek-v4-pro", requests_per_day=1000, input_tokens=2000, output_tokens=500)
    assert found["off_peak"].saves_usd > 0


@pytest.mark.parametrize("requests_per_day", [5, 50_000])
def test_no_lever_costs_more_and_the_largest_saving_comes_first(catalog: Snapshot, requests_per_day: int) -> None:
    asked = {"input_tokens": 250_000, "output_tokens": 500, "cached_input_fraction": "0.5"}
    found = levers(catalog, "google", "gemini-3.1-pro-preview", requests_per_day=requests_per_day, **asked)
    savings = [lever.saves_usd for lever in found.values()]
    assert savings == sorted(savings, reverse=True)
    assert min(savings) > 0
    assert "leave_tier" in found
