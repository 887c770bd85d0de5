"""The facts of an API question: resolved once, and each with its words."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.facts import CallFacts, facts_of
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.kit.errors import Malformed

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)


def facts(catalog: Snapshot, when: datetime = NOW, **question: Any) -> CallFacts:
    """The facts of a question about a thousand tokens."""
    said = question if "provider_response" in question else {"usage": {"input_tokens": 1000}} | question
    return facts_of(ApiUsage.model_validate(said), catalog, when, now=NOW)


def test_names_are_the_catalogues(catalog: Snapshot) -> None:
    found = facts(catalog, provider="Bedrock", model="us.anthropic.claude-sonnet-4-6", region="N. Virginia")
    assert found.provider == "aws-bedrock"
    assert found.card.value is not None
    assert found.card.value.model == "regional.anthropic.claude-sonnet-4-6-v1:0"
    assert found.place.value == "us-east-1"


def test_what_is_assumed_of_a_name_stands_with_it(catalog: Snapshot) -> None:
    found = facts(catalog, provider="openai", model="ft:gpt-4o-mini:acme::abc")
    assert [(told.name, told.value) for told in found.card.assumptions] == [("model", "ft:gpt-4o-mini")]


def test_what_is_assumed_of_a_place_stands_with_it(catalog: Snapshot) -> None:
    found = facts(catalog, provider="google-vertex", model="claude-sonnet-4-6", region="us-east5")
    assert [(told.name, told.value) for told in found.place.assumptions] == [("region", "regional")]
    assert found.rates is not None
    assert found.rates.region == "regional"


def test_a_model_at_its_end_is_told_with_its_row(catalog: Snapshot) -> None:
    """claude-mythos-preview: not served from 2026-06-09 on."""
    found = facts(catalog, datetime(2026, 6, 9, tzinfo=UTC), provider="anthropic", model="claude-mythos-preview")
    assert found.lifecycle.value is not None
    assert found.lifecycle.value.retired_on == date(2026, 6, 9)
    assert [row.table for row in found.lifecycle.rows] == ["model_lifecycles"]


def test_a_charge_of_a_seller_without_prices_has_no_card(catalog: Snapshot) -> None:
    body = {"model": "someone/something", "usage": {"prompt_tokens": 10, "completion_tokens": 5, "cost": 0.0001}}
    found = facts(catalog, provider="openrouter", provider_response=body, model="other")
    assert (found.card.value, found.rates, found.provider) == (None, None, "openrouter")
    assert [warning.detail.partition(":")[0] for warning in found.heard.warnings] == ["model"]


def test_a_moment_to_come_is_said(catalog: Snapshot) -> None:
    later = datetime(2027, 1, 1, tzinfo=UTC)
    heard = facts(catalog, later, provider="openai", model="gpt-5").heard
    assert [warning.code for warning in heard.warnings] == ["as-of-in-future"]


@pytest.mark.parametrize(
    ("question", "pointer"),
    [
        pytest.param({"usage": None}, "/usage", id="nothing says what was used"),
        pytest.param({"usage": {}}, "/usage", id="a usage that counts nothing"),
        pytest.param({"provider_response": {}}, "/provider_response", id="two ways at once"),
        pytest.param({"rate_card": "acme"}, "/rate_card", id="a card that nobody found"),
    ],
)
def test_a_question_that_cannot_be_looked_up_names_its_field(
    catalog: Snapshot, question: dict[str, Any], pointer: str
) -> None:
    said = {"provider": "openai", "model": "gpt-5", "usage": {"input_tokens": 1}} | question
    with pytest.raises(Malformed) as caught:
        facts_of(ApiUsage.model_validate(said), catalog, NOW, now=NOW)
    assert caught.value.faults[0].pointer == pointer
