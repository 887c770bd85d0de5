"""Losses of signals against values solved by hand."""

import pytest

from tests.losses.textbook import Solved, holds

SOLVED: dict[str, Solved] = {
    "si sdr": (("si_sdr", [[1.0, 1.0], [20.0, 2.0]], [[1.0, 0.0], [1.0, 0.0]]), {}, [0.0, -20.0]),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])
