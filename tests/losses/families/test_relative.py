"""Relative and logarithmic errors against values solved by hand."""

import math

import numpy as np
import pytest

from mlquote.losses.objective import evaluate
from tests.losses.textbook import Solved, holds

SOLVED: dict[str, Solved] = {
    "mape": (("mape", [3.0, 1.0], [2.0, 2.0]), {}, [50.0, 50.0]),
    "smape": (("smape", [3.0, 0.0], [1.0, 0.0]), {}, [100.0, 0.0]),
    "msle": (("msle", [math.e - 1.0], [0.0]), {}, [1.0]),
    "charbonnier": (("charbonnier", [3.0], [0.0]), {"eps": 4.0}, [5.0]),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])


def test_the_roots_of_a_mean_and_of_its_parts_differ() -> None:
    """Errors 3 and 4: sqrt((9 + 16) / 2)."""
    found = evaluate({"loss": "rmse", "predictions": [3.0, 4.0], "targets": [0.0, 0.0], "gradient": True})
    assert found["cost"] == pytest.approx(math.sqrt(12.5))
    np.testing.assert_allclose(found["gradient"]["predictions"], np.array([3.0, 4.0]) / (2 * math.sqrt(12.5)))
