"""Where a framework's function is not the formula: kernels and preparations as that framework computes them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlquote.losses.families import margins, overlap, preference, softened
from mlquote.losses.loss import (
    Array,
    Batch,
    Block,
    Params,
    Reader,
    Softmax,
    row_dots,
    row_norms,
    sigmoid,
    softplus,
    times,
    unnormalized,
)
from mlquote.losses.reading import entries

Kernel = Callable[[Block], Array]
DEPARTED = "departed"
"""Noted where a function's number is not the formula's; it is no diagnostic."""
TORCH_LEAST = 1e-12
"""What PyTorch keeps p (1 - p) above in the slope of its BCE."""
LARGEST_EXPONENT = float(np.log(np.finfo(np.float64).max))
"""exp overflows float64 beyond it."""
OPTAX_LEAST = float(np.sqrt(np.finfo(np.float64).eps))
"""The shortest length optax's NT-Xent divides by."""
KERAS_LEAST = 1e-7
"""Keras's epsilon: what it clips probabilities to, those of logits too in its focal losses."""


def row_mean(kernel: Kernel) -> Kernel:
    """A loss of elements averaged over the last axis, as Keras does before it reduces anything."""

    def averaged(block: Block) -> Array:
        values = kernel(block)
        for slot in block.slots.values():
            np.divide(slot, max(values.shape[-1], 1), out=slot)
        found: Array = np.add.reduce(values, axis=-1) / np.float64(values.shape[-1])
        block.notes.mark(DEPARTED, np.ones(len(values), dtype=np.bool_))
        return found

    averaged.__doc__ = kernel.__doc__
    return averaged


def torch_binary_cross_entropy(block: Block) -> Array:
    """BCELoss: each logarithm at least -100, and a slope (p - y) / max(p (1 - p), 1e-12) that knows of no floor."""
    p, y = block.p, block.y
    block.require_probabilities("predictions", p)
    block.require("targets", (y >= 0.0) & (y <= 1.0), "lies outside [0, 1]", "labels 0 or 1, or a probability")
    yes, no = np.maximum(np.log(p), -100.0), np.maximum(np.log1p(-p), -100.0)
    held = ((yes == -100.0) & (y != 0.0)) | ((no == -100.0) & (y != 1.0))
    block.notes.mark("saturated_probabilities_clamped", held)
    if block.wants():
        block.slot()[...] = (p - y) / np.maximum(p * (1.0 - p), TORCH_LEAST)
    values: Array = -(y * yes) - (1.0 - y) * no
    return values


def through_clamp(kernel: Kernel) -> Kernel:
    """PyTorch's Gaussian NLL: the variance is raised to eps in the value, and its slope is taken as if it were not."""

    def passed(block: Block) -> Array:
        values = kernel(block)
        if block.wants("variance"):
            variance = np.maximum(block.predictions["variance"], block["eps"])
            block.notes.mark(DEPARTED, np.asarray(block.predictions["variance"] < block["eps"]))
            scaled = (block.predictions["mean"] - block.y) / variance
            block.slot("variance")[...] = 0.5 * (1.0 / variance - scaled * scaled)
        return values

    passed.__doc__ = kernel.__doc__
    return passed


def zero_times_infinity(kernel: Kernel) -> Kernel:
    """Soft cross-entropy written as a product: 0 x -Infinity is NaN, where the limit is 0."""

    def product(block: Block) -> Array:
        values = kernel(block)
        if not block.batch.hard and not block.batch.params["label_smoothing"]:
            lost = np.asarray((np.isneginf(block.p) & (block.y == 0.0)).any(axis=1))
            values = np.where(lost, np.nan, values)
            block.notes.mark(DEPARTED, lost)
        return values

    product.__doc__ = kernel.__doc__
    return product


def log_target_product(kernel: Kernel) -> Kernel:
    """KL of log-targets written as exp(t) (t - q): a log-target of -Infinity is 0 x -Infinity, NaN."""

    def product(block: Block) -> Array:
        values = kernel(block)
        if block["target_form"] == "log_probabilities":
            lost = np.asarray(np.isneginf(block.y).any(axis=1))
            values = np.where(lost, np.nan, values)
            block.notes.mark(DEPARTED, lost)
        return values

    product.__doc__ = kernel.__doc__
    return product


