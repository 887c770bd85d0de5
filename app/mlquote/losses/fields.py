"""What may be asked of the losses, field by field: the OpenAPI of their questions, made from what the code reads with.

Words, intervals and losses come from the tables that read a question; a test holds each list of fields against what the
operation knows. What an answer looks like is taken from the answers to an example.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from mlquote.losses.frameworks.table import FRAMEWORKS
from mlquote.losses.objective import evaluate
from mlquote.losses.question import REDUCTIONS
from mlquote.losses.reading import Answer, Body, Interval
from mlquote.losses.registry import LOSSES
from mlquote.losses.regularizers import PENALTIES, regularizer
from mlquote.losses.uses.closed_form import CONVENTIONS, PROBLEMS, closed_form
from mlquote.losses.uses.comparison import compare
from mlquote.losses.uses.descent import MAX_STEPS, descent
from mlquote.losses.uses.model import MAX_HIDDEN, MODELS, RIDGE
from mlquote.losses.uses.optimizers import OPTIMIZERS
from mlquote.losses.uses.schedules import SCHEDULES
from mlquote.losses.uses.slices import MOST_POINTS, POINTS, loss_slice
from mlquote.losses.uses.surface import MAX_STARTS, surface
from mlquote.losses.uses.thresholds import OPERATIONS, threshold
from mlquote.losses.weighting import SCHEMES, class_weights

Schema = dict[str, Any]

LISTS: Schema = {"type": "array", "items": {}}
PACKED: Schema = {"type": "object", "description": '{"$b64": {dtype, shape, data}}, or {"$part": name} in multipart'}
ARRAY: Schema = {"anyOf": [LISTS, PACKED]}
ARRAY_OR_NUMBER: Schema = {"anyOf": [LISTS, PACKED, {"type": "number"}]}
"""A number alone is one example of a loss of elements."""
FLAG: Schema = {"type": "boolean"}
NAMES: Schema = {"type": "array", "items": {"type": "string"}}
NUMBER: Schema = {"type": "number"}
SHARE = Interval(0.0, 1.0)
OPEN_SHARE = Interval(0.0, 1.0, open_low=True, open_high=True)
BELOW_ONE = Interval(0.0, 1.0, open_high=True)
POSITIVE = Interval(0.0, open_low=True)
FORMS = tuple(dict.fromkeys(form for loss in LOSSES.values() for form in loss.forms))


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a question: what it is, in words and in JSON Schema."""

    name: str
    about: str
    schema: Schema
    required: bool = False


def word(choices: Iterable[str]) -> Schema:
    """One word of a few."""
    return {"type": "string", "enum": list(choices)}


def within(domain: Interval, kind: str = "number") -> Schema:
    """A number of an interval."""
    low = {"exclusiveMinimum" if domain.open_low else "minimum": domain.low}
    high = {"exclusiveMaximum" if domain.open_high else "maximum": domain.high}
    return {"type": kind} | {end: at for end, at in (low | high).items() if np.isfinite(at)}


def thing(fields: Iterable[Field]) -> Schema:
    """An object of some fields."""
    listed = tuple(fields)
    properties = {field.name: {**field.schema, "description": field.about} for field in listed}
    needed = [field.name for field in listed if field.required]
    found: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return found | {"required": needed} if needed else found


def _params() -> Schema:
    """Every parameter of every loss, each with its domain and default."""
    said: dict[str, list[str]] = {}
    for loss in LOSSES.values():
        for param in loss.params:
            acts = "" if param.acts is None else f", {param.acts.words}"
            said.setdefault(param.name, []).append(f"{loss.name}: {param.about} ({param.domain}{acts})")
    return {"type": "object", "properties": {name: {"description": "; ".join(words)} for name, words in said.items()}}


