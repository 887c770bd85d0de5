"""Losses of classes: binary and categorical cross-entropy, NLL, hinges and focal loss, on logits or probabilities.

With z the logits, k the largest class of a row and s = sum over i != k of exp(z_i - z_k), every form below uses
-log q_c = (z_k - z_c) + log1p(s): a log-sum-exp minus the target's logit would lose a small loss entirely (at a margin
of 50 it gives 0; exact is 1.9e-22).
"""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mlquote.losses.loss import (
    Array,
    Batch,
    Block,
    Params,
    Properties,
    Reader,
    Softmax,
    clamped_log,
    cross_entropy_rows,
    exp,
    log,
    only_on_probabilities,
    row_dots,
    row_sums,
    softplus_of_labels,
    sum_of_logs,
    times,
)


def sigmoid_parts(block: Block, s: Array) -> tuple[Array, Array, Array]:
    """log1p(exp(-|s|)), sigma(|s|) and sigma(-|s|): what every stable form of a sigmoid is built of."""
    e = np.abs(s, out=block.spare(11, s.shape))
    np.negative(e, out=e)
    np.exp(e, out=e)
    log = np.log1p(e, out=block.spare(12, s.shape))
    large = np.add(e, 1.0, out=block.spare(13, s.shape))
    np.reciprocal(large, out=large)
    e *= large
    return log, large, e


def binary_cross_entropy(block: Block) -> Array:
    """Negative log-likelihood of a Bernoulli label, with w the weight of the positive term.

        L = w y softplus(-z) + (1-y) softplus(z)      logits z
        L = -w y log p - (1-y) log(1-p)               probabilities p
        label smoothing e first replaces y by y (1-e) + e/2

    Gradient: -w y sigma(-z) + (1-y) sigma(z) in z; -w y / p + (1-y) / (1-p) in p, 0 where a clamp holds the term and
        null where infinite.
    Domain: y in [0, 1]; z real or -Infinity; p in [0, 1].
    Stability: softplus(u) = max(u, 0) + log1p(exp(-|u|)) on both sides, exact for confident negatives too.
    Aligned with: the conditional probability P(y=1|x); Bernoulli likelihood.
    Pitfalls: p = 0 with y = 1 is 100 in PyTorch (logarithm floored), 16.118 in Keras (p clipped at 1e-7) and 36.04 in
        scikit-learn; here it is Infinity unless a clamp is named. PyTorch loses digits for confident negatives.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.2.
    """
    plain = not block["label_smoothing"] and block.batch.pos_weight is None
    if plain and block.batch.form == "logits":
        found = block.spare(1)
        if softplus_of_labels(block.p, block.y, found, block.slots.get("predictions"), block.scale):
            block.take_scale()
            return found
    hard = require_binary(block, soft=True)
    if block.batch.form == "probabilities":
        return _bernoulli(block)
    if hard and plain:
        return _flipped_softplus(block)
    z = block.p
    positive, negative = _bernoulli_weights(block)
    log, large, small = sigmoid_parts(block, z)
    up, down = np.maximum(z, 0.0), np.maximum(-z, 0.0)
    values: Array = times(positive, down + log) + times(negative, up + log)
    if block.wants():
        right = z >= 0.0
        np.subtract(
            negative * np.where(right, large, small), positive * np.where(right, small, large), out=block.slot()
        )
    return values


def _flipped_softplus(block: Block) -> Array:
    """Hard labels where no C compiler was: L = softplus(s) with s = z (1 - 2y), one softplus instead of two."""
    sign, s = flipped(block)
    soft = Flipped(block, s)
    if block.wants():
        slope = soft.sigmoid(block.slot())
        sign *= block.take_scale()
        slope *= sign
    return soft.softplus() if block.each else soft.softplus_summed()


def flipped(block: Block) -> tuple[Array, Array]:
    """1 - 2y and s = z (1 - 2y): minus the true class's logit, so that -log p_t = softplus(s)."""
    sign = np.multiply(block.y, -2.0, out=block.spare(0))
    sign += 1.0
    return sign, np.multiply(block.p, sign, out=block.spare(1))