def kl_of_classes(block: Block) -> Array:
    """PyTorch's KL before it reduces: t (log t - q) of each class, the target's logarithm of -Infinity NaN."""
    logs = block["target_form"] == "log_probabilities"
    t = np.exp(block.y) if logs else block.y
    log_t = block.y if logs else np.log(np.where(t > 0.0, t, 1.0))
    block.give(-t)
    return t * (log_t - block.p) if logs else times(t, log_t - block.p)


def _faded(block: Block, wrong: Array, turn: Array, surprise: Array, slope: Array, y: Array) -> Array:
    """alpha_t (1 - p_t)^gamma L and its slope, given 1 - p_t, -dp_t, L and dL in one variable."""
    gamma, alpha = block["gamma"], block["alpha"]
    weight: Array | float = 1.0 if alpha is None else alpha * y + (1.0 - alpha) * (1.0 - y)
    fade = wrong**gamma
    if block.wants():
        steep = gamma * wrong ** (gamma - 1.0) * turn * surprise if gamma else 0.0
        np.multiply(weight, steep + fade * slope, out=block.slot())
    values: Array = weight * fade * surprise
    return values


def soft_focal(block: Block) -> Array:
    """Binary focal loss on logits with labels in [0, 1], (1 - p_t) of p_t = p y + (1 - p)(1 - y) as a plain power."""
    z, y = block.p, block.y
    block.require("targets", (y >= 0.0) & (y <= 1.0), "lies outside [0, 1]", "labels 0 or 1, or a probability")
    p, q = sigmoid(z), sigmoid(-z)
    surprise = y * softplus(-z) + (1.0 - y) * softplus(z)
    return _faded(block, y * q + (1.0 - y) * p, (1.0 - 2.0 * y) * p * q, surprise, (1.0 - y) * p - y * q, y)


def keras_binary_focal(block: Block) -> Array:
    """Keras: cross-entropy of p clipped, the fading factor of p as it is; on logits p is their sigmoid."""
    e, least = block["label_smoothing"], KERAS_LEAST
    y = block.y * (1.0 - e) + 0.5 * e
    p = block.p if block.batch.form == "probabilities" else sigmoid(block.p)
    block.require_probabilities("predictions", p)
    clipped = np.clip(p, least, 1.0 - least)
    inside = clipped == p
    block.notes.mark("saturated_probabilities_clamped", ~inside)
    surprise = -y * np.log(clipped) - (1.0 - y) * np.log1p(-clipped)
    slope = ((1.0 - y) / (1.0 - clipped) - y / clipped) * inside
    values = _faded(block, 1.0 - (y * p + (1.0 - y) * (1.0 - p)), 1.0 - 2.0 * y, surprise, slope, y)
    if block.wants() and block.batch.form == "logits":
        block.slot()[...] *= p * (1.0 - p)
    return values


def one_hot(block: Block) -> Array:
    """Targets as one number per class."""
    if not block.batch.hard:
        return block.y
    found = np.zeros(block.p.shape)
    found[np.arange(len(found)), block.y] = 1.0
    return found


def keras_categorical_focal(block: Block) -> Array:
    """Keras: sum_c alpha_c t_c (1 - q_c)^gamma (-log q_c), rows rescaled and clipped, alpha on every class."""
    gamma, least, alpha = block["gamma"], KERAS_LEAST, block["alpha"]
    e, classes = block["label_smoothing"], block.p.shape[1]
    t = one_hot(block) * (1.0 - e) + e / classes
    p = block.p
    if block.batch.form == "logits":
        p = np.exp(p - p.max(axis=1, keepdims=True))
    total = p.sum(axis=1, keepdims=True)
    share = p / total
    q = np.clip(share, least, 1.0 - least)
    block.notes.mark("saturated_probabilities_clamped", q != share)
    weight = t * (1.0 if alpha is None else alpha)
    values: Array = -(weight * (1.0 - q) ** gamma * np.log(q)).sum(axis=1)
    if block.wants():
        steep = gamma * (1.0 - q) ** (gamma - 1.0) * np.log(q) if gamma else 0.0
        slope = weight * (steep - (1.0 - q) ** gamma / q) * (q == share)
        apart = slope - row_dots(slope, share)[:, None]
        block.slot()[...] = apart * share if block.batch.form == "logits" else apart / total
    return values


