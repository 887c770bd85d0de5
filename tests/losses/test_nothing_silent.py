"""Nothing is silent: change one field, and a number moves, or a remark names the field, or the question is refused."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import QuoteError
from mlquote.losses import names
from mlquote.losses.frameworks.table import FRAMEWORKS
from mlquote.losses.names import Named
from mlquote.losses.objective import evaluate
from mlquote.losses.parameters import CLAMPS, Param, number
from mlquote.losses.question import REDUCTIONS
from mlquote.losses.reading import Interval
from mlquote.losses.registry import LOSSES
from mlquote.losses.regularizers import regularizer
from mlquote.losses.uses.closed_form import closed_form
from mlquote.losses.uses.comparison import compare
from mlquote.losses.uses.descent import descent
from mlquote.losses.uses.schedules import SCHEDULES
from mlquote.losses.uses.surface import surface
from mlquote.losses.uses.thresholds import threshold
from mlquote.losses.weighting import class_weights
from tests.losses.cases import CASES, K, N

Body = dict[str, Any]
Operation = Callable[[Body], Body]

SEEDS = range(4)
ECHOES = {"resolved", "properties", "diagnostics", "convention", "numerics"}
"""Parts of an answer that repeat the question or speak of it: no number in them counts as moved."""
OTHERS: dict[str, list[Any]] = {
    "clamp": [{"kind": kind, "value": value} for kind, value in zip(CLAMPS[1:], (-0.3, 0.4), strict=True)],
    "ignore_index": [0, 1],
    "class_axis": [0],
    "normalize_probabilities": [True, False],
    "taus": [[0.1, 0.5, 0.9], [0.2, 0.5, 0.8]],
    "snr": [[0.5, 1.0, 2.0, 4.0, 8.0]],
    "alpha": [0.7, [0.1, 0.2, 0.3, 0.4]],
    "normalize_advantages": [{"ddof": 1}],
    "power": [1, 2],
}
"""Other values of the parameters that are neither a number, a word nor a flag."""


def others(param: Param) -> list[Any]:
    """Other values a parameter may take."""
    if param.name in OTHERS:
        return OTHERS[param.name]
    if param.domain == "true | false":
        return [True, False]
    if param.interval is not None:
        return [value for value in (0.0, 0.01, 0.3, 0.8, 1.5, 7.0) if value in param.interval]
    return param.domain.split(" | ")


def changed(body: Body, path: str, value: Any) -> Body:
    """A question with one field, or one of a field's own, as given."""
    name, _, inner = path.partition(".")
    return {**body, name: {**body.get(name, {}), inner: value} if inner else value}


def numbers(answer: Any) -> Any:
    """An answer without what merely repeats the question."""
    if isinstance(answer, Mapping):
        return {name: numbers(entry) for name, entry in answer.items() if name not in ECHOES}
    if isinstance(answer, list | tuple):
        return [numbers(entry) for entry in answer]
    return np.asarray(answer).tolist()


def outcome(operation: Operation, body: Body) -> tuple[str, str]:
    """The figures of an answer and its remarks, or that it was refused."""
    try:
        answer = operation(body)
    except QuoteError as refusal:
        return f"refused: {refusal.faults[0].pointer if refusal.faults else refusal}", ""
    return repr(numbers(answer)), " ".join(entry["message"] for entry in answer.get("diagnostics", []))


def noticed(operation: Operation, body: Body, path: str, value: Any) -> bool:
    """Whether the change of one field moves a number, is refused, or is remarked by its name."""
    before, after = outcome(operation, body), outcome(operation, changed(body, path, value))
    if after[0].startswith("refused"):
        return True
    name = path.rsplit(".", maxsplit=1)[-1]
    return before[0] != after[0] or (name in after[1] and name not in before[1])


def silent(operation: Operation, bodies: list[Body], path: str, values: list[Any]) -> bool:
    """Whether no value of a field is noticed in any of some questions: a threshold need not bite each time."""
    trials = [(body, value) for body in bodies for value in values if _holds(body, path) is not value]
    return bool(trials) and not any(noticed(operation, body, path, value) for body, value in trials)


def _holds(body: Body, path: str) -> Any:
    name, _, inner = path.partition(".")
    return body.get(name, {}).get(inner) if inner else body.get(name)


def questions(case: str) -> list[Body]:
    return [{**CASES[case](np.random.default_rng(seed)), "gradient": True} for seed in SEEDS]


@pytest.mark.parametrize("case", CASES)
def test_no_parameter_is_dropped_in_silence(case: str) -> None:
    bodies = questions(case)
    params = LOSSES[bodies[0]["loss"]].params
    assert [each.name for each in params if silent(evaluate, bodies, f"params.{each.name}", others(each))] == []


