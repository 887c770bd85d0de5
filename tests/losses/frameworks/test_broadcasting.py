"""Sample weights as Keras 3.15.1 multiplies them: each value was worked by hand and run."""

from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.frameworks.broadcasting import multiplied
from mlquote.losses.objective import evaluate

SQUARES: dict[str, Any] = {"loss": "mse", "predictions": [[1.0, 3.0], [2.0, 0.0]], "targets": [[0.0, 0.0], [0.0, 0.0]]}
"""Rows of mean square 5 and 2."""


def cost(weights: Any, reduction: str = "mean", **change: Any) -> float:
    found: float = evaluate(
        {**SQUARES, **change, "convention": "keras", "reduction": reduction, "weights": {"sample": weights}}
    )["cost"]
    return found


@pytest.mark.parametrize(
    ("weights", "reduction", "wanted"),
    [
        ([1.0, 3.0], "mean", (5 + 3 * 2) / 2),
        ([[1.0], [3.0]], "mean", (5 + 3 * 2) / 2),
        ([[1.0, 2.0], [3.0, 4.0]], "mean", (5 * 4 + 2 * 6) / 4),
        ([[1.0, 2.0], [3.0, 4.0]], "sum", 5 * 4 + 2 * 6),
        ([[1.0, 2.0], [3.0, 4.0]], "mean_with_sample_weight", (5 * 4 + 2 * 6) / 10),
        (3.0, "mean", 3 * 3.5),
        (3.0, "mean_with_sample_weight", 7.0),
        ([3.0], "mean_with_sample_weight", 7.0),
        ([1.0, 3.0], "mean_with_sample_weight", (5 + 3 * 2) / 4),
    ],
    ids=[
        "row",
        "column",
        "square",
        "square sum",
        "square weighted",
        "number",
        "number weighted",
        "one",
        "row weighted",
    ],
)
def test_weights_meet_rows_as_numpy_broadcasts(weights: Any, reduction: str, wanted: float) -> None:
    """A square of weights meets the rows along its last axis: row j takes column j."""
    assert cost(weights, reduction) == pytest.approx(wanted, rel=1e-14)


def test_weights_of_one_row_act_by_their_mean_or_their_sum() -> None:
    """One axis is one row of mean square 5, met by every weight."""
    one: dict[str, Any] = {"predictions": [1.0, 3.0], "targets": [0.0, 0.0]}
    assert cost([1.0, 4.0], **one) == pytest.approx(5 * 2.5)
    assert cost([[1.0], [4.0]], "sum", **one) == pytest.approx(5 * 5.0)
    assert cost([1.0, 4.0], "mean_with_sample_weight", **one) == pytest.approx(5.0)
    assert cost(2.0, "mean_with_sample_weight", **one) == pytest.approx(10.0)


def test_a_weight_repeated_along_the_row_is_one_weight_a_row() -> None:
    """Keras refuses [2, 3] weights of two rows; where each row repeats one number, only one thing can be meant."""
    wide: dict[str, Any] = {"predictions": [[1.0, 3.0, 0.0], [2.0, 0.0, 0.0]], "targets": [[0.0] * 3] * 2}
    assert cost([[2.0] * 3, [1.0] * 3], "sum", **wide) == pytest.approx(2 * 10 / 3 + 4 / 3)
    with pytest.raises(OutOfDomain):
        cost([[1.0, 2.0, 3.0], [1.0, 1.0, 1.0]], **wide)


@pytest.mark.parametrize(("sample", "shape"), [((3,), (2,)), ((2, 3), (2,)), ((2,), (2, 3))])
def test_shapes_that_do_not_go_together_come_to_nothing(sample: tuple[int, ...], shape: tuple[int, ...]) -> None:
    assert multiplied(np.ones(sample), shape, averaged=True) is None
