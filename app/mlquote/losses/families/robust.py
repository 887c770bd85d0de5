"""Losses of a residual that forgive or weigh outliers their own way: tubes, expectiles, wings, redescending ones."""

import math

import numpy as np

from mlquote.losses.loss import Array, Block, Params, Properties, steep


def epsilon_insensitive(block: Block) -> Array:
    """Absolute (or squared) error beyond a tube around the target.

        L = max(0, |r| - epsilon)^power,  r = p - y

    Gradient: sign(r) beyond the tube, or 2 (|r| - epsilon) sign(r); 0 within.
    Domain: any real p and y; epsilon >= 0; power 1 or 2.
    Kinks: |r| = epsilon with power 1, where 0 is returned.
    Aligned with: the conditional median, or nearly the mean with power 2; nothing within the tube.
    Pitfalls: epsilon is in units of y: scale the targets first; scikit-learn's default is 0.1 in SGDRegressor and 0 in
        LinearSVR.
    Source: Vapnik, The Nature of Statistical Learning Theory (1995), section 6.1; Drucker et al. (1997).
    """
    r = block.p - block.y
    over = np.abs(r) - block["epsilon"]
    beyond = np.maximum(over, 0.0)
    square = block["power"] == 2
    if block.wants():
        if not square:
            block.notes.mark("subgradient_at_kink", over == 0.0)
        block.give(np.sign(r) * (2.0 * beyond if square else over > 0.0))
    return beyond * beyond if square else beyond


def epsilon_insensitive_properties(params: Params) -> Properties:
    """Convex; slope 1 with power 1, curvature 2 with power 2."""
    square = params["power"] == 2
    return Properties(
        differentiable=square,
        convex_in_predictions=True,
        lipschitz=None if square else 1.0,
        smooth=2.0 if square else None,
        bounded_below=0.0,
        aligned_with="conditional mean, nearly" if square else "conditional median, nearly",
    )


def expectile(block: Block) -> Array:
    """Squared error, each side of the target weighed by itself.

        L = |tau - 1(y < p)| (p - y)^2

    Gradient: 2 |tau - 1(y < p)| (p - y).
    Domain: any real p and y; 0 < tau < 1.
    Aligned with: the conditional tau-expectile.
    Pitfalls: an expectile is no quantile: tau 0.9 lies below the 0.9 quantile of most data; implicit Q-learning takes
        tau 0.7 to 0.9.
    Source: Newey and Powell, Asymmetric least squares estimation and testing, Econometrica 55 (1987).
    """
    r = block.p - block.y
    side = np.where(r > 0.0, 1.0 - block["tau"], block["tau"])
    block.give(2.0 * side * r)
    values: Array = side * r * r
    return values


def expectile_properties(params: Params) -> Properties:
    """Convex; curvature twice the larger side's weight."""
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=None,
        smooth=2.0 * max(params["tau"], 1.0 - params["tau"]),
        bounded_below=0.0,
        aligned_with="conditional tau-expectile",
    )


def wing(block: Block) -> Array:
    """A logarithm near the target, so that small errors matter, and the absolute error beyond.

        L = w log(1 + |r| / epsilon)   where |r| < w
        L = |r| - w + w log(1 + w / epsilon)   elsewhere;  r = p - y

    Gradient: w sign(r) / (epsilon + |r|) within w; sign(r) beyond.
    Domain: any real p and y; w > 0; epsilon > 0.
    Kinks: r = 0, where 0 is returned, and |r| = w, where the outer slope is.
    Aligned with: the conditional median, nearly.
    Pitfalls: w and epsilon are in pixels of the paper's crops: 10 and 2.
    Source: Feng et al., Wing loss for robust facial landmark localisation (2018), equation 5.
    """
    r, w, epsilon = block.p - block.y, block["w"], block["epsilon"]
    size = np.abs(r)
    near = size < w
    if block.wants():
        block.notes.mark("subgradient_at_kink", r == 0.0)
        block.give(np.sign(r) * np.where(near, w / (epsilon + size), 1.0))
    values: Array = np.where(near, w * np.log1p(size / epsilon), size - w + w * math.log1p(w / epsilon))
    return values


def wing_properties(params: Params) -> Properties:
    """Concave on each side of the target; steepest at it."""
    return Properties(
        differentiable=False,
        convex_in_predictions=False,
        lipschitz=max(1.0, params["w"] / params["epsilon"]),
        smooth=None,
        bounded_below=0.0,
        aligned_with="conditional median, nearly",
    )


def general_robust(block: Block) -> Array:
    """One family from the squared error to losses that forget outliers.

        L = (b / alpha) ((x^2 / b + 1)^(alpha / 2) - 1),  x = (p - y) / c,  b = |alpha - 2|
        alpha = 2: x^2 / 2;   0 (Cauchy): log(x^2 / 2 + 1);   null, minus infinity (Welsch): 1 - exp(-x^2 / 2)
        alpha = 1 is Charbonnier's less its value at 0, -2 Geman and McClure's

    Gradient: (x / c) (x^2 / b + 1)^(alpha / 2 - 1).
    Domain: any real p and y; alpha any real, or null for minus infinity; c > 0.
    Stability: expm1 and log1p, so that small residuals keep their digits.
    Aligned with: the mode, the more so the smaller alpha is.
    Pitfalls: below alpha 1 it is not convex: start from a larger alpha.
    Source: Barron, A general and adaptive robust loss function (2019), equation 1.
    """
    x, alpha = (block.p - block.y) / block["c"], block["alpha"]
    half = 0.5 * x * x
    if alpha is None:
        values, share = -np.expm1(-half), np.exp(-half)
    elif alpha == 2.0:
        values, share = half, np.ones_like(half)
    elif alpha == 0.0:
        values, share = np.log1p(half), 1.0 / (1.0 + half)
    else:
        b = abs(alpha - 2.0)
        grown = np.log1p(2.0 * half / b)
        values = (b / alpha) * np.expm1(0.5 * alpha * grown)
        share = np.exp((0.5 * alpha - 1.0) * grown)
    block.give(x * share / block["c"])
    found: Array = values
    return found


