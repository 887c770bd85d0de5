"""Losses of spans against values solved by hand."""

import math

import pytest

from mlquote.losses.objective import evaluate

HALF = math.log(2.0)


def test_starts_and_ends_are_averaged_over_their_own_counts() -> None:
    """Even logits over two positions cost log 2 each; one end is left out beyond the text, the other is certain."""
    body = {
        "loss": "ForQuestionAnsweringLoss",
        "predictions": {"start_logits": [[0.0, 0.0], [0.0, 0.0]], "end_logits": [[0.0, 0.0], [40.0, 0.0]]},
        "targets": {"start_positions": [0, -3], "end_positions": [2, 0]},
        "gradient": True,
    }
    answer = evaluate(body)
    assert answer["cost"] == pytest.approx(0.5 * HALF)
    assert answer["gradient"]["predictions"]["start_logits"].tolist() == [[-0.125, 0.125]] * 2
    assert answer["gradient"]["predictions"]["end_logits"][0].tolist() == [0.0, 0.0]


def test_a_batch_without_a_position_in_its_text_costs_nothing_known() -> None:
    body = {
        "loss": "span_extraction",
        "predictions": {"start_logits": [[0.0, 0.0]], "end_logits": [[0.0, 0.0]]},
        "targets": {"start_positions": [5], "end_positions": [0]},
    }
    assert math.isnan(evaluate(body)["cost"])
