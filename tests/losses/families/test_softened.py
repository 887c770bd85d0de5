"""Cousins of cross-entropy against values solved by hand."""

import math

import pytest

from tests.losses.textbook import Solved, holds

HALF = math.log(2.0)
SOLVED: dict[str, Solved] = {
    "brier": (("brier", [0.8], [1.0]), {}, [0.04]),
    "brier classes": (("brier", [[0.5, 0.25, 0.25]], [0]), {}, [0.375]),
    "sparsemax": (("sparsemax", [10.0, 20.0, 0.0], [1, 0, 1]), {}, [0.0, 20.0, 0.25]),
    "symmetric": (("symmetric_cross_entropy", [[0.0, 0.0]], [0], "logits"), {}, [0.1 * HALF + 2.0]),
    "sparsemax classes": (("multiclass_sparsemax", [[0.0, 0.0], [2.0, 0.0]], [0, 0], "logits"), {}, [0.25, 0.0]),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])
