"""Distances of distributions against values solved by hand."""

import math

import pytest

from tests.losses.textbook import Solved, holds

HALF = math.log(2.0)
SOLVED: dict[str, Solved] = {
    "generalized kl": (("generalized_kl", [[0.0, 0.0]], [[1.0, 0.0]]), {}, [1.0]),
    "entropy": (("entropy", [[0.0] * 4], None, "logits"), {}, [math.log(4.0)]),
    "entropy of a sure one": (("entropy", [[1.0, 0.0]], None, "probabilities"), {"form": "bonus"}, [0.0]),
    "dino": (("dino", [[0.0, 0.0]], [[9.0, 0.0]]), {}, [HALF]),
    "emd": (("emd", [[1.0, 0.0, 0.0]], [[0.0, 0.0, 1.0]], "probabilities"), {"r": 1.0}, [2.0 / 3.0]),
    "emd squared": (("emd", [[1.0, 0.0, 0.0]], [[0.0, 0.0, 1.0]], "probabilities"), {}, [math.sqrt(2.0 / 3.0)]),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])
