"""Losses of detectors against values solved by hand."""

import math

import pytest

from tests.losses.textbook import Solved, holds

HALF = math.log(2.0)
SOLVED: dict[str, Solved] = {
    "quality focal": (("quality_focal", [0.0, 0.0], [0.5, 1.0], "logits"), {}, [0.0, 0.25 * HALF]),
    "varifocal": (("varifocal", [0.0, 0.0], [0.0, 0.5], "logits"), {}, [0.75 * 0.25 * HALF, 0.5 * HALF]),
    "distribution focal": (("distribution_focal", [[0.0, 0.0]], [0.3], "logits"), {}, [HALF]),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])
