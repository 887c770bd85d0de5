"""Arguments that trainers take are told the field that asks for them here."""

import pytest

from mlquote.estimators.asking.trainers import CALLED, called_here
from mlquote.estimators.training.question import TrainingQuestion


@pytest.mark.parametrize("name", sorted(CALLED))
def test_every_argument_stands_for_a_field_that_there_is(name: str) -> None:
    assert CALLED[name] in TrainingQuestion.model_fields
    assert name not in TrainingQuestion.model_fields


def test_a_question_without_the_field_is_given_no_hint() -> None:
    assert called_here("num_generations", TrainingQuestion.model_fields) == "here it is generations_per_prompt"
    assert called_here("num_generations", ["tokens"]) == ""
    assert called_here("colour", TrainingQuestion.model_fields) == ""
