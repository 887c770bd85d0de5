"""Steps of the optimisers, solved by hand, and what is done to gradients before them."""

from typing import Any

import numpy as np
import pytest

from mlquote.losses.uses.descent import descent
from mlquote.losses.uses.optimizers import orthogonal
from mlquote.losses.uses.schedules import Schedule

BOWL = {"model": "linear", "X": [[1.0]], "y": [0.0], "theta0": [2.0], "learning_rate": 0.1, "steps": 1}
"""J = theta^2, slope 2 theta: 4 at the start."""


def after(**more: Any) -> float:
    """Theta after the last step."""
    return float(descent({**BOWL, **more})["thetas"][-1][0])


@pytest.mark.parametrize(
    ("more", "theta"),
    [
        ({}, 2.0 - 0.1 * 4.0),
        ({"weight_decay": 0.5}, 2.0 - 0.1 * (4.0 + 0.5 * 2.0)),
        ({"optimizer": "adagrad"}, 2.0 - 0.1),
        ({"optimizer": "adagrad", "steps": 2}, 1.9 - 0.1 * 3.8 / np.hypot(4.0, 3.8)),
        ({"optimizer": "lion"}, 2.0 - 0.1),
        ({"optimizer": "lion", "weight_decay": 0.5}, 2.0 - 0.1 - 0.1 * 0.5 * 2.0),
        ({"optimizer": "adamw", "weight_decay": 0.5}, 2.0 - 0.1 - 0.1 * 0.5 * 2.0),
        ({"optimizer": "adam", "weight_decay": 0.5}, 2.0 - 0.1),
        ({"clip_norm": 1.0}, 2.0 - 0.1),
        ({"clip_value": 0.5}, 2.0 - 0.05),
        ({"schedule": "linear", "steps": 2}, 1.6 - 0.5 * 0.1 * 3.2),
        ({"warmup_steps": 2}, 2.0 - 0.5 * 0.1 * 4.0),
    ],
    ids=str,
)
def test_a_step_is_what_its_formula_gives(more: dict[str, Any], theta: float) -> None:
    assert after(**more) == pytest.approx(theta, abs=1e-7)


def test_schedules_run_from_one_to_their_end() -> None:
    assert Schedule("cosine", 10, end=0.1).factor(5) == pytest.approx(0.55)
    assert Schedule("exponential", 10, rate=0.5).factor(3) == 0.125
    assert Schedule("step", 10, rate=0.1, every=4).factor(8) == pytest.approx(0.01)
    assert Schedule("inverse_sqrt", 10).factor(3) == 0.5
    assert Schedule("linear", 10, warmup=4).factor(1) == 0.5


def test_muon_takes_singular_values_near_one() -> None:
    matrix = np.random.default_rng(3).normal(size=(5, 3))
    values = np.linalg.svd(orthogonal(matrix, 1e-7), compute_uv=False)
    assert 0.6 < values.min() <= values.max() < 1.3


def test_muon_moves_matrices_only() -> None:
    softmax = {"model": "softmax", "X": [[1.0, 0.0], [0.0, 1.0]], "y": [0, 1], "theta0": [[0.0, 0.0]] * 2}
    found = descent({**softmax, "optimizer": "muon", "learning_rate": 0.1, "steps": 5})
    assert found["objectives"][-1] < found["objectives"][0]


def test_a_sum_says_that_its_step_grows_with_the_rows() -> None:
    body = {**BOWL, "X": [[1.0], [1.0]], "y": [0.0, 0.0], "reduction": "sum"}
    assert "sum_scales_the_step" in [entry["code"] for entry in descent(body)["diagnostics"]]
