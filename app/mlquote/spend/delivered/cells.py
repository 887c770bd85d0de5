"""The members of one record, whatever its file's form: text in a table's cell, or the JSON value itself.

Names are found as the source spells them, in any case, with or without spaces and marks between their words:
`StartTime` is `start_time`. A value that is none of what is asked for is refused with its pointer, never guessed at.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

import msgspec

from mlquote.catalog.remembered import Memory
from mlquote.kit.errors import Malformed, OutOfDomain
from mlquote.spend.bounds import Unbounded, fraction

MOST: Final = 10**15
"""No single line counts more than this of anything; beyond it the number is a mistake."""
_MOST_LETTERS: Final = 8_000
_DIGITS: Final = 16
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_OWN_NAME: Final = re.compile(r" \(([A-Z][A-Za-z0-9]{3,})\)$")
_STEPS: Final = ((10**17, 10**9), (10**14, 10**6), (10**11, 10**3))
"""Nano-, micro- and milliseconds since 1970, by how large the number is."""


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """A name without its case, spaces and marks: usage_start_time, UsageStartTime, Usage Start Time.

    Of a header that gives its own name in parentheses after a translated one, that name: "Maßeinheit (UnitOfMeasure)".
    """
    own = _OWN_NAME.search(name)
    name = own[1] if own else name
    return "".join(letter for letter in name.casefold() if letter.isalnum())


class Cells:
    """One record's members, found by their folded names."""

    __slots__ = ("_known", "at", "values")

    def __init__(self, values: Mapping[str, Any], at: str = "") -> None:
        """`at` is the pointer of the record in its document."""
        self.values, self.at = values, at
        self._known: Mapping[str, str] | None = None

    def name_of(self, *names: str) -> str | None:
        """The first of these names that the record has a value for, as the record spells it."""
        values = self.values
        for name in names:
            if values.get(name) not in (None, ""):
                return name
        known = self._known
        if known is None:
            known = self._known = _FOLDED[tuple(values)]
        for name in names:
            found = known.get(folded(name))
            if found is not None and values[found] not in (None, ""):
                return found
        return None

    def has(self, *names: str) -> bool:
        """Whether any of these is there and not empty."""
        return self.name_of(*names) is not None

    def raw(self, *names: str) -> Any:
        """The value of the first of these names that is there; None where none is."""
        found = self.name_of(*names)
        return None if found is None else self.values[found]

    def pointer(self, name: str) -> str:
        """Where a member stands."""
        return f"{self.at}/{name}"

    def word(self, *names: str) -> str | None:
        """A member as text; None where it is missing or empty."""
        value = self.values.get(names[0])
        if value.__class__ is str and value:
            return value.strip() or None
        value = self.raw(*names)
        if value is None or isinstance(value, Mapping | list):
            return None
        return str(value).strip() or None

    def needed_word(self, *names: str) -> str:
        """A member as text.

        Raises: Malformed where it is missing
        """
        found = self.word(*names)
        if found is None:
            raise Malformed(f"{names[0]} is missing", pointer=self.pointer(names[0]))
        return found

    def number(self, *names: str) -> Decimal | None:
        """A member as an exact number; None where it is missing or empty.

        Raises: Malformed for what is none
        """
        found = self.name_of(*names)
        return None if found is None else number_of(self.values[found], found, self.pointer(found))

    def needed_number(self, *names: str) -> Decimal:
        """A member as an exact number.

        Raises: Malformed where it is missing or none
        """
        found = self.number(*names)
        if found is None:
            raise Malformed(f"{names[0]} is missing, and zero would be a guess", pointer=self.pointer(names[0]))
        return found

    def count(self, *names: str) -> int | None:
        """A member as a whole number that is not negative; None where it is missing or empty.

        Raises: Malformed, OutOfDomain
        """
        found = self.name_of(*names)
        if found is None:
            return None
        raw = self.values[found]
        if raw.__class__ is int and 0 <= raw <= MOST:
            return int(raw)
        if raw.__class__ is str and raw.isdecimal() and raw.isascii() and len(raw) < _DIGITS:
            return int(raw)
        value = number_of(raw, found, self.pointer(found))
        if value < 0:
            detail = f"{found} is {value}; a count is never negative"
            raise OutOfDomain(detail, pointer=self.pointer(found), code="negative-count")
        if value > MOST or value != value.to_integral_value():
            raise OutOfDomain(f"{found} is {value}; a count is a whole number up to 1e15", pointer=self.pointer(found))
        return int(value)

    def needed_count(self, *names: str) -> int:
        """A member as a whole number that is not negative.

        Raises: Malformed, OutOfDomain
        """
        found = self.count(*names)
        if found is None:
            raise Malformed(f"{names[0]} is missing, and zero would be a guess", pointer=self.pointer(names[0]))
        return found

    def amount(self, *names: str) -> Decimal | None:
        """A member as a number that is not negative; None where it is missing or empty.

        Raises: Malformed, OutOfDomain
        """
        found = self.number(*names)
        if found is not None and found < 0:
            pointer = self.pointer(self.name_of(*names) or names[0])
            raise OutOfDomain(f"{names[0]} is {found}; it is never negative", pointer=pointer, code="negative-count")
        return found

    def moment(self, *names: str, zone: tzinfo = UTC) -> datetime | None:
        """A member as a moment in UTC, told in `zone` where it names none; None where it is missing or empty.

        Raises: Malformed for what is none
        """
        found = self.name_of(*names)
        return None if found is None else moment_of(self.values[found], f"{self.at}/{found}", zone)

    def needed_moment(self, *names: str, zone: tzinfo = UTC) -> datetime:
        """A member as a moment in UTC.

        Raises: Malformed where it is missing or none
        """
        found = self.moment(*names, zone=zone)
        if found is None:
            raise Malformed(f"the line says no moment: {names[0]} is missing", pointer=self.pointer(names[0]))
        return found

    def inner(self, *names: str) -> "Cells":
        """A member that is an object, in JSON or as JSON in a cell; an empty one where it is missing or empty.

        Raises: Malformed for what is none
        """
        found = self.name_of(*names)
        if found is None:
            return Cells({}, self.pointer(names[0]))
        value = parsed(self.values[found], found, self.pointer(found))
        if not isinstance(value, Mapping):
            raise Malformed(f"{found} must be an object", pointer=self.pointer(found))
        return Cells(value, self.pointer(found))

    def members(self, *names: str) -> Iterator["Cells"]:
        """The objects of a member that is a list, in JSON or as JSON in a cell.

        Raises: Malformed for what is none
        """
        found = self.name_of(*names)
        if found is None:
            return
        value = parsed(self.values[found], found, self.pointer(found))
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            raise Malformed(f"{found} must be a list of objects", pointer=self.pointer(found))
        for place, one in enumerate(value):
            yield Cells(one, f"{self.pointer(found)}/{place}")


