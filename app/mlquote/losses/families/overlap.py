"""Losses of overlap between a predicted and a true mask: Dice, Tversky, Jaccard, focal Tversky, Lovasz."""

from dataclasses import replace

import numpy as np

from mlquote.losses.loss import Array, Batch, Block, Params, Properties, Reader, sigmoid, steep


def axes_of(batch: Batch) -> tuple[int, ...]:
    """The axes folded into one overlap: those of params.axis, else all."""
    given, rank = batch.params["axis"], batch.p.ndim
    return tuple(range(rank)) if given is None else tuple(sorted({int(each) % rank for each in given}))


def align_overlap(batch: Batch, reader: Reader) -> Batch:
    """One shape for both masks; the axes that are not folded are the examples'."""
    p, axis = batch.p, batch.params["axis"]
    if batch.y.shape != p.shape:
        shapes = f"shape {list(batch.y.shape)} does not match predictions, shape {list(p.shape)}"
        reader.refuse("targets", shapes, "shapes match exactly: nothing is broadcast")
    right = axis is None or (axis.size and all(float(a).is_integer() and -p.ndim <= a < p.ndim for a in axis.ravel()))
    if not right or (axis is not None and axis.ndim != 1):
        reader.refuse("params/axis", f"axes {axis} of shape {list(p.shape)}", f"a list of axes 0 to {p.ndim - 1}")
        return batch
    folded = axes_of(batch)
    return replace(batch, shape=tuple(size for i, size in enumerate(p.shape) if i not in folded))


class Masks:
    """Two masks with the folded axes last and flat, as probabilities, and the way back to the predictions."""

    def __init__(self, block: Block) -> None:
        self.block, self.axes = block, axes_of(block.batch)
        self.y: Array = self._folded(block.y)
        block.require("targets", (block.y >= 0.0) & (block.y <= 1.0), "lies outside [0, 1]", "a mask of 0 and 1")
        if block.batch.form == "probabilities":
            block.require_probabilities("predictions", block.p)
        self.given = self._folded(block.p)
        self.p = sigmoid(self.given) if block.batch.form == "logits" else self.given

    def _last(self) -> tuple[int, ...]:
        return tuple(range(-len(self.axes), 0))

    def _folded(self, array: Array) -> Array:
        moved = np.moveaxis(array, self.axes, self._last())
        count = int(np.prod(moved.shape[: moved.ndim - len(self.axes)], dtype=np.int64))
        return moved.reshape(count, -1)

    def back(self, slope: Array) -> None:
        """Put dL/dp of each entry where it belongs, times each L_i's factor, through the sigmoid of logits."""
        slope = slope * self.block.factors[:, None]
        if self.block.batch.form == "logits":
            slope = slope * self.p * sigmoid(-self.given)
        self.place(slope)

    def place(self, slope: Array) -> None:
        """Put a gradient in the given predictions where it belongs."""
        rest = [size for i, size in enumerate(self.block.p.shape) if i not in self.axes]
        shaped = slope.reshape(*rest, *(self.block.p.shape[i] for i in self.axes))
        self.block.give(np.moveaxis(shaped, self._last(), self.axes))


def dice(block: Block) -> Array:
    """One minus the Dice coefficient of a predicted and a true mask, the F1 score made smooth.

        L = 1 - (2 I + smooth) / (P + T + smooth + eps),  I = sum p t, P = sum p, T = sum t over the folded axes

    Gradient: -(2 t - (2 I + smooth) / D) / D in p, D the denominator; through the sigmoid of logits.
    Domain: t in [0, 1]; p probabilities, or logits; smooth >= 0; eps > 0.
    Aligned with: a threshold of each pixel's probability that depends on the whole mask; not the probability.
    Pitfalls: over all entries unless axis says otherwise: a batch then shares one overlap, and a mean of masks' losses
        differs; an empty mask costs 1 without smooth; Keras adds 1e-7 below only, MONAI 1e-5 above and below, optax 1.
    Source: Milletari et al., V-Net (2016), section 3, with plain sums below; Sudre et al., Generalised Dice (2017).
    """
    return _overlap(block, 0.5, 0.5, 0.5 * block["smooth"], 0.5 * block["eps"])


