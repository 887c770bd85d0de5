"""Spans of model calls: whose attributes they are, what the instrumentations call each count, and which span to bill.

The semantic conventions of OpenTelemetry have renamed their counts several times, and OpenLLMetry, Strands, Sentry,
Vercel's AI SDK, pydantic-ai and OpenInference each have names of their own. They agree on what the counts hold: the
input includes what the cache did, the output includes reasoning.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from mlquote.estimators.tokens.dialects.reading import Body, contradiction
from mlquote.kit.errors import Malformed, OutOfDomain
from mlquote.kit.provenance import Warning

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "input": (
        "gen_ai.usage.input_tokens",
        "gen_ai.usage.prompt_tokens",
        "llm.token_count.prompt",
        "llm.usage.prompt_tokens",
        "ai.usage.inputTokens",
        "ai.usage.promptTokens",
        "ai.usage.tokens",
    ),
    "output": (
        "gen_ai.usage.output_tokens",
        "gen_ai.usage.completion_tokens",
        "llm.token_count.completion",
        "llm.usage.completion_tokens",
        "ai.usage.outputTokens",
        "ai.usage.completionTokens",
    ),
    "read": (
        "gen_ai.usage.cache_read.input_tokens",
        "gen_ai.usage.cache_read_input_tokens",
        "gen_ai.usage.cache_read_tokens",
        "gen_ai.usage.cached_tokens",
        "gen_ai.usage.cached_input_tokens",
        "gen_ai.usage.input_tokens.cached",
        "gen_ai.usage.input_tokens.cache_read",
        "gen_ai.usage.details.cache_read_tokens",
        "gen_ai.usage.details.cache_read_input_tokens",
        "gen_ai.usage.details.cached_tokens",
        "gen_ai.usage.details.cached_content_tokens",
        "gen_ai.usage.prompt_tokens_details.cached_tokens",
        "gen_ai.usage.input_tokens_details.cached_tokens",
        "llm.usage.cache_read_input_tokens",
        "llm.token_count.prompt_details.cache_read",
        "ai.usage.cachedInputTokens",
        "ai.usage.inputTokenDetails.cacheReadTokens",
    ),
    "written": (
        "gen_ai.usage.cache_creation.input_tokens",
        "gen_ai.usage.cache_write.input_tokens",
        "gen_ai.usage.cache_creation_input_tokens",
        "gen_ai.usage.cache_write_input_tokens",
        "gen_ai.usage.cache_creation_tokens",
        "gen_ai.usage.cache_write_tokens",
        "gen_ai.usage.input_tokens.cache_write",
        "gen_ai.usage.input_tokens.cache_creation",
        "gen_ai.usage.details.cache_write_tokens",
        "gen_ai.usage.details.cache_creation_input_tokens",
        "gen_ai.usage.details.cache_creation_tokens",
        "llm.usage.cache_creation_input_tokens",
        "llm.token_count.prompt_details.cache_write",
        "ai.usage.inputTokenDetails.cacheWriteTokens",
    ),
    "reasoning": (
        "gen_ai.usage.reasoning.output_tokens",
        "gen_ai.usage.reasoning_tokens",
        "gen_ai.usage.output_tokens.reasoning",
        "gen_ai.usage.details.reasoning_tokens",
        "gen_ai.usage.details.thoughts_tokens",
        "gen_ai.usage.completion_tokens_details.reasoning_tokens",
        "gen_ai.usage.output_tokens_details.reasoning_tokens",
        "llm.usage.reasoning_tokens",
        "llm.token_count.completion_details.reasoning",
        "ai.usage.reasoningTokens",
        "ai.usage.outputTokenDetails.reasoningTokens",
    ),
    "audio": (
        "gen_ai.usage.audio.input_tokens",
        "gen_ai.usage.input_tokens.audio",
        "gen_ai.usage.input_audio_tokens",
        "gen_ai.usage.details.input_audio_tokens",
        "llm.token_count.prompt_details.audio",
    ),
    "cached_audio": ("gen_ai.usage.details.cache_audio_read_tokens",),
    "image": ("gen_ai.usage.image.input_tokens", "gen_ai.usage.input_tokens.image"),
    "audio_out": (
        "gen_ai.usage.audio.output_tokens",
        "gen_ai.usage.output_tokens.audio",
        "gen_ai.usage.output_audio_tokens",
        "gen_ai.usage.details.output_audio_tokens",
        "llm.token_count.completion_details.audio",
    ),
    "image_out": ("gen_ai.usage.image.output_tokens", "gen_ai.usage.output_tokens.image"),
    "total": (
        "gen_ai.usage.total_tokens",
        "llm.usage.total_tokens",
        "llm.token_count.total",
        "ai.usage.totalTokens",
    ),
}
"""What a count is -> the attributes that instrumentations write it to; the first that is there is read."""
REPEATED: Final = (
    "gen_ai.usage.details.input_tokens",
    "gen_ai.usage.details.output_tokens",
    "gen_ai.usage.details.text_prompt_tokens",
    "gen_ai.usage.details.text_candidates_tokens",
    "gen_ai.usage.details.input_text_tokens",
    "gen_ai.usage.details.output_text_tokens",
    "gen_ai.usage.details.accepted_prediction_tokens",
    "gen_ai.usage.details.rejected_prediction_tokens",
    "ai.usage.inputTokenDetails.noCacheTokens",
    "ai.usage.outputTokenDetails.textTokens",
)
"""Attributes that repeat a provider's own count, or are what is left of a total."""
ROLE: Final = {name: role for role, names in NAMES.items() for name in names}
_BEGINNINGS: Final = ("gen_ai.", "ai.usage.", "llm.token_count.", "llm.usage.")
_PARENT: Final = ("parentSpanId", "parent_span_id", "parent_id", "parentId")
_OWN: Final = ("spanId", "span_id", "id")
_TRACE: Final = ("traceId", "trace_id")


