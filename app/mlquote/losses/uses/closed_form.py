"""Coefficients that minimise a linear model's objective: least squares, ridge, lasso and elastic net."""

from dataclasses import dataclass

import numpy as np

from mlquote.kit.errors import OutOfDomain, TooLarge
from mlquote.losses.blocks import ALONE, Machine
from mlquote.losses.reading import REQUIRED, Answer, Array, Body, Reader

PROBLEMS = ("ols", "ridge", "lasso", "elastic_net")
ALIASES = {
    "least_squares": "ols",
    "linear_regression": "ols",
    "l2": "ridge",
    "tikhonov": "ridge",
    "l1": "lasso",
    "elasticnet": "elastic_net",
}
"""Other names of a problem."""
CONVENTIONS = ("sum", "mean", "half_mean", "mean_half_penalty")
MAX_ENTRIES = 4_000_000
MAX_COLUMNS = 512
KKT_TOLERANCE = 1e-10
MAX_SWEEPS = 100_000


@dataclass(frozen=True, slots=True)
class Design:
    """Rows scaled by the square root of their weight, columns and targets centred where an intercept is fitted."""

    X: Array
    y: Array
    column_means: Array
    target_mean: float
    rows: int

    def intercept(self, theta: Array) -> float:
        """The intercept that goes with coefficients found on centred data; it is never penalised."""
        return float(self.target_mean - self.column_means @ theta)


def design(X: Array, y: Array, weights: Array | None, fit_intercept: bool) -> Design:
    """The problem without its intercept and weights.

    Args:    X, shape [N, p]; y, shape [N]; weights, shape [N] or None; whether an intercept is fitted
    """
    w = np.ones(len(y)) if weights is None else weights
    means, mean = np.zeros(X.shape[1]), 0.0
    if fit_intercept:
        means, mean = w @ X / w.sum(), float(w @ y / w.sum())
    root = np.sqrt(w)
    return Design((X - means) * root[:, None], (y - mean) * root, means, mean, len(y))


@dataclass(frozen=True, slots=True)
class RidgeSolution:
    """Coefficients and what the singular values s of the design say of them."""

    theta: Array
    condition_number: float
    effective_degrees_of_freedom: float


def ridge(X: Array, y: Array, strength: float) -> RidgeSolution:
    """Least squares with a squared penalty, through the singular values of X (which the normal equations would square).

        theta = V diag(s / (s^2 + c)) U' y
        condition number (s_1^2 + c) / (s_p^2 + c); effective degrees of freedom sum s^2 / (s^2 + c)

    Args:    X, shape [N, p]; y, shape [N]; strength c >= 0 of (X'X + c I) theta = X'y
    Raises:  OutOfDomain when c is 0 and the columns of X are linearly dependent
    Source:  Hastie, Tibshirani, Friedman, The Elements of Statistical Learning (2009), equations 3.47 and 3.50
    """
    q, r = np.linalg.qr(X) if len(X) > X.shape[1] else (np.eye(len(X)), X)
    u, s, vt = np.linalg.svd(r, full_matrices=False)
    short = len(s) < X.shape[1] or s[-1] <= max(X.shape) * np.finfo(np.float64).eps * max(s[0], 1e-300)
    if strength == 0.0 and short:
        detail = "the columns of X are linearly dependent, and without a penalty no coefficients are best"
        raise OutOfDomain(detail, pointer="/X", hint="drop a column, or give lambda > 0")
    squares = s * s + strength
    theta = vt.T @ (s / squares * (u.T @ (q.T @ y)))
    smallest = strength if len(s) < X.shape[1] else squares[-1]
    condition = float(squares[0] / smallest) if smallest else np.inf
    return RidgeSolution(theta, condition, float((s * s / squares).sum()))


def kkt_residual(gram: Array, moment: Array, theta: Array, l1: float, l2: float) -> float:
    """How far coefficients are from the optimum of 1/2 RSS + l1 |theta|_1 + l2/2 |theta|^2: 0 exactly there.

    Args:    gram = X'X, moment = X'y
    """
    slope = gram @ theta - moment + l2 * theta
    active = np.abs(slope + l1 * np.sign(theta))
    idle = np.maximum(np.abs(slope) - l1, 0.0)
    return float(np.where(theta != 0.0, active, idle).max())


