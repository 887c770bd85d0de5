"""Losses of margins: perceptron, soft margin, ranking of two inputs, and margins over several labels at once."""

from dataclasses import replace

import numpy as np

from mlquote.losses.loss import Array, Batch, Block, Params, Properties, Reader, sigmoid, softplus, steep

LABELS = "labels are -1 or +1"


def _signs(block: Block) -> Array:
    y: Array = block.y
    block.require("targets", (y == 1.0) | (y == -1.0), "is not a label", LABELS)
    return y


def perceptron(block: Block) -> Array:
    """A hinge without margin.

        L = max(0, -y s),  y = -1 or +1

    Gradient: -y where y s < 0, else 0.
    Domain: labels -1/+1.
    Kinks: s = 0, where 0 is returned.
    Aligned with: the sign of P(y=1|x) - 1/2.
    Pitfalls: scores of 0 cost nothing, so the zero model is a minimum.
    Source: Rosenblatt, The perceptron (1958); Bishop, Pattern Recognition and Machine Learning (2006), section 4.1.7.
    """
    y = _signs(block)
    gap = -y * block.p
    if block.wants():
        block.notes.mark("subgradient_at_kink", gap == 0.0)
    block.give(np.where(gap > 0.0, -y, 0.0))
    return np.maximum(gap, 0.0)


def soft_margin(block: Block) -> Array:
    """Logistic loss of a label -1 or +1.

        L = log(1 + exp(-y s))

    Gradient: -y sigma(-y s).
    Domain: labels -1/+1.
    Stability: softplus by log1p; PyTorch's soft_margin_loss overflows to Infinity from a score of -710 on.
    Aligned with: the class probability; the logit of P(y=1|x).
    Pitfalls: binary_cross_entropy on logits is the same for labels 0/1.
    Source: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning (2009), section 10.5.
    """
    y = _signs(block)
    block.give(-y * sigmoid(-y * block.p))
    return softplus(-y * block.p)


def hinge_embedding(block: Block) -> Array:
    """A distance wanted small for pairs that belong together, and above a margin for those that do not.

        L = d where y = 1;  max(0, margin - d) where y = -1

    Gradient: 1, or -1 within the margin.
    Domain: labels -1/+1; d any real, usually a distance.
    Kinks: d = margin with y = -1, where 0 is returned.
    Aligned with: no probability; a threshold on distances.
    Pitfalls: PyTorch adds both terms for a target that is neither 1 nor -1; such targets are refused here.
    Source: PyTorch, HingeEmbeddingLoss; after Weston et al., Deep learning via semi-supervised embedding (2008).
    """
    y = _signs(block)
    gap = block["margin"] - block.p
    if block.wants():
        block.notes.mark("subgradient_at_kink", (gap == 0.0) & (y < 0.0))
    block.give(np.where(y > 0.0, 1.0, np.where(gap > 0.0, -1.0, 0.0)))
    values: Array = np.where(y > 0.0, block.p, np.maximum(gap, 0.0))
    return values


def hinge_embedding_properties(params: Params) -> Properties:
    """Convex with slope 1; unbounded below only in negative distances."""
    return Properties(
        differentiable=False,
        convex_in_predictions=True,
        lipschitz=1.0,
        smooth=None,
        bounded_below=None,
        aligned_with="a threshold on distances",
        note="0 is a bound where distances are not negative",
    )


def margin_ranking(block: Block) -> Array:
    """Of two scores the right one wanted higher by a margin.

        L = max(0, -y (a - b) + margin),  y = +1 where input1 shall rank higher, -1 where input2

    Gradient: -y in input1 and y in input2, where the margin is violated.
    Domain: labels -1/+1; any real scores and margin.
    Kinks: a violation of exactly 0, where 0 is returned.
    Aligned with: the more probable order.
    Pitfalls: with margin 0 equal scores cost nothing.
    Source: Herbrich, Graepel, Obermayer, Large margin rank boundaries for ordinal regression (2000).
    """
    y = block.targets["targets"]
    block.require("targets", (y == 1.0) | (y == -1.0), "is not a label", LABELS)
    gap = block["margin"] - y * (block.predictions["input1"] - block.predictions["input2"])
    if block.slots:
        block.notes.mark("subgradient_at_kink", gap == 0.0)
    slope = np.where(gap > 0.0, y, 0.0)
    block.give(-slope, "input1")
    block.give(slope, "input2")
    return np.maximum(gap, 0.0)


def margin_ranking_properties(params: Params) -> Properties:
    """Convex; one score rises and one falls: slope sqrt(2)."""
    return Properties(
        differentiable=False,
        convex_in_predictions=True,
        lipschitz=2.0**0.5,
        smooth=None,
        bounded_below=0.0,
        aligned_with="the more probable order",
    )


def perceptron_properties(params: Params) -> Properties:
    """Convex with slope 1."""
    return Properties(
        differentiable=False,
        convex_in_predictions=True,
        lipschitz=1.0,
        smooth=None,
        bounded_below=0.0,
        aligned_with="the more probable class",
    )


def soft_margin_properties(params: Params) -> Properties:
    """Convex; slope below 1, curvature at most 1/4."""
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=1.0,
        smooth=0.25,
        bounded_below=0.0,
        aligned_with="class probability",
    )


