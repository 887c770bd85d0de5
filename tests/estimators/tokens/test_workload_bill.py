"""The sum of a workload's slices: dollars, lines, and what was taken for the cache."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.token_models import price_list
from mlquote.estimators.tokens.workload import Circumstances, Slice, Workload, slices_of
from mlquote.estimators.tokens.workload_bill import lines_of, told_of_workload, workload_bill

NOW = datetime(2026, 11, 23, tzinfo=UTC)
PLAIN: dict[str, Any] = {"requests_per_day": 1000, "input_tokens": 2000, "output_tokens": 500}


def cut(catalog: Snapshot, provider: str, model: str, **asked: Any) -> tuple[Workload, Circumstances, list[Slice]]:
    card = catalog.derived(price_list).find(provider, model, NOW).card
    workload, around = Workload.model_validate(PLAIN | asked), Circumstances(card, NOW)
    return workload, around, slices_of(workload, around)


def test_the_period_is_the_sum_of_its_slices(catalog: Snapshot) -> None:
    """30,000 * (2000 * 1.25 + 500 * 10) / 1e6 = 225; a month of 30.4375 days 228.28125; one request 0.0075."""
    result = workload_bill(*cut(catalog, "openai", "gpt-5"), Decimal(0))
    assert (result.cost_usd, result.requests) == (Decimal(225), Decimal(30_000))
    assert (result.cost_per_request_usd, result.cost_per_day_usd) == (Decimal("0.0075"), Decimal("7.5"))
    assert result.cost_per_month_usd == Decimal("228.28125")


def test_a_discount_is_a_line_and_is_taken_off_every_figure(catalog: Snapshot) -> None:
    """225 * 0.9 = 202.5; input at 1.25 * 0.9."""
    result = workload_bill(*cut(catalog, "openai", "gpt-5"), Decimal("0.1"))
    assert (result.cost_usd, result.usd_per_mtok.input) == (Decimal("202.5"), Decimal("1.125"))
    assert (result.cost_lines[-1].meter, result.cost_lines[-1].usd) == ("negotiated_discount", Decimal("-22.5"))


def test_a_line_is_one_meter_at_one_rate(catalog: Snapshot) -> None:
    """Half in a batch: input and output at two rates each."""
    _, _, slices = cut(catalog, "anthropic", "claude-opus-4-7", batch_fraction="0.5")
    lines = lines_of(slices)
    assert [line.meter for line in lines] == ["output_tokens", "input_tokens"] * 2
    assert [line.usd_per_unit for line in lines] == [Decimal(25), Decimal(5), Decimal("12.5"), Decimal("2.5")]


def test_a_gap_leaves_the_period_unknown_and_without_levers(catalog: Snapshot) -> None:
    result = workload_bill(*cut(catalog, "openai", "whisper-1"), Decimal(0))
    assert (result.cost_usd, result.levers) == (None, ())


def test_what_was_taken_for_the_cache_is_told(catalog: Snapshot) -> None:
    workload, around, slices = cut(catalog, "anthropic", "claude-opus-4-7", cached_input_fraction="0.5")
    said = [assumed.name for found in told_of_workload(workload, around, slices, NOW) for assumed in found.assumptions]
    assert said == ["shared_prefix_tokens", "cache_hit_fraction", "cache_ttl"]


def test_a_rate_is_told_once_however_many_slices_it_prices(catalog: Snapshot) -> None:
    workload, around, slices = cut(catalog, "anthropic", "claude-opus-4-7", cached_input_fraction="0.5")
    keys = [row.key for found in told_of_workload(workload, around, slices, NOW) for row in found.rows]
    assert len(keys) == len(set(keys))
