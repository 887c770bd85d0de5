"""The parts of a project over its months, added up: centrals exactly, ranges by the draws that parts share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from mlquote.estimators.projects.flows import Ends, Flow, summed
from mlquote.estimators.projects.ranges import Drawing, interval_of
from mlquote.formulas.draws import Draws
from mlquote.kit.money import EXACT, plain
from mlquote.kit.provenance import Range

NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class PartSum:
    """One part over the months of its project."""

    name: str
    kind: str
    basis: str | None
    first: int
    last: int
    flows: tuple[Flow, ...] = ()
    """What it takes; several where it is a multiple of several parts."""
    promised: tuple[Decimal, ...] = ()
    """Dollars of each month of which it is what `counted` leaves."""
    counted: tuple["PartSum", ...] = ()
    bound: str | None = None

    @property
    def figures(self) -> frozenset[str]:
        """What it takes any of, known or not."""
        if self.promised:
            return frozenset({"cost_usd"})
        return frozenset(figure for flow in self.flows for figure in flow.base.figures)

    def months(self, figure: str) -> tuple[Ends, ...] | None:
        """The amount of each month, both ends and the middle; None where it is unknown."""
        if self.promised:
            return self._left()
        rows = [flow.months(figure) for flow in self.flows if figure in flow.base.figures]
        known = [row for row in rows if row is not None]
        if len(rows) == 1 or len(known) < len(rows):
            return known[0] if len(known) == len(rows) else None
        return tuple(map(summed, zip(*known, strict=True))) if known else None

    def drawn(self, figure: str, drawing: Drawing) -> Draws:
        """The same in every draw: float64[draws, months]."""
        if self.promised:
            spent = np.sum([part.drawn(figure, drawing) for part in self.counted], axis=0)
            left: Draws = np.maximum(np.array(self.promised, float) - spent, 0.0)
            return left
        return drawing.months([flow for flow in self.flows if figure in flow.base.figures], figure)

    def _left(self) -> tuple[Ends, ...] | None:
        """What is promised and not spent: the most where least is spent."""
        rows = [part.months("cost_usd") for part in self.counted]
        known = [row for row in rows if row is not None]
        if len(known) < len(rows):
            return None
        spent = map(summed, zip(*known, strict=True))
        return tuple(
            Ends(*(max(EXACT.subtract(due, end), NONE) for end in (each.high, each.central, each.low)))
            for due, each in zip(self.promised, spent, strict=True)
        )


@dataclass(slots=True)
class Sums:
    """Parts of one project, or of its alternative, and their sums."""

    parts: tuple[PartSum, ...]
    horizon: int
    drawing: Drawing
    _months: dict[tuple[str, str], tuple[Ends, ...] | None] = field(default_factory=dict)
    _drawn: dict[str, Draws] = field(default_factory=dict)

    def of_part(self, part: PartSum, figure: str) -> tuple[Ends, ...] | None:
        """A part's amount of each month; None where it is unknown."""
        key = (part.name, figure)
        if key not in self._months:
            self._months[key] = part.months(figure)
        return self._months[key]

    def part_range(self, part: PartSum, figure: str) -> Range | None:
        """A part's amount over all months; None where it takes none, or it is unknown."""
        months = self.of_part(part, figure) if figure in part.figures else None
        if months is None:
            return None
        ends = summed(months)
        is_simple = len(part.flows) == 1
        return ends.range() if is_simple else interval_of(part.drawn(figure, self.drawing).sum(axis=1), ends, figure)

    def known(self, figure: str) -> list[PartSum]:
        """The parts of which a figure is known."""
        return [each for each in self.parts if figure in each.figures and self.of_part(each, figure) is not None]

    def unknown(self, figure: str) -> list[str]:
        """The parts that take some of a figure, nobody knows how much."""
        return [each.name for each in self.parts if figure in each.figures and self.of_part(each, figure) is None]

    def untold(self, figure: str) -> list[str]:
        """The parts of which nothing says that they take any of a figure."""
        return [each.name for each in self.parts if figure not in each.figures]

    def month_ends(self, figure: str) -> tuple[Ends, ...]:
        """The sum of what is known, month by month, end by end."""
        rows = [row for each in self.known(figure) if (row := self.of_part(each, figure)) is not None]
        return tuple(map(summed, zip(*rows, strict=True))) if rows else (Ends(NONE, NONE, NONE),) * self.horizon

    def drawn(self, figure: str) -> Draws:
        """The sum of what is known in every draw and month."""
        if figure not in self._drawn:
            known = self.known(figure)
            flows = [flow for each in known for flow in each.flows if figure in flow.base.figures]
            drawn: Draws = self.drawing.months(flows, figure) if flows else np.zeros((1, self.horizon))
            for each in known:
                if each.promised:
                    drawn = drawn + each.drawn(figure, self.drawing)
            self._drawn[figure] = drawn
        return self._drawn[figure]

    def total(self, figure: str) -> Range | None:
        """A figure over all parts and months; None where no part takes any, or one takes nobody knows how much."""
        return None if self.unknown(figure) or not self.known(figure) else self.of_known(figure)

    def of_known(self, figure: str) -> Range:
        """The same of the parts that are known alone."""
        return interval_of(self.drawn(figure).sum(axis=1), summed(self.month_ends(figure)), figure)

    def by_month(self, figure: str) -> tuple[Range | None, ...]:
        """A figure of each month."""
        if self.unknown(figure) or not self.known(figure):
            return (None,) * self.horizon
        drawn = self.drawn(figure)
        rows = enumerate(self.month_ends(figure))
        return tuple(interval_of(drawn[:, place % drawn.shape[1]], ends, figure) for place, ends in rows)

    def present(self, factors: Sequence[Decimal]) -> "Present":
        """Dollars of each month at what they are worth now, and so far."""
        ends, so_far, running = self.month_ends("cost_usd"), [], Ends(NONE, NONE, NONE)
        for each, factor in zip(ends, factors, strict=True):
            running = summed((running, each.times(factor)))
            so_far.append(running)
        drawn = np.cumsum(self.drawn("cost_usd") * np.array(factors, float), axis=1)
        return Present(tuple(so_far), drawn)


