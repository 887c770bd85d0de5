"""OpenTelemetry GenAI attributes: one span's usage, whoever the provider was.

By the semantic conventions `gen_ai.usage.input_tokens` includes cached tokens, reads and writes alike, whatever the
provider's own API says, and `gen_ai.usage.output_tokens` includes reasoning.
"""

from collections.abc import Mapping
from typing import Any

from mlquote.estimators.tokens.dialects.call import Call, served_as
from mlquote.estimators.tokens.dialects.reading import Body, Reading, Rules, null_warning
from mlquote.estimators.tokens.dialects.tokens import InputParts, split_input, split_output
from mlquote.kit.errors import Malformed

SPAN = Rules(
    cached="inside gen_ai.usage.input_tokens",
    reasoning="inside gen_ai.usage.output_tokens",
    total="",
    source_url="https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/",
)
PROVIDERS: Mapping[str, str] = {
    "aws.bedrock": "aws-bedrock",
    "azure.ai.openai": "azure-openai",
    "az.ai.openai": "azure-openai",
    "azure.ai.inference": "azure-ai-foundry",
    "az.ai.inference": "azure-ai-foundry",
    "gcp.gemini": "google",
    "gcp.gen_ai": "google",
    "gemini": "google",
    "gcp.vertex_ai": "google-vertex",
    "vertex_ai": "google-vertex",
    "mistral_ai": "mistral",
    "moonshot_ai": "moonshot",
    "x_ai": "xai",
}
"""gen_ai.provider.name (once gen_ai.system) -> the catalogue's provider; any other name is its own."""


def is_span(values: Mapping[str, Any]) -> bool:
    """Whether an object is a span or the attributes of one."""
    attributes = values.get("attributes", values)
    if isinstance(attributes, list):
        return any(isinstance(a, Mapping) and str(a.get("key", "")).startswith("gen_ai.") for a in attributes)
    return isinstance(attributes, Mapping) and any(str(name).startswith("gen_ai.") for name in attributes)


def provider_named(values: Mapping[str, Any]) -> str | None:
    """The catalogue's provider that a span names."""
    body = attributes_of(Body(values, ""))
    name = body.word("gen_ai.provider.name") or body.word("gen_ai.system")
    return PROVIDERS.get(name, name) if name else None


def read(call: Call) -> Reading:
    """The usage of one span."""
    body = attributes_of(call.body)
    prompt = _first(body, "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens")
    said = _first(body, "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens")
    if prompt is None:
        body.needed("gen_ai.usage.input_tokens")
    parts = InputParts(
        prompt or 0,
        _first(body, "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.details.cache_read_tokens") or 0,
        _first(body, "gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.details.cache_write_tokens") or 0,
        audio=_first(body, "gen_ai.usage.details.input_audio_tokens") or 0,
    )
    reasoning = _first(body, "gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.details.reasoning_tokens")
    counts = split_input(parts, name="gen_ai.usage.input_tokens", pointer=body.pointer("gen_ai.usage.input_tokens"))
    counts |= split_output(
        said or 0,
        reasoning=reasoning or 0,
        name="gen_ai.usage.output_tokens",
        pointer=body.pointer("gen_ai.usage.output_tokens"),
    )
    tier = body.word("openai.response.service_tier") or body.word("gen_ai.openai.response.service_tier")
    processing, warnings = served_as(tier)
    return Reading(
        dialect="opentelemetry",
        rules=SPAN,
        provider=call.provider,
        model=body.word("gen_ai.response.model") or body.word("gen_ai.request.model") or call.model,
        counts=counts,
        processing=processing,
        region=body.word("cloud.region"),
        warnings=(*warnings, *null_warning(body)),
    )


def _first(body: Body, *names: str) -> int | None:
    return next((n for name in names if (n := body.maybe(name)) is not None), None)


def attributes_of(body: Body) -> Body:
    """A span's attributes as one flat object, from OTLP's list of keys and values or from an object."""
    attributes = body.values.get("attributes", body.values)
    if isinstance(attributes, Mapping):
        return body if attributes is body.values else Body(attributes, body.pointer("attributes"), body.nulls)
    if not isinstance(attributes, list):
        raise Malformed("attributes must be an object or OTLP's list", pointer=body.pointer("attributes"))
    flat = {str(a["key"]): _otlp(a.get("value")) for a in attributes if isinstance(a, Mapping) and "key" in a}
    return Body(flat, body.pointer("attributes"), body.nulls)


def _otlp(value: Any) -> Any:
    """OTLP JSON wraps each value in its type and writes 64-bit integers as text."""
    if not isinstance(value, Mapping):
        return value
    if "intValue" in value:
        text = str(value["intValue"])
        return int(text) if text.lstrip("-").isdigit() else text
    return next((value[kind] for kind in ("stringValue", "doubleValue", "boolValue") if kind in value), None)
