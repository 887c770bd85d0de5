"""Cohere: what is billed is `billed_units`; `tokens` counts what the model saw and is not billed.

The v2 chat response names no model: the request does, or the asker.
"""

from mlquote.estimators.tokens.dialects import compatible
from mlquote.estimators.tokens.dialects.call import Call
from mlquote.estimators.tokens.dialects.reading import Reading, Rules, null_warning
from mlquote.kit.errors import Malformed

BILLED = Rules(
    cached="",
    reasoning="inside billed_units.output_tokens",
    total="",
    source_url="https://docs.cohere.com/reference/chat",
)


def read(call: Call) -> Reading:
    """A Cohere answer: chat, embed, rerank; v2 under usage, v1 under meta."""
    usage = call.body.part("usage") if call.body.has("usage") else call.body.part("meta")
    if "prompt_tokens" in usage.values:
        return compatible.chat(call, compatible.OTHER)
    if not usage.has("billed_units"):
        raise Malformed(
            "billed_units is missing, and it holds what is billed",
            pointer=usage.pointer("billed_units"),
            hint="tokens counts what the model saw, which is not what is billed",
        )
    units = usage.part("billed_units")
    usage.harmless("cached_tokens", "api_version")
    usage.part("tokens").harmless("input_tokens", "output_tokens")
    counts = {
        "input_tokens": units.maybe("input_tokens"),
        "output_tokens": units.maybe("output_tokens"),
        "rerank_searches": units.maybe("search_units"),
        "input_images": units.maybe("images"),
        "image_input_tokens": units.maybe("image_tokens"),
    }
    found = {name: n for name, n in counts.items() if n is not None}
    if not found:
        units.needed("input_tokens")
    return Reading(
        dialect="cohere",
        rules=BILLED,
        provider=call.provider,
        model=call.model_named(),
        counts=found,
        processing="batch" if call.batch else None,
        warnings=null_warning(call.body),
    )
