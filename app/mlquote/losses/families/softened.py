"""Cousins of cross-entropy: poly loss, generalised cross-entropy, asymmetric loss, sparsemax loss, Brier score."""

from dataclasses import replace

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
    sigmoid,
    softplus,
    steep,
    times,
)


def distribution_of(block: Block) -> Array:
    """The targets as one number per class."""
    if not block.batch.hard:
        block.require("targets", block.y >= 0.0, "is negative", "one share >= 0 per class")
        return block.y
    found = np.zeros(block.p.shape)
    found[np.arange(len(found)), block.y] = 1.0
    return found


def poly_cross_entropy(block: Block) -> Array:
    """Cross-entropy with its first polynomial coefficient changed.

        L = -sum_c t_c log q_c + epsilon (1 - sum_c t_c q_c),  q = softmax(z)

    Gradient: (sum t) q - t - epsilon q (t - sum_c t_c q_c).
    Domain: class indices, or one share per class; epsilon >= -1.
    Stability: exact margins, as in cross_entropy.
    Aligned with: the class; the probability only with epsilon 0.
    Pitfalls: optax's default epsilon is 2, the paper's best for ImageNet; with epsilon below 0 hard examples count
        less.
    Source: Leng et al., PolyLoss (2022), equation 4.
    """
    t = distribution_of(block)
    soft = Softmax(block.p, np.empty_like(block.p))
    block.require_some_class(soft)
    surprise = -soft.log_probabilities()
    q = soft.probabilities()
    hit = row_dots(t, q)
    if block.wants():
        slope = t.sum(axis=1)[:, None] * q - t - block["epsilon"] * q * (t - hit[:, None])
        block.give(slope)
    values: Array = times(t, surprise).sum(axis=1) + block["epsilon"] * (1.0 - hit)
    return values


def poly_properties(params: Params) -> Properties:
    """Convex only with epsilon 0, where it is cross-entropy."""
    return Properties(
        differentiable=True,
        convex_in_predictions=params["epsilon"] == 0.0,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0 if params["epsilon"] >= -1.0 else None,
        aligned_with="the class",
    )


def generalized_cross_entropy(block: Block) -> Array:
    """Between cross-entropy (q to 0) and absolute error (q = 1): wrong labels count less.

        L = (1 - p_y^q) / q

    Gradient: -p_y^(q-1) at the target, in probabilities; p_y^q (softmax - onehot) in logits.
    Domain: class indices; q in (0, 1]; probabilities >= 0, or logits.
    Aligned with: the class; less and less the probability as q grows.
    Pitfalls: near q = 1 training is slow: examples far from their label teach nearly nothing.
    Source: Zhang and Sabuncu, Generalized cross entropy loss for noisy labels (2018), equation 6.
    """
    rows, labels, q = np.arange(len(block.p)), block.y, block["q"]
    if block.batch.form == "logits":
        soft = Softmax(block.p, np.empty_like(block.p))
        block.require_some_class(soft)
        power = np.exp(-q * soft.negative_log(labels))
        if block.wants():
            soft.gradient(labels, power)
            block.give(soft.e)
    else:
        block.require_probabilities("predictions", block.p)
        own = block.p[rows, labels]
        power = own**q
        if block.wants():
            slope = np.zeros(block.p.shape)
            slope[rows, labels] = -(own ** (q - 1.0))
            block.give(slope)
    values: Array = (1.0 - power) / q
    return values


def prepare_indices(batch: Batch, reader: Reader) -> Batch:
    """Class indices in range, one per example; no class weights."""
    if batch.class_weights is not None:
        reader.refuse("weights/class", "no class weights here", "use weights.sample")
    if not batch.hard:
        return batch
    labels, classes = batch.y.astype(np.int64), batch.p.shape[1]
    wrong = (labels != batch.y) | (labels < 0) | (labels >= classes)
    if wrong.any():
        at = int(np.argmax(wrong))
        hint = f"whole numbers from 0 to {classes - 1}"
        reader.refuse(f"targets{batch.place(at)}", f"{batch.y[at]:g} is not one of the {classes} classes", hint)
        labels[wrong] = 0
    return batch.with_targets(targets=labels)


def generalized_properties(params: Params) -> Properties:
    """Bounded on both sides; convex in probabilities."""
    return Properties(
        differentiable=True,
        convex_in_predictions=params["_form"] == "probabilities",
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="the class",
        note="never above 1/q",
    )


