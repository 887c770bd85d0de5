"""A loss question read whole: frozen, every default in its place, every fault of a stage told at once."""

import math
from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.blocks import ALONE
from mlquote.losses.loss import Folding
from mlquote.losses.question import MAX_CLASSES, PER_EXAMPLE_LIMIT, classes_last, read
from mlquote.losses.reduction import solve

MSE = {"loss": "mse", "predictions": [[1.0, 2.0], [3.0, 4.0]], "targets": [[0.0, 0.0], [0.0, 0.0]]}
CE = {"loss": "cross_entropy", "input_form": "logits", "predictions": [[1.0, 0.0], [0.0, 2.0]], "targets": [0, 1]}


def pointers(body: dict[str, Any]) -> list[str]:
    with pytest.raises(OutOfDomain) as refusal:
        read(body)
    return [fault.pointer for fault in refusal.value.faults]


def test_what_is_not_said_has_its_default() -> None:
    question = read(MSE)
    assert (question.reduction, question.folding, question.convention) == ("mean", Folding.ELEMENTS, None)
    assert question.gradient == () and not question.theta_gradient
    assert question.return_per_example
    assert question.batch.params == {"scale": 1.0}
    assert question.said == {"loss", "predictions", "targets"}


def test_the_first_axis_counts_examples_and_the_shapes_are_kept() -> None:
    question = read(MSE)
    assert question.batch.p.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert question.batch.shape == question.shapes["predictions"] == (2, 2)


def test_a_question_and_its_batch_are_not_to_be_changed() -> None:
    question = read(MSE)
    for thing, field in ((question, "reduction"), (question.batch, "keep")):
        with pytest.raises(FrozenInstanceError):
            setattr(thing, field, None)


def test_a_variation_leaves_the_question_it_came_from() -> None:
    """Squares 1, 4, 9, 16: their mean 7.5, their sum 30, without the last two 2.5."""
    question = read(MSE)
    kept = question.batch.without(np.array([False, False, True, True]))
    costs = [
        solve(each, ALONE).cost
        for each in (replace(question, reduction="sum"), replace(question, batch=kept), question)
    ]
    assert costs == [30.0, 2.5, 7.5]
    assert question.batch.keep is None


def test_solving_twice_gives_the_same() -> None:
    question = replace(read(CE), gradient=("predictions",))
    one, two = solve(question, ALONE), solve(question, ALONE)
    assert one.cost == two.cost
    np.testing.assert_array_equal(one.gradients["predictions"], two.gradients["predictions"])


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"params": {"scale": 0}, "reduction": "avg", "x": 1}, {"/params/scale", "/reduction", "/x"}),
        ({"targets": [1.0], "mask": [2]}, {"/targets"}),
        ({"mask": [1, 0], "weights": {"sample": [-1.0], "class": [1.0], "pos": 2.0, "z": 1}},
         {"/mask", "/weights/sample/0", "/weights/class", "/weights/pos", "/weights/z"}),
    ],
    ids=["fields", "shapes", "masks and weights"],
)  # fmt: skip
def test_every_fault_of_a_stage_is_told_and_the_next_stage_waits(change: dict[str, Any], wanted: set[str]) -> None:
    assert set(pointers({**MSE, **change})) == wanted


@pytest.mark.parametrize(
    ("given", "gradient", "theta"),
    [
        (True, ("mean", "variance"), True),
        (False, (), False),
        (["variance"], ("variance",), False),
        (["predictions", "theta"], ("mean", "variance"), True),
        (["theta"], (), True),
    ],
    ids=str,
)
def test_gradients_are_wanted_by_name(given: Any, gradient: tuple[str, ...], theta: bool) -> None:
    body = {"loss": "gaussian_nll", "predictions": {"mean": [0.0], "variance": [1.0]}, "targets": [0.0]}
    question = read({**body, "gradient": given})
    assert (question.gradient, question.theta_gradient) == (gradient, theta)


@pytest.mark.parametrize("given", ["yes", 1, ["logits"], [1]], ids=str)
def test_a_gradient_in_nothing_is_refused(given: Any) -> None:
    assert pointers({**MSE, "gradient": given})[0].startswith("/gradient")


