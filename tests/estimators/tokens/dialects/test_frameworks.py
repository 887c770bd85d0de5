"""Usage as frameworks hand it on: what their totals include, whoever answered."""

from typing import Any

import pytest

from mlquote.estimators.tokens.dialects import provider_of, read_response
from mlquote.kit.errors import OutOfDomain

LANGCHAIN = {
    "input_tokens": 2500,
    "output_tokens": 100,
    "total_tokens": 2600,
    "input_token_details": {"cache_read": 2000, "cache_creation": 400},
}
VERCEL = {
    "inputTokens": 4740,
    "inputTokenDetails": {"noCacheTokens": 5, "cacheReadTokens": 0, "cacheWriteTokens": 4735},
    "outputTokens": 255,
    "outputTokenDetails": {"textTokens": 255, "reasoningTokens": 0},
    "totalTokens": 4995,
}
PROVIDER_USAGE = {
    "inputTokens": {"total": 4740, "noCache": 5, "cacheRead": 0, "cacheWrite": 4735},
    "outputTokens": {"total": 255, "text": 255, "reasoning": 0},
}
WRITTEN = {"input_tokens": 5, "cache_write_tokens": 4735, "output_tokens": 255}


@pytest.mark.parametrize("provider", ["anthropic", "openai", "aws-bedrock", "google"])
@pytest.mark.parametrize(
    ("usage", "counts"),
    [
        pytest.param(
            LANGCHAIN,
            {"input_tokens": 100, "cache_read_tokens": 2000, "cache_write_tokens": 400, "output_tokens": 100},
            id="LangChain",
        ),
        pytest.param(VERCEL, WRITTEN, id="Vercel's AI SDK 6"),
        pytest.param(PROVIDER_USAGE, WRITTEN, id="what its providers hand to it"),
        pytest.param(
            {"promptTokens": 9, "completionTokens": 2, "totalTokens": 11},
            {"input_tokens": 9, "output_tokens": 2},
            id="Vercel's AI SDK 4",
        ),
    ],
)
def test_a_framework_counts_alike_for_every_provider(
    provider: str, usage: dict[str, Any], counts: dict[str, int]
) -> None:
    assert read_response(provider, usage).counts == counts
    assert read_response(provider, {"usage": usage}).counts == counts


def test_a_message_of_langchain_names_its_model_and_its_maker() -> None:
    message = {
        "response_metadata": {"model_name": "claude-haiku-4-5", "model_provider": "anthropic"},
        "usage_metadata": LANGCHAIN,
    }
    assert provider_of(None, message) == "anthropic"
    assert read_response("anthropic", message).model == "claude-haiku-4-5"
    dumped = {"lc": 1, "type": "constructor", "kwargs": message}
    assert read_response("anthropic", dumped).counts == read_response("anthropic", message).counts


def test_langchain_tells_the_tier_in_the_names_of_its_details() -> None:
    usage = {
        "input_tokens": 100,
        "output_tokens": 50,
        "total_tokens": 150,
        "input_token_details": {"priority_cache_read": 80, "priority": 20},
        "output_token_details": {"priority_reasoning": 30, "priority": 20},
    }
    reading = read_response("openai", usage)
    assert reading.processing == "priority"
    assert reading.counts == {
        "input_tokens": 20,
        "cache_read_tokens": 80,
        "output_tokens": 50,
        "reasoning_tokens": 30,
    }


def test_langchain_tells_cache_writes_by_lifetime() -> None:
    details = {
        "cache_read": 2000,
        "cache_creation": 0,
        "ephemeral_5m_input_tokens": 300,
        "ephemeral_1h_input_tokens": 100,
    }
    counts = read_response("anthropic", LANGCHAIN | {"input_token_details": details}).counts
    assert (counts["cache_write_5m_tokens"], counts["cache_write_1h_tokens"], counts["input_tokens"]) == (300, 100, 100)


@pytest.mark.parametrize("provider", ["anthropic", "aws-bedrock"])
def test_cached_tokens_that_may_be_inside_or_beside_are_refused(provider: str) -> None:
    """The AI SDK before version 6 passes on Claude's input, which leaves the cache out, under the same name."""
    usage = {"inputTokens": 1000, "outputTokens": 1, "totalTokens": 1001, "cachedInputTokens": 900}
    with pytest.raises(OutOfDomain) as refusal:
        read_response(provider, usage)
    assert refusal.value.code == "unread-count"


def test_before_version_6_cached_tokens_of_openai_are_inside() -> None:
    usage = {"inputTokens": 1000, "outputTokens": 1, "totalTokens": 1001, "cachedInputTokens": 900}
    counts = read_response("openai", usage).counts
    assert counts == {"input_tokens": 100, "cache_read_tokens": 900, "output_tokens": 1}


def test_a_result_of_the_ai_sdk_names_its_model_beside_the_usage() -> None:
    result = {"text": "x", "usage": VERCEL, "response": {"id": "r", "modelId": "claude-haiku-4-5"}}
    assert read_response("anthropic", result).model == "claude-haiku-4-5"


def test_pydantic_ai_repeats_the_providers_counts_under_details() -> None:
    usage = {
        "input_tokens": 130213,
        "cache_read_tokens": 128955,
        "cache_write_tokens": 1253,
        "output_tokens": 100,
        "details": {"input_tokens": 5, "cache_creation_input_tokens": 1253, "cache_read_input_tokens": 128955},
    }
    message = {"kind": "response", "model_name": "claude-haiku-4-5", "provider_name": "anthropic", "usage": usage}
    reading = read_response(provider_of(None, message) or "", message)
    assert reading.counts == {
        "input_tokens": 5,
        "cache_read_tokens": 128955,
        "cache_write_tokens": 1253,
        "output_tokens": 100,
    }