class Flipped:
    """What softplus and sigmoid of s are built of, in scratch: exp(-|s|), one more than it, and where s >= 0."""

    def __init__(self, block: Block, s: Array) -> None:
        self.s, self.block = s, block
        self.small = np.abs(s, out=block.spare(2))
        np.negative(self.small, out=self.small)
        exp(self.small, out=self.small)
        self.whole = np.add(self.small, 1.0, out=block.spare(3))
        self.up = s >= 0.0

    def sigmoid(self, out: Array) -> Array:
        """sigma(s) = 1/(1+e) where s >= 0 and e/(1+e) elsewhere, with full relative accuracy on the small side."""
        np.maximum(self.small, self.up, out=out)
        out /= self.whole
        return out

    def softplus(self) -> Array:
        """max(s, 0) + log1p(e), written over s; with u = 1 + e as rounded, log1p(e) is log(u) + (e - (u - 1)) / u."""
        lost = np.subtract(self.whole, 1.0, out=self.block.spare(7))
        np.subtract(self.small, lost, out=lost)
        lost /= self.whole
        lost += log(self.whole, out=self.whole)
        np.maximum(self.s, 0.0, out=self.s)
        self.s += lost
        return self.s

    def softplus_summed(self) -> Array:
        """The same, one sum: log(1+e) of products where the sum is so large that no digit of a small e is missed."""
        total = float(np.add.reduce(np.maximum(self.s, 0.0, out=self.block.spare(4)))) + sum_of_logs(self.whole)
        return np.array([total]) if total > LOGS_LEAST * self.s.size else self.softplus()


LOGS_LEAST = 1.0 / 64.0
"""A mean of log(1+e) above this loses less than 64 roundings of 1+e to the sum."""


def is_hard(block: Block) -> bool:
    """Whether every target is exactly 0 or 1."""
    y = block.y
    return np.count_nonzero(y == 1.0) + np.count_nonzero(y == 0.0) == y.size


def require_binary(block: Block, *, soft: bool) -> bool:
    """Targets of a binary loss in [0, 1], or exactly 0 or 1; whether they are exactly 0 or 1."""
    y, hard = block.y, is_hard(block)
    if not hard and soft:
        block.require("targets", (y >= 0.0) & (y <= 1.0), "lies outside [0, 1]", "labels 0 or 1, or a probability")
    elif not hard:
        block.require("targets", (y == 0.0) | (y == 1.0), "is not a label", "labels are 0 or 1")
    if block.batch.form == "probabilities":
        block.require_probabilities("predictions", block.p)
    return hard


def _bernoulli_weights(block: Block) -> tuple[Array, Array]:
    """The factors of the positive and the negative term after smoothing and pos_weight."""
    e = block["label_smoothing"]
    y = block.y * (1.0 - e) + e / 2.0 if e else block.y
    weight = block.targets.get("_pos_weight", block.batch.pos_weight)
    return (y if weight is None else y * weight), 1.0 - y


def _bernoulli(block: Block) -> Array:
    p = block.p
    positive, negative = _bernoulli_weights(block)
    yes, yes_slope, yes_held = clamped_log(p, block["clamp"])
    no, no_slope, no_held = clamped_log(p, block["clamp"], complement=True)
    block.notes.mark("saturated_probabilities_clamped", (yes_held & (positive != 0)) | (no_held & (negative != 0)))
    if block.wants():
        np.subtract(times(negative, no_slope), times(positive, yes_slope), out=block.slot())
    return -times(positive, yes) - times(negative, no)


def binary_cross_entropy_properties(params: Params) -> Properties:
    """Convex; in the logit the slope lies in [-1, 1] and the curvature sigma (1 - sigma) is at most 1/4."""
    probabilities = params["_form"] == "probabilities"
    return Properties(
        differentiable=True,
        convex_in_predictions=not (probabilities and params["clamp"]["kind"] != "none"),
        lipschitz=None if probabilities else 1.0,
        smooth=None if probabilities else 0.25,
        bounded_below=0.0,
        aligned_with="class probability",
        note="with pos weight w the constants are max(1, w) times these; soft labels raise the bound to their entropy",
    )


def prepare_binary(batch: Batch, reader: Reader) -> Batch:
    """Clamps only where they act."""
    only_on_probabilities(batch, reader)
    return batch


