"""A law of loss fitted on runs of one's own: several starts, a robust loss, and how far other draws of them differ.

Parameters and tokens enter as logarithms less their means, so that the ridge of (A, alpha) and of (B, beta) is short.
Starts come from a grid of (alpha, beta): for each pair E, A and B are a linear least squares (variable projection).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mlquote.formulas.scaling.parametric import ParametricLaw

Objective = Literal["huber", "least_squares"]
Numbers = NDArray[np.float64]
HUBER_DELTA = 1e-3
"""Residuals of ln L beyond it count linearly (Hoffmann et al. 2022, appendix D.2)."""
_EXPONENTS = np.geomspace(0.05, 1.2, 24)
_STARTS = 6
_STEPS = 400
_CLOSELY_DRAWN = 1e-6
"""How closely a draw is fitted: far closer than draws lie together."""
_LEAST_LOG = -40.0
"""ln E below which E is 0 to every digit of a loss."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Training runs: parameters, tokens and final loss of each, arrays of shape (n,)."""

    params: Numbers
    tokens: Numbers
    loss: Numbers

    def picked(self, which: NDArray[np.intp]) -> "Runs":
        """Some of them, one as often as it is named."""
        return Runs(self.params[which], self.tokens[which], self.loss[which])


@dataclass(frozen=True, slots=True)
class Fit:
    """A law and how well it holds the runs that it was fitted on."""

    law: ParametricLaw
    cost: float
    """Mean of what the objective counts of a run."""
    rms_log: float
    """Root mean square of ln(fitted / observed loss)."""


def fitted_law(runs: Runs, objective: Objective = "huber", *, tied: bool = False) -> Fit:
    """The parametric law that holds the runs best.

        minimise sum_i rho(r_i):  huber: r = ln L(N_i, D_i) - ln l_i, rho Huber's with delta 1e-3
                                  least_squares: r = L(N_i, D_i) - l_i, rho = r^2 / 2

    Args:    tied: alpha = beta (Muennighoff et al. 2023, Gadre et al. 2024)
    Source:  Hoffmann et al. 2022, appendix D.2; variable projection: Golub and Pereyra 1973
    """
    problem = _Problem.of(runs, objective, tied=tied)
    ends = [problem.descended(start) for start in problem.starts()]
    return problem.fit(min(ends, key=problem.cost))


def other_draws(runs: Runs, fit: Fit, groups: Sequence[int], draws: int, seed: int, **how: bool) -> list[ParametricLaw]:
    """The laws of resampled runs: whole groups are drawn with replacement, each law descended from the first fit.

    Args:    groups: which runs belong together (a compute budget), shape (n,); how: `tied` as in `fitted_law`
    Returns: a law a draw; draws of fewer than 5 different runs are drawn again
    Source:  Efron and Tibshirani 1993, chapter 8 (bootstrap of clusters)
    """
    generator, labels = np.random.default_rng(seed), np.asarray(groups)
    of = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    found: list[ParametricLaw] = []
    for _ in range(20 * draws):
        which = np.concatenate([of[i] for i in generator.integers(0, len(of), len(of))])
        drawn = runs.picked(which)
        if len(np.unique(which)) >= 5 and len(np.unique(drawn.params)) > 1 and len(np.unique(drawn.tokens)) > 1:
            problem = _Problem.of(drawn, "huber", tied=how.get("tied", False))
            found.append(problem.fit(problem.descended(problem.theta_of(fit.law), _CLOSELY_DRAWN)).law)
        if len(found) == draws:
            break
    return found


