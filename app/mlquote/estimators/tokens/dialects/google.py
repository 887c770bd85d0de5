"""Google's generateContent, on the Gemini API and on Vertex AI.

Cached tokens are inside `promptTokenCount`. Thoughts and the prompts of tools are not: they stand beside
`candidatesTokenCount` and `promptTokenCount`, and the total is the sum of all four. Gemini 3 and later bill grounding
by the distinct query, earlier models once a grounded prompt; what a search or a map retrieved is not charged as input
(ai.google.dev/gemini-api/docs/pricing), unlike the pages and files that other tools read.
"""

import re

from mlquote.estimators.tokens.dialects import anthropic, compatible, unread
from mlquote.estimators.tokens.dialects.call import Call, served_as
from mlquote.estimators.tokens.dialects.reading import (
    Body,
    Pass,
    Reading,
    Rules,
    adds_up,
    contradiction,
    null_warning,
    within,
)
from mlquote.estimators.tokens.dialects.tokens import InputParts, split_input, split_output
from mlquote.kit.provenance import Warning

GENERATE = Rules(
    cached="inside usageMetadata.promptTokenCount",
    reasoning="beside usageMetadata.candidatesTokenCount",
    total="promptTokenCount + toolUsePromptTokenCount + candidatesTokenCount + thoughtsTokenCount",
    source_url="https://ai.google.dev/api/generate-content#UsageMetadata",
)
TRAFFIC = {
    "on_demand": "standard",
    "on_demand_priority": "priority",
    "on_demand_flex": "flex",
    "provisioned_throughput": "provisioned_throughput",
}
"""Vertex AI's trafficType in the catalogue's words."""
PER_QUERY = re.compile(r"gemini-(?:[3-9]|\d\d)|nano-banana")
"""Models whose grounding is billed by the query: Gemini 3 and later."""


def read(call: Call) -> Reading:
    """A generateContent response; an Anthropic or OpenAI shape where Google serves those."""
    if not call.body.has("usageMetadata") and call.body.has("usage"):
        usage = call.body.part("usage")
        if "total_input_tokens" in usage.values:
            return _interaction(call, usage)
        return compatible.chat(call, compatible.GEMINI) if "prompt_tokens" in usage.values else anthropic.read(call)
    if call.body.has("predictions"):
        made = len(call.body.values["predictions"])
        return Reading("google-predict", GENERATE, call.provider, call.model_named(), {"images": made})
    usage = call.body.needed_part("usageMetadata", "of a stream, the last chunk carries the final counts")
    tier = usage.word("serviceTier") or usage.word("trafficType")
    folded = (tier or "").casefold()
    known = None if folded.endswith("unspecified") else TRAFFIC.get(folded, folded)
    processing, warnings = served_as(known, batch=call.batch)
    model = call.model_named("modelVersion", "model")
    grounding = _grounding(call.body, model or "")
    turns = [_tokens(turn, retrieved_is_free=False) for turn in call.body.parts("turns")]
    counts = turns[0] if turns else _tokens(usage, retrieved_is_free=bool(grounding))
    if turns:
        unread.forget(usage)
    return Reading(
        dialect="google-generate-content",
        rules=GENERATE,
        provider=call.provider,
        model=model.removeprefix("models/") if model else None,
        counts=counts | grounding,
        processing=processing,
        warnings=(*warnings, *_unbilled(usage, grounding), *null_warning(call.body)),
        others=tuple(Pass(None, turn) for turn in turns[1:]),
    )


def _unbilled(usage: Body, grounding: dict[str, int]) -> tuple[Warning, ...]:
    """What a search or a map brought into the prompt is part of its price."""
    tokens = usage.count("toolUsePromptTokenCount") if grounding else 0
    if not tokens:
        return ()
    detail = f"{tokens} tokens that the grounding retrieved are not charged as input (toolUsePromptTokenCount)"
    return (Warning("retrieved-tokens-not-charged", detail),)


