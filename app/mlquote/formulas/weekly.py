"""How much more is to come of what is spent day by day: the sum of the next days, as a range, under a weekly season.

A level that moves, times a factor a day of the week. How fast it moves and which way it grows is not estimated once:
each speed and each growth of a small grid is followed through the past and weighs by how well it foretold the next day
there, so a short past answers with a wide range. Its price: one season, the week; months and holidays are noise to it.
Left aside: fits that iterate (an optimum on forty days is no knowledge), and simulation, which needs a seed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erf, exp, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

LEAST_DAYS: Final = 14
"""Two of each weekday: with less, a weekend cannot be told from a fall."""
MOST_DAYS: Final = 112
"""Older days say nothing of the level now, and of the season what sixteen weeks already say."""
LEAST_ACTIVE_FRACTION: Final = 0.5
"""Share of days with anything on them below which there is no pace: what matters then is whether, not how much."""
_SEASON_WEEKS: Final = 12
_WEEK: Final = 7
_LEAST_FACTOR: Final = 0.02
_DAMPED: Final = 0.5
"""Share of a past growth that is taken to go on."""
_PRIOR_DAYS: Final = 3.0
_PRIOR_VARIANCE: Final = 0.06
"""Squared relative error of a day's forecast before anything was seen: about one quarter of the level."""
_SPREAD: Final = 3.0
"""By how much a variance from n days is widened for being one: 1 + 3 / n, near Student's t at the 10th percentile."""
_SPEEDS: Final = (0.02, 0.05, 0.1, 0.2, 0.35, 0.6)
_GROWTHS: Final = ((-0.08, 0.06), (-0.04, 0.14), (0.0, 0.6), (0.04, 0.14), (0.08, 0.06))
"""Growth a week, and how likely it is before anything was seen."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ahead:
    """A sum to come: a mixture of lognormals, one a way in which the past may go on."""

    weights: Numbers
    log_medians: Numbers
    log_sds: Numbers

    def quantile(self, share: float) -> float:
        """What the sum stays below with this probability, in the unit of the days; 0 < share < 1."""
        low = float((self.log_medians - 6 * self.log_sds).min())
        high = float((self.log_medians + 6 * self.log_sds).max())
        for _ in range(48):
            middle = (low + high) / 2
            low, high = (middle, high) if self._below(middle) < share else (low, middle)
        return exp((low + high) / 2)

    def _below(self, log_value: float) -> float:
        scores = (log_value - self.log_medians) / (self.log_sds * sqrt(2.0))
        pairs: list[tuple[float, float]] = list(zip(self.weights.tolist(), scores.tolist(), strict=True))
        return sum(weight * 0.5 * (1 + erf(score)) for weight, score in pairs)


@dataclass(slots=True)
class _Followed:
    """Every way on the grid, followed through the past: its level now, its error, its weight, its pace of change."""

    speeds: Numbers
    growths: Numbers
    levels: Numbers
    scales: Numbers
    variances: Numbers
    weights: Numbers
    days: float


def weekly_factors(days: Sequence[float]) -> list[float]:
    """Each weekday over the mean of its week, drawn to 1 as far as weeks disagree; the first is that of the next day.

    s_k = 1 + B / (B + W / n) * (r_k - 1)

    Args:    days: amounts of days in a row, at least 14; the last one is the day before the next
    Returns: seven factors, mean about 1
    Source:  B between weekdays and W within them over n weeks: the James-Stein form of empirical Bayes (Efron and
             Morris, Data analysis using Stein's estimator, 1975)
    """
    weeks = min(len(days) // _WEEK, _SEASON_WEEKS)
    table = np.asarray(days[len(days) - _WEEK * weeks :], dtype=float).reshape(weeks, _WEEK)
    means = table.mean(axis=1)
    ratios = table[means > 0] / means[means > 0, None]
    if len(ratios) < 2:  # one week cannot disagree with itself
        return [1.0] * _WEEK
    within = ratios.var(axis=0, ddof=1).mean() / len(ratios)
    usual = ratios.mean(axis=0)
    between = max(usual.var(ddof=1) - within, 0.0)
    drawn = between / (between + within) if between > 0 else 0.0
    return [float(factor) for factor in np.maximum(1 + drawn * (usual - 1), _LEAST_FACTOR)]


def sum_ahead(days: Sequence[float], coming: Sequence[float]) -> Ahead:
    """The sum of the coming days.

    For a speed a and a growth g, level L = EWMA(y) / EWMA(s) with weight a; mean = L sum_j (s_j e^(g j)), and the error
    of a sum of h days: variance = L^2 v sum_j (sqrt(s_j) + a sum_{i > j} s_i)^2.

    Args:    days: y, amounts of whole days in a row up to now, >= 0, at least 14, not all zero
             coming: the share of each coming day that counts: 1, or less of a day that has begun
    Returns: in the unit of the days
    Raises:  ValueError for fewer than 14 days, for none to come, or where nothing was spent
    Source:  Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing (2008), chapter 6.3: lead-time
             demand of a local level; weights after Hoeting et al., Bayesian model averaging (1999)
    """
    past = np.asarray(days[-MOST_DAYS:], dtype=float)
    if len(past) < LEAST_DAYS or not len(coming) or past.max() <= 0:
        raise ValueError(f"a forecast takes at least {LEAST_DAYS} days, some spending, and something to come")
    week = weekly_factors(past.tolist())
    kept = _followed(past, np.array([week[(place - len(past)) % _WEEK] for place in range(len(past))]))
    shares = np.asarray(coming, dtype=float) * np.array([week[place % _WEEK] for place in range(len(coming))])
    grown = shares * np.exp(kept.growths[:, None] / _WEEK * _DAMPED * np.arange(1, len(coming) + 1))
    after = np.cumsum(grown[:, ::-1], axis=1)[:, ::-1] - grown
    means = kept.levels * grown.sum(axis=1)
    errors = ((np.sqrt(shares) + kept.speeds[:, None] * after) ** 2).sum(axis=1)
    variances = kept.scales**2 * kept.variances * errors * (1 + _SPREAD / kept.days)
    log_variances = np.log1p(variances / means**2)
    return Ahead(kept.weights, np.log(means) - log_variances / 2, np.sqrt(log_variances))


def _followed(past: Numbers, factors: Numbers) -> _Followed:
    """The grid after the past: a forecast a day, its error, and what the day says of the level."""
    speeds, growths = (side.ravel() for side in np.meshgrid(_SPEEDS, [g for g, _ in _GROWTHS], indexing="ij"))
    logs = np.log(np.tile([weight for _, weight in _GROWTHS], len(_SPEEDS)))
    seen, least = float(past[:_WEEK].sum()), 1e-3 * float(past.mean())
    amounts, shares = np.full(len(speeds), max(seen / _WEEK, least)), np.full(len(speeds), factors[:_WEEK].mean())
    levels, squares = amounts / shares, np.zeros(len(speeds))
    for place, (amount, factor) in enumerate(zip(past.tolist(), factors.tolist(), strict=True)):
        amounts = amounts * (1 + growths / _WEEK)
        if place >= _WEEK:
            scales = np.maximum(levels * (1 + growths / _WEEK), 0.5 * seen / place)
            squares += ((amount - levels * (1 + growths / _WEEK) * factor) / scales) ** 2 / factor
            logs = logs - np.log(scales)
            seen += amount
        amounts = (1 - speeds) * amounts + speeds * amount
        shares = (1 - speeds) * shares + speeds * factor
        levels = np.maximum(amounts / shares, least)
    count = len(past) - _WEEK + _PRIOR_DAYS
    variances = (squares + _PRIOR_DAYS * _PRIOR_VARIANCE) / count
    logs = logs - 0.5 * count * np.log(variances)
    weights = np.exp(logs - logs.max())
    scales = np.maximum(levels, 0.5 * seen / len(past))
    return _Followed(speeds, growths, levels, scales, variances, weights / weights.sum(), count)
