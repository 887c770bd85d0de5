"""Reports of organisations: a row is the sum of many calls, and no tier of a prompt's length follows from it."""

import json
from decimal import Decimal
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from tests.spend.delivered.reading import answered, codes, ndjson


def page(*results: dict[str, Any], more: bool = False, **bucket: Any) -> dict[str, Any]:
    """A page of one bucket."""
    return {"object": "page", "data": [{"object": "bucket", **bucket, "results": list(results)}], "has_more": more}


def used(**changed: Any) -> dict[str, Any]:
    """A result of OpenAI: GPT-5, 5,000 tokens in of which 4,000 cached, 1,000 out."""
    return {
        "object": "organization.usage.completions.result",
        "input_tokens": 5_000,
        "input_cached_tokens": 4_000,
        "output_tokens": 1_000,
        "num_model_requests": 7,
        "model": "gpt-5-2025-08-07",
        "batch": False,
        "service_tier": None,
    } | changed


def row(**changed: Any) -> dict[str, Any]:
    """A row of Anthropic: Haiku 4.5, 1,000 in, 5,000 read, 200 written for 5 minutes and 100 for an hour, 300 out."""
    return {
        "uncached_input_tokens": 1_000,
        "cache_read_input_tokens": 5_000,
        "cache_creation": {"ephemeral_5m_input_tokens": 200, "ephemeral_1h_input_tokens": 100},
        "output_tokens": 300,
        "server_tool_use": {"web_search_requests": 0},
        "model": "claude-haiku-4-5-20251001",
        "service_tier": "standard",
        "context_window": "0-200k",
        "inference_geo": "not_available",
    } | changed


OPENAI: dict[str, Any] = {"start_time": 1_793_577_600, "end_time": 1_793_664_000}
ANTHROPIC: dict[str, Any] = {"starting_at": "2026-11-02T00:00:00Z", "ending_at": "2026-11-03T00:00:00Z"}


@pytest.mark.parametrize("indent", [None, 1], ids=["on one line", "on many"])
def test_openai_counts_cached_tokens_inside_the_input(catalog: Snapshot, indent: int | None) -> None:
    """1,000 * 1.25 + 4,000 * 0.125 + 1,000 * 10 = 11,750 millionths; as a batch half of it."""
    body = json.dumps(page(used(), used(batch=True), **OPENAI), indent=indent).encode()
    answer = answered(body, catalog)
    assert (answer["read_as"], answer["priced_usd"]) == ("openai-usage", Decimal("0.017625"))
    assert answer["calls"] == 14


def test_pages_follow_one_another_and_one_that_is_not_the_last_is_said(catalog: Snapshot) -> None:
    answer = answered(ndjson(page(used(), **OPENAI), page(used(), more=True, **OPENAI)), catalog)
    assert (answer["priced_usd"], "report-cut" in codes(answer)) == (Decimal("0.0235"), True)


def test_a_result_at_fault_is_told_by_its_pointer_and_costs_no_other(catalog: Snapshot) -> None:
    faults = (used(input_cached_tokens=6_000), used(model=None), used(output_tokens=-1))
    answer = answered(json.dumps(page(used(), *faults, **OPENAI)).encode(), catalog)
    pointers = [fault.errors[0]["pointer"] for fault in answer["malformed_lines"]]
    at = "/data/0/results"
    assert pointers == [f"{at}/1/input_cached_tokens", f"{at}/2/model", f"{at}/3/output_tokens"]
    assert answer["priced_usd"] == Decimal("0.01175")


def test_anthropic_counts_what_the_cache_did_beside_the_input(catalog: Snapshot) -> None:
    """1,000 + 5,000 * 0.1 + 200 * 1.25 + 100 * 2 + 300 * 5 = 3,450 millionths."""
    answer = answered(json.dumps(page(row(), **ANTHROPIC), indent=1).encode(), catalog)
    assert (answer["read_as"], answer["priced_usd"]) == ("anthropic-usage", Decimal("0.00345"))
    assert (answer["calls"], "requests-together" in codes(answer)) == (0, True)


@pytest.mark.parametrize(
    ("window", "usd"),
    [
        pytest.param("0-200k", Decimal("1.5"), id="short prompts: 3 a million"),
        pytest.param("200k-1M", Decimal("3"), id="long prompts: 6 a million"),
        pytest.param(None, Decimal("1.5"), id="not grouped: the base tier, and said"),
    ],
)
def test_the_tier_of_a_sum_is_what_its_context_window_says(catalog: Snapshot, window: str | None, usd: Decimal) -> None:
    """Claude Sonnet 4.5, half a million tokens in all: 3 and 6 dollars a million below and above 200,000."""
    summed = row(
        model="claude-sonnet-4-5-20250929",
        context_window=window,
        uncached_input_tokens=500_000,
        cache_read_input_tokens=0,
        cache_creation={},
        output_tokens=0,
    )
    answer = answered(json.dumps(page(summed, **ANTHROPIC)).encode(), catalog)
    told = [warning.detail for warning in answer["warnings"] if "base tier" in warning.detail]
    assert (answer["priced_usd"], len(told)) == (usd, int(window is None))


def test_the_cost_report_is_in_cents_and_agrees_with_the_usage(catalog: Snapshot) -> None:
    cost = {"amount": "0.345", "currency": "USD", "cost_type": "tokens", "model": "claude-haiku-4-5-20251001"}
    answer = answered(json.dumps(page(cost, **ANTHROPIC)).encode(), catalog)
    assert (answer["read_as"], answer["billed_usd"]) == ("anthropic-cost", Decimal("0.00345"))
    assert (answer["priced_usd"], answer["cost_usd"]) == (0, None)


def test_a_tier_that_the_catalogue_does_not_price_is_unknown_and_not_nothing(catalog: Snapshot) -> None:
    answer = answered(json.dumps(page(row(service_tier="priority"), **ANTHROPIC)).encode(), catalog)
    assert (answer["cost_usd"], [fault.line for fault in answer["unpriced_lines"]]) == (None, [1])
