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
from mlquote.kit.provenance import CatalogRef
from mlquote.spend.amounts import NOTHING, Amount, Spent
from mlquote.spend.amounts import asked as asked_in_all
from mlquote.spend.asking import Asked, asked_of
from mlquote.spend.budgets import ADDITIVE, UNITS
from mlquote.spend.running import FIELD

Quote = Callable[[Asked], Spent]
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
    catalog: CatalogRef | Mapping[str, str]
    """What answered; empty where nothing was asked."""


@dataclass(frozen=True, slots=True)
class _Side:
    """One question as one of the specs asks it, and what it spends there."""

    asked: Asked
    spent: Spent


def changes(base: Sequence[Asked], head: Sequence[Asked], quote: Quote) -> SpecChange:
    """Compare two specs' questions by name; the figures of both sides are asked of the same `quote`."""
    old = {asked.name: _Side(asked, quote(asked)) for asked in base}
    new = {asked.name: _Side(asked, quote(asked)) for asked in head}
    names = [*new, *(name for name in old if name not in new)]
    compared = tuple(_compared(old.get(name), new.get(name), quote) for name in names)
    sums = {figure: _move(figure, _sum(old, figure), _sum(new, figure)) for figure in ADDITIVE}
    answered = [*new.values(), *old.values()]
    catalog: CatalogRef | Mapping[str, str] = answered[0].spent.catalog if answered else {}
    return SpecChange(compared, {figure: move for figure, move in sums.items() if _says_something(move)}, catalog)


def has_unknown_cost(change: SpecChange, among: Mapping[str, Estimator] = ESTIMATORS) -> bool:
    """Whether the head asks for something whose dollars nobody knows; of a rate, whose price per token."""
    asked = [question for question in change.questions if question.status != "removed"]
    return any(_is_unknown(question, _price(among[question.kind])) for question in asked)


def _price(member: Estimator) -> str:
    """The figure that says what a question of a kind costs."""
    return "usd_per_mtok" if member.is_rate else "cost_usd"


def _is_unknown(question: QuestionChange, figure: str) -> bool:
    move = question.figures.get(figure)
    return move is not None and move.head is None


def _compared(base: _Side | None, head: _Side | None, quote: Quote) -> QuestionChange:
    subject = head or base
    assert subject is not None
    asked = subject.asked
    before, after = _fields(base), _fields(head)
    differing = [name for name in dict.fromkeys([*after, *before]) if before.get(name) != after.get(name)]
    fields = tuple(FieldChange(name, before.get(name), after.get(name)) for name in differing)
    status: Status = "same" if not fields else "changed"
    why: tuple[Step, ...] = ()
    if base is None or head is None:
        status = "removed" if head is None else "added"
    elif base.asked.kind != head.asked.kind:
        status = "changed"
    elif fields:
        why = tuple(_walk(base, head, differing, quote))
    known = dict.fromkeys(name for side in (head, base) if side for name in side.spent.figures)
    figures = {name: _move(name, _figure(base, name), _figure(head, name)) for name in known}
    named = (_price(asked.member),)
    shown = {name: move for name, move in figures.items() if _says_something(move) or name in named}
    return QuestionChange(asked.name, asked.kind, status, fields, shown, why)


def _walk(base: _Side, head: _Side, differing: Sequence[str], quote: Quote) -> Iterator[Step]:
    """The base with one differing field of the head after the other."""
    after = _fields(head)
    current, reached, together = _fields(base), base.spent, []
    for place, name in enumerate(differing):
        together.append(name)
        current.pop(name, None)
        if name in after:
            current[name] = after[name]
        is_last = place == len(differing) - 1
        if len(differing) > _MOST_STEPS and not is_last:
            continue
        try:
            here = quote(asked_of(head.asked.name, head.asked.member, _nested(current), head.asked.place))
        except QuoteError:
            continue
        yield Step(tuple(together), dict(_steps(reached, here)))
        reached, together = here, []


def _steps(before: Spent, after: Spent) -> Iterator[tuple[str, Decimal | None]]:
    old, new = before.figures, after.figures
    for name in new:
        change = _move(name, old.get(name), new[name]).change
        if change != 0 and not (old.get(name) is None and new[name] is None):
            yield name, change


def _fields(side: _Side | None) -> dict[str, Any]:
    """A question's own fields by dotted name, in the order of its file, as the model read them: "15e12" is 15e12, and a
    count that stands beside the others is `usage`'s."""
    if side is None:
        return {}
    asked = side.asked
    read = asked.question.model_dump(exclude_unset=True) | ({FIELD: asked.hours} if asked.hours is not None else {})
    as_written = [name for name in asked.fields if name in read]
    return dict(_flat({name: read[name] for name in (*as_written, *read)}))


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


def _figure(side: _Side | None, name: str) -> Amount | None:
    """What one side asks; a question that is not there asks nothing."""
    return NOTHING if side is None else side.spent.figures.get(name, NOTHING)


def _sum(sides: Mapping[str, _Side], figure: str) -> Amount | None:
    amount, unknown = asked_in_all([side.spent for side in sides.values()], figure)
    return None if unknown else amount


def _move(name: str, base: Amount | None, head: Amount | None) -> Move:
    change = None if base is None or head is None else plain(EXACT.subtract(head.central, base.central))
    fraction = float(change / base.central) if change is not None and base is not None and base.central else None
    return Move(UNITS[name], base, head, change, fraction)


def _says_something(move: Move) -> bool:
    return any(side is not None and side.high != 0 for side in (move.base, move.head))
