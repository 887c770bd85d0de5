"""How much a text from outside may hold: nesting, names, digits, exponents; what is beyond is refused while it is read.

Numbers keep all their digits; one of more digits, or of a larger exponent, than any quantity needs is no quantity, and
to compute with it would take without bound. Text that cannot be written as UTF-8 could never be answered.
"""

import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

MOST_DEPTH = 40
"""Levels of objects and lists."""
MOST_NODES = 50_000
"""Names, list items and values of one document."""
MOST_DIGITS = 400
"""Digits of one number, and how far its exponent may go: the largest float has 309."""
_EXPONENT = re.compile(r"[eE][+-]?0*(\d*)$")
_OPENING = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)


class Unbounded(ValueError):
    """What is beyond a bound, in words."""


def fraction(text: str) -> Decimal:
    """A number as it is written.

    Raises: Unbounded for one of too many digits, or too large an exponent
    """
    exponent = _EXPONENT.search(text)
    if (
        len(text) > MOST_DIGITS
        or (exponent and len(exponent[1]) > 4)
        or (exponent and int(exponent[1] or 0) > MOST_DIGITS)
    ):
        raise Unbounded(f"the number {text[:40]} is beyond what can be computed")
    return Decimal(text.replace("_", ""))


def whole(text: str) -> int:
    """A whole number as it is written.

    Raises: Unbounded for one of too many digits
    """
    if len(text) > MOST_DIGITS:
        raise Unbounded(f"the number {text[:40]}... has {len(text)} digits")
    return int(text)


def once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """An object of these members, each of a name of its own.

    Raises: Unbounded for a name that is set twice, of which only one value would be read
    """
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Unbounded(f"{name[:80]!r} is set twice")
        found[name] = value
    return found


def outside_json(text: str | bytes) -> Any:
    """The data of JSON text from outside, its fractions as exact decimals.

    Raises: ValueError (Unbounded, JSONDecodeError, UnicodeDecodeError)
    """
    text = text.decode() if isinstance(text, bytes) else text
    _deep(text)
    return bounded(_strict.decode(text))


def members_json(text: str) -> Iterator[Any]:
    """The members of a JSON list one by one; one that is beyond a bound is the `Unbounded` that says so.

    Raises: ValueError (JSONDecodeError, Unbounded) for what is no list
    """
    _deep(text)
    place = _mark(text, 0, "[")
    if text.startswith("]", _ahead(text, place)):
        place = _mark(text, place, "]")
    while text[place - 1] != "]":
        place = _ahead(text, place)
        try:
            member, place = _strict.raw_decode(text, place)
        except Unbounded as error:
            member, place = error, _lenient.raw_decode(text, place)[1]
        yield member
        place = _mark(text, place, ",]")
    if text[place:].strip():
        raise json.JSONDecodeError("nothing is expected after the list", text, place)


def _ahead(text: str, place: int) -> int:
    """Where the next character stands that is no space, or where the text ends."""
    found = _SPACES.match(text, place)
    return found.end() if found else place


def _mark(text: str, place: int, marks: str) -> int:
    """The place after the next character, which is one of these marks."""
    place = _ahead(text, place)
    if text[place : place + 1] not in tuple(marks):
        raise json.JSONDecodeError(f"one of {' '.join(marks)} is expected", text, place)
    return place + 1


def names_once(raw: bytes) -> None:
    """Refuse a JSON object in which a name is set twice; nearly free where every name of the text is another one.

    Raises: Unbounded; what is no JSON is left to whoever reads it
    """
    if b"\\u" not in raw:
        names = _NAMES.findall(raw)
        if len(set(names)) == len(names):
            return
    try:
        _deep(text := raw.decode("utf-8", "replace"))
        _pairs_only.decode(text)
    except json.JSONDecodeError:
        return


def bounded(data: Any) -> Any:
    """The same data, where it is within every bound.

    Raises: Unbounded
    """
    waiting: list[tuple[Any, int]] = [(data, 0)]
    nodes = 0
    while waiting:
        value, depth = waiting.pop()
        nodes += 1
        if depth > MOST_DEPTH:
            raise Unbounded("it is nested too deeply")
        if nodes + len(waiting) > MOST_NODES:
            raise Unbounded(f"it holds more than {MOST_NODES} names and values")
        if isinstance(value, dict):
            for name in value:
                _writable(name)
            waiting.extend((member, depth + 1) for member in value.values())
        elif isinstance(value, list):
            waiting.extend((member, depth + 1) for member in value)
        elif isinstance(value, str):
            _writable(value)
        elif type(value) is int and value.bit_length() > 4 * MOST_DIGITS:
            raise Unbounded(f"a number has more than {MOST_DIGITS} digits")
    return data


def _deep(text: str) -> None:
    """Refuse what a parser that calls itself could not leave again."""
    if text.count("[") + text.count("{") <= MOST_DEPTH:
        return
    depth = 0
    for mark in _OPENING.finditer(text):
        token = mark[0]
        depth += (token in "[{") - (token in "]}")
        if depth > MOST_DEPTH:
            raise Unbounded("it is nested too deeply")


def _writable(text: str) -> None:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Unbounded("half a surrogate pair stands in it, which is no text") from None


def _no_number(word: str) -> Any:
    raise Unbounded(f"{word} is no JSON number")


_SPACES = re.compile(r"[ \t\r\n]*")
_NAMES = re.compile(rb'"([^"\\]*)"\s*:')
_strict = json.JSONDecoder(parse_float=fraction, parse_int=whole, parse_constant=_no_number, object_pairs_hook=once)
_pairs_only = json.JSONDecoder(parse_float=str, parse_int=str, object_pairs_hook=once)
_lenient = json.JSONDecoder(parse_float=str, parse_int=str)
