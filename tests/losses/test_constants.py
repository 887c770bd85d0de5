"""The constants of a loss with a question's weights and smoothing in them."""

import math
from typing import Any

import pytest

from mlquote.losses.objective import evaluate

BINARY: dict[str, Any] = {"loss": "binary_cross_entropy", "input_form": "logits", "predictions": [0.0], "targets": [1]}
CLASSES: dict[str, Any] = {"loss": "cross_entropy", "input_form": "logits", "predictions": [[0.0, 0.0]], "targets": [0]}


def entropy(p: float) -> float:
    return -p * math.log(p) - (1.0 - p) * math.log(1.0 - p)


@pytest.mark.parametrize(
    ("body", "constant", "value"),
    [
        ({**BINARY, "weights": {"pos": 8.0}}, "smooth", 8.0 / 4.0),
        ({**BINARY, "weights": {"pos": 8.0}}, "lipschitz", 8.0),
        ({**BINARY, "weights": {"pos": 0.5}}, "lipschitz", 1.0),
        ({**CLASSES, "weights": {"class": [10.0, 1.0]}}, "smooth", 10.0 / 2.0),
        ({**BINARY, "params": {"label_smoothing": 0.2}}, "bounded_below", entropy(0.1)),
        ({**CLASSES, "params": {"label_smoothing": 0.2}}, "bounded_below", entropy(0.1)),
        (CLASSES, "bounded_below", 0.0),
    ],
    ids=[
        "curvature times the positive weight", "slope times it", "the negative term's slope stays",
        "curvature times the largest class weight", "smoothed labels have an entropy", "so have smoothed classes",
        "unsmoothed ones have none",
    ],
)  # fmt: skip
def test_weights_and_smoothing_move_the_constants(body: dict[str, Any], constant: str, value: float) -> None:
    assert evaluate(body)["properties"][constant] == pytest.approx(value)


def test_a_smoothed_floor_is_that_of_the_cheapest_class() -> None:
    """Weights 1 and 4 on two classes: sum over c of a_c log(sum a / a_c), a = w times the smoothed target."""
    weights, e = [1.0, 4.0], 0.2
    floors = []
    for label in (0, 1):
        a = [w * ((1.0 - e) * (c == label) + e / 2.0) for c, w in enumerate(weights)]
        floors.append(sum(x * math.log(sum(a) / x) for x in a))
    body = {**CLASSES, "weights": {"class": weights}, "params": {"label_smoothing": e}}
    assert evaluate(body)["properties"]["bounded_below"] == pytest.approx(min(floors))