LOSS = Field("loss", "a name of GET /v1/losses, in any case", {"type": "string", "examples": list(LOSSES)}, True)
PREDICTIONS = Field("predictions", "an array, or an object of the loss's named arrays", ARRAY_OR_NUMBER, True)
TARGETS = Field("targets", "an array, or an object of the loss's named arrays", ARRAY_OR_NUMBER)
CLASSES = Field("classes", "names that targets may use for class indices, in the order of the scores", LISTS)
FORM = Field("input_form", "what the predictions are; needed where a loss has several forms", word(FORMS))
PARAMS = Field("params", "the loss's own parameters", _params())
REDUCTION = Field("reduction", "what the weighted sum is divided by; mean unless told otherwise", word(REDUCTIONS))
SAMPLE = Field("sample", "one weight >= 0 per example, or per row of axis 0", ARRAY)
CLASS = Field("class", 'one weight >= 0 per class, or "balanced"', {"anyOf": [LISTS, PACKED, word(["balanced"])]})
POS = Field("pos", "factor of the positive term of binary_cross_entropy", {"anyOf": [NUMBER, LISTS, PACKED]})
WEIGHTS = Field("weights", "what examples and classes count for", thing([SAMPLE, CLASS, POS]))
MASK = Field("mask", "1 keeps an example, 0 drops it from numerator and denominator", ARRAY)
PENALTY = thing(
    [
        Field("type", "a penalty of GET /v1/regularizers", word(PENALTIES), True),
        Field("lambda", "its strength", within(Interval(0.0)), True),
        Field("theta", "the coefficients; a model's own where it has one", ARRAY),
        Field("half", "l2: lambda/2 sum theta^2", FLAG),
        Field("exclude", "l2, l1, elastic_net: places of theta that are not penalised", LISTS),
        Field("l1_ratio", "elastic_net: share of the absolute values", within(SHARE)),
        Field("groups", "group_lasso: lists of places of theta", LISTS),
        Field("group_weight", "group_lasso: what a group's length is multiplied with", word(["none", "sqrt_size"])),
        Field("squared", "spectral_norm: the square of the largest singular value", FLAG),
        Field("rate", "dropout_linear: share of the inputs dropped", within(BELOW_ONE)),
        Field("mean", "dropout_linear: over the rows", FLAG),
        Field("X", "dropout_linear: the inputs", ARRAY),
    ]
)
REGULARIZATION = Field("regularization", "penalties added to the cost", {"type": "array", "items": PENALTY})
X = Field("X", "rows of inputs, shape [N, p]", ARRAY, True)
Y = Field("y", "one target per row", ARRAY, True)
STRENGTH = Field("lambda", "the penalty's strength, as convention counts it", within(Interval(0.0)))
MODEL = (
    Field("model", "which model is fitted", word(MODELS), True),
    X,
    Y,
    Field("loss", "another loss than the model's own", LOSS.schema),
    FORM,
    PARAMS,
    REDUCTION,
    REGULARIZATION,
    Field("convention", "ridge: what lambda is multiplied with", word(RIDGE)),
    STRENGTH,
    Field(
        "hidden",
        "two_layer_linear, mlp: units between the layers; 1 unless told",
        within(Interval(1, MAX_HIDDEN), "integer"),
    ),
)
TOLERANCE = thing([Field("rtol", "relative", within(Interval(0.0))), Field("atol", "absolute", within(Interval(0.0)))])
CELLS = ("tp", "fp", "fn", "tn")
COSTS = thing(Field(cell, "cost of this outcome, negative for a benefit", NUMBER, True) for cell in CELLS)


@dataclass(frozen=True, slots=True)
class Asking:
    """What an operation takes, and a question that shows it."""

    fields: tuple[Field, ...]
    example: Body
    answered: Callable[[Body], Answer]

    def question(self) -> Schema:
        """The JSON Schema of a question, with an example."""
        return thing(self.fields) | {"examples": [self.example]}


def shape(value: Any) -> Schema:
    """The JSON Schema of an answer by an example of it: its fields, as wide as other questions make them.

    A number may be not finite, an array is a number alone or an object of named arrays where the question brought such,
    what has no value is null.
    """
    if isinstance(value, Mapping):
        inner = {str(name): _WIDEST if name in _GIVEN else shape(entry) for name, entry in value.items()}
        return {"type": "object", "properties": {name: _or_null(each) for name, each in inner.items()}}
    if isinstance(value, list | tuple | np.ndarray):
        return dict(_WIDEST)
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return {} if value is None else {"type": "boolean" if isinstance(value, bool) else "string"}
    return {"type": ["number", "string", "null"], "description": '"Infinity", "-Infinity" and "NaN" are strings'}


_WIDEST: Schema = {"type": ["array", "number", "string", "object", "null"], "items": {}}
_GIVEN = frozenset({"predictions", "targets"})
"""Fields that have the shape of what was given, whatever an example of them has."""


def _or_null(schema: Schema) -> Schema:
    return {**schema, "type": ["object", "null"]} if schema.get("type") == "object" else schema


