"""Penalties lambda R(theta) with their gradients; at a kink the gradient of least size, and the interval it lies in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlquote.losses.reading import Answer, Array, Body, Reader


@dataclass(frozen=True, slots=True)
class Penalty:
    """lambda R, its gradient in theta, how far the subdifferential reaches either side of it, and what was assumed."""

    value: float
    gradient: Array
    reach: Array | None = None
    resolved: Mapping[str, Any] | None = None


def l2(theta: Array, strength: float, reader: Reader) -> Penalty:
    """Squared length, the Gaussian prior.

        lambda/2 sum theta^2 (half, the default), or lambda sum theta^2

    Gradient: lambda theta, or 2 lambda theta.
    Properties: strongly convex, gradient Lipschitz with lambda or 2 lambda.
    Pitfalls: PyTorch's weight_decay w is half with lambda = w, Keras's L2(l) is not half; under Adam neither equals
        decoupled weight decay.
    Source: Hoerl and Kennard, Ridge regression (1970).
    """
    half = reader.flag("half", True)
    kept = included(theta, reader)
    factor = 0.5 if half else 1.0
    return Penalty(strength * factor * total(kept * kept), 2.0 * factor * strength * kept, resolved={"half": half})


def l1(theta: Array, strength: float, reader: Reader) -> Penalty:
    """Sum of absolute values, the Laplace prior, which sets coefficients to exactly 0.

        lambda sum |theta|

    Gradient: lambda sign(theta).
    Kinks: theta = 0, where 0 is returned out of [-lambda, lambda].
    Properties: convex, value Lipschitz with lambda per coefficient.
    Source: Tibshirani, Regression shrinkage and selection via the lasso (1996).
    """
    kept = included(theta, reader)
    at_kink = (kept == 0.0) & (included(np.ones_like(theta), reader) > 0.0)
    return Penalty(strength * total(np.abs(kept)), strength * np.sign(kept), strength * at_kink)


def elastic_net(theta: Array, strength: float, reader: Reader) -> Penalty:
    """A mix of absolute and squared values.

        lambda (l1_ratio sum |theta| + (1 - l1_ratio)/2 sum theta^2)

    Gradient: lambda (l1_ratio sign(theta) + (1 - l1_ratio) theta).
    Kinks: theta = 0, where 0 is returned out of lambda l1_ratio [-1, 1].
    Properties: convex; strongly convex for l1_ratio < 1.
    Pitfalls: the mix is glmnet's alpha and scikit-learn's l1_ratio; scikit-learn's alpha is the strength.
    Source: Zou and Hastie, Regularization and variable selection via the elastic net (2005), in glmnet's form.
    """
    ratio = reader.number("l1_ratio", low=0.0, high=1.0)
    kept = included(theta, reader)
    at_kink = (kept == 0.0) & (included(np.ones_like(theta), reader) > 0.0)
    value = ratio * total(np.abs(kept)) + 0.5 * (1.0 - ratio) * total(kept * kept)
    return Penalty(
        strength * value, strength * (ratio * np.sign(kept) + (1.0 - ratio) * kept), strength * ratio * at_kink
    )


def group_lasso(theta: Array, strength: float, reader: Reader) -> Penalty:
    """Sum of the lengths of groups of coefficients, which drops whole groups.

        lambda sum_g w_g |theta_g|,  w_g = 1 (none) or sqrt(size of g) (sqrt_size)

    Gradient: lambda w_g theta_g / |theta_g|.
    Kinks: a group of zeros, where 0 is returned out of a ball of radius lambda w_g.
    Properties: convex.
    Source: Yuan and Lin, Model selection and estimation in regression with grouped variables (2006).
    """
    weighting = reader.word("group_weight", ("none", "sqrt_size"), "none")
    gradient, reach, value = np.zeros(theta.size), np.zeros(theta.size), 0.0
    flat = theta.ravel()
    for members in _groups(theta.size, reader):
        length = float(np.linalg.norm(flat[members]))
        weight = strength * (np.sqrt(len(members)) if weighting == "sqrt_size" else 1.0)
        value += weight * length
        if length:
            gradient[members] = weight * flat[members] / length
        else:
            reach[members] = weight
    resolved = {"group_weight": weighting}
    return Penalty(float(value), gradient.reshape(theta.shape), reach.reshape(theta.shape), resolved)


def _groups(size: int, reader: Reader) -> list[list[int]]:
    """Disjoint lists of places in theta (flattened); what no group names is not penalised."""
    given = reader.raw("groups")
    hint = f"lists of places 0 to {size - 1}, each place in one group at most: [[0, 1], [2]]"
    seen: set[int] = set()
    right = isinstance(given, list | tuple) and bool(given)
    for group in given if right else []:
        places = [i for i in group if type(i) is int and 0 <= i < size] if isinstance(group, list | tuple) else []
        right &= bool(places) and len(places) == len(group) and len({*places, *seen}) == len(places) + len(seen)
        seen.update(places)
    if right:
        return [list(group) for group in given]
    reader.refuse("groups", "groups do not fit theta", hint)
    return []


def spectral_norm(theta: Array, strength: float, reader: Reader) -> Penalty:
    """The largest singular value of a matrix, its gain on the worst input.

        lambda sigma_1, or lambda sigma_1^2 with squared

    Gradient: lambda u v' (times 2 sigma_1 when squared).
    Kinks: a repeated largest singular value, where one pair's u v' is returned, and the zero matrix (0).
    Properties: convex.
    Pitfalls: PyTorch's spectral_norm is a reparametrisation by the same quantity, not this penalty.
    Source: Yoshida and Miyato, Spectral norm regularization (2017).
    """
    squared = reader.flag("squared", False)
    if not is_matrix(theta, reader):
        return Penalty(0.0, theta)
    u, s, v = np.linalg.svd(theta, full_matrices=False)
    outer = np.outer(u[:, 0], v[0]) * (s[0] > 0.0)
    resolved = {"squared": squared}
    if squared:
        return Penalty(float(strength * s[0] ** 2), 2.0 * strength * s[0] * outer, resolved=resolved)
    return Penalty(float(strength * s[0]), strength * outer, resolved=resolved)


def nuclear_norm(theta: Array, strength: float, reader: Reader) -> Penalty:
    """Sum of singular values, the convex stand-in for rank.

        lambda sum sigma_i

    Gradient: lambda U V' over the non-zero singular values.
    Kinks: rank-deficient matrices, where the gradient of least size is returned.
    Properties: convex.
    Source: Fazel, Hindi, Boyd, A rank minimization heuristic (2001).
    """
    if not is_matrix(theta, reader):
        return Penalty(0.0, theta)
    u, s, v = np.linalg.svd(theta, full_matrices=False)
    kept = s > max(theta.shape) * np.finfo(np.float64).eps * s[0]
    return Penalty(float(strength * s.sum()), strength * (u[:, kept] @ v[kept]))


def dropout_linear(theta: Array, strength: float, reader: Reader) -> Penalty:
    """What inverted dropout on the inputs of a linear model adds to its expected squared error, exactly.

        lambda p/(1-p) sum_j theta_j^2 sum_i x_ij^2, divided by N with mean

    Gradient: 2 lambda p/(1-p) theta_j sum_i x_ij^2 (over N).
    Properties: convex; a ridge penalty scaled by each column's energy.
    Source: Wager, Wang, Liang, Dropout training as adaptive regularization (2013), section 2; Srivastava et al. (2014),
        section 9.1.
    """
    rate = reader.number("rate", low=0.0, high=1.0, open_high=True)
    mean = reader.flag("mean", True)
    X = reader.matrix("X")
    if X is None or theta.shape != X.shape[1:]:
        if X is not None:
            reader.refuse("X", f"X has {X.shape[1]} columns, theta shape {list(theta.shape)}", "one per coefficient")
        return Penalty(0.0, theta)
    energy = np.einsum("ij,ij->j", X, X) * (strength * rate / (1.0 - rate) / (len(X) if mean else 1))
    return Penalty(float(theta @ (energy * theta)), 2.0 * energy * theta, resolved={"mean": mean})


PENALTIES: dict[str, Callable[[Array, float, Reader], Penalty]] = {
    "l2": l2,
    "l1": l1,
    "elastic_net": elastic_net,
    "group_lasso": group_lasso,
    "spectral_norm": spectral_norm,
    "nuclear_norm": nuclear_norm,
    "dropout_linear": dropout_linear,
}


ALIASES = {
    "ridge": "l2",
    "tikhonov": "l2",
    "weight_decay": "l2",
    "lasso": "l1",
    "elasticnet": "elastic_net",
    "l1_l2": "elastic_net",
    "l1l2": "elastic_net",
    "group_sparsity": "group_lasso",
    "trace_norm": "nuclear_norm",
    "dropout": "dropout_linear",
}
"""Other names of a penalty, which mean the same to the last digit."""


def total(values: Array) -> float:
    """The sum as a float."""
    return float(np.add.reduce(values, axis=None))


def is_matrix(theta: Array, reader: Reader) -> bool:
    """Whether theta is a non-empty matrix; a fault otherwise."""
    if theta.ndim == 2 and theta.size:
        return True
    reader.refuse("theta", f"theta has shape {list(theta.shape)}", "a matrix")
    return False


def included(theta: Array, reader: Reader) -> Array:
    """theta with the excluded places (such as an intercept's) set to 0: they are not penalised."""
    given = reader.raw("exclude", [])
    right = isinstance(given, list | tuple | np.ndarray)
    places = list(given) if right else []
    if not right or not all(isinstance(i, int | np.integer) and 0 <= i < theta.size for i in places):
        reader.refuse("exclude", f"exclude is {given!r}", f"places 0 to {theta.size - 1} of theta")
        return theta
    if not places:
        return theta
    kept = theta.copy()
    kept.reshape(-1)[places] = 0.0
    return kept


def penalty(reader: Reader, theta: Array | None = None) -> Penalty:
    """One `{type, lambda, theta, ...}`; theta comes from elsewhere when the question is about a model's own."""
    kind = reader.operation("type", PENALTIES, aliases=ALIASES)
    strength = reader.number("lambda", low=0.0)
    found = reader.array("theta") if theta is None else theta
    if kind is None or found is None:
        reader.raw("theta")
        return Penalty(0.0, np.zeros(0))
    if not found.size:
        reader.refuse("theta", "theta is empty", "at least one coefficient")
        return Penalty(0.0, found)
    result = PENALTIES[kind](found, strength, reader)
    reader.close()
    return result


def penalties(reader: Reader, name: str, default: Any = (), theta: Array | None = None) -> list[Penalty]:
    """A list of penalties under one field."""
    given = reader.raw(name, default)
    if not isinstance(given, list | tuple):
        if given is not None:
            reader.refuse(name, f"{name} is a list of penalties", '[{"type": "l2", "lambda": 0.1, "theta": [1.0]}]')
        return []
    found = []
    for place, entry in enumerate(given):
        if isinstance(entry, Mapping):
            found.append(penalty(Reader(entry, f"{reader.pointer}/{name}/{place}", reader.faults), theta))
        else:
            reader.refuse(f"{name}/{place}", "a penalty is an object", '{"type": "l2", "lambda": 0.1, "theta": [1.0]}')
    return found


@np.errstate(all="ignore")
def regularizer(body: Body) -> Answer:
    """Answer `{penalties, gradient}`: the sum of the penalties, each one's value and gradient."""
    reader = Reader(body)
    wanted = reader.flag("gradient", False)
    found = penalties(reader, "penalties", None)
    if not found and not reader.faults:
        reader.refuse("penalties", "no penalty is given", '[{"type": "l2", "lambda": 0.1, "theta": [1.0]}]')
    reader.finish()
    answer: Answer = {
        "penalty": float(sum(each.value for each in found)),
        "penalties": [each.value for each in found],
        "resolved": [dict(each.resolved or {}) for each in found],
        "diagnostics": [],
    }
    if wanted:
        answer |= _gradients(found)
    return answer


def _gradients(found: list[Penalty]) -> Answer:
    """The gradient of a single penalty as it is, of several as a list; the interval where any has a kink."""
    intervals = [
        None
        if each.reach is None or not each.reach.any()
        else {"lo": each.gradient - each.reach, "hi": each.gradient + each.reach}
        for each in found
    ]
    gradients = [each.gradient for each in found]
    one = len(found) == 1
    answer: Answer = {"gradient": gradients[0] if one else gradients}
    if any(intervals):
        answer["gradient_interval"] = intervals[0] if one else intervals
        message = "a penalty is at a kink: the subgradient of least size is returned"
        answer["diagnostics"] = [{"code": "subgradient_at_kink", "severity": "info", "message": message}]
    return answer
