"""Every loss has a small question that is answered with a number."""

import math

import pytest

from mlquote.losses.examples import ODD, example
from mlquote.losses.objective import evaluate
from mlquote.losses.registry import LOSSES


@pytest.mark.parametrize("name", LOSSES)
def test_an_example_is_answered_with_a_number_and_a_gradient(name: str) -> None:
    answer = evaluate({**example(LOSSES[name]), "gradient": True})
    assert answer["loss"] == name
    assert answer["cost"] is not None
    assert math.isfinite(answer["cost"])


def test_what_is_odd_is_a_loss() -> None:
    assert set(ODD) <= set(LOSSES)
