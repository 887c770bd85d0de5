"""Losses of a batch of embeddings: SigLIP, circle, VICReg, Barlow twins; the angular margins ArcFace and CosFace."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from mlquote.losses.loss import (
    Answer,
    Array,
    Batch,
    Block,
    Params,
    Properties,
    Reader,
    Reduce,
    Softmax,
    row_norms,
    sigmoid,
    softplus,
    unnormalized,
)

MAX_ROWS = 4096
"""Pairwise losses hold a square of this side (128 MiB of float64)."""


def _two_views(batch: Batch, reader: Reader, names: tuple[str, str]) -> tuple[int, ...]:
    one, other = (batch.predictions[name] for name in names)
    if one.ndim != 2 or one.shape != other.shape or not one.size:
        shapes = f"{list(one.shape)} and {list(other.shape)}"
        reader.refuse(f"predictions/{names[1]}", f"shapes {shapes}", "two arrays of one shape [N, D]")
    elif len(one) > MAX_ROWS:
        reader.refuse(f"predictions/{names[0]}", f"{len(one)} rows", f"pairwise losses take {MAX_ROWS}")
    return one.shape


def _unit(block: Block, name: str) -> tuple[Array, Array | None]:
    x = block.predictions[name]
    if not block["normalize"]:
        return x, None
    norm = row_norms(x)
    block.require(name, norm > 0.0, "has length 0", "embeddings are not all zeros")
    return x / norm[:, None], norm


def siglip(block: Block) -> Array:
    """Each pair of a batch told apart by its own logistic loss, without a softmax over the batch.

        L_i = sum_j softplus(-s_ij (scale x_i.y_j + bias)),  s_ij = 1 for j = i, else -1

    Gradient: -s_ij sigma(-s_ij z_ij) scale, through the products and the normalisation.
    Domain: two arrays [N, D], row i of one belonging to row i of the other; scale > 0; normalize divides by lengths.
    Stability: softplus by log1p.
    Aligned with: the probability that two rows belong together, under a prior that bias carries.
    Pitfalls: divided by the rows, not by the N^2 pairs; scale and bias are learnt in training: 10 and -10 are where it
        begins (scale as exp of its logarithm).
    Source: Zhai et al., Sigmoid loss for language image pre-training (2023), algorithm 1.
    """
    (x, x_norm), (y, y_norm) = _unit(block, "queries"), _unit(block, "keys")
    sign = 2.0 * np.eye(len(x)) - 1.0
    u = sign * (block["scale"] * (x @ y.T) + block["bias"])
    if block.slots:
        slope = -sign * sigmoid(-u) * (block["scale"] * block.factors[:, None])
        for name, own, norm, back in (("queries", x, x_norm, slope @ y), ("keys", y, y_norm, slope.T @ x)):
            block.give(back if norm is None else unnormalized(back, own, norm), name)
    values: Array = softplus(-u).sum(axis=1)
    return values


def align_siglip(batch: Batch, reader: Reader) -> Batch:
    """As many keys as queries."""
    return replace(batch, shape=_two_views(batch, reader, ("queries", "keys"))[:1])


def siglip_properties(params: Params) -> Properties:
    """Convex in the similarities, not in the embeddings."""
    return Properties(
        differentiable=True,
        convex_in_predictions=False,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="the probability that two rows belong together",
    )


def circle(block: Block) -> Array:
    """Similarities of one label above those of others, each pulled the harder the further it is from where it should
    be.

        L_i = softplus(lse_p gamma (1 + m - s)+ (1 - m - s) + lse_n gamma (s + m)+ (s - m)),  s = x_i.x_j
        p over the others of i's label, n over other labels, lse the logarithm of the sum of exponentials

    Gradient: the softmax weights over pairs times the slope of each product (weights are not held constant).
    Domain: embeddings [N, D] of length 1 (normalize divides), one label a row; similarities above 1 count as 1.
    Kinks: a weight of exactly 0.
    Aligned with: a ranking of neighbours.
    Pitfalls: the paper's code holds the weights constant in the gradient, Keras differentiates through them as here;
        rows without a positive or a negative are left out; Keras expects embeddings of length 1.
    Source: Sun et al., Circle loss (2020), equations 6 and 9.
    """
    (x, norm), gamma, m = _unit(block, "embeddings"), block["gamma"], block["margin"]
    d = np.maximum(1.0 - x @ x.T, 0.0)
    labels = block.targets["targets"]
    same = labels[:, None] == labels[None, :]
    positive = same & ~np.eye(len(x), dtype=np.bool_)
    pull, push = np.maximum(d + m, 0.0), np.maximum(1.0 + m - d, 0.0)
    p_sum, p_soft = _gathered(np.where(positive, gamma * pull * (d - m), -np.inf))
    n_sum, n_soft = _gathered(np.where(same, -np.inf, gamma * push * (1.0 - m - d)))
    whole = p_sum + n_sum
    if block.wants("embeddings"):
        slope = p_soft * (gamma * (pull + (pull > 0.0) * (d - m)))
        slope -= n_soft * (gamma * (push + (push > 0.0) * (1.0 - m - d)))
        slope *= np.where(d > 0.0, -1.0, 0.0) * (sigmoid(whole) * block.factors)[:, None]
        back = (slope + slope.T) @ x
        block.give(back if norm is None else unnormalized(back, x, norm), "embeddings")
    return softplus(whole)


def _gathered(terms: Array) -> tuple[Array, Array]:
    """The logarithm of each row's sum of exponentials, and the softmax; of a row of nothing -Infinity and zeros."""
    some = np.asarray(np.isfinite(terms).any(axis=1))
    soft = Softmax(np.where(some[:, None], terms, 0.0), np.empty_like(terms))
    total: Array = np.where(some, soft.peak + soft.log, -np.inf)
    return total, soft.probabilities() * some[:, None]


