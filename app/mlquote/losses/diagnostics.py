"""What a careful colleague would point out about a question and its answer, each with a stable code."""

import math
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from mlquote.losses.batch import ROW_SUM_TOLERANCE, Batch, Note
from mlquote.losses.frameworks.departures import DEPARTED
from mlquote.losses.frameworks.function import Function
from mlquote.losses.loss import Folding
from mlquote.losses.parameters import Condition
from mlquote.losses.question import Question
from mlquote.losses.reading import Answer, Array
from mlquote.losses.reduction import Solution
from mlquote.losses.registry import LOSSES

CODES: dict[str, tuple[str, str]] = {
    "probabilities_passed_as_logits": (
        "warning",
        "the logits look like probabilities: a softmax or sigmoid applied before the loss bounds it away from 0",
    ),
    "log_probabilities_passed_as_logits": (
        "info",
        "the logits look like log-probabilities; the value is unaffected, as softmax leaves them as they are",
    ),
    "probabilities_passed_as_log_probabilities": (
        "warning",
        "a log-probability is positive, so the inputs are not log-probabilities and the loss is no likelihood",
    ),
    "saturated_probabilities_clamped": ("warning", "the clamp replaced a logarithm; its gradient there is 0"),
    "probabilities_renormalized": ("info", "rows were rescaled to sum to 1"),
    "mean_over_padding": ("warning", "padded_mean divides by masked positions too, so padding dilutes the cost"),
    "kl_element_mean": ("warning", "element_mean divides by every entry: the value is the KL divided by the classes"),
    "weighted_mean_denominator": ("info", "the divisor is the sum of unequal weights, not the number of examples"),
    "empty_reduction": ("warning", "nothing is left to average: the denominator is 0 and the cost is null"),
    "variance_clamped": ("warning", "a variance below eps was raised to it"),
    "importance_ratio_extreme": ("warning", "|logp - logp_old| > 10: the ratio exceeds e^10, or is below e^-10"),
    "reference_free": ("warning", "no reference was given: every answer counts as equally likely under it"),
    "labels_recoded": ("info", "0/1 labels were read as -1/+1"),
    "subgradient_at_kink": ("info", "the loss has no derivative here; the documented subgradient was returned"),
    "gradient_infinite": ("warning", "the gradient is infinite here and given as null"),
    "value_not_finite": (
        "warning",
        "the loss is infinite: a probability is exactly 0 where the target is not, or a number overflowed",
    ),
    "number_taken_as_one_example": (
        "info",
        "a number alone was taken as one example; what has its shape is answered as a number",
    ),
    "batch_stat": ("info", "the cost is what an untrained model gives"),
    "field_not_used": ("warning", "a field was given that has no say in this question"),
    "above_stability_bound": ("warning", "the learning rate exceeds 2/L: gradient descent is not stable"),
    "sum_scales_the_step": (
        "info",
        "reduction sum makes the gradient, and with it the step, N times that of the mean",
    ),
    "diverged": (
        "warning",
        "the objective ended above where it began, or overflowed; the trace ends before the overflow",
    ),
    "needs_calibrated_probabilities": (
        "warning",
        "the threshold follows from the costs only if the probabilities are calibrated",
    ),
    "convention_without_effect": ("info", "the framework's defaults move no number of this question"),
}
TO_DO: dict[str, str] = {
    "probabilities_passed_as_logits": "Send the values before softmax or sigmoid, or say that they are probabilities.",
    "log_probabilities_passed_as_logits": "Nothing, if they are meant so: the value is the same.",
    "probabilities_passed_as_log_probabilities": "Take the logarithm first, or say that they are probabilities.",
    "saturated_probabilities_clamped": "Send logits, which need no clamp, or a smaller eps.",
    "probabilities_renormalized": "Send rows that sum to 1.",
    "mean_over_padding": "Take reduction=mean, which leaves masked positions out.",
    "kl_element_mean": "Take reduction=batch_mean for the divergence itself.",
    "weighted_mean_denominator": "Take reduction=mean to divide by the number of examples.",
    "empty_reduction": "Leave some example unmasked and with a weight above 0.",
    "variance_clamped": "Check the predicted variances, or send a smaller eps.",
    "importance_ratio_extreme": "Check that logp and logp_old are of the same tokens, in nats.",
    "reference_free": "Give reference_chosen_logps and reference_rejected_logps, unless none is meant.",
    "labels_recoded": "Nothing; send -1/+1 to leave no doubt.",
    "subgradient_at_kink": "Nothing; GET /v1/losses/{name} says which subgradient it is.",
    "gradient_infinite": "Move the prediction off the end of its domain.",
    "value_not_finite": "Look at the examples listed: a target has a probability of exactly 0 there.",
    "number_taken_as_one_example": "Nothing, or send [1.0] for 1.0.",
    "batch_stat": "Check that training has begun: an untrained model has this cost.",
    "field_not_used": "Leave the field out, or give what it needs.",
    "above_stability_bound": "Take a learning rate below 2/L.",
    "sum_scales_the_step": "Divide the learning rate by N, or take reduction=mean.",
    "diverged": "Take a smaller learning rate.",
    "needs_calibrated_probabilities": "Calibrate the probabilities first, or choose the threshold on held-out data.",
    "convention_without_effect": "Nothing.",
}
"""What to do about each, beside what it says."""
OF_ANSWERS = frozenset({"dpo", "kto", "orpo", "cpo", "grpo"})
"""Losses of log-probabilities of texts, which are never above 0."""
ROUNDING = 1e-6
MIN_BINARY_VALUES = 8
NEAR = 0.01
SEEN_AT_ONCE = 1 << 16
"""Predictions looked at together."""


