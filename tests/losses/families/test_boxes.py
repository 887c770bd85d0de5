"""Losses of boxes against values solved by hand."""

import pytest

from tests.losses.textbook import Solved, holds

BOX, APART = [0.0, 0.0, 2.0, 2.0], [3.0, 0.0, 5.0, 2.0]
"""Squares of area 4; a hull of 10."""
SOLVED: dict[str, Solved] = {
    "iou": (("iou", [BOX, BOX], [APART, BOX]), {}, [1.0, 0.0]),
    "giou": (("giou", [BOX], [APART]), {}, [1.0 + 2.0 / 10.0]),
    "diou": (("diou", [BOX], [APART]), {}, [1.0 + 9.0 / 29.0]),
    "ciou": (("ciou", [BOX], [APART]), {}, [1.0 + 9.0 / 29.0]),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])
