"""Arguments that engines take are told the field that asks for them here, or why none does."""

import pytest
from pydantic import ValidationError

from mlquote.estimators.asking.engines import APART, CALLED, engine_argument
from mlquote.estimators.asking.faults import malformed
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.training.question import TrainingQuestion


@pytest.mark.parametrize("name", sorted(CALLED))
def test_every_argument_stands_for_a_field_that_there_is(name: str) -> None:
    assert CALLED[name] in ServingQuestion.model_fields
    assert name not in ServingQuestion.model_fields


def test_what_no_field_asks_for_is_no_field() -> None:
    assert not {*APART} & {*CALLED, *ServingQuestion.model_fields}


def test_only_questions_of_serving_are_told() -> None:
    assert engine_argument("Isl", ServingQuestion.model_fields) == "here it is input_tokens"
    assert engine_argument("isl", TrainingQuestion.model_fields) == ""
    assert engine_argument("colour", ServingQuestion.model_fields) == ""


@pytest.mark.parametrize(
    ("name", "word"), [("cpu_offload_gb", "lighter weight_dtype"), ("num_images", "here it is images")]
)
def test_a_question_with_it_is_refused_with_what_to_do(name: str, word: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ServingQuestion.model_validate({"model": "llama-3.1-8b", "accelerator": "h100", name: 4})
    assert word in malformed(refused.value, ServingQuestion).faults[0].hint
