"""Distances of sets of samples against values solved by hand."""

import math

import pytest

from tests.losses.textbook import Solved, holds

SOLVED: dict[str, Solved] = {
    "wasserstein": (("wasserstein", [0.0, 3.0], [2.0, 1.0]), {}, [1.0]),
    "energy distance": (("energy_distance", [[0.0]], [[1.0]]), {}, [2.0]),
    "mmd": (("mmd", [[0.0]], [[1.0]]), {}, [2.0 - 2.0 * math.exp(-0.5)]),
    "sinkhorn": (("sinkhorn", [[0.0]], [[2.0]]), {}, [2.0]),
    "chamfer": (("chamfer", [[0.0]], [[2.0]]), {}, [8.0]),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])
