"""Groq: chat completions with timing fields, which are no counts, and compound systems of several models."""

from dataclasses import replace

from mlquote.estimators.tokens.dialects import compatible, openai
from mlquote.estimators.tokens.dialects.call import Call
from mlquote.estimators.tokens.dialects.reading import Body, Reading
from mlquote.kit.provenance import Warning

SHAPE = compatible.Shape("groq", "https://console.groq.com/docs/prompt-caching")

AT_LIST_PRICE = frozenset({"flex"})
"""Service tiers billed like on-demand: flex has higher limits and the same price
(console.groq.com/docs/flex-processing)."""


def read(call: Call) -> Reading:
    """A Groq answer; a stream's last chunk holds its usage under x_groq."""
    body = call.body
    if not body.has("usage") and body.part("x_groq").has("usage"):
        usage = body.part("x_groq").values["usage"]
        body = Body({**body.values, "usage": usage}, body.at, body.nulls)
        call = replace(call, body=body)
    if "prompt_tokens" not in body.part("usage").values:
        return openai.read(call)
    reading = compatible.chat(call, SHAPE)
    if reading.processing in AT_LIST_PRICE:
        reading = replace(reading, processing="standard")
    used = [model.word("model") or "?" for model in body.part("usage_breakdown").parts("models")]
    if len(set(used)) < 2:
        return reading
    detail = f"several models answered ({', '.join(sorted(set(used)))}); each is billed at its own price"
    return replace(reading, warnings=(*reading.warnings, Warning("several-models", detail)))
