"""OpenRouter: it reports its charge, and that is what is paid.

`usage.cost` is the whole charge; `cost_details.upstream_inference_cost` is a part of it and adding both would double
it. Only with the caller's own provider key (`is_byok`) is the upstream cost paid beside OpenRouter's fee, to the
provider.
"""

from dataclasses import replace

from mlquote.estimators.tokens.dialects import anthropic, compatible, openai
from mlquote.estimators.tokens.dialects.call import Call
from mlquote.estimators.tokens.dialects.reading import Body, Reading, Rules, null_warning
from mlquote.estimators.tokens.dialects.tokens import InputParts, split_input, split_output
from mlquote.kit.provenance import Warning

SHAPE = compatible.Shape(
    "openrouter", "https://openrouter.ai/docs/cookbook/administration/usage-accounting", reasoning_estimated=True
)
_NOT_PAID = (
    "usage", "tokens_prompt", "tokens_completion", "native_tokens_completion_images", "num_media_prompt",
    "num_input_audio_prompt", "num_media_completion", "cache_discount",
)  # fmt: skip
"""What is kept of an answer beside the provider's counts and the charge: counts by another tokenizer, and of files."""
GENERATION = Rules(
    cached="inside native_tokens_prompt",
    reasoning="inside native_tokens_completion",
    total="",
    source_url="https://openrouter.ai/docs/api-reference/get-a-generation",
)


def read(call: Call) -> Reading:
    """An OpenRouter answer in any of its three shapes, with the charge it reports, or what it keeps of one."""
    if "native_tokens_prompt" in call.body.values:
        return _generation(call, call.body)
    usage = call.body.part("usage")
    if "prompt_tokens" in usage.values:
        reading = compatible.chat(call, SHAPE)
    elif "cache_creation_input_tokens" in usage.values or call.body.values.get("type") == "message":
        reading = anthropic.read(call)
    else:
        reading = openai.read(call)
    charge = usage.quantity("cost")
    details = usage.part("cost_details")
    upstream = details.quantity("upstream_inference_cost")
    details.harmless(*(name for name in details.values if name.endswith("_cost")))
    if not usage.values.get("is_byok") or not upstream:
        return replace(reading, reported_usd=charge)
    detail = f"your own provider key was used: {charge or 0} USD to OpenRouter and {upstream} USD to the provider"
    return replace(
        reading,
        reported_usd=(charge or 0) + upstream,
        warnings=(*reading.warnings, Warning("own-key", detail)),
    )


def _generation(call: Call, kept: Body) -> Reading:
    """What `GET /api/v1/generation` tells of an answer: the provider's own counts, and the charge."""
    name = "native_tokens_prompt"
    prompt, said = kept.needed(name), kept.needed("native_tokens_completion")
    parts = InputParts(prompt, kept.count("native_tokens_cached"))
    counts = split_input(parts, name=name, pointer=kept.pointer(name))
    counts |= split_output(
        said,
        reasoning=min(kept.count("native_tokens_reasoning"), said),
        name="native_tokens_completion",
        pointer=kept.pointer("native_tokens_completion"),
    )
    kept.harmless(*_NOT_PAID)
    charge = kept.quantity("total_cost")
    upstream = kept.quantity("upstream_inference_cost") if kept.values.get("is_byok") else None
    return Reading(
        dialect="openrouter-generation",
        rules=GENERATION,
        provider=call.provider,
        model=kept.word("model") or call.model,
        counts=counts,
        reported_usd=charge if not upstream else (charge or 0) + upstream,
        warnings=null_warning(call.body),
    )