def _tokens(usage: Body, *, retrieved_is_free: bool) -> dict[str, int]:
    """Prompt and tool prompts in, candidates and thoughts out; every modality apart."""
    prompt, tool = usage.count("promptTokenCount"), usage.count("toolUsePromptTokenCount")
    cached = usage.count("cachedContentTokenCount")
    within(cached, "cachedContentTokenCount", prompt, "promptTokenCount", usage.pointer("cachedContentTokenCount"))
    said, thoughts = _said(usage), usage.count("thoughtsTokenCount")
    if not usage.has("promptTokenCount") and not tool:
        usage.needed("promptTokenCount")
    said = _without_thoughts(usage, prompt + tool, said, thoughts)
    tool = 0 if retrieved_is_free else tool
    if not tool:
        usage.harmless("toolUsePromptTokensDetails")
    shown = modalities(usage, "promptTokensDetails", prompt)
    held = modalities(usage, "cacheTokensDetails", cached)
    tools = modalities(usage, "toolUsePromptTokensDetails", tool) if tool else {}
    known = usage.has("cacheTokensDetails")
    parts = InputParts(
        total=prompt + tool,
        cached=cached,
        audio=shown.get("AUDIO", 0) + tools.get("AUDIO", 0),
        image=shown.get("IMAGE", 0) + tools.get("IMAGE", 0),
        video=shown.get("VIDEO", 0) + tools.get("VIDEO", 0),
        cached_audio=held.get("AUDIO", 0) if known else None,
        cached_image=held.get("IMAGE", 0) if known else None,
        cached_video=held.get("VIDEO", 0) if known else None,
    )
    out_name = "responseTokensDetails" if usage.has("responseTokensDetails") else "candidatesTokensDetails"
    out = modalities(usage, out_name, said)
    return split_input(parts, name="promptTokenCount", pointer=usage.pointer("promptTokenCount")) | split_output(
        said + thoughts,
        reasoning=thoughts,
        audio=out.get("AUDIO", 0),
        image=out.get("IMAGE", 0),
        video=out.get("VIDEO", 0),
        name="candidatesTokenCount + thoughtsTokenCount",
        pointer=usage.pointer("candidatesTokenCount"),
    )


def _said(usage: Body) -> int:
    """What the model said: candidatesTokenCount, or the Live API's responseTokenCount."""
    return usage.count("responseTokenCount") if usage.has("responseTokenCount") else usage.count("candidatesTokenCount")


def _without_thoughts(usage: Body, prompt: int, said: int, thoughts: int) -> int:
    """The candidates without thoughts, by the total: Google counts them apart, some Vertex models together."""
    total = usage.maybe("totalTokenCount")
    if total is None or total == prompt + said + thoughts:
        return said
    if thoughts and total == prompt + said and thoughts <= said:
        return said - thoughts
    raise contradiction(
        f"totalTokenCount is {total}, but the prompts ({prompt}), candidates ({said}) and thoughts ({thoughts}) "
        f"make {prompt + said + thoughts}",
        usage.pointer("totalTokenCount"),
    )


def modalities(usage: Body, name: str, whole: int) -> dict[str, int]:
    """Tokens by modality of one count; a document's pages are text to the price list."""
    found: dict[str, int] = {}
    for part in usage.parts(name):
        modality = (part.word("modality") or "TEXT").upper()
        found[modality] = found.get(modality, 0) + part.count("tokenCount")
    within(sum(found.values()), name, whole, "the count it breaks down", usage.pointer(name))
    return found


def _grounding(body: Body, model: str) -> dict[str, int]:
    """Billed searches and map look-ups of all candidates.

    A query is billed once however often the model repeats it, and an empty one not at all (BerriAI/litellm#36397).
    """
    queries: set[str] = set()
    maps = 0
    for candidate in body.parts("candidates"):
        grounding = candidate.part("groundingMetadata")
        queries |= {q.strip() for q in grounding.values.get("webSearchQueries") or () if isinstance(q, str)} - {""}
        maps |= any("maps" in chunk.values for chunk in grounding.parts("groundingChunks"))
    searches = len(queries) if PER_QUERY.search(model) else min(1, len(queries))
    return {name: n for name, n in (("web_searches", searches), ("maps_queries", maps)) if n}


def _interaction(call: Call, usage: Body) -> Reading:
    """The Interactions API, which renames the same counts."""
    prompt, tool = usage.needed("total_input_tokens"), usage.count("total_tool_use_tokens")
    said, thoughts = usage.count("total_output_tokens"), usage.count("total_thought_tokens")
    cached = usage.count("total_cached_tokens")
    total = usage.maybe("total_tokens")
    adds_up(total, prompt + tool + said + thoughts, "the sum of all counts", usage.pointer("total_tokens"))
    usage.harmless("input_tokens_by_modality", "output_tokens_by_modality", "cached_tokens_by_modality")
    parts = InputParts(prompt + tool, cached)
    counts = split_input(parts, name="total_input_tokens", pointer=usage.at)
    counts |= split_output(said + thoughts, reasoning=thoughts, name="total_output_tokens", pointer=usage.at)
    processing, warnings = served_as(call.body.word("service_tier"), batch=call.batch)
    return Reading(
        dialect="google-interactions",
        rules=GENERATE,
        provider=call.provider,
        model=call.model_named(),
        counts=counts,
        processing=processing,
        warnings=warnings,
    )
