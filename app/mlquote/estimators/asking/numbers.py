"""Numbers as people write them: 15T, 7b, 1,000,000, $2, 50 %, 1.5e6, 10^12; what may mean two things is refused.

A text becomes the plain number that it says, so that the question echoes the number. What is no number in any of
these ways is handed on as it is, for the field's own type to refuse.
"""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

MULTIPLES: Mapping[str, int] = {
    **dict.fromkeys(("k", "thousand"), 3),
    **dict.fromkeys(("m", "mn", "mio", "million", "millions"), 6),
    **dict.fromkeys(("b", "bn", "g", "billion", "billions"), 9),
    **dict.fromkeys(("t", "tn", "trillion", "trillions"), 12),
}
"""A word after a number, folded -> the power of ten that it multiplies by (short scale)."""
_GROUPS = r"\d{1,3}(?:[,_ '\u2019\u00a0\u202f]\d{3})+(?:\.\d+)?"
_PLAIN = r"(?:\d+(?:_\d+)*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_POWER = r"(?:\d+(?:\.\d+)?\s*[x*\u00d7\u00b7]\s*)?10\s*(?:\^|\*\*)\s*\d{1,2}"
_NUMBER = re.compile(rf"(?P<digits>[+-]?(?:{_POWER}|{_GROUPS}|{_PLAIN}))\s*(?P<word>[^\W\d_]*)(?P<rest>.*)", re.DOTALL)
_POINTS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?|[+-]?\d{1,3}(?:\.\d{3})+,\d+")
_COMMA = re.compile(r"[+-]?\d+(?:,\d+)+(?:\.\d+)?")
_DOLLARS = re.compile(r"(?:us\$|\$|usd\b)\s*|\s*(?:\$|usd|us dollars?|dollars?)", re.IGNORECASE)
_CURRENCY = re.compile("[\u20ac\u00a3\u00a5]|\\b(?:eur|gbp|jpy|cny|euros?)\\b", re.IGNORECASE)
_AN_HOUR = re.compile(r"\s*(?:/|per|an?)\s*(?:(?:gpu|accelerator)[ -]?)?(?:h|hr|hour)$", re.IGNORECASE)
_PERCENT = re.compile(r"\s*(?:%|percent|pct)$", re.IGNORECASE)
_UNITS: tuple[tuple[str, frozenset[str]], ...] = (
    ("_ms", frozenset({"ms"})),
    ("_hours", frozenset({"h", "hr", "hrs", "hour", "hours"})),
    ("hours", frozenset({"h", "hr", "hrs", "hour", "hours"})),
    ("days", frozenset({"d", "day", "days"})),
    ("_per_s", frozenset()),
    ("_s", frozenset({"s", "sec", "second", "seconds"})),
    ("seconds", frozenset({"s", "sec", "second", "seconds"})),
    ("_w", frozenset({"w", "watt", "watts"})),
    ("_gb", frozenset({"gb"})),
    ("tokens", frozenset({"tok", "token", "tokens"})),
    ("params", frozenset({"param", "params", "parameters"})),
    ("flop", frozenset({"flop", "flops"})),
    ("_length", frozenset({"tok", "token", "tokens"})),
)
"""How a field's name ends -> its own unit as people write it after a number."""
_TIMES = ("_ms", "_s", "seconds", "hours", "days")
_BINARY = ("sequence_length", "max_model_len")
"""Lengths that are powers of two as often as not: 8k is 8,192 or 8,000."""


def a_number(value: Any, info: ValidationInfo) -> Any:
    """The plain number that a text says; a truth value is no number, though Python counts with it.

    Raises: PydanticCustomError for what may mean two things, with the readings as its hint
    """
    if isinstance(value, bool):
        raise ValueError("a number is expected, not true or false")
    return written(value, info.field_name or "") if isinstance(value, str) else value


def a_share(value: Any, info: ValidationInfo) -> Any:
    """The same for a field from 0 to 1, which may be given in percent: 50% is 0.5."""
    if isinstance(value, str) and (said := _PERCENT.search(value.strip())):
        number = written(value.strip()[: said.start()], info.field_name or "")
        try:
            return f"{Decimal(number).scaleb(-2):f}"
        except InvalidOperation:
            return value
    return a_number(value, info)


def a_count(value: Any, info: ValidationInfo, *, most: float) -> Any:
    """15e12, "15T" and 15000000000000 are one count; a fraction of one is refused by the int that follows."""
    value = written(value, info.field_name or "", whole=True) if isinstance(value, str) else a_number(value, info)
    if isinstance(value, str):
        try:
            number = Decimal(value)
        except InvalidOperation:
            return value
        if number.is_finite() and number.copy_abs() <= Decimal(most) and number == number.to_integral_value():
            return int(number)
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) <= most:
        return int(value)
    return value