@pytest.mark.parametrize(("count", "returned"), [(PER_EXAMPLE_LIMIT, True), (PER_EXAMPLE_LIMIT + 1, False)])
def test_values_are_answered_one_by_one_up_to_a_limit(count: int, returned: bool) -> None:
    body = {"loss": "mae", "predictions": np.zeros(count), "targets": np.zeros(count)}
    assert read(body).return_per_example is returned
    assert read({**body, "return_per_example": True}).return_per_example


def test_a_weight_of_a_row_is_that_of_its_examples() -> None:
    question = read({**MSE, "weights": {"sample": [1.0, 3.0]}})
    assert question.sample is not None
    assert question.sample.tolist() == [1.0, 1.0, 3.0, 3.0]


def test_balanced_weights_count_kept_labels_only() -> None:
    """Kept labels 0, 0, 1 of three classes: 3 / (2 x 2) and 3 / (2 x 1); class 2 does not occur."""
    body = {"loss": "cross_entropy", "input_form": "logits", "predictions": np.zeros((5, 3)),
            "targets": [0, 0, 1, 1, -1], "mask": [1, 1, 1, 0, 1], "params": {"ignore_index": -1}}  # fmt: skip
    weights = read({**body, "weights": {"class": "balanced"}}).batch.class_weights
    assert weights is not None
    assert weights.tolist() == [0.75, 1.5, 0.0]


def test_a_framework_gives_what_is_not_said() -> None:
    question = read({"loss": "huber", "predictions": [1.0], "targets": [0.0], "convention": "sklearn"})
    assert question.batch.params == {"delta": 0.1}
    given = read({"loss": "huber", "predictions": [1.0], "targets": [0.0], "convention": "sklearn",
                  "params": {"delta": 3.0}})  # fmt: skip
    assert given.batch.params == {"delta": 3.0}


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_the_class_axis_comes_last(axis: int) -> None:
    array = np.arange(24.0).reshape(2, 3, 4)
    moved = classes_last(array, axis)
    assert moved.shape[-1] == array.shape[axis]
    np.testing.assert_array_equal(np.moveaxis(moved, -1, axis), array)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({**CE, "predictions": np.zeros((1, MAX_CLASSES + 1)), "targets": [0]}, "/predictions"),
        ({**CE, "predictions": [0.0, 1.0]}, "/predictions"),
        ({**CE, "targets": [[0, 1]]}, "/targets"),
        ({**MSE, "predictions": np.zeros((1,) * 7), "targets": np.zeros((1,) * 7)}, "/predictions"),
        ({"loss": "kl_divergence", "input_form": "logits", "predictions": [1.0], "targets": [1.0]},
         "/predictions/predictions"),
        ({"loss": "infonce", "predictions": {"similarities": [[1.0]]}, "targets": [0], "reduction": "element_mean"},
         "/reduction"),
        ({**CE, "weights": {"class": "even"}}, "/weights/class"),
        ({**CE, "weights": {"class": [1.0, -1.0]}}, "/weights/class/1"),
        ({**CE, "targets": [[0.5, 0.5], [1.0, 0.0]], "weights": {"class": "balanced"}}, "/weights/class"),
        ({"loss": "binary_cross_entropy", "input_form": "logits", "predictions": [0.0], "targets": [1],
          "weights": {"pos": [1.0, 2.0]}}, "/weights/pos"),
    ],
    ids=lambda value: str(value)[-40:],
)  # fmt: skip
def test_a_question_out_of_bounds_is_refused(body: dict[str, Any], pointer: str) -> None:
    assert pointer in pointers(body)


def test_minus_infinity_means_something_on_logits_only() -> None:
    assert read(CE).infinite() == {"predictions": True, "targets": False}
    assert read(MSE).infinite() == {"predictions": False, "targets": False}
    target = {"target_form": "log_probabilities"}
    body = {"loss": "kl_divergence", "input_form": "probabilities", "predictions": [[1.0]], "targets": [[0.0]]}
    assert read({**body, "params": target}).infinite() == {"predictions": False, "targets": True}


def test_the_constant_of_a_reduction_is_a_positive_number() -> None:
    assert read({**MSE, "reduction": "constant", "reduction_constant": 3}).constant == 3.0
    assert math.prod(read(MSE).batch.shape) == 4
    assert pointers({**MSE, "reduction": "constant", "reduction_constant": 0}) == ["/reduction_constant"]
    assert pointers({**MSE, "reduction_constant": 3}) == ["/reduction_constant"]
