"""From a question to J(theta): read, weigh, reduce, regularize; the cost, its parts, its gradient and its pitfalls.

J(theta) = (1/N) sum_i w_i L(yhat_i, y_i) + lambda R(theta)
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlquote.losses.blocks import ALONE, Machine, Outcome, Plan, compute
from mlquote.losses.conventions import CONVENTIONS, FRAMEWORKS, Convention
from mlquote.losses.diagnostics import diagnostics
from mlquote.losses.loss import Batch, Layout, Loss, Properties
from mlquote.losses.parameters import Params
from mlquote.losses.reading import REQUIRED, Array, Reader, as_array
from mlquote.losses.registry import LOSSES
from mlquote.losses.regularizers import Penalty, penalties
from mlquote.losses.weighting import balanced_weights

REDUCTIONS = (
    "none",
    "sum",
    "mean",
    "weighted_mean",
    "batchmean",
    "element_mean",
    "padded_mean",
    "sequence_mean",
    "sequence_sum_mean",
    "constant",
    "mean_nonzero",
)
PER_EXAMPLE_LIMIT = 10_000
MAX_RANK = 6
MAX_CLASSES = 131_072
PROPERTY_NAMES = tuple(field.name for field in fields(Properties))


@dataclass(slots=True)
class Question:
    """One loss question, read and checked."""

    loss: Loss
    batch: Batch
    layout: Layout
    reduction: str
    constant: float | None
    sample: Array | None
    penalties: list[Penalty]
    gradient: tuple[str, ...]
    theta_gradient: bool
    return_per_example: bool
    convention: str | None
    mask_drops: int
    axis: int = -1
    shapes: dict[str, tuple[int, ...]] | None = None
    infinite: dict[str, bool] | None = None


@dataclass(slots=True)
class Solution:
    """The reduced loss: cost = weighted_sum / denominator, both null where the denominator is 0 or there is none."""

    outcome: Outcome
    coefficients: Array | None
    weighted_sum: float
    denominator: float | None
    cost: float | None
    gradients: dict[str, Array]


@np.errstate(all="ignore")
def evaluate(body: Mapping[str, Any], machine: Machine = ALONE) -> dict[str, Any]:
    """Answer one question: cost, per-example values, gradient, penalty, objective and everything assumed.

    Args:    body, the question (see `GET /v1/losses`), arrays as nested lists or NumPy arrays
    Returns: the answer, arrays as NumPy arrays
    Raises:  OutOfDomain, with every fault and its pointer
    """
    question = read(body)
    return answer(question, solve(question, machine))


def read(body: Mapping[str, Any]) -> Question:
    """Read and check a question; every structural fault is raised at once."""
    reader = Reader(body)
    name = reader.word("loss", LOSSES)
    convention = reader.word("convention", FRAMEWORKS, None)
    reader.check()
    loss = LOSSES[str(name)]
    rule = _convention(loss, convention, reader)
    batch = Batch({}, {}, {})
    batch.form = _form(loss, rule, reader)
    batch.params = _params(loss, rule, reader)
    batch.predictions, raw_shapes = _arrays(loss, "predictions", loss.predictions, reader)
    batch.targets, _ = _arrays(loss, "targets", loss.targets, reader)
    question = Question(
        loss=loss,
        batch=batch,
        layout=Layout.ELEMENTS,
        reduction=reader.word("reduction", REDUCTIONS, rule.reduction) or "mean",
        constant=None,
        sample=None,
        penalties=penalties(reader, "regularization"),
        gradient=(),
        theta_gradient=False,
        return_per_example=reader.flag("return_per_example", True) if "return_per_example" in reader else True,
        convention=convention,
        mask_drops=0,
        shapes=raw_shapes,
    )
    weights = reader.object("weights", None)
    mask = reader.array("mask", None)
    _read_constant(question, reader)
    _read_gradient(question, reader)
    reader.finish()
    question.layout = loss.folded(batch.params)
    loss.align(batch, reader)
    reader.check()
    _fold(question, reader)
    reader.check()
    _read_mask(question, mask, reader)
    _read_weights(question, weights, reader)
    reader.check()
    loss.prepare(batch, reader)
    _check_reduction(question, reader)
    reader.check()
    if "return_per_example" not in reader:
        question.return_per_example = math.prod(batch.shape) <= PER_EXAMPLE_LIMIT
    question.infinite = _infinite(question)
    return question


def _infinite(question: Question) -> dict[str, bool]:
    """In which arrays -Infinity means something."""
    allowed, batch = question.loss.infinite, question.batch
    found = dict.fromkeys(batch.predictions, batch.form in allowed)
    return found | {"targets": f"target:{batch.params.get('target_form')}" in allowed}


def _convention(loss: Loss, name: str | None, reader: Reader) -> Convention:
    if name is None:
        return Convention(spelling="")
    found = CONVENTIONS.get(loss.name, {}).get(name)
    if found is None:
        have = ", ".join(CONVENTIONS.get(loss.name, {})) or "no framework"
        reader.refuse("convention", f"{name} has no {loss.name}", f"this loss exists in: {have}")
        return Convention(spelling="")
    return found


def _form(loss: Loss, rule: Convention, reader: Reader) -> str | None:
    """The input form: never guessed, and refused where a loss has only one kind of input."""
    if not loss.forms:
        if "input_form" in reader and reader.raw("input_form") is not None:
            reader.refuse("input_form", f"{loss.name} has no input_form", "drop it")
        return None
    if "input_form" not in reader and rule.form is None:
        reader.refuse("input_form", f"{loss.name} needs input_form: it is never guessed", " | ".join(loss.forms))
        return loss.forms[0]
    return reader.word("input_form", loss.forms, rule.form or REQUIRED) or loss.forms[0]


def _params(loss: Loss, rule: Convention, reader: Reader) -> dict[str, Any]:
    inner = reader.object("params", None)
    if inner is None and not rule.params:
        return dict(_defaults(loss.name))
    inner = inner or Reader({}, "/params", reader.faults)
    defaults = {name: value for name, value in rule.params.items() if name != "clamp" or _clampable(loss, rule, reader)}
    found = {param.name: param.value(inner, defaults) for param in loss.params}
    inner.close()
    return found


@cache
def _defaults(name: str) -> Params:
    """Every parameter of a loss when none is given, read once."""
    empty = Reader({}, "/params")
    return {param.name: param.value(empty, {}) for param in LOSSES[name].params}


def _clampable(loss: Loss, rule: Convention, reader: Reader) -> bool:
    """Whether a convention's clamp has something to act on."""
    return (reader.body.get("input_form") or rule.form) == "probabilities"


