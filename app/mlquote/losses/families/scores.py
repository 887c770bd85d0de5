"""Proper scores of predicted distributions of a number: the continuous ranked probability score."""

import math

import numpy as np

from mlquote.losses.loss import Array, Batch, Block, Params, Properties, Reader

_ERF = np.frompyfunc(math.erf, 1, 1)


def crps(block: Block) -> Array:
    """Continuous ranked probability score of an ensemble: the squared area between its steps and the observation's.

        L = (1/M) sum_m |x_m - y| - (1/(2 M^2)) sum over m, k of |x_m - x_k|;  M (M - 1) below with fair

    Gradient: sign(x_m - y) / M - (2 rank_m - M - 1) / M^2, or / (M (M - 1)).
    Domain: members along the last axis; one target each.
    Kinks: a member equal to the target or to another.
    Aligned with: the whole conditional distribution; of one member it is the absolute error.
    Pitfalls: the plain form rewards small ensembles for being too narrow; fair takes that out.
    Source: Gneiting and Raftery, Strictly proper scoring rules (2007), equation 21; fair: Ferro (2014).
    """
    x, y = block.p, block.y[:, :1]
    members = x.shape[1]
    below = float(members * max(members - 1, 1) if block["fair"] else members * members)
    order = np.argsort(x, axis=1, kind="stable")
    weight = np.empty(x.shape)
    np.put_along_axis(weight, order, np.broadcast_to(2.0 * np.arange(1, members + 1) - members - 1.0, x.shape), axis=1)
    if block.wants():
        block.notes.mark("subgradient_at_kink", x == y)
        block.give(np.sign(x - y) / members - weight / below)
    values: Array = np.abs(x - y).mean(axis=1) - (x * weight).sum(axis=1) / below
    return values


def align_members(batch: Batch, reader: Reader) -> Batch:
    """One target for the members of each forecast."""
    shape = batch.p.shape
    if len(shape) < 2 or batch.y.shape != shape[:-1]:
        hint = "members along the last axis, targets of that shape without it"
        reader.refuse("targets", f"targets have shape {list(batch.y.shape)}, predictions {list(shape)}", hint)
        return batch
    return batch.with_targets(targets=np.broadcast_to(batch.y[..., None], shape))


def crps_properties(params: Params) -> Properties:
    """A difference of convex functions; not negative, but for the fair form."""
    return Properties(
        differentiable=False,
        convex_in_predictions=False,
        lipschitz=None,
        smooth=None,
        bounded_below=None if params["fair"] else 0.0,
        aligned_with="the conditional distribution",
    )


def crps_gaussian(block: Block) -> Array:
    """Continuous ranked probability score of a normal prediction, in closed form.

        L = s (z (2 Phi(z) - 1) + 2 phi(z) - 1/sqrt(pi)),  z = (y - m) / s

    Gradient: 1 - 2 Phi(z) in the mean; 2 phi(z) - 1/sqrt(pi) in the standard deviation.
    Domain: standard deviations > 0.
    Aligned with: the conditional mean and spread; in the unit of y, unlike a likelihood.
    Pitfalls: std is the standard deviation, not the variance that gaussian_nll takes.
    Source: Gneiting et al., Calibrated probabilistic forecasting using ensemble model output statistics (2005),
        equation 5.
    """
    mean, std = block.predictions["mean"], block.predictions["std"]
    block.require("std", std > 0.0, "is not positive", "a standard deviation is > 0")
    z = (block.y - mean) / std
    area = np.asarray(_ERF(z / math.sqrt(2.0)), dtype=np.float64)
    density = 2.0 * np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi) - 1.0 / math.sqrt(math.pi)
    block.give(-area, "mean")
    block.give(density, "std")
    values: Array = std * (z * area + density)
    return values


def crps_gaussian_properties(params: Params) -> Properties:
    """Convex in the mean; slopes bounded by 1 and 1/sqrt(pi)."""
    return Properties(
        differentiable=True,
        convex_in_predictions=False,
        lipschitz=math.sqrt(1.0 + 1.0 / math.pi),
        smooth=None,
        bounded_below=0.0,
        aligned_with="conditional mean and spread",
    )
