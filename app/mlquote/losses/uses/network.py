"""How a model turns coefficients into scores, and carries a slope in the scores back: linear, two-layer linear, MLP."""

from dataclasses import dataclass

import numpy as np

from mlquote.losses.reading import Array

NETWORKS = ("two_layer_linear", "mlp")
"""Models that are not linear in their coefficients: their objectives have saddles and flat valleys."""


@dataclass(frozen=True, slots=True)
class Network:
    """A model of rows X.

    linear            X theta
    two_layer_linear  X A b,             theta = (A, b) row by row, A [p, h], b [h]
    mlp               tanh(X A + c) b + d,  theta = (A, c, b, d), c [h], d [1]
    """

    kind: str
    X: Array
    hidden: int = 0

    @property
    def linear(self) -> bool:
        """Whether the scores are linear in theta."""
        return self.kind not in NETWORKS

    def size(self) -> int:
        """The number of coefficients of a network."""
        wide = self.X.shape[1] * self.hidden + self.hidden
        return wide + self.hidden + 1 if self.kind == "mlp" else wide

    def scores(self, theta: Array) -> Array:
        """The score of each row."""
        if self.linear:
            found: Array = self.X @ theta
            return found
        A, c, b, d = self._parts(theta)
        inner = self.X @ A + c
        return (np.tanh(inner) if self.kind == "mlp" else inner) @ b + d

    def back(self, theta: Array, slope: Array) -> Array:
        """A slope in the scores carried to theta."""
        if self.linear:
            found: Array = self.X.T @ slope
            return found
        A, c, b, _ = self._parts(theta)
        inner = self.X @ A + c
        out = np.tanh(inner) if self.kind == "mlp" else inner
        through = slope[:, None] * b * (1.0 - out * out if self.kind == "mlp" else 1.0)
        parts = [(self.X.T @ through).ravel()]
        if self.kind == "mlp":
            parts += [through.sum(axis=0), out.T @ slope, np.array([slope.sum()])]
        else:
            parts.append(out.T @ slope)
        return np.concatenate(parts)

    def _parts(self, theta: Array) -> tuple[Array, Array | float, Array, Array | float]:
        wide = self.X.shape[1] * self.hidden
        A, rest = theta[:wide].reshape(-1, self.hidden), theta[wide:]
        if self.kind == "two_layer_linear":
            return A, 0.0, rest, 0.0
        return A, rest[: self.hidden], rest[self.hidden : 2 * self.hidden], rest[-1]