def keras_categorical_hinge(block: Block) -> Array:
    """Keras: max(0, 1 + max_c (1 - t_c) s_c - sum_c t_c s_c), of targets one number per class."""
    t, s = one_hot(block), block.p
    rivals = (1.0 - t) * s
    best, rows = rivals.argmax(axis=1), np.arange(len(s))
    gap = rivals[rows, best] - row_dots(t, s) + 1.0
    if block.wants():
        slope = -t
        slope[rows, best] += (1.0 - t)[rows, best]
        block.slot()[...] = slope * (gap > 0.0)[:, None]
    values: Array = np.maximum(gap, 0.0)
    return values


def number_hinge(block: Block) -> Array:
    """max(0, margin - y s)^power with the label as a number: nothing is recoded, and 0 is a label like any other."""
    y, power = block.y, block["power"]
    gap = block["margin"] - y * block.p
    values: Array = np.maximum(gap, 0.0)
    if block.wants():
        slope = (gap > 0.0).astype(np.float64) if power == 1 else 2.0 * values
        np.multiply(-y, slope, out=block.slot())
    return values if power == 1 else values * values


def recode_binary(batch: Batch, reader: Reader) -> Batch:
    """Keras: labels that are all 0 or 1 become -1 or +1; any others stay as they are."""
    y = batch.y
    binary = y.size and bool(((y == 0.0) | (y == 1.0)).all())
    return batch.with_targets(targets=2.0 * y - 1.0) if binary else batch


def recode_pair(batch: Batch, reader: Reader) -> Batch:
    """scikit-learn: the larger of two labels is +1, the other -1; a lone label is -1."""
    found = np.unique(batch.y)
    if len(found) > 2:
        reader.refuse("targets", f"{len(found)} labels in a binary loss", "two labels, or multiclass_hinge")
        return batch
    larger = (batch.y == found[-1]) & (len(found) == 2)
    return batch.with_targets(targets=np.where(larger, 1.0, -1.0))


def two_labels(batch: Batch, reader: Reader) -> Batch:
    """scikit-learn's log_loss: one axis of two different labels, of which the larger is 1.

    A single example cannot show both labels: there 0 and 1 are taken to be named (`labels=[0, 1]`).
    """
    found = np.unique(batch.y)
    if batch.y.shape == (1,) and found[0] in {0.0, 1.0}:
        return batch
    if batch.y.ndim != 1 or len(batch.shape) != 1:
        reader.refuse("targets", f"targets of shape {list(batch.shape)}", "log_loss takes one axis of labels here")
    elif len(found) != 2 or (found != np.trunc(found)).any():
        detail = "one label only" if len(found) == 1 else f"{len(found)} numbers that are not two labels"
        reader.refuse("targets", detail, "two different labels; log_loss takes no soft targets")
    else:
        return batch.with_targets(targets=(batch.y == found[-1]).astype(np.float64))
    return batch


def last_is_minus_one(batch: Batch, reader: Reader) -> Batch:
    """optax: a class index is an index into the array, so -1 is the last class."""
    y, classes = batch.y, batch.p.shape[-1]
    if y.shape != batch.p.shape and (y < 0.0).any():
        return batch.with_targets(targets=np.where((y < 0.0) & (y >= -classes), y + classes, y))
    return batch


