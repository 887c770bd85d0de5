"""Every golden case of the loss room, in process: values, gradients, refusals and diagnostics."""

from collections.abc import Callable
from typing import Any

import pytest

from mlquote.kit.errors import QuoteError
from mlquote.losses.objective import evaluate
from mlquote.losses.regularizers import regularizer
from mlquote.losses.uses.closed_form import closed_form
from mlquote.losses.uses.descent import descent
from mlquote.losses.uses.surface import surface
from mlquote.losses.uses.thresholds import threshold
from mlquote.losses.weighting import class_weights
from tests.losses.vectors import cases, expanded, mismatches

OPERATIONS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "loss": evaluate,
    "diagnostic": evaluate,
    "regularizer": regularizer,
    "class_weight": class_weights,
    "closed_form": closed_form,
    "threshold": threshold,
    "gd_trace": descent,
    "loss_slice": surface,
}


@pytest.mark.parametrize("case", cases(*OPERATIONS), ids=lambda case: case["id"])
def test_an_answer_has_the_expected_figures(case: dict[str, Any]) -> None:
    answer = OPERATIONS[case["kind"]](expanded(case["request"]))
    assert mismatches(answer, case) == []


@pytest.mark.parametrize(
    "case", [case for case in cases("error") if case["endpoint"] in OPERATIONS], ids=lambda case: case["id"]
)
def test_a_wrong_question_is_refused_with_a_pointer_to_what_is_wrong(case: dict[str, Any]) -> None:
    with pytest.raises(QuoteError) as refusal:
        OPERATIONS[case["endpoint"]](expanded(case["request"]))
    assert all(fault.pointer and fault.detail for fault in refusal.value.faults)
