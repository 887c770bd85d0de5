"""Negotiated rates over public ones: which rule decides, what it makes of a line, and both bills side by side."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.charges import Cost, cost_of
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.estimators.tokens.rate_cards import (
    CardLine,
    LaidCard,
    NamedCard,
    RateCard,
    Scope,
    compared,
    lay_over,
)
from mlquote.estimators.tokens.token_models import price_list
from mlquote.kit.errors import OutOfDomain

MOMENT = datetime(2026, 11, 10, 12, tzinfo=UTC)
COUNTS = {"input_tokens": 1000, "cache_read_tokens": 50_000, "output_tokens": 200, "web_searches": 2}


def card(*rules: dict[str, Any]) -> RateCard:
    """A card of these rules."""
    return RateCard.model_validate({"rules": rules})


def over(rules: RateCard) -> LaidCard:
    """The card over a bill of Opus 4.7, standard processing, on 2026-11-10."""
    scope = Scope(frozenset({"anthropic"}), frozenset({"claude-opus-4-7"}), "standard", MOMENT)
    return LaidCard(NamedCard("acme@3", rules), scope)


@pytest.fixture
def public(catalog: Snapshot) -> Cost:
    """Opus 4.7 at 5 / 0.5 / 25 per million, searches at 10 a thousand: 0.005 + 0.025 + 0.005 + 0.02 = 0.055."""
    named = catalog.derived(price_list).find("anthropic", "claude-opus-4-7", MOMENT)
    cost = cost_of(COUNTS, named.card.ladder(MOMENT))
    assert cost.usd == Decimal("0.055")
    return cost


def test_a_multiplier_on_everything_scales_the_whole_bill(public: Cost) -> None:
    """0.055 * 0.88 = 0.0484."""
    laid, changes = lay_over(public, over(card({"multiplier": 0.88})))
    assert (laid.usd, len(changes)) == (Decimal("0.0484"), 4)


def test_a_multiplier_above_one_is_a_surcharge(public: Cost) -> None:
    """0.055 * 1.05 = 0.05775."""
    laid, _ = lay_over(public, over(card({"multiplier": "1.05"})))
    assert laid.usd == Decimal("0.05775")


def test_a_discount_is_the_multiplier_it_leaves(public: Cost) -> None:
    by_discount, _ = lay_over(public, over(card({"discount_fraction": "0.12"})))
    by_multiplier, _ = lay_over(public, over(card({"multiplier": "0.88"})))
    assert by_discount.usd == by_multiplier.usd


def test_the_first_matching_rule_decides_a_line_and_the_rest_do_not(public: Cost) -> None:
    """Input at 4 per million: 0.004; the other lines at 90 %: (0.025 + 0.005 + 0.02) * 0.9 = 0.045."""
    rules = card({"meter": "input_tokens", "usd_per_unit": 4}, {"multiplier": "0.9"})
    laid, changes = lay_over(public, over(rules))
    assert laid.usd == Decimal("0.049")
    assert changes[0] == CardLine(
        "input_tokens", Decimal(5), Decimal(4), Decimal("0.005"), Decimal("0.004"), rule=0, note=""
    )
    assert [change.rule for change in changes] == [0, 1, 1, 1]


@pytest.mark.parametrize(
    "rule",
    [
        {"provider": "openai", "multiplier": 0.5},
        {"model": "claude-sonnet-*", "multiplier": 0.5},
        {"processing": "batch", "multiplier": 0.5},
        {"meter": "audio_*", "multiplier": 0.5},
        {"effective_to": "2026-11-10T12:00:00Z", "multiplier": 0.5},
        {"effective_from": "2026-11-10T12:00:01Z", "multiplier": 0.5},
    ],
)
def test_a_rule_that_does_not_match_or_hold_leaves_the_public_price(public: Cost, rule: dict[str, Any]) -> None:
    laid, changes = lay_over(public, over(card(rule)))
    assert (laid.usd, changes) == (public.usd, ())


@pytest.mark.parametrize(
    "rule",
    [
        {"provider": "Anthropic", "model": "claude-OPUS-*", "processing": "standard", "multiplier": 0.5},
        {"effective_from": "2026-11-10T12:00:00Z", "multiplier": 0.5},
        {"effective_from": "2026-11-01", "effective_to": "2026-12-01", "multiplier": 0.5},
    ],
)
def test_names_match_in_any_case_and_intervals_are_half_open(public: Cost, rule: dict[str, Any]) -> None:
    assert lay_over(public, over(card(rule)))[0].usd == Decimal("0.0275")


def test_a_price_may_fill_a_gap_in_the_public_list(catalog: Snapshot) -> None:
    """5 images at 0.03: nobody lists images of Opus, the card does."""
    named = catalog.derived(price_list).find("anthropic", "claude-opus-4-7", MOMENT)
    gap = cost_of({"images": 5}, named.card.ladder(MOMENT))
    assert gap.usd is None
    laid, _ = lay_over(gap, over(card({"meter": "images", "usd_per_unit": "0.03", "unit": "per_image"})))
    assert laid.usd == Decimal("0.15")
    assert compared(NamedCard("acme@1", card({"multiplier": 1})), gap, laid, ()).difference_usd is None


def test_a_multiplier_cannot_fill_a_gap(catalog: Snapshot) -> None:
    named = catalog.derived(price_list).find("anthropic", "claude-opus-4-7", MOMENT)
    laid, _ = lay_over(cost_of({"images": 5}, named.card.ladder(MOMENT)), over(card({"multiplier": 0.5})))
    assert laid.usd is None


def test_a_price_in_another_unit_than_the_public_one_is_refused(public: Cost) -> None:
    with pytest.raises(OutOfDomain) as refusal:
        lay_over(public, over(card({"meter": "input_tokens", "usd_per_unit": 4, "unit": "per_image"})))
    assert refusal.value.code == "rate-card-unit"


def test_both_bills_are_shown_with_their_difference(public: Cost) -> None:
    rules = card({"multiplier": "0.88"})
    laid, changes = lay_over(public, over(rules))
    both = compared(NamedCard("acme@3", rules), public, laid, changes)
    assert (both.list_usd, both.usd, both.difference_usd) == (Decimal("0.055"), Decimal("0.0484"), Decimal("-0.0066"))
    assert (both.name, both.digest) == ("acme@3", rules.digest())


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"multiplier": 0.5, "usd_per_unit": 1},
        {"multiplier": -1},
        {"multiplier": 101},
        {"discount_fraction": 1.5},
        {"meter": "input_token", "multiplier": 1},
        {"unit": "per_image", "multiplier": 1},
        {"unit": "per_mile", "usd_per_unit": 1},
        {"multiplier": 1, "effective_from": "2026-02-01", "effective_to": "2026-02-01"},
        {"multiplier": 1, "modle": "x"},
    ],
)
def test_a_rule_that_says_nothing_or_two_things_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        card(rule)


@pytest.mark.parametrize(
    ("rule", "provider", "model", "region"),
    [
        pytest.param({"provider": "bedrock"}, "bedrock", "amazon.nova-pro-v1:0", None, id="a seller's alias"),
        pytest.param({"provider": "bedrock"}, "aws-bedrock", "amazon.nova-pro-v1:0", None, id="and its id asked"),
        pytest.param({"provider": "AWS Bedrock"}, "bedrock", "amazon.nova-pro-v1:0", None, id="another spelling"),
        pytest.param({"provider": "azure"}, "azure-openai", "gpt-4o", None, id="azure"),
        pytest.param({"provider": "vertex_ai"}, "google-vertex", "claude-opus-4-7", None, id="vertex"),
        pytest.param(
            {"model": "us.anthropic.claude-*"}, "bedrock", "us.anthropic.claude-sonnet-4-6", None, id="a profile"
        ),
        pytest.param(
            {"model": "us.anthropic.claude-*"}, "bedrock", "anthropic.claude-sonnet-4-6", "us-east-1", id="its region"
        ),
        pytest.param({"model": "regional.*"}, "bedrock", "us.anthropic.claude-sonnet-4-6", None, id="the catalogue's"),
        pytest.param(
            {"model": "anthropic.claude-sonnet-4-6"}, "bedrock", "us.anthropic.claude-sonnet-4-6", None, id="bare"
        ),
        pytest.param(
            {"model": "claude-sonnet-4-20250514"}, "anthropic", "claude-sonnet-4-0", None, id="a dated id of the alias"
        ),
        pytest.param(
            {"model": "claude-sonnet-4-0"}, "anthropic", "claude-sonnet-4-20250514", None, id="the alias of a dated id"
        ),
        pytest.param({"model": "Claude Sonnet 4.6"}, "anthropic", "claude-sonnet-4-6", None, id="spaces and dots"),
    ],
)
def test_a_rule_is_about_the_same_names_as_the_question(
    catalog: Snapshot, rule: dict[str, Any], provider: str, model: str, region: str | None
) -> None:
    asked = {"provider": provider, "model": model, "region": region, "usage": {"input_tokens": 1000}, "rate_card": "a"}
    laid = NamedCard("a@1", card(rule | {"discount_fraction": "0.1"}))
    both = inference_estimate(ApiUsage.model_validate(asked), catalog, MOMENT, laid).result.rate_card
    assert both.usd == both.list_usd * Decimal("0.9")


@pytest.mark.parametrize(
    ("rule", "model"),
    [
        pytest.param({"model": "us.anthropic.claude-*"}, "eu.anthropic.claude-sonnet-4-6", id="another geography"),
        pytest.param({"provider": "google"}, "us.anthropic.claude-sonnet-4-6", id="another seller"),
    ],
)
def test_a_rule_about_something_else_is_named_as_unused(catalog: Snapshot, rule: dict[str, Any], model: str) -> None:
    asked = {"provider": "bedrock", "model": model, "usage": {"input_tokens": 1000}, "rate_card": "a"}
    laid = NamedCard("a@1", card(rule | {"discount_fraction": "0.1"}))
    answer = inference_estimate(ApiUsage.model_validate(asked), catalog, MOMENT, laid)
    assert answer.result.rate_card.difference_usd == 0
    assert [w.detail.partition(":")[0] for w in answer.warnings if w.code == "field-not-used"] == ["rate_card"]


def test_a_digest_names_the_rules_and_not_their_spelling() -> None:
    assert card({"multiplier": 0.5}).digest() == card({"multiplier": "0.5", "provider": "*"}).digest()
    assert card({"multiplier": 0.5}).digest() != card({"multiplier": 0.6}).digest()


def _rule(fields: dict[str, Any]) -> Any:
    return RateCard.model_validate({"rules": [fields]}).rules[0]


def test_rates_may_be_written_as_people_write_numbers() -> None:
    assert _rule({"usd_per_unit": "$2.50"}).usd_per_unit == Decimal("2.50")
    assert _rule({"multiplier": "88%"}).multiplier == Decimal("0.88")
    assert _rule({"discount_fraction": "12%"}).factor == Decimal("0.88")
    assert _rule({"discount_fraction": -0.05}).factor == Decimal("1.05")