def tversky(block: Block) -> Array:
    """One minus the Tversky index: an overlap in which false alarms and misses count differently.

        L = 1 - (I + smooth) / (I + alpha (P - I) + beta (T - I) + smooth + eps)
        alpha weighs false alarms, beta missed positives

    Gradient: -(t - x (alpha + (1 - alpha - beta) t)) / D in p, x the index and D its denominator.
    Domain: t in [0, 1]; p probabilities, or logits; alpha, beta, smooth >= 0; eps > 0.
    Aligned with: a threshold of each pixel's probability; not the probability.
    Pitfalls: alpha and beta are exchanged in places: Keras's alpha weighs missed positives.
    Source: Salehi, Erdogmus, Gholipour, Tversky loss function for image segmentation (2017), equation 3.
    """
    return _overlap(block, block["alpha"], block["beta"], block["smooth"], block["eps"])


def focal_tversky(block: Block) -> Array:
    """The Tversky loss to a power, which lets easy masks fade (above 1) or stand out (below 1).

        L = (1 - x)^gamma,  x = (I + smooth) / (I + alpha (P - I) + beta (T - I) + smooth + eps)

    Gradient: gamma (1 - x)^(gamma - 1) times Tversky's.
    Domain: as tversky; gamma > 0.
    Kinks: x = 1 with gamma below 1, where 0 is returned.
    Aligned with: a threshold of each pixel's probability; not the probability.
    Pitfalls: the paper's exponent is 1/gamma with gamma 4/3: 0.75 here.
    Source: Abraham and Khan, A novel focal Tversky loss function (2019), equation 4.
    """
    return _overlap(block, block["alpha"], block["beta"], block["smooth"], block["eps"], block["gamma"])


def jaccard(block: Block) -> Array:
    """One minus the intersection over the union of two masks, made smooth.

        L = 1 - (I + smooth) / (P + T - I + smooth + eps)

    Gradient: -(t - x (1 - t)) / D in p, x the ratio and D its denominator.
    Domain: t in [0, 1]; p probabilities, or logits; smooth >= 0; eps > 0.
    Aligned with: a threshold of each pixel's probability; not the probability.
    Pitfalls: always at least the Dice loss of the same masks.
    Source: Rahman and Wang, Optimizing intersection-over-union in deep neural networks (2016), equation 2.
    """
    return _overlap(block, 1.0, 1.0, block["smooth"], block["eps"])


def _overlap(block: Block, alpha: float, beta: float, smooth: float, eps: float, gamma: float = 1.0) -> Array:
    masks = Masks(block)
    p, t = masks.p, masks.y
    common = (p * t).sum(axis=1)
    below = common + alpha * (p.sum(axis=1) - common) + beta * (t.sum(axis=1) - common) + (smooth + eps)
    index = (common + smooth) / below
    missing = np.maximum(1.0 - index, 0.0)
    if block.wants():
        share = (alpha + (1.0 - alpha - beta) * t) * index[:, None]
        slope = -(t - share) / below[:, None]
        steep = (
            gamma * np.where(missing > 0.0, missing, 1.0) ** (gamma - 1.0) * (missing > 0.0) if gamma != 1.0 else 1.0
        )
        masks.back(slope * np.broadcast_to(steep, missing.shape)[:, None])
    values: Array = missing**gamma if gamma != 1.0 else 1.0 - index
    return values


def overlap_properties(params: Params) -> Properties:
    """Between 0 and 1, a ratio of sums: neither convex nor of one Lipschitz constant."""
    return Properties(
        differentiable=True,
        convex_in_predictions=False,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="overlap of masks",
        note="at most 1",
    )


