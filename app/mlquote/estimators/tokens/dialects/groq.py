"""Groq: chat completions with timing fields, which are no counts, and compound systems of several models."""

from dataclasses import replace

from mlquote.estimators.tokens.dialects import compatible, openai
from mlquote.estimators.tokens.dialects.call import Call
from mlquote.estimators.tokens.dialects.reading import Body, Pass, Reading, adds_up
from mlquote.kit.provenance import Warning

SHAPE = compatible.Shape("groq", "https://console.groq.com/docs/prompt-caching")

AT_LIST_PRICE = frozenset({"flex"})
"""Service tiers billed like on-demand: flex has higher limits and the same price
(console.groq.com/docs/flex-processing)."""


def read(call: Call) -> Reading:
    """A Groq answer."""
    body = call.body
    if "prompt_tokens" not in body.part("usage").values:
        return openai.read(call)
    reading = compatible.chat(call, SHAPE)
    if reading.processing in AT_LIST_PRICE:
        reading = replace(reading, processing="standard")
    return _by_model(reading, body.part("usage_breakdown").parts("models"))


def _by_model(reading: Reading, models: list[Body]) -> Reading:
    """A compound system's answer by the models that made it, each billed at its own price."""
    passes = [Pass(model.word("model"), _counts(model.part("usage"))) for model in models]
    if not passes:
        return reading
    told = Warning(
        "several-models",
        f"{', '.join(sorted({one.model or '?' for one in passes}))} each answered a part, and each is billed apart",
    )
    warnings = (*reading.warnings, told) if len(passes) > 1 else reading.warnings
    first, *others = passes
    return replace(reading, model=first.model, counts=first.counts, others=tuple(others), warnings=warnings)


def _counts(usage: Body) -> dict[str, int]:
    prompt, completion = usage.needed("prompt_tokens"), usage.needed("completion_tokens")
    adds_up(usage.maybe("total_tokens"), prompt + completion, "prompt and completion", usage.pointer("total_tokens"))
    return openai.prompt_counts(usage, prompt) | openai.completion_counts(usage, completion)
