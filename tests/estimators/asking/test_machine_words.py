"""A part and its count in one word, and a size in a model's place."""

import pytest

from mlquote.estimators.asking.machine_words import is_size, part_and_count
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.kit.errors import Malformed


@pytest.mark.parametrize(
    ("text", "part", "count"),
    [
        ("8xH100", "H100", 8),
        ("8 x H100", "H100", 8),
        ("1,024xh100-sxm", "h100-sxm", 1024),
        ("2\u00d7A100-80GB", "A100-80GB", 2),
        ("H100:8", "H100", 8),
        ("h100 x8", "h100", 8),
        ("4xT4", "T4", 4),
    ],
)
def test_part_and_count_are_told_apart(text: str, part: str, count: int) -> None:
    assert part_and_count(text) == (part, count)


@pytest.mark.parametrize(
    "name", ["H100", "7900 XTX", "9060 XT 16GB", "7800XT", "gb200-nvl72", "trn1.32xlarge", "mi250x"]
)
def test_a_parts_own_name_stays_whole(name: str) -> None:
    assert part_and_count(name) is None


def test_the_question_holds_both_and_says_how_it_was_read() -> None:
    question = TrainingQuestion.model_validate({"model": "7b", "tokens": "1T", "accelerator": "8xH100"})
    assert (question.model, question.params) == (None, 7_000_000_000)
    assert (question.accelerator, question.accelerator_count) == ("H100", 8)
    said = [reading.why for reading in question.filled().readings]
    assert said == [
        "accelerator=8xH100 is read as accelerator=H100, accelerator_count=8",
        "model=7b is read as params=7000000000",
    ]


def test_two_counts_that_differ_are_refused() -> None:
    with pytest.raises(Malformed, match="8 of h100, and accelerator_count 16"):
        ServingQuestion.model_validate({"model": "llama-3.1-8b", "accelerator": "8xh100", "accelerator_count": 16})
    assert is_size("1.5B") and not is_size("llama 7b")
