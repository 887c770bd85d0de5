"""Weighing and reducing: each L_i times its factor, summed, over a divisor; the cost and its gradient."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from mlquote.losses.batch import Batch
from mlquote.losses.blocks import Machine, Outcome, Work, compute
from mlquote.losses.loss import Folding
from mlquote.losses.question import Question
from mlquote.losses.reading import Array


@dataclass(frozen=True, slots=True)
class Weighing:
    """What each L_i is multiplied with, and what their sum is divided by."""

    factors: Array | None
    """m_i w_i of each example; None where all are 1."""
    denominator: float | None
    """None where nothing is divided (reduction none)."""


@dataclass(frozen=True, slots=True)
class Solution:
    """The reduced loss: cost = weighted_sum / denominator, both null where the denominator is 0 or there is none."""

    outcome: Outcome
    factors: Array | None
    weighted_sum: float
    denominator: float | None
    cost: float | None
    gradients: dict[str, Array]

    def reduced(self, values: Array) -> float | None:
        """Other per-example values reduced as the cost was."""
        return reduce(values, Weighing(self.factors, self.denominator))


def rows_of(batch: Batch) -> int:
    """The size of axis 0 of the examples."""
    return batch.shape[0] if batch.shape else 1


def _kept(question: Question) -> float:
    keep = question.batch.keep
    return float(math.prod(question.batch.shape) if keep is None else np.count_nonzero(keep))


def _weight_sum(question: Question, factors: Array | None) -> float:
    """sum m w, each example's class weight included where the targets are class indices."""
    batch = question.batch
    own, unmasked = batch.per_row_weight, batch.keep is None and batch.params.get("ignore_index") is None
    if question.weight_total is not None and unmasked:
        return question.weight_total
    if own is None:
        return float(math.prod(batch.shape) if factors is None else np.add.reduce(factors))
    return float(np.add.reduce(own) if factors is None else np.dot(factors, own))


def _first(question: Question) -> Array:
    return next(iter(question.batch.predictions.values()))


def _rows(question: Question) -> float:
    """The size of axis 0, of the predictions where examples depend on each other or are one without an axis."""
    if question.folding is Folding.WHOLE:
        return float(len(_first(question)))
    given = next(iter(question.shapes.values()))
    return float(given[0] if given and not question.batch.shape else rows_of(question.batch))


DENOMINATORS: Mapping[str, Callable[[Question, Array | None], float | None]] = {
    "none": lambda question, factors: None,
    "sum": lambda question, factors: 1.0,
    "mean": lambda question, factors: _kept(question),
    "weighted_mean": _weight_sum,
    "batchmean": lambda question, factors: _rows(question),
    "element_mean": lambda question, factors: float(_first(question).size),
    "padded_mean": lambda question, factors: float(math.prod(question.batch.shape)),
    "sequence_sum_mean": lambda question, factors: float(rows_of(question.batch)),
    "constant": lambda question, factors: question.constant,
    "mean_nonzero": lambda question, factors: 1.0,
}
"""What the weighted sum of each reduction is divided by; of mean_nonzero it is known only afterwards."""


def weigh(question: Question) -> Weighing:
    """The factor of each example and the divisor, by the question's reduction."""
    keep, factors = question.batch.keep, question.sample
    if keep is not None:
        factors = keep.astype(np.float64) if factors is None else np.where(keep, factors, 0.0)
    if question.reduction == "sequence_mean":
        return _sequence_means(question.batch, factors)
    return Weighing(factors, DENOMINATORS[question.reduction](question, factors))


def _sequence_means(batch: Batch, factors: Array | None) -> Weighing:
    """Each example over its sequence's kept count; an empty sequence counts as 0."""
    rows, count = rows_of(batch), math.prod(batch.shape)
    keep = np.ones(count, dtype=np.bool_) if batch.keep is None else batch.keep
    lengths = np.maximum(keep.reshape(rows, -1).sum(axis=1), 1) if rows else np.ones(0)
    share = np.repeat(1.0 / lengths, count // rows if rows else 0)
    return Weighing(share * keep if factors is None else share * factors, float(rows))


def reduce(values: Array, weighing: Weighing) -> float | None:
    """sum m w v over the divisor; null where that is 0, the plain sum where there is none."""
    factors, denominator = weighing.factors, weighing.denominator
    total = float(np.add.reduce(values)) if factors is None else float(np.dot(values, factors))
    if denominator is None:
        return total
    return total / denominator if denominator else None


def _nothing(question: Question, denominator: float | None) -> float | None:
    """The cost where nothing is left to average: null, or what the framework says; none where nothing is divided."""
    satisfied = question.reduction == "mean_nonzero" and _kept(question) > 0.0
    zero = question.function is not None and question.function.nothing_left == "zero"
    return 0.0 if denominator is not None and (satisfied or zero) else None


def solve(question: Question, machine: Machine) -> Solution:
    """Compute the reduced loss and the gradients asked for."""
    batch = question.batch
    weighing = weigh(question)
    denominator = weighing.denominator
    nonzero = question.reduction == "mean_nonzero"
    gradients = {name: np.empty(batch.predictions[name].shape) for name in question.gradient}
    work = Work(
        loss=question.loss,
        batch=batch,
        folding=question.folding,
        coefficients=weighing.factors,
        scale=1.0 / denominator if denominator else 1.0,
        gradients=gradients,
        keep_values=question.return_per_example or nonzero,
        infinite=question.infinite(),
    )
    outcome = compute(work, machine)
    if nonzero:
        denominator = float(outcome.positive)
        for gradient in gradients.values():
            np.multiply(gradient, 1.0 / denominator if denominator else 0.0, out=gradient)
    cost = outcome.total / denominator if denominator else _nothing(question, denominator)
    if question.loss.outer is not None and cost is not None:
        cost, slope = question.loss.outer(cost, batch.params)
        for gradient in gradients.values():
            np.multiply(gradient, slope, out=gradient)
    return Solution(outcome, weighing.factors, outcome.total, denominator, cost, gradients)
