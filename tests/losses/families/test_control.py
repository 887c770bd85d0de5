"""Losses of acting policies against values solved by hand."""

import pytest

from tests.losses.textbook import Solved, holds

SOLVED: dict[str, Solved] = {
    "policy gradient": (
        (
            "policy_gradient",
            {"logp": [-1.0], "values": [1.0], "entropy": [2.0]},
            {"advantages": [2.0], "returns": [3.0]},
        ),
        {"entropy_coef": 0.5},
        [2.0 + 2.0 - 1.0],
    ),
    "sac": (("sac", {"logp": [-1.0], "q": [3.0]}), {}, [-3.2]),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])