@dataclass(frozen=True, slots=True)
class Present:
    """Dollars spent up to the end of each month, at what they are worth now: exactly, and in every draw."""

    months: tuple[Ends, ...]
    drawn: Draws

    def range(self) -> Range:
        """All of them."""
        return interval_of(self.drawn[:, -1], self.months[-1], "cost_usd")


def discount_factors(rate: Decimal, horizon: int) -> tuple[Decimal, ...]:
    """What a dollar of each month is worth now: (1 + r)^-((m - 1) / 12), months paid at their start.

    Args:    rate: r, a year; horizon: months
    """
    if not rate:
        return (Decimal(1),) * horizon
    step = EXACT.power(EXACT.add(1, rate), EXACT.divide(Decimal(-1), Decimal(12)))
    return tuple(plain(EXACT.power(step, month).quantize(Decimal("1e-18"), context=EXACT)) for month in range(horizon))


def sums_of_bases(sums: Sums) -> Mapping[str, Sums]:
    """What is rented, what is owned, and what is of neither kind, each apart."""
    kinds = {"rental": "rental", "amortised": "amortised", None: "neither"}
    apart: dict[str, list[PartSum]] = {}
    for part in sums.parts:
        apart.setdefault(kinds[part.basis], []).append(part)
    return {name: Sums(tuple(parts), sums.horizon, sums.drawing) for name, parts in apart.items()}


def shares_of_cost(sums: Sums) -> dict[str, float]:
    """Part -> its share of the dollars that are known, by the central amounts."""
    central = {}
    for part in sums.known("cost_usd"):
        months = sums.of_part(part, "cost_usd")
        central[part.name] = sum((each.central for each in months or ()), NONE)
    whole = sum(central.values(), NONE)
    return {name: float(EXACT.divide(amount, whole)) for name, amount in central.items()} if whole else {}
