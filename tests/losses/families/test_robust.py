"""Losses that forgive outliers against values solved by hand."""

import math

import pytest

from mlquote.losses.objective import evaluate
from tests.losses.textbook import Solved, holds

HALF = math.log(2.0)
SOLVED: dict[str, Solved] = {
    "tube": (("epsilon_insensitive", [1.5, 0.05], [0.0, 0.0]), {}, [1.4, 0.0]),
    "squared tube": (("epsilon_insensitive", [1.5, 0.05], [0.0, 0.0]), {"power": 2}, [1.96, 0.0]),
    "expectile": (("expectile", [3.0, -1.0], [1.0, 1.0]), {"tau": 0.9}, [0.4, 3.6]),
    "wing": (("wing", [2.0, 12.0], [0.0, 0.0]), {}, [10.0 * HALF, 2.0 + 10.0 * math.log(6.0)]),
    "cauchy": (("general_robust", [2.0], [0.0]), {"alpha": 0.0}, [math.log(3.0)]),
    "welsch": (("general_robust", [2.0], [0.0]), {"alpha": None}, [1.0 - math.exp(-2.0)]),
    "charbonnier less 1": (("general_robust", [math.sqrt(3.0)], [0.0]), {"alpha": 1.0}, [1.0]),
    "geman mcclure": (("general_robust", [2.0], [0.0]), {"alpha": -2.0}, [1.0]),
    "tukey": (("tukey", [1.0, 5.0], [0.0, 0.0]), {"c": 2.0}, [2.0 / 3.0 * (1.0 - 27.0 / 64.0), 2.0 / 3.0]),
    "quantile huber": (("quantile_huber", [1.0, -4.0], [0.0, 0.0]), {"tau": 0.3, "kappa": 2.0}, [0.175, 0.9]),
    "minkowski": (("minkowski", [2.0, 0.0], [0.0, 1.0]), {"p": 3.0}, [8.0, 1.0]),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])


@pytest.mark.parametrize(
    ("predictions", "targets", "order", "distance"),
    [
        ([6.1, 2.11, 3.1, 5.6], [1.0, 2.8, 3.5, 4.5], 3.0, 5.1220),
        ([0.0, 1.0, 2.0, 3.0], [0.0, 2.0, 3.0, 1.0], 5.0, 2.0244),
    ],
)
def test_a_minkowski_distance_is_the_one_that_torchmetrics_prints(
    predictions: list[float], targets: list[float], order: float, distance: float
) -> None:
    body = {"loss": "minkowski", "predictions": predictions, "targets": targets, "params": {"p": order}}
    assert evaluate(body)["cost"] == pytest.approx(distance, abs=5e-5)
