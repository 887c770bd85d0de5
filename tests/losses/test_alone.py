"""A number alone is one example of a loss of elements, said so, and refused where it cannot be one."""

from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.objective import evaluate
from tests.losses.textbook import codes

CODE = "number_taken_as_one_example"


@pytest.mark.parametrize("number", [3, 3.0, np.array(3.0), np.float64(3.0)], ids=lambda n: type(n).__name__)
def test_a_number_is_one_example(number: Any) -> None:
    """(3 - 1)^2 = 4, its slope 2 x 2."""
    found = evaluate({"loss": "mse", "predictions": number, "targets": 1, "gradient": True})
    assert (found["cost"], found["denominator"]) == (4.0, 1.0)
    assert found["per_example"].tolist() == 4.0 and found["gradient"]["predictions"].tolist() == 4.0
    assert codes(found) == {CODE}


def test_named_numbers_are_one_example() -> None:
    """1/2 (log 2 + (1 - 2)^2 / 2)."""
    found = evaluate({"loss": "gaussian_nll", "predictions": {"mean": 1.0, "variance": 2.0}, "targets": 2.0})
    assert found["cost"] == pytest.approx(0.5 * (np.log(2.0) + 0.5), rel=1e-15)
    assert CODE in codes(found)


def test_an_array_of_one_is_not_remarked_and_gives_the_same() -> None:
    found = evaluate({"loss": "mse", "predictions": [3.0], "targets": [1.0]})
    assert found["cost"] == 4.0 and CODE not in codes(found)


def test_a_number_beside_an_array_of_one_is_as_that_array() -> None:
    assert evaluate({"loss": "mse", "predictions": [3.0], "targets": 1})["per_example"].tolist() == [4.0]


ROW = {"loss": "cross_entropy", "input_form": "logits", "predictions": [1.0, 0.0], "gradient": True}


def test_one_row_of_classes_needs_no_axis_of_examples() -> None:
    """softplus(1) = 1.31326 of the second class; the slope is the softmax less one."""
    found = evaluate({**ROW, "targets": 1})
    assert found["per_example"].tolist() == pytest.approx(1.313261688, rel=1e-9)
    assert found["gradient"]["predictions"].tolist() == pytest.approx([0.7310585786, -0.7310585786], rel=1e-9)


@pytest.mark.parametrize("framework", ["pytorch", "optax", "keras"])
def test_a_framework_takes_one_row_of_soft_targets(framework: str) -> None:
    body = {**ROW, "targets": [0.25, 0.75], "convention": framework}
    wanted = evaluate({**body, "predictions": [[1.0, 0.0]], "targets": [[0.25, 0.75]]})
    found = evaluate(body)
    assert found["per_example"].tolist() == wanted["per_example"].tolist()[0]
    assert found["gradient"]["predictions"].tolist() == wanted["gradient"]["predictions"].tolist()[0]


def test_batchmean_of_one_row_divides_by_its_axis_as_pytorch_does() -> None:
    """KL of (1/2, 1/2) from (1/4, 3/4) is log(2/sqrt(3)), over 2 classes: run with torch 2.13.0."""
    body = {
        "loss": "kl_divergence",
        "predictions": np.log([0.25, 0.75]),
        "targets": [0.5, 0.5],
        "convention": "pytorch",
    }
    found = evaluate({**body, "reduction": "batchmean"})
    assert found["cost"] == pytest.approx(np.log(2.0 / np.sqrt(3.0)) / 2.0, rel=1e-12)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"loss": "mse", "predictions": [3.0, 2.0], "targets": 1.0}, "/targets"),
        ({"loss": "mse", "predictions": True, "targets": [1.0]}, "/predictions"),
        ({"loss": "mse", "predictions": 3.0, "targets": 1.0, "mask": 1}, "/mask"),
        ({"loss": "cross_entropy", "input_form": "logits", "predictions": [[1.0, 0.0]], "targets": 1}, "/targets"),
        ({"loss": "mse", "convention": "sklearn", "predictions": 3.0, "targets": [1.0]}, "/predictions"),
        ({"loss": "mse", "convention": "keras", "predictions": [3.0], "targets": 1.0}, "/targets"),
    ],
    ids=["beside several", "a truth value", "a mask", "class indices", "scikit-learn", "Keras"],
)
def test_a_number_that_is_no_example_is_refused(body: dict[str, Any], pointer: str) -> None:
    with pytest.raises(OutOfDomain) as refusal:
        evaluate(body)
    assert [fault.pointer for fault in refusal.value.faults] == [pointer]
