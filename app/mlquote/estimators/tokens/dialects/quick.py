"""The commonest answers of all, read in one look: the same reading as the dialect's own, several times faster.

Whatever is not plain (a member that is not listed here, a null among counts, audio, a search, a stream) has no quick
reading, and the dialect reads it; a property test holds the two together.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from mlquote.estimators.tokens.dialects import compatible, deepseek, groq, mistral, openai
from mlquote.estimators.tokens.dialects.plain import NOTHING, Plain, count, mode, moment, named, only
from mlquote.estimators.tokens.dialects.plain_shapes import (
    plain_converse,
    plain_generated,
    plain_message,
    plain_response,
)
from mlquote.estimators.tokens.dialects.plain_spans import plain_span
from mlquote.estimators.tokens.dialects.reading import MOST_COUNT

_CHATS: Final = {"openai": ("openai-chat", openai.CHAT)} | {
    provider: (f"{shape.name}-chat", shape.rules())
    for provider, shape in {
        "azure-openai": compatible.OTHER,
        "azure-ai-foundry": compatible.OTHER,
        "deepseek": deepseek.SHAPE,
        "groq": groq.SHAPE,
        "mistral": mistral.SHAPE,
        **compatible.SHAPES,
    }.items()
}
"""Provider -> the dialect of its chat completions, where they are OpenAI's in all but name."""
_OWN: Final[Mapping[str, Callable[[dict[str, Any], bool], Plain | None]]] = {
    "openai": plain_response,
    "azure-openai": plain_response,
    "azure-ai-foundry": plain_response,
    "anthropic": plain_message,
    "google": plain_generated,
    "google-vertex": plain_generated,
}
"""Provider -> the quick reader of what it answers in a shape of its own."""
_BODY: Final = frozenset(
    {
        "id", "object", "created", "model", "choices", "usage", "service_tier", "system_fingerprint", "x_groq",
        "prompt_filter_results",
    }
)  # fmt: skip
_LINE: Final = frozenset({"id", "custom_id", "response", "result", "error", "timestamp", "model"})
_DELIVERY: Final = frozenset({"status_code", "request_id", "body"})
_RESULT: Final = frozenset({"type", "message"})
"""Members of a batch's line, and of what it holds."""
_USAGE: Final = frozenset(
    {"prompt_tokens", "completion_tokens", "total_tokens", "prompt_tokens_details", "completion_tokens_details"}
)
_TIMES: Final = frozenset({"queue_time", "prompt_time", "completion_time", "total_time"})
_MORE: Final[Mapping[str, frozenset[str]]] = {
    "deepseek": _USAGE | {"prompt_cache_hit_tokens", "prompt_cache_miss_tokens"},
    "groq": _USAGE | _TIMES,
}
"""Provider -> the members of its usage, where it has more than OpenAI's."""


def plain(
    provider: str, response: Any, request: Mapping[str, Any] | None = None, model: str | None = None
) -> Plain | None:
    """What a provider's answer says where it is plain text through and through; None where it is anything else.

    Args: request, model: as the asker says them beside the response
    """
    if type(response) is not dict:
        return None
    if provider == "aws-bedrock" and "usage" in response:
        return plain_converse(response, request, model)
    if request is None and "attributes" in response:
        return plain_span(response, model)
    is_batch = "custom_id" in response
    body = _delivered(response) if is_batch else response
    if request is not None or type(body) is not dict:
        return None
    own = _OWN.get(provider)
    is_chat = own is None or body.get("object") == "chat.completion"
    return _chat(provider, body, is_batch) if is_chat or own is None else own(body, is_batch)


def _delivered(line: Mapping[str, Any]) -> Any:
    """The answer in a line of a batch's output, where it is one of OpenAI's, Mistral's or Anthropic's."""
    if not line.keys() <= _LINE:
        return None
    response, result = line.get("response"), line.get("result")
    if type(response) is dict:
        return response.get("body") if response.keys() <= _DELIVERY else None
    return result.get("message") if response is None and type(result) is dict and result.keys() <= _RESULT else None


def _chat(provider: str, response: Mapping[str, Any], is_batch: bool) -> Plain | None:
    """A chat completion of text, its prompt partly cached."""
    known, usage, model = _CHATS.get(provider), response.get("usage"), named(response.get("model"))
    if known is None or response.get("object") != "chat.completion" or not response.keys() <= _BODY:
        return None
    if type(usage) is not dict or not usage.keys() <= _MORE.get(provider, _USAGE):
        return None
    processing = mode(response.get("service_tier"), is_batch)
    if model is None or "search" in model or processing == "" or _cites(response.get("choices", ())):
        return None
    if provider == "groq" and not (processing in (None, "standard") and _are_numbers(usage, _TIMES)):
        return None
    counts = _counts(usage)
    return None if counts is None else Plain(*known, model, counts, processing, moment(response.get("created")))


def _counts(usage: Mapping[str, Any]) -> dict[str, int] | None:
    """The disjoint counts; None where they are not plain, or do not make up one another."""
    prompt, completion = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if type(prompt) is not int or type(completion) is not int or usage.get("total_tokens") != prompt + completion:
        return None
    cached = only(usage.get("prompt_tokens_details", NOTHING), "cached_tokens")
    reasoning = only(usage.get("completion_tokens_details", NOTHING), "reasoning_tokens")
    if "prompt_cache_hit_tokens" in usage or "prompt_cache_miss_tokens" in usage:
        hit, miss = count(usage, "prompt_cache_hit_tokens"), count(usage, "prompt_cache_miss_tokens")
        if hit + miss != prompt or (hit != cached and usage.get("prompt_tokens_details")):
            return None
        cached = hit
    if not 0 <= cached <= prompt <= MOST_COUNT or not 0 <= reasoning <= completion <= MOST_COUNT:
        return None
    counts = {"input_tokens": prompt - cached}
    if cached:
        counts["cache_read_tokens"] = cached
    counts["output_tokens"] = completion
    if reasoning:
        counts["reasoning_tokens"] = reasoning
    return counts


def _are_numbers(usage: Mapping[str, Any], names: Iterable[str]) -> bool:
    return all(type(usage.get(name, 0)) in (int, float, Decimal) for name in names)


def _cites(choices: Any) -> bool:
    """Whether a message cites what it found, or is not there to be looked at."""
    if not choices:
        return False
    if type(choices) is not list:
        return True
    for choice in choices:
        message = choice.get("message") if type(choice) is dict else None
        if type(message) is not dict or message.get("annotations") or "usage" in choice or "delta" in choice:
            return True
    return False