@dataclass(frozen=True, slots=True)
class _Problem:
    """Runs as the fit sees them: logarithms less their means, theta = (ln E, ln A', ln B', alpha, beta)."""

    log_n: Numbers
    log_d: Numbers
    log_loss: Numbers
    middle: tuple[float, float]
    objective: Objective
    tied: bool

    @classmethod
    def of(cls, runs: Runs, objective: Objective, *, tied: bool) -> "_Problem":
        log_n, log_d = np.log(runs.params), np.log(runs.tokens)
        middle = float(log_n.mean()), float(log_d.mean())
        return cls(log_n - middle[0], log_d - middle[1], np.log(runs.loss), middle, objective, tied)

    def fit(self, theta: Numbers) -> Fit:
        residual = self._log_fitted(theta) - self.log_loss
        return Fit(self.law_of(theta), self.cost(theta), float(np.sqrt(np.mean(residual**2))))

    def law_of(self, theta: Numbers) -> ParametricLaw:
        """Theta about the runs' middle as the law's own coefficients."""
        e, a, b, alpha, beta = (float(value) for value in theta)
        a, b = a + alpha * self.middle[0], b + beta * self.middle[1]
        return ParametricLaw(
            float(np.exp(e)) if e > _LEAST_LOG else 0.0, float(np.exp(a)), float(np.exp(b)), alpha, beta
        )

    def theta_of(self, law: ParametricLaw) -> Numbers:
        e = np.log(law.E) if law.E > 0.0 else _LEAST_LOG
        a, b = np.log(law.A) - law.alpha * self.middle[0], np.log(law.B) - law.beta * self.middle[1]
        return np.array([e, a, b, law.alpha, law.beta])

    def starts(self) -> Iterator[Numbers]:
        """The best cells of the grid: E, A', B' of each by linear least squares, none below 0."""
        loss, found = np.exp(self.log_loss), []
        for alpha in _EXPONENTS:
            for beta in (alpha,) if self.tied else _EXPONENTS:
                columns = np.stack(
                    [np.ones_like(loss), np.exp(-alpha * self.log_n), np.exp(-beta * self.log_d)], axis=1
                )
                if self.objective == "huber":
                    columns = columns / loss[:, None]
                wanted = loss if self.objective == "least_squares" else np.ones_like(loss)
                said = np.linalg.lstsq(columns, wanted, rcond=None)[0]
                said = np.maximum(said, 1e-3 * abs(said).max())
                found.append(np.array([*np.log(said), alpha, beta]))
        return iter(sorted(found, key=self.cost)[:_STARTS])

    def cost(self, theta: Numbers) -> float:
        r = self._residual(theta)
        if self.objective == "least_squares":
            return float(np.mean(r**2) / 2.0)
        size = np.abs(r)
        return float(np.mean(np.where(size <= HUBER_DELTA, size**2 / 2.0, HUBER_DELTA * (size - HUBER_DELTA / 2.0))))

    def descended(self, theta: Numbers, closely: float = 1e-13) -> Numbers:
        """Levenberg-Marquardt from a start, residuals beyond Huber's delta weighed down anew at each step.

        Args: closely: it ends where a step lowers the cost by less than this share of it
        """
        damping, cost = 1e-3, self.cost(theta)
        for _ in range(_STEPS):
            slopes, r = self._slopes(theta), self._residual(theta)
            weight = np.ones_like(r)
            if self.objective == "huber":
                weight = HUBER_DELTA / np.maximum(np.abs(r), HUBER_DELTA)
            normal = slopes.T @ (slopes * weight[:, None])
            damped = normal + damping * np.diag(np.diag(normal) + 1e-12)
            step = np.asarray(np.linalg.solve(damped, slopes.T @ (weight * r)), dtype=np.float64)
            moved = self._allowed(theta, step)
            after = self.cost(moved)
            if not after <= cost:
                damping *= 4.0
                if damping > 1e12:
                    break
                continue
            still = cost - after <= closely * cost
            theta, cost, damping = moved, after, max(damping / 3.0, 1e-12)
            if still:
                break
        return theta

    def _allowed(self, theta: Numbers, step: Numbers) -> Numbers:
        """Theta less the step, at most one unit a coordinate; exponents above 0 and, where tied, equal."""
        if self.tied:
            step = np.array([*step[:3], step[3], step[3]])
        moved: Numbers = theta - np.clip(step, -1.0, 1.0)
        moved[0] = max(moved[0], _LEAST_LOG)
        moved[3:] = np.clip(moved[3:], 1e-3, 5.0)
        return moved

    def _terms(self, theta: Numbers) -> Numbers:
        e, a, b, alpha, beta = theta
        flat = np.full_like(self.log_n, e)
        return np.stack([flat, a - alpha * self.log_n, b - beta * self.log_d])

    def _log_fitted(self, theta: Numbers) -> Numbers:
        found: Numbers = np.logaddexp.reduce(self._terms(theta), axis=0)
        return found

    def _residual(self, theta: Numbers) -> Numbers:
        fitted = self._log_fitted(theta)
        return np.exp(fitted) - np.exp(self.log_loss) if self.objective == "least_squares" else fitted - self.log_loss

    def _slopes(self, theta: Numbers) -> Numbers:
        """d residual / d theta, shape (n, 5); where tied, both exponents move as one."""
        terms, fitted = self._terms(theta), self._log_fitted(theta)
        shares = np.exp(terms - (0.0 if self.objective == "least_squares" else fitted))
        by_alpha, by_beta = -shares[1] * self.log_n, -shares[2] * self.log_d
        if self.tied:
            by_alpha, by_beta = by_alpha + by_beta, np.zeros_like(by_beta)
        return np.stack([*shares, by_alpha, by_beta], axis=1)
