"""The quick reader of spans: what a span's attributes are is worked out once for all spans that have the same names."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from mlquote.catalog.remembered import Memory
from mlquote.estimators.tokens.dialects import opentelemetry, spans, unread
from mlquote.estimators.tokens.dialects.plain import Plain, mode, named
from mlquote.estimators.tokens.dialects.reading import MOST_COUNT

_TIERS: Final = ("openai.response.service_tier", "gen_ai.openai.response.service_tier")
_COUNTED: Final = ("input", "output", "read", "written", "reasoning", "total")
_MOST_NAMES: Final = 100
_MOST_LETTERS: Final = 8000
_NUMBERS: Final = (int, float, Decimal)
_OUTSIDE: Final = frozenset(
    {
        "name", "kind", "traceId", "spanId", "parentSpanId", "trace_id", "span_id", "parent_id", "parent_span_id",
        "traceState", "flags", "startTimeUnixNano", "endTimeUnixNano", "start_time", "end_time", "attributes", "status",
        "context", "events", "links", "droppedAttributesCount", "droppedEventsCount", "droppedLinksCount", "resource",
        "provider", "model", "timestamp", "labels", "requests", "processing",
    }
)  # fmt: skip
"""Members of a span that say nothing about its usage."""


class _Names(NamedTuple):
    """What the names of a span's attributes tell."""

    roles: tuple[tuple[str, str], ...]
    """Attribute, and which count it is."""
    models: tuple[str, ...]
    tier: str
    suspects: tuple[str, ...]
    """Attributes that speak of something billed and are no count that is read: no number must stand there."""


def plain_span(span: Mapping[str, Any], model: str | None) -> Plain | None:
    """A span of a call of text, in any instrumentation's names."""
    attributes = span["attributes"]
    if type(attributes) is list:
        attributes = spans.flat(attributes)
    known = _KNOWN[tuple(attributes)] if type(attributes) is dict and span.keys() <= _OUTSIDE else None
    if known is None:
        return None
    model = named(attributes[known.models[0]]) if known.models else model
    processing = mode(attributes[known.tier]) if known.tier else None
    found = _found(attributes, known)
    counts = None if found is None else _counts(found)
    if counts is None or processing == "" or (known.models and model is None):
        return None
    return Plain("opentelemetry", opentelemetry.SPAN, model, counts, processing)


def _found(attributes: Mapping[str, Any], known: _Names) -> dict[str, int] | None:
    """Which count -> its quantity; None where one is of something else than text, or is not known."""
    found = {}
    for name, role in known.roles:
        value = attributes[name]
        if type(value) is not int or not 0 <= value <= MOST_COUNT:
            return None
        if role in _COUNTED:
            found[role] = value
        elif value:
            return None
    for name in known.suspects:
        if type(attributes[name]) in _NUMBERS and attributes[name]:
            return None
    return found


def _counts(found: Mapping[str, int]) -> dict[str, int] | None:
    """The disjoint counts; None where the counts or the total are no sum of their parts."""
    prompt, said, thought = found["input"], found.get("output", 0), found.get("reasoning", 0)
    read, written, total = found.get("read", 0), found.get("written", 0), found.get("total")
    cache = read + written
    if total is not None and total != prompt + said:
        if not cache or total != prompt + said + cache:
            return None
        prompt += cache
    if cache > prompt or thought > said:
        return None
    counts = {"input_tokens": prompt - cache}
    if read:
        counts["cache_read_tokens"] = read
    if written:
        counts["cache_write_tokens"] = written
    counts["output_tokens"] = said
    if thought:
        counts["reasoning_tokens"] = thought
    return counts


def _names_of(names: tuple[str, ...]) -> _Names | None:
    """What attributes of these names are; None where they are not plain: a count twice, a place, counts in a member."""
    known = frozenset(names)
    roles = tuple((name, spans.ROLE[name]) for name in names if name in spans.ROLE)
    counted = [role for _, role in roles]
    tiers = [name for name in _TIERS if name in known]
    is_odd = "input" not in counted or len(set(counted)) < len(counted) or len(tiers) > 1
    if is_odd or "cloud.region" in known or not known.isdisjoint(unread.ROOTS):
        return None
    read = {name for name, _ in roles} | set(spans.REPEATED)
    suspects = tuple(name for name in names if name not in read and unread.may_be_count(name))
    models = tuple(name for name in opentelemetry.MODELS if name in known)
    return _Names(roles, models, tiers[0] if tiers else "", suspects)


def _is_small(names: tuple[str, ...]) -> bool:
    return len(names) <= _MOST_NAMES and sum(map(len, names)) <= _MOST_LETTERS


_KNOWN: Final = Memory(_names_of, most=512, keeps=_is_small)
"""Names of a span's attributes -> what they tell; spans of one instrumentation have few sets of them."""