def elastic_net(X: Array, y: Array, l1: float, l2: float, machine: Machine) -> tuple[Array, float]:
    """Coordinate descent on 1/2 |y - X theta|^2 + l1 |theta|_1 + l2/2 |theta|^2, finished by solving on its support.

        theta_j <- S(x_j'(y - X theta) + x_j'x_j theta_j, l1) / (x_j'x_j + l2),  S the soft threshold

    Args:    X, shape [N, p]; y, shape [N]; l1 >= 0, l2 >= 0
    Returns: theta, shape [p], and the residual of the optimality (KKT) conditions relative to max |X'y|
    Raises:  OutOfDomain where no unique optimum is reached
    Source:  Friedman, Hastie, Tibshirani, Regularization paths via coordinate descent, JSS 33 (2010)
    """
    gram, moment = X.T @ X, X.T @ y
    scale = max(float(np.abs(moment).max()), 1e-300)
    theta = np.zeros(X.shape[1])
    diagonal = np.diag(gram) + l2
    slope = -moment.copy()
    for sweep in range(MAX_SWEEPS):
        machine.check()
        for j in np.flatnonzero(diagonal > 0.0):
            pull = gram[j, j] * theta[j] - slope[j]
            new = np.sign(pull) * max(abs(pull) - l1, 0.0) / diagonal[j]
            if new != theta[j]:
                slope += gram[j] * (new - theta[j])
                theta[j] = new
        if sweep % 10 == 0:
            polished = _on_support(gram, moment, theta, l1, l2)
            for candidate in (polished, theta):
                residual = kkt_residual(gram, moment, candidate, l1, l2) / scale
                if residual <= KKT_TOLERANCE:
                    return candidate, residual
    detail = "coordinate descent did not reach a KKT residual of 1e-10: the columns of X are nearly dependent"
    raise OutOfDomain(detail, pointer="/X", hint="drop a column, or choose an elastic net with l1_ratio < 1")


def _on_support(gram: Array, moment: Array, theta: Array, l1: float, l2: float) -> Array:
    """The exact optimum among coefficients with these signs and zeros (kept only if signs agree)."""
    support = np.flatnonzero(theta)
    found = np.zeros_like(theta)
    if support.size:
        inner = gram[np.ix_(support, support)] + l2 * np.eye(len(support))
        signs = np.sign(theta[support])
        try:
            exact = np.linalg.solve(inner, moment[support] - l1 * signs)
        except np.linalg.LinAlgError:
            return theta
        if (np.sign(exact) != signs).any():
            return theta
        found[support] = exact
    return found


def ridge_strength(convention: str, strength: float, rows: int) -> float:
    """c in (X'X + c I) theta = X'y for lambda under a convention.

    sum                RSS + l |t|^2          c = l
    mean               RSS/N + l |t|^2        c = N l
    half_mean          RSS/2N + l/2 |t|^2     c = N l
    mean_half_penalty  RSS/N + l/2 |t|^2      c = N l / 2
    """
    return strength * {"sum": 1.0, "mean": rows, "half_mean": rows, "mean_half_penalty": rows / 2.0}[convention]


def net_strengths(convention: str, strength: float, ratio: float, rows: int) -> tuple[float, float]:
    """(l1, l2) of 1/2 RSS + l1 |t|_1 + l2/2 |t|^2 for lambda (r |t|_1 + (1-r)/2 |t|^2) under a convention."""
    scale = strength * {"sum": 0.5, "mean": rows / 2.0, "half_mean": float(rows)}[convention]
    return scale * ratio, scale * (1.0 - ratio)


