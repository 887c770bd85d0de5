"""Positive quantities known up to a factor, and how their doubt travels through products and sums.

Every factor of an estimate (an efficiency, a draw, a price) is positive and errs by ratios, so each is lognormal: a
median and the standard deviation of its natural logarithm. Products of lognormals are lognormal exactly; a sum is
taken to first order (delta method). Its price: a sum's tails are approximate, by less than 2 % of its width here. Left
aside: sampling, which gives the same intervals at a thousand times the cost and needs a seed.
"""

from collections.abc import Iterable, Mapping
from math import exp, hypot, log, sqrt
from statistics import NormalDist
from typing import TypeVar

from mlquote.kit.provenance import Range
from mlquote.kit.records import quick_record

Z80 = 1.2815515655446004
"""Standard normal quantile at 0.9: an 80 % interval is the median times exp(-Z80 sd) to exp(+Z80 sd)."""

NOTHING: Mapping[str, float] = {}


@quick_record
class Uncertain:
    """A positive quantity: its median, and per source of doubt the log-sd it adds (signed, in natural-log units).

    A source that enters twice is the same draw twice, so its loads add before they are squared.
    """

    median: float
    loads: Mapping[str, float]

    @property
    def log_sd(self) -> float:
        """Standard deviation of the natural logarithm: sqrt(sum of squared loads)."""
        return hypot(*self.loads.values())

    def __mul__(self, other: "Uncertain | float") -> "Uncertain":
        """The product; shared sources add. A plain number is exactly known."""
        if isinstance(other, Uncertain):
            return Uncertain(self.median * other.median, _merged(self.loads, other.loads, 1.0))
        return Uncertain(self.median * other, self.loads)

    __rmul__ = __mul__

    def __truediv__(self, other: "Uncertain | float") -> "Uncertain":
        """The quotient; shared sources cancel."""
        if isinstance(other, Uncertain):
            return Uncertain(self.median / other.median, _merged(self.loads, other.loads, -1.0))
        return Uncertain(self.median / other, self.loads)

    def __add__(self, other: "Uncertain") -> "Uncertain":
        """The sum, to first order in the doubt."""
        return total((self, other))

    def range(self) -> Range:
        """The 80 % interval and the median."""
        spread = exp(Z80 * self.log_sd)
        return Range(self.median / spread, self.median, self.median * spread)

    def shares(self) -> dict[str, float]:
        """Source -> its share of the log-variance; they add up to 1, or are empty where nothing is in doubt."""
        total = sum(load * load for load in self.loads.values())
        return {name: load * load / total for name, load in self.loads.items() if load} if total > 0 else {}


Quantity = TypeVar("Quantity", float, Uncertain)
"""What a formula made of products and sums takes: plain numbers, or the same with their doubt."""


def known(value: float) -> Uncertain:
    """A quantity without doubt: given, or counted exactly."""
    return Uncertain(value, NOTHING)


def doubtful(median: float, log_sd: float, source: str) -> Uncertain:
    """A quantity whose doubt has one source."""
    return Uncertain(median, {source: log_sd} if log_sd else NOTHING)


def between(low: float, high: float, source: str, *, median: float | None = None) -> Uncertain:
    """The quantity whose 80 % interval is [low, high]; its median is their geometric mean unless it is known.

    log_sd = ln(high / low) / (2 Z80)

    Raises:  ValueError when low is not positive or exceeds high.
    """
    if not 0 < low <= high:
        raise ValueError(f"an interval needs 0 < low <= high, not {low} and {high}")
    return doubtful(sqrt(low * high) if median is None else median, log(high / low) / (2 * Z80), source)


def fraction_below(value: Uncertain, limit: float) -> float:
    """The probability that a quantity is at most `limit`.

    Phi(ln(limit / median) / sd)

    Args:    limit: > 0
    Returns: 0 to 1; a quantity without doubt is below or not
    """
    if not value.log_sd or not value.median:
        return float(value.median <= limit)
    return NormalDist().cdf(log(limit / value.median) / value.log_sd)


def margin(probability: float, log_sd: float) -> float:
    """By which factor a limit must exceed a median to hold the quantity with this probability: exp(z_p sd)."""
    return exp(NormalDist().inv_cdf(probability) * log_sd)


def total(parts: Iterable[Uncertain]) -> Uncertain:
    """The sum of positive quantities, to first order in their doubt.

    median = sum of medians;  load of a source = sum_i (median_i / median) load_i

    Args:    parts: at least one, medians >= 0
    Source:  delta method; Fenton (1960), The sum of log-normal probability distributions, for the second-order form
    """
    members = tuple(parts)
    median = sum(part.median for part in members)
    loads: dict[str, float] = {}
    if median > 0:
        for part in members:
            weight = part.median / median
            for name, load in part.loads.items():
                loads[name] = loads.get(name, 0.0) + weight * load
    return Uncertain(median, loads)


def _merged(ours: Mapping[str, float], theirs: Mapping[str, float], sign: float) -> Mapping[str, float]:
    if not theirs:
        return ours
    if not ours and sign > 0:
        return theirs
    merged = dict(ours)
    for name, load in theirs.items():
        merged[name] = merged.get(name, 0.0) + sign * load
    return merged
