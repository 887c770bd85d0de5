"""Losses of a real prediction relative to its target: percentages, logarithms; and roots of squares."""

import math

import numpy as np

from mlquote.losses.loss import Array, Block, Params, Properties, steep


def mape(block: Block) -> Array:
    """Absolute percentage error.

        L = s |p - y| / max(|y|, eps),  s = 100 with percent, else 1

    Gradient: s sign(p - y) / max(|y|, eps).
    Domain: any real p and y; eps > 0.
    Kinks: p = y, where 0 is returned.
    Aligned with: the median of y weighted by 1/|y|, which lies below the plain median.
    Pitfalls: a target near 0 decides the whole; Keras multiplies by 100 and holds |y| above 1e-7, scikit-learn does
        neither (no factor, 2.2e-16).
    Source: Hyndman and Koehler, Another look at measures of forecast accuracy (2006), section 2.2.
    """
    r = block.p - block.y
    scale = (100.0 if block["percent"] else 1.0) / np.maximum(np.abs(block.y), block["eps"])
    if block.wants():
        block.notes.mark("subgradient_at_kink", r == 0.0)
    block.give(np.sign(r) * scale)
    values: Array = np.abs(r) * scale
    return values


def mape_properties(params: Params) -> Properties:
    """Convex; its slope is 100 over the target, and without bound as that goes to 0."""
    return Properties(
        differentiable=False,
        convex_in_predictions=True,
        lipschitz=(100.0 if params["percent"] else 1.0) / params["eps"],
        smooth=None,
        bounded_below=0.0,
        aligned_with="the median weighted by 1/|y|",
    )


def smape(block: Block) -> Array:
    """Symmetric absolute percentage error.

        L = 200 |p - y| / (|p| + |y|),  0 where both are 0

    Gradient: 200 (sign(r) / s - |r| sign(p) / s^2),  r = p - y, s = |p| + |y|.
    Domain: any real p and y.
    Kinks: p = y and p = 0, where the slope of |.| is taken as 0.
    Aligned with: no common statistic of y; it asks for more than the median.
    Pitfalls: it is 200 wherever p and y differ in sign, so a wrong sign teaches nothing; some define it without the 2.
    Source: Makridakis, Accuracy measures (1993); Hyndman and Koehler (2006), section 2.2.
    """
    r, size = block.p - block.y, np.abs(block.p) + np.abs(block.y)
    safe = np.where(size > 0.0, size, 1.0)
    values: Array = 200.0 * np.abs(r) / safe
    if block.wants():
        block.notes.mark("subgradient_at_kink", (r == 0.0) | (block.p == 0.0))
    block.give(200.0 * (np.sign(r) / safe - np.abs(r) * np.sign(block.p) / (safe * safe)))
    return values


def smape_properties(params: Params) -> Properties:
    """Between 0 and 200, neither convex nor smooth."""
    return Properties(
        differentiable=False,
        convex_in_predictions=False,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="no common statistic",
        note="never above 200",
    )


def msle(block: Block) -> Array:
    """Squared difference of logarithms.

        L = (log(1 + p) - log(1 + y))^2;  with floor f both are first raised to f where they lie below

    Gradient: 2 (log(1 + p) - log(1 + y)) / (1 + p), 0 where the floor holds p.
    Domain: p and y > -1.
    Aligned with: exp(E[log(1 + y)]) - 1, the geometric mean of 1 + y, less 1.
    Pitfalls: an estimate too low costs more than one as much too high; Keras raises negatives to 1e-7 silently,
        scikit-learn refuses values of -1 and below.
    Source: Chollet and others, Keras; scikit-learn, mean_squared_log_error.
    """
    p, y, floor = block.p, block.y, block["floor"]
    held = np.zeros(p.shape, dtype=np.bool_)
    if floor is not None:
        held = p < floor
        p, y = np.maximum(p, floor), np.maximum(y, floor)
    block.require("predictions", p > -1.0, "has no log(1 + p)", "p > -1, or a params.floor")
    block.require("targets", y > -1.0, "has no log(1 + y)", "y > -1, or a params.floor")
    r = np.log1p(p) - np.log1p(y)
    block.give(np.where(held, 0.0, 2.0 * r / (1.0 + p)))
    values: Array = r * r
    return values


def msle_properties(params: Params) -> Properties:
    """Not convex: the curvature turns negative where log(1+p) exceeds log(1+y) by more than 1."""
    return Properties(
        differentiable=params["floor"] is None,
        convex_in_predictions=False,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="geometric mean of 1 + y",
    )


def charbonnier(block: Block) -> Array:
    """A smooth absolute error.

        L = sqrt(r^2 + eps^2),  r = p - y

    Gradient: r / sqrt(r^2 + eps^2).
    Domain: any real p and y; eps > 0.
    Aligned with: the conditional median, nearly.
    Pitfalls: it is eps, not 0, where p = y.
    Source: Charbonnier et al., Two deterministic half-quadratic regularization algorithms (1994).
    """
    r = block.p - block.y
    values: Array = np.hypot(r, block["eps"])
    block.give(r / values)
    return values


def charbonnier_properties(params: Params) -> Properties:
    """Convex; slope below 1, curvature at most 1/eps."""
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=1.0,
        smooth=1.0 / params["eps"],
        bounded_below=params["eps"],
        aligned_with="conditional median, nearly",
    )


def rmse(block: Block) -> Array:
    """The root of the reduced squared error; per_example holds the squares.

        cost = sqrt( reduce(r^2) ),  r = p - y

    Gradient: that of the reduced squares over 2 cost; 0 where the cost is 0.
    Domain: any real p and y.
    Kinks: a cost of exactly 0, where 0 is returned.
    Aligned with: the conditional mean.
    Pitfalls: the root of a mean is not the mean of roots: micro-batches combine by weighted_sum and denominator, never
        by their costs; scikit-learn takes the root per output and averages the roots.
    Source: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning (2009), section 2.4.
    """
    r = block.p - block.y
    block.give(2.0 * r)
    values: Array = r * r
    return values


def root(reduced: float, params: Params) -> tuple[float, float]:
    """The square root and its slope, 0 at 0."""
    found = math.sqrt(reduced)
    return found, 0.5 / found if found else 0.0


def rmse_properties(params: Params) -> Properties:
    """Of the squares under the root."""
    return Properties(
        differentiable=False,
        convex_in_predictions=True,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="conditional mean",
        note="the cost, a norm over the root of its divisor, is convex and has slope at most 1",
    )


def rmsle(block: Block) -> Array:
    """The root of the reduced squared difference of logarithms; per_example holds the squares.

        cost = sqrt( reduce((log(1 + p) - log(1 + y))^2) )

    Gradient: that of the reduced squares over 2 cost; 0 where the cost is 0.
    Domain: p and y > -1.
    Kinks: a cost of exactly 0, where 0 is returned.
    Aligned with: the geometric mean of 1 + y, less 1.
    Pitfalls: micro-batches combine by weighted_sum and denominator, never by their costs; scikit-learn takes the root
        per output and averages the roots.
    Source: scikit-learn, root_mean_squared_log_error.
    """
    p, y = block.p, block.y
    block.require("predictions", p > -1.0, "has no log(1 + p)", "p > -1")
    block.require("targets", y > -1.0, "has no log(1 + y)", "y > -1")
    r = np.log1p(p) - np.log1p(y)
    block.give(2.0 * r / (1.0 + p))
    values: Array = r * r
    return values


rmsle_properties = steep("geometric mean of 1 + y")
