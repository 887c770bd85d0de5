"""What is known of a loss in one question: its constants with that question's weights and smoothing in them."""

from typing import Any

import numpy as np

from mlquote.losses.question import Question
from mlquote.losses.reading import Answer, Array


def known(question: Question) -> Answer:
    """The properties of L with its class and positive weights: slopes and curvatures times the largest, and its floor.

    Smoothed targets keep a cross-entropy above their own entropy: the floor is the least over the labels.
    """
    loss, batch = question.loss, question.batch
    found = loss.known(batch.params, batch.form)
    largest = 1.0 if batch.class_weights is None else _largest(batch.class_weights)
    if batch.pos_weight is not None:
        largest = max(1.0, _largest(batch.pos_weight))
    for name in ("lipschitz", "smooth"):
        if found[name] is not None:
            found[name] *= largest
    smoothed = batch.params.get("label_smoothing") and batch.form in {"logits", "probabilities"}
    if found["bounded_below"] == 0.0 and smoothed:
        found["bounded_below"] = _floor(question)
    return found


def _largest(weights: Any) -> float:
    return float(np.max(weights, initial=0.0))


def _floor(question: Question) -> float:
    """The least a smoothed cross-entropy can be, over the labels there are."""
    batch, e = question.batch, question.batch.params["label_smoothing"]
    if question.loss.name == "binary_cross_entropy":
        weight = np.atleast_1d(np.asarray(1.0 if batch.pos_weight is None else batch.pos_weight, dtype=np.float64))
        sides = [np.stack([weight * t, np.full(weight.shape, 1.0 - t)]) for t in (e / 2.0, 1.0 - e / 2.0)]
        return min(float(_least(side).min()) for side in sides)
    if question.loss.name != "cross_entropy":
        return 0.0
    classes = batch.p.shape[1]
    w = np.ones(classes) if batch.class_weights is None else batch.class_weights
    low, high = w * e / classes, w * (1.0 - e + e / classes)
    total = low.sum() - low + high
    return float((_times_log(total) - (_times_log(low).sum() - _times_log(low) + _times_log(high))).min())


def _times_log(x: Array) -> Array:
    """x log x, 0 at 0."""
    found: Array = x * np.log(np.where(x > 0.0, x, 1.0))
    return found


def _least(parts: Array) -> Array:
    """The least of -sum_c a_c log q_c over distributions q: at q = a / sum a."""
    found: Array = _times_log(parts.sum(axis=0)) - _times_log(parts).sum(axis=0)
    return found
