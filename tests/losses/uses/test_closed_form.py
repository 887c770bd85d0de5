"""Closed forms of linear models, solved by hand."""

from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain, QuoteError, TooLarge
from mlquote.losses.uses.closed_form import closed_form
from tests.losses.vectors import cases, expanded, mismatches, wrong

LINE = {"X": [[0.0], [1.0], [2.0]], "y": [1.0, 3.0, 5.0]}
"""y = 1 + 2 x exactly."""


def test_least_squares_finds_the_line_the_data_lie_on() -> None:
    found = closed_form({"problem": "ols", **LINE})
    assert found["theta"] == pytest.approx([2.0])
    assert found["intercept"] == pytest.approx(1.0)
    assert found["objective"] == pytest.approx(0.0, abs=1e-25)


@pytest.mark.parametrize(
    ("convention", "c"), [("sum", 6.0), ("mean", 18.0), ("half_mean", 18.0), ("mean_half_penalty", 9.0)]
)
def test_ridge_conventions_differ_by_what_lambda_is_multiplied_with(convention: str, c: float) -> None:
    """Centred: x = -1, 0, 1 and y = -2, 0, 2, so x'x = 2, x'y = 4 and theta = 4 / (2 + c); N = 3, lambda = 6."""
    found = closed_form({"problem": "ridge", **LINE, "lambda": 6.0, "convention": convention})
    assert found["theta"] == pytest.approx([4.0 / (2.0 + c)])
    assert found["equivalents"]["sklearn_ridge_alpha"] == c
    assert found["effective_degrees_of_freedom"] == pytest.approx(2.0 / (2.0 + c))


def test_a_row_of_weight_two_counts_as_two_rows() -> None:
    common = {"problem": "ridge", "lambda": 1.5, "convention": "sum"}
    X, y = [[0.3], [1.1], [2.0]], [1.0, 2.0, 5.0]
    weighted = closed_form({**common, "X": X, "y": y, "sample_weight": [1.0, 2.0, 1.0]})
    repeated = closed_form({**common, "X": [*X, X[1]], "y": [*y, y[1]]})
    assert weighted["theta"] == pytest.approx(repeated["theta"])
    assert weighted["intercept"] == pytest.approx(repeated["intercept"])


def test_lasso_on_one_column_is_a_soft_threshold() -> None:
    """No intercept: x'y = 13, x'x = 5; sum form threshold lambda/2 = 3: theta = (13 - 3) / 5."""
    found = closed_form({"problem": "lasso", **LINE, "lambda": 6.0, "convention": "sum", "fit_intercept": False})
    assert found["theta"] == pytest.approx([2.0])
    assert found["equivalents"]["sklearn_alpha"] == pytest.approx(1.0)  # lambda / (2 N) = 6 / 6
    assert found["kkt_residual"] <= 1e-10


def test_a_lasso_strong_enough_keeps_nothing() -> None:
    found = closed_form({"problem": "lasso", **LINE, "lambda": 26.0, "convention": "sum", "fit_intercept": False})
    assert found["theta"] == [0.0]
    assert found["nonzero"] == 0


def test_elastic_net_between_ridge_and_lasso() -> None:
    """Half-mean form times N = 3: 1/2 RSS + 3 |t| + 3/2 t^2, so theta = (13 - 3) / (5 + 3)."""
    body = {"problem": "elastic_net", **LINE, "lambda": 2.0, "l1_ratio": 0.5, "convention": "half_mean"}
    found = closed_form({**body, "fit_intercept": False})
    assert found["theta"] == pytest.approx([1.25])


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"convention": "loose"}, "/convention"),
        ({"lambda": -1.0}, "/lambda"),
        ({"y": [1.0]}, "/y"),
        ({"X": [[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]], "lambda": 0.0}, "/X"),
        ({"sample_weight": [0.0, 0.0, 0.0]}, "/sample_weight"),
        ({"l1_ratio": 0.5}, "/l1_ratio"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_closed_form_without_meaning_is_refused(change: dict[str, Any], pointer: str) -> None:
    with pytest.raises(OutOfDomain) as refusal:
        closed_form({"problem": "ridge", **LINE, "lambda": 1.0, "convention": "sum", **change})
    assert refusal.value.faults[0].pointer == pointer


def test_too_many_columns_are_too_large() -> None:
    with pytest.raises(TooLarge):
        closed_form({"problem": "ols", "X": np.zeros((2, 513)), "y": [1.0, 2.0]})


@pytest.mark.parametrize("case", cases("closed_form"), ids=lambda case: case["id"])
def test_an_answer_has_the_expected_figures(case: dict[str, Any]) -> None:
    assert mismatches(closed_form(expanded(case["request"])), case) == []


@pytest.mark.parametrize("case", wrong("closed_form"), ids=lambda case: case["id"])
def test_a_wrong_question_is_refused_with_a_pointer_to_what_is_wrong(case: dict[str, Any]) -> None:
    with pytest.raises(QuoteError) as refusal:
        closed_form(expanded(case["request"]))
    assert all(fault.pointer and fault.detail for fault in refusal.value.faults)
