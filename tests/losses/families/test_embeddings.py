"""Losses of batches of embeddings against values solved by hand."""

import math

import pytest

from tests.losses.textbook import Solved, holds

HALF = math.log(2.0)
SOLVED: dict[str, Solved] = {
    "cosface": (("cosface", [[0.5, 0.5]], [0]), {"scale": 2.0, "margin": 0.5}, [math.log1p(math.e)]),
    "arcface": (("arcface", [[0.5, 0.0]], [0]), {"scale": 1.0, "margin": math.pi / 6}, [HALF]),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])
