"""Workloads: hits and misses, batch shares, price changes and peak hours inside the period, levers in dollars."""

from datetime import UTC, datetime
from decimal import Decimal
from math import exp
from typing import Any

import pytest
from pydantic import ValidationError

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.estimators.tokens.rate_cards import NamedCard, RateCard
from mlquote.estimators.tokens.workload import Workload, caching_of, hit_fraction
from mlquote.estimators.tokens.workload_bill import WorkloadCost
from mlquote.kit.errors import Malformed
from mlquote.kit.provenance import Answer

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def asked(catalog: Snapshot, provider: str, model: str, workload: dict[str, Any], **more: Any) -> Answer:
    question = {"provider": provider, "model": model, "workload": workload} | more
    return inference_estimate(ApiUsage.model_validate(question), catalog, NOW)


def bill(catalog: Snapshot, provider: str, model: str, **workload: Any) -> WorkloadCost:
    result = asked(catalog, provider, model, workload).result
    assert isinstance(result, WorkloadCost)
    return result


def test_an_uncached_month_is_requests_times_one_request(catalog: Snapshot) -> None:
    """30,000 x (2000 x 1.25 + 500 x 10) / 1e6 = 225."""
    result = bill(catalog, "openai", "gpt-5", requests_per_day=1000, input_tokens=2000, output_tokens=500)
    assert result.cost_usd == Decimal(225)
    assert result.list_cost_usd == Decimal(225)
    assert result.savings_usd == 0
    assert result.cost_per_day_usd == Decimal("7.5")


def test_a_busy_cached_half_batched_month(catalog: Snapshot) -> None:
    """At 10,000 a day every request finds the prefix: 300,000 x (2000 x 5 + 8000 x 0.5 + 500 x 25) / 1e6 = 7950,
    and the half in a batch costs half of that: 3975 + 1987.5. At list price 300,000 x (10000 x 5 + 500 x 25) / 1e6."""
    result = bill(
        catalog,
        "anthropic",
        "claude-opus-4-7",
        requests_per_day=10_000,
        input_tokens=10_000,
        output_tokens=500,
        cached_input_fraction=0.8,
        batch_fraction=0.5,
    )
    assert result.cache_hit_fraction == 1
    assert result.cost_usd == Decimal("5962.5")
    assert result.list_cost_usd == Decimal(18750)
    assert result.savings_usd == Decimal("12787.5")


def test_the_hit_rate_is_that_of_random_arrivals() -> None:
    """288 a day are one in 300 s: 1 - 1/e in five minutes, 1 - e^-12 in an hour."""
    assert hit_fraction(Decimal(288), "5m") == Decimal(str(round(1 - exp(-1), 6)))
    assert hit_fraction(Decimal(288), "1h") == Decimal(str(round(1 - exp(-12), 6)))


def test_misses_write_the_prefix(catalog: Snapshot) -> None:
    """Half of 30,000 find 8000 tokens: 15,000 x (2000x5 + 8000x0.5)/1e6 + 15,000 x (2000x5 + 8000x6.25)/1e6 = 1110."""
    result = bill(
        catalog,
        "anthropic",
        "claude-opus-4-7",
        requests_per_day=1000,
        input_tokens=10_000,
        shared_prefix_tokens=8000,
        cache_hit_fraction=0.5,
    )
    assert result.cost_usd == Decimal(1110)
    assert {line.meter: line.quantity for line in result.cost_lines} == {
        "input_tokens": 60_000_000,
        "cache_read_tokens": 120_000_000,
        "cache_write_5m_tokens": 120_000_000,
    }


def test_an_hour_long_cache_writes_at_its_own_rate(catalog: Snapshot) -> None:
    """As above at 10 per million written: 15,000 x 14,000e-6 + 15,000 x (10,000 + 80,000)e-6 = 210 + 1350."""
    result = bill(
        catalog,
        "anthropic",
        "claude-opus-4-7",
        requests_per_day=1000,
        input_tokens=10_000,
        shared_prefix_tokens=8000,
        cache_hit_fraction=0.5,
        cache_ttl="1h",
    )
    assert result.cost_usd == Decimal(1560)


def test_a_cached_fraction_beyond_the_hit_rate_makes_the_whole_prompt_the_prefix() -> None:
    caching = caching_of(
        Workload.model_validate({"requests_per_day": 1, "input_tokens": 100, "cached_input_fraction": "0.9"})
    )
    assert (caching.prefix_tokens, caching.hit_fraction) == (100, Decimal("0.9"))


def test_a_scheduled_change_counts_from_its_day_on(catalog: Snapshot) -> None:
    """From 2026-11-23, 39 of 60 days at 0.75, 21 at 1.5: 1000 x 1e6 tokens/day... 39 x 0.75 + 21 x 1.5 = 60.75."""
    result = bill(catalog, "google", "gemini-3.8-flash", requests_per_day=1, input_tokens=1_000_000, days=60)
    tier = result.context_tier.from_tokens
    assert tier == 0
    assert result.cost_usd == Decimal("60.75")


