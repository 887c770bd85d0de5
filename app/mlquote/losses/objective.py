"""From a question to J(theta): read, solve, answer; the cost, its parts, its gradient and its pitfalls.

J(theta) = (1/N) sum_i w_i L(yhat_i, y_i) + lambda R(theta)
"""

import math

import numpy as np
from numpy.typing import NDArray

from mlquote.losses.blocks import ALONE, Machine
from mlquote.losses.constants import known
from mlquote.losses.diagnostics import diagnostics
from mlquote.losses.loss import Folding
from mlquote.losses.question import LIKELIHOODS, Question, read
from mlquote.losses.reading import Answer, Array, Body
from mlquote.losses.reduction import Solution, solve
from mlquote.losses.verdict import judged


@np.errstate(all="ignore")
def evaluate(body: Body, machine: Machine = ALONE) -> Answer:
    """Answer one question: cost, per-example values, gradient, penalty, objective and everything assumed.

    Args:    body, the question (see `GET /v1/losses`), arrays as nested lists or NumPy arrays
    Returns: the answer, arrays as NumPy arrays
    Raises:  OutOfDomain, with every fault and its pointer
    """
    question = read(body)
    found = answer(question, solve(question, machine))
    return found if question.expected is None else found | judged(found, question.expected)


def answer(question: Question, solution: Solution) -> Answer:
    """The answer's fields, in the order a reader wants them."""
    penalty = float(sum(each.value for each in question.penalties))
    cost = solution.cost
    loss, batch, outcome = question.loss, question.batch, solution.outcome
    found: Answer = {
        "loss": loss.name,
        "cost": cost,
        "empirical_risk": cost,
        "denominator": solution.denominator,
        "weighted_sum": solution.weighted_sum,
        "penalty": penalty,
        "objective": None if cost is None else cost + penalty,
    }
    if question.return_per_example and outcome.values is not None:
        found["per_example"] = outcome.values.reshape(batch.shape)
    if question.gradient or question.theta_gradient:
        found["gradient"] = _gradient(question, solution)
    if question.theta_gradient and question.penalties:
        found["gradient_theta"] = found["gradient"]["theta"]
    if loss.components is not None:
        found["components"] = loss.components(batch, outcome.extras, solution.reduced)
    if loss.name in LIKELIHOODS:
        found["likelihood"] = _likelihood(question, solution)
    found["resolved"] = resolved(question)
    found["diagnostics"] = diagnostics(question, solution)
    found["properties"] = known(question)
    found["numerics"] = _numerics(question, solution)
    return found


def _likelihood(question: Question, solution: Solution) -> Answer | None:
    """Perplexity, bits per target, and bits per byte where the bytes are told; null of what is no plain likelihood."""
    divided, total = solution.denominator, solution.weighted_sum
    if not question.is_likelihood or not divided or not math.isfinite(total):
        return None
    per_target = total / divided
    size = question.text_bytes
    return {
        "perplexity": math.exp(per_target) if per_target < LARGEST_EXPONENT else math.inf,
        "bits_per_target": per_target / math.log(2.0),
        "bits_per_byte": None if size is None else total / math.log(2.0) / size,
    }


LARGEST_EXPONENT = 709.0
"""exp overflows float64 beyond it."""


def _gradient(question: Question, solution: Solution) -> Answer:
    """Gradients shaped as the predictions were given; null where nothing was averaged."""
    empty = solution.denominator == 0.0 and solution.cost is None
    shaped = {name: _unfolded(question, name, g) for name, g in solution.gradients.items()}
    found: Answer = {}
    if question.gradient:
        single = tuple(question.loss.predictions) == ("predictions",)
        found["predictions"] = None if empty else (shaped["predictions"] if single else shaped)
    if question.theta_gradient and question.penalties:
        found["theta"] = [each.gradient for each in question.penalties]
    return found


def _unfolded(question: Question, name: str, gradient: Array) -> NDArray[np.float64]:
    shape = question.shapes[name]
    if gradient.size != math.prod(shape):  # one entry given for a whole row
        return gradient.reshape(*question.batch.shape).sum(axis=-1).reshape(shape)
    if question.folding is not Folding.CLASSES or len(shape) == 1 or question.axis in {-1, len(shape) - 1}:
        return gradient.reshape(shape)
    moved = list(shape)
    moved.append(moved.pop(question.axis))
    return np.moveaxis(gradient.reshape(moved), -1, question.axis)


def resolved(question: Question) -> Answer:
    """Every choice the answer rests on, given or default."""
    batch = question.batch
    weights = [
        name
        for name, given in (
            ("sample", question.sample),
            ("class", batch.class_weights),
            ("pos", batch.pos_weight),
        )
        if given is not None
    ]
    return {
        "loss": question.loss.name,
        "convention": question.convention,
        "input_form": batch.form,
        "params": dict(batch.params),
        "reduction": question.reduction,
        "reduction_constant": question.constant,
        "weights": weights,
        "class_weights": batch.class_weights,
        "masked": batch.masked,
        "regularization": [dict(each.resolved or {}) for each in question.penalties],
    }


def _numerics(question: Question, solution: Solution) -> Answer:
    notes, values = solution.outcome.notes, solution.outcome.values
    clamped = sum(
        notes[code].count for code in ("saturated_probabilities_clamped", "variance_clamped") if code in notes
    )
    underflow = None
    gradient = solution.gradients.get("predictions")
    if values is not None and gradient is not None and gradient.shape == values.shape:
        underflow = int(np.count_nonzero((values == 0.0) & (gradient != 0.0)))
    return {"dtype": "float64", "clamped": clamped, "underflow": underflow}
