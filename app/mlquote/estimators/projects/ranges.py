"""Sums of amounts in doubt, drawn: a source of doubt is one draw in every part that names it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import log

import numpy as np

from mlquote.estimators.projects.flows import Base, Ends, Flow
from mlquote.formulas.draws import DRAWS, Draws, interval, layered, normal_draws
from mlquote.formulas.uncertainty import Z80, Uncertain, known, total
from mlquote.kit.money import estimated_usd, plain
from mlquote.kit.provenance import Range


@dataclass(frozen=True, slots=True)
class Drawing:
    """The draws of one question; a source keeps its column in whatever variant of the project it stands."""

    seed: int
    columns: dict[str, int] = field(default_factory=dict)

    def of(self, source: str) -> Draws:
        """One source of doubt, as a standard normal quantity."""
        return normal_draws(self.columns.setdefault(source, len(self.columns)), self.seed)

    drawn: dict[tuple[int, str], tuple[Base, Draws]] = field(default_factory=dict)

    def base(self, base: Base, figure: str) -> Draws:
        """The same as `_base`, drawn once."""
        key = (id(base), figure)
        if key not in self.drawn:
            self.drawn[key] = (base, self._base(base, figure))
        return self.drawn[key][1]

    def _base(self, base: Base, figure: str) -> Draws:
        """A base's amount in every draw: its 10th percentile, median and 90th percentile are its own ends."""
        amount = base.figures[figure]
        assert amount is not None
        if amount.is_exact:
            return np.full(DRAWS, float(amount.central))
        loads = base.doubts[figure]
        normal = sum((load * self.of(source) for source, load in loads.items()), np.zeros(DRAWS))
        return _valued(layered(normal), *(float(end) for end in (amount.low, amount.central, amount.high)))

    def months(self, flows: Sequence[Flow], figure: str) -> Draws:
        """The sum of flows in every draw and month: float64[draws, months]."""
        drawn = np.stack([self.base(flow.base, figure) for flow in flows], axis=1)
        summed: Draws = drawn @ np.array([flow.factors[figure] for flow in flows], float)
        return summed


def _valued(normal: Draws, low: float, central: float, high: float) -> Draws:
    """Quantities by ratios from the median where all ends are positive, else by differences, never below 0."""
    if low > 0:
        down, up = log(central / low) / Z80, log(high / central) / Z80
        return central * np.exp(np.where(normal < 0, down, up) * normal)
    return np.maximum(central + np.where(normal < 0, central - low, high - central) / Z80 * normal, 0.0)


def interval_of(drawn: Draws, central: Ends, figure: str) -> Range:
    """The interval of a drawn sum around its central amount, which adds up exactly; it holds the central amount."""
    if central.is_exact:
        return central.range()
    low, _, high = interval(drawn)
    return _around(central.central, _near(low, central.low), _near(high, central.high), figure)


def interval_between(drawn: Draws, central: Decimal, figure: str) -> Range:
    """The interval of a drawn difference around its central amount; what both sides share cancels in each draw."""
    low, _, high = interval(drawn)
    spread = float(np.abs(drawn).max(initial=0.0))
    if high - low <= 1e-9 * spread:
        return Range(plain(central), plain(central), plain(central))
    return _around(central, low, high, figure)


def _around(central: Decimal, low: float, high: float, figure: str) -> Range:
    middle, ends = plain(central), (amount_drawn(low, figure), amount_drawn(high, figure))
    return Range(min(ends[0], middle), middle, max(ends[1], middle))


def _near(end: float, summed: Decimal) -> float:
    """An end, or the sum of the ends where it is nothing else but for the draws: all parts share one doubt."""
    return float(summed) if abs(end - float(summed)) <= _NOISE * abs(end) else end


_NOISE = 2e-3


def amount_drawn(value: float, figure: str) -> Decimal:
    """A drawn amount: dollars to the cent, other figures to six digits."""
    return estimated_usd(value) if figure == "cost_usd" else plain(Decimal(f"{value:.6g}"))


def shares_of_flows(flows: Iterable[Flow], figure: str) -> dict[str, float]:
    """Source of doubt -> its share of the variance of the sum, to first order in the doubt."""
    parts = [part for flow in flows if (part := _uncertain(flow, figure)) is not None]
    return total(parts).shares() if parts else {}


def _uncertain(flow: Flow, figure: str) -> Uncertain | None:
    amount = flow.base.figures.get(figure)
    times = float(sum(flow.factors.get(figure, ())))
    if amount is None or amount.central <= 0:
        return None
    if amount.is_exact or amount.low <= 0:
        return known(float(amount.central) * times)
    log_sd = log(float(amount.high) / float(amount.low)) / (2 * Z80)
    loads: Mapping[str, float] = {name: load * log_sd for name, load in flow.base.doubts[figure].items()}
    return Uncertain(float(amount.central) * times, loads)
