"""Models that are not linear in their coefficients: slopes, saddles, flat valleys, and what leaves them."""

from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.uses.descent import descent
from mlquote.losses.uses.network import Network
from mlquote.losses.uses.surface import surface

PRODUCT = {"model": "two_layer_linear", "X": [[1.0]], "y": [1.0]}
"""J = (theta1 theta2 - 1)^2: a saddle at 0, where both slopes vanish, and a valley of minima theta1 theta2 = 1."""
GRID = {"grid": [[-2.0, -1.0, 0.0, 1.0, 2.0]] * 2, "directions": [[1.0, 0.0], [0.0, 1.0]]}
ON_THE_RIDGE = {**PRODUCT, "theta0": [0.5, -0.5], "learning_rate": 0.05, "steps": 400}
"""On theta2 = -theta1 the slope points at the saddle: descent without chance ends there."""


@pytest.mark.parametrize("kind", ["linear", "two_layer_linear", "mlp"])
def test_a_slope_in_the_scores_is_carried_to_the_coefficients(kind: str) -> None:
    """Against central differences of a random combination of the scores."""
    draw = np.random.default_rng(2)
    network = Network(kind, draw.normal(size=(6, 3)), 0 if kind == "linear" else 2)
    theta = draw.normal(size=3 if kind == "linear" else network.size())
    weight = draw.normal(size=6)
    found = network.back(theta, weight)
    for place in range(theta.size):
        step = np.zeros(theta.size)
        step[place] = 1e-6
        rise = weight @ (network.scores(theta + step) - network.scores(theta - step)) / 2e-6
        assert found[place] == pytest.approx(rise, abs=1e-7)


def test_the_saddle_of_a_product_is_found_and_named() -> None:
    """At 0 the Hessian is [[0, -2], [-2, 0]], curvatures -2 and 2; on the valley one is 0."""
    found = surface({**PRODUCT, "theta": [0.0, 0.0], **GRID})
    assert found["theta"]["verdict"] == "saddle"
    assert found["theta"]["hessian_min"] == pytest.approx(-2.0)
    assert found["theta"]["curvature_signs"] == {"up": 1, "down": 1, "flat": 0}
    kinds = {point["kind"] for point in found["critical_points"]}
    assert kinds == {"saddle", "flat valley"}
    saddle = next(point for point in found["critical_points"] if point["kind"] == "saddle")
    np.testing.assert_allclose(saddle["theta"], [0.0, 0.0], atol=1e-6)
    valleys = [point["theta"] for point in found["critical_points"] if point["kind"] == "flat valley"]
    assert all(float(theta[0] * theta[1]) == pytest.approx(1.0) for theta in valleys)


def test_a_saddle_is_found_from_elsewhere() -> None:
    found = surface({**PRODUCT, "theta": [0.3, -0.4], **GRID})
    assert found["theta"]["verdict"] == "slope"
    assert "saddle" in {point["kind"] for point in found["critical_points"]}


@pytest.mark.parametrize("more", [{}, {"optimizer": "momentum"}], ids=["gd", "momentum"])
def test_plain_descent_stalls_at_the_saddle(more: dict[str, Any]) -> None:
    ends = descent({**ON_THE_RIDGE, **more})["ends_at"]
    assert ends["verdict"] == "saddle"
    assert ends["objective"] == pytest.approx(1.0, abs=1e-3)


def test_noise_leaves_the_saddle() -> None:
    for seed in range(3):
        assert descent({**ON_THE_RIDGE, "noise": 0.05, "seed": seed})["ends_at"]["objective"] < 0.01


def test_an_mlp_fits_what_no_linear_model_can() -> None:
    """Exclusive or: the best linear model predicts 1/2 everywhere and costs 1/4."""
    xor = {"X": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [0, 1, 1, 0]}
    theta0 = np.random.default_rng(1).normal(size=Network("mlp", np.zeros((1, 2)), 4).size()).tolist()
    body = {**xor, "model": "mlp", "hidden": 4, "theta0": theta0, "optimizer": "adam", "learning_rate": 0.05}
    assert descent({**body, "steps": 1500})["objectives"][-1] < 0.01


def test_a_network_says_how_many_coefficients_it_has() -> None:
    with pytest.raises(OutOfDomain, match="shape") as refusal:
        surface({**PRODUCT, "hidden": 3, "theta": [1.0, 2.0], **GRID})
    assert "6 coefficients" in refusal.value.faults[0].hint
