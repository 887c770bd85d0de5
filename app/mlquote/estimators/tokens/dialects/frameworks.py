"""Usage as frameworks hand it on, whoever answered: LangChain, Vercel's AI SDK, pydantic-ai.

A framework has names and rules of its own for every provider, so its shape goes before the provider's dialect. In all
three the input total includes what the cache did and the output total includes reasoning; only the AI SDK before
version 6 passes on what the provider counts, and there a cached count beside Claude's input cannot be placed.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from mlquote.estimators.tokens.dialects import openai
from mlquote.estimators.tokens.dialects.call import Call
from mlquote.estimators.tokens.dialects.reading import Body, Reading, Rules, adds_up, contradiction, null_warning
from mlquote.estimators.tokens.dialects.tokens import InputParts, split_input, split_output

LANGCHAIN = Rules(
    cached="inside usage_metadata.input_tokens",
    reasoning="inside usage_metadata.output_tokens",
    total="input_tokens + output_tokens",
    source_url="https://reference.langchain.com/python/langchain_core/messages/#langchain_core.messages.ai.UsageMetadata",
)
VERCEL = Rules(
    cached="inside usage.inputTokens",
    reasoning="inside usage.outputTokens",
    total="inputTokens + outputTokens, with reasoningTokens beside them where the provider counts so",
    source_url="https://ai-sdk.dev/docs/reference/ai-sdk-core/generate-text",
)
PYDANTIC_AI = Rules(
    cached="inside usage.input_tokens",
    reasoning="inside usage.output_tokens",
    total="",
    source_url="https://ai.pydantic.dev/api/usage/",
)
_TIERS: Final = ("priority", "flex")
"""What LangChain puts before a detail's name, priority_cache_read, where OpenAI served in another tier."""
_LANGCHAIN_DETAILS: Final = frozenset(
    {"cache_read", "cache_creation", "audio", "reasoning", "ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"}
) | {f"{tier}_{name}" for tier in _TIERS for name in ("cache_read", "reasoning")}
_BESIDE: Final = frozenset({"anthropic", "aws-bedrock"})
"""Who counts cached tokens beside the input, and is passed on so by the AI SDK before version 6."""


def reader_of(call: Call) -> Callable[[Call], Reading] | None:
    """The reader of the framework whose shape a response has; None where it is a provider's own."""
    values = call.body.values
    usage = values.get("usage_metadata") or values.get("usage")
    if not isinstance(usage, Mapping) or "prompt_tokens" in usage:
        return None
    if values.get("kind") == "response" and "model_name" in values:
        return pydantic_ai
    if "input_tokens" in usage:
        details = usage.get("input_token_details") or usage.get("output_token_details")
        known = isinstance(details, Mapping) and bool(details.keys() & _LANGCHAIN_DETAILS)
        return langchain if known or "usage_metadata" in values else None
    total = usage.get("inputTokens")
    if "inputTokenDetails" in usage or "promptTokens" in usage or isinstance(total, Mapping):
        return vercel
    return vercel if "inputTokens" in usage and call.provider != "aws-bedrock" else None


def provider_named(values: Mapping[str, Any]) -> str | None:
    """Who answered, as a framework's message says itself."""
    metadata = values.get("response_metadata")
    names = (values.get("provider_name"), metadata.get("model_provider") if isinstance(metadata, Mapping) else None)
    return next((name for name in names if isinstance(name, str)), None)


def langchain(call: Call) -> Reading:
    """A message of LangChain, or its `usage_metadata` by itself."""
    name = "usage_metadata" if call.body.has("usage_metadata") else "usage"
    usage = call.body.part(name)
    total, said = usage.needed("input_tokens"), usage.needed("output_tokens")
    adds_up(usage.maybe("total_tokens"), total + said, LANGCHAIN.total, usage.pointer("total_tokens"))
    details, out = usage.part("input_token_details"), usage.part("output_token_details")
    tier = next((t for t in _TIERS if details.has(t) or details.has(f"{t}_cache_read") or out.has(t)), "")
    details.harmless(*_TIERS)
    out.harmless(*_TIERS)
    lifetimes = {f"cache_write_{ttl}_tokens": details.count(f"ephemeral_{ttl}_input_tokens") for ttl in ("5m", "1h")}
    created = details.count("cache_creation")
    if any(lifetimes.values()) and created not in (0, sum(lifetimes.values())):
        detail = f"cache_creation is {created}, but {sum(lifetimes.values())} by lifetime"
        raise contradiction(detail, details.pointer("cache_creation"))
    lifetimes = {field: n for field, n in lifetimes.items() if n}
    parts = InputParts(
        total,
        details.count("cache_read") + (details.count(f"{tier}_cache_read") if tier else 0),
        sum(lifetimes.values()) or created,
        audio=details.count("audio"),
    )
    counts = split_input(parts, name="input_tokens", pointer=usage.pointer("input_tokens"))
    if lifetimes:
        counts = {field: n for field, n in counts.items() if field != "cache_write_tokens"} | lifetimes
    counts |= split_output(
        said,
        reasoning=out.count("reasoning") + (out.count(f"{tier}_reasoning") if tier else 0),
        audio=out.count("audio"),
        name="output_tokens",
        pointer=usage.pointer("output_tokens"),
    )
    metadata = call.body.part("response_metadata")
    model = metadata.word("model_name") or metadata.word("model") or call.model_named()
    return _reading(call, "langchain", LANGCHAIN, counts, model=model, processing=tier or None)