def _arrays(
    loss: Loss, side: str, names: tuple[str, ...], reader: Reader
) -> tuple[dict[str, Any], dict[str, tuple[int, ...]]]:
    """Predictions or targets: one array, or an object of named ones."""
    found: dict[str, Any] = {}
    single = names == (side,)
    if single or (side == "targets" and loss.layout is Layout.WHOLE):
        optional = side in loss.optional
        value = reader.raw(side, None if optional else REQUIRED)
        array = None if value is None else _array(value, f"/{side}", reader)
        if array is not None:
            found[side] = array
        return found, {name: array.shape for name, array in found.items()}
    needed = [name for name in names if name not in loss.optional]
    inner = reader.object(side, REQUIRED if needed else None)
    if inner is None:
        return found, {}
    for name in names:
        value = inner.raw(name, REQUIRED if name in needed else None)
        array = None if value is None else _array(value, f"/{side}/{name}", reader)
        if array is not None:
            found[name] = array
    inner.close()
    return found, {name: array.shape for name, array in found.items()}


def _array(value: Any, pointer: str, reader: Reader) -> Array | None:
    found = as_array(value, pointer, reader.faults, infinite="unchecked")
    if found is not None and found.ndim > MAX_RANK:
        reader.refuse(pointer[1:], f"rank {found.ndim}", f"at most {MAX_RANK} axes")
        return None
    return found


def _read_constant(question: Question, reader: Reader) -> None:
    if question.reduction == "constant":
        question.constant = reader.number("reduction_constant", low=0.0, open_low=True)
    elif "reduction_constant" in reader:
        reader.raw("reduction_constant")
        reader.refuse("reduction_constant", "only the reduction constant divides by it", 'say "reduction": "constant"')


def _read_gradient(question: Question, reader: Reader) -> None:
    """Which gradients are wanted: all, none, or some by name."""
    given = reader.raw("gradient", False)
    names = tuple(question.batch.predictions)
    if isinstance(given, bool):
        question.gradient, question.theta_gradient = (names, True) if given else ((), False)
    elif isinstance(given, list | tuple) and all(isinstance(name, str) for name in given):
        for place, name in enumerate(given):
            if name not in {*names, "theta", "predictions"}:
                known = ", ".join([*names, "theta"])
                reader.refuse(f"gradient/{place}", f"there is no gradient in {name!r}", f"one of: {known}")
        question.gradient = names if "predictions" in given else tuple(n for n in names if n in given)
        question.theta_gradient = "theta" in given
    else:
        reader.refuse("gradient", f"gradient is {given!r}", "true, false, or a list of names")


