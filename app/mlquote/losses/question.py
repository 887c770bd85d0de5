"""A loss question, read whole: every field and every default in its place, made in one go and never changed.

It is read in stages, each of which takes what the one before has proved: the fields by themselves, what they say of
each other, the axes folded so that the first one counts examples, masks and weights, and last what the loss makes of
its targets. All faults of a stage are told together. A variation of a question is `dataclasses.replace` of it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from mlquote.losses.batch import Batch
from mlquote.losses.frameworks.broadcasting import alike_along_rows, multiplied
from mlquote.losses.frameworks.function import Function, read_held
from mlquote.losses.frameworks.table import FRAMEWORKS
from mlquote.losses.labels import placed, read_classes
from mlquote.losses.loss import Folding, Loss, nothing
from mlquote.losses.names import FORM_ALIASES, FRAMEWORK_ALIASES, Named, read_function, read_loss, read_narrowing
from mlquote.losses.occasions import occasion
from mlquote.losses.parameters import Param, Params
from mlquote.losses.reading import REQUIRED, Array, Body, Reader, as_array, as_number, folded
from mlquote.losses.registry import LOSSES
from mlquote.losses.regularizers import Penalty, penalties
from mlquote.losses.verdict import Expectation, read_expected
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
REDUCTION_ALIASES = {
    "sum_over_batch_size": "mean",
    "average": "mean",
    "mean_with_sample_weight": "weighted_mean",
    "batch_mean": "batchmean",
    "sequence_sum": "sequence_sum_mean",
    "token_mean": "mean",
}
"""What others call these reductions."""
PER_EXAMPLE_LIMIT = 10_000
"""Examples up to which their values are answered one by one unless told otherwise."""
MAX_RANK = 6
CLASS_FAMILIES = frozenset({"classification", "margins", "metric learning", "contrastive"})
"""Families of losses whose targets may be names of classes."""
NEED_AXES = frozenset({"keras", "sklearn"})
"""Frameworks whose losses refuse a number alone."""
TAKE_ONE_EXAMPLE = frozenset({"pytorch", "keras", "optax"})
"""Frameworks whose losses of rows and classes take one example without an axis of examples."""
LIKELIHOODS = ("cross_entropy", "nll", "perplexity")
"""Losses told as perplexity and bits beside their cost."""
MAX_CLASSES = 1_000_000


@dataclass(frozen=True, slots=True)
class Question:
    """One loss question, read and checked."""

    loss: Loss
    batch: Batch
    folding: Folding
    reduction: str
    constant: float | None
    """What the reduction `constant` divides by."""
    sample: Array | None
    """The weight of each example."""
    weight_total: float | None
    """The sum of the weights as a framework takes it, before it spreads them over the examples."""
    penalties: tuple[Penalty, ...]
    gradient: tuple[str, ...]
    """The predictions whose gradient is wanted."""
    theta_gradient: bool
    return_per_example: bool
    function: Function | None
    """The framework's function that is meant."""
    ignored: tuple[str, ...]
    """Parameters that were given and that the framework's function does not use."""
    shapes: Mapping[str, tuple[int, ...]]
    """Each prediction's shape as it came."""
    said: frozenset[str]
    """The fields that were given, parameters as `params.<name>`."""
    expected: Expectation | None
    """What the answer should be, where that was said."""
    alone: tuple[str, ...]
    """The arrays that came as a number alone."""
    text_bytes: float | None
    """How many bytes the targets' text has, where a likelihood is to be told per byte."""

    @property
    def convention(self) -> str | None:
        """The framework whose function is meant."""
        return None if self.function is None else self.function.framework

    @property
    def is_likelihood(self) -> bool:
        """Whether the cost is a mean negative log-likelihood, neither smoothed nor weighted."""
        batch = self.batch
        plain = not batch.params.get("label_smoothing") and batch.class_weights is None and self.sample is None
        return plain and self.loss.name in LIKELIHOODS and self.reduction in {"mean", "weighted_mean"}

    @property
    def axis(self) -> int:
        """The axis of the predictions that holds the classes."""
        axis: int = self.batch.params.get("class_axis", -1)
        return axis

    def infinite(self) -> dict[str, bool]:
        """In which arrays -Infinity means something."""
        allowed, batch = self.loss.infinite, self.batch
        found = dict.fromkeys(batch.predictions, batch.form in allowed)
        found["targets"] = f"target:{batch.params.get('target_form')}" in allowed
        return found


