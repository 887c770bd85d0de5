"""Deviances against values solved by hand."""

import math

import pytest

from tests.losses.textbook import Solved, holds

HALF = math.log(2.0)
SOLVED: dict[str, Solved] = {
    "poisson_deviance": (("poisson_deviance", [1.0, 2.0], [0.0, 2.0]), {}, [2.0, 0.0]),
    "gamma_deviance": (("gamma_deviance", [2.0], [1.0]), {}, [2.0 * (HALF - 0.5)]),
    "tweedie_deviance": (("tweedie_deviance", [4.0], [1.0]), {"power": 1.5}, [2.0 * (-4.0 + 1.0 + 4.0)]),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])
