"""What holds for every dialect: no token is lost or counted twice, and every one declares its rules."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlquote.estimators.tokens.dialects import DIALECTS, read_response
from mlquote.estimators.tokens.dialects.reading import MOST_COUNT
from mlquote.kit.errors import QuoteError
from tests.estimators.tokens.test_usage_objects import CASES

small = st.integers(0, 10**6)


@given(text=small, cached=small, written=small, audio=small, reasoning=small, said=small, spoken=small)
def test_no_token_of_a_chat_is_lost_or_counted_twice(
    text: int, cached: int, written: int, audio: int, reasoning: int, said: int, spoken: int
) -> None:
    prompt, completion = text + cached + written + audio, reasoning + said + spoken
    details = {"cached_tokens": cached, "cache_write_tokens": written, "audio_tokens": audio}
    usage = {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": details,
        "completion_tokens_details": {"reasoning_tokens": reasoning, "audio_tokens": spoken},
    }
    counts = dict(read_response("openai", {"usage": usage, "object": "chat.completion"}).counts)
    counts.pop("reasoning_tokens", None)
    assert sum(counts.values()) == prompt + completion
    assert min(counts.values()) >= 0


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_no_value_of_a_count_makes_anything_but_a_refusal_or_a_reading(value: Any) -> None:
    for provider, body in (
        ("openai", {"usage": {"prompt_tokens": value, "completion_tokens": 1}}),
        ("anthropic", {"usage": {"input_tokens": 1, "output_tokens": 1, "cache_read_input_tokens": value}}),
        ("google", {"usageMetadata": {"promptTokenCount": 1, "thoughtsTokenCount": value}}),
        ("aws-bedrock", {"usage": {"inputTokens": 1, "outputTokens": value}}),
        ("cohere", {"usage": {"billed_units": {"input_tokens": value}}}),
        ("mistral", {"usage_info": {"pages_processed": value}}),
    ):
        try:
            counts = read_response(provider, body).counts
        except QuoteError as refusal:
            assert refusal.faults[0].pointer.startswith("/provider_response")
        else:
            assert all(type(n) is int and 0 <= n <= 2 * MOST_COUNT for n in counts.values())


@pytest.mark.parametrize("provider", [*DIALECTS, "together", "fireworks", "somebody-else"])
@pytest.mark.parametrize("body", [{}, {"usage": None}, {"usage": {}}, {"usage": []}, {"error": {"message": "x"}}])
def test_a_body_without_counts_is_refused_by_every_dialect(provider: str, body: dict[str, Any]) -> None:
    with pytest.raises(QuoteError) as refusal:
        read_response(provider, body)
    assert refusal.value.faults[0].pointer.startswith("/provider_response")


ODD: st.SearchStrategy[Any] = st.sampled_from([None, -1, 1.5, "x", "", [], {}, True, 10**20, 1e308, [{}], {"a": 1}])


@given(st.sampled_from(CASES), st.randoms(use_true_random=False), ODD)
def test_no_odd_value_anywhere_in_a_response_is_more_than_refused(case: Any, dice: Any, odd: Any) -> None:
    """One member of a worked response, at any depth, is replaced by something that does not belong there."""
    body = json.loads(json.dumps(case["response"]))
    where = body
    while isinstance(where, dict | list) and where:
        key = dice.choice(list(where) if isinstance(where, dict) else range(len(where)))
        if not isinstance(where[key], dict | list) or not where[key] or dice.random() < 0.3:
            where[key] = odd
            break
        where = where[key]
    try:
        counts = read_response(case["provider"], body, api=case.get("api"), request=case.get("request")).counts
    except QuoteError as refusal:
        assert refusal.faults[0].pointer
    else:
        assert all(type(n) is int and n >= 0 for n in counts.values())


@pytest.mark.parametrize(
    ("provider", "usage", "counts"),
    [
        ("openai", {"prompt_tokens": 3, "completion_tokens": 4}, {"input_tokens": 3, "output_tokens": 4}),
        ("anthropic", {"input_tokens": 3, "output_tokens": 4}, {"input_tokens": 3, "output_tokens": 4}),
        ("google", {"promptTokenCount": 3, "candidatesTokenCount": 4}, {"input_tokens": 3, "output_tokens": 4}),
        ("aws-bedrock", {"inputTokens": 3, "outputTokens": 4}, {"input_tokens": 3, "output_tokens": 4}),
        ("mistral", {"pages_processed": 3}, {"pages": 3}),
    ],
)
def test_a_usage_object_by_itself_is_read_like_the_response_it_came_from(
    provider: str, usage: dict[str, int], counts: dict[str, int]
) -> None:
    reading = read_response(provider, usage, model="m")
    assert (reading.model, reading.counts) == ("m", counts)


def test_a_flat_record_keeps_its_model() -> None:
    assert read_response("openai", {"model": "gpt-5", "prompt_tokens": 3, "completion_tokens": 4}).model == "gpt-5"


def test_a_complaint_about_a_bare_usage_object_points_into_it() -> None:
    with pytest.raises(QuoteError) as refusal:
        read_response("openai", {"prompt_tokens": -3, "completion_tokens": 4})
    assert refusal.value.faults[0].pointer == "/provider_response/prompt_tokens"


def test_every_reading_declares_which_counts_hold_which() -> None:
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    rules = read_response("openai", {"usage": usage}).rules
    assert (rules.cached, rules.reasoning) == ("inside usage.prompt_tokens", "inside usage.completion_tokens")
    assert rules.source_url.startswith("https://")
