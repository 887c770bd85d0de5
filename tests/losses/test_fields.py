"""The fields an operation is described with are those it knows, and its example is answered."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain, QuoteError
from mlquote.losses.fields import ASKED, PENALTY, answer_schema, shape, within
from mlquote.losses.reading import Interval
from mlquote.losses.registry import LOSSES
from mlquote.losses.regularizers import PENALTIES, regularizer
from mlquote.losses.uses.optimizers import OPTIMIZERS
from mlquote.losses.uses.schedules import SCHEDULES
from mlquote.losses.uses.thresholds import OPERATIONS
from mlquote.losses.weighting import SCHEMES

STRANGE = "\N{PILCROW SIGN}" * 9
"""A field so named that no field is near it: the refusal lists all there are."""
KNOWN = "known here: "
LASSO = {"problem": "lasso", "X": [[1.0]], "y": [1.0], "lambda": 1.0, "convention": "sum"}
RIDGE = {"model": "ridge", "lambda": 1.0, "convention": "sum"}
NETWORK = {"model": "two_layer_linear"}
VARIANTS: dict[str, list[dict[str, Any]]] = {
    "/v1/losses/evaluate": [
        {"reduction": "constant", "reduction_constant": 1.0, "return_per_example": True, "input_form": "logits"}
    ],
    "/v1/losses/closed-form": [{}, LASSO, {"problem": "elastic_net", "l1_ratio": 0.5}],
    "/v1/losses/class-weights": [{"scheme": scheme} for scheme in SCHEMES],
    "/v1/losses/decision-threshold": [{"op": op} for op in OPERATIONS],
    "/v1/losses/descent": [
        *[{"optimizer": optimizer} for optimizer in OPTIMIZERS],
        *[{"schedule": schedule} for schedule in SCHEDULES],
        RIDGE,
        {**NETWORK, "theta0": [1.0, 1.0]},
    ],
    "/v1/losses/surface": [{}, RIDGE, {**NETWORK, "theta": [1.0, 1.0], "directions": [[1.0, 0.0]]}],
}


def known(path: str) -> Iterator[str]:
    """The fields an operation says that it knows, over the forms of question it takes."""
    asking = ASKED[path]
    for variant in VARIANTS.get(path, [{}]):
        try:
            asking.answered({**asking.example, **variant, STRANGE: 1})
        except QuoteError as refusal:
            hints = [fault.hint for fault in refusal.faults if fault.pointer == f"/{STRANGE}"]
            yield from hints[0].removeprefix(KNOWN).split(", ")


@pytest.mark.parametrize("path", ASKED)
def test_the_fields_described_are_those_known(path: str) -> None:
    assert {field.name for field in ASKED[path].fields} == set(known(path))


@pytest.mark.parametrize("path", ASKED)
def test_a_required_field_is_asked_for(path: str) -> None:
    asking = ASKED[path]
    for field in asking.fields:
        if field.required:
            with pytest.raises(OutOfDomain) as refusal:
                asking.answered({name: value for name, value in asking.example.items() if name != field.name})
            assert f"/{field.name}" in [fault.pointer for fault in refusal.value.faults]


@pytest.mark.parametrize("path", ASKED)
def test_the_example_is_answered_as_the_schema_says(path: str) -> None:
    asking = ASKED[path]
    assert set(asking.example) <= {field.name for field in asking.fields}
    assert set(answer_schema(path)["properties"]) == set(asking.answered(asking.example))
    json.dumps([asking.question(), answer_schema(path)], allow_nan=False)


@pytest.mark.parametrize("kind", PENALTIES)
def test_a_penalty_s_fields_are_described(kind: str) -> None:
    theta = [[1.0, 0.0], [0.0, 2.0]]
    with pytest.raises(OutOfDomain) as refusal:
        regularizer({"penalties": [{"type": kind, "lambda": 1.0, "theta": theta, STRANGE: 1}]})
    hints = [fault.hint for fault in refusal.value.faults if fault.hint.startswith(KNOWN)]
    assert set(hints[0].removeprefix(KNOWN).split(", ")) <= set(PENALTY["properties"])


def test_every_parameter_of_every_loss_is_described() -> None:
    params = {field.name: field for field in ASKED["/v1/losses/evaluate"].fields}["params"].schema["properties"]
    for loss in LOSSES.values():
        for param in loss.params:
            assert f"{loss.name}: {param.about}" in params[param.name]["description"]


@pytest.mark.parametrize(
    ("interval", "schema"),
    [
        (Interval(), {}),
        (Interval(0.0), {"minimum": 0.0}),
        (Interval(0.0, 1.0, open_low=True), {"exclusiveMinimum": 0.0, "maximum": 1.0}),
    ],
    ids=str,
)
def test_an_interval_is_a_schema(interval: Interval, schema: dict[str, float]) -> None:
    assert within(interval) == {"type": "number"} | schema


def test_a_value_has_the_shape_that_other_questions_may_give_it() -> None:
    found = shape({"flag": True, "word": "x", "numbers": np.zeros(2), "nothing": None, "number": np.float64(1.0),
                   "inside": {"word": "x"}, "predictions": 1.0})  # fmt: skip
    assert found["type"] == "object"
    anything = ["array", "number", "string", "object", "null"]
    kinds = {name: schema.get("type") for name, schema in found["properties"].items()}
    assert kinds == {"flag": "boolean", "word": "string", "numbers": anything, "nothing": None,
                     "number": ["number", "string", "null"], "inside": ["object", "null"],
                     "predictions": anything}  # fmt: skip