FIELDS: dict[str, list[Any]] = {
    "input_form": ["logits", "probabilities", "log_probabilities", "log_rate", "rate"],
    "reduction": list(REDUCTIONS),
    "reduction_constant": [3.0],
    "weights.sample": [[1.0, 2.0, 0.0, 3.0, 4.0]],
    "weights.class": [[1.0, 2.0, 0.5, 3.0][:K], "balanced"],
    "weights.pos": [3.0, [1.0, 2.0, 3.0, 4.0, 5.0]],
    "mask": [[1, 0, 1, 0, 1]],
    "classes": [["cat", "dog"]],
    "regularization": [[{"type": "l2", "lambda": 0.5, "theta": [1.0, 2.0]}]],
    "gradient": [False],
    "return_per_example": [False],
    "text_bytes": [40.0],
    "expected": [1.5],
    "tolerance": [0.1],
    "los": ["mse"],
}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("case", CASES)
def test_no_field_is_dropped_in_silence(case: str, field: str) -> None:
    assert not silent(evaluate, questions(case), field, FIELDS[field])


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("case", CASES)
def test_a_framework_moves_a_number_or_is_said_to_move_none(case: str, framework: str) -> None:
    for body in questions(case):
        before = outcome(evaluate, body)
        after = outcome(evaluate, {**body, "convention": framework})
        assert before[0] != after[0] or "framework" in after[1]


NAMED_TARGETS = [case for case in CASES if len(LOSSES[questions(case)[0]["loss"]].targets) > 1]


@pytest.mark.parametrize("case", NAMED_TARGETS)
def test_no_optional_array_is_dropped_in_silence(case: str) -> None:
    """With the predictions that could need it, and without."""
    bodies = questions(case)
    loss = LOSSES[bodies[0]["loss"]]
    without = [{**body, "predictions": _needed(body["predictions"], loss.optional)} for body in bodies]
    draw = np.random.default_rng(9)
    for name in sorted(loss.optional & set(loss.targets)):
        for questions_ in (bodies, without):
            bare = [{**body, "targets": _needed(body["targets"], {name})} for body in questions_]
            assert not silent(evaluate, bare, f"targets.{name}", [draw.uniform(1.0, 3.0, N)]), name


def _needed(arrays: Any, optional: Any) -> Any:
    if not isinstance(arrays, Mapping):
        return arrays
    return {name: array for name, array in arrays.items() if name not in optional}


def penalties() -> Iterator[tuple[Body, str, list[Any]]]:
    """Each penalty with each of its fields."""
    matrix, vector = [[1.0, -2.0], [0.5, 3.0]], [1.0, -2.0]
    bodies: dict[str, Body] = {
        "l2": {"theta": vector, "half": True, "exclude": [0]},
        "l1": {"theta": vector, "exclude": [0]},
        "elastic_net": {"theta": vector, "l1_ratio": 0.5, "exclude": [0]},
        "group_lasso": {"theta": vector, "groups": [[0, 1]], "group_weight": "none"},
        "spectral_norm": {"theta": matrix, "squared": False},
        "nuclear_norm": {"theta": matrix},
        "dropout_linear": {"theta": vector, "rate": 0.5, "mean": True, "X": [[1.0, 2.0], [3.0, 4.0]]},
    }
    changes = {
        "half": [False],
        "exclude": [[1], []],
        "l1_ratio": [0.9],
        "groups": [[[0]]],
        "group_weight": ["sqrt_size"],
        "squared": [True],
        "rate": [0.2],
        "mean": [False],
        "lambda": [7.0],
    }
    for kind, body in bodies.items():
        for field, values in changes.items():
            yield {"type": kind, "lambda": 2.0, **body}, field, values


@pytest.mark.parametrize(("penalty", "field", "values"), list(penalties()), ids=str)
def test_no_field_of_a_penalty_is_dropped_in_silence(penalty: Body, field: str, values: list[Any]) -> None:
    def ask(body: Body) -> Body:
        return regularizer({"penalties": [body], "gradient": True})

    assert not silent(ask, [penalty], field, values)


