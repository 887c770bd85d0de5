"""Losses of real predictions against their textbook forms, solved by hand."""

from mlquote.losses.objective import evaluate


def test_a_common_offset_of_1e8_costs_no_digit() -> None:
    """r = 1/4 exactly, so r^2 = 1/16 exactly."""
    answer = evaluate({"loss": "mse", "predictions": [1e8 + 0.25], "targets": [1e8]})
    assert answer["cost"] == 0.0625