def prepare_classes(batch: Batch, reader: Reader) -> Batch:
    """Targets as class indices in range (or ignored), or as one probability per class; class weights to fit."""
    if "clamp" in batch.params:
        only_on_probabilities(batch, reader)
    classes = batch.p.shape[1]
    if batch.hard:
        batch = _prepare_indices(batch, reader, classes)
    elif batch.params.get("ignore_index") is not None and "ignore_index" in (reader.body.get("params") or {}):
        reader.refuse("params/ignore_index", "ignore_index needs class indices as targets", "use a mask instead")
    if batch.class_weights is None:
        return batch
    if batch.class_weights.shape != (classes,):
        reader.refuse("weights/class", f"{batch.class_weights.size} weights for {classes} classes", "one per class")
    elif batch.hard and not reader.faults:
        return replace(batch, per_row_weight=batch.class_weights[batch.y])
    return batch


def _prepare_indices(batch: Batch, reader: Reader, classes: int) -> Batch:
    """Indices as int64, ignored ones masked away (and read as class 0, which nothing then counts)."""
    given = batch.y
    labels = given.astype(np.int64)
    ignore = batch.params.get("ignore_index")
    whole = given.dtype.kind in "iu" or np.count_nonzero(labels == given) == labels.size
    # one look for both ends: read without its sign, a number below 0 is above every class
    inside = whole and labels.size and np.maximum.reduce(labels.view(np.uint64)) < classes
    if ignore is None and inside:
        return batch.with_targets(targets=labels)
    wrong = (labels < 0) | (labels >= classes)
    if ignore is not None:
        ignored = labels == ignore
        batch = batch.without(ignored)
        wrong &= ~ignored
        labels[ignored] = 0
    wrong |= given != np.trunc(given)
    if wrong.any():
        at = int(np.argmax(wrong))
        hint = f"whole numbers from 0 to {classes - 1}" + (f", or ignore_index {ignore}" if ignore is not None else "")
        reader.refuse(f"targets{batch.place(at)}", f"{given[at]:g} is not one of the {classes} classes", hint)
        labels[wrong] = 0
    return batch.with_targets(targets=labels)


def target_weights(block: Block) -> Array:
    """Each class's factor T_c in L = sum_c T_c (-log q_c): smoothing first, then class weights on every class."""
    classes = block.p.shape[1]
    if block.batch.hard:
        weights = np.zeros(block.p.shape)
        weights[np.arange(len(weights)), block.y] = 1.0
    else:
        block.require_distribution("targets", block.y)
        weights = np.array(block.y)
    smoothing = block.batch.params.get("label_smoothing", 0.0)
    if smoothing:
        weights *= 1.0 - smoothing
        weights += smoothing / classes
    if block.batch.class_weights is not None:
        weights *= block.batch.class_weights
    return weights


def cross_entropy(block: Block) -> Array:
    """Negative log-likelihood of a class, or of a distribution over classes t.

        L = sum_c w_c t_c (-log q_c),  q = softmax(z)
        label smoothing e first replaces t by t (1-e) + e/K

    Gradient: (sum_c w_c t_c) q - w t in the logits; -w t / q in probabilities; -w t in log-probabilities.
    Domain: targets are class indices, or one probability per class; -Infinity is a masked class.
    Stability: exact margins (see the module); 0 log 0 = 0.
    Aligned with: the class probabilities P(y|x); categorical likelihood.
    Pitfalls: PyTorch's mean with class weights divides by the sum of w_y (`weighted_mean`), Keras by N (`mean`);
        softmax applied before the call cannot fall below log(1 + (K-1)/e); classes lie on axis 1 in PyTorch.
    Source: Bishop, Pattern Recognition and Machine Learning (2006), equation 4.108; smoothing: Szegedy et al.,
        Rethinking the Inception architecture (2016), section 7.
    """
    form = block.batch.form
    if form != "logits":
        return _cross_entropy_of_distribution(block)
    if block.batch.hard and not block.batch.params.get("label_smoothing"):
        return _of_labels(block)
    soft = Softmax(block.p, block.slot())
    block.require_some_class(soft)
    targets = target_weights(block)
    surprise = (soft.peak[:, None] - block.p) + soft.log[:, None]
    values = times(targets, surprise).sum(axis=1)
    if block.wants():
        _soft_gradient(soft, targets)
    return values


def _of_labels(block: Block) -> Array:
    """Cross-entropy of logits at class indices, in one go where that is compiled."""
    weights = None if block.batch.class_weights is None else block.batch.class_weights[block.y]
    scale = block.take_scale()
    values = cross_entropy_rows(block.p, block.y, block.slots.get("predictions"), weights, scale)
    if values is None:
        soft = Softmax(block.p, block.slot())
        block.require_some_class(soft)
        values = soft.negative_log(block.y)
        if block.wants():
            soft.gradient(block.y, scale if weights is None else scale * weights)
    if weights is not None:
        values *= weights
    return values


