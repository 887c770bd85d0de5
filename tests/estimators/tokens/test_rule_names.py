"""A rate card in the organisation's own spellings: what its rules mean, and which are refused."""

from datetime import UTC, datetime
from time import process_time
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.inference import inference_estimate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.estimators.tokens.rate_cards import NamedCard, RateCard
from mlquote.estimators.tokens.rule_names import check_rules
from mlquote.estimators.tokens.token_models import price_list
from mlquote.kit.errors import Malformed

MOMENT = datetime(2026, 11, 10, 12, tzinfo=UTC)
HAIKU = "us.anthropic.claude-haiku-4-5-20251001-v1:0"


def card(*rules: dict[str, Any]) -> RateCard:
    """A card of these rules, each a tenth off."""
    return RateCard.model_validate({"rules": [{"discount_fraction": "0.1"} | rule for rule in rules]})


@pytest.mark.parametrize(
    ("rule", "provider", "model"),
    [
        ({"provider": "bedrock"}, "bedrock", HAIKU),
        ({"provider": "aws-bedrock", "model": "us.anthropic.claude-*"}, "bedrock", HAIKU),
        ({"model": "bedrock/us.anthropic.claude-*"}, "bedrock", HAIKU),
        ({"model": f"bedrock/{HAIKU}"}, "bedrock", HAIKU),
        ({"model": f"arn:aws:bedrock:us-east-1:1234:inference-profile/{HAIKU}"}, "bedrock", HAIKU),
        ({"model": HAIKU}, "bedrock", f"arn:aws:bedrock:us-east-1:1234:inference-profile/{HAIKU}"),
        ({"provider": "azure", "model": "gpt-4o"}, "azure", "azure/gpt-4o"),
        ({"provider": "vertex_ai", "model": "claude-haiku-4.5"}, "google-vertex", "claude-haiku-4-5@20251001"),
        ({"provider": "anthropic", "model": "claude-sonnet-4-20250514"}, "anthropic", "claude-sonnet-4-0"),
        ({"model": "claude-sonnet-4-0"}, "anthropic", "claude-sonnet-4-20250514"),
        ({"provider": "openrouter"}, "openrouter", "anthropic/claude-sonnet-4.5"),
    ],
)
def test_a_rule_means_what_the_same_words_mean_in_a_question(
    catalog: Snapshot, rule: dict[str, Any], provider: str, model: str
) -> None:
    rules = card(rule)
    check_rules(rules, catalog.derived(price_list), MOMENT)
    asked = {"provider": provider, "model": model, "usage": {"input_tokens": 1_000_000}}
    public = inference_estimate(ApiUsage.model_validate(asked), catalog, MOMENT)
    named = ApiUsage.model_validate(asked | {"rate_card": "a"})
    laid = inference_estimate(named, catalog, MOMENT, NamedCard("a@1", rules))
    assert laid.result.cost_usd * 10 == public.result.cost_usd * 9


def test_a_rule_of_one_geography_is_not_about_another(catalog: Snapshot) -> None:
    asked = {
        "provider": "bedrock",
        "model": HAIKU.replace("us.", "eu."),
        "usage": {"input_tokens": 1},
        "rate_card": "a",
    }
    answer = inference_estimate(
        ApiUsage.model_validate(asked), catalog, MOMENT, NamedCard("a@1", card({"model": f"bedrock/{HAIKU}"}))
    )
    assert answer.result.rate_card.difference_usd == 0


@pytest.mark.parametrize(
    ("rule", "field", "hint"),
    [
        ({"provider": "bedrok"}, "provider", "aws-bedrock"),
        ({"model": "claude-opus-4-77"}, "model", "claude-opus-4-7"),
        ({"provider": "openai", "model": "claude-*"}, "model", ""),
        ({"model": "claude-haiku-4.5-*x"}, "model", "claude-haiku-4.5"),
        ({"provider": "anthropic", "processing": "bacth"}, "processing", "batch"),
    ],
)
def test_a_rule_that_matches_nothing_is_refused_with_what_it_would_match(
    catalog: Snapshot, rule: dict[str, Any], field: str, hint: str
) -> None:
    with pytest.raises(Malformed) as caught:
        check_rules(card({}, rule), catalog.derived(price_list), MOMENT)
    (fault,) = caught.value.faults
    assert (caught.value.code, fault.pointer) == ("rule-matches-nothing", f"/rules/1/{field}")
    assert hint in fault.hint


def test_of_a_thousand_wrong_rules_the_first_twenty_are_told(catalog: Snapshot) -> None:
    """Each takes a hundredth of a second: a thousand names one after another held the service up for minutes."""
    wrong = card(*({"model": f"no-such-model-{number}"} for number in range(1000)))
    with pytest.raises(Malformed, match="20 or more of the card's rules") as refused:
        check_rules(wrong, catalog.derived(price_list), MOMENT)
    pointers = [fault.pointer for fault in refused.value.faults]
    assert pointers == [f"/rules/{number}/model" for number in range(20)]


def test_a_thousand_patterns_are_checked_in_a_moment(catalog: Snapshot) -> None:
    patterns = card(*({"model": f"claude-{'?' * (number % 5)}*", "note": str(number)} for number in range(1000)))
    began = process_time()
    check_rules(patterns, catalog.derived(price_list), MOMENT)
    assert process_time() - began < 10  # a minute and a half, when each rule was held against each name
