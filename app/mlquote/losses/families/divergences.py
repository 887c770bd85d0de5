"""Distances of distributions over classes beside the KL: generalised KL, entropy, DINO, earth mover's."""

import math

import numpy as np

from mlquote.losses.loss import (
    Array,
    Batch,
    Block,
    Params,
    Properties,
    Reader,
    Softmax,
    row_dots,
    row_sums,
    steep,
    times,
)

SMALLEST = 1e-300
"""t log t below this is 0 in float64 sums, and log(0) never has to be taken."""


def generalized_kl(block: Block) -> Array:
    """KL divergence of masses that need not sum to 1.

        L = sum_c t_c (log t_c - log q_c) + q_c - t_c

    Gradient: q - t in log q.
    Domain: log-predictions, any real; targets >= 0.
    Stability: 0 log 0 = 0.
    Aligned with: the mean of the targets.
    Pitfalls: of distributions it is the KL, as both sum to 1.
    Source: Csiszar (1991), the I-divergence; optax, generalized_kl_divergence.
    """
    t, log_q = block.y, block.p
    block.require("targets", t >= 0.0, "is negative", "masses >= 0")
    q = np.exp(log_q)
    block.give(q - t)
    values: Array = row_sums(times(t, np.log(np.maximum(t, SMALLEST)) - log_q) + q - t)
    return values


def entropy(block: Block) -> Array:
    """Entropy of predicted distributions: to be made small (sure of itself), or large (a bonus).

        minimize:  H = -sum_c q_c log q_c;   bonus:  -H

    Gradient: -q (log q + H) in logits; -(log q + 1) in probabilities; the opposite for the bonus.
    Domain: logits, probabilities or log-probabilities along the last axis.
    Stability: an exact log-softmax; 0 log 0 = 0.
    Aligned with: no target: confidence, or its opposite.
    Pitfalls: made small alone it collapses onto one class: balance classes beside it.
    Source: Shannon (1948); Grandvalet and Bengio, Semi-supervised learning by entropy minimization (2005).
    """
    sign = 1.0 if block["form"] == "minimize" else -1.0
    if block.batch.form == "logits":
        soft = Softmax(block.p, np.empty_like(block.p))
        log = soft.log_probabilities()
        q = soft.probabilities()
    else:
        q = block.p if block.batch.form == "probabilities" else np.exp(block.p)
        block.require_distribution("predictions", q)
        log = np.log(np.maximum(q, SMALLEST))
    values: Array = -row_dots(q, np.maximum(log, math.log(SMALLEST)))
    if block.wants():
        slope = -(log + 1.0) if block.batch.form == "probabilities" else -times(q, log + 1.0)
        block.give(sign * (-times(q, log + values[:, None]) if block.batch.form == "logits" else slope))
    return sign * values


def entropy_properties(params: Params) -> Properties:
    """Between 0 and log K; concave in probabilities, so the bonus is convex there."""
    bonus = params["form"] == "bonus"
    return Properties(
        differentiable=True,
        convex_in_predictions=bonus and params["_form"] == "probabilities",
        lipschitz=None,
        smooth=None,
        bounded_below=None if bonus else 0.0,
        aligned_with="no target",
        note="the entropy is at most log K",
    )


def dino(block: Block) -> Array:
    """Cross-entropy of a student from a sharpened, centred teacher.

        L = -sum_c t_c log s_c,  s = softmax(student / temperature)
        t = softmax((teacher - center) / teacher_temperature)

    Gradient: (s - t) / temperature in the student's logits; the teacher has none.
    Domain: logits of both along the last axis; temperatures > 0; center one number a class, or null.
    Stability: an exact log-softmax.
    Aligned with: the teacher.
    Pitfalls: center and sharpening together keep it from collapsing; the average over pairs of crops is the caller's.
    Source: Caron et al., Emerging properties in self-supervised vision transformers (2021), equations 1 and 4.
    """
    centered = block.y if block["center"] is None else block.y - block["center"]
    shaped = np.ascontiguousarray(centered / block["teacher_temperature"])
    t = Softmax(shaped, np.empty_like(shaped)).probabilities()
    z = block.p / block["temperature"]
    soft = Softmax(z, np.empty_like(z))
    log = soft.log_probabilities()
    if block.wants():
        block.give((soft.probabilities() - t) / block["temperature"])
    return -row_dots(t, log)


def prepare_dino(batch: Batch, reader: Reader) -> Batch:
    """A centre has one number a class."""
    center = batch.params["center"]
    if center is not None and center.shape != batch.p.shape[1:]:
        shapes = f"center has shape {list(center.shape)}, rows {batch.p.shape[1]} entries"
        reader.refuse("params/center", shapes, "one number a class")
    return batch


def dino_properties(params: Params) -> Properties:
    """Cross-entropy of student / temperature."""
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=math.sqrt(2.0) / params["temperature"],
        smooth=0.5 / params["temperature"] ** 2,
        bounded_below=0.0,
        aligned_with="the teacher",
    )


def emd(block: Block) -> Array:
    """Earth mover's distance of two distributions over ordered classes, by their cumulative sums.

        L = ( mean over c of |Q_c - T_c|^r )^(1/r),  Q_c = sum up to c of q

    Gradient: the suffix sums of |Q - T|^(r-1) sign(Q - T) over L^(r-1) K; through the softmax of logits.
    Domain: distributions over classes in order; probabilities, or logits; r >= 1.
    Kinks: equal distributions, where 0 is returned.
    Aligned with: the distribution, near classes nearer than far ones.
    Pitfalls: r 2 trains faster, r 1 is the earth mover's own; some leave the root out.
    Source: Talebi and Milanfar, NIMA (2018), equation 1; Hou et al., Squared earth mover's distance (2016).
    """
    r = block["r"]
    if block.batch.form == "logits":
        q = Softmax(block.p, np.empty_like(block.p)).probabilities()
    else:
        q = block.p
        block.require_distribution("predictions", q)
    block.require_distribution("targets", block.y)
    gap = np.cumsum(q - block.y, axis=1)
    size = np.abs(gap)
    values: Array = ((size**r).mean(axis=1)) ** (1.0 / r)
    if block.wants():
        below = np.where(values > 0.0, values, 1.0) ** (r - 1.0) * gap.shape[1]
        each = np.sign(gap) * size ** (r - 1.0) / below[:, None] * (values > 0.0)[:, None]
        slope = np.cumsum(each[:, ::-1], axis=1)[:, ::-1]
        if block.batch.form == "logits":
            slope = q * (slope - row_dots(q, slope)[:, None])
        block.give(slope)
    return values


generalized_kl_properties = steep("the mean of the targets", differentiable=True, convex=True)
emd_properties = steep("the distribution over ordered classes", note="at most 1")
