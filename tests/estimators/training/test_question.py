"""What may be asked: numbers with a meaning, months by their first day."""

from typing import Any

import pytest
from pydantic import ValidationError

from mlquote.estimators.training.question import TrainingQuestion
from tests.estimators.training.asking import PLAIN


@pytest.mark.parametrize(
    "fields",
    [
        {"tokens": -1},
        {"tokens": "nan"},
        {"tokens": 1e40},
        {"pue": 0.9},
        {"mfu": 1.5},
        {"acelerator": "a1"},
        {"epochs": 0},
    ],
    ids=str,
)
def test_numbers_without_meaning_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TrainingQuestion.model_validate(PLAIN | fields)


@pytest.mark.parametrize("said", ["2024-07-01", "2024-07", "2024-07-01T00:00:00Z"])
def test_a_month_is_its_first_day(said: str) -> None:
    question = TrainingQuestion.model_validate({"accelerator": "h100", "date": said})
    assert question.date is not None
    assert question.date.isoformat() == "2024-07-01T00:00:00+00:00"


@pytest.mark.parametrize("word", ["LoRA", " lora ", "lora"])
def test_words_are_read_whatever_their_case(word: str) -> None:
    assert TrainingQuestion.model_validate({"accelerator": "h100", "method": word}).method == "lora"
