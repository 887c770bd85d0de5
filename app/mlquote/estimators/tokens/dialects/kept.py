"""The provider's own usage, where a framework keeps it beside its own: it says more, so it is read instead.

LangChain puts it into a message's `response_metadata`; Vercel's AI SDK into `usage.raw` since version 6, and into
`providerMetadata` before. Their own counts leave out the lifetime of cache writes, searches and service tiers, and in
some versions what the cache did at all (https://github.com/vercel/ai/issues/4335,
https://github.com/langchain-ai/langchainjs/pull/9520).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mlquote.estimators.tokens.dialects.reading import Body

_MESSAGE: Final = ("usage", "token_usage")
"""Where LangChain's `response_metadata` has it."""
METADATA: Final = ("providerMetadata", "experimental_providerMetadata")
"""Where the AI SDK keeps what only one provider tells, by provider."""
_PROMPT: Final = ("prompt_tokens", "input_tokens", "promptTokenCount", "inputTokens")
_BESIDE: Final = (
    "cache_read_input_tokens", "cache_creation_input_tokens", "cacheReadInputTokens", "cacheWriteInputTokens",
    "toolUsePromptTokenCount",
)  # fmt: skip
"""Counts that some providers tell beside the prompt, and a framework may have added to it."""


def of_message(message: Mapping[str, Any], at: str) -> Body | None:
    """The answer that a message of LangChain was made of; None where it does not keep it."""
    told, metadata = message.get("usage_metadata"), message.get("response_metadata")
    if not isinstance(metadata, Mapping) or not isinstance(told, Mapping):
        return None
    for name in _MESSAGE:
        usage = metadata.get(name)
        if isinstance(usage, Mapping) and _is_of(usage, told.get("input_tokens")):
            model = metadata.get("model_name") or metadata.get("model") or message.get("model")
            values = {"usage": usage, "model": model, "service_tier": metadata.get("service_tier")}
            return _answer(values, at, f"{at}/response_metadata/{name}")
    return None


def of_result(result: Mapping[str, Any], at: str) -> Body | None:
    """The answer that a result of the AI SDK was made of; None where it does not keep it, or had several steps."""
    usage = result["usage"]
    told = usage.get("inputTokens", usage.get("promptTokens"))
    total = result.get("totalUsage", usage)
    if total != usage or type(told) is not int:
        return None
    response = result.get("response")
    model = response.get("modelId") if isinstance(response, Mapping) else None
    for kept, where in _kept(result, usage):
        if _is_of(kept, told):
            values = {"model": model or result.get("model") or result.get("modelId"), "service_tier": tier_of(result)}
            name = "usageMetadata" if "promptTokenCount" in kept else "usage"
            return _answer({name: kept, **values}, at, f"{at}/{where}")
    return None


def _kept(result: Mapping[str, Any], usage: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str]]:
    """The provider's own usage wherever a result may have it, with its path."""
    raw = usage.get("raw")
    if isinstance(raw, Mapping):
        yield raw, "usage/raw"
    for holder, metadata in _metadata(result):
        for name in ("usage", "usageMetadata"):
            inside = metadata.get(name)
            if isinstance(inside, Mapping):
                yield inside, f"{holder}/{name}"


def _metadata(result: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What only one provider tells, with its path."""
    for name in METADATA:
        by_provider = result.get(name)
        if isinstance(by_provider, Mapping):
            yield from ((f"{name}/{who}", told) for who, told in by_provider.items() if isinstance(told, Mapping))


def tier_of(result: Mapping[str, Any]) -> str | None:
    """The service tier that a result of the AI SDK was served in; None where it does not say."""
    tiers = (told.get("serviceTier") for _, told in _metadata(result))
    return next((tier for tier in tiers if isinstance(tier, str)), None)


def _is_of(usage: Mapping[str, Any], prompt: Any) -> bool:
    """Whether a provider's usage is that of a prompt of so many tokens, counted with what stands beside it or not."""
    own = next((usage[name] for name in _PROMPT if type(usage.get(name)) is int), None)
    if own is None:
        return False
    beside = sum(count for name in _BESIDE if type(count := usage.get(name)) is int)
    return prompt in (own, own + beside)


def _answer(values: Mapping[str, Any], at: str, where: str) -> Body:
    found = {name: value for name, value in values.items() if value is not None}
    name = "usageMetadata" if "usageMetadata" in found else "usage"
    return Body(found, at, placed={name: where})