def perplexity(block: Block) -> Array:
    """The exponential of the reduced cross-entropy: as many classes as would be as surprising if they were equal.

        cost = exp( reduce(sum_c w_c t_c (-log q_c)) ); per_example holds the cross-entropies

    Gradient: cross_entropy's times the cost.
    Domain: as cross_entropy, without label smoothing.
    Stability: as cross_entropy; Infinity from a cross-entropy of 709 on.
    Aligned with: the class probabilities P(y|x).
    Pitfalls: the exponential of a mean is not the mean of exponentials: micro-batches combine by weighted_sum and
        denominator; it depends on what a token is, as bits per byte does not.
    Source: Jelinek et al., Perplexity: a measure of the difficulty of speech recognition tasks (1977).
    """
    return cross_entropy(block)


def _soft_gradient(soft: Softmax, targets: Array) -> None:
    """(sum T) q - T written over `e`; at the largest class as (sum T - T_k) - (sum T) s/(1+s), without cancelling."""
    total = row_sums(targets)
    others = targets.copy()
    others.reshape(-1)[soft.peaks] = 0.0
    share = total / (1.0 + soft.rest)
    soft.e *= share[:, None]
    soft.e -= targets
    soft.flat[soft.peaks] = others.sum(axis=1) - share * soft.rest


def _cross_entropy_of_distribution(block: Block) -> Array:
    targets = target_weights(block)
    if block.batch.form == "log_probabilities":
        block.notes.mark("probabilities_passed_as_log_probabilities", block.p > 0.0)
        if block.wants():
            np.negative(targets, out=block.slot())
        return -times(targets, block.p).sum(axis=1)
    q, total = distribution(block)
    log, slope, held = clamped_log(q, block["clamp"])
    block.notes.mark("saturated_probabilities_clamped", held & (targets != 0.0))
    if block.wants():
        block.slot()[...] = through_normalizing(-times(targets, slope), q, total)
    return -times(targets, log).sum(axis=1)


def distribution(block: Block) -> tuple[Array, Array | None]:
    """Predicted probabilities, rescaled to sum to 1 where asked for, with the sums they had."""
    p = block.p
    block.require_probabilities("predictions", p)
    said = block["normalize_probabilities"]
    if said is None:
        block.require_rows("predictions", p)
    if not said:
        return p, None
    total = row_sums(p)
    block.require("predictions", total > 0.0, "sums to 0", "a row to be rescaled has some probability in it")
    block.notes.mark("probabilities_renormalized", np.abs(total - 1.0) > 1e-9)
    return p / total[:, None], total


def through_normalizing(gradient: Array, q: Array, total: Array | None) -> Array:
    """A gradient in q = p / sum(p), carried back to p."""
    if total is None:
        return gradient
    carried: Array = (gradient - row_dots(gradient, q)[:, None]) / total[:, None]
    return carried


def cross_entropy_properties(params: Params) -> Properties:
    """Convex; in the logits |q - onehot| <= sqrt(2), and the Hessian diag(q) - q q' has norm at most 1/2."""
    form = params["_form"]
    return Properties(
        differentiable=True,
        convex_in_predictions=form != "probabilities"
        or (params["clamp"]["kind"] == "none" and not params["normalize_probabilities"]),
        lipschitz={"logits": math.sqrt(2.0), "log_probabilities": 1.0}.get(form),
        smooth={"logits": 0.5, "log_probabilities": 0.0}.get(form),
        bounded_below=None if form == "log_probabilities" else 0.0,
        aligned_with="class probabilities",
        note="a smoothed or soft target raises the bound to its entropy; class weights scale the constants",
    )


def nll(block: Block) -> Array:
    """The negative log-probability handed in for the target class.

        L = -w_y p_y

    Gradient: -w_y at the target class, 0 elsewhere.
    Domain: p are log-probabilities; positive ones are computed and reported, as no loss over them is a likelihood.
    Aligned with: the class probabilities, if and only if the inputs are normalised log-probabilities.
    Pitfalls: on raw scores it is unbounded below; PyTorch's NLLLoss does not check.
    Source: Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.4.
    """
    rows = np.arange(len(block.p))
    weight = 1.0 if block.batch.class_weights is None else block.batch.class_weights[block.y]
    block.notes.mark("probabilities_passed_as_log_probabilities", block.p > 0.0)
    if block.wants():
        block.slot()[...] = 0.0
        block.slot()[rows, block.y] = -weight
    values: Array = -block.p[rows, block.y] * weight
    return values


