"""The objective of a linear model: value, gradient, curvature and smoothness, solved by hand."""

import math
from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain, TooLarge
from mlquote.losses.blocks import ALONE
from mlquote.losses.reading import Array, Reader
from mlquote.losses.uses.model import MAX_HESSIAN, Objective, objective

X = np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]])
LINE = {"model": "linear", "X": X, "y": [1.0, 2.0, 0.0], "theta0": [1.0, -1.0]}
"""X theta - y = (0, -4, 0): J = 16 / 3, gradient 2/3 X'r = (0, -16/3)."""
LOGISTIC = {"model": "logistic", "X": X, "y": [1, 0, 1], "theta0": [0.5, -0.5]}
SOFTMAX = {"model": "softmax", "X": X, "y": [0, 1, 2], "theta0": np.arange(6.0).reshape(2, 3) / 5}


def read(body: dict[str, Any]) -> tuple[Objective, Array]:
    reader = Reader(body)
    found = objective(reader, "theta0", ALONE, max_entries=100)
    reader.finish()
    return found


def pointers(body: dict[str, Any]) -> list[str]:
    with pytest.raises(OutOfDomain) as refusal:
        read(body)
    return [fault.pointer for fault in refusal.value.faults]


def test_the_squared_error_of_a_line() -> None:
    J, theta = read(LINE)
    value, gradient = J.value_and_gradient(theta)
    assert value == J.value(theta) == J.at(X @ theta, theta) == pytest.approx(16 / 3)
    assert gradient.tolist() == pytest.approx([0.0, -16 / 3])


@pytest.mark.parametrize("body", [LINE, LOGISTIC, SOFTMAX], ids=["linear", "logistic", "softmax"])
@pytest.mark.parametrize(
    "penalty", [[], [{"type": "l2", "lambda": 0.3}, {"type": "l1", "lambda": 0.1}]], ids=["", "penalised"]
)
def test_a_gradient_is_the_slope_of_the_value(body: dict[str, Any], penalty: list[Any]) -> None:
    J, theta = read({**body, "regularization": penalty})
    gradient = J.value_and_gradient(theta)[1]
    for place in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[place] += 1e-6
        down[place] -= 1e-6
        assert gradient[place] == pytest.approx((J.value(up) - J.value(down)) / 2e-6, abs=1e-7)


def test_a_minibatch_is_the_mean_over_its_rows_and_leaves_the_rest_alone() -> None:
    """Row 1 alone: r = -4, J = 16, gradient 2 x (-4) x (0, 2)."""
    J, theta = read(LINE)
    value, gradient = J.value_and_gradient(theta, np.array([1]))
    assert (value, gradient.tolist()) == (16.0, [0.0, -16.0])
    assert J.value(theta) == pytest.approx(16 / 3)
    assert J.question.batch.keep is None


def test_the_curvature_of_a_line_is_twice_its_gram_matrix() -> None:
    """2/3 X'X = 2/3 [[2, 1], [1, 5]]; its largest eigenvalue bounds the slope's change."""
    J, theta = read(LINE)
    hessian = J.hessian(theta)
    assert hessian is not None
    np.testing.assert_allclose(hessian, np.array([[2.0, 1.0], [1.0, 5.0]]) * 2 / 3, rtol=1e-6)
    assert J.smoothness() == pytest.approx(np.linalg.eigvalsh(hessian)[-1], rel=1e-6)


@pytest.mark.parametrize(
    ("change", "smoothness"),
    [
        ({"reduction": "sum"}, 2.0 * (7 + math.sqrt(13)) / 2),  # eigenvalues of [[2, 1], [1, 5]]: (7 +- sqrt 13) / 2
        ({"regularization": [{"type": "l2", "lambda": 0.5}]}, (7 + math.sqrt(13)) / 3 + 0.5),
        ({"regularization": [{"type": "l2", "lambda": 0.5, "half": False}]}, (7 + math.sqrt(13)) / 3 + 1.0),
        ({"regularization": [{"type": "elastic_net", "lambda": 0.5, "l1_ratio": 0.0}]}, (7 + math.sqrt(13)) / 3 + 0.5),
        ({"regularization": [{"type": "l1", "lambda": 0.5}]}, None),
        ({"loss": "mae"}, None),
        ({"reduction": "batchmean"}, None),
    ],
    ids=lambda value: str(value)[:60],
)
def test_smoothness_adds_up_and_is_unknown_at_kinks(change: dict[str, Any], smoothness: float | None) -> None:
    assert read({**LINE, **change})[0].smoothness() == (None if smoothness is None else pytest.approx(smoothness))