def read(body: Body) -> Question:
    """Read and check a question.

    Args:    body, the question (see `GET /v1/losses`), arrays as nested lists or NumPy arrays
    Raises:  OutOfDomain, with every fault of the first stage that has any
    """
    reader = Reader(body)
    named, function = _named(reader)
    loss = named.loss if function is None else function.loss
    form = _form(named, function, loss, reader)
    given = _params(named, function, loss, form, reader)
    params = given if function is None or function.settle is None else function.settle(given, reader)
    predictions, targets = (_arrays(loss, params, side, reader, function) for side in ("predictions", "targets"))
    loss, reduction = _reduced(loss, function, params, reader)
    penalised, per_example = tuple(penalties(reader, "regularization")), _each_wanted(reader)
    weights, mask, size = reader.object("weights", None), reader.array("mask", None), _text_bytes(loss, reader)
    constant, expected = _constant(loss, reduction, reader), read_expected(reader)
    gradient, theta_gradient = _gradient(tuple(predictions), reader)
    reader.finish()
    folding = loss.folded(params)
    batch = checked(loss.align(Batch(predictions, targets, params, form), reader), reader)
    batch = checked(_folded(loss, batch, folding, function, reader), reader)
    weighed, batch = _weighed(loss, _masked(batch, mask, reader), folding, weights, function, reduction)
    batch = loss.prepare(checked(batch, reader), reader)
    _refuse_senseless(reduction, folding, function, nothing_left=_nothing_left(batch, weighed.sample), reader=reader)
    return Question(
        loss=loss,
        batch=batch,
        folding=folding,
        reduction=reduction,
        constant=loss.divisor(batch) if constant is None and loss.divisor is not None else constant,
        sample=weighed.sample,
        weight_total=weighed.total,
        penalties=penalised,
        gradient=gradient,
        theta_gradient=theta_gradient,
        return_per_example=math.prod(batch.shape) <= PER_EXAMPLE_LIMIT if per_example is None else per_example,
        function=function,
        ignored=_ignored(function, given, params),
        shapes={name: array.shape for name, array in predictions.items()},
        said=_said(body),
        expected=expected,
        alone=_alone(body),
        text_bytes=size,
    )


def streams(body: Body) -> bool:
    """Whether a question's arrays are looked at a block at a time, and nothing as long as they are is answered."""
    reader = Reader(body)
    named, function = _named(reader)
    loss = named.loss if function is None else function.loss
    return loss.streams and loss.align is nothing and not body.get("gradient")


def checked(batch: Batch, reader: Reader) -> Batch:
    """The batch a stage made, once the stage has no fault."""
    reader.check()
    return batch


def _ignored(function: Function | None, given: Params, params: Params) -> tuple[str, ...]:
    """Parameters that were given and that the framework's function does not use."""
    exchanged = frozenset() if function is None else function.exchanged
    differ = (name for name in params if params[name] is not given[name] and params[name] != given[name])
    return tuple(name for name in differ if name not in exchanged)


def _said(body: Body) -> frozenset[str]:
    """The fields that were given."""
    params = body.get("params")
    return frozenset((*body, *[f"params.{name}" for name in params]) if params else body)


def _named(reader: Reader) -> tuple[Named, Function | None]:
    """The loss and the framework's function, which may be named by one word: a framework's own name of the loss."""
    named = read_loss(reader)
    if named is None:
        reader.word("convention", FRAMEWORKS, None, aliases=FRAMEWORK_ALIASES)
        reader.check()
    assert named is not None  # a fault otherwise
    function = read_function(reader, named)
    reader.check()
    return named, function