def _fold(question: Question, reader: Reader) -> None:
    """Check that shapes match exactly, then fold axes so that the first one counts examples."""
    batch, layout = question.batch, question.layout
    if layout is Layout.WHOLE:
        return
    arrays = batch.predictions
    first_name, first = next(iter(arrays.items()))
    for side, group in (("predictions", arrays), ("targets", batch.targets)):
        for name, array in group.items():
            pointer = side if name == side else f"{side}/{name}"
            if side == "targets" and layout is Layout.CLASSES:
                continue
            if name[0] != "_" and array.shape != first.shape:
                detail = f"shape {list(array.shape)} does not match {first_name}, shape {list(first.shape)}"
                reader.refuse(pointer, detail, "shapes match exactly: nothing is broadcast")
    if layout is Layout.ELEMENTS:
        batch.shape = first.shape
    elif layout is Layout.SAMPLES:
        batch.shape = first.shape[:1]
        _require_rank(first, 1, first_name, reader)
    elif layout is Layout.VECTORS:
        batch.shape = first.shape[:-1]
        _require_rank(first, 2, first_name, reader)
    else:
        _fold_classes(question, first, reader)
        first = batch.p
    if reader.faults:
        return
    count = math.prod(batch.shape)
    tail = () if layout is Layout.ELEMENTS else (first.size // count if count else first.shape[-1],)
    for group in (batch.predictions, batch.targets):
        for name, array in group.items():
            own = tail if array.shape != batch.shape or layout is not Layout.CLASSES else ()
            group[name] = np.ascontiguousarray(array).reshape(count, *own)


def _require_rank(array: Array, least: int, name: str, reader: Reader) -> None:
    if array.ndim < least:
        reader.refuse(f"predictions/{name}", f"{name} has rank {array.ndim}", f"at least {least} axes")


def classes_last(array: Array, axis: int) -> Array:
    """The class axis moved to the end, where it is not there already."""
    return array if axis in {-1, array.ndim - 1} else np.moveaxis(array, axis, -1)


def _fold_classes(question: Question, p: Array, reader: Reader) -> None:
    """The class axis last; targets either one index per example or shaped like the predictions."""
    batch, axis = question.batch, question.batch.params.get("class_axis", -1)
    if p.ndim < 2 or not -p.ndim <= axis < p.ndim:
        reader.refuse(
            "predictions", f"no class axis {axis} in shape {list(p.shape)}", "examples along axis 0, then classes"
        )
        return
    if not 1 <= p.shape[axis] <= MAX_CLASSES:
        reader.refuse("predictions", f"{p.shape[axis]} classes", f"1 to {MAX_CLASSES}")
        return
    question.axis = axis
    moved = classes_last(p, axis)
    batch.shape = moved.shape[:-1]
    y = batch.targets.get("targets")
    soft = y is not None and y.shape == p.shape and question.loss.name == "cross_entropy"
    if y is not None and y.shape != batch.shape and not soft:
        hint = f"class indices of shape {list(batch.shape)}"
        hint += f", or probabilities of shape {list(p.shape)}" if question.loss.name == "cross_entropy" else ""
        reader.refuse("targets", f"targets have shape {list(y.shape)}, predictions {list(p.shape)}", hint)
        return
    batch.predictions["predictions"] = moved
    if soft and y is not None:
        batch.targets["targets"] = classes_last(y, axis)


def _read_mask(question: Question, mask: Array | None, reader: Reader) -> None:
    batch = question.batch
    if mask is None:
        return
    if mask.shape != batch.shape:
        detail = f"the mask has shape {list(mask.shape)}, the examples {list(batch.shape)}"
        reader.refuse("mask", detail, "one 0 or 1 per example")
        return
    flat = mask.reshape(-1)
    wrong = (flat != 0.0) & (flat != 1.0)
    if wrong.any():
        at = int(np.argmax(wrong))
        reader.refuse(f"mask{batch.place(at)}", f"{flat[at]:g} is neither 0 nor 1", "1 keeps an example, 0 drops it")
        return
    batch.drop(flat == 0.0)


def _read_weights(question: Question, weights: Reader | None, reader: Reader) -> None:
    """Sample weights per example or per row of axis 0; class weights; the positive term's weight."""
    if weights is None:
        return
    batch, loss = question.batch, question.loss
    sample = weights.array("sample", None)
    if sample is not None:
        question.sample = _per_example(sample, batch.shape, weights)
    by_class = weights.raw("class")
    if by_class is not None:
        if not loss.classes or question.layout is not Layout.CLASSES:
            weights.refuse("class", f"{loss.name} has no class weights here", "use weights.sample")
        else:
            batch.class_weights = _class_weights(batch, by_class, weights)
    pos = weights.raw("pos")
    if pos is not None:
        if not loss.pos_weight:
            weights.refuse("pos", f"{loss.name} has no positive-term weight", "only binary_cross_entropy has")
        else:
            _read_pos(question, weights)
    weights.close()


def _per_example(sample: Array, shape: tuple[int, ...], reader: Reader) -> Array | None:
    if not (sample >= 0.0).all():
        place = np.unravel_index(int(np.argmax(sample < 0.0)), sample.shape)
        reader.refuse(f"sample/{'/'.join(map(str, place))}", f"{sample[place]:g} is negative", "weights are >= 0")
        return None
    if sample.shape == shape:
        return sample.reshape(-1)
    if sample.shape == shape[:1]:
        return np.ascontiguousarray(
            np.broadcast_to(sample.reshape(-1, *[1] * (len(shape) - 1)), shape), dtype=np.float64
        ).reshape(-1)
    hint = f"shape {list(shape)}" + (f", or [{shape[0]}] for one per row" if len(shape) > 1 else "")
    reader.refuse("sample", f"{list(sample.shape)} weights for examples {list(shape)}", hint)
    return None


def _class_weights(batch: Batch, given: Any, reader: Reader) -> Array | None:
    """Weights as given, or balanced over the classes that occur (0 for the others, which nothing then uses)."""
    classes = batch.p.shape[1]
    if given != "balanced" if isinstance(given, str) else False:
        reader.refuse("class", f"{given!r} is not a weighting", 'numbers, one per class, or "balanced"')
        return None
    if isinstance(given, str):
        if not batch.hard:
            reader.refuse("class", "balanced weights need class indices as targets", "give the weights themselves")
            return None
        labels = batch.y if batch.keep is None else batch.y[batch.keep]
        ignore = batch.params.get("ignore_index")
        labels = labels[(labels >= 0) & (labels < classes) & (labels != (math.nan if ignore is None else ignore))]
        counts = np.bincount(labels.astype(np.int64), minlength=classes)
        weights = np.zeros(classes)
        weights[counts > 0] = balanced_weights(counts[counts > 0])
        return weights
    values = reader.vector("class")
    if values is not None and not (values >= 0.0).all():
        at = int(np.argmax(values < 0.0))
        reader.refuse(f"class/{at}", f"{values[at]:g} is negative", "weights are >= 0")
    return values


def _read_pos(question: Question, reader: Reader) -> None:
    """One weight of the positive term, or one per entry of the predictions' last axis."""
    batch, given = question.batch, reader.raw("pos")
    if isinstance(given, int | float) and not isinstance(given, bool):
        batch.pos_weight = reader.number("pos", low=0.0)
        return
    values = reader.vector("pos", length=batch.shape[-1] if batch.shape else None)
    if values is not None:
        if not (values >= 0.0).all():
            reader.refuse("pos", "a weight is negative", "weights are >= 0")
        batch.pos_weight = values
        batch.targets["_pos_weight"] = np.ascontiguousarray(np.broadcast_to(values, batch.shape)).reshape(-1)


def _check_reduction(question: Question, reader: Reader) -> None:
    if question.reduction == "element_mean" and question.layout is Layout.WHOLE:
        reader.refuse("reduction", "element_mean has no meaning for pairwise losses", "mean")


def coefficients(question: Question) -> tuple[Array | None, float | None]:
    """The factor m_i w_i of each example (None where all are 1) and the denominator (None where there is none)."""
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
    return factors, denominators[reduction]


def _weight_sum(batch: Batch, factors: Array | None, count: int) -> float:
    """sum m w, each example's class weight included where the targets are class indices."""
    if batch.per_row_weight is None:
        return float(count) if factors is None else float(np.add.reduce(factors))
    if factors is None:
        return float(np.add.reduce(batch.per_row_weight))
    return float(np.dot(factors, batch.per_row_weight))


def _sequence_means(batch: Batch, factors: Array | None, count: int) -> tuple[Array, float]:
    """Each example over its sequence's kept count; an empty sequence counts as 0."""
    rows = batch.shape[0] if batch.shape else 1
    keep = np.ones(count, dtype=np.bool_) if batch.keep is None else batch.keep
    lengths = np.maximum(keep.reshape(rows, -1).sum(axis=1), 1) if rows else np.ones(0)
    share = np.repeat(1.0 / lengths, count // rows if rows else 0)
    return (share * keep if factors is None else share * factors), float(rows)


def solve(question: Question, machine: Machine) -> Solution:
    """Compute the reduced loss and the gradients asked for."""
    batch = question.batch
    factors, denominator = coefficients(question)
    scale = 1.0 if denominator is None or not denominator else 1.0 / denominator
    nonzero = question.reduction == "mean_nonzero"
    gradients = {name: np.empty(batch.predictions[name].shape) for name in question.gradient}
    plan = Plan(
        question.loss,
        batch,
        question.layout,
        factors,
        scale,
        gradients,
        question.return_per_example or nonzero,
        question.infinite or {},
    )
    outcome = compute(plan, machine)
    if nonzero:
        denominator = float(outcome.positive)
        for gradient in gradients.values():
            np.multiply(gradient, 1.0 / denominator if denominator else 0.0, out=gradient)
    cost = None if denominator is None or not denominator else outcome.total / denominator
    return Solution(outcome, factors, outcome.total, denominator, cost, gradients)


def answer(question: Question, solution: Solution) -> dict[str, Any]:
    """The answer's fields, in the order a reader wants them."""
    penalty = float(sum(each.value for each in question.penalties))
    cost = solution.cost
    loss, batch, outcome = question.loss, question.batch, solution.outcome
    found: dict[str, Any] = {
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
        found["components"] = loss.components(batch, lambda values: _reduced(question, solution, values))
    found["resolved"] = resolved(question)
    found["diagnostics"] = diagnostics(question, solution)
    found["properties"] = properties(loss, batch.params, batch.form)
    found["numerics"] = _numerics(question, solution)
    return found


def _gradient(question: Question, solution: Solution) -> dict[str, Any]:
    """Gradients shaped as the predictions were given; null where nothing was averaged."""
    empty = solution.denominator == 0.0
    shaped = {name: _unfolded(question, name, g) for name, g in solution.gradients.items()}
    found: dict[str, Any] = {}
    if question.gradient:
        single = tuple(question.loss.predictions) == ("predictions",)
        found["predictions"] = None if empty else (shaped["predictions"] if single else shaped)
    if question.theta_gradient and question.penalties:
        found["theta"] = [each.gradient for each in question.penalties]
    return found


def _unfolded(question: Question, name: str, gradient: Array) -> NDArray[np.float64]:
    shape = (question.shapes or {})[name]
    if question.layout is not Layout.CLASSES or question.axis in {-1, len(shape) - 1}:
        return gradient.reshape(shape)
    moved = list(shape)
    moved.append(moved.pop(question.axis))
    return np.moveaxis(gradient.reshape(moved), -1, question.axis)


def _reduced(question: Question, solution: Solution, values: Array) -> float | None:
    """Other per-example values reduced as the cost was."""
    factors = solution.coefficients
    total = float(np.add.reduce(values)) if factors is None else float(np.dot(values, factors))
    return total if question.reduction == "none" else (total / solution.denominator if solution.denominator else None)


def resolved(question: Question) -> dict[str, Any]:
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
        "masked": 0 if batch.keep is None else int(np.count_nonzero(~batch.keep)),
        "regularization": [dict(each.resolved or {}) for each in question.penalties],
    }


def properties(loss: Loss, params: Params, form: str | None) -> dict[str, Any]:
    """What is known of the loss under these parameters."""
    found = loss.properties({**params, "_form": form})
    return {name: getattr(found, name) for name in PROPERTY_NAMES}


def _numerics(question: Question, solution: Solution) -> dict[str, Any]:
    notes, values = solution.outcome.notes, solution.outcome.values
    clamped = sum(
        notes[code].count for code in ("saturated_probabilities_clamped", "variance_clamped") if code in notes
    )
    underflow = None
    gradient = solution.gradients.get("predictions")
    if values is not None and gradient is not None and gradient.shape == values.shape:
        underflow = int(np.count_nonzero((values == 0.0) & (gradient != 0.0)))
    return {"dtype": "float64", "clamped": clamped, "underflow": underflow}
