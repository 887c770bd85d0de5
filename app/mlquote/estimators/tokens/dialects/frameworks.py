"""Usage as frameworks hand it on, whoever answered: LangChain, Vercel's AI SDK, pydantic-ai.

A framework has names and rules of its own for every provider, so its shape goes before the provider's dialect. In all
three the input total includes what the cache did and the output total includes reasoning; only the AI SDK before
version 6 passes on what the provider counts, and there a cached count beside Claude's input cannot be placed.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from mlquote.estimators.tokens.dialects import kept, openai, unread
from mlquote.estimators.tokens.dialects.call import Call, served_as
from mlquote.estimators.tokens.dialects.reading import Body, Reading, Rules, adds_up, contradiction, null_warning
from mlquote.estimators.tokens.dialects.tokens import InputParts, split_input, split_output
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.provenance import Warning

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
STRANDS = Rules(
    cached="beside usage.inputTokens for Claude, inside for others; the total tells where it holds them",
    reasoning="inside usage.outputTokens",
    total="inputTokens + outputTokens, with or without what the cache did",
    source_url="https://strandsagents.com/latest/documentation/docs/user-guide/observability-evaluation/metrics/",
)
_TIERS: Final = ("priority", "flex")
"""What LangChain puts before a detail's name, priority_cache_read, where OpenAI served in another tier."""
_LANGCHAIN_DETAILS: Final = frozenset(
    {"cache_read", "cache_creation", "audio", "reasoning", "ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"}
) | {f"{tier}_{name}" for tier in _TIERS for name in ("cache_read", "reasoning")}
_BESIDE: Final = frozenset({"anthropic", "aws-bedrock"})
"""Who counts cached tokens beside the input, and is passed on so by the AI SDK before version 6."""
_READ: Final = ("cacheReadInputTokens",)
_WRITTEN: Final = ("cacheCreationInputTokens", "cacheWriteInputTokens")
"""What Anthropic and Bedrock count beside the input, in the AI SDK's providerMetadata."""
_INSIDE: Final = ("cachedPromptTokens", "promptCacheHitTokens")
"""What OpenAI and DeepSeek count inside it, in the same place."""
_CONVERSE: Final = ("cacheReadInputTokens", "cacheWriteInputTokens")
"""What Strands calls the cache's tokens, after Bedrock's Converse, whoever answered."""
_NO_COUNTS: Final = (
    "groundingMetadata", "safetyRatings", "urlContextMetadata", "logprobs", "promptCacheMissTokens",
    "acceptedPredictionTokens", "rejectedPredictionTokens", "iterations", "contextManagement",
)  # fmt: skip
"""Members of providerMetadata that say nothing about the price, or repeat what is read elsewhere."""


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
    return _camel(call, usage)


def _camel(call: Call, usage: Mapping[str, Any]) -> Callable[[Call], Reading] | None:
    """The reader of a usage in Bedrock's or the AI SDK's names, by who answered and what is beside them."""
    total = usage.get("inputTokens")
    if "inputTokenDetails" in usage or "promptTokens" in usage or isinstance(total, Mapping):
        return vercel
    if total is None:
        return None
    if not usage.keys().isdisjoint(_CONVERSE):
        return None if call.provider == "aws-bedrock" else strands
    is_sdk = "cachedInputTokens" in usage or any(name in call.body.values for name in kept.METADATA)
    return vercel if is_sdk or call.provider != "aws-bedrock" else None


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
    total = call.body.part("totalUsage")
    usage = total if total.values else call.body.part("usage")
    steps = call.body.values.get("usage") if usage is total else None
    if isinstance(steps, Mapping) and steps != total.values:
        detail = "totalUsage sums up the steps of this result, and a price may depend on the length of each"
        call.body.notes.warnings.append(Warning("requests-together", detail))
    if usage is total:
        call.body.harmless("usage")
        unread.forget(call.body.part("usage"))
    usage.harmless("raw")
    if isinstance(usage.values.get("inputTokens"), Mapping):
        return _vercel_of_provider(call, usage)
    old = "promptTokens" in usage.values
    inward, outward = ("promptTokens", "completionTokens") if old else ("inputTokens", "outputTokens")
    total_in, said = usage.needed(inward), usage.count(outward)
    cache = _vercel_cache(call, usage, total_in)
    out = usage.part("outputTokenDetails")
    reasoning = usage.count("reasoningTokens") or out.count("reasoningTokens") or _told_apart(call, "reasoningTokens")
    out.harmless("textTokens", "reasoningTokens")
    stated = usage.maybe("totalTokens")
    plain = (usage.values[inward] or 0) + said
    if reasoning and stated == plain + reasoning:
        said += reasoning
    if stated != plain:
        adds_up(stated, cache.total + said, VERCEL.total, usage.pointer("totalTokens"))
    counts = split_input(cache, name=inward, pointer=usage.pointer(inward))
    counts |= split_output(said, reasoning=reasoning, name=outward, pointer=usage.pointer(outward))
    processing, _ = served_as(kept.tier_of(call.body.values))
    return _reading(call, "vercel-ai", VERCEL, counts, model=_vercel_model(call), processing=processing)