def _form(named: Named, function: Function | None, loss: Loss, reader: Reader) -> str | None:
    """The input form: never guessed, and refused where a loss has only one kind of input."""
    if not loss.forms:
        if "input_form" in reader and reader.raw("input_form") is not None:
            reader.refuse("input_form", f"{loss.name} has no input_form", "drop it")
        return None
    fallback = loss.forms[0] if len(loss.forms) == 1 else loss.usual_form
    fallback = fallback if function is None else function.form or fallback
    if "input_form" not in reader and fallback is None:
        reader.refuse("input_form", f"{loss.name} needs input_form: it is never guessed", " | ".join(loss.forms))
        return loss.forms[0]
    form = reader.word("input_form", named.loss.forms, fallback or REQUIRED, aliases=FORM_ALIASES) or loss.forms[0]
    if form not in loss.forms and function is not None:
        detail = f"{function.spelling} takes {' or '.join(loss.forms)}, not {form}"
        reader.refuse("input_form", detail, f"drop it, or say the loss {loss.name}")
    return form


def _params(named: Named, function: Function | None, loss: Loss, form: str | None, reader: Reader) -> Params:
    """Every parameter of the loss: as given, else as the name or the framework has it, else its own default."""
    inner = reader.object("params", None)
    if inner is None and function is None and not named.params:
        return _defaults(loss.name)
    inner = inner or Reader({}, "/params", reader.faults)
    if function is None:
        found = {param.name: param.value(inner, named.params) for param in loss.params}
    else:
        found = {param.name: _parameter(param, function, named, form, inner) for param in loss.params}
    inner.close()
    if named.params:
        read_narrowing(reader, named, found)
    return found


def _parameter(param: Param, function: Function, named: Named, form: str | None, inner: Reader) -> Any:
    """A parameter that a framework's function has; one that it has not is what it is there, and refused otherwise."""
    name = param.name
    if name in function.has or name in function.tells:
        return param.value(inner, {**function.has, **named.params})
    held = param.value(Reader({}), {name: read_held(function, name, param.default, form)})
    if name in inner or name in named.params:
        given = param.value(inner, named.params)
        if not (inner.faults or np.array_equal(given, held)):
            has = ", ".join(function.has) or "no parameters"
            detail = f"no such parameter in {function.spelling}: {name} is {held} there"
            inner.refuse(name, detail, f"it has {has}")
    return held


def _reduction(loss: Loss, function: Function | None, params: Params, reader: Reader) -> str:
    """The reduction as given, a framework's word for it read as that framework means it; else its own or the loss's."""
    default = "mean" if loss.reduction is None else loss.reduction(params)
    if function is not None and function.reduction is not None:
        default = function.reduction
    given = reader.word("reduction", REDUCTIONS, default, aliases=REDUCTION_ALIASES) or "mean"
    if function is None or "reduction" not in reader or folded(str(reader.body["reduction"])) != given:
        return given
    return function.words.get(given, given)


def _reduced(loss: Loss, function: Function | None, params: Params, reader: Reader) -> tuple[Loss, str]:
    """The reduction, and the loss as it is under it: a framework's array may be shaped otherwise than its examples."""
    reduction = _reduction(loss, function, params, reader)
    if function is None or function.unreduced is None or reduction != "none":
        return loss, reduction
    return function.unreduced, reduction


def _refuse_senseless(
    reduction: str, folding: Folding, function: Function | None, *, nothing_left: bool, reader: Reader
) -> None:
    """Refuse what has no mean: entries of pairs, and nothing where a framework refuses that."""
    if reduction == "element_mean" and folding is Folding.WHOLE:
        reader.refuse("reduction", "element_mean has no meaning for pairwise losses", "mean")
    if nothing_left and function is not None and function.nothing_left == "refused":
        detail = f"{function.spelling} refuses an input of which nothing is left"
        reader.refuse("targets", detail, "some example with a weight above 0")
    reader.check()


def _nothing_left(batch: Batch, sample: Array | None) -> bool:
    """Whether no example is left, or none with a weight."""
    return not math.prod(batch.shape) or (sample is not None and not sample.any())


@cache
def _defaults(name: str) -> Params:
    """Every parameter of a loss when none is given, read once."""
    empty = Reader({}, "/params")
    return {param.name: param.value(empty, {}) for param in LOSSES[name].params}


