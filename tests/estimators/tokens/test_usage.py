"""What one request used: disjoint counts, and the facts that a price may depend on."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from mlquote.estimators.tokens.usage import COUNTED, DATED, FACTS, PROMPT, Usage


def test_counts_are_those_given_and_not_zero_in_the_order_of_the_fields() -> None:
    usage = Usage(output_tokens=3, input_tokens=2, cache_read_tokens=0, seconds=Decimal("1.5"), image_size="2K")
    assert list(usage.counts().items()) == [("input_tokens", 2), ("output_tokens", 3), ("seconds", Decimal("1.5"))]


def test_what_is_given_holds_zeros_and_facts_too() -> None:
    usage = Usage(cache_read_tokens=0, image_size="2K")
    assert usage.given() == {"cache_read_tokens": 0, "image_size": "2K"} == usage.model_dump(exclude_none=True)


@pytest.mark.parametrize(
    ("usage", "says"),
    [
        pytest.param(Usage(), False, id="nothing"),
        pytest.param(Usage(image_size="2K"), False, id="a fact is no count"),
        pytest.param(Usage(images=0), True, id="zero is one"),
    ],
)
def test_a_usage_says_something_where_it_counts(usage: Usage, says: bool) -> None:
    assert usage.says_something is says


def test_facts_have_the_names_of_a_prices_variant() -> None:
    usage = Usage(image_size="1024x1024", image_quality="low", search_context="high", resolution="720p")
    assert usage.facts() == {"size": "1024x1024", "quality": "low", "search_context": "high", "resolution": "720p"}


def test_reasoning_is_a_part_of_the_output() -> None:
    assert Usage(output_tokens=5, reasoning_tokens=5).counts()["reasoning_tokens"] == 5
    with pytest.raises(ValidationError, match="cannot exceed it"):
        Usage(output_tokens=5, reasoning_tokens=6)


def test_every_field_is_a_count_or_a_fact_and_the_prompt_is_counts() -> None:
    assert set(COUNTED) | FACTS.keys() == Usage.model_fields.keys()
    assert set(COUNTED) > PROMPT


@pytest.mark.parametrize(
    ("name", "undated"),
    [
        ("gpt-4o-2024-08-06", "gpt-4o"),
        ("claude-opus-4-5-20251101", "claude-opus-4-5"),
        ("claude-opus-4-5@20251101", "claude-opus-4-5"),
        ("claude-opus-5@default", "claude-opus-5"),
        ("llama:latest", "llama"),
        ("gpt-4o", "gpt-4o"),
    ],
)
def test_a_date_at_the_end_names_a_snapshot(name: str, undated: str) -> None:
    assert DATED.sub("", name) == undated
