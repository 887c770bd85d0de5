"""What each reduction divides by: sums over sums, averages of nothing."""

from typing import Any

import numpy as np
import pytest

from mlquote.losses.objective import evaluate
from mlquote.losses.question import REDUCTIONS


@pytest.mark.parametrize("reduction", [name for name in REDUCTIONS if name != "none"])
def test_the_cost_is_the_weighted_sum_over_the_denominator_and_chunks_add_up(reduction: str) -> None:
    draw = np.random.default_rng(3)
    body = {"loss": "mse", "predictions": draw.normal(size=(6, 4)), "targets": draw.normal(size=(6, 4))}
    body |= {"mask": draw.integers(0, 2, (6, 4)), "weights": {"sample": draw.uniform(size=(6, 4))}}
    body |= {"reduction": reduction} | ({"reduction_constant": 7.0} if reduction == "constant" else {})
    whole = evaluate(body)
    assert whole["cost"] == pytest.approx(whole["weighted_sum"] / whole["denominator"], rel=1e-14)
    if reduction in {"mean", "weighted_mean", "batchmean", "padded_mean", "sequence_mean", "sequence_sum_mean"}:
        halves = [
            evaluate(
                {
                    **body,
                    **{field: body[field][rows] for field in ("predictions", "targets", "mask")},
                    "weights": {"sample": body["weights"]["sample"][rows]},
                }
            )
            for rows in (slice(0, 2), slice(2, 6))
        ]
        combined = sum(half["weighted_sum"] for half in halves) / sum(half["denominator"] for half in halves)
        assert combined == pytest.approx(whole["cost"], rel=1e-13)


@pytest.mark.parametrize(
    "body",
    [
        {"loss": "mse", "predictions": [], "targets": []},
        {"loss": "mse", "predictions": [1.0], "targets": [1.0], "mask": [0]},
        {"loss": "cross_entropy", "predictions": [[0.1, 0.2]], "targets": [-1], "input_form": "logits",
         "params": {"ignore_index": -1}},
        {"loss": "infonce", "predictions": {"embeddings": [[1.0, 0.0], [0.0, 1.0]]}, "targets": [0, 1],
         "params": {"variant": "ntxent"}},
    ],
    ids=["nothing", "masked", "ignored", "no pairs"],
)  # fmt: skip
def test_an_average_of_nothing_is_null_and_says_so(body: dict[str, Any]) -> None:
    answer = evaluate({**body, "gradient": True})
    assert answer["cost"] is answer["objective"] is answer["gradient"]["predictions"] is None
    assert "empty_reduction" in {entry["code"] for entry in answer["diagnostics"]}