def align_circle(batch: Batch, reader: Reader) -> Batch:
    """One label a row; rows without a positive or a negative are left out."""
    x, labels = batch.predictions["embeddings"], batch.targets["targets"]
    if x.ndim != 2 or labels.shape != x.shape[:1]:
        shapes = f"targets have shape {list(labels.shape)}, embeddings {list(x.shape)}"
        reader.refuse("targets", shapes, "embeddings [N, D], one label a row")
        return batch
    if len(x) > MAX_ROWS:
        reader.refuse("predictions", f"{len(x)} rows", f"pairwise losses take {MAX_ROWS}")
        return batch
    same = (labels[:, None] == labels[None, :]).sum(axis=1)
    return replace(batch, shape=x.shape[:1]).without((same < 2) | (same == len(x)))


def circle_properties(params: Params) -> Properties:
    """Neither convex nor smooth."""
    return Properties(
        differentiable=False,
        convex_in_predictions=False,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="a ranking of neighbours",
    )


def vicreg(block: Block) -> Array:
    """Two views of a batch wanted alike, each coordinate spread out, coordinates uncorrelated; one value for the batch.

        L = a mean (x - y)^2 + b/2 (V(x) + V(y)) + c (C(x) + C(y))
        V = mean_d max(0, 1 - sqrt(var_d + eps)), C = sum over d != e of cov_de^2, over D; var and cov over N - 1

    Gradient: of each term in each view.
    Domain: two arrays [N, D], N >= 2; coefficients >= 0.
    Kinks: a spread of exactly 1.
    Aligned with: nothing of the labels; embeddings alike between views and spread within.
    Pitfalls: it is of a batch: means over micro-batches differ from the whole.
    Source: Bardes, Ponce, LeCun, VICReg (2022), equations 1 to 6, the variance halved as in its code.
    """
    x, y = block.predictions["view1"], block.predictions["view2"]
    alike = x - y
    terms = {"invariance": float((alike**2).mean()), "variance": 0.0, "covariance": 0.0}
    pull = (2.0 * block["sim_coef"] / x.size) * alike
    for name, view, sign in (("view1", x, 1.0), ("view2", y, -1.0)):
        spread, spread_slope = _spread(view, block["eps"])
        tangle, tangle_slope = _tangle(view)
        terms["variance"] += 0.5 * spread
        terms["covariance"] += tangle
        own = 0.5 * block["std_coef"] * spread_slope + block["cov_coef"] * tangle_slope
        block.give((sign * pull + own) * block.factors[0], name)
    block.extras.update(terms)
    total = block["sim_coef"] * terms["invariance"] + block["std_coef"] * terms["variance"]
    return np.array([total + block["cov_coef"] * terms["covariance"]])


def _spread(x: Array, eps: float) -> tuple[float, Array]:
    """mean_d max(0, 1 - std_d) and its slope."""
    centred = x - x.mean(axis=0)
    std = np.sqrt((centred**2).sum(axis=0) / (len(x) - 1) + eps)
    short = std < 1.0
    return float(np.maximum(1.0 - std, 0.0).mean()), -centred * short / (std * (len(x) - 1) * x.shape[1])


def _tangle(x: Array) -> tuple[float, Array]:
    """sum over d != e of cov_de^2, over D, and its slope."""
    centred = x - x.mean(axis=0)
    cov = centred.T @ centred / (len(x) - 1)
    np.fill_diagonal(cov, 0.0)
    return float((cov**2).sum() / x.shape[1]), centred @ cov * (4.0 / ((len(x) - 1) * x.shape[1]))


def align_views(batch: Batch, reader: Reader) -> Batch:
    """Two views of one batch of at least two rows; the batch is one example."""
    shape = _two_views(batch, reader, ("view1", "view2"))
    if len(shape) == 2 and shape[0] < 2:
        reader.refuse("predictions/view1", "one row has no spread", "at least two rows")
    return replace(batch, shape=())


def parts(batch: Batch, extras: Mapping[str, float], reduce: Reduce) -> Answer:
    """Each term before its coefficient."""
    return dict(extras)