LINE = {"X": [[1.0, 0.0], [0.5, 1.0], [2.0, 1.5]], "y": [1.0, 2.0, -1.0]}
MODEL = {**LINE, "model": "linear"}
STEPS = {**MODEL, "theta0": [0.5, -1.0], "learning_rate": 0.1, "steps": 3}
AROUND = {**MODEL, "theta": [0.5, -1.0], "grid": [[0.0, 1.0]], "directions": [[3.0, 4.0]]}
RIDGE = {**LINE, "model": "ridge", "lambda": 0.5, "convention": "mean"}
COSTS = {"tp": 0.0, "fp": 1.0, "fn": 4.0, "tn": 0.0}
PROBLEMS: dict[str, Body] = {
    "ols": {},
    "ridge": {"lambda": 0.5},
    "lasso": {"lambda": 0.5},
    "elastic_net": {"lambda": 0.5, "l1_ratio": 0.6},
}
SCHEMES: dict[str, Body] = {"balanced": {}, "effective_number": {"beta": 0.5}, "custom": {"weights": {"0": 1, "1": 2}}}
USES: list[tuple[Operation, Body, str, list[Any]]] = [
    *[
        (descent, {**STEPS, "optimizer": optimizer, "steps": 40}, field, values)
        for optimizer in ("gd", "sgd", "momentum", "rmsprop", "adagrad", "adam", "adamw", "lion")
        for field, values in {
            "momentum": [0.5],
            "nesterov": [True],
            "decay": [0.5],
            "beta1": [0.5],
            "beta2": [0.5],
            "eps": [0.1],
            "weight_decay": [0.5],
            "batch_size": [2],
            "seed": [3],
            "schedule": ["cosine", "step"],
            "warmup_steps": [2],
            "end_fraction": [0.5],
            "decay_rate": [0.5],
            "decay_every": [2],
            "clip_norm": [0.1],
            "clip_value": [0.1],
            "noise": [0.5],
            "hidden": [2],
        }.items()
    ],
    *[
        (descent, {**STEPS, "schedule": schedule}, field, values)
        for schedule in SCHEDULES
        for field, values in {"end_fraction": [0.5], "decay_rate": [0.5], "decay_every": [2], "seed": [1]}.items()
    ],
    (descent, {**STEPS, "noise": 0.1}, "seed", [1]),
    (surface, {**AROUND, "model": "two_layer_linear", "theta": [0.5, -1.0, 0.2], "directions": None}, "hidden", [2]),
    (surface, AROUND, "search", [3]),
    (descent, STEPS, "loss", ["mae"]),
    (descent, STEPS, "reduction", ["sum", "none"]),
    (descent, STEPS, "input_form", ["logits"]),
    (descent, STEPS, "params.scale", [3.0]),
    (descent, STEPS, "lambda", [3.0]),
    (descent, STEPS, "convention", ["sum"]),
    (descent, STEPS, "regularization", [[{"type": "l2", "lambda": 1.0}]]),
    (descent, {**STEPS, **RIDGE}, "reduction", ["sum", "mean"]),
    (descent, {**STEPS, **RIDGE}, "params.scale", [3.0, 1.0]),
    (descent, {**STEPS, **RIDGE}, "convention", ["sum"]),
    (descent, {**STEPS, **RIDGE}, "lambda", [3.0]),
    (surface, AROUND, "normalize_directions", [True]),
    (surface, {**AROUND, "directions": None}, "normalize_directions", [True]),
    (surface, {**AROUND, **RIDGE}, "reduction", ["sum"]),
    *[
        (closed_form, {**LINE, **PROBLEMS[problem], "problem": problem, "convention": "mean"}, field, values)
        for problem in PROBLEMS
        for field, values in {
            "lambda": [3.0],
            "l1_ratio": [0.3],
            "convention": ["sum"],
            "fit_intercept": [False],
            "sample_weight": [[1.0, 2.0, 3.0]],
        }.items()
    ],
    *[
        (class_weights, {"scheme": scheme, "labels": [0, 1, 1], **extra}, field, values)
        for scheme, extra in SCHEMES.items()
        for field, values in {"beta": [0.9], "normalize": [True], "weights": [{"0": 3, "1": 4}]}.items()
    ],
    (threshold, {"op": "optimal", "costs": COSTS, "probabilities": [0.1, 0.6]}, "labels", [[1, 0]]),
    (threshold, {"op": "optimal", "costs": COSTS, "probabilities": [0.1, 0.6]}, "base_rate", [0.5]),
    (threshold, {"op": "empirical", "costs": COSTS, "probabilities": [0.1, 0.6], "labels": [1, 0]}, "threshold", [0.5]),
    (compare, {"loss": "huber", "predictions": [3.0], "targets": [0.0]}, "params.delta", [2.0]),
    (compare, {"loss": "huber", "predictions": [3.0], "targets": [0.0]}, "weights.sample", [[2.0]]),
    (compare, {"loss": "huber", "predictions": [3.0], "targets": [0.0]}, "reduction", ["sum"]),
    (compare, {"loss": "huber", "predictions": [3.0], "targets": [0.0]}, "gradient", [True]),
    (compare, {"loss": "huber", "predictions": [3.0], "targets": [0.0]}, "convention", ["keras"]),
]


@pytest.mark.parametrize(
    ("operation", "body", "field", "values"),
    USES,
    ids=[
        f"{op.__name__} {body.get('optimizer') or body.get('model') or body.get('problem') or ''} {field}"
        for op, body, field, _ in USES
    ],
)
def test_no_field_of_a_use_is_dropped_in_silence(
    operation: Operation, body: Body, field: str, values: list[Any]
) -> None:
    assert not silent(operation, [body], field, values)


def test_a_field_made_silent_on_purpose_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A parameter that is read and that no kernel looks at."""
    ghost = number("ghost", 0.0, "nothing reads it", Interval(0.0))
    haunted = Named(replace(LOSSES["mae"], params=(ghost,)))
    monkeypatch.setattr(names, "MEANINGS", {**names.MEANINGS, "mae": (haunted,)})
    assert silent(evaluate, questions("mae"), "params.ghost", others(ghost))