def nll_properties(params: Params) -> Properties:
    """Linear in the log-probability of the target: slope 1, no curvature."""
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=1.0,
        smooth=0.0,
        bounded_below=None,
        aligned_with="class probabilities",
        note="linear: bounded below (by 0) only when the inputs are normalised log-probabilities",
    )


def hinge(block: Block) -> Array:
    """The margin by which a score s fails to be on its label's side.

        L = max(0, margin - y s)^power,  y = -1 or +1

    Gradient: -power y max(0, margin - y s)^(power-1).
    Domain: labels -1/+1, or 0/1 with label_encoding zero_one, which are recoded and said so.
    Kinks: y s = margin when power is 1, where 0 is returned out of [-1, 0] y.
    Aligned with: the sign of P(y=1|x) - 1/2, not the probability.
    Pitfalls: scikit-learn recodes a lone label to -1 (labels [1,1], scores [2,2] give 3 there, 0 here); Keras recodes
        0/1 silently; optax does not recode at all.
    Source: Cortes and Vapnik, Support-vector networks, Machine Learning 20 (1995).
    """
    y = block.y
    if block["label_encoding"] == "zero_one":
        block.require("targets", (y == 0.0) | (y == 1.0), "is not a label", "0 or 1 under label_encoding zero_one")
        block.notes.mark("labels_recoded", np.ones(y.shape, dtype=np.bool_))
        y = 2.0 * y - 1.0
    else:
        hint = "-1 or +1; for 0/1 labels say params.label_encoding zero_one"
        block.require("targets", (y == 1.0) | (y == -1.0), "is not a label", hint)
    gap = block["margin"] - y * block.p
    values = np.maximum(gap, 0.0)
    if block.wants():
        if block["power"] == 1:
            block.notes.mark("subgradient_at_kink", gap == 0.0)
        np.multiply(hinge_slope(values, block["power"]), -y, out=block.slot())
    return values if block["power"] == 1 else values * values


def hinge_slope(gap: Array, power: int) -> Array:
    """d/dg max(0, g)^power for power 1 or 2, 0 at the kink."""
    slope: Array = (gap > 0.0).astype(np.float64) if power == 1 else 2.0 * gap
    return slope


def hinge_properties(params: Params) -> Properties:
    """Convex; slope at most 1 with power 1, curvature 2 with power 2."""
    linear = params["power"] == 1
    return Properties(
        differentiable=not linear,
        convex_in_predictions=True,
        lipschitz=1.0 if linear else None,
        smooth=None if linear else 2.0,
        bounded_below=0.0,
        aligned_with="the more probable class",
    )


def multiclass_hinge(block: Block) -> Array:
    """A hinge over classes: against the best wrong class, or summed over all wrong classes.

        crammer_singer:    max(0, margin + max_{c != y} s_c - s_y)^power
        weston_watkins:    sum_{c != y} max(0, margin + s_c - s_y)^power, divided by K with average_over_classes
        keras_categorical: max(0, margin + max_c (1 - [c = y]) s_c - s_y)^power, whose maximum includes a 0

    Gradient: the slope of each active hinge, + at its class and - at the target; times w_y.
    Domain: targets are class indices.
    Kinks: a gap of exactly 0 with power 1 (0 is returned); ties for the best wrong class (the first is taken).
    Aligned with: the most probable class (Crammer-Singer only where it has probability above 1/2).
    Pitfalls: Keras's form gives 0.8 on scores (-3, 0.2, -4), target 1, where the others give 0; PyTorch's
        multi_margin_loss divides by the number of classes, and its weighted mean by N.
    Source: Crammer and Singer, JMLR 2 (2001); Weston and Watkins, ESANN (1999).
    """
    scores, labels, power = block.p, block.y, block["power"]
    rows = np.arange(len(scores))
    weight = np.ones(len(rows)) if block.batch.class_weights is None else block.batch.class_weights[labels]
    own = scores[rows, labels]
    if block["variant"] == "weston_watkins":
        return _weston_watkins(block, rows, own, weight)
    rivals = np.array(scores)
    rivals[rows, labels] = 0.0 if block["variant"] == "keras_categorical" else -np.inf
    best = np.argmax(rivals, axis=1)
    gap = np.maximum(block["margin"] + rivals[rows, best] - own, 0.0)
    if block.wants():
        gradient = block.slot()
        gradient[...] = 0.0
        slope = hinge_slope(gap, power) * weight
        gradient[rows, best] += np.where(best == labels, 0.0, slope)
        gradient[rows, labels] -= slope
        if power == 1:
            block.notes.mark("subgradient_at_kink", block["margin"] + rivals[rows, best] - own == 0.0)
    values: Array = gap**power * weight
    return values