def diagnostics(question: Question, solution: Solution) -> list[Answer]:
    """Everything worth saying, kernel observations first."""
    found = dict(solution.outcome.notes)
    departed = found.pop(DEPARTED, None) is not None or bool(question.ignored)
    if not question.gradient:
        found.pop("subgradient_at_kink", None)
    if question.alone:
        found["number_taken_as_one_example"] = Note(1)
    if question.theta_gradient:
        _look_at_penalties(question, found)
    _look_at_inputs(question, found)
    _look_at_reduction(question, solution, found)
    _look_at_values(question, solution, found)
    if question.function is not None and not departed and not _convention_acts(question, question.function, found):
        found["convention_without_effect"] = Note(1)
    listed = [_entry(code, note) for code, note in found.items()]
    listed += _expected_value(question, solution)
    return listed + [_entry("field_not_used", Note(1), message) for message in _idle_fields(question)]


def remark(code: str, message: str = "") -> Answer:
    """One thing worth saying where no examples are counted."""
    severity, text = CODES[code]
    return {"code": code, "severity": severity, "message": message or text}


def _look_at_penalties(question: Question, found: dict[str, Note]) -> None:
    """Penalties with a kink at this theta."""
    kinks = sum(int(np.count_nonzero(each.reach)) for each in question.penalties if each.reach is not None)
    if kinks:
        found.setdefault("subgradient_at_kink", Note()).count += kinks


def _entry(code: str, note: Note, message: str = "") -> Answer:
    return {**remark(code, message), "count": note.count, "indices": note.indices}


