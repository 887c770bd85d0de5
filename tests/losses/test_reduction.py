"""What each reduction divides by: sums over sums, averages of nothing."""

import math
from typing import Any

import numpy as np
import pytest

from mlquote.losses import glossary
from mlquote.losses.objective import evaluate
from mlquote.losses.question import REDUCTIONS
from mlquote.losses.reduction import DENOMINATORS, Weighing, reduce


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


ROWS = {"loss": "mse", "predictions": [[1.0, 2.0], [3.0, 4.0]], "targets": [[0.0, 0.0], [0.0, 0.0]]}
"""Squares 1, 4, 9, 16; the mask keeps 1, 4, 16, the weights are 1, 2, 3, 4: m w L = 1, 8, 0, 64."""
MASKED = {**ROWS, "mask": [[1, 1], [0, 1]], "weights": {"sample": [[1.0, 2.0], [3.0, 4.0]]}}


@pytest.mark.parametrize(
    ("reduction", "total", "denominator"),
    [
        ("none", 73.0, None),
        ("sum", 73.0, 1.0),
        ("mean", 73.0, 3.0),  # kept examples
        ("weighted_mean", 73.0, 7.0),  # 1 + 2 + 4
        ("batchmean", 73.0, 2.0),  # rows
        ("element_mean", 73.0, 4.0),  # entries
        ("padded_mean", 73.0, 4.0),  # positions, masked ones too
        ("sequence_mean", 68.5, 2.0),  # 9 / 2 of the first row's two, 64 / 1 of the second's one
        ("sequence_sum_mean", 73.0, 2.0),
        ("constant", 73.0, 5.0),
        ("mean_nonzero", 73.0, 3.0),
    ],
)
def test_each_reduction_divides_by_its_own(reduction: str, total: float, denominator: float | None) -> None:
    body = {**MASKED, "reduction": reduction} | ({"reduction_constant": 5} if reduction == "constant" else {})
    answer = evaluate(body)
    assert (answer["weighted_sum"], answer["denominator"]) == (total, denominator)
    assert answer["cost"] == (None if denominator is None else total / denominator)


def test_every_reduction_has_a_divisor_and_a_line_in_the_catalogue() -> None:
    assert {*DENOMINATORS, "sequence_mean"} == set(REDUCTIONS) == set(glossary.REDUCTIONS)


def test_class_weights_stand_in_the_divisor_of_a_weighted_mean() -> None:
    """Two classes at logits 0: log 2 x (1, 3) over 1 + 3, with sample weights (2, 1) over 2 + 3."""
    body = {"loss": "cross_entropy", "input_form": "logits", "predictions": [[0.0, 0.0]] * 2, "targets": [0, 1],
            "weights": {"class": [1.0, 3.0]}, "reduction": "weighted_mean"}  # fmt: skip
    assert evaluate(body)["denominator"] == 4.0
    sampled = evaluate({**body, "weights": {"class": [1.0, 3.0], "sample": [2.0, 1.0]}})
    assert (sampled["denominator"], sampled["cost"]) == (5.0, pytest.approx(math.log(2)))


def test_a_gradient_is_scaled_as_the_cost_is() -> None:
    """2 r m w / 3 with r = p."""
    gradient = evaluate({**MASKED, "gradient": True})["gradient"]["predictions"]
    np.testing.assert_allclose(gradient, [[2 / 3, 8 / 3], [0.0, 32 / 3]])


def test_components_are_reduced_as_the_cost_is() -> None:
    body = {"loss": "ppo_clip", "predictions": {"logp": [0.0, 0.0], "entropy": [1.0, 3.0]}, "mask": [1, 0]}
    body["targets"] = {"logp_old": [0.0, 0.0], "advantages": [1.0, 5.0]}
    assert evaluate(body)["components"] == {"policy_loss": -1.0, "entropy": 1.0}


@pytest.mark.parametrize(("total", "denominator", "value"), [(6.0, 2.0, 3.0), (6.0, None, 6.0), (6.0, 0.0, None)])
def test_values_are_reduced_over_a_divisor(total: float, denominator: float | None, value: float | None) -> None:
    assert reduce(np.array([total - 1.0, 1.0]), Weighing(None, denominator)) == value
