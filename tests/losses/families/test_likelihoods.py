"""Likelihoods against values solved by hand."""

import math

import pytest

from tests.losses.textbook import Solved, holds

HALF = math.log(2.0)
SOLVED: dict[str, Solved] = {
    "laplace": (("laplace_nll", {"mean": [1.0], "scale": [0.5]}, [2.0]), {}, [2.0]),
    "student t": (("student_t_nll", {"mean": [0.0], "scale": [1.0]}, [1.0]), {"nu": 1.0}, [math.log(2.0 * math.pi)]),
    "geometric counts": (("negative_binomial_nll", [0.0, 0.0], [0, 1], "log_rate"), {}, [HALF, 2.0 * HALF]),
    "one Gaussian twice": (
        ("mixture_nll", {"logits": [[0.0, 0.0]], "mean": [[0.0, 0.0]], "scale": [[1.0, 1.0]]}, [0.0]),
        {},
        [0.5 * math.log(2.0 * math.pi)],
    ),
    "evidential": (
        ("evidential", {"mean": [2.0], "nu": [1.0], "alpha": [1.5], "beta": [1.0]}, [2.0]),
        {},
        [math.log(math.pi)],
    ),
    "cox": (
        ("cox", {"log_hazards": [0.0, 0.0, 0.0]}, {"times": [1.0, 2.0, 3.0], "events": [1, 1, 1]}),
        {},
        [math.log(3.0), HALF, 0.0],
    ),
    "cox at one time": (
        ("cox", {"log_hazards": [0.0, 0.0]}, {"times": [1.0, 1.0], "events": [1, 0]}),
        {},
        [HALF, 0.0],
    ),
}


@pytest.mark.parametrize("name", SOLVED)
def test_a_loss_is_what_a_hand_gives(name: str) -> None:
    holds(SOLVED[name])
