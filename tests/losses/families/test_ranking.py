"""Losses of ranked lists against values solved by hand."""

import math

import pytest

from tests.losses.textbook import Solved, holds

HALF = math.log(2.0)
SOLVED: dict[str, Solved] = {
    "listnet": (("listnet", [[0.0, 0.0]], [[1.0, 0.0]]), {}, [HALF]),
    "listmle": (("listmle", [[0.0, 0.0, 0.0]], [[2.0, 1.0, 0.0]]), {}, [math.log(6.0)]),
    "pairs logistic": (("pairwise_ranking", [[0.0, 0.0]], [[1.0, 0.0]]), {}, [HALF]),
    "pairs hinge": (("pairwise_ranking", [[0.0, 0.5]], [[1.0, 0.0]]), {"form": "hinge"}, [1.5]),
    "pairs squared": (("pairwise_ranking", [[0.0, 0.0]], [[3.0, 1.0]]), {"form": "squared"}, [4.0]),
    "ndcg of one": (("approx_ndcg", [[0.0]], [[1.0]]), {}, [-1.0]),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])
