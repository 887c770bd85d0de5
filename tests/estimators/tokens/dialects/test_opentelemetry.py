"""Spans: OpenTelemetry's counts include the cache whatever the provider's own API does."""

from typing import Any

from mlquote.estimators.tokens.dialects import provider_of, read_response
from mlquote.estimators.tokens.dialects.opentelemetry import provider_named

ATTRIBUTES = {
    "gen_ai.provider.name": "anthropic",
    "gen_ai.response.model": "claude-opus-4-7",
    "gen_ai.usage.input_tokens": 1000,
    "gen_ai.usage.cache_read.input_tokens": 700,
    "gen_ai.usage.cache_creation.input_tokens": 200,
    "gen_ai.usage.output_tokens": 50,
}


def test_an_anthropic_span_includes_the_cache_in_its_input() -> None:
    """1000 = 700 read + 200 written + 100 neither."""
    reading = read_response("anthropic", ATTRIBUTES)
    assert (reading.dialect, reading.model) == ("opentelemetry", "claude-opus-4-7")
    assert reading.counts == {
        "input_tokens": 100,
        "cache_read_tokens": 700,
        "cache_write_tokens": 200,
        "output_tokens": 50,
    }


def test_otlp_lists_and_plain_objects_say_the_same() -> None:
    otlp = [
        {"key": name, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}}
        for name, value in ATTRIBUTES.items()
    ]
    plain = read_response("anthropic", ATTRIBUTES).counts
    assert read_response("anthropic", {"name": "chat", "attributes": otlp}).counts == plain
    assert read_response("anthropic", {"name": "chat", "attributes": ATTRIBUTES}).counts == plain


def test_provider_names_of_the_conventions_are_the_catalogues() -> None:
    assert provider_named({"gen_ai.provider.name": "aws.bedrock"}) == "aws-bedrock"
    assert provider_named({"gen_ai.system": "openai"}) == "openai"
    assert provider_named({"gen_ai.usage.input_tokens": 1}) is None


def test_a_span_names_its_provider_where_the_asker_does_not() -> None:
    assert provider_of(None, ATTRIBUTES) == "anthropic"
    assert provider_of("OTel", {"attributes": ATTRIBUTES}) == "anthropic"
    assert provider_of("google-vertex", ATTRIBUTES) == "google-vertex"
    assert provider_of(None, {"usage": {}}) is None


def test_older_attribute_names_are_understood() -> None:
    span: dict[str, Any] = {"gen_ai.system": "openai", "gen_ai.request.model": "gpt-4o"}
    span |= {"gen_ai.usage.prompt_tokens": 10, "gen_ai.usage.completion_tokens": 5}
    reading = read_response("openai", span)
    assert (reading.model, reading.counts) == ("gpt-4o", {"input_tokens": 10, "output_tokens": 5})
