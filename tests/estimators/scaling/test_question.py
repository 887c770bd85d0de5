"""What may be asked of a law of loss: words, positive numbers, factors with a default."""

import pytest
from pydantic import ValidationError

from mlquote.estimators.scaling.question import ScalingQuestion


def test_training_is_counted_as_each_law_has_it_and_reading_costs_two_flop() -> None:
    """Kaplan et al. 2020, section 2.1: forward 2, backward 4."""
    question = ScalingQuestion.model_validate({"op": "loss"})
    assert (question.flops_per_param_token, question.inference_flops_per_param_token) == (None, 2.0)


@pytest.mark.parametrize(
    "bad",
    [{"op": "guess"}, {"op": "loss", "N": 0}, {"op": "loss", "D": -1}, {"op": "loss", "mfu": 1.5}, {"N": 1e9}],
    ids=str,
)
def test_what_means_nothing_is_no_question(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ScalingQuestion.model_validate(bad)


@pytest.mark.parametrize("field", ["op", "problem", "scheme", "type"])
def test_the_operation_has_one_name_in_any_case(field: str) -> None:
    assert ScalingQuestion.model_validate({field: "Compute-Optimal"}).op == "compute_optimal"


def test_a_model_nobody_asks_is_trained_as_chinchilla_would() -> None:
    assert ScalingQuestion.model_validate({"op": "inference_optimal", "inference_tokens": 0}).inference_tokens == 0
