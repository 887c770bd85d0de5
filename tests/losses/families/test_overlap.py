"""Losses of overlapping masks against values solved by hand."""

import pytest

from tests.losses.textbook import Solved, holds

SOLVED: dict[str, Solved] = {
    "dice": (("dice", [[1.0, 1.0]], [[1.0, 0.0]], "probabilities"), {"axis": [1]}, [1.0 - 2.0 / 3.0]),
    "tversky": (
        ("tversky", [[1.0, 1.0, 0.0]], [[1.0, 0.0, 1.0]], "probabilities"),
        {"axis": [1], "alpha": 0.2, "beta": 0.8},
        [0.5],
    ),
    "jaccard": (("jaccard", [[1.0, 1.0, 0.0]], [[1.0, 0.0, 1.0]], "probabilities"), {"axis": [1]}, [2.0 / 3.0]),
    "mcc": (
        ("mcc", [[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [1.0, 0.0]], "probabilities"),
        {"axis": [1], "eps": 0.5},
        [0.0, 1.0 + 0.5 / 1.5],
    ),
    "boundary": (("boundary", [0.25], [-2.0], "probabilities"), {}, [-0.5]),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])