def shifted(batch: Batch, reader: Reader) -> Batch:
    """Transformers' causal models: position t is scored on the label at t + 1; the last position has none."""
    y = batch.y
    if y.ndim < 1 or y.shape != batch.p.shape[:-1]:
        return batch
    ahead = np.concatenate([y[..., 1:], np.full((*y.shape[:-1], 1), batch.params["ignore_index"], dtype=y.dtype)], -1)
    return batch.with_targets(targets=ahead)


def optax_triplet(block: Block) -> Array:
    """optax: d = (sum (x - y)^p + eps)^(1/p) without an absolute value, so odd p may cancel, or give NaN."""
    p, eps = block["p"], block["eps"]
    anchor = block.predictions["anchor"]
    sides = {name: anchor - block.predictions[name] for name in ("positive", "negative")}
    inside = {name: np.power(r, p).sum(axis=1) + eps for name, r in sides.items()}
    far = {name: np.power(s, 1.0 / p) for name, s in inside.items()}
    gap = far["positive"] - far["negative"] + block["margin"]
    if block.slots:
        active = (gap > 0.0).astype(np.float64)
        near_slope, far_slope = (
            (np.power(inside[name], 1.0 / p - 1.0) * active)[:, None] * np.power(r, p - 1.0)
            for name, r in sides.items()
        )
        slopes = {"anchor": near_slope - far_slope, "positive": -near_slope, "negative": far_slope}
        for name, slot in block.slots.items():
            slot[...] = slopes[name]
    values: Array = np.maximum(gap, 0.0)
    return values


def in_order(given: Any, reader: Reader) -> Any:
    """scikit-learn: labels that are strings stand for their place in sorted order."""
    listed = given.tolist() if isinstance(given, np.ndarray) else given
    words = [entry for _, entry in entries(listed, ())] if isinstance(listed, list | tuple) else []
    if not words or not all(isinstance(word, str) for word in words):
        return given
    places = {word: place for place, word in enumerate(sorted(set(words)))}
    found: NDArray[Any] = np.array([places[word] for word in words], dtype=np.float64)
    return found.reshape(np.shape(listed))


def overflowing_margin(block: Block) -> Array:
    """PyTorch's soft margin: log(1 + exp(u)) as it stands, Infinity from u = 710 on, its slope NaN."""
    values = margins.soft_margin(block)
    beyond = -block.y * block.p > LARGEST_EXPONENT
    for slot in block.slots.values():
        slot[beyond] = np.nan
    return np.where(beyond, np.inf, values)


def overflowing_discopop(block: Block) -> Array:
    """TRL's discopop: its gate of 0 times exp(-u) is NaN where that overflows, u = -710 and below; so is its slope."""
    values = preference.dpo(block)
    if block["variant"] == "discopop":
        lost = values > LARGEST_EXPONENT
        values[lost] = np.nan
        block.notes.mark(DEPARTED, lost)
        for slot in block.slots.values():
            slot[lost] = np.nan
    return values


def held_cosine_embedding(block: Block) -> Array:
    """PyTorch's cosine embedding: cos = a.b / sqrt((|a|^2 + 1e-12) (|b|^2 + 1e-12)), a steep slope at a length of 0."""
    y, margin = block.targets["targets"][:, 0], block["margin"]
    a, b = block.predictions["input1"], block.predictions["input2"]
    squares = [row_dots(a, a) + TORCH_LEAST, row_dots(b, b) + TORCH_LEAST]
    length = np.sqrt(squares[0] * squares[1])
    cosine = row_dots(a, b) / length
    block.require("targets", (y == 1.0) | (y == -1.0), "is not a label", "labels are -1 or +1")
    slope = np.where(y > 0.0, -1.0, cosine >= margin)
    for name, own, other, square in (("input1", a, b, squares[0]), ("input2", b, a, squares[1])):
        block.give(slope[:, None] * (other / length[:, None] - (cosine / square)[:, None] * own), name)
    values: Array = np.where(y > 0.0, 1.0 - cosine, np.maximum(cosine - margin, 0.0))
    return values


