"""JSON bodies of many numbers, parsed beside the service: a parser holds the interpreter's lock, quotes need it.

Imported by the parsing process too, so it imports little.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

DEEPEST = 40
"""Levels of objects and lists in a question; an array has at most six axes."""
ARRAY_LENGTH = 256
"""Lists this long become arrays where they are parsed: an array crosses between processes as it is."""


def decoded(body: bytes | bytearray | memoryview) -> Any:
    """The JSON value of a body.

    Raises: ValueError for what is not JSON, or nested too deeply
    """
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from None
    except RecursionError:
        raise ValueError("the body is nested too deeply") from None


def parsed(body: bytes) -> Any:
    """The JSON value of a body with its long lists of numbers as arrays; lists that are no array stay as they are."""
    value = decoded(body)
    counted(value)  # refuses what is nested too deeply to be handed over
    return packed(value)


def packed(value: Any) -> Any:
    """A value with long rectangular lists of numbers as float64 arrays."""
    if isinstance(value, Mapping):
        return {name: packed(entry) for name, entry in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return [packed(entry) for entry in value]
    if isinstance(value, list) and (len(value) >= ARRAY_LENGTH or (value and isinstance(value[0], list))):
        return _as_array(value)
    return value


def _as_array(value: list[Any]) -> Any:
    try:
        found = np.asarray(value)
    except (ValueError, OverflowError):
        return value
    return found if found.dtype.kind in "fi" and found.ndim else value


def counted(value: Any, depth: int = 0) -> int:
    """How many entries a JSON value's lists and arrays hold.

    Raises: ValueError for a value nested more deeply than any question is
    """
    if depth > DEEPEST:
        raise ValueError("the body is nested too deeply")
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, Mapping):
        return sum(counted(entry, depth + 1) for entry in value.values())
    if isinstance(value, list):
        nested = value and isinstance(value[0], list | Mapping | np.ndarray)
        return sum(counted(entry, depth + 1) for entry in value) if nested else len(value)
    return 0
