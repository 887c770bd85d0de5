"""Latents' divergences against values solved by hand."""

import math

import pytest

from tests.losses.textbook import Solved, holds

HALF = math.log(2.0)
SOLVED: dict[str, Solved] = {
    "gaussian_kl": (
        ("gaussian_kl", {"mean": [[1.0, 0.0]], "log_variance": [[0.0, HALF]]}, {}),
        {},
        [0.5 + 0.5 * (1 - HALF)],
    ),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])