def parsed(value: Any, name: str, pointer: str) -> Any:
    """A value, or what is written in it where it is JSON in a cell.

    Raises: Malformed for text that is no JSON
    """
    if not isinstance(value, str):
        return value
    try:
        return _decode(value)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"{name} is no JSON: {error}", pointer=pointer) from error


def number_of(value: Any, name: str, pointer: str) -> Decimal:
    """A JSON number, or one written in a cell.

    Raises: Malformed for what is none
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise Malformed(f"{name} must be a number", pointer=pointer)
    text = value.strip() if isinstance(value, str) else repr(value) if isinstance(value, float) else str(value)
    try:
        if not _NUMBER.fullmatch(text):
            raise Malformed(f"{name} is {text[:80]!r}, which is no number", pointer=pointer)
        return fraction(text)
    except (Unbounded, InvalidOperation) as error:
        raise Malformed(f"{name} is {text[:80]!r}, which is no number", pointer=pointer) from error


def moment_of(value: Any, pointer: str, zone: tzinfo = UTC) -> datetime:
    """An RFC 3339 moment, a date, or seconds (milli-, micro-, nanoseconds) since 1970.

    Raises: Malformed for what is none
    """
    try:
        if isinstance(value, str) and (value[4:5] == "-" or not _NUMBER.fullmatch(value.strip())):
            text = value.strip().removesuffix(" UTC")
            at = datetime.fromisoformat(text)
            if at.tzinfo is None:
                at = at.replace(tzinfo=zone)
            return at if at.tzinfo is UTC else at.astimezone(UTC)
        return _EPOCH + timedelta(microseconds=_microseconds(number_of(value, "a moment", pointer)))
    except (ValueError, OverflowError, Malformed) as error:
        hint = "an RFC 3339 moment, a date, or seconds since 1970"
        raise Malformed(f"{str(value)[:80]!r} is no moment", pointer=pointer, hint=hint) from error


def _microseconds(number: Decimal) -> int:
    scale = next((scale for most, scale in _STEPS if number > most), 1)
    return int(number * 10**6 / scale)


def _fold(names: tuple[str, ...]) -> dict[str, str]:
    """Folded name -> name, of the members of a record; records of one file have few sets of them."""
    return {folded(name): name for name in reversed(names)}


_FOLDED: Final = Memory(_fold, most=512, keeps=lambda names: sum(map(len, names)) < _MOST_LETTERS)
_decode = msgspec.json.Decoder(float_hook=fraction).decode
