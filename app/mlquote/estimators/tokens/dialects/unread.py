"""What of a response's counts nobody read: each number is read, declared harmless, or said.

A dialect asks a `Body` for the counts it knows, and the body remembers the names. What is left over in the objects
that hold counts is a fault where its name speaks of something that is billed, and a warning otherwise, so that a count
that a provider adds tomorrow is never dropped in silence.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from mlquote.estimators.tokens.dialects.reading import Body, Notes, escaped
from mlquote.kit.errors import OutOfDomain, nearest
from mlquote.kit.provenance import Warning

ROOTS: Final = (
    "turns", "usage", "usageMetadata", "usage_metadata", "usage_info", "usage_breakdown", "tool_usage", "meta",
    "amazon-bedrock-invocationMetrics", "token_usage", "tokenUsage", "billing", "totalUsage",
    "providerMetadata", "experimental_providerMetadata",
)  # fmt: skip
"""Members of a response that hold counts."""
PREFIXES: Final = ("gen_ai.usage.", "ai.usage.", "llm.token_count.", "llm.usage.")
"""How the names of a span's counts begin."""
BILLED: Final = re.compile(r"token|cache|audio|image|video|char|seconds|pages", re.IGNORECASE)
"""A name that speaks of something that is billed."""
HARMLESS: Final = re.compile(
    r"(?:^|[._])(?:max|min|limit|remaining)[._A-Z]|context_window|contextWindow"
    r"|(?:_time|Time|_ms|Ms|_bytes|_at|[lL]atency|[dD]uration|_checkpoint|_per_second|_per_sec|_rate)$"
)
"""A name of a limit, a time or a size: no count of what was used."""
REPEATED: Final = frozenset({"x_details"})
"""Members that tell the same counts once more: Alibaba's, by kind of API."""
_ROOTS: Final = frozenset(ROOTS)
_NUMBERS: Final = (int, float, Decimal)
_NOTHING: Final[frozenset[str]] = frozenset()


def check(body: Body) -> tuple[Warning, ...]:
    """Refuse a response with a count that nobody read, and tell of other numbers that nobody read.

    Raises: OutOfDomain (`unread-count`), with every such count's pointer
    """
    notes = body.notes
    found = [left for left in _unread(body, notes) if not HARMLESS.search(left[1])]
    if not found:
        return ()
    billed = [(at, name, value) for at, name, value in found if BILLED.search(f"{at.rpartition('/')[2]}.{name}")]
    if billed:
        at, name, value = billed[0]
        known = {known for names in notes.read.values() for known in names}
        more = "" if len(billed) == 1 else f", nor are {', '.join(f'{n} ({v})' for _, n, v in billed[1:6])}"
        raise OutOfDomain(
            f"{name} is {value}, and is no count of this dialect{more}: leaving it out could make the bill wrong",
            pointer=f"{at}/{escaped(name)}",
            hint=nearest(name, known) or "leave it out where it repeats another count, or say usage yourself",
            code="unread-count",
        )
    told = ", ".join(f"{at}/{escaped(name)} ({value})" for at, name, value in found[:12])
    return (Warning("unread-number", f"nothing is made of {told}"),)


def _unread(body: Body, notes: Notes) -> Iterator[tuple[str, str, Any]]:
    """Every number in the objects that hold counts, and every billed one beside them, that was not read."""
    values, read = body.values, notes.read
    for root, inside in values.items():
        if root not in _ROOTS:
            continue
        if type(inside) is dict:
            yield from _walk(inside, body.pointer(root), body)
        elif type(inside) is list:
            for place, member in enumerate(inside):
                if type(member) is dict:
                    yield from _walk(member, f"{body.pointer(root)}/{place}", body)
    yield from notes.beside
    if body.at in body.placed.values():
        return
    names = read.get(body.at, _NOTHING)
    for name, value in values.items():
        if type(value) in _NUMBERS and value and name not in names and _billed(name):
            yield body.at, name, value


def note_beside(body: Body, around: Mapping[str, Any], at: str) -> None:
    """Note the numbers of what an answer comes wrapped in that speak of something billed: no dialect looks there."""
    left = ((name, value) for name, value in around.items() if type(value) in _NUMBERS and value and _billed(name))
    body.notes.beside += [(at, name, value) for name, value in left]


def counted(values: Mapping[str, Any]) -> Iterator[str]:
    """The members of an object that hold counts."""
    return (root for root in ROOTS if values.get(root))


def forget(body: Body) -> None:
    """Declare all of an object's members harmless: they are read elsewhere, one turn after another."""
    body.harmless(*body.values)


def numbers_under(name: str, value: Any) -> Iterator[int]:
    """The whole numbers of every object that stands under a name, however deep."""
    if isinstance(value, list):
        for member in value:
            yield from numbers_under(name, member)
    elif isinstance(value, dict):
        for member_name, member in value.items():
            if member_name == name and isinstance(member, dict):
                yield from (n for n in member.values() if type(n) is int)
            else:
                yield from numbers_under(name, member)


def may_be_count(name: str) -> bool:
    """Whether a number of this name, beside the objects that hold counts, must be read or said."""
    return _billed(name) and not HARMLESS.search(name)


def _billed(name: str) -> bool:
    return name.startswith(PREFIXES) or (BILLED.search(name) is not None and "request" not in name)


def _walk(values: Mapping[str, Any], at: str, body: Body) -> Iterator[tuple[str, str, Any]]:
    names, spelt = body.notes.read.get(at, _NOTHING), body.spelt
    for name, value in values.items():
        kind = type(value)
        if value and name not in names and name not in REPEATED:
            own = name if spelt is None else spelt(name)
            if kind in _NUMBERS or (kind is str and value.isdigit() and BILLED.search(name)):
                yield at, own, value
            elif kind is dict:
                yield from _walk(value, f"{at}/{escaped(own)}", body)
            elif kind is list:
                for place, member in enumerate(value):
                    if type(member) is dict:
                        yield from _walk(member, f"{at}/{escaped(own)}/{place}", body)
