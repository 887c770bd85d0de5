"""Losses of sequences against values solved by hand."""

import math
from itertools import product

import numpy as np
import pytest

from mlquote.losses.objective import evaluate
from tests.losses.textbook import values


def read_off(path: tuple[int, ...]) -> tuple[int, ...]:
    """What a path of symbols reads as: repeats merged, blanks (0) out."""
    merged = [s for i, s in enumerate(path) if i == 0 or s != path[i - 1]]
    return tuple(s for s in merged if s)


@pytest.mark.parametrize("labels", [(1,), (1, 1), (1, 2), (2, 1, 2)], ids=str)
def test_ctc_sums_over_every_path_that_reads_as_the_labels(labels: tuple[int, ...]) -> None:
    """All 3^5 paths of five steps, one by one."""
    p = np.random.default_rng(5).dirichlet(np.ones(3), size=5)
    paths = (path for path in product(range(3), repeat=5) if read_off(path) == labels)
    total = sum(math.prod(p[t, s] for t, s in enumerate(path)) for path in paths)
    found = values("ctc", np.log(p)[None], {"labels": [labels]}, "log_probabilities")
    assert found[0] == pytest.approx(-math.log(total))


def test_labels_too_long_for_their_steps_are_impossible() -> None:
    body = {"loss": "ctc", "input_form": "logits", "predictions": [[[0.0, 0.0]] * 2], "targets": {"labels": [[1, 1]]}}
    assert evaluate(body)["cost"] == math.inf
    assert evaluate({**body, "params": {"zero_infinity": True}})["cost"] == 0.0


def test_a_transducer_sums_over_every_monotone_path() -> None:
    """Two steps, one label: the label before the first blank, or between the two."""
    p = np.random.default_rng(6).dirichlet(np.ones(2), size=(1, 2, 2))
    early = p[0, 0, 0, 1] * p[0, 0, 1, 0] * p[0, 1, 1, 0]
    late = p[0, 0, 0, 0] * p[0, 1, 0, 1] * p[0, 1, 1, 0]
    found = values("rnnt", np.log(p), {"labels": [[1]]}, "log_probabilities")
    assert found[0] == pytest.approx(-math.log(early + late))
