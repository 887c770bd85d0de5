"""Losses of classes against their textbook forms, solved by hand."""

import math

import pytest

from mlquote.losses.objective import evaluate

MASKED = ["-Infinity", 1.5]


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "focal"])
def test_a_logit_of_minus_infinity_is_a_certain_no(loss: str) -> None:
    """Right for label 0: value and gradient 0. Wrong for label 1: infinite, with a finite gradient."""
    body = {"loss": loss, "predictions": MASKED, "input_form": "logits", "reduction": "none", "gradient": True}
    right, wrong = (evaluate({**body, "targets": [label, 1]}) for label in (0, 1))
    assert (right["per_example"][0], right["gradient"]["predictions"][0]) == (0.0, 0.0)
    assert (wrong["per_example"][0], wrong["gradient"]["predictions"][0]) == (math.inf, -1.0)


def test_a_masked_class_takes_no_part() -> None:
    body = {"loss": "cross_entropy", "input_form": "logits", "gradient": True}
    masked = evaluate({**body, "predictions": [["-Infinity", 1.0, 2.0]], "targets": [[0.0, 0.5, 0.5]]})
    without = evaluate({**body, "predictions": [[1.0, 2.0]], "targets": [[0.5, 0.5]]})
    assert masked["cost"] == pytest.approx(without["cost"], rel=1e-15)
    assert masked["gradient"]["predictions"][0, 0] == 0.0
