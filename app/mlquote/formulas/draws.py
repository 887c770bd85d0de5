"""Standard normal draws that fill space evenly, the same for the same seed, and what a list of drawn sums says.

A project adds lognormal quantities of which some share their doubt. Their sum is no lognormal, and its tails matter, so
it is drawn. Each source of doubt is drawn once in each of 2,048 layers of equal chance, and no two sources go
together: a question asked twice, or with one field changed, meets the same draws. Left aside: lattices and square roots
of primes, whose columns go together by up to 0.4 once there are a hundred of them.
"""

from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Draws = NDArray[np.float64]
DRAWS = 2048
"""Draws of one question."""
_KEPT = 1024
"""Columns that are kept, of all seeds."""


def _scores() -> Draws:
    """The middle of each layer of equal chance, as a standard normal quantity, ascending; variance 1."""
    quantile = NormalDist().inv_cdf
    scores = np.array([quantile((layer + 0.5) / DRAWS) for layer in range(DRAWS)])
    scaled: Draws = scores / scores.std()
    return scaled


_SCORES = _scores()


@lru_cache(maxsize=_KEPT)
def normal_draws(column: int, seed: int) -> Draws:
    """One source of doubt, drawn `DRAWS` times: a Latin hypercube whose columns are all but uncorrelated.

    A shuffle of the layers, less its projection on every earlier column, put back into layers by its ranks.

    Args:    column: which source, >= 0; seed: >= 0
    Returns: float64[DRAWS], mean 0, variance 1
    Source:  McKay, Beckman and Conover (1979), Technometrics 21, for layers; Owen (1994), Controlling correlations in
             Latin hypercube samples, JASA 89, section 3, for the columns
    """
    shuffled = np.random.default_rng([seed, column]).permutation(_SCORES)
    if column:
        earlier = np.stack([normal_draws(place, seed) for place in range(column)])
        shuffled = shuffled - earlier.T @ (earlier @ shuffled / DRAWS)
    drawn = layered(shuffled)
    drawn.flags.writeable = False
    return drawn


def layered(values: Draws) -> Draws:
    """Standard normal quantities of the same order: a sum of a few sources is normal in its draws as it is on paper."""
    drawn = np.empty(DRAWS)
    drawn[np.argsort(values, kind="stable")] = _SCORES
    return drawn


def interval(values: Draws) -> tuple[float, float, float]:
    """The 10th percentile, the median and the 90th percentile of a list of draws."""
    low, middle, high = np.quantile(values, (0.1, 0.5, 0.9))
    return float(low), float(middle), float(high)
