"""Losses of pairs of vectors against values solved by hand."""

import pytest

from tests.losses.textbook import Solved, holds

SOLVED: dict[str, Solved] = {
    "cosine": (("cosine_similarity", [[3.0, 4.0], [0.0, 0.0]], [[4.0, 3.0], [1.0, 0.0]]), {}, [0.04, 1.0]),
    "cosine_embedding": (
        ("cosine_embedding", {"input1": [[1.0, 0.0]] * 2, "input2": [[1.0, 0.0]] * 2}, [1.0, -1.0]),
        {"margin": 0.25},
        [0.0, 0.75],
    ),
    "contrastive_pair": (
        ("contrastive_pair", {"input1": [[3.0, 4.0]] * 2, "input2": [[0.0, 0.0]] * 2}, [1.0, 0.0]),
        {"margin": 7.0},
        [12.5, 2.0],
    ),
    "byol": (("byol", [[3.0, 0.0], [0.0, 2.0]], [[5.0, 0.0], [1.0, 0.0]]), {}, [0.0, 2.0]),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])
