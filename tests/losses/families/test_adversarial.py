"""Losses of critics against values solved by hand."""

import pytest

from tests.losses.textbook import Solved, holds

SOLVED: dict[str, Solved] = {
    "hinge gan": (("gan", {"real": [0.5], "fake": [-3.0]}), {"form": "hinge"}, [0.5]),
    "gradient_penalty": (("gradient_penalty", [[3.0, 4.0]]), {}, [160.0]),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])
