"""Whole answers: every case of vectors.ndjson, values, gradients, refusals and diagnostics."""

from typing import Any

import numpy as np
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


MSE = {"loss": "mse", "predictions": [[1.0, 2.0]], "targets": [[0.0, 0.0]]}
L2 = {"type": "l2", "lambda": 2.0, "theta": [3.0]}
"""2/2 x 9 = 9, gradient 6."""


def test_the_objective_is_the_cost_and_the_penalties() -> None:
    """(1 + 4) / 2 + 9."""
    answer = evaluate({**MSE, "regularization": [L2], "gradient": True})
    assert (answer["cost"], answer["penalty"], answer["objective"]) == (2.5, 9.0, 11.5)
    assert answer["empirical_risk"] == answer["cost"]
    assert answer["gradient"]["theta"][0].tolist() == answer["gradient_theta"][0].tolist() == [6.0]


def test_gradients_come_back_shaped_as_the_predictions_went_in() -> None:
    p = np.random.default_rng(1).normal(size=(2, 4, 3))
    body = {"loss": "cross_entropy", "input_form": "logits", "predictions": p, "targets": np.zeros((2, 3))}
    for axis, array in ((1, p), (2, np.moveaxis(p, 1, 2)), (-1, np.moveaxis(p, 1, 2))):
        answer = evaluate({**body, "predictions": array, "params": {"class_axis": axis}, "gradient": True})
        assert answer["gradient"]["predictions"].shape == array.shape
        assert answer["per_example"].shape == (2, 3)


def test_named_predictions_have_named_gradients() -> None:
    body = {"loss": "gaussian_nll", "predictions": {"mean": [1.0], "variance": [1.0]}, "targets": [0.0]}
    assert set(evaluate({**body, "gradient": True})["gradient"]["predictions"]) == {"mean", "variance"}
    assert set(evaluate({**body, "gradient": ["mean"]})["gradient"]["predictions"]) == {"mean"}


def test_what_is_not_asked_for_is_not_answered() -> None:
    answer = evaluate({**MSE, "return_per_example": False})
    assert not {"per_example", "gradient", "gradient_theta", "components"} & set(answer)


def test_every_choice_made_is_told() -> None:
    body = {"loss": "cross_entropy", "predictions": [[0.0, 0.0]] * 2, "targets": [0, -100], "convention": "PyTorch"}
    resolved = evaluate({**body, "weights": {"class": [1.0, 2.0]}})["resolved"]
    assert (resolved["loss"], resolved["convention"], resolved["input_form"]) == ("cross_entropy", "pytorch", "logits")
    assert (resolved["reduction"], resolved["masked"]) == ("weighted_mean", 1)
    assert resolved["weights"] == ["class"]
    assert resolved["params"]["ignore_index"] == -100


def test_the_properties_have_the_question_s_weights_and_smoothing_in_them() -> None:
    """Weight 8: slope 8, curvature 8/4; classes 10 and 1: 10/2; smoothing 0.2: the entropy of 0.1 and 0.9."""
    bce: dict[str, Any] = {"loss": "bce", "input_form": "logits", "predictions": [0.5], "targets": [1]}
    weighted = evaluate({**bce, "weights": {"pos": 8.0}})["properties"]
    assert (weighted["lipschitz"], weighted["smooth"]) == (8.0, 2.0)
    entropy = -(0.1 * np.log(0.1) + 0.9 * np.log(0.9))
    assert evaluate({**bce, "params": {"label_smoothing": 0.2}})["properties"]["bounded_below"] == pytest.approx(
        entropy
    )
    ce: dict[str, Any] = {"loss": "ce", "input_form": "logits", "predictions": [[0.0, 0.0]], "targets": [1]}
    assert evaluate({**ce, "weights": {"class": [10.0, 1.0]}})["properties"]["smooth"] == 5.0
    smoothed = {**ce, "params": {"label_smoothing": 0.2}}
    assert evaluate(smoothed)["properties"]["bounded_below"] == pytest.approx(entropy)
    best = evaluate({**smoothed, "predictions": [[0.0, np.log(9.0)]], "weights": {"class": [1.0, 1.0]}})
    assert best["cost"] == pytest.approx(best["properties"]["bounded_below"])


def test_an_answer_leaves_its_question_as_it_was() -> None:
    p, y = np.array([1.0, 2.0]), np.array([0.0, 1.0])
    body = {"loss": "huber", "predictions": p, "targets": y, "gradient": True, "mask": [1, 0]}
    first, second = evaluate(body), evaluate(body)
    assert (p.tolist(), y.tolist()) == ([1.0, 2.0], [0.0, 1.0])
    assert first["cost"] == second["cost"]


def test_a_value_that_underflows_where_its_gradient_does_not_is_counted() -> None:
    """(1e-170)^2 is 0 in float64, its slope 2e-170 is not."""
    answer = evaluate({"loss": "mse", "predictions": [1e-170, 1.0], "targets": [0.0, 0.0], "gradient": True})
    assert answer["numerics"]["underflow"] == 1


def test_a_likelihood_is_told_as_perplexity_and_bits_too() -> None:
    """Two of four equal logits: log 4 nats each, perplexity 4, 2 bits a target; 4 bits over 8 bytes are 1/2."""
    body = {"loss": "cross_entropy", "input_form": "logits", "predictions": [[0.0] * 4] * 2, "targets": [0, 1]}
    found = evaluate({**body, "text_bytes": 8})["likelihood"]
    assert found["perplexity"] == pytest.approx(4.0)
    assert found["bits_per_target"] == pytest.approx(2.0)
    assert found["bits_per_byte"] == pytest.approx(0.5)
    assert evaluate({**body, "loss": "perplexity"})["cost"] == pytest.approx(4.0)
    assert evaluate({**body, "params": {"label_smoothing": 0.1}})["likelihood"] is None
