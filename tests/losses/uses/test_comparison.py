"""One input under every framework's defaults: values, divisors and reasons."""

from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.frameworks.table import FUNCTIONS
from mlquote.losses.uses.comparison import DIVISORS, compare
from tests.losses.cases import CASES

HUBER = {"loss": "huber", "predictions": [4.5, 0.0], "targets": [0.0, 0.0]}


def found(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {entry["framework"]: entry for entry in compare(body)["frameworks"]}


@pytest.mark.parametrize("case", CASES)
def test_every_framework_that_has_the_loss_answers_or_says_why_not(case: str) -> None:
    body = CASES[case](np.random.default_rng(2))
    frameworks = found(body)
    assert list(frameworks) == list(FUNCTIONS.get(body["loss"], {}))
    for entry in frameworks.values():
        assert entry["value"] is not None or entry["reasons"]


def test_the_reference_is_the_plain_mean() -> None:
    """(4.5 - 1/2) / 2 at delta 1."""
    answer = compare(HUBER)
    assert (answer["reference"]["value"], answer["reference"]["divisor"]) == (2.0, 2.0)
    assert answer["reference"]["divided_by"] == DIVISORS["mean"]
    assert answer["values_differ"] is True  # scikit-learn's delta is 0.1


def test_a_default_that_differs_is_a_reason_and_a_difference() -> None:
    """Delta 0.1: 0.1 (4.5 - 0.05) / 2 = 0.2225, 1.7775 below."""
    entry = found(HUBER)["sklearn"]
    assert entry["value"] == pytest.approx(0.2225)
    assert entry["difference"] == pytest.approx(-1.7775)
    assert "delta is 0.1 by default, 1 in the reference" in entry["reasons"]


def test_a_parameter_that_is_given_holds_for_all() -> None:
    values = {entry["value"] for entry in found({**HUBER, "params": {"delta": 2.0}}).values()}
    assert values == {3.5}  # 2 (4.5 - 1) / 2


def test_a_framework_that_reduces_nothing_has_its_mean_taken_here() -> None:
    entry = found(HUBER)["optax"]
    assert (entry["mean_taken_here"], entry["value"], entry["divisor"]) == (True, 2.0, None)


def test_an_input_a_framework_does_not_take_is_its_reason() -> None:
    body = {"loss": "binary_cross_entropy", "input_form": "probabilities", "predictions": [0.5], "targets": [1]}
    assert found(body)["optax"]["reasons"] == [
        "optax.losses.sigmoid_binary_cross_entropy takes logits, not probabilities"
    ]


def test_a_divisor_that_differs_is_named_with_both_numbers() -> None:
    weights = {"weights": {"sample": [1.0, 3.0]}}
    entry = found({"loss": "mse", "predictions": [1.0, 2.0], "targets": [0.0, 0.0], **weights})["pytorch"]
    assert "divides by the sum of weights, 4, not 2" in entry["reasons"]


def test_a_function_s_input_form_is_taken_with_its_name() -> None:
    ask = {"loss": "torch.nn.functional.binary_cross_entropy_with_logits", "predictions": [0.0], "targets": [1]}
    answer = compare(ask)
    assert answer["loss"] == "binary_cross_entropy"
    assert answer["reference"]["value"] == pytest.approx(np.log(2))
    with pytest.raises(OutOfDomain, match="takes logits"):
        compare({**ask, "input_form": "probabilities"})


@pytest.mark.parametrize("field", ["reduction", "convention", "gradient", "regularization"])
def test_what_a_comparison_decides_itself_is_refused(field: str) -> None:
    with pytest.raises(OutOfDomain) as refusal:
        compare({**HUBER, field: "mean"})
    assert refusal.value.faults[0].pointer == f"/{field}"
