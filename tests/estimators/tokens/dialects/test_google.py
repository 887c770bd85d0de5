"""Google: cached tokens inside the prompt; thoughts and tool prompts beside; grounding by query or by prompt."""

from typing import Any

import pytest

from mlquote.estimators.tokens.dialects import read_response
from mlquote.kit.errors import Malformed, OutOfDomain


def answer(model: str = "gemini-2.5-flash", queries: list[str] | None = None, **usage: Any) -> dict[str, Any]:
    """A generateContent response with this usageMetadata."""
    candidate = {"groundingMetadata": {"webSearchQueries": queries}} if queries is not None else {}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": model}


def test_cached_tokens_are_inside_the_prompt() -> None:
    """20212 - 16298 = 3914 (counts of earendil-works/pi#2148)."""
    body = answer(
        promptTokenCount=20212, candidatesTokenCount=931, totalTokenCount=21143, cachedContentTokenCount=16298
    )
    assert read_response("google", body).counts == {
        "input_tokens": 3914,
        "cache_read_tokens": 16298,
        "output_tokens": 931,
    }


def test_thoughts_and_tool_prompts_stand_beside() -> None:
    """QuantumNous/new-api#2935: 151 + 18329 in, 1089 + 1120 out, 20689 in all."""
    body = answer(
        promptTokenCount=151,
        candidatesTokenCount=1089,
        totalTokenCount=20689,
        toolUsePromptTokenCount=18329,
        thoughtsTokenCount=1120,
    )
    assert read_response("google", body).counts == {
        "input_tokens": 18480,
        "output_tokens": 2209,
        "reasoning_tokens": 1120,
    }


def test_what_a_search_retrieved_is_not_charged_as_input() -> None:
    """Gemini API pricing: "Retrieved context [...] is not charged as input tokens"; other tools' prompts are."""
    usage = {"promptTokenCount": 151, "candidatesTokenCount": 1089, "toolUsePromptTokenCount": 18329}
    grounded = answer("gemini-3-flash-preview", ["a"], **usage, totalTokenCount=19569)
    reading = read_response("google", grounded)
    assert reading.counts == {"input_tokens": 151, "output_tokens": 1089, "web_searches": 1}
    assert [w.code for w in reading.warnings] == ["retrieved-tokens-not-charged"]
    fetched = answer("gemini-3-flash-preview", [], **usage, totalTokenCount=19569)
    assert read_response("google", fetched).counts["input_tokens"] == 18480


def test_a_total_that_holds_thoughts_within_the_candidates_is_believed() -> None:
    body = answer(promptTokenCount=100, candidatesTokenCount=50, thoughtsTokenCount=30, totalTokenCount=150)
    assert read_response("google", body).counts["output_tokens"] == 50


def test_a_total_that_fits_nothing_is_refused() -> None:
    with pytest.raises(OutOfDomain) as refusal:
        read_response("google", answer(promptTokenCount=100, candidatesTokenCount=50, totalTokenCount=149))
    assert refusal.value.faults[0].pointer == "/provider_response/usageMetadata/totalTokenCount"


def test_modalities_are_counted_apart_and_cached_audio_is_cached_audio() -> None:
    """Prompt 1000: 400 text of which 150 cached, 600 audio of which 50 cached."""
    body = answer(
        promptTokenCount=1000,
        cachedContentTokenCount=200,
        candidatesTokenCount=70,
        totalTokenCount=1070,
        promptTokensDetails=[{"modality": "TEXT", "tokenCount": 400}, {"modality": "AUDIO", "tokenCount": 600}],
        cacheTokensDetails=[{"modality": "TEXT", "tokenCount": 150}, {"modality": "AUDIO", "tokenCount": 50}],
        candidatesTokensDetails=[{"modality": "IMAGE", "tokenCount": 60}],
    )
    assert read_response("google", body).counts == {
        "input_tokens": 250,
        "cache_read_tokens": 150,
        "audio_cache_read_tokens": 50,
        "audio_input_tokens": 550,
        "output_tokens": 10,
        "image_output_tokens": 60,
    }


@pytest.mark.parametrize(
    ("model", "searches"), [("gemini-3-flash-preview", 2), ("gemini-4-argon", 2), ("gemini-2.5-pro", 1)]
)
def test_gemini_3_bills_distinct_queries_and_gemini_2_grounded_prompts(model: str, searches: int) -> None:
    queries = ["bitcoin price USD", "ethereum price USD", "bitcoin price USD", ""]
    body = answer(model, queries, promptTokenCount=800, candidatesTokenCount=300, totalTokenCount=1100)
    assert read_response("google", body).counts["web_searches"] == searches


def test_an_answer_that_searched_nothing_has_no_search() -> None:
    body = answer("gemini-3-flash-preview", [""], promptTokenCount=8, candidatesTokenCount=3, totalTokenCount=11)
    assert "web_searches" not in read_response("google", body).counts


def test_a_prompt_that_was_blocked_has_no_candidates_and_is_billed_for_its_prompt() -> None:
    body = {"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": 9}}
    body["usageMetadata"] = {"promptTokenCount": 9, "totalTokenCount": 9}
    assert read_response("google", body).counts == {"input_tokens": 9, "output_tokens": 0}


@pytest.mark.parametrize(
    ("usage", "processing"),
    [
        ({"trafficType": "ON_DEMAND"}, "standard"),
        ({"trafficType": "ON_DEMAND_PRIORITY"}, "priority"),
        ({"trafficType": "ON_DEMAND_FLEX"}, "flex"),
        ({"serviceTier": "priority"}, "priority"),
        ({"serviceTier": "STANDARD"}, "standard"),
        ({}, None),
    ],
)
def test_traffic_and_tier_say_how_it_was_served(usage: dict[str, Any], processing: str | None) -> None:
    body = answer(promptTokenCount=1, candidatesTokenCount=1, **usage)
    assert read_response("google", body).processing == processing


def test_a_streams_last_chunk_has_the_final_counts() -> None:
    chunks = [
        answer(promptTokenCount=8, candidatesTokenCount=2, totalTokenCount=10),
        answer(promptTokenCount=8, candidatesTokenCount=9, totalTokenCount=17),
    ]
    assert read_response("google", chunks).counts == {"input_tokens": 8, "output_tokens": 9}


def test_details_larger_than_their_count_are_refused() -> None:
    body = answer(promptTokenCount=8, candidatesTokenCount=2, totalTokenCount=10)
    body["usageMetadata"]["promptTokensDetails"] = [{"modality": "AUDIO", "tokenCount": 9}]
    with pytest.raises(OutOfDomain):
        read_response("google", body)


def test_no_usage_metadata_is_refused() -> None:
    with pytest.raises(Malformed) as refusal:
        read_response("google", {"candidates": []})
    assert refusal.value.faults[0].pointer == "/provider_response/usageMetadata"


def test_claude_on_vertex_is_read_as_anthropic() -> None:
    body = {
        "model": "claude-sonnet-4-6",
        "usage": {"input_tokens": 3, "output_tokens": 4, "cache_read_input_tokens": 5},
    }
    assert read_response("google-vertex", body).counts["cache_read_tokens"] == 5


def test_gemini_through_the_openai_door_is_read_as_chat() -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
    assert read_response("google", {"model": "gemini-2.5-flash", "usage": usage}).counts["output_tokens"] == 4