def asymmetric(block: Block) -> Array:
    """Binary cross-entropy that fades easy examples, negatives faster, and drops the easiest negatives.

        L = -y (1-p)^gamma_pos log p - (1-y) m^gamma_neg log(1-m),  p = sigma(z), m = max(p - shift, 0)

    Gradient: of each term, times p (1 - p).
    Domain: labels 0/1; gammas >= 0; shift in [0, 1).
    Stability: logarithms by softplus where the shift is 0.
    Kinks: p = shift, where 0 is returned.
    Aligned with: the class, not the probability.
    Pitfalls: reference code sums over labels and examples; the mean here divides by every label.
    Source: Ridnik et al., Asymmetric loss for multi-label classification (2021), equations 5 to 7.
    """
    y, z, shift = block.y, block.p, block["shift"]
    block.require("targets", (y == 0.0) | (y == 1.0), "is not a label", "labels are 0 or 1")
    p, rest = sigmoid(z), sigmoid(-z)
    up, down = block["gamma_pos"], block["gamma_neg"]
    yes = rest**up * softplus(-z)
    yes_slope = -(up * rest**up * p * softplus(-z)) - rest ** (up + 1.0)
    m = np.maximum(p - shift, 0.0)
    log = softplus(z) if shift == 0.0 else -np.log1p(-m)
    no = m**down * log
    steep = down * np.where(m > 0.0, m, 1.0) ** (down - 1.0) * (m > 0.0) if down else np.zeros_like(m)
    no_slope = (steep * log + m**down / (1.0 - m) * (p > shift)) * p * rest
    if shift == 0.0:
        no_slope = steep * log * p * rest + m**down * p
    block.give(np.where(y == 1.0, yes_slope, no_slope))
    values: Array = np.where(y == 1.0, yes, no)
    return values


def asymmetric_properties(params: Params) -> Properties:
    """Convex only without fading and shift."""
    plain = not (params["gamma_pos"] or params["gamma_neg"] or params["shift"])
    return Properties(
        differentiable=params["shift"] == 0.0,
        convex_in_predictions=plain,
        lipschitz=1.0 if plain else None,
        smooth=0.25 if plain else None,
        bounded_below=0.0,
        aligned_with="the class",
    )


def sparsemax(block: Block) -> Array:
    """The logistic loss's cousin that is exactly 0 beyond a margin: the loss of the sparsemax of two scores.

        L = 0 for u <= -1;  (u + 1)^2 / 4 between;  u for u >= 1,  u = z for y = 0, -z for y = 1

    Gradient: 0, (u + 1)/2, or 1, with u's sign.
    Domain: labels 0/1.
    Aligned with: the class probability within the margin.
    Pitfalls: confident examples teach nothing.
    Source: Martins and Astudillo, From softmax to sparsemax (2016), section 3.
    """
    y = block.y
    block.require("targets", (y == 0.0) | (y == 1.0), "is not a label", "labels are 0 or 1")
    sign = 1.0 - 2.0 * y
    u = sign * block.p
    block.give(sign * np.clip(0.5 * (u + 1.0), 0.0, 1.0))
    values: Array = np.where(u >= 1.0, u, 0.25 * np.maximum(u + 1.0, 0.0) ** 2)
    return values


def sparsemax_properties(params: Params) -> Properties:
    """Convex; slope at most 1, curvature 1/2."""
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=1.0,
        smooth=0.5,
        bounded_below=0.0,
        aligned_with="class probability within the margin",
    )


def brier(block: Block) -> Array:
    """Squared error of predicted probabilities.

        L = (p - y)^2                 a row of probabilities of the positive class, labels 0/1
        L = sum_c (p_c - t_c)^2       one probability per class along the last axis; a label, or one share, per class

    Gradient: 2 (p - t).
    Domain: probabilities in [0, 1]; labels 0/1, class indices, or shares in [0, 1].
    Aligned with: the class probabilities; a proper score.
    Pitfalls: some halve the sum over classes so that two classes give the binary form; scikit-learn does not.
    Source: Brier, Verification of forecasts expressed in terms of probability (1950).
    """
    t = block.targets["_shares"]
    block.require_probabilities("predictions", block.p)
    r = block.p.reshape(t.shape) - t
    factors = block.factors if r.ndim == 1 else block.factors[:, None]
    block.give((2.0 * r * factors).reshape(block.p.shape))
    values: Array = (r * r).reshape(len(r), -1).sum(axis=1)
    return values