def _alone(body: Body) -> tuple[str, ...]:
    """The arrays of a question that came as a number, or without axes."""
    found: list[str] = []
    for side in ("predictions", "targets"):
        given = body.get(side)
        inner = given if isinstance(given, Mapping) else {"": given}
        found += [f"{side}/{name}".rstrip("/") for name, each in inner.items() if _is_alone(each)]
    return tuple(found)


def _is_alone(value: Any) -> bool:
    return value.ndim == 0 if isinstance(value, np.ndarray) else as_number(value) is not None


def _arrays(loss: Loss, params: Params, side: str, reader: Reader, function: Function | None) -> dict[str, Array]:
    """Predictions or targets: one array, or an object of named ones."""
    names = loss.predictions if side == "predictions" else loss.targets
    alone = _may_be_alone(loss, params, side, function)
    if names == (side,):
        value = reader.raw(side, None if side in loss.optional else REQUIRED)
        if side == "targets":
            value = _labels(value, loss, function, reader)
        narrow = loss.streams and loss.align is nothing
        array = None if value is None else _array(value, f"/{side}", reader, narrow=narrow, alone=alone)
        return {} if array is None else {side: array}
    found: dict[str, Array] = {}
    needed = [name for name in names if name not in loss.optional]
    if len(needed) == 1 and reader.body.get(side) is not None and not isinstance(reader.body[side], Mapping):
        array = _array(reader.raw(side), f"/{side}", reader, alone=alone)
        return {} if array is None else {needed[0]: array}
    inner = reader.object(side, REQUIRED if needed else None)
    if inner is None:
        return found
    for name in names:
        value = inner.raw(name, REQUIRED if name in needed else None)
        array = None if value is None else _array(value, f"/{side}/{name}", reader, alone=alone)
        if array is not None:
            found[name] = array
    inner.close()
    return found


def _may_be_alone(loss: Loss, params: Params, side: str, function: Function | None) -> bool:
    """Whether an array of this side may be a number: an element, or the target of one example without a batch axis."""
    folding = loss.folded(params)
    if folding is Folding.ELEMENTS:
        return function is None or function.framework not in NEED_AXES
    return side == "targets" and folding in {Folding.CLASSES, Folding.VECTORS}


def _labels(value: Any, loss: Loss, function: Function | None, reader: Reader) -> Any:
    """Targets whose entries may be names: of the classes given, or as a framework reads them."""
    classes = read_classes(reader)
    if classes is not None and occasion(LOSSES[loss.name])["family"] not in CLASS_FAMILIES:
        reader.refuse("classes", f"{loss.name} has no classes", "drop them")
        return None
    if function is None or function.labels is None:
        return placed(value, classes, reader)
    if classes is not None and list(classes) != sorted(classes, key=str):
        detail = f"{function.spelling} sorts its labels, whatever their order"
        reader.refuse("classes", detail, "the classes sorted, and the scores in that order")
        return None
    return placed(value, classes, reader) if classes is not None else function.labels(value, reader)


def _array(value: Any, pointer: str, reader: Reader, *, narrow: bool = False, alone: bool) -> Array | None:
    found = as_array(value, pointer, reader.faults, infinite="unchecked", narrow=narrow, alone=alone)
    if found is not None and found.ndim > MAX_RANK:
        reader.refuse(pointer[1:], f"rank {found.ndim}", f"at most {MAX_RANK} axes")
        return None
    return found


def _constant(loss: Loss, reduction: str, reader: Reader) -> float | None:
    """What the reduction `constant` divides by, and nothing else does."""
    if reduction == "constant":
        if loss.divisor is not None and "reduction_constant" not in reader:
            return None
        return reader.number("reduction_constant", low=0.0, open_low=True)
    if "reduction_constant" in reader:
        reader.raw("reduction_constant")
        reader.refuse("reduction_constant", "only the reduction constant divides by it", 'say "reduction": "constant"')
    return None


def _each_wanted(reader: Reader) -> bool | None:
    """Whether each L_i is wanted; None where nobody said."""
    return reader.flag("return_per_example", True) if "return_per_example" in reader else None


def _text_bytes(loss: Loss, reader: Reader) -> float | None:
    """The bytes of the text that the targets spell, of a loss that is its likelihood."""
    if reader.raw("text_bytes") is None:
        return None
    if loss.name not in LIKELIHOODS:
        hint = f"one of: {', '.join(LIKELIHOODS)}"
        reader.refuse("text_bytes", f"{loss.name} is no likelihood of a text", hint)
    return reader.number("text_bytes", low=0.0, open_low=True)


