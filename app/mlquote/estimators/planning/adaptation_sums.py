"""Set-up, month and total of each way, and the month from which one has cost less: doubts of one name are one draw."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from mlquote.estimators.planning.adaptation_parts import PricedPart, When
from mlquote.formulas.draws import DRAWS, interval, normal_draws
from mlquote.kit.money import EXACT, estimated_usd, exact, plain
from mlquote.kit.provenance import Range

Drawn = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MonthsUntil:
    """When one way has cost less than another with a lower set-up; null ends where it never does."""

    against: str
    low: float | None
    central: float | None
    high: float | None
    chance_within_months: float
    """That it has cost less by the last month."""


@dataclass(slots=True)
class Pool:
    """Sources of doubt, each drawn once, whatever parts name it."""

    seed: int
    columns: dict[str, int] = field(default_factory=dict)

    def of(self, source: str) -> Drawn:
        """The draws of one source, standard normal."""
        return normal_draws(self.columns.setdefault(source, len(self.columns)), self.seed)


@dataclass(frozen=True, slots=True)
class OptionSums:
    """Dollars of one way, told and drawn."""

    setup: Range
    monthly: Range
    total: Range
    setup_drawn: Drawn
    monthly_drawn: Drawn


def sums_of(parts: Sequence[PricedPart], months: int, pool: Pool) -> OptionSums:
    """Centres add up exactly; ends are those of the drawn sums, for not all doubts are at their worst together."""
    setup, monthly = (_drawn([part for part in parts if part.told.when == when], pool) for when in _WHENS)
    centres = [_sum([part for part in parts if part.told.when == when]) for when in _WHENS]
    whole = EXACT.add(centres[0], EXACT.multiply(centres[1], Decimal(months)))
    return OptionSums(
        _span(setup, centres[0]), _span(monthly, centres[1]), _span(setup + months * monthly, whole), setup, monthly
    )


_WHENS: tuple[When, When] = ("setup", "month")


def break_even(name: str, mine: OptionSums, other: OptionSums, months: int) -> MonthsUntil:
    """t = (setup - setup of the other) / (month of the other - month), in every draw.

    Args:    mine: the way with the higher set-up at the centre
    """
    ahead, saved = mine.setup_drawn - other.setup_drawn, other.monthly_drawn - mine.monthly_drawn
    with np.errstate(divide="ignore", invalid="ignore"):
        until = np.where(ahead <= 0, np.where(saved >= 0, 0.0, np.inf), np.where(saved > 0, ahead / saved, np.inf))
    low, _, high = (np.quantile(until, share, method="inverted_cdf") for share in (0.1, 0.5, 0.9))
    gain = EXACT.subtract(_exact(other.monthly), _exact(mine.monthly))
    centre = float(EXACT.divide(EXACT.subtract(_exact(mine.setup), _exact(other.setup)), gain)) if gain > 0 else None
    return MonthsUntil(name, _finite(low), centre, _finite(high), float(np.mean(until <= months)))


def chance_cheapest(mine: OptionSums, all_ways: Sequence[OptionSums], months: int) -> float:
    """Share of the draws in which no way costs less over so many months."""
    least = np.min([way.setup_drawn + months * way.monthly_drawn for way in all_ways], axis=0)
    return float(np.mean(mine.setup_drawn + months * mine.monthly_drawn <= least))


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _drawn(parts: Sequence[PricedPart], pool: Pool) -> Drawn:
    total = np.zeros(DRAWS)
    for part in parts:
        normal = sum((load * pool.of(source) for source, load in part.loads.items()), np.zeros(DRAWS))
        total = total + float(_exact(part.told.cost_usd)) * np.exp(normal)
    return total


def _sum(parts: Sequence[PricedPart]) -> Decimal:
    total = Decimal(0)
    for part in parts:
        total = EXACT.add(total, _exact(part.told.cost_usd))
    return plain(total)


def _span(drawn: Drawn, centre: Decimal) -> Range:
    """The drawn interval around an exact centre, which it holds; exact where nothing is in doubt."""
    if float(np.ptp(drawn)) <= 1e-9 * max(float(centre), 1.0):
        return Range(centre, centre, centre)
    low, _, high = interval(drawn)
    return Range(min(estimated_usd(low), centre), centre, max(estimated_usd(high), centre))


def _exact(span: Range) -> Decimal:
    return exact(span.central) or Decimal(0)