def align_brier(batch: Batch, reader: Reader) -> Batch:
    """Labels of the positive class where predictions are a list, else along the last axis."""
    p, y = batch.p, batch.y
    flat = p.reshape(-1, p.shape[-1]) if p.ndim > 1 else p
    shape = p.shape if p.ndim == 1 else p.shape[:-1]
    if y.shape == p.shape:
        shares = y.reshape(flat.shape)
        wrong = (shares < 0.0) | (shares > 1.0)
        if wrong.any():
            reader.refuse("targets", f"{shares[wrong][0]:g} lies outside [0, 1]", "labels 0 or 1, or shares")
    elif y.shape == shape and p.ndim > 1:
        shares = _one_hot(y.reshape(-1), p.shape[-1], reader)
    else:
        hint = f"class indices of shape {list(shape)}, or shares of shape {list(p.shape)}"
        reader.refuse("targets", f"targets have shape {list(y.shape)}, predictions {list(p.shape)}", hint)
        return batch
    return replace(batch, shape=shape, targets={**batch.targets, "_shares": shares})


def _one_hot(labels: Array, classes: int, reader: Reader) -> Array:
    wrong = (labels != np.trunc(labels)) | (labels < 0) | (labels >= classes)
    found = np.zeros((len(labels), classes))
    if wrong.any():
        hint = f"whole numbers from 0 to {classes - 1}"
        reader.refuse("targets", f"{labels[wrong][0]:g} is not one of the {classes} classes", hint)
    else:
        found[np.arange(len(labels)), labels.astype(np.int64)] = 1.0
    return found


def brier_properties(params: Params) -> Properties:
    """Strongly convex; between 0 and 2."""
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=None,
        smooth=2.0,
        bounded_below=0.0,
        aligned_with="class probabilities",
    )


def symmetric_cross_entropy(block: Block) -> Array:
    """Cross-entropy, and the same with target and prediction exchanged, which wrong labels sway less.

        L = -alpha log q_y - beta sum_c q_c log t_c,  log 0 of the targets taken as floor;  q = softmax(z)
          = -alpha log q_y - beta floor (1 - q_y)

    Gradient: alpha (q - onehot(y)) + beta floor q_y (onehot(y) - q) in logits.
    Domain: class indices; alpha, beta >= 0; floor < 0.
    Stability: exact margins, as in cross_entropy.
    Aligned with: the class.
    Pitfalls: floor is the paper's A = -4; its code clips the one-hot labels at 1e-4, a floor of -9.21.
    Source: Wang et al., Symmetric cross entropy for robust learning with noisy labels (2019), equation 7.
    """
    alpha, push = block["alpha"], -block["beta"] * block["floor"]
    soft = Softmax(block.p, np.empty_like(block.p))
    block.require_some_class(soft)
    surprise = soft.negative_log(block.y)
    hit = np.exp(-surprise)
    if block.wants():
        soft.gradient(block.y, alpha + push * hit)
        block.give(soft.e)
    values: Array = alpha * surprise - push * np.expm1(-surprise)
    return values


def multiclass_sparsemax(block: Block) -> Array:
    """The loss of the sparsemax of several scores: 0 once the right one leads by 1.

        L = 1/2 sum over the support of (z_c^2 - tau^2) + 1/2 - z_y,  sparsemax(z) = max(0, z - tau) sums to 1

    Gradient: sparsemax(z) - onehot(y).
    Domain: class indices, any real scores.
    Aligned with: the class probability where it is not 0.
    Pitfalls: its probabilities are exactly 0 beyond the threshold, so it is no likelihood.
    Source: Martins and Astudillo, From softmax to sparsemax (2016), equation 21.
    """
    z = block.p - block.p.max(axis=1, keepdims=True)
    falling = -np.sort(-z, axis=1)
    place = np.arange(1, z.shape[1] + 1)
    support = (1.0 + place * falling > np.cumsum(falling, axis=1)).sum(axis=1)
    rows = np.arange(len(z))
    tau = (np.cumsum(falling, axis=1)[rows, support - 1] - 1.0) / support
    share = np.maximum(z - tau[:, None], 0.0)
    values: Array = 0.5 * (np.where(share > 0.0, z * z - tau[:, None] ** 2, 0.0)).sum(axis=1) + 0.5 - z[rows, block.y]
    if block.wants():
        share[rows, block.y] -= 1.0
        block.give(share)
    return np.maximum(values, 0.0)


def multiclass_sparsemax_properties(params: Params) -> Properties:
    """Convex; slope at most sqrt(2), curvature at most 1."""
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=2.0**0.5,
        smooth=1.0,
        bounded_below=0.0,
        aligned_with="class probability",
    )


symmetric_properties = steep("the class", differentiable=True)