def _gradient(names: tuple[str, ...], reader: Reader) -> tuple[tuple[str, ...], bool]:
    """Which gradients are wanted, of the predictions and of theta: all, none, or some by name."""
    given = reader.raw("gradient", False)
    if isinstance(given, bool):
        return (names, True) if given else ((), False)
    if not isinstance(given, list | tuple) or not all(isinstance(name, str) for name in given):
        reader.refuse("gradient", f"gradient is {given!r}", "true, false, or a list of names")
        return (), False
    for place, name in enumerate(given):
        if name not in {*names, "theta", "predictions"}:
            known = ", ".join([*names, "theta"])
            reader.refuse(f"gradient/{place}", f"there is no gradient in {name!r}", f"one of: {known}")
    return names if "predictions" in given else tuple(n for n in names if n in given), "theta" in given


def _folded(loss: Loss, batch: Batch, folding: Folding, function: Function | None, reader: Reader) -> Batch:
    """Shapes that match exactly, then axes folded so that the first one counts examples."""
    if folding is Folding.WHOLE:
        return batch
    batch = _numbers_beside_arrays(batch)
    _require_one_shape(batch, folding, reader)
    predictions, targets, shape = batch.predictions, batch.targets, batch.shape
    unbatched = function is not None and function.framework in TAKE_ONE_EXAMPLE
    if folding is Folding.CLASSES:
        shape, arrays = _classes_last(loss, batch, reader, unbatched=unbatched)
        predictions, targets = {"predictions": arrays[0]}, dict(zip(targets, arrays[1:], strict=True))
    else:
        shape = _examples(batch, folding, reader, unbatched=unbatched)
    if reader.faults:
        return batch
    count, first = math.prod(shape), next(iter(predictions.values()))
    tail = () if folding is Folding.ELEMENTS else (first.size // count if count else first.shape[-1],)

    def flat(array: Array) -> Array:
        own = () if folding is Folding.CLASSES and array.shape == shape else tail
        return np.ascontiguousarray(array).reshape(count, *own)

    return batch.shaped(
        {name: flat(array) for name, array in predictions.items()},
        {name: flat(array) for name, array in targets.items()},
        shape,
    )


def _numbers_beside_arrays(batch: Batch) -> Batch:
    """A number beside arrays of one entry as such an array."""
    arrays = [*batch.predictions.values(), *batch.targets.values()]
    if not any(array.ndim == 0 for array in arrays) or not any(array.shape == (1,) for array in arrays):
        return batch

    def widened(group: Mapping[str, Array]) -> dict[str, Array]:
        return {name: array.reshape(1) if array.ndim == 0 else array for name, array in group.items()}

    return replace(batch, predictions=widened(batch.predictions), targets=widened(batch.targets))


def _require_one_shape(batch: Batch, folding: Folding, reader: Reader) -> None:
    """Refuse each array that is not shaped as the first one of the predictions."""
    first_name, first = next(iter(batch.predictions.items()))
    groups = [("predictions", batch.predictions)]
    if folding is not Folding.CLASSES:
        groups.append(("targets", batch.targets))
    for side, group in groups:
        for name, array in group.items():
            if name[0] != "_" and array.shape != first.shape:
                detail = f"shape {list(array.shape)} does not match {first_name}, shape {list(first.shape)}"
                pointer = side if name == side else f"{side}/{name}"
                reader.refuse(pointer, detail, "shapes match exactly: nothing is broadcast")


def _examples(batch: Batch, folding: Folding, reader: Reader, *, unbatched: bool) -> tuple[int, ...]:
    """The examples' own shape where classes play no part."""
    name, first = next(iter(batch.predictions.items()))
    vectors = 1 if unbatched else 2
    least = {Folding.SAMPLES: 1, Folding.ROWS: 1, Folding.VECTORS: vectors}.get(folding, 0)
    if first.ndim < least:
        reader.refuse(f"predictions/{name}", f"{name} has rank {first.ndim}", f"at least {least} axes")
    if folding is Folding.SAMPLES:
        return first.shape[:1]
    return first.shape[:-1] if folding in {Folding.VECTORS, Folding.ROWS} else first.shape


def classes_last(array: Array, axis: int) -> Array:
    """The class axis moved to the end, where it is not there already."""
    return array if axis in {-1, array.ndim - 1} else np.moveaxis(array, axis, -1)


def _classes_last(loss: Loss, batch: Batch, reader: Reader, *, unbatched: bool) -> tuple[tuple[int, ...], list[Array]]:
    """The examples' shape, and predictions and targets, the class axis last.

    Targets are either one index per example or, for cross-entropy, shaped like the predictions. One example needs no
    axis of examples where its target is one index, or a framework takes it so.
    """
    p, axis = batch.p, batch.params.get("class_axis", -1)
    arrays = [p, *batch.targets.values()]
    y = batch.targets.get("targets")
    if p.ndim == 1 and (unbatched or (y is not None and y.ndim == 0)):
        axis = -1
    elif p.ndim < 2 or not -p.ndim <= axis < p.ndim:
        detail = f"no class axis {axis} in shape {list(p.shape)}"
        reader.refuse("predictions", detail, "examples along axis 0, then classes")
        return (), arrays
    if not 1 <= p.shape[axis] <= MAX_CLASSES:
        reader.refuse("predictions", f"{p.shape[axis]} classes", f"1 to {MAX_CLASSES}")
        return (), arrays
    moved = classes_last(p, axis)
    shape = moved.shape[:-1]
    if y is None:
        return shape, [moved]
    soft = y.shape == p.shape and loss.soft
    if y.shape != shape and not soft:
        hint = f"class indices of shape {list(shape)}"
        hint += f", or probabilities of shape {list(p.shape)}" if loss.soft else ""
        detail = f"targets have shape {list(y.shape)}, predictions {list(p.shape)}"
        if y.shape == p.shape:
            detail = f"{loss.name} takes class indices, not one number per class"
        reader.refuse("targets", detail, hint)
    return shape, [moved, classes_last(y, axis) if soft else y]


def _masked(batch: Batch, mask: Array | None, reader: Reader) -> Batch:
    """The batch without the examples a mask drops."""
    if mask is None:
        return batch
    if mask.shape != batch.shape:
        detail = f"the mask has shape {list(mask.shape)}, the examples {list(batch.shape)}"
        reader.refuse("mask", detail, "one 0 or 1 per example")
        return batch
    flat = mask.reshape(-1)
    wrong = (flat != 0.0) & (flat != 1.0)
    if wrong.any():
        at = int(np.argmax(wrong))
        reader.refuse(f"mask{batch.place(at)}", f"{flat[at]:g} is neither 0 nor 1", "1 keeps an example, 0 drops it")
        return batch
    return batch.without(flat == 0.0)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The weight of each example, and their sum where a framework takes it before it spreads them."""

    sample: Array | None = None
    total: float | None = None


def _weighed(
    loss: Loss, batch: Batch, folding: Folding, weights: Reader | None, function: Function | None, reduction: str
) -> tuple[_Weighed, Batch]:
    """Sample weights per example or per row of axis 0; class weights; the positive term's weight."""
    if weights is None:
        return _Weighed(), batch
    if function is not None:
        _refuse_weights(function, weights)
    sample = _sample(weights, batch, function, reduction)
    by_class, pos = weights.raw("class"), weights.raw("pos")
    if by_class is not None:
        if not loss.classes or folding is not Folding.CLASSES:
            weights.refuse("class", f"{loss.name} has no class weights here", "use weights.sample")
        else:
            batch = replace(batch, class_weights=_class_weights(batch, by_class, weights))
    if pos is not None:
        if not loss.pos_weight:
            weights.refuse("pos", f"{loss.name} has no positive-term weight", "only binary_cross_entropy has")
        else:
            batch = _pos_weighed(batch, pos, weights)
    weights.close()
    return sample, batch


def _refuse_weights(function: Function, weights: Reader) -> None:
    """Refuse each kind of weight that a framework's function does not take."""
    for kind in ("sample", "class", "pos"):
        if weights.body.get(kind) is not None and kind not in function.weights:
            takes = ", ".join(sorted(function.weights)) or "no weights"
            weights.refuse(kind, f"no such parameter in {function.spelling}: {kind} weights", f"it takes {takes}")


def _sample(weights: Reader, batch: Batch, function: Function | None, reduction: str) -> _Weighed:
    """Sample weights, as the framework multiplies them."""
    given = weights.raw("sample", None)
    number = as_number(given)
    if number is not None:
        given = [number]
    sample = None if given is None else as_array(given, f"{weights.pointer}/sample", weights.faults)
    if sample is None or _negative(sample, weights):
        return _Weighed()
    if number is not None:
        sample = sample.reshape(())
    if function is not None and function.broadcasts_weights:
        found = multiplied(sample, batch.shape, averaged=reduction == "mean")
        if found is not None:
            return _Weighed(found.weights.reshape(-1), found.total)
        sample = alike_along_rows(sample, batch.shape)
    return _Weighed(_per_example(sample, batch.shape, weights))


def _negative(sample: Array, reader: Reader) -> bool:
    """Whether a weight is below 0, which is refused."""
    if (sample >= 0.0).all():
        return False
    place = np.unravel_index(int(np.argmax(sample < 0.0)), sample.shape)
    reader.refuse(f"sample/{'/'.join(map(str, place))}", f"{sample[place]:g} is negative", "weights are >= 0")
    return True


def _per_example(sample: Array, shape: tuple[int, ...], reader: Reader) -> Array | None:
    """One weight an example, of weights an example, a row of axis 0, or altogether."""
    if not sample.ndim:
        return np.full(math.prod(shape), float(sample))
    if sample.shape in (shape, (*shape, 1)):
        return sample.reshape(-1)
    if sample.shape == shape[:1]:
        column = sample.reshape(-1, *[1] * (len(shape) - 1))
        return np.ascontiguousarray(np.broadcast_to(column, shape), dtype=np.float64).reshape(-1)
    hint = f"shape {list(shape)}" + (f", or [{shape[0]}] for one per row" if len(shape) > 1 else "")
    reader.refuse("sample", f"{list(sample.shape)} weights for examples {list(shape)}", hint)
    return None


def _class_weights(batch: Batch, given: Any, reader: Reader) -> Array | None:
    """Weights as given, or balanced over the classes that occur."""
    if isinstance(given, str):
        if given != "balanced":
            reader.refuse("class", f"{given!r} is not a weighting", 'numbers, one per class, or "balanced"')
        elif not batch.hard:
            reader.refuse("class", "balanced weights need class indices as targets", "give the weights themselves")
        else:
            return _balanced(batch)
        return None
    values = reader.vector("class")
    if values is not None and not (values >= 0.0).all():
        at = int(np.argmax(values < 0.0))
        reader.refuse(f"class/{at}", f"{values[at]:g} is negative", "weights are >= 0")
    return values


def _balanced(batch: Batch) -> Array:
    """Balanced weights of the classes that occur; 0 for the others, which nothing then uses."""
    classes = batch.p.shape[1]
    labels = batch.y if batch.keep is None else batch.y[batch.keep]
    ignore = batch.params.get("ignore_index")
    labels = labels[(labels >= 0) & (labels < classes) & (labels != (math.nan if ignore is None else ignore))]
    counts = np.bincount(labels.astype(np.int64), minlength=classes)
    weights = np.zeros(classes)
    weights[counts > 0] = balanced_weights(counts[counts > 0])
    return weights


def _pos_weighed(batch: Batch, given: Any, reader: Reader) -> Batch:
    """One weight of the positive term, or one per entry of the predictions' last axis."""
    if isinstance(given, int | float) and not isinstance(given, bool):
        return replace(batch, pos_weight=reader.number("pos", low=0.0))
    values = reader.vector("pos", length=batch.shape[-1] if batch.shape else None)
    if values is None:
        return batch
    if not (values >= 0.0).all():
        reader.refuse("pos", "a weight is negative", "weights are >= 0")
    each = np.ascontiguousarray(np.broadcast_to(values, batch.shape)).reshape(-1)
    return replace(batch.with_targets(_pos_weight=each), pos_weight=values)