def batch_properties(params: Params) -> Properties:
    """Of a whole batch: not convex, no one slope."""
    return Properties(
        differentiable=False,
        convex_in_predictions=False,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="views alike, coordinates spread",
    )


def barlow_twins(block: Block) -> Array:
    """The correlations between two views of a batch wanted to be the identity; one value for the batch.

        L = sum_d (1 - c_dd)^2 + lambd sum over d != e of c_de^2,  c = z(x)' z(y) / N
        z takes the mean from each coordinate and divides by sqrt(variance + eps), over N

    Gradient: through c and through the standardisation of each view.
    Domain: two arrays [N, D], N >= 2; lambd >= 0; eps > 0.
    Aligned with: nothing of the labels; embeddings alike between views, coordinates uncorrelated.
    Pitfalls: it is of a batch: means over micro-batches differ from the whole.
    Source: Zbontar et al., Barlow twins (2021), equation 1, algorithm 1.
    """
    x, y, n = block.predictions["view1"], block.predictions["view2"], len(block.predictions["view1"])
    (a, a_std), (b, b_std) = _standard(x, block["eps"]), _standard(y, block["eps"])
    c = a.T @ b / n
    on = 1.0 - np.diag(c)
    off = c - np.diag(np.diag(c))
    block.extras.update({"on_diagonal": float((on**2).sum()), "off_diagonal": float((off**2).sum())})
    if block.slots:
        slope = (2.0 * block["lambd"] * off - 2.0 * np.diag(on)) * (block.factors[0] / n)
        block.give(_through_standard(b @ slope.T, a, a_std), "view1")
        block.give(_through_standard(a @ slope, b, b_std), "view2")
    return np.array([block.extras["on_diagonal"] + block["lambd"] * block.extras["off_diagonal"]])


def _standard(x: Array, eps: float) -> tuple[Array, Array]:
    std = np.sqrt(x.var(axis=0) + eps)
    return (x - x.mean(axis=0)) / std, std


def _through_standard(gradient: Array, z: Array, std: Array) -> Array:
    """A gradient in z = (x - mean) / std carried back to x."""
    carried: Array = (gradient - gradient.mean(axis=0) - z * (gradient * z).mean(axis=0)) / std
    return carried


def arcface(block: Block) -> Array:
    """Cross-entropy of scaled cosines with an angle added to the target's.

        L = CE(scale cos(theta + margin [c = y])),  theta the angle of cosine c
        where theta + margin exceeds pi, cos theta - margin sin margin stands in (the angle would turn back)

    Gradient: scale (softmax - onehot), at the target times sin(theta + margin) / sin theta.
    Domain: cosines in [-1, 1], one per class; targets are class indices; scale > 0, margin in [0, pi).
    Kinks: a target cosine of exactly 1 or -1, where its slope has no bound and is given as if the sine were 1e-9.
    Aligned with: the class, by angle; not a probability.
    Pitfalls: predictions are cosines between embeddings and class vectors of length 1, not logits.
    Source: Deng et al., ArcFace (2019), equation 3.
    """
    return _angular(block, *_turned(block["margin"]))


def cosface(block: Block) -> Array:
    """Cross-entropy of scaled cosines with a margin taken from the target's.

        L = CE(scale (cos theta - margin [c = y]))

    Gradient: scale (softmax - onehot).
    Domain: cosines in [-1, 1], one per class; targets are class indices; scale > 0, margin >= 0.
    Aligned with: the class, by cosine; not a probability.
    Pitfalls: predictions are cosines between embeddings and class vectors of length 1, not logits.
    Source: Wang et al., CosFace (2018), equation 4.
    """
    return _angular(block, block["margin"], None)


def _turned(margin: float) -> tuple[float, float]:
    return margin, np.pi - margin


def _angular(block: Block, margin: float, turn: float | None) -> Array:
    c, rows, labels = block.p, np.arange(len(block.p)), block.y
    block.require("predictions", np.abs(c) <= 1.0 + 1e-9, "is no cosine", "cosines in [-1, 1]")
    own = np.clip(c[rows, labels], -1.0, 1.0)
    if turn is None:
        moved, steep = own - margin, np.ones(len(own))
    else:
        sine = np.sqrt(1.0 - own * own)
        far = own <= np.cos(turn)
        moved = np.where(far, own - margin * np.sin(margin), own * np.cos(margin) - sine * np.sin(margin))
        steep = np.where(far, 1.0, np.cos(margin) + own * np.sin(margin) / np.maximum(sine, 1e-9))
    z = block["scale"] * c
    z[rows, labels] = block["scale"] * moved
    soft = Softmax(z, np.empty_like(z))
    values = soft.negative_log(labels)
    if block.wants():
        soft.gradient(labels, block["scale"])
        soft.e[rows, labels] *= steep
        block.give(soft.e)
    return values


def angular_properties(params: Params) -> Properties:
    """In the cosines a cross-entropy of scaled logits; ArcFace bends the target's."""
    return Properties(
        differentiable=True,
        convex_in_predictions=False,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="the class, by angle",
    )
