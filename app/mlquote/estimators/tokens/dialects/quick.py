"""The commonest answer of all, a plain chat completion, read in one look: the same reading, several times faster.

Whatever is not plain (a member that is not listed here, a null, audio, a stream, a citation) has no quick reading, and
the dialect reads it; a property test holds the two together.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from mlquote.estimators.tokens.dialects import compatible, openai
from mlquote.estimators.tokens.dialects.call import STANDARD_WORDS
from mlquote.estimators.tokens.dialects.reading import MOST_COUNT, Reading

_PLAIN: Final = {"openai": ("openai-chat", openai.CHAT)} | {
    provider: (f"{shape.name}-chat", shape.rules())
    for provider, shape in {
        "azure-openai": compatible.OTHER,
        "azure-ai-foundry": compatible.OTHER,
        **compatible.SHAPES,
    }.items()
}
"""Provider -> the dialect of its chat completions, where they are OpenAI's in all but name."""
_BODY: Final = frozenset({"id", "object", "created", "model", "choices", "usage", "service_tier", "system_fingerprint"})
_USAGE: Final = frozenset(
    {"prompt_tokens", "completion_tokens", "total_tokens", "prompt_tokens_details", "completion_tokens_details"}
)
_NOTHING: Final[Mapping[str, Any]] = {}


def plain_chat(provider: str, response: Any) -> Reading | None:
    """A chat completion of text, its prompt partly cached; None where it is anything else."""
    named = _PLAIN.get(provider)
    if named is None or type(response) is not dict or response.keys() - _BODY:
        return None
    usage, model, tier = response.get("usage"), response.get("model"), response.get("service_tier", "default")
    if response.get("object") != "chat.completion" or type(usage) is not dict or usage.keys() - _USAGE:
        return None
    if type(model) is not str or not model or model != model.strip() or "search" in model:
        return None
    if type(tier) is not str or tier not in STANDARD_WORDS or _cites(response.get("choices", ())):
        return None
    counts = _counts(usage)
    if counts is None:
        return None
    created = response.get("created")
    at = datetime.fromtimestamp(created, UTC) if type(created) is int and 0 < created < 10**10 else None
    dialect, rules = named
    processing = "standard" if "service_tier" in response else None
    return Reading(dialect, rules, provider, model, counts, processing, answered_at=at)


def _counts(usage: Mapping[str, Any]) -> dict[str, int] | None:
    """The disjoint counts; None where they are not plain, or do not make up one another."""
    prompt, completion = usage.get("prompt_tokens"), usage.get("completion_tokens")
    details, out = usage.get("prompt_tokens_details", _NOTHING), usage.get("completion_tokens_details", _NOTHING)
    if type(prompt) is not int or type(completion) is not int or usage.get("total_tokens") != prompt + completion:
        return None
    cached, reasoning = _only(details, "cached_tokens"), _only(out, "reasoning_tokens")
    if cached is None or reasoning is None or not 0 <= cached <= prompt <= MOST_COUNT:
        return None
    if not 0 <= reasoning <= completion <= MOST_COUNT:
        return None
    counts = {"input_tokens": prompt - cached}
    if cached:
        counts["cache_read_tokens"] = cached
    counts["output_tokens"] = completion
    if reasoning:
        counts["reasoning_tokens"] = reasoning
    return counts


def _only(details: Any, name: str) -> int | None:
    """The one count of a breakdown that is not zero; None where another one is, or it is no whole number."""
    if type(details) is not dict and details is not _NOTHING:
        return None
    found = 0
    for member, count in details.items():
        if type(count) is not int:
            return None
        if member == name:
            found = count
        elif count:
            return None
    return found


def _cites(choices: Any) -> bool:
    """Whether a message cites what it found, or is not there to be looked at."""
    if not choices:
        return False
    if type(choices) is not list:
        return True
    for choice in choices:
        message = choice.get("message", _NOTHING) if type(choice) is dict else None
        if not isinstance(message, Mapping) or message.get("annotations"):
            return True
        if choice.keys() & {"usage", "delta"}:
            return True
    return False
