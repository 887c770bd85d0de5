"""Losses of routers against values solved by hand."""

import math

import pytest

from tests.losses.textbook import Solved, holds

HALF = math.log(2.0)
SOLVED: dict[str, Solved] = {
    "z_loss": (("z_loss", [[0.0, 0.0]]), {"coef": 2.0}, [2.0 * HALF**2]),
    "even load": (("moe_load_balancing", [[9.0, 0.0], [0.0, 9.0]], None, "logits"), {}, [1.0, 1.0]),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])