@pytest.mark.parametrize(
    ("convention", "value"),
    [
        ("sum", 16.0 + 0.5 * 2),
        ("mean", 16 / 3 + 0.5 * 2),
        ("half_mean", 8 / 3 + 0.25 * 2),
        ("mean_half_penalty", 16 / 3 + 0.5),
    ],
)
def test_a_ridge_convention_says_scale_reduction_and_half(convention: str, value: float) -> None:
    """RSS 16, N 3, |theta|^2 = 2, lambda 1/2."""
    J, theta = read({**LINE, "model": "ridge", "lambda": 0.5, "convention": convention})
    assert J.value(theta) == pytest.approx(value)


def test_a_model_takes_the_loss_it_is_known_for() -> None:
    """Scores (0.5, -1, 0), labels (1, 0, 1)."""
    J, theta = read(LOGISTIC)
    wanted = (math.log1p(math.exp(-0.5)) + math.log1p(math.exp(-1.0)) + math.log(2)) / 3
    assert J.value(theta) == pytest.approx(wanted)
    assert (J.question.loss.name, J.question.batch.form) == ("binary_cross_entropy", "logits")
    assert read({**LINE, "loss": "poisson_nll"})[0].question.batch.form == "log_rate"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({**LINE, "loss": "triplet"}, "/loss"),
        ({**LINE, "model": "cubic"}, "/model"),
        ({**LINE, "theta0": [[1.0], [2.0]]}, "/theta0"),
        ({**SOFTMAX, "theta0": [1.0, 2.0]}, "/theta0"),
        ({**LINE, "y": None}, "/y"),
        ({**LINE, "y": [1.0]}, "/y"),
        ({**LINE, "input_form": "logits"}, "/input_form"),
        ({**LINE, "regularization": {"type": "l2"}}, "/regularization"),
        ({**LINE, "regularization": [{"type": "l2", "lambda": -1.0}]}, "/regularization/0/lambda"),
        ({**LINE, "reduction": "none"}, "/reduction"),
        ({**LINE, "model": "ridge", "lambda": 0.5, "convention": "sum", "reduction": "mean"}, "/reduction"),
        ({**LINE, "model": "ridge", "lambda": 0.5, "convention": "sum", "params": {"scale": 2.0}}, "/params/scale"),
    ],
    ids=lambda value: str(value)[-60:],
)
def test_a_model_without_meaning_is_refused_in_its_own_words(body: dict[str, Any], pointer: str) -> None:
    assert pointer in pointers(body)


def test_a_label_found_wrong_later_is_called_y_too() -> None:
    """Labels are looked at with the numbers, block by block, not while the question is read."""
    J, theta = read({**LOGISTIC, "y": [1, 0, 2]})
    with pytest.raises(OutOfDomain) as refusal:
        J.value(theta)
    assert [fault.pointer for fault in refusal.value.faults] == ["/y/2"]


def test_too_much_is_too_large_and_too_many_coefficients_have_no_hessian() -> None:
    with pytest.raises(TooLarge):
        read({**LINE, "X": np.ones((51, 2)), "y": np.zeros(51)})
    reader = Reader({**LINE, "X": np.ones((1, MAX_HESSIAN + 1)), "y": [0.0], "theta0": np.zeros(MAX_HESSIAN + 1)})
    J, theta = objective(reader, "theta0", ALONE, max_entries=10_000)
    assert J.hessian(theta) is None
