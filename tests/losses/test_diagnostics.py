"""Each remark is made where it holds and nowhere else, and has one meaning in one table."""

import math
from typing import Any

import numpy as np
import pytest

from mlquote.losses.diagnostics import CODES, remark
from mlquote.losses.objective import evaluate
from tests.losses.textbook import codes

CE = {"loss": "cross_entropy", "input_form": "logits"}
BCE = {"loss": "binary_cross_entropy", "input_form": "logits"}
HALVES = {**BCE, "predictions": [0.9, 0.1] * 4, "targets": [1, 0] * 4}
ROWS = np.array([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]])

MADE: list[tuple[str, dict[str, Any]]] = [
    ("probabilities_passed_as_logits", {**CE, "predictions": ROWS, "targets": [0, 1]}),
    ("probabilities_passed_as_logits", HALVES),
    ("log_probabilities_passed_as_logits", {**CE, "predictions": np.log(ROWS), "targets": [0, 1]}),
    ("mean_over_padding", {"loss": "mse", "predictions": [1.0, 2.0], "targets": [0.0, 0.0], "mask": [1, 0],
                           "reduction": "padded_mean"}),
    ("weighted_mean_denominator", {"loss": "mse", "predictions": [1.0, 2.0], "targets": [0.0, 0.0],
                                   "weights": {"sample": [1.0, 2.0]}, "reduction": "weighted_mean"}),
    ("value_not_finite", {**BCE, "input_form": "probabilities", "predictions": [0.0], "targets": [1]}),
    ("gradient_infinite", {**BCE, "input_form": "probabilities", "predictions": [0.0], "targets": [1],
                           "gradient": True}),
    ("batch_stat", {**CE, "predictions": np.zeros((2, 5)), "targets": [0, 1]}),
    ("subgradient_at_kink", {"loss": "mse", "predictions": [1.0], "targets": [0.0], "gradient": True,
                             "regularization": [{"type": "l1", "lambda": 1.0, "theta": [0.0]}]}),
    ("convention_without_effect", {"loss": "mae", "predictions": [1.0], "targets": [0.0], "convention": "pytorch"}),
    ("field_not_used", {"loss": "triplet", "params": {"distance": "cosine", "p": 3.0},
                              "predictions": {name: [[1.0, 2.0]] for name in ("anchor", "positive", "negative")}}),
]  # fmt: skip
NOT_MADE: list[tuple[str, dict[str, Any]]] = [
    ("probabilities_passed_as_logits", {**CE, "predictions": ROWS + 1.0, "targets": [0, 1]}),
    ("probabilities_passed_as_logits", {**HALVES, "predictions": [0.9, 0.1] * 3 + [0.2], "targets": [1] * 7}),
    ("weighted_mean_denominator", {"loss": "mse", "predictions": [1.0, 2.0], "targets": [0.0, 0.0],
                                   "weights": {"sample": [2.0, 2.0]}, "reduction": "weighted_mean"}),
    ("batch_stat", {**CE, "predictions": np.zeros((2, 5)), "targets": [0, 1], "reduction": "sum"}),
    ("subgradient_at_kink", {"loss": "mae", "predictions": [1.0], "targets": [1.0]}),
    ("convention_without_effect", {"loss": "huber", "predictions": [1.0], "targets": [0.0], "convention": "sklearn"}),
    ("field_not_used", {"loss": "triplet", "params": {"distance": "cosine", "p": 2.0},
                              "predictions": {name: [[1.0, 2.0]] for name in ("anchor", "positive", "negative")}}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "body"), MADE, ids=[code for code, _ in MADE])
def test_what_holds_is_remarked(code: str, body: dict[str, Any]) -> None:
    assert code in codes(evaluate(body))


@pytest.mark.parametrize(("code", "body"), NOT_MADE, ids=[code for code, _ in NOT_MADE])
def test_what_does_not_hold_is_not_remarked(code: str, body: dict[str, Any]) -> None:
    assert code not in codes(evaluate(body))


def test_a_parameter_without_a_say_is_named_with_where_it_would_have_one() -> None:
    body = {"loss": "infonce", "predictions": {"similarities": [[1.0, 0.0]]}, "targets": [0]}
    answer = evaluate({**body, "params": {"normalize": False, "symmetric": True}})
    messages = [entry["message"] for entry in answer["diagnostics"] if entry["code"] == "field_not_used"]
    assert messages[0].startswith("params.normalize has no say here: it acts only with variant paired or")
    assert messages[1] == "params.symmetric has no say here: it acts only with variant paired"


def test_an_untrained_model_is_recognised_within_one_percent() -> None:
    """log 2 = 0.6931: a logit of 0.01 costs 0.6882, one of 0.1 costs 0.6444."""
    near, far = (evaluate({**BCE, "predictions": [z], "targets": [1]}) for z in (0.01, 0.1))
    assert near["cost"] == pytest.approx(math.log1p(math.exp(-0.01)))
    assert ("batch_stat" in codes(near), "batch_stat" in codes(far)) == (True, False)


def test_places_are_counted_and_the_first_twenty_shown() -> None:
    body = {**BCE, "input_form": "probabilities", "predictions": [0.0] * 30, "targets": [1] * 30}
    entry = next(e for e in evaluate({**body, "gradient": True})["diagnostics"] if e["code"] == "gradient_infinite")
    assert (entry["count"], entry["indices"]) == (30, list(range(20)))


def test_each_code_has_a_severity_and_words_of_its_own() -> None:
    assert {severity for severity, _ in CODES.values()} == {"info", "warning"}
    words = [text for _, text in CODES.values() if text]
    assert len(words) == len(set(words)) == len(CODES)
    assert remark("diverged")["severity"] == "warning"


def test_a_sum_says_how_many_means_its_step_is() -> None:
    """Two kept errors of 1: gradients of 2 each, those of the mean 1 each; the count is the factor."""
    body = {"loss": "mse", "predictions": [1.0, 1.0, 1.0], "targets": [0.0] * 3, "mask": [1, 1, 0], "gradient": True}
    summed, mean = evaluate({**body, "reduction": "sum"}), evaluate(body)
    (said,) = [entry for entry in summed["diagnostics"] if entry["code"] == "sum_scales_the_step"]
    ratio = summed["gradient"]["predictions"][:2] / mean["gradient"]["predictions"][:2]
    assert ratio.tolist() == [said["count"]] * 2 == [2.0, 2.0]
    for other in ({**body, "reduction": "sum", "gradient": False}, body):
        assert "sum_scales_the_step" not in {entry["code"] for entry in evaluate(other)["diagnostics"]}


def test_log_probabilities_of_answers_are_not_above_0() -> None:
    body = {
        "loss": "dpo",
        "predictions": {"policy_chosen_logps": [1.0], "policy_rejected_logps": [-2.0]},
        "targets": {"reference_chosen_logps": [-1.0], "reference_rejected_logps": [-2.0]},
    }
    said = [entry for entry in evaluate(body)["diagnostics"] if entry["severity"] == "warning"]
    assert [(entry["code"], entry["count"]) for entry in said] == [("probabilities_passed_as_log_probabilities", 1)]


def test_a_missing_reference_is_said() -> None:
    body = {"loss": "dpo", "predictions": {"policy_chosen_logps": [-1.0], "policy_rejected_logps": [-2.0]}}
    assert "reference_free" in {entry["code"] for entry in evaluate(body)["diagnostics"]}