def _look_at_inputs(question: Question, found: dict[str, Note]) -> None:
    """Probabilities or log-probabilities that came where logits were announced."""
    batch = question.batch
    if "_reference_free" in batch.targets:
        found["reference_free"] = Note(math.prod(batch.shape))
    if question.loss.name in OF_ANSWERS:
        _look_at_log_probabilities(batch, found)
    if batch.form != "logits" or question.loss.name not in {"cross_entropy", "binary_cross_entropy", "focal"}:
        return
    p = batch.p
    if not p.size:
        return
    some = p.item(0), p.item(p.size // 2), p.item(p.size - 1)
    if not (all(0.0 <= each <= 1.0 for each in some) or all(each <= 0.0 for each in some)):
        return
    few = p[:8]
    low, high = float(few.min()), float(few.max())
    if question.folding is not Folding.CLASSES:
        if low >= 0.0 and high <= 1.0 and p.size >= MIN_BINARY_VALUES and p.min() >= 0.0 and p.max() <= 1.0:
            found["probabilities_passed_as_logits"] = Note(p.size)
    elif p.shape[1] > 1 and low >= 0.0 and high <= 1.0 and p.min() >= 0.0 and _rows_sum_to_one(p, np.asarray):
        found["probabilities_passed_as_logits"] = Note(len(p))
    elif p.shape[1] > 1 and high <= 0.0 and p.max() <= 0.0 and _rows_sum_to_one(p, np.exp):
        found["log_probabilities_passed_as_logits"] = Note(len(p))


def _look_at_log_probabilities(batch: Batch, found: dict[str, Note]) -> None:
    """Log-probabilities of answers that are above 0, which no answer has."""
    arrays = {**batch.predictions, **batch.targets}
    logps = [array for name, array in arrays.items() if "logp" in name and array.size]
    above = sum(int(np.count_nonzero(array > ROUNDING)) for array in logps)
    if above:
        found["probabilities_passed_as_log_probabilities"] = Note(above)


def _rows_sum_to_one(p: Array, probability: Callable[[Array], Array]) -> bool:
    """Whether each row is a distribution, looked at some rows at a time."""
    step = max(1, SEEN_AT_ONCE // p.shape[1])
    parts = (probability(p[i : i + step]).sum(axis=1, dtype=np.float64) for i in range(0, len(p), step))
    return all(bool((np.abs(total - 1.0) <= ROW_SUM_TOLERANCE).all()) for total in parts)


def _look_at_reduction(question: Question, solution: Solution, found: dict[str, Note]) -> None:
    batch, reduction = question.batch, question.reduction
    dropped = batch.masked
    if reduction == "padded_mean" and dropped:
        found["mean_over_padding"] = Note(dropped)
    if reduction == "element_mean" and question.loss.name == "kl_divergence":
        found["kl_element_mean"] = Note(1)
    kept = math.prod(batch.shape) - dropped
    if reduction == "sum" and question.gradient and kept > 1 and question.loss.reduction is None:
        found["sum_scales_the_step"] = Note(kept)
    if reduction == "weighted_mean" and _unequal(question):
        found["weighted_mean_denominator"] = Note(math.prod(batch.shape))
    if (solution.denominator == 0.0 and solution.cost is None) or (
        reduction == "sequence_mean" and dropped == math.prod(batch.shape)
    ):
        found["empty_reduction"] = Note(1)


def _unequal(question: Question) -> bool:
    """Whether any two kept examples weigh differently."""
    batch = question.batch
    weights = [w for w in (question.sample, batch.per_row_weight) if w is not None]
    if not weights:
        return False
    product = weights[0] if len(weights) == 1 else weights[0] * weights[1]
    kept = product if batch.keep is None else product[batch.keep]
    return bool(kept.size and kept.min() != kept.max())


def _look_at_values(question: Question, solution: Solution, found: dict[str, Note]) -> None:
    if math.isinf(solution.weighted_sum):
        values = solution.outcome.values
        places = [] if values is None else np.flatnonzero(~np.isfinite(values))[:20].tolist()
        found["value_not_finite"] = Note(max(len(places), 1), places)


def _expected_value(question: Question, solution: Solution) -> list[Answer]:
    """A cost near what an untrained model gives."""
    cost, batch, name = solution.cost, question.batch, question.loss.name
    if cost is None or question.reduction not in {"mean", "weighted_mean"} or not math.isfinite(cost):
        return []
    start = {"binary_cross_entropy": math.log(2.0), "dpo": math.log(2.0), "bradley_terry": math.log(2.0)}.get(name)
    what = "log 2"
    if name in {"cross_entropy", "nll"} and batch.p.shape[1] > 1:
        start, what = math.log(batch.p.shape[1]), f"log {batch.p.shape[1]}"
    if start is None or abs(cost - start) > NEAR * start:
        return []
    message = f"the cost is within 1 % of {what} = {start:.6g}, which an untrained model gives"
    return [_entry("batch_stat", Note(1), message)]


def _idle_fields(question: Question) -> Iterator[str]:
    """What was given and has no say, and where it would have one: parameters (but their defaults) and arrays."""
    params = question.batch.params
    for param in question.loss.params:
        condition, field = param.acts, f"params.{param.name}"
        if condition is None or field not in question.said or _acts(condition, question):
            continue
        if not np.array_equal(params[param.name], param.default):
            yield f"{field} has no say here: it acts only {condition.words}"
    if question.text_bytes is not None and not question.is_likelihood:
        yield "text_bytes has no say here: it acts only on a mean without smoothing, class weights or sample weights"
    for name in question.ignored:
        yield f"params.{name} has no say here: {question.function and question.function.spelling} does not use it"
    for name, condition in question.loss.array_acts.items():
        if name in question.batch.targets and not _acts(condition, question):
            yield f"targets.{name} has no say here: it acts only {condition.words}"


def _acts(condition: Condition | None, question: Question) -> bool:
    """Whether what stands under a condition has a say in this question."""
    batch = question.batch
    return condition is None or condition.holds(batch.params, batch.form, {*batch.predictions, *batch.targets})


def _convention_acts(question: Question, function: Function, notes: Mapping[str, Note]) -> bool:
    """Whether the framework named decides anything that was not given and bears on a number here."""
    loss, batch, said = question.loss, question.batch, question.said
    plain = LOSSES[loss.name]
    if function.form is not None and "input_form" not in said and len(plain.forms) > 1:
        return True
    weighted = question.sample is not None or batch.per_row_weight is not None
    usual = "mean" if plain.reduction is None else plain.reduction(batch.params)
    same = {usual} if weighted or usual != "mean" else {"mean", "weighted_mean"}
    if "reduction" not in said and question.reduction not in same:
        return True
    bears = {
        "clamp": "saturated_probabilities_clamped" in notes,
        "ignore_index": batch.masked > 0,
        "class_axis": question.axis != len(question.shapes.get("predictions", ())) - 1,
        "normalize_probabilities": False,
    }
    for param in loss.params:
        value = batch.params[param.name]
        decided = f"params.{param.name}" not in said and not np.array_equal(value, param.default)
        if decided and _acts(param.acts, question) and bears.get(param.name, True):
            return True
    return False
