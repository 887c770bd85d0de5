"""Scores of predicted distributions against values solved by hand."""

import math

import pytest

from tests.losses.textbook import Solved, holds

SOLVED: dict[str, Solved] = {
    "crps of one": (("crps", [[3.0]], [1.0]), {}, [2.0]),
    "crps of two": (("crps", [[0.0, 2.0]], [1.0]), {}, [1.0 - 0.5]),
    "crps fair": (("crps", [[0.0, 2.0]], [1.0]), {"fair": True}, [0.0]),
    "crps_gaussian": (
        ("crps_gaussian", {"mean": [0.0], "std": [1.0]}, [0.0]),
        {},
        [(math.sqrt(2.0) - 1.0) / math.sqrt(math.pi)],
    ),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])
