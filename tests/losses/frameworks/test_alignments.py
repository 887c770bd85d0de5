"""CTC as frameworks compute it, against values solved by hand: steps of even probability count their paths."""

import math
from typing import Any

import numpy as np
import pytest

from mlquote.losses.objective import evaluate

Labels = list[list[int]]


def even(steps: int, labels: Labels, convention: str, **beside: Any) -> dict[str, Any]:
    """The answer of one sequence of two symbols, each of probability 1/2 at every step."""
    form = {"pytorch": ("log_probabilities", math.log(0.5))}.get(convention, ("logits", 0.0))
    p = np.full((len(labels), steps, 2), form[1])
    body = {"loss": "ctc", "convention": convention, "input_form": form[0], "predictions": p, "targets": labels}
    return evaluate({**body, "gradient": True, "reduction": "sum", **beside})


@pytest.mark.parametrize(
    ("labels", "steps", "paths"),
    [([1, 0], 2, 3), ([0, 1], 2, 3), ([0, 1, 1], 2, 1), ([1, 0, 1, 0], 2, 1)],
    ids=["a 0 behind is padding", "a 0 before is the label read", "0 then 1", "1 then 0"],
)
def test_keras_reads_as_many_labels_as_are_not_0(labels: list[int], steps: int, paths: int) -> None:
    """[0, 1] holds one label that is not 0, so the first is read, a 0: 3 of 4 paths give it, as they give a lone 1."""
    assert even(steps, [labels], "keras")["cost"] == pytest.approx(-math.log(paths / 2**steps))


def test_keras_takes_no_lengths() -> None:
    with pytest.raises(Exception, match="label_lengths"):
        even(2, [[1]], "keras", targets={"labels": [[1]], "label_lengths": [1]})


@pytest.mark.parametrize("convention", ["pytorch", "optax"])
def test_a_blank_among_labels_is_a_label_that_may_be_skipped_to(convention: str) -> None:
    """1, 0 in two steps: one path of four, as of 1 and another label; three labels want three steps."""
    labels = {"labels": [[1, 0]], "label_lengths": [2]}
    assert even(2, [[1, 0]], convention, targets=labels)["cost"] == pytest.approx(math.log(4.0))


def test_the_formula_refuses_a_blank_among_labels() -> None:
    body = {"loss": "ctc", "predictions": np.zeros((1, 3, 2)), "targets": [[0, 1]]}
    with pytest.raises(Exception, match="0 is no label here"):
        evaluate(body)


@pytest.mark.parametrize("convention", ["keras", "optax"])
def test_what_cannot_be_costs_1e5(convention: str) -> None:
    """1, 1 in one step: four ways begin at e^-1e5, two of them giving a 1 and two a blank, so their slopes are even."""
    answer = even(1, [[1, 1]], convention)
    assert answer["cost"] == pytest.approx(1e5 - math.log(4.0 / 2.0), rel=1e-12)
    assert answer["gradient"]["predictions"] == pytest.approx(np.zeros((1, 1, 2)), abs=1e-9)


def test_pytorchs_slope_forgets_a_blank_behind_a_label_that_is_the_blank() -> None:
    """Label 0 in one step: given, and no blank after it. In two: 3 paths, of which that ending in a blank is lost."""
    targets = {"labels": [[0]], "label_lengths": [1]}
    slope = even(2, [[0]], "pytorch", targets=targets)["gradient"]["predictions"][0]
    assert slope[0].tolist() == pytest.approx([0.5 - 1.0, 0.5])
    assert slope[1].tolist() == pytest.approx([0.5 - 2.0 / 3.0, 0.5])
