"""The bill of like requests: dollars, lines, ranges, tiers."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.bill import InferenceCost, Terms, bill, context_tier, reported_bill, together
from mlquote.estimators.tokens.charges import Cost, cost_of, uncached
from mlquote.estimators.tokens.price_list import Card
from mlquote.estimators.tokens.token_models import price_list

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def opus(catalog: Snapshot) -> Card:
    """5 in, 25 out, 0.5 from the cache, per million."""
    return catalog.derived(price_list).find("anthropic", "claude-opus-4-7", NOW).card


def billed(card: Card, counts: dict[str, int], terms: Terms) -> InferenceCost:
    ladder = card.ladder(NOW)
    return bill(counts, ladder, cost_of(counts, ladder), cost_of(uncached(counts), ladder), terms)


def test_requests_and_a_discount_multiply_the_cost_of_one(opus: Card) -> None:
    """(1000 * 5 + 200 * 25) / 1e6 = 0.01; 30 of them at 80 %: 0.24."""
    result = billed(opus, {"input_tokens": 1000, "output_tokens": 200}, Terms(30, Decimal("0.2")))
    assert (result.cost_usd, result.cost_per_request_usd) == (Decimal("0.24"), Decimal("0.008"))
    assert (result.list_cost_usd, result.savings_usd) == (Decimal("0.3"), Decimal("0.06"))
    assert [(line.meter, line.usd) for line in result.cost_lines] == [
        ("input_tokens", Decimal("0.15")),
        ("output_tokens", Decimal("0.15")),
        ("negotiated_discount", Decimal("-0.06")),
    ]


def test_the_list_price_knows_no_cache(opus: Card) -> None:
    """Read from the cache 1000 * 0.5 / 1e6, uncached 1000 * 5 / 1e6."""
    result = billed(opus, {"cache_read_tokens": 1000}, Terms())
    assert (result.cost_usd, result.list_cost_usd) == (Decimal("0.0005"), Decimal("0.005"))


def test_blended_is_the_whole_bill_over_all_tokens(opus: Card) -> None:
    """0.01 dollars over 1200 tokens: 8.333... per million."""
    prices = billed(opus, {"input_tokens": 1000, "output_tokens": 200}, Terms()).usd_per_mtok
    assert (prices.input, prices.output, prices.blended) == (Decimal(5), Decimal(25), Decimal("8.333333333333"))


def test_a_meter_without_a_price_leaves_the_bill_unknown_and_its_line_null(opus: Card) -> None:
    result = billed(opus, {"input_tokens": 1000, "images": 2}, Terms(3))
    assert (result.cost_usd, result.savings_usd) == (None, None)
    line = result.cost_lines[1]
    assert (line.meter, line.quantity, line.usd, line.row) == ("images", 6, None, None)


@pytest.mark.parametrize(
    ("prompt", "from_tokens", "over", "left"),
    [
        pytest.param(1000, 0, None, 199_000, id="199,000 fit below the tier that begins above 200,000"),
        pytest.param(200_000, 0, None, 0, id="the last one of the base"),
        pytest.param(200_001, 200_001, 1, None, id="one token over"),
    ],
)
def test_a_tier_is_told_to_the_token(
    catalog: Snapshot, prompt: int, from_tokens: int, over: int | None, left: int | None
) -> None:
    card = catalog.derived(price_list).find("google", "gemini-3.1-pro-preview", NOW).card
    ladder = card.ladder(NOW)
    cost: Cost = cost_of({"input_tokens": prompt}, ladder)
    tier = context_tier(prompt, ladder, cost.sheet)
    assert (tier.from_tokens, tier.tokens_over, tier.tokens_left) == (from_tokens, over, left)


def test_a_reported_charge_is_the_cost_where_nothing_else_is_known() -> None:
    """3 * 0.0001."""
    result = reported_bill(Decimal("0.0001"), Terms(3))
    assert (result.cost_usd, result.reported_usd, result.cost_lines) == (Decimal("0.0003"), Decimal("0.0003"), ())


def test_calls_of_one_response_are_billed_apart_and_added(opus: Card) -> None:
    """2 * (1000 * 5 + 200 * 25) / 1e6 = 0.02, and one line a meter where the model and the rate are the same."""
    one = billed(opus, {"input_tokens": 1000, "output_tokens": 200}, Terms())
    both = together([("claude-opus-4-7", one), ("claude-opus-4-7", one)])
    assert both.cost_usd == Decimal("0.02")
    assert [(line.meter, line.quantity) for line in both.cost_lines] == [("input_tokens", 2000), ("output_tokens", 400)]
    apart = together([("claude-opus-4-7", one), ("another", one)])
    assert (len(apart.cost_lines), apart.usd_per_mtok.blended) == (4, None)


def test_a_call_with_no_known_price_leaves_the_sum_unknown(opus: Card) -> None:
    one = billed(opus, {"input_tokens": 1000}, Terms())
    assert together([("a", one), ("b", replace(one, cost_usd=None))]).cost_usd is None
