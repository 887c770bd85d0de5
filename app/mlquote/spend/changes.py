"""What changed between two specs: which fields, which figures moved, by how much, and which field moved them.

The "why" of a question is a walk from the base's fields to the head's, one changed field at a time in the order of the
file, each step answered anew: so the steps add up to the whole change. Fields that only make sense together (a provider
and its model) are one step.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from mlquote.estimators.kinds import ESTIMATORS, Estimator
from mlquote.kit.errors import QuoteError
from mlquote.kit.money import EXACT, plain
from mlquote.spend.amounts import NOTHING, Amount, Quoted, asked, figures_of
from mlquote.spend.budgets import ADDITIVE, UNITS
from mlquote.spend.running import FIELD, RATES, read_running
from mlquote.spend.spec import Asked

Quote = Callable[[Asked], Quoted]
"""Answers one question; raises what the estimator raises."""
Status = Literal["added", "removed", "changed", "same"]
_MOST_STEPS = 20


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a question; null where it is not set."""

    field: str
    base: Any
    head: Any


@dataclass(frozen=True, slots=True)
class Move:
    """How one figure moved, by its central values; null where either side is unknown or not asked."""

    unit: str
    base: Amount | None
    head: Amount | None
    change: Decimal | None
    change_fraction: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """What one changed field did, the ones before it already changed; null where a figure became unknown."""

    fields: tuple[str, ...]
    changes: Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """One question of both specs."""

    name: str
    kind: str
    status: Status
    fields: tuple[FieldChange, ...]
    figures: Mapping[str, Move]
    why: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class SpecChange:
    """Everything that differs, and the sums over all questions."""

    questions: tuple[QuestionChange, ...]
    totals: Mapping[str, Move]
    catalog: Mapping[str, Any]


def changes(
    base: Sequence[Asked], head: Sequence[Asked], quote: Quote, among: Mapping[str, Estimator] = ESTIMATORS
) -> SpecChange:
    """Compare two specs' questions by name; the figures of both sides are asked of the same `quote`."""
    before, after = {a.name: a for a in base}, {a.name: a for a in head}
    old = {name: quote(question) for name, question in before.items()}
    new = {name: quote(question) for name, question in after.items()}
    names = [*after, *(name for name in before if name not in after)]
    compared = tuple(_compared(before.get(n), after.get(n), old.get(n), new.get(n), quote, among) for n in names)
    sums = {figure: _move(figure, _sum(old, figure), _sum(new, figure)) for figure in ADDITIVE}
    answered = [*new.values(), *old.values()]
    catalog = answered[0].answer["catalog"] if answered else {}
    return SpecChange(compared, {figure: move for figure, move in sums.items() if _says_something(move)}, catalog)


def has_unknown_cost(change: SpecChange) -> bool:
    """Whether the head asks for something whose dollars nobody knows; of a rate, whose price per token."""
    asked = [question for question in change.questions if question.status != "removed"]
    return any(_is_unknown(question, "usd_per_mtok" if question.kind in RATES else "cost_usd") for question in asked)


def _is_unknown(question: QuestionChange, figure: str) -> bool:
    move = question.figures.get(figure)
    return move is not None and move.head is None


def _compared(
    base: Asked | None,
    head: Asked | None,
    old: Quoted | None,
    new: Quoted | None,
    quote: Quote,
    among: Mapping[str, Estimator],
) -> QuestionChange:
    subject = head or base
    assert subject is not None
    before, after = _fields(base, among), _fields(head, among)
    differing = [name for name in dict.fromkeys([*after, *before]) if before.get(name) != after.get(name)]
    fields = tuple(FieldChange(name, before.get(name), after.get(name)) for name in differing)
    status: Status = "same" if not fields else "changed"
    if base is None or head is None or base.kind != head.kind:
        status = "removed" if head is None else "added" if base is None else "changed"
    why: tuple[Step, ...] = ()
    if status == "changed" and base is not None and head is not None and old is not None and base.kind == head.kind:
        why = tuple(_walk(head, before, after, old, differing, quote))
    known = dict.fromkeys([*(figures_of(new) if new else ()), *(figures_of(old) if old else ())])
    figures = {name: _move(name, _figure(old, name), _figure(new, name)) for name in known}
    named = ("usd_per_mtok" if subject.kind in RATES else "cost_usd",)
    shown = {name: move for name, move in figures.items() if _says_something(move) or name in named}
    return QuestionChange(subject.name, subject.kind, status, fields, shown, why)


def _walk(
    head: Asked,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    old: Quoted,
    differing: Sequence[str],
    quote: Quote,
) -> Iterator[Step]:
    current, reached, together = dict(before), old, []
    for place, name in enumerate(differing):
        together.append(name)
        current.pop(name, None)
        if name in after:
            current[name] = after[name]
        is_last = place == len(differing) - 1
        if len(differing) > _MOST_STEPS and not is_last:
            continue
        try:
            here = quote(Asked(head.name, head.kind, _nested(current), head.place))
        except QuoteError:
            continue
        yield Step(tuple(together), dict(_steps(reached, here)))
        reached, together = here, []


def _steps(before: Quoted, after: Quoted) -> Iterator[tuple[str, Decimal | None]]:
    old, new = figures_of(before), figures_of(after)
    for name in new:
        change = _move(name, old.get(name), new[name]).change
        if change != 0 and not (old.get(name) is None and new[name] is None):
            yield name, change


def _fields(question: Asked | None, among: Mapping[str, Estimator]) -> dict[str, Any]:
    """A question's own fields by dotted name, in the order of its file, as the model read them: "15e12" is 15e12."""
    if question is None:
        return {}
    own, hours = read_running(among[question.kind], question.fields)
    read = own.model_dump(exclude_unset=True) | ({FIELD: hours} if hours is not None else {})
    return dict(_flat({name: read[name] for name in question.fields}))


def _flat(fields: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in fields.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for path, value in flat.items():
        *parents, name = path.split(".")
        place = fields
        for parent in parents:
            place = place.setdefault(parent, {})
        place[name] = value
    return fields


def _figure(quoted: Quoted | None, name: str) -> Amount | None:
    """What one side asks; a question that is not there asks nothing."""
    return NOTHING if quoted is None else figures_of(quoted).get(name, NOTHING)


def _sum(side: Mapping[str, Quoted], figure: str) -> Amount | None:
    amount, unknown = asked(list(side.values()), figure)
    return None if unknown else amount


def _move(name: str, base: Amount | None, head: Amount | None) -> Move:
    change = None if base is None or head is None else plain(EXACT.subtract(head.central, base.central))
    fraction = float(change / base.central) if change is not None and base is not None and base.central else None
    return Move(UNITS[name], base, head, change, fraction)


def _says_something(move: Move) -> bool:
    return any(side is not None and side.high != 0 for side in (move.base, move.head))
