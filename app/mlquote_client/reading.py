"""JSON read into the dataclasses of answers.py: money as Decimal, digit for digit; physics as float."""

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from mlquote_client.problems import UnexpectedAnswer
from mlquote_client.told import Told

T = TypeVar("T")


def parsed(content: bytes) -> Any:
    """The JSON of an answer, every number that has a point as Decimal.

    Raises: UnexpectedAnswer for what is not JSON
    """
    try:
        return json.loads(content, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise UnexpectedAnswer(f"not JSON: {content[:200]!r}") from error


def plain(value: Any, *, is_money: bool = False) -> Any:
    """Parsed JSON with money as Decimal, known by `usd` in its name or in that of what holds it, and floats else."""
    if isinstance(value, Mapping):
        return {name: plain(each, is_money=is_money or "usd" in name) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each, is_money=is_money) for each in value]
    if isinstance(value, Decimal) and not is_money:
        return float(value)
    return value


def whole(kind: type[T], content: bytes) -> T:
    """An answer as `kind`, which keeps the bytes that it was read from.

    Raises: UnexpectedAnswer
    """
    value = parsed(content)
    answer = cast(T, made(kind, value))
    if isinstance(answer, Told):
        object.__setattr__(answer, "content", content)
        object.__setattr__(answer, "raw", plain(value))
    return answer


def made(kind: Any, value: Any, *, is_money: bool = False, place: str = "$") -> Any:
    """A parsed value as `kind`.

    Raises: UnexpectedAnswer for a field that is missing, named by its place
    """
    if kind is Any or value is None:
        return plain(value, is_money=is_money)
    if isinstance(kind, type) and is_dataclass(kind):
        return _record(kind, value, is_money, place)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return made(_chosen(inner, value, place), value, is_money=is_money, place=place)
    if origin is tuple and isinstance(value, list):
        return tuple(made(inner[0], each, is_money=is_money, place=f"{place}[{i}]") for i, each in enumerate(value))
    if origin is not None and origin is not Literal and isinstance(value, Mapping):
        return {
            name: made(inner[1], each, is_money=is_money or "usd" in name, place=f"{place}.{name}")
            for name, each in value.items()
        }
    return _scalar(kind, value, is_money=is_money)


def _record(kind: type[Any], value: Any, is_money: bool, place: str) -> Any:
    if not isinstance(value, Mapping):
        raise UnexpectedAnswer(f"{place}: {kind.__name__} is wanted and {str(value)[:80]!r} is there")
    given = {}
    for field, hint, key, needed in _fields(cast(Any, kind)):
        if key in value:
            money = is_money or "usd" in key
            given[field] = made(hint, value[key], is_money=money, place=f"{place}.{key}")
        elif needed:
            raise UnexpectedAnswer(f"{place}: {kind.__name__} has no {key!r}: is the service older than this client?")
    return kind(**given)


@cache
def _fields(kind: Any) -> tuple[tuple[str, Any, str, bool], ...]:
    """Name, type, name in JSON and whether it is always there, of each field."""
    hints = get_type_hints(kind)
    told = [each for each in fields(kind) if each.name not in ("content", "raw")]
    needed = {each.name for each in told if each.default is MISSING and each.default_factory is MISSING}
    return tuple((each.name, hints[each.name], each.name.rstrip("_"), each.name in needed) for each in told)


def _chosen(kinds: tuple[Any, ...], value: Any, place: str) -> Any:
    """Which of several types a value is."""
    if isinstance(value, Mapping):
        records = [each for each in kinds if isinstance(each, type) and is_dataclass(each)]
        fitting = [each for each in records if all(key in value for _, _, key, needed in _fields(each) if needed)]
        if fitting:
            return max(fitting, key=lambda each: len({key for _, _, key, _ in _fields(each)} & value.keys()))
        return next((each for each in kinds if get_origin(each) is not None), Any)
    if isinstance(value, list):
        return next((each for each in kinds if get_origin(each) is tuple), Any)
    return next((each for each in kinds if _is_of(each, value)), Any)


def _is_of(kind: Any, value: Any) -> bool:
    if get_origin(kind) is Literal:
        return value in get_args(kind)
    if isinstance(value, bool):
        return kind is bool
    if isinstance(value, str):
        return kind in (str, datetime, date)
    return kind in (float, int, Decimal) and (kind is not int or isinstance(value, int))


def _scalar(kind: Any, value: Any, *, is_money: bool) -> Any:
    if kind is Decimal and isinstance(value, int | Decimal):
        return Decimal(value)
    if kind is float and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value) if is_money else float(value)
    if kind in (datetime, date) and isinstance(value, str):
        return cast(type[datetime], kind).fromisoformat(value)
    return plain(value, is_money=is_money)
