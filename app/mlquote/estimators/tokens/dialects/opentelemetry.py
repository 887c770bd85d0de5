"""OpenTelemetry GenAI attributes: one span's usage, whoever the provider was.

By the semantic conventions `gen_ai.usage.input_tokens` includes cached tokens, reads and writes alike, whatever the
provider's own API says, and `gen_ai.usage.output_tokens` includes reasoning.
"""

from collections.abc import Mapping
from typing import Any

from mlquote.estimators.tokens.dialects import spans, unread
from mlquote.estimators.tokens.dialects.call import Call, served_as
from mlquote.estimators.tokens.dialects.reading import Body, Reading, Rules, contradiction, null_warning
from mlquote.estimators.tokens.dialects.tokens import InputParts, split_input, split_output

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
    "mistralai": "mistral",
    "google.generative-ai": "google",
    "google.vertex": "google-vertex",
    "vertex.anthropic": "google-vertex",
    "vertexai": "google-vertex",
    "amazon-bedrock": "aws-bedrock",
    "aws": "aws-bedrock",
    "azure": "azure-openai",
}
"""gen_ai.provider.name (once gen_ai.system) -> the catalogue's provider; any other name is its own."""


MODELS = (
    "gen_ai.response.model", "gen_ai.request.model", "ai.response.model", "ai.model.id", "llm.model_name",
    "llm.response.model", "llm.request.model",
)  # fmt: skip
"""Where a span names its model; what answered goes before what was asked for."""
NAMERS = ("gen_ai.provider.name", "gen_ai.system", "ai.model.provider", "llm.provider", "llm.system")
"""Where a span names its provider; the first that is there counts."""
_KINDS = ("chat", "responses", "messages", "completion", "embedding", "image", "transcription", "speech")
"""What Vercel's AI SDK adds to a provider's name: openai.chat."""

is_span = spans.is_span


def provider_named(values: Mapping[str, Any]) -> str | None:
    """The catalogue's provider that a span names."""
    body = spans.attributes_of(Body(values, ""))
    name = next((word for namer in NAMERS if (word := body.word(namer))), None)
    if name is None:
        return None
    base, _, kind = name.rpartition(".")
    return PROVIDERS.get(name) or (PROVIDERS.get(base, base) if base and kind in _KINDS else name)


def read(call: Call) -> Reading:
    """The usage of one span."""
    body = spans.attributes_of(call.body)
    found = spans.counts_of(body)
    if "input" not in found:
        body.needed("gen_ai.usage.input_tokens")
    pointer = body.pointer(next(name for name in spans.NAMES["input"] if body.has(name)))
    prompt, said = found["input"], found.get("output", 0)
    held, kept = found.get("read", 0), found.get("written", 0)
    if _is_beside(found):
        prompt += held + kept
    parts = InputParts(
        prompt,
        held,
        kept,
        audio=found.get("audio", 0),
        image=found.get("image", 0),
        cached_audio=found.get("cached_audio"),
    )
    counts = split_input(parts, name="gen_ai.usage.input_tokens", pointer=pointer)
    counts |= split_output(
        said,
        reasoning=found.get("reasoning", 0),
        audio=found.get("audio_out", 0),
        image=found.get("image_out", 0),
        name="gen_ai.usage.output_tokens",
        pointer=body.pointer("gen_ai.usage.output_tokens"),
    )
    tier = body.word("openai.response.service_tier") or body.word("gen_ai.openai.response.service_tier")
    processing, warnings = served_as(tier)
    return Reading(
        dialect="opentelemetry",
        rules=SPAN,
        provider=call.provider,
        model=next((word for name in MODELS if (word := body.word(name))), None) or call.model,
        counts=counts,
        processing=processing,
        region=body.word("cloud.region"),
        warnings=(*warnings, *unread.check(body), *null_warning(body)),
    )


def _is_beside(found: Mapping[str, int]) -> bool:
    """Whether the cache's tokens stand beside the input, as some pass on from Bedrock: the total tells.

    Raises: OutOfDomain where a total is no sum of its parts
    """
    if "total" not in found:
        return False
    plain = found["input"] + found.get("output", 0)
    cache = found.get("read", 0) + found.get("written", 0)
    if found["total"] not in (plain, plain + cache, plain + found.get("reasoning", 0)):
        detail = f"the total is {found['total']}, but input and output make {plain}, with the cache {plain + cache}"
        raise contradiction(detail, "/provider_response")
    return cache > 0 and found["total"] == plain + cache
