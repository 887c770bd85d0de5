"""What a question asks for, figure by figure: exact amounts at both ends of the range and its middle."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from mlquote.estimators.kinds import Estimator
from mlquote.kit.codes import IMPOSSIBLE, leaving_unknown
from mlquote.kit.cost_line import CostLine
from mlquote.kit.money import EXACT, exact, plain
from mlquote.kit.provenance import Answer, CatalogRef, Range, Warning
from mlquote.spend.budgets import ADDITIVE, Level


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity of one figure, in that figure's unit; an exact one has three equal ends."""

    low: Decimal
    central: Decimal
    high: Decimal

    def __add__(self, other: "Amount") -> "Amount":
        """End by end: figures that share their assumptions (an MFU, a price) are high together, so this is no wider
        than what may happen."""
        return Amount(
            EXACT.add(self.low, other.low), EXACT.add(self.central, other.central), EXACT.add(self.high, other.high)
        )

    def __neg__(self) -> "Amount":
        """The amount that cancels this one."""
        return Amount(EXACT.minus(self.low), EXACT.minus(self.central), EXACT.minus(self.high))

    def times(self, factor: Decimal) -> "Amount":
        """Each end that many times."""
        ends = (self.low, self.central, self.high)
        return Amount(*(plain(EXACT.multiply(end, factor)) for end in ends))

    def at(self, level: Level) -> Decimal:
        """One end of the range."""
        return {"low": self.low, "central": self.central, "high": self.high}[level]


NOTHING = Amount(Decimal(0), Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Spent:
    """One named question and what it asks for, whoever answered it."""

    name: str
    kind: str
    figures: Mapping[str, Amount | None]
    """Every figure of budgets that it spends; None where the answer does not know it."""
    catalog: CatalogRef
    question: Mapping[str, Any] = field(default_factory=dict)
    """As the answer echoes it."""
    cost_lines: tuple[CostLine, ...] = ()
    warnings: tuple[Warning, ...] = ()
    hours: Decimal | None = None
    """How long it runs, where the answer is a rate."""
    is_rate: bool = False

    @property
    def cannot_be(self) -> tuple[str, ...]:
        """Why it cannot happen as it was asked, whatever its figures say."""
        return tuple(warning.detail for warning in self.warnings if warning.code in IMPOSSIBLE)


@dataclass(frozen=True, slots=True)
class Contributor:
    """A line of the bill, or a whole question, and its share of what is asked (by the central figures)."""

    question: str
    item: str
    amount: Decimal
    share_fraction: float


def amount_of(value: Any) -> Amount | None:
    """A Range (or what JSON makes of one), or a bare number, as an amount; None where any part of it is unknown."""
    if isinstance(value, Range):
        ends = [exact(value.low), exact(value.central), exact(value.high)]
    elif isinstance(value, Mapping):
        ends = [exact(value.get(level)) for level in ("low", "central", "high")]
    else:
        ends = [exact(value)] * 3
    known = [end for end in ends if end is not None]
    return Amount(*known) if len(known) == len(ends) else None


def spent(name: str, member: Estimator, answer: Answer, hours: Decimal | None = None) -> Spent:
    """What an answer of a kind says is spent; of a rate, in so many hours, and nothing known where nobody says them."""
    figures = {figure: amount_of(read(answer)) for figure, read in member.spends.items()}
    if member.is_rate:
        figures |= {name: _run(figures[name], hours) for name in figures if name in ADDITIVE}
    return Spent(
        name,
        member.kind,
        figures,
        answer.catalog,
        answer.question,
        tuple(member.cost_lines(answer)),
        answer.warnings,
        hours,
        member.is_rate,
    )


def _run(per_hour: Amount | None, hours: Decimal | None) -> Amount | None:
    return None if per_hour is None or hours is None else per_hour.times(hours)


def asked(questions: Sequence[Spent], figure: str) -> tuple[Amount, list[Spent]]:
    """What all questions ask of a figure together, as far as it is known, and the questions where it is not.

    A rate does not add up: of `usd_per_mtok` it is the dearest question's.
    """
    known, unknown = [], []
    for question in questions:
        found = question.figures.get(figure, NOTHING)
        if found is None:
            unknown.append(question)
        else:
            known.append(found)
    if figure in ADDITIVE:
        return sum(known, NOTHING), unknown
    return max(known, key=lambda amount: amount.central, default=NOTHING), unknown


def totals(questions: Sequence[Spent]) -> dict[str, Amount]:
    """What a reservation holds: every additive figure that is known for each question that spends it."""
    summed = {figure: asked(questions, figure) for figure in ADDITIVE}
    return {figure: amount for figure, (amount, unknown) in summed.items() if not unknown and amount != NOTHING}


def contributors(questions: Sequence[Spent], figure: str, most: int = 3) -> list[Contributor]:
    """The largest parts of what is asked: bill lines where there are any, else whole questions."""
    parts = [part for question in questions for part in _parts(question, figure)]
    whole = sum((amount for _, _, amount in parts), Decimal(0))
    largest = sorted(parts, key=lambda part: (-part[2], part[0], part[1]))[:most]
    return [Contributor(name, item, amount, float(amount / whole)) for name, item, amount in largest if amount > 0]


def why_unknown(question: Spent, figure: str) -> str:
    """Why an answer does not know a figure: its own warnings, or that it carries none."""
    codes = leaving_unknown(figure)
    said = [warning.detail for warning in question.warnings if warning.code in codes or warning.code in IMPOSSIBLE]
    if question.is_rate and question.hours is None and figure in ADDITIVE:
        said = ["it is a rate: say `hours`, how long it runs"]
    return f"{question.name}: {'; '.join(said) or f'{figure} is unknown'}"


def _parts(question: Spent, figure: str) -> Iterable[tuple[str, str, Decimal]]:
    if figure == "cost_usd" and question.cost_lines:
        for line in question.cost_lines:
            amount = amount_of(line.usd)
            if amount is not None:
                yield question.name, line.item, amount.central
        return
    whole = question.figures.get(figure, NOTHING)
    if whole is not None:
        yield question.name, figure, whole.central
