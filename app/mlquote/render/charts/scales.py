"""Where a value stands on an axis, from 0 to 1, and which values get a tick: even steps, ratios, dates."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import ceil, floor, log10
from typing import Protocol

from mlquote.render.charts.amounts import MINUS, NARROW, Measure, measure, power_of_ten

LINEAR_TO = 20.0
"""An axis starts at zero and is even while the highest value is at most this many times the lowest."""
Write = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Tick:
    """A marked value: where it stands, and its words."""

    at: float
    label: str


class Scale(Protocol):
    """An axis."""

    @property
    def low(self) -> float:
        """The value at 0."""

    @property
    def high(self) -> float:
        """The value at 1."""

    def at(self, value: float) -> float:
        """Where a value stands, 0 to 1 between the ends."""

    def ticks(self, most: int) -> list[Tick]:
        """At most so many ticks, evenly chosen."""


@dataclass(frozen=True, slots=True)
class Linear:
    """Even steps from `low` to `high`."""

    low: float
    high: float
    write: Write
    per: float = 1.0
    """What one written unit is worth: ticks are round in what is written."""

    def at(self, value: float) -> float:
        """Where a value stands."""
        return (value - self.low) / (self.high - self.low)

    def ticks(self, most: int) -> list[Tick]:
        """Multiples of 1, 2, 2.5 or 5 times a power of ten."""
        step = nice_step((self.high - self.low) / self.per, most) * self.per
        first, last = ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9)
        return [Tick(self.at(n * step), self.write(n * step)) for n in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class Ratios:
    """Equal steps are equal ratios: a logarithmic axis, both ends above zero."""

    low: float
    high: float
    write: Write

    def at(self, value: float) -> float:
        """Where a value stands; what is not above zero stands at the low end."""
        return (log10(value) - log10(self.low)) / (log10(self.high) - log10(self.low)) if value > 0 else 0.0

    def ticks(self, most: int) -> list[Tick]:
        """1, 2 and 5 of each power of ten; where those are too many, every power, or every second, third."""
        first, last = floor(log10(self.low) + 1e-9), ceil(log10(self.high) - 1e-9)
        for leads, stride in _LEADS:
            values = [lead * 10.0**power for power in range(first, last + 1) if power % stride == 0 for lead in leads]
            kept = [v for v in values if self.low * (1 - 1e-9) <= v <= self.high * (1 + 1e-9)]
            if len(kept) <= most:
                break
        return [Tick(self.at(value), self.write(value)) for value in kept]


_LEADS: Sequence[tuple[tuple[float, ...], int]] = (
    ((1, 2, 5), 1), ((1, 3), 1), ((1,), 1), ((1,), 2), ((1,), 3), ((1,), 4), ((1,), 6), ((1,), 12), ((1,), 24),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dates:
    """Moments, as seconds since 1970."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Where a moment stands."""
        return (value - self.low) / (self.high - self.low)

    def ticks(self, most: int) -> list[Tick]:
        """The first days of years, quarters or months, or days."""
        start, end = (datetime.fromtimestamp(each, UTC) for each in (self.low, self.high))
        for months in (1, 3, 6, 12, 24, 60):
            found = [moment for moment in _firsts(start, end, months) if self.low <= moment.timestamp() <= self.high]
            if 2 <= len(found) <= most:
                write = "%Y" if months >= 12 else "%Y-%m"
                return [Tick(self.at(each.timestamp()), each.strftime(write)) for each in found]
        days = [
            start.timestamp() + share * (self.high - self.low) for share in ((0.0, 1.0) if most < 3 else (0, 0.5, 1))
        ]
        write = "%Y-%m-%d" if self.high - self.low > _DAY else "%H:%M"
        return [Tick(self.at(each), datetime.fromtimestamp(each, UTC).strftime(write)) for each in days]


_DAY = 86400


def day_of(moment: float) -> str:
    """The date of a moment in seconds since 1970."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d")


def _firsts(start: datetime, end: datetime, months: int) -> Iterable[datetime]:
    number = (start.year * 12 + start.month - 1) // months * months
    while number <= end.year * 12 + end.month:
        yield datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
        number += months


def nice_step(span: float, most: int) -> float:
    """The least of 1, 2, 2.5 and 5 times a power of ten that parts a span by at most `most` ticks."""
    least = span / max(most - 1, 1)
    power = 10.0 ** floor(log10(least))
    return next(lead * power for lead in (1, 2, 2.5, 5, 10) if lead * power >= least * (1 - 1e-9))


def from_zero(values: Iterable[float], write: Write, per: float = 1.0) -> Linear:
    """An even axis that holds zero and every value, its end a round number."""
    known = [0.0, *values]
    low, high = min(known), max(known)
    if low == high:
        high = low + per
    return _rounded(low, high, write, per)


def fitting(values: Iterable[float], write: Write, per: float = 1.0) -> Linear:
    """An even axis around the values, its ends round; for what has no natural zero."""
    known = list(values) or [0.0]
    low, high = min(known), max(known)
    if low == high:
        low, high = low - 0.5 * per, high + 0.5 * per
    return _rounded(low, high, write, per)


def _rounded(low: float, high: float, write: Write, per: float) -> Linear:
    """An axis whose ends are round in what is written."""
    step = nice_step((high - low) / per, 6) * per
    return Linear(floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step, write, per)


def ratios(values: Iterable[float], write: Write) -> Ratios:
    """A logarithmic axis that holds every value above zero, its ends at 1, 2 or 5 of a power of ten."""
    known = [value for value in values if value > 0] or [1.0]
    low, high = _down(min(known)), _up(max(known))
    return Ratios(low, high if high > low else low * 10, write)


def honest(values: Iterable[float], write: Write, per: float = 1.0, unit: str = "") -> Linear | Ratios:
    """The axis that the house's rule asks for: even from zero while the values lie within a factor of 20.

    Beyond that, the ticks of an axis with a `unit` are written each in the size that suits it.
    """
    known = list(values)
    above = [value for value in known if value > 0]
    if len(above) < len(known) or not above or max(above) <= LINEAR_TO * min(above):
        return from_zero(known, write, per)
    return ratios(known, own_writer(unit) if unit else write)


def plain(value: float) -> str:
    """A tick without a unit: as few digits as tell it."""
    known = float(f"{value:.6g}")
    if known == 0 or not 1e-6 <= abs(known) < 1e15:
        return "0" if known == 0 else _power(known)
    told = f"{known:,.12f}".rstrip("0").rstrip(".")
    return told.replace("-", MINUS)


def own_writer(unit: str) -> Write:
    """How a tick is written where each has the size of unit that suits it."""
    return lambda value: tick_writer(measure(unit, value))(value)


def _power(value: float) -> str:
    """A power of ten with its lead, which is left out where it is 1."""
    digits = next(n for n in (1, 2, 3) if n == 3 or float(f"{value:.{n - 1}e}") == value)
    told = power_of_ten(value, digits)
    return told.removeprefix(f"1{NARROW}×{NARROW}")


def tick_writer(written: Measure) -> Write:
    """How a tick is written in a measure: zero without a unit, a rate without what it is for."""
    short = replace(written, rate="")
    return lambda value: short.around(plain(value / short.per)) if value else f"{short.before}0"


def _down(value: float) -> float:
    power = 10.0 ** floor(log10(value))
    return next(lead * power for lead in (5, 2, 1) if lead * power <= value * (1 + 1e-9))


def _up(value: float) -> float:
    power = 10.0 ** floor(log10(value))
    return next(lead * power for lead in (1, 2, 5, 10) if lead * power >= value * (1 - 1e-9))