def written(text: str, field: str = "", *, whole: bool = False) -> str:
    """A text as a plain number in digits, where it says one; else the text.

    Args:    field: the name of the field it stands in, whose own unit may follow the number
             whole: no fraction can be meant
    Raises:  PydanticCustomError where it may mean two numbers, or is one of another unit
    """
    said = text.strip()
    if said.isdecimal() or len(said) > _LONGEST:
        return said
    said = _without_dollars(said, field)
    if _POINTS.fullmatch(said):
        _ask(text, _WHY_POINTS, said.replace(".", "").replace(",", "."))
    if field.endswith(_COUNTS) and _THOUSAND.fullmatch(said):
        _ask(text, _WHY_POINTS, said.replace(".", ""), said.rstrip("0").rstrip("."))
    found = _NUMBER.fullmatch(said)
    if found is None:
        return text
    if _COMMA.match(said) and not re.match(_GROUPS + r"(?![\d,])", said):
        digits = re.split(r"[^\d,]", said)[0]
        fraction = () if whole else (digits.replace(",", "."),)
        readings = (*fraction, digits.replace(",", "")) if digits.count(",") == 1 else ("no commas",)
        _ask(text, "a comma parts groups of three here", *readings)
    return _multiplied(text, found, field)


_LONGEST = 60
"""Letters of a number, and digits before or after its point, that are read as words."""
_COUNTS = ("tokens", "params", "samples", "requests", "per_day", "_count")
_THOUSAND = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_WHY_POINTS = "a point parts groups of three in some countries and fractions in others"


def is_number(text: str) -> bool:
    """Whether a text says a number in any of these ways."""
    try:
        Decimal(written(text))
    except InvalidOperation:
        return False
    except PydanticCustomError:  # one number or another
        return True
    return True


def _multiplied(text: str, found: re.Match[str], field: str) -> str:
    """The digits times what the word after them says."""
    word, rest = found["word"], found["rest"].strip()
    folded = word.casefold()
    own = next((units for end, units in _UNITS if field.endswith(end)), frozenset[str]())
    if folded in own and not rest:
        return _digits(found["digits"])
    if rest and not (rest.casefold() in own and folded in MULTIPLES):
        return text
    if folded == "mm":
        _ask(text, "MM is a million to some and a million millions to others", _plain(found, 6), _plain(found, 12))
    if word == "m" and field.endswith(_TIMES):
        _ask(text, "m is minutes or million", _plain(found, 6), "for minutes, the number in the field's own unit")
    if folded == "k" and field in _BINARY:
        _ask(text, "k is 1,000 or 1,024", _plain(found, 0, 1024), _plain(found, 3))
    if folded and folded not in MULTIPLES:
        if own and folded != "e":
            _ask(text, f"{field} is in {max(own, key=len)}, not in {word}", "the number in that unit")
        return text
    return _plain(found, MULTIPLES.get(folded, 0))


def _without_dollars(said: str, field: str) -> str:
    """An amount without its dollar sign, where the field is one of dollars."""
    is_money = "usd" in field or field in _MONEY
    if _CURRENCY.search(said) and any(c.isdigit() for c in said):
        _ask(said, "amounts here are in US dollars", "the same in dollars")
    if "$" not in said and not is_money:
        return said
    if is_money:
        return _DOLLARS.sub("", _AN_HOUR.sub("", said) if field.endswith("hour") else said).strip()
    if field and _DOLLARS.sub("", said) != said:
        _ask(said, f"{field} is no amount of dollars", "the number without $")
    return said


_MONEY = frozenset({"fail_above", "warn_above"})


def _plain(found: re.Match[str], power: int, factor: int = 1) -> str:
    """Digits in full, multiplied."""
    digits = _digits(found["digits"])
    if not power and factor == 1:
        return digits
    number = Decimal(digits)
    return f"{(number * factor).scaleb(power):f}" if abs(number.adjusted()) <= _LONGEST else found[0]


def _digits(said: str) -> str:
    """What Python reads as a number: without group marks, a power of ten as an exponent."""
    bare = re.sub(r"[,_ '\u2019\u00a0\u202f]", "", said)
    power = re.fullmatch(r"([+-]?)(?:(\d+(?:\.\d+)?)[x*\u00d7\u00b7])?10(?:\^|\*\*)(\d+)", bare)
    return f"{power[1]}{power[2] or 1}e{power[3]}" if power else bare


def _ask(text: str, why: str, *readings: str) -> NoReturn:
    """Refuse what may mean two things, with what to write instead."""
    hint = f"write {' or '.join(readings)}"
    raise PydanticCustomError("ambiguous_number", "{said}", {"said": f"{text.strip()!r}: {why}", "hint": hint})
