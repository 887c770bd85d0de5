"""The provider's own usage beside a framework's: it is read instead, where it is of the same answer."""

from typing import Any

import pytest

from mlquote.estimators.tokens.dialects import read_response

RAW = {
    "input_tokens": 337,
    "cache_creation_input_tokens": 46209,
    "cache_read_input_tokens": 900,
    "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 46209},
    "output_tokens": 342,
    "server_tool_use": {"web_search_requests": 2},
    "service_tier": "standard",
}
"""As get-convex/agent#191 prints it from the AI SDK, its cache kept an hour and two searches added."""
COUNTS = {
    "input_tokens": 337,
    "output_tokens": 342,
    "cache_read_tokens": 900,
    "cache_write_1h_tokens": 46209,
    "web_searches": 2,
}
SUM = {"inputTokens": 47446, "outputTokens": 342, "totalTokens": 47788}
DETAILS = {"inputTokenDetails": {"noCacheTokens": 337, "cacheReadTokens": 900, "cacheWriteTokens": 46209}}
BESIDE = {"inputTokens": 337, "outputTokens": 342, "totalTokens": 679, "cachedInputTokens": 900}
METADATA = {"providerMetadata": {"anthropic": {"usage": RAW, "cacheCreationInputTokens": 46209}}}


@pytest.mark.parametrize(
    "response",
    [
        pytest.param({"usage": SUM | DETAILS | {"raw": RAW}}, id="the AI SDK 6, in usage.raw"),
        pytest.param({"usage": SUM | DETAILS} | METADATA, id="the AI SDK 6, in providerMetadata"),
        pytest.param({"usage": BESIDE} | METADATA, id="the AI SDK 5"),
        pytest.param(
            {
                "usage_metadata": {"input_tokens": 47446, "output_tokens": 342, "total_tokens": 47788},
                "response_metadata": {"usage": RAW, "model_name": "claude-haiku-4-5"},
            },
            id="LangChain, the cache in its sum",
        ),
        pytest.param(
            {
                "usage_metadata": {
                    "input_tokens": 337,
                    "output_tokens": 342,
                    "total_tokens": 679,
                    "input_token_details": {"cache_read": 900, "cache_creation": 46209},
                },
                "response_metadata": {"usage": RAW, "model": "claude-haiku-4-5"},
            },
            id="LangChain.js before #9520, the cache beside its sum",
        ),
    ],
)
def test_lifetimes_and_searches_are_read_where_the_provider_tells_them(response: dict[str, Any]) -> None:
    assert read_response("anthropic", response, model="claude-haiku-4-5").counts == COUNTS


def test_a_message_is_served_as_the_provider_says() -> None:
    told = {"prompt_tokens": 1000, "completion_tokens": 10, "total_tokens": 1010}
    message = {
        "usage_metadata": {"input_tokens": 1000, "output_tokens": 10, "total_tokens": 1010},
        "response_metadata": {"token_usage": told, "model_name": "gpt-5", "service_tier": "flex"},
    }
    reading = read_response("openai", message)
    assert (reading.model, reading.processing, reading.dialect) == ("gpt-5", "flex", "openai-chat")


def test_a_result_is_served_as_its_metadata_says() -> None:
    usage = {"inputTokens": 1000, "outputTokens": 10, "totalTokens": 1010}
    result = {"usage": usage, "providerMetadata": {"openai": {"responseId": "r", "serviceTier": "priority"}}}
    assert read_response("openai", result, model="gpt-5").processing == "priority"


def test_what_google_counts_is_read_out_of_a_result() -> None:
    kept = {"promptTokenCount": 1000, "candidatesTokenCount": 100, "thoughtsTokenCount": 50, "totalTokenCount": 1150}
    result = {
        "usage": {"inputTokens": 1000, "outputTokens": 100, "totalTokens": 1150, "reasoningTokens": 50},
        "response": {"modelId": "gemini-2.5-flash"},
        "providerMetadata": {"google": {"usageMetadata": kept, "safetyRatings": None}},
    }
    reading = read_response("google", result)
    assert (reading.dialect, reading.model) == ("google-generate-content", "gemini-2.5-flash")
    assert reading.counts == {"input_tokens": 1000, "output_tokens": 150, "reasoning_tokens": 50}


def test_the_usage_of_another_answer_is_left_alone() -> None:
    """A result of several steps keeps the last one's: its own sum is read."""
    other = RAW | {"input_tokens": 5, "cache_creation_input_tokens": 0, "cache_creation": None}
    result = {"usage": SUM | DETAILS, "providerMetadata": {"anthropic": {"usage": other}}}
    counts = read_response("anthropic", result, model="m").counts
    assert counts == {
        "input_tokens": 337,
        "cache_read_tokens": 900,
        "cache_write_tokens": 46209,
        "output_tokens": 342,
    }