def multiclass_hinge_properties(params: Params) -> Properties:
    """Convex; against the best rival one entry rises and one falls, so the slope is at most sqrt(2)."""
    linear, summed = params["power"] == 1, params["variant"] == "weston_watkins"
    slope = 1.0 if params["average_over_classes"] else None  # sqrt((K-1)/K), or sqrt(K (K-1)) as a plain sum
    return Properties(
        differentiable=False,
        convex_in_predictions=True,
        lipschitz=(slope if summed else math.sqrt(2.0)) if linear else None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="the most probable class",
    )


def _weston_watkins(block: Block, rows: NDArray[np.int64], own: Array, weight: Array) -> Array:
    gaps = block["margin"] + block.p - own[:, None]
    gaps[rows, block.y] = -1.0
    kink = gaps == 0.0
    np.maximum(gaps, 0.0, out=gaps)
    if block["average_over_classes"]:
        weight = weight / block.p.shape[1]
    if block.wants():
        gradient = block.slot()
        gradient[...] = hinge_slope(gaps, block["power"]) * weight[:, None]
        gradient[rows, block.y] = -gradient.sum(axis=1)
        if block["power"] == 1:
            block.notes.mark("subgradient_at_kink", kink)
    values: Array = (gaps ** block["power"]).sum(axis=1) * weight
    return values


def focal(block: Block) -> Array:
    """Cross-entropy faded out for examples already classified well.

        L = alpha_y (1 - p_t)^gamma (-log p_t),  p_t the probability of the true class

    Gradient: -alpha (1-p_t)^gamma (gamma p_t (-log p_t) + 1 - p_t) along the true class's logit.
    Domain: labels 0/1 (binary) or class indices (categorical); gamma >= 0. In the binary form alpha weighs the positive
        class and 1 - alpha the negative; in the categorical form it is one factor, or one per class; null is no factor.
    Stability: (1-p_t)^gamma is exp(gamma log sigma(-s)), finite in value and gradient for gamma < 1 too.
    Aligned with: the class, not the probability: for gamma > 0 the minimiser is less confident than P(y|x).
    Pitfalls: torchvision applies alpha 0.25 by default, Keras only with apply_class_balancing, and its categorical form
        multiplies every class by it.
    Source: Lin et al., Focal loss for dense object detection (2017), equations 4 and 5.
    """
    if block["kind"] == "categorical":
        return _focal_categorical(block)
    require_binary(block, soft=False)
    if block.batch.form == "probabilities":
        return _focal_probabilities(block)
    gamma, alpha = block["gamma"], block["alpha"]
    sign, s = flipped(block)
    soft = Flipped(block, s)
    wrong = soft.sigmoid(block.spare(4))  # 1 - p_t
    fade = _fade(block, soft, wrong, gamma)
    if alpha is not None:
        weight = np.multiply(block.y, 2.0 * alpha - 1.0, out=block.spare(6))
        weight += 1.0 - alpha
        fade *= weight
    surprise = soft.softplus()  # -log p_t
    if block.wants():
        slope = np.subtract(1.0, wrong, out=block.slot())
        slope *= gamma
        slope *= surprise
        if block.infinite:
            slope[np.isnan(slope)] = 0.0  # p_t (-log p_t) at p_t = 0
        slope += wrong
        slope *= fade
        sign *= block.take_scale()
        slope *= sign
    surprise *= fade
    return surprise


def _fade(block: Block, soft: Flipped, wrong: Array, gamma: float) -> Array:
    """(1 - p_t)^gamma, of a gamma that is no small whole number as exp(-gamma softplus(-s))."""
    fade = block.spare(5)
    if gamma in {0.0, 1.0, 2.0}:
        np.power(wrong, int(gamma), out=fade)
        return fade
    np.log1p(soft.small, out=fade)
    fade += np.maximum(np.negative(soft.s), 0.0)
    fade *= -gamma
    return np.exp(fade, out=fade)


