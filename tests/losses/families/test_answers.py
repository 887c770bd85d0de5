"""Losses of answers and preferences against values solved by hand."""

import math

import pytest

from tests.losses.textbook import Solved, holds

HALF = math.log(2.0)
SOLVED: dict[str, Solved] = {
    "kto": (
        (
            "kto",
            {"policy_logps": [0.0, 0.0]},
            {
                "desirable": [1, 0],
                "reference_logps": [0.0, 0.0],
                "kl_logps": [-1.0, -1.0],
                "reference_kl_logps": [0.0, 0.0],
            },
        ),
        {"undesirable_weight": 2.0},
        [0.5, 1.0],
    ),
    "orpo": (
        ("orpo", {"policy_chosen_logps": [-HALF], "policy_rejected_logps": [-HALF], "chosen_nll": [1.0]}, {}),
        {"beta": 0.5},
        [1.0 + 0.5 * HALF],
    ),
    "simpo": (
        ("cpo", {"policy_chosen_logps": [-1.0], "policy_rejected_logps": [-2.0]}, {}),
        {"variant": "simpo", "beta": 2.0, "simpo_gamma": 2.0},
        [HALF],
    ),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])