CLAUDE = {"input_tokens": 100, "cache_read_tokens": 900, "cache_write_tokens": 400, "output_tokens": 150}
OPENAI = {"input_tokens": 100, "cache_read_tokens": 900, "output_tokens": 150, "reasoning_tokens": 50}


@pytest.mark.parametrize("name", ["providerMetadata", "experimental_providerMetadata"])
@pytest.mark.parametrize(
    ("provider", "usage", "told", "counts"),
    [
        pytest.param(
            "anthropic",
            {"promptTokens": 100, "completionTokens": 150, "totalTokens": 250},
            {"anthropic": {"cacheCreationInputTokens": 400, "cacheReadInputTokens": 900}},
            CLAUDE,
            id="Claude, version 4",
        ),
        pytest.param(
            "anthropic",
            {"inputTokens": 100, "outputTokens": 150, "totalTokens": 250, "cachedInputTokens": 900},
            {"anthropic": {"cacheCreationInputTokens": 400}},
            CLAUDE,
            id="Claude, version 5",
        ),
        pytest.param(
            "aws-bedrock",
            {"inputTokens": 100, "outputTokens": 150, "totalTokens": 250, "cachedInputTokens": 900},
            {"bedrock": {"usage": {"cacheWriteInputTokens": 400}}},
            CLAUDE,
            id="Bedrock, version 5",
        ),
        pytest.param(
            "openai",
            {"promptTokens": 1000, "completionTokens": 150, "totalTokens": 1150},
            {"openai": {"cachedPromptTokens": 900, "reasoningTokens": 50}},
            OPENAI,
            id="OpenAI, version 4",
        ),
        pytest.param(
            "deepseek",
            {"promptTokens": 1000, "completionTokens": 150, "totalTokens": 1150},
            {"deepseek": {"promptCacheHitTokens": 900, "promptCacheMissTokens": 100}},
            {"input_tokens": 100, "cache_read_tokens": 900, "output_tokens": 150},
            id="DeepSeek, version 4",
        ),
    ],
)
def test_what_only_one_provider_tells_is_read(
    name: str, provider: str, usage: dict[str, Any], told: dict[str, Any], counts: dict[str, int]
) -> None:
    """https://github.com/vercel/ai/issues/4335: the cache is in the metadata alone."""
    assert read_response(provider, {"usage": usage, name: told}).counts == counts


def test_a_count_that_nobody_knows_is_heard_in_the_metadata() -> None:
    result = {"usage": VERCEL, "providerMetadata": {"someone": {"x_new_tokens": 7}}}
    with pytest.raises(OutOfDomain) as refusal:
        read_response("openai", result | {"usage": {"inputTokens": 1, "outputTokens": 1}})
    assert refusal.value.faults[0].pointer == "/provider_response/providerMetadata/someone/x_new_tokens"


def test_more_cached_tokens_than_input_are_beside_it() -> None:
    """Only version 5 counts so, and it tells no writes."""
    reading = read_response("anthropic", {"inputTokens": 100, "outputTokens": 150, "cachedInputTokens": 900})
    assert reading.counts == {"input_tokens": 100, "cache_read_tokens": 900, "output_tokens": 150}
    assert [warning.code for warning in reading.warnings] == ["cache-writes-not-told"]


def test_a_result_of_several_steps_is_billed_by_its_sum() -> None:
    whole = {"inputTokens": 1000, "outputTokens": 150, "totalTokens": 1150, "cachedInputTokens": 900}
    result = {"usage": {"inputTokens": 10, "outputTokens": 5, "totalTokens": 15}, "totalUsage": whole}
    reading = read_response("openai", result)
    assert reading.counts == {"input_tokens": 100, "cache_read_tokens": 900, "output_tokens": 150}
    assert [warning.code for warning in reading.warnings] == ["requests-together"]
    assert read_response("openai", {"type": "finish", "totalUsage": whole}).warnings == ()


@pytest.mark.parametrize(
    ("provider", "total", "counts"),
    [
        pytest.param("anthropic", 250, CLAUDE, id="Claude counts beside"),
        pytest.param("anthropic", 1550, CLAUDE, id="the total holds the cache"),
        pytest.param("mistral", 1550, CLAUDE, id="so it does for others"),
        pytest.param("openai", 1550, CLAUDE, id="and for OpenAI"),
    ],
)
def test_strands_counts_as_the_provider_does(provider: str, total: int, counts: dict[str, int]) -> None:
    cache = {"cacheReadInputTokens": 900, "cacheWriteInputTokens": 400}
    usage = {"inputTokens": 100, "outputTokens": 150, "totalTokens": total, **cache}
    assert read_response(provider, usage).counts == counts
    assert read_response(provider, {"metrics": {"accumulated_usage": usage}}).counts == counts


def test_strands_counts_openais_cache_inside() -> None:
    usage = {"inputTokens": 1000, "outputTokens": 150, "totalTokens": 1150, "cacheReadInputTokens": 900}
    assert read_response("openai", usage).counts == {
        "input_tokens": 100,
        "cache_read_tokens": 900,
        "output_tokens": 150,
    }
