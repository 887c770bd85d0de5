"""Decisions from probabilities and costs, solved by hand."""

from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain, QuoteError
from mlquote.losses.uses.thresholds import threshold
from tests.losses.vectors import cases, expanded, mismatches, wrong


def test_the_threshold_follows_from_the_costs() -> None:
    """Elkan: p* = (fp - tn) / (fp - tn + fn - tp) = 1 / (1 + 4)."""
    found = threshold({"op": "optimal", "costs": {"tp": 0, "fp": 1, "fn": 4, "tn": 0}, "probabilities": [0.19, 0.2]})
    assert found["threshold"] == pytest.approx(0.2)
    assert found["decisions"].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("costs", "policy", "decisions"),
    [
        ({"tp": 0, "fp": 0, "fn": 1, "tn": 2}, "always_positive", [1, 1]),
        ({"tp": 2, "fp": 3, "fn": 1, "tn": 0}, "always_negative", [0, 0]),
        ({"tp": 1, "fp": 0, "fn": 0, "tn": 1}, "inverted", [1, 0]),
    ],
)
def test_unreasonable_costs_have_a_policy_of_their_own(
    costs: dict[str, float], policy: str, decisions: list[int]
) -> None:
    found = threshold({"op": "optimal", "costs": costs, "probabilities": [0.1, 0.9]})
    assert (found["policy"], found["decisions"].tolist()) == (policy, decisions)
    other = found["expected_costs"]
    swapped = [1 - d for d in decisions]
    p = np.array([0.1, 0.9])
    as_swapped = np.where(swapped, p * costs["tp"] + (1 - p) * costs["fp"], p * costs["fn"] + (1 - p) * costs["tn"])
    assert (other <= as_swapped).all()


def test_the_empirical_minimum_is_the_least_over_every_threshold() -> None:
    p, labels, costs = [0.9, 0.6, 0.6, 0.3, 0.1], [1, 0, 1, 1, 0], {"tp": 0, "fp": 1, "fn": 3, "tn": 0}
    found = threshold({"op": "empirical", "costs": costs, "probabilities": p, "labels": labels})
    cuts = [2.0, *sorted(set(p))]
    totals = [
        sum((y == 0) * (q >= cut) + 3 * (y == 1) * (q < cut) for q, y in zip(p, labels, strict=True)) for cut in cuts
    ]
    assert found["min_total_cost"] == min(totals) == 1.0  # cut at 0.3: one false positive at 0.6
    assert found["threshold"] == 0.3
    assert found["cost_at_half"] == 4.0  # one false positive, one miss


def test_the_axes_of_a_cost_matrix_are_named() -> None:
    matrix, p = [[0.0, 5.0], [1.0, 0.0]], [[0.5, 0.5]]
    ask = {"op": "multiclass", "cost_matrix": matrix, "probabilities": p}
    actual = threshold({**ask, "cost_matrix_axes": ["actual", "predicted"]})
    predicted = threshold({**ask, "cost_matrix_axes": ["predicted", "actual"]})
    assert actual["expected_costs"].tolist() == [[0.5, 2.5]]
    assert predicted["expected_costs"].tolist() == [[2.5, 0.5]]
    with pytest.raises(OutOfDomain, match="name the axes"):
        threshold(ask)


def test_a_probability_moves_with_the_base_rate() -> None:
    """Odds scale by the ratio of base-rate odds: 1:1 at 1/2 becomes 1:9 at a base rate of 1/10."""
    found = threshold({"op": "base_rate_shift", "probability": 0.5, "base_rate": 0.5, "new_base_rate": 0.1})
    assert found["probability"] == pytest.approx(0.1)


def test_rebalancing_makes_one_threshold_act_as_another() -> None:
    """Elkan's theorem 1: from 1/2 to 1/10, (1/9) x 1 times as many negatives."""
    found = threshold({"op": "rebalance", "current_threshold": 0.5, "target_threshold": 0.1})
    assert found["negative_multiplier"] == pytest.approx(1 / 9)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"op": "optimal", "costs": {"tp": 0, "fp": 1, "fn": 1}, "probabilities": [0.5]}, "/costs/tn"),
        ({"op": "best"}, "/op"),
        ({"op": "base_rate_shift", "probability": 0.5, "base_rate": 0.0, "new_base_rate": 0.1}, "/base_rate"),
    ],
    ids=lambda value: str(value)[-50:] if isinstance(value, dict) else "",
)  # fmt: skip
def test_a_decision_without_meaning_is_refused(body: dict[str, Any], pointer: str) -> None:
    with pytest.raises(QuoteError) as refusal:
        threshold(body)
    assert pointer in [fault.pointer for fault in refusal.value.faults]


@pytest.mark.parametrize("case", cases("threshold"), ids=lambda case: case["id"])
def test_an_answer_has_the_expected_figures(case: dict[str, Any]) -> None:
    assert mismatches(threshold(expanded(case["request"])), case) == []


@pytest.mark.parametrize("case", wrong("threshold"), ids=lambda case: case["id"])
def test_a_wrong_question_is_refused_with_a_pointer_to_what_is_wrong(case: dict[str, Any]) -> None:
    with pytest.raises(QuoteError) as refusal:
        threshold(expanded(case["request"]))
    assert all(fault.pointer and fault.detail for fault in refusal.value.faults)