def general_robust_properties(params: Params) -> Properties:
    """Convex from alpha 1 on; curvature at most 1 / c^2, at the target, up to alpha 2."""
    alpha = -math.inf if params["alpha"] is None else params["alpha"]
    return Properties(
        differentiable=True,
        convex_in_predictions=alpha >= 1.0,
        lipschitz=1.0 / params["c"] if alpha <= 1.0 else None,
        smooth=1.0 / params["c"] ** 2 if alpha <= 2.0 else None,
        bounded_below=0.0,
        aligned_with="the mode",
    )


def tukey(block: Block) -> Array:
    """Tukey's biweight: nothing is learnt from residuals beyond c.

        L = (c^2 / 6) (1 - (1 - (r/c)^2)^3)  where |r| <= c;  c^2 / 6 beyond;  r = p - y

    Gradient: r (1 - (r/c)^2)^2 within c, 0 beyond.
    Domain: any real p and y; c > 0.
    Aligned with: the mode.
    Pitfalls: c is in units of the residual's spread: 4.685 gives 95 % of least squares' efficiency on normal residuals
        of spread 1.
    Source: Beaton and Tukey, The fitting of power series, Technometrics 16 (1974).
    """
    r, c = block.p - block.y, block["c"]
    rest = np.maximum(1.0 - (r / c) ** 2, 0.0)
    block.give(r * rest * rest)
    values: Array = (c * c / 6.0) * (1.0 - rest**3)
    return values


def tukey_properties(params: Params) -> Properties:
    """Between 0 and c^2/6; slope at most 16 c / (25 sqrt 5), curvature at most 1."""
    return Properties(
        differentiable=True,
        convex_in_predictions=False,
        lipschitz=16.0 * params["c"] / (25.0 * math.sqrt(5.0)),
        smooth=1.0,
        bounded_below=0.0,
        aligned_with="the mode",
        note="never above c^2 / 6",
    )


def quantile_huber(block: Block) -> Array:
    """Pinball loss with a square around the target, so that it is smooth.

        L = |tau - 1(y < p)| H(p - y) / kappa,  H Huber's loss with delta kappa

    Gradient: |tau - 1(y < p)| clip(p - y, -kappa, kappa) / kappa.
    Domain: any real p and y; 0 < tau < 1, or `taus`, one per entry of the predictions' last axis; kappa > 0.
    Aligned with: the conditional tau-quantile, nearly.
    Pitfalls: QR-DQN sums it over the predicted quantiles and averages over the target's, each pair of them: give every
        pair as an example.
    Source: Dabney et al., Distributional reinforcement learning with quantile regression (2018), equation 10.
    """
    r, kappa = block.p - block.y, block["kappa"]
    tau = block.targets.get("_tau", block["tau"])
    side = np.where(r > 0.0, 1.0 - tau, tau)
    held = np.clip(r, -kappa, kappa)
    block.give(side * held / kappa)
    values: Array = side * held * (r - 0.5 * held) / kappa
    return values


def quantile_huber_properties(params: Params) -> Properties:
    """Convex and smooth; the steeper side decides."""
    taus = [params["tau"]] if params["taus"] is None else params["taus"]
    steepest = max(max(t, 1.0 - t) for t in taus)
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=steepest,
        smooth=steepest / params["kappa"],
        bounded_below=0.0,
        aligned_with="conditional tau-quantile, nearly",
    )


def minkowski(block: Block) -> Array:
    """Distance of order p between predictions and targets; per_example holds the powers.

        cost = ( reduce |r|^p )^(1/p),  r = p_i - y_i; the reduction is a sum unless told otherwise

    Gradient: that of the reduced powers times cost^(1-p) / p; 0 where the cost is 0.
    Domain: any real predictions and targets; p >= 1.
    Kinks: r = 0 with p 1, where 0 is returned, and a cost of exactly 0.
    Aligned with: the conditional median with p 1, the mean with 2, the middle of the range as p grows.
    Pitfalls: distances of micro-batches do not add: their powers, `weighted_sum`, do.
    Source: Minkowski, Geometrie der Zahlen (1896); torchmetrics, MinkowskiDistance.
    """
    r, p = block.p - block.y, block["p"]
    size = np.abs(r)
    if block.wants():
        block.notes.mark("subgradient_at_kink", (r == 0.0) & (p == 1.0))
        block.give(p * np.sign(r) * size ** (p - 1.0))
    values: Array = size**p
    return values


def rooted(reduced: float, params: Params) -> tuple[float, float]:
    """The p-th root and its slope, 0 at 0."""
    p = params["p"]
    return reduced ** (1.0 / p), reduced ** (1.0 / p - 1.0) / p if reduced else 0.0


minkowski_properties = steep(
    "a centre of the conditional distribution", convex=True, note="the cost, a norm, has slope at most 1 for p >= 2"
)