def vercel(call: Call) -> Reading:
    """A result of the AI SDK, or its usage by itself, in the names of any of its versions."""
    usage = call.body.part("usage")
    usage.harmless("raw")
    if isinstance(usage.values.get("inputTokens"), Mapping):
        return _vercel_of_provider(call, usage)
    old = "promptTokens" in usage.values
    inward, outward = ("promptTokens", "completionTokens") if old else ("inputTokens", "outputTokens")
    total, said = usage.needed(inward), usage.count(outward)
    details, out = usage.part("inputTokenDetails"), usage.part("outputTokenDetails")
    read, kept = details.count("cacheReadTokens"), details.count("cacheWriteTokens")
    cached = None if call.provider in _BESIDE and not details.values else usage.maybe("cachedInputTokens")
    if details.values and cached not in (None, 0, read):
        raise contradiction(f"cachedInputTokens is {cached}, but cacheReadTokens is {read}", details.at)
    adds_up(details.maybe("noCacheTokens"), total - read - kept, "what the cache leaves", details.at)
    reasoning = usage.count("reasoningTokens") or out.count("reasoningTokens")
    out.harmless("textTokens", "reasoningTokens")
    stated = usage.maybe("totalTokens")
    if reasoning and stated == total + said + reasoning:
        said += reasoning
    adds_up(stated, total + said, VERCEL.total, usage.pointer("totalTokens"))
    parts = InputParts(total, read or cached or 0, kept)
    counts = split_input(parts, name=inward, pointer=usage.pointer(inward))
    counts |= split_output(said, reasoning=reasoning, name=outward, pointer=usage.pointer(outward))
    return _reading(call, "vercel-ai", VERCEL, counts, model=_vercel_model(call))


def _vercel_of_provider(call: Call, usage: Body) -> Reading:
    """The usage that the AI SDK's providers hand to it: `inputTokens` {total, noCache, cacheRead, cacheWrite}."""
    inward, outward = usage.part("inputTokens"), usage.part("outputTokens")
    total, said = inward.needed("total"), outward.needed("total")
    parts = InputParts(total, inward.count("cacheRead"), inward.count("cacheWrite"))
    adds_up(inward.maybe("noCache"), total - parts.cached - parts.written, "what the cache leaves", inward.at)
    outward.harmless("text")
    counts = split_input(parts, name="inputTokens.total", pointer=inward.at)
    counts |= split_output(said, reasoning=outward.count("reasoning"), name="outputTokens.total", pointer=outward.at)
    return _reading(call, "vercel-ai", VERCEL, counts, model=_vercel_model(call))


def _vercel_model(call: Call) -> str | None:
    """The model that answered: a result has it in its response's metadata."""
    answer = call.body.values.get("response")
    named = answer.get("modelId") if isinstance(answer, Mapping) else None
    return named if isinstance(named, str) else call.model_named("model", "modelId")


def pydantic_ai(call: Call) -> Reading:
    """A `ModelResponse` of pydantic-ai; what the provider called its counts is repeated under `details`."""
    usage = call.body.part("usage")
    usage.harmless("details")
    _, counts = openai.input_and_output(usage)
    return _reading(call, "pydantic-ai", PYDANTIC_AI, counts, model=call.model_named("model_name"))


def _reading(
    call: Call,
    dialect: str,
    rules: Rules,
    counts: dict[str, int],
    *,
    model: str | None,
    processing: str | None = None,
) -> Reading:
    return Reading(
        dialect=dialect,
        rules=rules,
        provider=call.provider,
        model=model,
        counts=counts,
        processing="batch" if call.batch else processing,
        warnings=null_warning(call.body),
    )
