"""Losses of predicted distributions against their textbook forms, solved by hand."""

import pytest

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.objective import evaluate


def test_a_fault_points_into_the_object_its_array_stands_in() -> None:
    body = {"loss": "gaussian_nll", "predictions": {"mean": [0.0, 1.0], "variance": [1.0, -1.0]}, "targets": [0.0, 0.0]}
    with pytest.raises(OutOfDomain) as refusal:
        evaluate(body)
    assert refusal.value.faults[0].pointer == "/predictions/variance/1"
