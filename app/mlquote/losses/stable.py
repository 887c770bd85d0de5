"""Arithmetic that keeps its digits: sigmoid, softplus, softmax, clamped logarithms, and 0 x Infinity = 0.

With z the logits of a row, k its largest class and s = sum over i != k of exp(z_i - z_k), every softmax here uses
-log q_c = (z_k - z_c) + log1p(s): a log-sum-exp minus the target's logit would lose a small loss entirely (at a margin
of 50 it gives 0; exact is 1.9e-22).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlquote.losses.elementary import exp
from mlquote.losses.reading import Array
from mlquote.losses.sums import row_dots, row_sums


def times(weight: Array, term: Array) -> Array:
    """weight x term with 0 x Infinity = 0."""
    with np.errstate(invalid="ignore"):
        product: Array = weight * term
    if np.isnan(np.add.reduce(product, axis=None)):
        product[weight == 0.0] = 0.0
    return product


def clamped_log(
    p: Array, clamp: Mapping[str, Any], *, complement: bool = False
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """log p (or log(1-p)) under a clamp, the size of its slope in p, and where the clamp holds it (slope 0 there)."""
    q = p
    held = np.zeros(p.shape, dtype=np.bool_)
    if clamp["kind"] == "prob_eps":
        q = np.clip(p, clamp["value"], 1.0 - clamp["value"])
        held = q != p
    log = np.log1p(-q) if complement else np.log(q)
    slope = 1.0 / (1.0 - q if complement else q)
    if clamp["kind"] == "log_floor":
        held = log < clamp["value"]
        log = np.maximum(log, clamp["value"])
    slope[held] = 0.0
    return log, slope, held


def softplus(u: Array) -> Array:
    """log(1 + exp(u)) as max(u, 0) + log1p(exp(-|u|)), which neither overflows nor loses a small value."""
    found: Array = np.maximum(u, 0.0) + np.log1p(np.exp(-np.abs(u)))
    return found


def sigmoid(u: Array) -> Array:
    """1 / (1 + exp(-u)), with full relative accuracy on the small side."""
    e = np.exp(-np.abs(u))
    found: Array = np.where(u >= 0.0, 1.0, e) / (1.0 + e)
    return found


def row_norms(x: Array) -> Array:
    """The Euclidean length of each row."""
    found: Array = np.sqrt(row_dots(x, x))
    return found


def unnormalized(gradient: Array, unit: Array, norm: Array) -> Array:
    """A gradient in u = x / |x| carried back to x: (g - (g.u) u) / |x|."""
    carried: Array = (gradient - row_dots(gradient, unit)[:, None] * unit) / norm[:, None]
    return carried


CLEAR = 1.0
"""Below this sum of all but the largest, 1 + s has lost digits of s, which is summed again without the largest."""


class Softmax:
    """exp(z - z_k) of each row, whose largest is 1, and the sum s of the others: q_k = 1/(1+s), q_c = e_c/(1+s).

    Single entries of rows are reached through flat places, row x K + class: one index costs half of two.
    """

    def __init__(self, z: Array, out: Array) -> None:
        self.z, self.first = z, np.arange(0, z.size, z.shape[1])
        self.top = z.argmax(axis=1)
        self.peaks = self.first + self.top
        self.peak = z.reshape(-1).take(self.peaks)
        self.e = np.subtract(z, self.peak[:, None], out=out)
        exp(self.e, out=self.e)
        self.flat = self.e.reshape(-1)
        self.rest = row_sums(self.e)
        self.rest -= 1.0
        self.clear = np.flatnonzero(self.rest < CLEAR)
        if self.clear.size:
            others = self.e[self.clear]
            others[np.arange(len(others)), self.top[self.clear]] = 0.0
            self.rest[self.clear] = row_sums(others)
        self.log = np.log1p(self.rest)

    def negative_log(self, labels: NDArray[np.int64]) -> Array:
        """-log q_y of each row."""
        found: Array = self.peak - self.z.reshape(-1).take(self.first + labels)
        found += self.log
        return found

    def gradient(self, labels: NDArray[np.int64], weight: Array | float) -> None:
        """weight (q - onehot(y)) written over `e`, exact where q_y is nearly 1."""
        share = weight / (1.0 + self.rest)
        self.e *= share[:, None]
        self.flat[self.first + labels] -= weight
        sure = self.clear[self.top[self.clear] == labels[self.clear]]
        self.flat[self.peaks[sure]] = -share[sure] * self.rest[sure]

    def probabilities(self) -> Array:
        """q written over `e`."""
        self.e *= (1.0 / (1.0 + self.rest))[:, None]
        return self.e

    def at(self, labels: NDArray[np.int64]) -> Array:
        """The entry of `e` at each row's label."""
        found: Array = self.flat.take(self.first + labels)
        return found

    def log_probabilities(self) -> Array:
        """log q in an array of its own."""
        found: Array = (self.z - self.peak[:, None]) - self.log[:, None]
        return found
