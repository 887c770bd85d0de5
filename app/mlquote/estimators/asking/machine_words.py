"""A part and how many of it, or a size in a model's place, said in one word: 8xH100, H100:8, 7b."""

import re
from typing import TypeVar

from mlquote.estimators.asking.numbers import written
from mlquote.estimators.asking.question import Question
from mlquote.kit.errors import Malformed

Q = TypeVar("Q", bound=Question)
_BEFORE = re.compile(r"(\d{1,8}|\d{1,3}(?:,\d{3})+)\s*[x\u00d7*]\s*(?!tx?(?:[\s-]|\d+gb|$))([a-z].*)", re.IGNORECASE)
_AFTER = re.compile(r"([a-z].*?[^x\s])(?:\s*:\s*|\s*[\u00d7*]\s*|\s+x\s*)(\d{1,8})", re.IGNORECASE)
"""SkyPilot's H100:8 among them (https://docs.skypilot.co/en/latest/compute/gpus.html)."""
_SIZE = re.compile(r"\d+(?:\.\d+)?\s*[bmt]", re.IGNORECASE)


def part_and_count(text: str) -> tuple[str, int] | None:
    """The part and the count that one word says; None where it is a part's name alone."""
    if before := _BEFORE.fullmatch(text.strip()):
        return before[2].strip(), int(before[1].replace(",", ""))
    if after := _AFTER.fullmatch(text.strip()):
        return after[1].strip(), int(after[2])
    return None


def is_size(text: str) -> bool:
    """Whether a word in a model's place is only a number of parameters: 7b, 1.5B, 350m."""
    return _SIZE.fullmatch(text.strip()) is not None


def words_apart(question: Q) -> Q:
    """A question about machines with what one word says together in the fields of its own; noted on the question.

    Raises: Malformed where another field says otherwise
    """
    accelerator, model = getattr(question, "accelerator", None), getattr(question, "model", None)
    counted = part_and_count(accelerator) if accelerator else None
    if counted is not None:
        part, count = counted
        given = getattr(question, "accelerator_count", None)
        if given not in (None, count):
            told = f"accelerator says {count} of {part}, and accelerator_count {given}"
            raise Malformed(told, pointer="/accelerator_count", hint="say the count once")
        question = question.read_as("accelerator", accelerator, accelerator=part, accelerator_count=count)
    if model and is_size(model) and getattr(question, "params", None) is None:
        question = question.read_as("model", model, model=None, params=int(float(written(model, "params"))))
    return question
