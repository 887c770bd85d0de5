"""Whether an answer is what was expected: tolerances, the place that differs most, and what cannot be compared."""

from typing import Any

import pytest

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.objective import evaluate

MSE = {"loss": "mse", "predictions": [1.0, 2.0], "targets": [0.0, 0.0]}
"""Squares 1 and 4, mean 2.5, gradient 1 and 2."""


def judged(**more: Any) -> dict[str, Any]:
    return evaluate({**MSE, **more})


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({"expected": 2.5}, "pass"),
        ({"expected": 2.5000001}, "pass"),
        ({"expected": 2.6}, "fail"),
        ({"expected": 2.6, "tolerance": 0.05}, "pass"),
        ({"expected": 2.6, "tolerance": {"atol": 0.05}}, "fail"),
        ({"expected": 2.6, "tolerance": {"atol": 0.11}}, "pass"),
        ({"expected": {"cost": 2.5, "per_example": [1.0, 4.0]}}, "pass"),
        ({"expected": {"per_example": [1.0]}}, "fail"),
        ({"expected": {"gradient": [1.0, 2.0]}, "gradient": True}, "pass"),
        ({"expected": {"gradient": {"predictions": [1.0, 2.0]}}, "gradient": True}, "pass"),
        ({"expected": {"cost": "Infinity"}}, "fail"),
        ({"expected": {"cost": None}}, "fail"),
    ],
    ids=str,
)
def test_an_answer_passes_where_it_is_near_enough(more: dict[str, Any], verdict: str) -> None:
    assert judged(**more)["verdict"] == verdict


def test_the_place_that_differs_most_is_told() -> None:
    """1 against 1.1 is off by 0.1 of 1.1, 4 against 5 by 1 of 5: the second by more of what is allowed."""
    comparison = judged(expected={"per_example": [1.1, 5.0]}, tolerance=0.01)["comparison"]
    assert (comparison["compared"], comparison["missed"]) == (2, 2)
    assert comparison["worst"]["pointer"] == "/per_example/1"
    assert comparison["worst"]["difference"] == pytest.approx(1.0)


def test_nothing_expected_gives_no_verdict() -> None:
    assert "verdict" not in judged()


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"expected": "two"}, "/expected"),
        ({"expected": {"costs": 1.0}}, "/expected/costs"),
        ({"expected": {}}, "/expected"),
        ({"expected": {"gradient": [1.0, 2.0]}}, "/expected/gradient"),
        ({"tolerance": 0.1}, "/tolerance"),
        ({"expected": 1.0, "tolerance": -1.0}, "/tolerance"),
        ({"expected": 1.0, "tolerance": {"relative": 1.0}}, "/tolerance/relative"),
    ],
    ids=str,
)
def test_what_cannot_be_compared_is_refused(more: dict[str, Any], pointer: str) -> None:
    with pytest.raises(OutOfDomain) as refusal:
        judged(**more)
    assert pointer in [fault.pointer for fault in refusal.value.faults]
