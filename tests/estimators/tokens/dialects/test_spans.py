"""Spans: one call under the names of every instrumentation, and which of several spans is billed."""

from typing import Any

import pytest

from mlquote.estimators.tokens.dialects import provider_of, read_response
from mlquote.kit.errors import OutOfDomain

CACHED = {"input_tokens": 235, "cache_read_tokens": 40, "cache_write_tokens": 25, "output_tokens": 10}
GEN_AI = {"gen_ai.usage.input_tokens": 300, "gen_ai.usage.output_tokens": 10}


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param(
            GEN_AI | {"gen_ai.usage.cache_read.input_tokens": 40, "gen_ai.usage.cache_creation.input_tokens": 25},
            id="the conventions",
        ),
        pytest.param(
            GEN_AI | {"gen_ai.usage.cache_read.input_tokens": 40, "gen_ai.usage.cache_write.input_tokens": 25},
            id="their newer name",
        ),
        pytest.param(
            {
                "gen_ai.usage.prompt_tokens": 300,
                "gen_ai.usage.completion_tokens": 10,
                "llm.usage.total_tokens": 310,
                "gen_ai.usage.cache_read_input_tokens": 40,
                "gen_ai.usage.cache_creation_input_tokens": 25,
            },
            id="OpenLLMetry",
        ),
        pytest.param(
            GEN_AI
            | {
                "gen_ai.usage.prompt_tokens": 300,
                "gen_ai.usage.total_tokens": 310,
                "gen_ai.usage.cache_read_input_tokens": 40,
                "gen_ai.usage.cache_write_input_tokens": 25,
            },
            id="Strands",
        ),
        pytest.param(
            GEN_AI
            | {
                "gen_ai.usage.input_tokens": 235,
                "gen_ai.usage.total_tokens": 310,
                "gen_ai.usage.cache_read_input_tokens": 40,
                "gen_ai.usage.cache_write_input_tokens": 25,
            },
            id="the cache beside, as the total tells",
        ),
        pytest.param(
            GEN_AI | {"gen_ai.usage.input_tokens.cached": 40, "gen_ai.usage.input_tokens.cache_write": 25}, id="Sentry"
        ),
        pytest.param(
            GEN_AI
            | {
                "ai.usage.inputTokens": 300,
                "ai.usage.outputTokens": 10,
                "ai.usage.inputTokenDetails.noCacheTokens": 235,
                "ai.usage.inputTokenDetails.cacheReadTokens": 40,
                "ai.usage.inputTokenDetails.cacheWriteTokens": 25,
            },
            id="Vercel's AI SDK",
        ),
        pytest.param(
            GEN_AI | {"gen_ai.usage.details.cache_read_tokens": 40, "gen_ai.usage.details.cache_write_tokens": 25},
            id="pydantic-ai",
        ),
        pytest.param(
            {
                "llm.token_count.prompt": 300,
                "llm.token_count.completion": 10,
                "llm.token_count.total": 310,
                "llm.token_count.prompt_details.cache_read": 40,
                "llm.token_count.prompt_details.cache_write": 25,
            },
            id="OpenInference",
        ),
    ],
)
def test_every_instrumentation_counts_the_same_call(attributes: dict[str, Any]) -> None:
    assert read_response("anthropic", attributes, model="m").counts == CACHED


def test_audio_of_pydantic_ai_is_audio() -> None:
    details = {"gen_ai.usage.details.input_audio_tokens": 200, "gen_ai.usage.details.output_audio_tokens": 4}
    counts = read_response("openai", GEN_AI | details, model="m").counts
    assert counts == {"input_tokens": 100, "audio_input_tokens": 200, "output_tokens": 6, "audio_output_tokens": 4}


def test_two_attributes_that_say_the_same_must_agree() -> None:
    with pytest.raises(OutOfDomain, match=r"gen_ai\.usage\.prompt_tokens is 299"):
        read_response("openai", GEN_AI | {"gen_ai.usage.prompt_tokens": 299}, model="m")


def test_an_unknown_count_of_a_span_is_refused_and_a_limit_of_the_request_is_none() -> None:
    assert read_response("openai", GEN_AI | {"gen_ai.request.max_tokens": 100}, model="m").warnings == ()
    with pytest.raises(OutOfDomain) as refusal:
        read_response("openai", GEN_AI | {"gen_ai.usage.new_tokens": 7}, model="m")
    assert refusal.value.code == "unread-count"


@pytest.mark.parametrize(
    ("name", "value", "provider"),
    [
        ("gen_ai.system", "openai.chat", "openai"),
        ("gen_ai.system", "anthropic.messages", "anthropic"),
        ("gen_ai.system", "google.generative-ai", "google"),
        ("gen_ai.system", "amazon-bedrock", "aws-bedrock"),
        ("llm.provider", "mistralai", "mistral"),
    ],
)
def test_providers_by_the_names_of_instrumentations(name: str, value: str, provider: str) -> None:
    assert provider_of(None, GEN_AI | {name: value}) == provider


def span(name: str, operation: str, tokens: int, parent: str | None = None) -> dict[str, Any]:
    """A span of a trace."""
    attributes = {
        "gen_ai.operation.name": operation,
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.input_tokens": tokens,
        "gen_ai.usage.output_tokens": 10,
    }
    return {"spanId": name, "attributes": attributes} | ({} if parent is None else {"parentSpanId": parent})


@pytest.mark.parametrize("parent", ["a", None])
def test_an_agents_span_above_its_call_is_not_billed_again(parent: str | None) -> None:
    spans = [span("a", "invoke_agent", 1000), span("b", "chat", 1000, parent)]
    reading = read_response(provider_of(None, spans) or "", spans)
    assert reading.counts == {"input_tokens": 1000, "output_tokens": 10}
    assert [w.code for w in reading.warnings] == ["repeated-answers"]


@pytest.mark.parametrize(
    "spans",
    [
        pytest.param([span("a", "chat", 1000), span("b", "chat", 1000)], id="two calls"),
        pytest.param([span("a", "invoke_agent", 1500), span("b", "chat", 1000, "a")], id="more than its call"),
    ],
)
def test_calls_that_are_no_sum_of_one_another_are_refused(spans: list[Any]) -> None:
    with pytest.raises(OutOfDomain) as refusal:
        read_response("openai", spans)
    assert refusal.value.code == "several-answers"


def test_an_export_of_otlp_holds_its_spans_deep() -> None:
    export = {"resourceSpans": [{"scopeSpans": [{"spans": [{"name": "GET /"}, span("b", "chat", 1000)]}]}]}
    assert provider_of(None, export) == "openai"
    assert read_response("openai", export).counts == {"input_tokens": 1000, "output_tokens": 10}