def multilabel_soft_margin(block: Block) -> Array:
    """Binary cross-entropy over the classes of an example, each of which may hold or not.

        L = (1/C) sum_c w_c (y_c softplus(-z_c) + (1 - y_c) softplus(z_c))

    Gradient: w_c (sigma(z_c) - y_c) / C.
    Domain: targets in [0, 1], one per class.
    Stability: softplus by log1p.
    Aligned with: each class's probability.
    Pitfalls: the classes are averaged before the examples: a sum over examples is not binary_cross_entropy's sum.
    Source: PyTorch, MultiLabelSoftMarginLoss; Bishop (2006), section 4.3.2, per class.
    """
    z, y = block.p, block.y
    block.require("targets", (y >= 0.0) & (y <= 1.0), "lies outside [0, 1]", "one 0 or 1 per class")
    weight = 1.0 if block.batch.class_weights is None else block.batch.class_weights
    scale = weight / z.shape[1]
    block.give(scale * (sigmoid(z) - y))
    values: Array = (scale * (y * softplus(-z) + (1.0 - y) * softplus(z))).sum(axis=1)
    return values


def prepare_multilabel(batch: Batch, reader: Reader) -> Batch:
    """One target per class; class weights to fit."""
    if batch.hard:
        reader.refuse("targets", "one target per class is needed, not one index", "targets shaped like predictions")
    if batch.class_weights is not None and batch.class_weights.shape != batch.p.shape[1:]:
        shapes = f"{batch.class_weights.size} weights for {batch.p.shape[1]} classes"
        reader.refuse("weights/class", shapes, "one per class")
    return batch


def multilabel_soft_margin_properties(params: Params) -> Properties:
    """Convex; the average of C logistic losses."""
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=1.0,
        smooth=0.25,
        bounded_below=0.0,
        aligned_with="class probabilities",
        note="class weights scale the constants",
    )


def multilabel_margin(block: Block) -> Array:
    """Each class that holds wanted above each that does not, by 1.

        L = (1/C) sum over j that hold, i that do not: max(0, 1 - (s_j - s_i))

    Gradient: (violations each class takes part in, - as one that holds, + as one that does not) / C.
    Domain: targets are lists of class indices, filled up with -1; what follows the first -1 is not read.
    Kinks: a gap of exactly 0, where 0 is returned.
    Aligned with: the order of the classes' probabilities, not consistently.
    Pitfalls: divided by the number of classes, not of pairs.
    Source: PyTorch, MultiLabelMarginLoss; Elisseeff and Weston, A kernel method for multi-labelled classification
        (2001).
    """
    s, holds = block.p, block.targets["_holds"]
    gap = 1.0 - s[:, :, None] + s[:, None, :]
    counted = holds[:, :, None] & ~holds[:, None, :]
    violated = counted & (gap > 0.0)
    if block.wants():
        block.notes.mark("subgradient_at_kink", counted & (gap == 0.0))
    block.give((violated.sum(axis=1) - violated.sum(axis=2)) / s.shape[1])
    values: Array = np.where(violated, gap, 0.0).sum(axis=(1, 2)) / s.shape[1]
    return values


def prepare_multilabel_margin(batch: Batch, reader: Reader) -> Batch:
    """Which classes hold, read from padded lists of indices."""
    batch = prepare_multilabel(batch, reader)
    if batch.class_weights is not None:
        reader.refuse("weights/class", "multilabel_margin has no class weights", "use weights.sample")
    if reader.faults:
        return batch
    y, classes = batch.y, batch.p.shape[1]
    wrong = (y != np.trunc(y)) | (y < -1) | (y >= classes)
    if wrong.any():
        row, column = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
        hint = f"class indices 0 to {classes - 1}, then -1"
        reader.refuse(f"targets{batch.place(int(row))}/{column}", f"{y[row, column]:g} is no class", hint)
        return batch
    read = np.logical_and.accumulate(y >= 0, axis=1)
    holds = np.zeros((len(y), classes), dtype=np.bool_)
    rows, columns = np.nonzero(read)
    holds[rows, y[rows, columns].astype(np.int64)] = True
    return replace(batch, targets={**batch.targets, "_holds": holds})


def multilabel_margin_properties(params: Params) -> Properties:
    """Convex; its slope grows with the number of violated pairs."""
    return Properties(
        differentiable=False,
        convex_in_predictions=True,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="the order of the classes",
    )


def modified_huber(block: Block) -> Array:
    """Squared hinge that grows only linearly where a label is badly missed.

        L = max(0, 1 - u)^2 where u >= -1;  -4 u below;  u = y s

    Gradient: -2 y max(0, 1 - u), or -4 y below.
    Domain: labels -1/+1, any real scores.
    Aligned with: the label; (s + 1)/2 within [0, 1] estimates its probability.
    Pitfalls: its curvature jumps at u = 1 and u = -1.
    Source: Zhang, Solving large scale linear prediction problems (2004); scikit-learn, SGDClassifier(modified_huber).
    """
    u = block.y * block.p
    _signs(block)
    gap = np.maximum(1.0 - u, 0.0)
    far = u < -1.0
    block.give(-block.y * np.where(far, 4.0, 2.0 * gap))
    values: Array = np.where(far, -4.0 * u, gap * gap)
    return values


def modified_huber_properties(params: Params) -> Properties:
    """Convex; slope at most 4, curvature at most 2."""
    return Properties(
        differentiable=True,
        convex_in_predictions=True,
        lipschitz=4.0,
        smooth=2.0,
        bounded_below=0.0,
        aligned_with="the label",
    )


def exponential(block: Block) -> Array:
    """AdaBoost's loss: the exponential of minus the margin.

        L = exp(-y s)

    Gradient: -y exp(-y s).
    Domain: labels -1/+1, any real scores.
    Aligned with: half the log-odds of the label.
    Pitfalls: one badly labelled example can outweigh all others.
    Source: Freund and Schapire (1997); Friedman, Hastie, Tibshirani, Additive logistic regression (2000), section 4.
    """
    _signs(block)
    values: Array = np.exp(-block.y * block.p)
    block.give(-block.y * values)
    return values


exponential_properties = steep("half the log-odds", differentiable=True, convex=True)
