"""JSON as it came: every number with its own digits, keys in their order, and masks put on by field."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Digits:
    """A number as it was spelt."""

    text: str


def parsed(text: str) -> Any:
    """The JSON value that `text` spells, its numbers unread.

    Raises: ValueError for what is not JSON, or would not be written back as it came
    """
    value = json.loads(text, parse_int=Digits, parse_float=Digits, parse_constant=Digits)
    if compact(value) != text:
        raise ValueError(f"not compact JSON: {text[:200]!r}")
    return value


def parsed_lines(text: str) -> list[Any]:
    """The values of a list with an element on each line, or of lines without a list around them.

    Raises: ValueError for any other white space
    """
    is_list = text.startswith("[")
    lines = text.removeprefix("[").removesuffix("]\n").split(",\n") if is_list else text.removesuffix("\n").split("\n")
    values = [parsed(line) for line in lines]
    again = [compact(value) for value in values]
    if text != ("[" + ",\n".join(again) + "]\n" if is_list else "\n".join(again) + "\n"):
        raise ValueError(f"not a value on each line: {text[:200]!r}")
    return values


def compact(value: Any) -> str:
    """A value as the service writes it."""
    return _written(value, "", ":")


def pretty(value: Any) -> str:
    """A value with a member on each line."""
    return _written(value, "\n", ": ") + "\n"


MEASURED_DIGITS = 15
"""From so many digits on a number is a float's: its last ones are the processor's, money's never."""
_NUMBER = re.compile(r"(?P<before>.*?)(?P<number>-?\d[-+.\de]*)(?P<after>,?)")


def alike(kept: str, said: str) -> bool:
    """Whether two pretty texts are the same but for the last digits of floats, which differ by machine."""
    ours, theirs = kept.splitlines(), said.splitlines()
    return len(ours) == len(theirs) and all(map(_alike, ours, theirs))


def _alike(kept: str, said: str) -> bool:
    if kept == said:
        return True
    first, second = _NUMBER.fullmatch(kept), _NUMBER.fullmatch(said)
    if first is None or second is None or (first["before"], first["after"]) != (second["before"], second["after"]):
        return False
    numbers = first["number"], second["number"]
    floats = max(sum(map(str.isdigit, number.partition("e")[0])) for number in numbers) >= MEASURED_DIGITS
    return floats and math.isclose(*map(float, numbers), rel_tol=1e-12, abs_tol=1e-15)


def _written(value: Any, start: str, colon: str) -> str:
    """`start` begins the line that `value` stands on; an empty one keeps everything on one line."""
    inner = start + " " if start else ""
    if isinstance(value, Digits):
        return value.text
    if isinstance(value, Mapping):
        ends = "{}"
        members = [f"{_text(name)}{colon}{_written(each, inner, colon)}" for name, each in value.items()]
    elif isinstance(value, Sequence) and not isinstance(value, str):
        ends = "[]"
        members = [_written(each, inner, colon) for each in value]
    else:
        return _text(value)
    return ends[0] + inner + f",{inner}".join(members) + start + ends[1] if members else ends


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def masked(value: Any, fields: Sequence[str], path: str = "") -> Any:
    """`value` with a word in place of each field named; `a/b` names the field b of every a, and null stays null.

    Lists add nothing to a path: `rows/id` is the id of each row.
    """
    if isinstance(value, Mapping):
        return {name: masked(each, fields, f"{path}/{name}") for name, each in value.items()}
    if isinstance(value, list):
        return [masked(each, fields, path) for each in value]
    is_named = value is not None and any(path.endswith(f"/{field}") for field in fields)
    return f"<{path.rpartition('/')[2]}>" if is_named else value
