"""Losses of dense detectors: quality focal, varifocal, distribution focal."""

import numpy as np

from mlquote.losses.loss import Array, Batch, Block, Reader, Softmax, sigmoid, softplus, steep, times


def _surprise(block: Block) -> tuple[Array, Array]:
    """The binary cross-entropy of logits against shares, and the sigmoid."""
    z, y = block.p, block.y
    block.require("targets", (y >= 0.0) & (y <= 1.0), "lies outside [0, 1]", "a share: 0, or how good the box is")
    return times(y, softplus(-z)) + times(1.0 - y, softplus(z)), sigmoid(z)


def quality_focal(block: Block) -> Array:
    """Focal loss whose targets are shares: how good a box is, 0 for none.

        L = |y - p|^beta (-y log p - (1 - y) log(1 - p)),  p = sigma(z)

    Gradient: |y - p|^beta (p - y) + beta |y - p|^(beta - 1) sign(p - y) p (1 - p) BCE.
    Domain: logits; y in [0, 1]; beta >= 0.
    Stability: softplus by log1p.
    Aligned with: the share.
    Pitfalls: with y 0 or 1 it is the focal loss without alpha, gamma beta.
    Source: Li et al., Generalized focal loss (2020), equation 5.
    """
    beta = block["beta"]
    loss, p = _surprise(block)
    off = np.abs(p - block.y)
    fade = off**beta
    if block.wants():
        steepness = beta * np.where(off > 0.0, off, 1.0) ** (beta - 1.0) * np.sign(p - block.y) if beta else 0.0
        block.give(fade * (p - block.y) + steepness * p * sigmoid(-block.p) * loss)
    values: Array = fade * loss
    return values


def varifocal(block: Block) -> Array:
    """Positives weighed by how good they are, negatives fading as they are told apart.

        L = y (-y log p - (1 - y) log(1 - p))   where y > 0
        L = -alpha p^gamma log(1 - p)           where y = 0;  p = sigma(z)

    Gradient: y (p - y); alpha p^gamma (p + gamma (1 - p) softplus(z)).
    Domain: logits; y in [0, 1]; alpha > 0; gamma >= 0.
    Stability: softplus by log1p.
    Aligned with: the share.
    Pitfalls: only negatives fade: positives are few.
    Source: Zhang et al., VarifocalNet (2021), equation 2; alpha 0.75 and gamma 2.
    """
    alpha, gamma, y = block["alpha"], block["gamma"], block.y
    loss, p = _surprise(block)
    fade = alpha * p**gamma
    if block.wants():
        negative = fade * (p + gamma * sigmoid(-block.p) * softplus(block.p))
        block.give(np.where(y > 0.0, y * (p - y), negative))
    values: Array = np.where(y > 0.0, y, fade) * loss
    return values


def distribution_focal(block: Block) -> Array:
    """A place between two bins as a distribution over bins: cross-entropy shared between its neighbours.

        L = -((l + 1 - y) log q_l + (y - l) log q_(l+1)),  l = floor(y), q = softmax(z)

    Gradient: q less the two shares.
    Domain: logits over bins along the last axis; y in [0, bins - 1], one a row.
    Stability: exact margins, as in cross_entropy.
    Aligned with: the place, as the mean of q.
    Pitfalls: its least value is the entropy of the two shares, 0 only on a bin.
    Source: Li et al., Generalized focal loss (2020), equation 6.
    """
    y, bins = block.y[:, 0], block.p.shape[1]
    block.require("targets", ((y >= 0.0) & (y <= bins - 1)), "lies beyond the bins", f"a place 0 to {bins - 1}")
    low = np.minimum(np.floor(y), bins - 2).astype(np.int64) if bins > 1 else np.zeros(len(y), dtype=np.int64)
    rows, high = np.arange(len(y)), np.minimum(low + 1, bins - 1)
    share = y - low
    soft = Softmax(block.p, np.empty_like(block.p))
    block.require_some_class(soft)
    values: Array = (1.0 - share) * soft.negative_log(low) + times(share, soft.negative_log(high))
    if block.wants():
        slope = soft.probabilities()
        slope[rows, low] -= 1.0 - share
        slope[rows, high] -= share
        block.give(slope)
    return values


def align_places(batch: Batch, reader: Reader) -> Batch:
    """One place for each row of bins."""
    shape, y = batch.p.shape, batch.y
    if len(shape) < 2 or y.shape != shape[:-1]:
        hint = f"bins along the last axis, one place each row: {list(shape[:-1])}"
        reader.refuse("targets", f"targets have shape {list(y.shape)}, predictions {list(shape)}", hint)
        return batch
    return batch.with_targets(targets=np.broadcast_to(y[..., None], shape))


share_properties = steep("the share", differentiable=True)
place_properties = steep("the place", differentiable=True, convex=True, note="slope at most sqrt(2), curvature 1/2")
