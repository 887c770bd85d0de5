"""OpenRouter: it reports its charge, and that is what is paid.

`usage.cost` is the whole charge; `cost_details.upstream_inference_cost` is a part of it and adding both would double
it. Only with the caller's own provider key (`is_byok`) is the upstream cost paid beside OpenRouter's fee, to the
provider.
"""

from dataclasses import replace

from mlquote.estimators.tokens.dialects import anthropic, compatible, openai
from mlquote.estimators.tokens.dialects.call import Call
from mlquote.estimators.tokens.dialects.reading import Reading
from mlquote.kit.provenance import Warning

SHAPE = compatible.Shape(
    "openrouter", "https://openrouter.ai/docs/cookbook/administration/usage-accounting", reasoning_estimated=True
)


def read(call: Call) -> Reading:
    """An OpenRouter answer in any of its three shapes, with the charge it reports."""
    usage = call.body.part("usage")
    if "prompt_tokens" in usage.values:
        reading = compatible.chat(call, SHAPE)
    elif "cache_creation_input_tokens" in usage.values or call.body.values.get("type") == "message":
        reading = anthropic.read(call)
    else:
        reading = openai.read(call)
    charge = usage.quantity("cost")
    upstream = usage.part("cost_details").quantity("upstream_inference_cost")
    usage.harmless("cost_details")
    if not usage.values.get("is_byok") or not upstream:
        return replace(reading, reported_usd=charge)
    detail = f"your own provider key was used: {charge or 0} USD to OpenRouter and {upstream} USD to the provider"
    return replace(
        reading,
        reported_usd=(charge or 0) + upstream,
        warnings=(*reading.warnings, Warning("own-key", detail)),
    )
