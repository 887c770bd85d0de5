"""Losses of a student against values solved by hand."""

import math

import pytest

from tests.losses.textbook import Solved, holds

HALF = math.log(2.0)
SOLVED: dict[str, Solved] = {
    "jsd of strangers": (("jsd", [[1.0, 0.0]], [[0.0, 1.0]], "probabilities"), {}, [HALF]),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])