def lovasz(block: Block) -> Array:
    """The Lovasz extension of the Jaccard loss: its exact convex hull over the errors of a mask.

        logits:         e = max(0, 1 - s z), s = +-1 by the mask (Lovasz hinge)
        probabilities:  e = |t - p|
        L = sum_k e_(k) (J_k - J_(k-1)), errors sorted falling, J_k the Jaccard loss of the first k as the wrong ones

    Gradient: (J_k - J_(k-1)) times the slope of the error at place k.
    Domain: masks of 0 and 1.
    Kinks: equal errors, where one order is taken, and an error of 0.
    Aligned with: the mask of largest intersection over union.
    Pitfalls: over all entries unless axis says otherwise; per image and per batch differ.
    Source: Berman, Triki, Blaschko, The Lovasz-softmax loss (2018), equations 8 and 13, algorithm 1.
    """
    masks = Masks(block)
    t = masks.y
    block.require("targets", (block.y == 0.0) | (block.y == 1.0), "is not a label", "a mask of 0 and 1")
    sign = 2.0 * t - 1.0
    hinge = block.batch.form == "logits"
    error = 1.0 - masks.given * sign if hinge else np.abs(t - masks.p)
    order = np.argsort(-error, axis=1, kind="stable")
    sorted_t, sorted_e = np.take_along_axis(t, order, axis=1), np.take_along_axis(error, order, axis=1)
    total = sorted_t.sum(axis=1, keepdims=True)
    union = total + np.cumsum(1.0 - sorted_t, axis=1)
    jaccard_loss = 1.0 - (total - np.cumsum(sorted_t, axis=1)) / np.where(union > 0.0, union, 1.0)
    step = np.diff(jaccard_loss, axis=1, prepend=0.0)
    if block.wants():
        slope = np.empty(error.shape)
        np.put_along_axis(slope, order, step * (sorted_e > 0.0), axis=1)
        masks.place(-sign * slope * block.factors[:, None])
    values: Array = (np.maximum(sorted_e, 0.0) * step).sum(axis=1)
    return values


def lovasz_properties(params: Params) -> Properties:
    """Convex in the errors, and through them in logits and probabilities."""
    return Properties(
        differentiable=False,
        convex_in_predictions=True,
        lipschitz=None,
        smooth=None,
        bounded_below=0.0,
        aligned_with="the mask of largest overlap",
    )


def mcc(block: Block) -> Array:
    """One minus the Matthews correlation of a predicted and a true mask, made smooth.

        L = 1 - (TP TN - FP FN + eps) / (sqrt((TP+FP)(TP+FN)(TN+FP)(TN+FN)) + eps)
        TP = sum p t, FP = sum p (1 - t), FN = sum (1 - p) t, TN the rest

    Gradient: of numerator and root in p; through the sigmoid of logits.
    Domain: t in [0, 1]; p probabilities, or logits; eps > 0.
    Aligned with: the correlation of the masks; unlike Dice it counts the background.
    Pitfalls: eps is 1e-5 in segmentation-models-pytorch; sums of many pixels make it small beside their products.
    Source: Abhishek and Hamarneh, Matthews correlation coefficient loss for deep convolutional networks (2021).
    """
    masks, eps = Masks(block), block["eps"]
    p, t = masks.p, masks.y
    size, one, two = float(p.shape[1]), p.sum(axis=1), t.sum(axis=1)
    common = (p * t).sum(axis=1)
    top = size * common - one * two + eps
    parts = one * two * (size - one) * (size - two)
    root = np.sqrt(np.maximum(parts, 0.0))
    below = root + eps
    if block.wants():
        bend = np.where(
            root > 0.0, two * (size - two) * (size - 2.0 * one) / (2.0 * np.where(root > 0.0, root, 1.0)), 0.0
        )
        masks.back(-(size * t - two[:, None]) / below[:, None] + (top * bend / (below * below))[:, None])
    values: Array = 1.0 - top / below
    return values


def boundary(block: Block) -> Array:
    """A predicted mask weighed by each pixel's signed distance from the true boundary.

        L = p d,  d below 0 inside the object, above 0 outside

    Gradient: d in p; d p (1 - p) in logits.
    Domain: p probabilities, or logits; d any real distances.
    Aligned with: the mask whose boundary lies nearest.
    Pitfalls: used beside an overlap loss, its weight raised in training: alone it starts badly; distances in pixels
        scale with the image.
    Source: Kervadec et al., Boundary loss for highly unbalanced segmentation (2019), equation 5.
    """
    logits = block.batch.form == "logits"
    p = sigmoid(block.p) if logits else block.p
    block.require_probabilities("predictions", p)
    block.give(block.y * p * sigmoid(-block.p) if logits else block.y)
    values: Array = block.y * p
    return values


def boundary_properties(params: Params) -> Properties:
    """Linear in probabilities."""
    return Properties(
        differentiable=True,
        convex_in_predictions=params["_form"] == "probabilities",
        lipschitz=None,
        smooth=None,
        bounded_below=None,
        aligned_with="the mask whose boundary lies nearest",
    )


mcc_properties = steep("the correlation of the masks", note="at most 2")
