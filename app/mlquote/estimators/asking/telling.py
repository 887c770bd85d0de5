"""The one place where an answer's provenance is written: every fact of a question, told in order, each once.

An estimate is four lines: `facts = facts_of(question, catalog, when)` makes every look-up and holds each as a
`Finding`; `run = run_of(question, facts)` is pure formulas; `result = result_of(run)` shapes; `told(...)` writes. What
a run derives and must say (a default taken, a range implied) is a Finding too. A fact that is used and not told cannot
exist: whatever Finding stands in a field of `facts` or `run` is told, whether anybody lists it or not.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from operator import attrgetter
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from mlquote.catalog.remembered import Memory, MemoryOfThese
from mlquote.estimators.asking.finding import Finding
from mlquote.formulas.uncertainty import Uncertain
from mlquote.kit.provenance import Answer, Assumption, CatalogRef, RowRef, Trail, Warning

Shares = Mapping[str, Mapping[str, float]]
"""Headline figure -> source of doubt -> its share of that figure's log-variance."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What goes around a result: the question as it was understood, and the release and moment that answered it."""

    question: Mapping[str, Any]
    catalog: CatalogRef


def told(envelope: Envelope, result: Any, *records: object, shares: Shares | None = None) -> Answer:
    """The finished answer: `result` with every Finding of `records` told, in their order, each once.

    Args:    records: Findings, or records (dataclasses, tuples) that hold Findings; a Finding already told is passed
             over, so that a few may be named first for the order in which people read them
             shares: as `shares_of` makes them; each assumption gets its mean share
    """
    found: dict[int, Finding[object]] = {}
    _gather(records, found)
    assumptions = list(getattr(envelope.question, "readings", ()))
    warnings: dict[tuple[str, str], Warning] = {}
    for finding in found.values():  # `Finding.told`, written out: this is walked for each answer
        if finding.assumptions:
            assumptions += finding.assumptions
        for warning in finding.warnings:
            warnings.setdefault((warning.code, warning.detail), warning)
    for warning in envelope.catalog.warnings:
        warnings.setdefault((warning.code, warning.detail), warning)
    if shares:
        add_shares(assumptions, mean_shares(shares))
    rows = _ROWS.of(*[finding.rows for finding in found.values() if finding.rows])
    return Answer(envelope.question, result, tuple(assumptions), envelope.catalog, rows, tuple(warnings.values()))


def _each_once(found: tuple[tuple[RowRef, ...], ...]) -> tuple[RowRef, ...]:
    """The rows of several Findings, each where it stood first."""
    rows: dict[tuple[str, str, datetime | None], RowRef] = {}
    for some in found:
        for row in some:
            rows.setdefault((row.table, row.key, row.effective_from), row)
    return tuple(rows.values())


_ROWS: MemoryOfThese[tuple[RowRef, ...], tuple[RowRef, ...]] = MemoryOfThese(_each_once, most=512)
"""Most questions rest on the same few rows in the same order."""


def write(trail: Trail, *records: object) -> None:
    """Every Finding of the records written on a trail, in their order, each once."""
    for finding in findings_in(records):
        finding.told(trail)


def findings_in(record: object) -> Iterator[Finding[object]]:
    """Every Finding in a record: itself, or those of its fields in their order, nested records and tuples walked."""
    found: dict[int, Finding[object]] = {}
    _gather(record, found)
    return iter(found.values())


def _gather(record: object, found: dict[int, Finding[object]]) -> None:
    """Add every Finding in a record by its identity, where it stood first: this is walked for each answer."""
    if isinstance(record, Finding):
        found[id(record)] = record
        return
    if isinstance(record, tuple):
        values: tuple[object, ...] = record
    else:
        read = _READERS[type(record)]
        if read is None:
            return
        values = read(record)
    for value in values:
        if type(value) is Finding:
            found[id(value)] = value
        else:
            _gather(value, found)


def shares_of(headlines: Mapping[str, Uncertain | None]) -> dict[str, dict[str, float]]:
    """What each headline figure's doubt comes from; figures that are unknown are left out."""
    return {name: value.shares() for name, value in headlines.items() if value is not None}


def _reader(kind: type) -> Callable[[object], tuple[object, ...]] | None:
    """Reads those fields of a record in which a Finding may stand; None where there are none."""
    names = _names(kind) if is_dataclass(kind) else ()
    if not names:
        return None
    return attrgetter(*names) if len(names) > 1 else lambda record: (attrgetter(names[0])(record),)


_READERS: Memory[type, Callable[[object], tuple[object, ...]] | None] = Memory(_reader)


def _names(record: type) -> tuple[str, ...]:
    """The fields of a record in which a Finding may stand, by what they are declared to be; of a record that always
    stands in a field, its own fields (`site.pue`)."""
    try:
        declared = get_type_hints(record)
    except NameError:  # a name that only the type checker imports
        return tuple(field.name for field in fields(record))
    names: list[str] = []
    for field in fields(record):
        kind = declared[field.name]
        if isinstance(kind, type) and is_dataclass(kind) and not issubclass(kind, Finding):
            names += [f"{field.name}.{inner}" for inner in _names(kind)]
        elif _may_hold(kind, (record,)):
            names.append(field.name)
    return tuple(names)


def _may_hold(declared: Any, within: tuple[type, ...] = ()) -> bool:
    """Whether a value declared so may be, or hold, a Finding; a record within itself holds what its fields hold."""
    kind, inner = get_origin(declared), get_args(declared)
    if kind is Annotated:
        return _may_hold(inner[0], within)
    if kind in (Union, UnionType, tuple):
        return any(_may_hold(each, within) for each in inner if each is not Ellipsis)
    plain = kind or declared
    if not isinstance(plain, type) or plain in (Any, object, tuple):
        return kind is not Literal
    if issubclass(plain, Finding):
        return True
    if not is_dataclass(plain) or plain in within:
        return False
    hints = get_type_hints(plain)
    return any(_may_hold(hints[field.name], (*within, plain)) for field in fields(plain))


def mean_shares(shares: Shares) -> dict[str, float]:
    """Each source's share, averaged over the headline results that are in doubt: they add up to 1."""
    doubtful_ones = [each for each in shares.values() if each]
    count = len(doubtful_ones)
    mean: dict[str, float] = {}
    for each in doubtful_ones:
        for name, share in each.items():
            mean[name] = mean.get(name, 0.0) + share / count
    return mean


def add_shares(assumptions: list[Assumption], mean: Mapping[str, float]) -> None:
    """Give each assumption its share; the others stay the same objects."""
    for place, each in enumerate(assumptions):
        share = mean.get(each.name)
        if share is not None:
            assumptions[place] = Assumption(
                each.name, each.value, each.unit, each.low, each.high, each.basis, each.why, each.source_url,
                round(share, 4),
            )  # fmt: skip