def test_requests_spread_over_the_day_pay_the_peak_in_its_share_of_the_hours(catalog: Snapshot) -> None:
    """28 days hold 20 working days of 7 peak hours: 140 of 672 hours. 1e6 tokens x (0.66 x 532 + 1.32 x 140) / 672."""
    result = bill(catalog, "deepseek", "deepseek-v4-pro", requests_per_day=1, input_tokens=1_000_000, days=28)
    assert result.cost_usd is not None
    assert abs(result.cost_usd - Decimal("28") * (Decimal("0.66") * 532 + Decimal("1.32") * 140) / 672) < Decimal(
        "1e-9"
    )
    assert "off_peak" in {lever.lever for lever in result.levers}


def test_leaving_the_long_context_tier_is_named_to_the_token(catalog: Snapshot) -> None:
    """201,240 tokens cost 4 a million, 200,000 cost 2: 1,240 fewer tokens save half and more."""
    result = bill(catalog, "google", "gemini-3.1-pro-preview", requests_per_day=10, input_tokens=201_240, days=1)
    lever = next(lever for lever in result.levers if lever.lever == "leave_tier")
    assert "1240 tokens" in lever.change
    assert result.cost_usd == Decimal("8.0496")  # 10 x 201,240 x 4e-6
    assert lever.cost_usd == Decimal(4)  # 10 x 200,000 x 2e-6
    assert lever.saves_usd == Decimal("4.0496")


def test_levers_are_ranked_by_dollars_and_never_cost_more(catalog: Snapshot) -> None:
    result = bill(
        catalog, "anthropic", "claude-opus-4-7", requests_per_day=100, input_tokens=10_000, shared_prefix_tokens=8000
    )
    saved = [lever.saves_usd for lever in result.levers]
    assert saved == sorted(saved, reverse=True)
    assert min(saved) > 0
    assert result.levers[0].lever == "cache_1h"


def test_a_model_without_cache_prices_is_priced_uncached_and_says_so(catalog: Snapshot) -> None:
    """Reads have no price on this model: 30,000 x 1000 x 0.5 / 1e6 = 15."""
    workload = {"requests_per_day": 1000, "input_tokens": 1000, "cached_input_fraction": 0.5}
    answer = asked(catalog, "openai", "gpt-3.5-turbo", workload)
    assert answer.result.cost_usd == Decimal(15)
    assert "no-cache-price" in {warning.code for warning in answer.warnings}


def test_a_discount_is_taken_off_the_whole_period(catalog: Snapshot) -> None:
    workload = {"requests_per_day": 1000, "input_tokens": 2000, "output_tokens": 500}
    result = asked(catalog, "openai", "gpt-5", workload, discount_fraction="0.2").result
    assert result.cost_usd == Decimal(180)
    assert result.list_cost_usd == Decimal(225)


def test_the_echoed_workload_repeats_the_answer(catalog: Snapshot) -> None:
    first = asked(catalog, "openai", "gpt-5", {"requests_per_day": 1000, "input_tokens": 2000, "cache_ttl": "1h"})
    again = inference_estimate(ApiUsage.model_validate(dict(first.question)), catalog, datetime(2028, 1, 1, tzinfo=UTC))
    assert again.result == first.result


@pytest.mark.parametrize(
    "workload",
    [
        pytest.param({"requests_per_day": 0, "input_tokens": 1}, id="no requests"),
        pytest.param({"requests_per_day": 1, "input_tokens": 1, "batch_fraction": 1.2}, id="more than all batched"),
        pytest.param({"requests_per_day": 1, "input_tokens": 1, "shared_prefix_tokens": 2}, id="prefix beyond prompt"),
        pytest.param(
            {"requests_per_day": 1, "input_tokens": 9, "shared_prefix_tokens": 2, "cached_input_fraction": 0.5},
            id="both ways to say it",
        ),
        pytest.param({"requests_per_day": 1, "input_tokens": 1, "cache_ttl": "2h"}, id="unknown lifetime"),
        pytest.param({"requests_per_day": 1, "input_tokens": 1, "days": 0}, id="no days"),
    ],
)
def test_workloads_that_mean_nothing_are_refused(workload: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ApiUsage.model_validate({"provider": "openai", "model": "gpt-5", "workload": workload})


def test_usage_beside_a_workload_is_refused(catalog: Snapshot) -> None:
    with pytest.raises(Malformed):
        asked(catalog, "openai", "gpt-5", {"requests_per_day": 1, "input_tokens": 1}, usage={"input_tokens": 1})


def test_a_rate_card_lies_over_every_request_of_the_period(catalog: Snapshot) -> None:
    """225 at public prices, 0.8 of them negotiated: 180; the list price stays public."""
    card = RateCard.model_validate({"rules": [{"provider": "openai", "multiplier": "0.8"}]})
    question = ApiUsage.model_validate(
        {
            "provider": "openai",
            "model": "gpt-5",
            "workload": {"requests_per_day": 1000, "input_tokens": 2000, "output_tokens": 500},
        }
    )
    result = inference_estimate(question, catalog, NOW, NamedCard("acme", card)).result
    assert result.cost_usd == Decimal(180)
    assert result.list_cost_usd == Decimal(225)
    assert (result.rate_card.list_usd, result.rate_card.difference_usd) == (Decimal(225), Decimal(-45))
