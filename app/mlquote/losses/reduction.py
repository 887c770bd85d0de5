"""Weighing and reducing: each L_i times its factor, summed, over a divisor; the cost and its gradient."""

import math
from dataclasses import dataclass

import numpy as np

from mlquote.losses.batch import Batch
from mlquote.losses.blocks import Machine, Outcome, Plan, compute
from mlquote.losses.loss import Layout
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


def weigh(question: Question) -> Weighing:
    """The factor of each example and the divisor, by the question's reduction."""
    batch, reduction = question.batch, question.reduction
    count = math.prod(batch.shape)
    factors = question.sample
    if batch.keep is not None:
        factors = batch.keep.astype(np.float64) if factors is None else np.where(batch.keep, factors, 0.0)
    if reduction == "sequence_mean":
        return _sequence_means(batch, factors, count)
    rows = batch.shape[0] if batch.shape else 1
    first = next(iter(batch.predictions.values()))
    denominators: dict[str, float | None] = {
        "none": None,
        "sum": 1.0,
        "mean": float(count if batch.keep is None else np.count_nonzero(batch.keep)),
        "weighted_mean": _weight_sum(batch, factors, count),
        "batchmean": float(len(first) if question.layout is Layout.WHOLE else rows),
        "element_mean": float(first.size),
        "padded_mean": float(count),
        "sequence_sum_mean": float(rows),
        "constant": question.constant,
        "mean_nonzero": 1.0,
    }
    return Weighing(factors, denominators[reduction])


def _weight_sum(batch: Batch, factors: Array | None, count: int) -> float:
    """sum m w, each example's class weight included where the targets are class indices."""
    if batch.per_row_weight is None:
        return float(count) if factors is None else float(np.add.reduce(factors))
    if factors is None:
        return float(np.add.reduce(batch.per_row_weight))
    return float(np.dot(factors, batch.per_row_weight))


def _sequence_means(batch: Batch, factors: Array | None, count: int) -> Weighing:
    """Each example over its sequence's kept count; an empty sequence counts as 0."""
    rows = batch.shape[0] if batch.shape else 1
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


def solve(question: Question, machine: Machine) -> Solution:
    """Compute the reduced loss and the gradients asked for."""
    batch = question.batch
    weighing = weigh(question)
    denominator = weighing.denominator
    nonzero = question.reduction == "mean_nonzero"
    gradients = {name: np.empty(batch.predictions[name].shape) for name in question.gradient}
    plan = Plan(
        loss=question.loss,
        batch=batch,
        layout=question.layout,
        coefficients=weighing.factors,
        scale=1.0 / denominator if denominator else 1.0,
        gradients=gradients,
        keep_values=question.return_per_example or nonzero,
        infinite=question.infinite(),
    )
    outcome = compute(plan, machine)
    if nonzero:
        denominator = float(outcome.positive)
        for gradient in gradients.values():
            np.multiply(gradient, 1.0 / denominator if denominator else 0.0, out=gradient)
    cost = outcome.total / denominator if denominator else None
    return Solution(outcome, weighing.factors, outcome.total, denominator, cost, gradients)
