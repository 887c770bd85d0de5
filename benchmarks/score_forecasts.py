"""How often a forecast's 80 % interval holds what came: python benchmarks/score_forecasts.py [--check]

Days are held back from series that are made up (steady weeks, growth, steps, wandering levels, rare dear days) and from
two years of page views of two Wikipedia articles, the nearest to spending by day that is public: people's work, with
weeks, holidays and news. benchmarks/daily_views.csv holds them: Wikimedia's page views (CC0), as Prophet's examples
keep them (github.com/facebook/prophet, examples/example_wp_log_*.csv, MIT), e to the power of their column y.

Of intervals as wide as these, 75 to 85 of 100 must hold what came, over all series; --check fails where they do not.
"""

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from mlquote.formulas.weekly import sum_ahead

_HISTORY_DAYS = (14, 28, 56, 112)
_HELD_BACK_DAYS = (3, 7, 14, 28)
_WEEK = np.array([1, 1.05, 1.1, 1.05, 0.95, 0.3, 0.25])
_DAYS, _SERIES = 200, 12
_LEAST, _MOST = 0.75, 0.85


def steady(draw: np.random.Generator) -> np.ndarray:
    """Weeks that repeat, with noise of 20 %."""
    return _weeks() * draw.lognormal(0, 0.2, _DAYS)


def flat(draw: np.random.Generator) -> np.ndarray:
    """No season at all."""
    return 100 * draw.lognormal(0, 0.3, _DAYS)


def growing(draw: np.random.Generator) -> np.ndarray:
    """3 % more each week."""
    return _weeks() * np.exp(0.03 / 7 * np.arange(_DAYS)) * draw.lognormal(0, 0.2, _DAYS)


def wandering(draw: np.random.Generator) -> np.ndarray:
    """A level that moves by 4 % a day."""
    return _weeks() * np.exp(np.cumsum(draw.normal(0, 0.04, _DAYS))) * draw.lognormal(0, 0.15, _DAYS)


def stepping(draw: np.random.Generator) -> np.ndarray:
    """A new level every 45 days or so."""
    level = np.ones(_DAYS)
    for day in np.nonzero(draw.random(_DAYS) < 1 / 45)[0]:
        level[day:] *= draw.lognormal(0, 0.5)
    return _weeks() * level * draw.lognormal(0, 0.15, _DAYS)


def bursting(draw: np.random.Generator) -> np.ndarray:
    """One day in twenty four times as dear as the others."""
    return steady(draw) + (draw.random(_DAYS) < 0.05) * draw.lognormal(6, 0.7, _DAYS)


MADE = (steady, flat, growing, wandering, stepping, bursting)


def views() -> dict[str, list[np.ndarray]]:
    """Article -> its daily views, in stretches that overlap; days that are not told are left out."""
    found: dict[str, list[float]] = {}
    with Path(__file__).with_name("daily_views.csv").open() as file:
        for row in csv.DictReader(file):
            found.setdefault(row["page"], []).append(float(row["views"]))
    return {
        page: [np.array(days[at : at + _DAYS]) for at in range(0, len(days) - _DAYS, 45)]
        for page, days in found.items()
    }


def held(days: Sequence[float]) -> Iterator[bool]:
    """Whether each interval of a series holds what came."""
    for history in _HISTORY_DAYS:
        for ahead in _HELD_BACK_DAYS:
            for at in range(history, len(days) - ahead, 61):
                foretold = sum_ahead(days[at - history : at], [1.0] * ahead)
                yield foretold.quantile(0.1) <= sum(days[at : at + ahead]) <= foretold.quantile(0.9)


def main() -> int:
    """Score each kind of series, and all of them."""
    draw = np.random.default_rng(20261128)
    series = {make.__name__: [make(draw) for _ in range(_SERIES)] for make in MADE} | views()
    shares = {}
    for name, members in series.items():
        found = [hit for days in members for hit in held(days.tolist())]
        shares[name] = sum(found) / len(found)
        print(f"{name}: {shares[name]:.1%} of {len(found)} intervals hold what came")
    whole = sum(shares.values()) / len(shares)
    print(f"mean: {whole:.1%}; wanted {_LEAST:.0%} to {_MOST:.0%}")
    return int("--check" in sys.argv and not _LEAST <= whole <= _MOST)


def _weeks() -> np.ndarray:
    return 100 * _WEEK[np.arange(_DAYS) % 7]


if __name__ == "__main__":
    sys.exit(main())
