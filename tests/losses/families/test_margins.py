"""Losses of margins against values solved by hand."""

import math

import pytest

from tests.losses.textbook import Solved, holds

SOLVED: dict[str, Solved] = {
    "perceptron": (("perceptron", [2.0, -3.0], [-1.0, -1.0]), {}, [2.0, 0.0]),
    "hinge_embedding": (("hinge_embedding", [0.25, 0.25], [1.0, -1.0]), {}, [0.25, 0.75]),
    "margin_ranking": (("margin_ranking", {"input1": [1.0], "input2": [2.0]}, [1.0]), {"margin": 0.5}, [1.5]),
    "multilabel_margin": (("multilabel_margin", [[0.1, 0.2, 0.4, 0.8]], [[3, 0, -1, 1]]), {}, [0.85]),
    "modified_huber": (("modified_huber", [2.0, 0.0, -2.0], [1.0, 1.0, 1.0]), {}, [0.0, 1.0, 8.0]),
    "exponential": (("exponential", [0.0, 1.0], [1.0, -1.0]), {}, [1.0, math.e]),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])
