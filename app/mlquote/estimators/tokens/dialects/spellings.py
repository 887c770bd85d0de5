"""The names under which proxies, SDKs and exports report a count inside an inclusive input or output total.

Every name here stands for a part of the total beside it: that is how LiteLLM, Codex, OpenAI's usage export, pydantic-ai
and the providers in OpenAI's shape all count. Shapes that count beside the total (Anthropic's, Bedrock's) read none.
"""

from typing import Final

from mlquote.estimators.tokens.dialects.reading import Body, contradiction
from mlquote.kit.provenance import Warning

CACHE_READS: Final = frozenset(
    {
        "cached_tokens", "cache_read_tokens", "cache_read_input_tokens", "prompt_cache_hit_tokens", "num_cached_tokens",
        "cached_prompt_tokens", "cached_input_tokens", "input_cached_tokens", "cached_prompt_text_tokens",
    }
)  # fmt: skip
CACHE_WRITES: Final = frozenset(
    {
        "cache_write_tokens", "cache_creation_tokens", "cache_creation_input_tokens", "cache_write_input_tokens",
        "input_cache_write_tokens",
    }
)  # fmt: skip
LIFETIMES: Final = ("cache_creation", "cache_creation_token_details", "cache_write_tokens_details")
"""Members that split cache writes by lifetime: Alibaba's and LiteLLM's, in Anthropic's names, and OpenAI's."""
_BY_LIFETIME: Final = {
    "ephemeral_5m_input_tokens": "cache_write_5m_tokens",
    "ephemeral_1h_input_tokens": "cache_write_1h_tokens",
    "ephemeral_30m_input_tokens": "cache_write_tokens",
    "ephemeral_12h_input_tokens": "cache_write_12h_tokens",
    "ttl_30m_tokens": "cache_write_tokens",
    "ttl_12h_tokens": "cache_write_12h_tokens",
}
"""Member of those -> the count it is; half an hour is OpenAI's default."""
AUDIO: Final = frozenset({"input_audio_tokens", "audio_input_tokens", "prompt_audio_tokens"})
IMAGE: Final = frozenset({"input_image_tokens", "image_input_tokens", "prompt_image_tokens"})
CACHED_AUDIO: Final = frozenset({"cache_audio_read_tokens", "input_cached_audio_tokens", "cached_audio_tokens"})
CACHED_IMAGE: Final = frozenset({"input_cached_image_tokens", "cached_image_tokens"})
FLAT: Final = AUDIO | IMAGE | CACHED_AUDIO | CACHED_IMAGE
"""Modalities of the input, named beside the total and not in a breakdown of it."""
REASONING: Final = frozenset({"reasoning_tokens", "reasoning_output_tokens", "output_reasoning_tokens"})
AUDIO_OUT: Final = frozenset({"output_audio_tokens", "audio_output_tokens", "completion_audio_tokens"})
IMAGE_OUT: Final = frozenset({"output_image_tokens", "image_output_tokens"})
FLAT_OUT: Final = REASONING | AUDIO_OUT | IMAGE_OUT
TEXT: Final = frozenset(
    {"input_text_tokens", "output_text_tokens", "input_uncached_tokens", "input_cached_text_tokens", "text_tokens"}
)
"""What is left of a total when all else is taken off it."""


def told(body: Body, names: frozenset[str]) -> int | None:
    """The one figure that all of these members give; None where none is there.

    Raises: OutOfDomain where two of them differ
    """
    found = body.values.keys() & names
    if not found:
        return None
    counts = {name: n for name in sorted(found) if (n := body.maybe(name)) is not None}
    for name, n in counts.items():
        first = next(iter(counts))
        if n != counts[first]:
            raise contradiction(f"{first} is {counts[first]}, but {name} is {n}", body.pointer(name))
    return next(iter(counts.values()), None)


def agreed(details: Body, usage: Body, names: frozenset[str], own: tuple[str, ...] = ()) -> int | None:
    """The same from a total's breakdown and from beside the total, which must agree.

    Args: own: names that the provider itself documents; another one found alone is read with a word about it
    """
    detailed = told(details, names)
    beside = told(usage, names)
    if beside is None:
        return detailed
    if detailed is not None:
        if beside != detailed:
            name = min(usage.values.keys() & names)
            detail = f"{name} is {beside}, but the breakdown says {detailed}"
            raise contradiction(detail, usage.pointer(name))
        return detailed
    name = min(usage.values.keys() & names)
    if beside and name not in own:
        detail = f"{usage.pointer(name)} is no name of this provider's: read as a part of the input total beside it"
        usage.notes.warnings.append(Warning("count-by-another-name", detail))
    return beside


def lifetimes(details: Body, usage: Body) -> dict[str, int]:
    """Cache writes by lifetime inside an inclusive total, where it tells them."""
    for name in LIFETIMES:
        holder = details if details.has(name) else usage
        if holder.has(name):
            parts = holder.part(name)
            return {field: n for told, field in _BY_LIFETIME.items() if (n := parts.count(told))}
    return {}
