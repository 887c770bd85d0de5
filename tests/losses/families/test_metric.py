"""Losses of labelled embeddings against values solved by hand."""

import math

import pytest

from tests.losses.textbook import Solved, holds

HALF = math.log(2.0)
SOLVED: dict[str, Solved] = {
    "multi similarity": (
        ("multi_similarity", {"embeddings": [[1.0, 0.0], [0.0, 1.0]]}, [0, 1]),
        {"beta": 2.0, "base": 0.0},
        [0.5 * HALF, 0.5 * HALF],
    ),
    "one row alone": (("multi_similarity", {"embeddings": [[1.0, 0.0]]}, [0]), {}, [0.0]),
    "nca": (
        ("nca", {"embeddings": [[1.0, 0.0], [2.0, 0.0], [0.0, 1.0]]}, [0, 0, 1]),
        {},
        [math.log1p(math.exp(-2.0)), math.log1p(math.exp(-2.0)), 0.0],
    ),
    "proxy nca": (
        ("proxy_nca", {"embeddings": [[2.0, 0.0]], "proxies": [[1.0, 0.0], [0.0, 1.0]]}, [0]),
        {},
        [math.log1p(math.exp(-2.0))],
    ),
    "proxy anchor": (
        ("proxy_anchor", {"embeddings": [[2.0, 0.0]], "proxies": [[1.0, 0.0], [0.0, 1.0]]}, [0]),
        {"alpha": 1.0, "margin": 0.0},
        [math.log1p(math.exp(-1.0)) + 0.5 * HALF],
    ),
    "center": (("center", {"embeddings": [[3.0, 4.0]], "centers": [[9.0, 9.0], [0.0, 0.0]]}, [1]), {}, [12.5]),
    "batch hard": (
        ("triplet_mining", {"embeddings": [[0.0], [1.0], [3.0]]}, [0, 0, 1]),
        {"margin": 2.0},
        [0.0, 1.0, 0.0],
    ),
    "semi hard": (
        ("triplet_mining", {"embeddings": [[0.0], [1.0], [1.5], [4.0]]}, [0, 0, 1, 2]),
        {"mining": "semi_hard", "margin": 1.0},
        [0.5, 0.0],
    ),
    "cosent": (("cosent", {"scores": [0.0, 0.0]}, [1.0, 0.0]), {}, [HALF]),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])
