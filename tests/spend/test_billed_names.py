"""What the meters of clouds' bills are called, and the models that they mean."""

import pytest

from mlquote.spend.billed_names import readings_of


@pytest.mark.parametrize(
    ("spelling", "model", "processing"),
    [
        ("gpt 4o mini 0718 Outp regnl Tokens", "gpt 4o mini", None),
        ("gpt 5 cached inpt Glbl 1M Tokens", "gpt 5", None),
        ("gpt 4o 0806 Batch Inp glbl Tokens", "gpt 4o", "batch"),
        ("Gemini 2.5 Pro Text Output - Predictions", "Gemini 2.5 Pro", None),
        ("Claude4.5Haiku", "anthropic.claude-haiku-4-5", None),
    ],
)
def test_the_words_of_a_meter_are_taken_off(spelling: str, model: str, processing: str | None) -> None:
    first = next(readings_of(spelling))
    assert (first.model, first.processing) == (model, processing)


@pytest.mark.parametrize("spelling", ["gpt-5", "Inp Tokens", "", "gpt 4o realtime audio hours"])
def test_a_name_with_other_words_is_left_as_it_is(spelling: str) -> None:
    assert list(readings_of(spelling)) == []