LINE: Body = {"X": [[0], [1], [2]], "y": [1, 3, 5]}
MSE: Body = {"loss": "mse", "predictions": [1.0, 2.0], "targets": [0.0, 0.0]}
CONVEX: Body = {"type": "l2", "lambda": 0.1, "theta": [1.0, 2.0]}
ASKED: Mapping[str, Asking] = {
    "/v1/losses/evaluate": Asking(
        (
            LOSS,
            PREDICTIONS,
            TARGETS,
            CLASSES,
            FORM,
            PARAMS,
            WEIGHTS,
            MASK,
            REDUCTION,
            Field("reduction_constant", "what the reduction constant divides by", within(POSITIVE)),
            REGULARIZATION,
            Field("gradient", "true, or a list of names of predictions and theta", {"anyOf": [FLAG, NAMES]}),
            Field("convention", "takes this framework's defaults; fields that are given win", word(FRAMEWORKS)),
            Field("return_per_example", "each L_i; true up to 10,000 examples", FLAG),
            Field("text_bytes", "bytes of the targets' text: a likelihood's bits per byte", within(POSITIVE)),
            Field("expected", "a number, the cost; or an object of the answer's figures: adds a verdict", {}),
            Field(
                "tolerance",
                "relative, 1e-6 unless told; or {rtol, atol}",
                {"anyOf": [within(Interval(0.0)), TOLERANCE]},
            ),
        ),
        {**MSE, "gradient": True, "regularization": [CONVEX]},
        evaluate,
    ),
    "/v1/losses/compare": Asking((LOSS, PREDICTIONS, TARGETS, CLASSES, FORM, PARAMS, WEIGHTS, MASK), MSE, compare),
    "/v1/losses/slice": Asking(
        (
            LOSS,
            FORM,
            PARAMS,
            Field("predictions", "one example's, with no axis of examples; a small one unless given", ARRAY_OR_NUMBER),
            Field("targets", "one example's", ARRAY_OR_NUMBER),
            Field("along", "the named prediction that moves; the first unless told otherwise", {"type": "string"}),
            Field("place", "which entry of it moves; the first", within(Interval(0.0), "integer")),
            Field("from", "where its way begins", NUMBER),
            Field("to", "where it ends", NUMBER),
            Field("points", f"places on the way; {POINTS}", within(Interval(2, MOST_POINTS), "integer")),
            Field("at", "a place, or several, told beside the line", {"anyOf": [NUMBER, LISTS]}),
        ),
        {"loss": "huber", "params": {"delta": 1.0}, "from": -4, "to": 4, "points": 5, "at": 1.5},
        loss_slice,
    ),
    "/v1/regularizers/evaluate": Asking(
        (
            Field("penalties", "at least one", {"type": "array", "items": PENALTY, "minItems": 1}, True),
            Field("gradient", "each penalty's gradient too", FLAG),
        ),
        {"penalties": [CONVEX], "gradient": True},
        regularizer,
    ),
    "/v1/losses/closed-form": Asking(
        (
            Field("problem", "which coefficients are wanted", word(PROBLEMS), True),
            X,
            Y,
            STRENGTH,
            Field("convention", "what lambda is multiplied with; ols needs none", word(CONVENTIONS)),
            Field("fit_intercept", "an intercept that is not penalised; true unless told otherwise", FLAG),
            Field("l1_ratio", "elastic_net: share of the absolute values", within(SHARE)),
            Field("sample_weight", "ols and ridge: one weight per row", ARRAY),
        ),
        {"problem": "ridge", **LINE, "lambda": 0.5, "convention": "sum"},
        closed_form,
    ),
    "/v1/losses/class-weights": Asking(
        (
            Field("scheme", "how classes are weighed", word(SCHEMES), True),
            Field("labels", "the class of each example: whole numbers or names", ARRAY, True),
            Field("beta", "effective_number: 0 weighs all alike", within(BELOW_ONE)),
            Field("normalize", "effective_number: scaled to sum to the number of classes", FLAG),
            Field("weights", "custom: one weight per class that occurs", {"type": "object"}),
        ),
        {"scheme": "balanced", "labels": [0, 0, 1]},
        class_weights,
    ),
    "/v1/losses/decision-threshold": Asking(
        (
            Field("op", "what is wanted", word(OPERATIONS), True),
            Field("costs", "optimal, empirical: the cost of each outcome", COSTS),
            Field("probabilities", "optimal, empirical: of the positive class; multiclass: rows of them", ARRAY),
            Field("labels", "what was true: 0 or 1", ARRAY),
            Field("cost_matrix", "multiclass: the cost of each decision under each truth", ARRAY),
            Field("cost_matrix_axes", '["actual", "predicted"], or the other way round', LISTS),
            Field(
                "probability", "base_rate_shift: one, or an array of them", {"anyOf": [within(SHARE), LISTS, PACKED]}
            ),
            Field("base_rate", "base_rate_shift: what it was learnt under", within(OPEN_SHARE)),
            Field("new_base_rate", "base_rate_shift: what it is used under", within(OPEN_SHARE)),
            Field("current_threshold", "rebalance: the learner's", within(OPEN_SHARE)),
            Field("target_threshold", "rebalance: the one wanted", within(OPEN_SHARE)),
        ),
        {"op": "optimal", "costs": {"tp": 0, "fp": 1, "fn": 4, "tn": 0}, "probabilities": [0.1, 0.7]},
        threshold,
    ),
    "/v1/losses/descent": Asking(
        (
            *MODEL,
            Field("theta0", "the coefficients to start from", ARRAY, True),
            Field("learning_rate", "the step", within(POSITIVE), True),
            Field("steps", "how many", within(Interval(0, MAX_STEPS), "integer"), True),
            Field("optimizer", "gd unless told otherwise", word(OPTIMIZERS)),
            Field("momentum", "momentum, sgd, muon: share of the velocity kept", within(BELOW_ONE)),
            Field("nesterov", "momentum, sgd, muon: look ahead", FLAG),
            Field("decay", "rmsprop: share of the mean square kept", within(BELOW_ONE)),
            Field("beta1", "adam, adamw, lion: share of the mean kept", within(BELOW_ONE)),
            Field("beta2", "adam, adamw: share of the mean square kept; lion: of the mean", within(BELOW_ONE)),
            Field("eps", "rmsprop, adagrad, adam, adamw: added to the root; muon: least length", within(POSITIVE)),
            Field(
                "weight_decay",
                "adamw, lion, muon: shrinks theta by learning_rate x this; the others add this x theta to the gradient",
                within(Interval(0.0)),
            ),
            Field("schedule", "how the learning rate changes; constant unless told otherwise", word(SCHEDULES)),
            Field(
                "warmup_steps",
                "steps over which the learning rate rises to its full size",
                within(Interval(0), "integer"),
            ),
            Field("end_fraction", "linear, cosine: what is left of the learning rate at the end", within(SHARE)),
            Field("decay_rate", "exponential, step: factor per step, or per decay_every steps", within(SHARE)),
            Field("decay_every", "step: how many steps between factors", within(Interval(1), "integer")),
            Field("clip_norm", "longest gradient; longer ones are shortened to it", within(POSITIVE)),
            Field("clip_value", "largest entry of the gradient", within(POSITIVE)),
            Field(
                "noise",
                "standard deviation of Gaussian noise added to each entry of the gradient",
                within(Interval(0.0)),
            ),
            Field("batch_size", "sgd: rows a step", within(Interval(1), "integer")),
            Field("seed", "sgd, noise: what chance begins with", within(Interval(0), "integer")),
        ),
        {"model": "linear", **LINE, "theta0": [0], "learning_rate": 0.1, "steps": 3},
        descent,
    ),
    "/v1/losses/surface": Asking(
        (
            *MODEL,
            Field("theta", "the coefficients to look around", ARRAY, True),
            Field("grid", "one or two lists of steps along the directions", LISTS, True),
            Field("directions", "one per list of the grid; those of largest curvature unless given", LISTS),
            Field("normalize_directions", "made length 1", FLAG),
            Field(
                "search",
                "starts from which stationary points are looked for; 16 for networks",
                within(Interval(0, MAX_STARTS), "integer"),
            ),
        ),
        {"model": "linear", **LINE, "theta": [2], "grid": [[-1, 0, 1]], "directions": [[1]]},
        surface,
    ),
}
"""By path, each operation's fields."""


@cache
def answer_schema(path: str) -> Schema:
    """The JSON Schema of an operation's answer, as its example is answered."""
    asking = ASKED[path]
    return shape(asking.answered(asking.example))