@np.errstate(all="ignore")
def closed_form(body: Body, machine: Machine = ALONE) -> Answer:
    """Answer `{problem, X, y, lambda, convention, fit_intercept, ...}` with coefficients, objective and condition."""
    reader = Reader(body)
    problem = reader.operation("problem", PROBLEMS, aliases=ALIASES) or "ridge"
    X, y = reader.matrix("X"), reader.vector("y")
    strength = 0.0 if problem == "ols" else reader.number("lambda", low=0.0)
    squared = problem in {"ols", "ridge"}
    choices = CONVENTIONS if squared else CONVENTIONS[:3]
    convention = reader.word("convention", choices, "sum" if problem == "ols" else REQUIRED)
    fit_intercept = reader.flag("fit_intercept", True)
    ratio = {"lasso": 1.0, "elastic_net": None}.get(problem, 0.0)
    ratio = reader.number("l1_ratio", low=0.0, high=1.0) if ratio is None else ratio
    weights = reader.vector("sample_weight", None) if squared else None
    _check(reader, X, y, weights)
    reader.finish()
    assert X is not None and y is not None and convention is not None  # finish raised otherwise
    prepared = design(X, y, weights, fit_intercept)
    solve = _ridge_answer if squared else _net_answer
    theta, figures = solve(prepared, convention, strength, ratio, machine)
    rss = float(np.square(prepared.y - prepared.X @ theta).sum())
    penalty = strength * _penalty(theta, problem, convention, ratio)
    divisor = {"sum": 1.0, "half_mean": 2.0 * len(y)}.get(convention, float(len(y)))
    return {
        "problem": problem,
        "theta": theta,
        "intercept": prepared.intercept(theta) if fit_intercept else 0.0,
        "objective": rss / divisor + penalty,
        "residual_sum_of_squares": rss,
        "penalty": penalty,
        **figures,
        "resolved": {"convention": convention, "fit_intercept": fit_intercept, "lambda": strength, "l1_ratio": ratio},
    }


def _check(reader: Reader, X: Array | None, y: Array | None, weights: Array | None) -> None:
    """Matching lengths, weights that are weights, and a size that fits."""
    if X is not None and (X.size > MAX_ENTRIES or X.shape[1] > MAX_COLUMNS):
        detail = f"X has shape {list(X.shape)}; at most {MAX_ENTRIES} entries and {MAX_COLUMNS} columns"
        raise TooLarge(detail, pointer="/X", hint="fit on fewer rows or columns")
    if X is not None and y is not None and len(X) != len(y):
        reader.refuse("y", f"{len(y)} targets for {len(X)} rows of X", "one target per row")
    if weights is None:
        return
    if X is not None and len(weights) != len(X):
        reader.refuse("sample_weight", f"{len(weights)} weights for {len(X)} rows", "one weight per row")
    if not (weights >= 0.0).all() or not weights.any():
        reader.refuse("sample_weight", "weights are >= 0 and not all 0", "drop it for equal weights")


def _ridge_answer(
    prepared: Design, convention: str, strength: float, ratio: float, machine: Machine
) -> tuple[Array, Answer]:
    c = ridge_strength(convention, strength, prepared.rows)
    found = ridge(prepared.X, prepared.y, c)
    return found.theta, {
        "condition_number": found.condition_number,
        "effective_degrees_of_freedom": found.effective_degrees_of_freedom,
        "equivalents": {"sklearn_ridge_alpha": c, "normal_equations_c": c},
    }


def _net_answer(
    prepared: Design, convention: str, strength: float, ratio: float, machine: Machine
) -> tuple[Array, Answer]:
    l1, l2 = net_strengths(convention, strength, ratio, prepared.rows)
    if l1 == 0.0:
        theta, residual = ridge(prepared.X, prepared.y, l2).theta, 0.0
    else:
        theta, residual = elastic_net(prepared.X, prepared.y, l1, l2, machine)
    alpha = (l1 + l2) / prepared.rows
    return theta, {
        "kkt_residual": residual,
        "nonzero": int(np.count_nonzero(theta)),
        "equivalents": {"sklearn_alpha": alpha, "sklearn_l1_ratio": l1 / (l1 + l2) if l1 + l2 else ratio},
    }


def _penalty(theta: Array, problem: str, convention: str, ratio: float) -> float:
    """R(theta) of the convention, before lambda."""
    square = float(theta @ theta)
    if problem in {"ols", "ridge"}:
        return square * (0.5 if convention in {"half_mean", "mean_half_penalty"} else 1.0)
    return ratio * float(np.abs(theta).sum()) + 0.5 * (1.0 - ratio) * square