def _focal_probabilities(block: Block) -> Array:
    gamma, alpha, positive = block["gamma"], block["alpha"], block.y == 1.0
    yes, yes_slope, yes_held = clamped_log(block.p, block["clamp"])
    no, no_slope, no_held = clamped_log(block.p, block["clamp"], complement=True)
    held = np.where(positive, yes_held, no_held)
    block.notes.mark("saturated_probabilities_clamped", held)
    weight = np.ones(held.shape) if alpha is None else np.where(positive, alpha, 1.0 - alpha)
    wrong = np.where(positive, 1.0 - block.p, block.p)
    surprise = -np.where(positive, yes, no)
    fade = wrong**gamma
    if block.wants():
        steep = times(gamma * np.where(wrong > 0.0, wrong, 1.0) ** (gamma - 1.0) * (wrong > 0.0), surprise)
        slope = -weight * (steep + fade * np.where(positive, yes_slope, no_slope))
        np.multiply(slope, np.where(positive, 1.0, -1.0), out=block.slot())
    return weight * times(fade, surprise)


def _focal_categorical(block: Block) -> Array:
    gamma, alpha, labels = block["gamma"], block["alpha"], block.y
    weight = np.ones(len(labels)) if alpha is None else np.broadcast_to(alpha, (block.p.shape[1],))[labels]
    if block.batch.class_weights is not None:
        weight = weight * block.batch.class_weights[labels]
    if block.batch.form == "probabilities":
        return _focal_distribution(block, weight)
    soft = Softmax(block.p, block.spare(5))
    block.require_some_class(soft)
    surprise = soft.negative_log(labels)
    sure = soft.top == labels
    rest = soft.rest / (1.0 + soft.rest)
    own = soft.at(labels) / (1.0 + soft.rest)
    p_true = np.where(sure, 1.0 / (1.0 + soft.rest), own)
    wrong = np.where(sure, rest, 1.0 - own)
    fade = wrong**gamma
    values: Array = weight * times(fade, surprise)
    if block.wants():
        steep = gamma * np.where(wrong > 0.0, wrong, 1.0) ** (gamma - 1.0) * (wrong > 0.0) * p_true
        slope = weight * (fade + times(steep, surprise))
        gradient = block.slot()
        np.multiply(soft.probabilities(), slope[:, None], out=gradient)
        gradient.reshape(-1)[soft.first + labels] = -slope * wrong
    return values


def _focal_distribution(block: Block, weight: Array) -> Array:
    gamma = block["gamma"]
    q, total = distribution(block)
    rows = np.arange(len(q))
    log, slope, held = clamped_log(q[rows, block.y], block["clamp"])
    block.notes.mark("saturated_probabilities_clamped", held)
    wrong = 1.0 - q[rows, block.y]
    fade = wrong**gamma
    if block.wants():
        steep = times(gamma * np.where(wrong > 0.0, wrong, 1.0) ** (gamma - 1.0) * (wrong > 0.0), -log)
        gradient = np.zeros(q.shape)
        gradient[rows, block.y] = -weight * (steep + fade * slope)
        block.slot()[...] = through_normalizing(gradient, q, total)
    return weight * times(fade, -log)


def prepare_focal(batch: Batch, reader: Reader) -> Batch:
    """Categorical targets are class indices; a per-class alpha has one entry per class."""
    alpha = batch.params["alpha"]
    if batch.params["kind"] == "binary":
        only_on_probabilities(batch, reader)
        if isinstance(alpha, np.ndarray) or (alpha is not None and alpha > 1.0):
            reader.refuse("params/alpha", "binary focal loss has one alpha", "a number in [0, 1], or null")
        return batch
    batch = prepare_classes(batch, reader)
    if isinstance(alpha, np.ndarray) and alpha.shape != batch.p.shape[1:]:
        reader.refuse("params/alpha", f"{alpha.size} alphas for {batch.p.shape[1]} classes", "one per class")
    return batch


def focal_properties(params: Params) -> Properties:
    """Convex only at gamma 0, where it is cross-entropy."""
    plain = params["gamma"] == 0.0
    return Properties(
        differentiable=True,
        convex_in_predictions=plain,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="the class, less confident than its probability",
        note="for gamma > 0 not convex in the logit: the second derivative is -0.047 at z = -4, gamma 2, y = 0"
        if not plain
        else "gamma 0 is cross-entropy",
    )