def both_terms(block: Block) -> Array:
    """PyTorch's hinge embedding: what is not 1 has the margin's term, what is not -1 the distance's."""
    y, gap = block.y, block["margin"] - block.p
    far, near = np.where(y != 1.0, np.maximum(gap, 0.0), 0.0), np.where(y != -1.0, block.p, 0.0)
    block.give((y != -1.0).astype(np.float64) - ((y != 1.0) & (gap > 0.0)))
    values: Array = far + near
    return values


def no_direction(kernel: Kernel) -> Kernel:
    """optax's cosine: 0/0 where a vector has no length, unless epsilon holds it."""

    def found(block: Block) -> Array:
        values = kernel(block)
        if block["epsilon"] == 0.0:
            lost = (row_norms(block.p) == 0.0) | (row_norms(block.y) == 0.0)
            values[lost] = np.nan
        return values

    found.__doc__ = kernel.__doc__
    return found


def held_lengths(kernel: Kernel) -> Kernel:
    """optax's NT-Xent: an embedding shorter than 1.5e-8, one of zeros too, is divided by that and so is its slope."""

    def held(block: Block) -> Array:
        norms = row_norms(block.predictions["embeddings"])
        short = norms < OPTAX_LEAST
        lengths = np.where(short, OPTAX_LEAST, norms)
        units = block.predictions["embeddings"] / lengths[:, None]
        batch = replace(block.batch, params={**block.batch.params, "normalize": False})
        values = kernel(replace(block, predictions={"embeddings": units}, batch=batch))
        block.notes.mark(DEPARTED, short)
        for slot in block.slots.values():
            slot[...] = np.where(short[:, None], slot / OPTAX_LEAST, unnormalized(slot, units, lengths))
        return values

    held.__doc__ = kernel.__doc__
    return held


def one_dice_a_row(batch: Batch, reader: Reader) -> Batch:
    """optax folds every axis but the first."""
    axes = np.arange(1.0, batch.p.ndim)
    return overlap.align_overlap(replace(batch, params={**batch.params, "axis": axes}), reader)


def classes_of_a_mask(batch: Batch, reader: Reader) -> Batch:
    """optax: rows of masks, classes along the last axis, one number per class in the targets."""
    p, y = batch.p, batch.y
    if p.ndim < 2 or y.shape != p.shape or not p.size:
        shapes = f"targets have shape {list(y.shape)}, predictions {list(p.shape)}"
        reader.refuse("targets", shapes, "one number per class, as the predictions: [N, ..., C]")
    elif p.shape[-1] == 1:
        reader.refuse("predictions", "one class", "binary_dice_loss takes one")
    return replace(batch, shape=p.shape[:1])


def softmax_tversky(block: Block) -> Array:
    """optax's dice_loss: one Tversky index a row and class, of the softmax over classes, their losses averaged."""
    return _softmax_overlap(block, np.ones((1, block.p.shape[-1])))


def rare_first(block: Block) -> Array:
    """optax's multiclass_generalized_dice_loss: classes weighed by one over their squared size, these of mean 1."""
    sizes = block.y.reshape(-1, block.p.shape[-1]).sum(axis=0)
    weight = 1.0 / (sizes * sizes + KERAS_LEAST)
    return _softmax_overlap(block, (weight / weight.mean())[None, :])


def _softmax_overlap(block: Block, weight: Array) -> Array:
    z = np.ascontiguousarray(block.p.reshape(-1, block.p.shape[-1]))
    rows, classes = len(block.p), block.p.shape[-1]
    q = Softmax(z, np.empty_like(z)).probabilities().reshape(rows, -1, classes)
    t = block.y.reshape(rows, -1, classes)
    common = (q * t).sum(axis=1)
    alpha, beta, smooth = block["alpha"], block["beta"], block["smooth"]
    below = common + alpha * (q.sum(axis=1) - common) + beta * (t.sum(axis=1) - common) + smooth
    index = (common + smooth) / below
    if block.wants():
        share = alpha + (1.0 - alpha - beta) * t
        steep = (weight / classes / below * block.factors[:, None])[:, None, :]
        slope = -steep * (t - share * index[:, None, :])
        block.give((q * (slope - (q * slope).sum(axis=2, keepdims=True))).reshape(block.p.shape))
    values: Array = (weight * (1.0 - index)).mean(axis=1)
    return values