def _vercel_cache(call: Call, usage: Body, total: int) -> InputParts:
    """The prompt with what the cache did: by the details of version 6, by what one provider tells, by the total.

    Raises: OutOfDomain (`unread-count`) for cached tokens of Claude that may be inside the input or beside it
    """
    details = usage.part("inputTokenDetails")
    cached = usage.maybe("cachedInputTokens")
    if details.values:
        read, written = details.count("cacheReadTokens"), details.count("cacheWriteTokens")
        if cached not in (None, 0, read):
            raise contradiction(f"cachedInputTokens is {cached}, but cacheReadTokens is {read}", details.at)
        adds_up(details.maybe("noCacheTokens"), total - read - written, "what the cache leaves", details.at)
        _forget_metadata(call)
        return InputParts(total, read, written)
    inside = _told_apart(call, *_INSIDE)
    read, written = _told_apart(call, *_READ), _told_apart(call, *_WRITTEN)
    if call.provider not in _BESIDE and not read and not written:
        return InputParts(total, cached or inside)
    if cached and call.provider in _BESIDE and not (read or written or cached > total):
        raise OutOfDomain(
            f"cachedInputTokens is {cached}, inside inputTokens by version 6 of the AI SDK and beside it by version 5",
            pointer=usage.pointer("cachedInputTokens"),
            hint="send providerMetadata (or inputTokenDetails) along: it tells reads and writes",
            code="unread-count",
        )
    if cached and not (read or written):
        told = "no member tells what was written to the cache: version 5 of the AI SDK keeps that in providerMetadata"
        call.body.notes.warnings.append(Warning("cache-writes-not-told", told))
    read = read or cached or 0
    return InputParts(total + read + written, read, written)


def _told_apart(call: Call, *names: str) -> int:
    """A count that only one provider tells, in a result's providerMetadata; 0 where none does."""
    found = [holder.count(name) for holder in _metadata(call) for name in names]
    return max(found, default=0)


def _metadata(call: Call) -> Iterator[Body]:
    for name in kept.METADATA:
        by_provider = call.body.part(name)
        for who, told in by_provider.values.items():
            if isinstance(told, Mapping):
                holder = by_provider.part(who)
                holder.harmless(*_NO_COUNTS)
                yield holder
                if isinstance(told.get("usage"), Mapping):
                    yield holder.part("usage")


def _forget_metadata(call: Call) -> None:
    """Version 6 tells in its details what providerMetadata repeats."""
    for name in kept.METADATA:
        unread.forget(call.body.part(name))


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


def strands(call: Call) -> Reading:
    """A `Usage` of Strands: the names of Bedrock's Converse, and what the provider counts; the total may tell more."""
    usage = call.body.part("usage")
    total, said = usage.needed("inputTokens"), usage.needed("outputTokens")
    read, written = (usage.count(name) for name in _CONVERSE)
    stated, plain = usage.maybe("totalTokens"), total + said
    if stated != plain:
        adds_up(stated, plain + read + written, STRANDS.total, usage.pointer("totalTokens"))
    if call.provider in _BESIDE or stated not in (None, plain):
        total += read + written
    counts = split_input(InputParts(total, read, written), name="inputTokens", pointer=usage.pointer("inputTokens"))
    counts |= split_output(said, name="outputTokens", pointer=usage.pointer("outputTokens"))
    return _reading(call, "strands", STRANDS, counts, model=call.model_named())


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
