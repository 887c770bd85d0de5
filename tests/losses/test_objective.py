"""Whole answers: every case of vectors.ndjson, values, gradients, refusals and diagnostics."""

from typing import Any

import pytest

from mlquote.kit.errors import QuoteError
from mlquote.losses.objective import evaluate
from tests.losses.vectors import cases, expanded, mismatches, wrong


@pytest.mark.parametrize("case", cases("loss", "diagnostic"), ids=lambda case: case["id"])
def test_an_answer_has_the_expected_figures(case: dict[str, Any]) -> None:
    assert mismatches(evaluate(expanded(case["request"])), case) == []


@pytest.mark.parametrize("case", wrong("loss", "diagnostic"), ids=lambda case: case["id"])
def test_a_wrong_question_is_refused_with_a_pointer_to_what_is_wrong(case: dict[str, Any]) -> None:
    with pytest.raises(QuoteError) as refusal:
        evaluate(expanded(case["request"]))
    assert all(fault.pointer and fault.detail for fault in refusal.value.faults)