def lineage(span: Mapping[str, Any]) -> tuple[str, str, str]:
    """A span's trace, its own id and its parent's, "" for what it does not say."""
    context = span.get("context")
    around = {**context, **span} if isinstance(context, Mapping) else span
    own, parent = _first(around, _OWN), _first(around, _PARENT)
    return _first(around, _TRACE), own, "" if parent == own else parent


def _first(values: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = values.get(name)
        if value:
            return value if type(value) is str else str(value)
    return ""


def tokens_of(span: Mapping[str, Any]) -> int | None:
    """What a span counts, input and output together; None where it counts nothing.

    Raises: Malformed, OutOfDomain
    """
    counts = counts_of(attributes_of(Body(span, ""))) if is_span(span) else {}
    return counts.get("input", 0) + counts.get("output", 0) if counts else None


def is_span(values: Mapping[str, Any]) -> bool:
    """Whether an object is a span of a model call, or the attributes of one."""
    attributes = values.get("attributes", values)
    if isinstance(attributes, list):
        return any(isinstance(a, Mapping) and str(a.get("key", "")).startswith(_BEGINNINGS) for a in attributes)
    return isinstance(attributes, Mapping) and any(str(name).startswith(_BEGINNINGS) for name in attributes)


def counts_of(attributes: Body) -> dict[str, int]:
    """What a span counts, by what it is; two attributes that say the same must agree.

    Raises: OutOfDomain (`contradictory-counts`)
    """
    attributes.harmless(*REPEATED)
    counts: dict[str, int] = {}
    named: dict[str, str] = {}
    for name in attributes.values:
        role = ROLE.get(name)
        count = None if role is None else attributes.maybe(name)
        if role is None or count is None:
            continue
        if counts.get(role, count) != count:
            detail = f"{named[role]} is {counts[role]}, but {name} is {count}"
            raise contradiction(detail, attributes.pointer(name))
        counts[role], named[role] = count, name
    return counts


def of_otlp(values: Mapping[str, Any], at: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """The spans of an OTLP export, each with its pointer."""
    for i, resource in enumerate(values.get("resourceSpans") or ()):
        for j, scope in enumerate(resource.get("scopeSpans") or ()):
            for k, span in enumerate(scope.get("spans") or ()):
                yield span, f"{at}/resourceSpans/{i}/scopeSpans/{j}/spans/{k}"


def one_of(events: Sequence[Mapping[str, Any]], at: str) -> Body:
    """The one call of several spans: a span above others that counts what they count together is not billed again.

    Raises: OutOfDomain (`several-answers`) where more than one call is left
    """
    return billed([(event, f"{at}/{place}") for place, event in enumerate(events)], at)


def billed(spans: Sequence[tuple[Mapping[str, Any], str]], at: str) -> Body:
    """As `one_of`, of spans with their pointers."""
    counted = []
    for span, where in spans:
        body = Body(span, where)
        counts = counts_of(attributes_of(body)) if is_span(span) else {}
        if "input" in counts or "output" in counts:
            counted.append((span, where, (counts.get("input", 0), counts.get("output", 0))))
    left = [one for one in counted if not _is_sum(one, counted)]
    if len(left) != 1:
        detail = f"these spans hold the usage of {len(left)} calls, and each is billed by itself"
        hint = "ask for each: POST /v1/estimates/inference/batch takes one a line"
        raise OutOfDomain(detail, pointer=at, hint=hint, code="several-answers")
    span, where, _ = left[0]
    body = Body(span, where)
    if len(counted) > 1:
        told = f"{len(counted) - 1} spans above this call repeat its counts, and are not billed again"
        body.notes.warnings.append(Warning("repeated-answers", told))
    return body


def _is_sum(one: tuple[Any, str, tuple[int, int]], all_of: Sequence[tuple[Any, str, tuple[int, int]]]) -> bool:
    """Whether a span counts what the spans below it, or all others of another kind, count together."""
    below = [other for other in all_of if other is not one and _is_below(one[0], other[0])]
    return bool(below) and (sum(o[2][0] for o in below), sum(o[2][1] for o in below)) == one[2]


def _is_below(above: Mapping[str, Any], span: Mapping[str, Any]) -> bool:
    """Whether a span says that it is a child of another, or is a model call where the other is an agent's."""
    own = next((above[name] for name in _OWN if above.get(name)), None)
    parent = next((span[name] for name in _PARENT if span.get(name)), None)
    if own is not None and parent is not None:
        return bool(own == parent)
    return _operation(above) in ("invoke_agent", "invoke_workflow") and _operation(span) not in ("invoke_agent", "")


def _operation(span: Mapping[str, Any]) -> str:
    attributes = attributes_of(Body(span, ""))
    return attributes.word("gen_ai.operation.name") or ""


def attributes_of(body: Body) -> Body:
    """A span's attributes as one flat object, from OTLP's list of keys and values or from an object."""
    attributes = body.values.get("attributes", body.values)
    if isinstance(attributes, Mapping):
        return body if attributes is body.values else Body(attributes, body.pointer("attributes"), body.notes)
    if not isinstance(attributes, list):
        raise Malformed("attributes must be an object or OTLP's list", pointer=body.pointer("attributes"))
    return Body(flat(attributes), body.pointer("attributes"), body.notes)


def flat(attributes: Sequence[Any]) -> dict[str, Any]:
    """OTLP's list of keys and values as one object."""
    return {str(a["key"]): _otlp(a.get("value")) for a in attributes if isinstance(a, Mapping) and "key" in a}


def _otlp(value: Any) -> Any:
    """OTLP JSON wraps each value in its type and writes 64-bit integers as text."""
    if not isinstance(value, Mapping):
        return value
    if "intValue" in value:
        text = str(value["intValue"])
        return int(text) if text.lstrip("-").isdigit() else text
    return next((value[kind] for kind in ("stringValue", "doubleValue", "boolValue") if kind in value), None)
