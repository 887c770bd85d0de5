"""xAI: reasoning beside the completion in chat, inside the output in responses; its own charge in ticks."""

from dataclasses import replace
from decimal import Decimal

from mlquote.estimators.tokens.dialects import compatible, openai
from mlquote.estimators.tokens.dialects.call import Call
from mlquote.estimators.tokens.dialects.reading import Body, Reading
from mlquote.kit.provenance import Warning

SHAPE = compatible.Shape(
    "xai",
    "https://docs.x.ai/developers/model-capabilities/text/reasoning",
    cached=("cached_prompt_text_tokens",),
    reasoning_beside=True,
)
USD_PER_TICK = Decimal("1e-10")
"""usage.cost_in_usd_ticks counts ten thousand million to the dollar (xai-org/xai-sdk-python#132)."""
PER_CALL = {
    "web_search_calls": "web_searches",
    "x_search_calls": "web_searches",
    "file_search_calls": "file_searches",
    "document_search_calls": "file_searches",
    "code_interpreter_calls": "code_sessions",
}
"""Server-side tools that are billed by the call -> the count they add to."""


def read(call: Call) -> Reading:
    """An xAI answer, with its server-side tools and the charge it reports."""
    usage = call.body.part("usage")
    if "prompt_tokens" in usage.values and "completion_tokens" in usage.values:
        reading = compatible.chat(call, SHAPE)
    else:
        reading = openai.read(call)
    usage.harmless("num_server_side_tools_used", "prompt_text_tokens")
    ticks = usage.quantity("cost_in_usd_ticks")
    counts = dict(reading.counts) | _tools(usage)
    warnings = (*reading.warnings, *_sources(usage))
    reported = None if ticks is None else ticks * USD_PER_TICK
    return replace(reading, counts=counts, reported_usd=reported, warnings=warnings)


def _sources(usage: Body) -> tuple[Warning, ...]:
    """Sources of the retired Live Search were billed by the piece, and no price of theirs is in the catalogue."""
    used = usage.count("num_sources_used")
    if not used or usage.has("server_side_tool_usage_details"):
        return ()
    return (Warning("sources-not-priced", f"{used} sources of Live Search were used, which are not in this cost"),)


def _tools(usage: Body) -> dict[str, int]:
    """Calls of server-side tools, as the usage counts them; output items are counted only where it does not."""
    details = usage.part("server_side_tool_usage_details")
    counts: dict[str, int] = {}
    for name, count in PER_CALL.items():
        if details.count(name):
            counts[count] = counts.get(count, 0) + details.count(name)
    return counts