def doubled_smooth(params: Params, reader: Reader) -> Params:
    """smooth beside half sums is twice as much beside whole ones."""
    return {**params, "smooth": 2.0 * params["smooth"]}


def roots_of_outputs(block: Block) -> Array:
    """scikit-learn's root mean squared error: a root per output, of the weighted mean, and the roots' mean.

    L_i = mean over outputs of r^2 / R, R the output's root: their weighted mean is the mean of the roots.
    """
    found, slope = _mean_root(block, block.p - block.y)
    block.give(slope.reshape(block.p.shape))
    return found


def log_roots_of_outputs(block: Block) -> Array:
    """scikit-learn's root mean squared logarithmic error: as `roots_of_outputs`, of log(1 + p) - log(1 + y)."""
    for name, array in (("predictions", block.p), ("targets", block.y)):
        block.require(name, array > -1.0, "has no logarithm of 1 + it", "numbers above -1")
    found, slope = _mean_root(block, np.log1p(block.p) - np.log1p(block.y))
    block.give(slope.reshape(block.p.shape) / (1.0 + block.p))
    return found


def _mean_root(block: Block, residual: Array) -> tuple[Array, Array]:
    """Values whose weighted mean is the mean of the outputs' roots, and each residual's weighted slope."""
    r, factors = residual.reshape(len(residual), -1), block.factors[:, None]
    root = np.sqrt((factors * r * r).sum(axis=0) / factors.sum())
    share = r / (np.where(root > 0.0, root, 1.0) * r.shape[1])
    return (r * share).sum(axis=1), factors * share


def two_axes(batch: Batch, reader: Reader) -> Batch:
    """scikit-learn's metrics of numbers: examples, and outputs beside each other, and no further axis."""
    if batch.p.ndim > 2:
        reader.refuse("predictions", f"{batch.p.ndim} axes", "scikit-learn takes examples, or examples x outputs")
    return batch


def one_output(batch: Batch, reader: Reader) -> Batch:
    """scikit-learn's deviances: one output."""
    if batch.p.ndim > 2 or (batch.p.ndim == 2 and batch.p.shape[1] != 1):
        reader.refuse("predictions", f"predictions have shape {list(batch.p.shape)}", "deviances take one output")
    return batch


def three_classes(batch: Batch, reader: Reader) -> Batch:
    """scikit-learn's hinge of several classes: two have one column of scores."""
    if batch.p.shape[-1] == 2:
        reader.refuse("predictions", "two classes", "one score an example: hinge_loss of two labels takes one axis")
    return batch


def labels_of_brier(batch: Batch, reader: Reader) -> Batch:
    """scikit-learn: of two labels the larger is 1; a lone label is 1 unless it is 0 or -1."""
    y, found = batch.y, np.unique(batch.y)
    if batch.p.ndim == 1 and y.shape == batch.p.shape and 1 <= len(found) <= 2:
        larger = y == found[-1] if len(found) == 2 else (y != 0.0) & (y != -1.0)
        batch = batch.with_targets(targets=larger.astype(np.float64))
    return softened.align_brier(batch, reader)


def half_of_two_classes(block: Block) -> Array:
    """scikit-learn's Brier score: halved where there are two classes, so that both forms agree."""
    values = softened.brier(block)
    if block.targets["_shares"].shape[1:] == (2,):
        for slot in block.slots.values():
            np.multiply(slot, 0.5, out=slot)
        values *= 0.5
    return values


def rows_of_outputs(batch: Batch, reader: Reader) -> Batch:
    """One example a row, its outputs beside each other."""
    two_axes(batch, reader)
    if batch.y.shape != batch.p.shape or not batch.p.ndim:
        shapes = f"targets have shape {list(batch.y.shape)}, predictions {list(batch.p.shape)}"
        reader.refuse("targets", shapes, "shapes match exactly: nothing is broadcast")
    return replace(batch, shape=batch.p.shape[:1])
