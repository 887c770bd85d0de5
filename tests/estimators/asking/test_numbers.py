"""Numbers as people write them, and those that may mean two things."""

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from mlquote.estimators.asking.faults import malformed
from mlquote.estimators.asking.numbers import is_number, written
from mlquote.estimators.asking.question import (
    Count,
    Fraction,
    NonNegative,
    Positive,
    PositiveCount,
    Question,
    Share,
    Usd,
)
from mlquote.estimators.kinds import ESTIMATORS
from mlquote.estimators.scaling.question import ScalingQuestion


class Sizes(BaseModel):
    """Fields of every type of number."""

    tokens: Count = 0
    params: PositiveCount = 1
    sequence_length: PositiveCount = 1
    accelerator_hours: Positive = 1.0
    step_s: Positive = 1.0
    max_ttft_ms: NonNegative = 0.0
    power_w: Positive = 1.0
    mfu: Share = 1.0
    hit_fraction: Fraction = 0.0
    usd_per_accelerator_hour: Usd | None = None


def sized(**fields: Any) -> Mapping[str, Any]:
    return Sizes.model_validate(fields).model_dump()


@pytest.mark.parametrize(
    ("field", "text", "number"),
    [
        ("tokens", "1M", 10**6),
        ("tokens", "15T", 15 * 10**12),
        ("tokens", "1.5 T tokens", 15 * 10**11),
        ("tokens", "1,000,000", 10**6),
        ("tokens", "1 000 000", 10**6),
        ("tokens", "1_000_000", 10**6),
        ("tokens", "1.5e6", 1_500_000),
        ("tokens", "2k", 2000),
        ("tokens", "2 million", 2 * 10**6),
        ("tokens", "10^12", 10**12),
        ("tokens", "1.5x10^9", 15 * 10**8),
        ("params", "7b", 7 * 10**9),
        ("params", "1.3B params", 13 * 10**8),
        ("params", "350m", 350 * 10**6),
        ("accelerator_hours", "1.5k", 1500.0),
        ("accelerator_hours", "100 h", 100.0),
        ("max_ttft_ms", "500ms", 500.0),
        ("power_w", "700 W", 700.0),
        ("mfu", "40%", 0.4),
        ("hit_fraction", "12.5 %", 0.125),
    ],
)
def test_a_number_is_read_as_it_is_written(field: str, text: str, number: float) -> None:
    assert sized(**{field: text})[field] == number


@pytest.mark.parametrize("text", ["$2.50", "2.50$", "USD 2.50", "2.50 dollars", "$2.50/h", "$2.50 per gpu hour"])
def test_dollars_keep_every_digit(text: str) -> None:
    assert str(sized(usd_per_accelerator_hour=text)["usd_per_accelerator_hour"]) == "2.50"


@pytest.mark.parametrize(
    ("field", "text", "hint"),
    [
        ("tokens", "1,5", "write 15"),
        ("accelerator_hours", "1,5", "write 1.5 or 15"),
        ("tokens", "1.000.000", "write 1000000"),
        ("tokens", "1.000", "write 1000 or 1"),
        ("tokens", "1MM", "write 1000000 or 1000000000000"),
        ("sequence_length", "8k", "write 8192 or 8000"),
        ("tokens", "$5", "write the number without $"),
        ("usd_per_accelerator_hour", "\u20ac2", "write the same in dollars"),
        ("max_ttft_ms", "2s", "write the number in that unit"),
        ("step_s", "5m", "write 5000000 or for minutes, the number in the field's own unit"),
    ],
)
def test_what_may_mean_two_things_is_refused_with_both(field: str, text: str, hint: str) -> None:
    with pytest.raises(ValidationError) as refused:
        sized(**{field: text})
    assert malformed(refused.value, Sizes).faults[0].hint == hint


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tokens", "lots"),
        ("tokens", "8xH100"),
        ("mfu", 40),
        ("tokens", "1e9999999k"),
        ("tokens", True),
        ("mfu", "4 %%"),
    ],
)
def test_what_is_no_number_is_refused(field: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        sized(**{field: value})
    assert malformed(refused.value, Sizes).faults[0].hint or value is True


def test_a_text_that_says_no_number_stays_as_it_is() -> None:
    assert written("gpt-4o") == "gpt-4o" and not is_number("gpt-4o") and is_number("1,000")


def _numeric_fields(question: type[Question]) -> list[str]:
    shapes = question.model_json_schema()["properties"]
    kinds = {name: {each.get("type") for each in shape.get("anyOf", [shape])} for name, shape in shapes.items()}
    return [name for name, said in kinds.items() if said & {"integer", "number"} and name != "zero_stage"]


QUESTIONS = [*(member.question for member in ESTIMATORS.values()), ScalingQuestion]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.__name__)
def test_every_number_of_every_question_may_be_written_in_words(question: type[Question]) -> None:
    for name in _numeric_fields(question):
        with pytest.raises(ValidationError) as refused:
            question.model_validate({name: "1MM"})
        faults = malformed(refused.value, question).faults
        assert any(fault.pointer == f"/{name}" and "1000000" in fault.hint for fault in faults), name
