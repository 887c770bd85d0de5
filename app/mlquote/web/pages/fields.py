"""A question's model as fields of a form: names, units, choices, defaults and help, all of them the model's own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from mlquote.estimators.asking.question import Part, Question
from mlquote.kit.units import unit_of
from mlquote.render.pages.labels import field_label

_MOST_CHOICES = 40


@dataclass(frozen=True, slots=True)
class FormField:
    """One field as a form asks for it."""

    name: str
    """As a query spells it: a part's field behind the part's name and a dot, unless the part is lifted."""
    label: str
    unit: str
    help: str
    default: str
    choices: tuple[str, ...] = ()
    """Closed words; empty for a field that is typed."""
    is_number: bool = False
    part: str = ""
    """The part that it belongs to."""


@cache
def fields_of(question: type[Question]) -> Mapping[str, FormField]:
    """Every field that a query can spell, in the model's order; whole JSON bodies (`hf_config`) are none."""
    return {each.name: each for each in _fields(question)}


@cache
def left_to_post(question: type[Question]) -> tuple[str, ...]:
    """Fields that no query spells."""
    return tuple(name for name, info in question.model_fields.items() if _is_whole(info) and _part_in(info) is None)


def _fields(question: type[Question]) -> Iterator[FormField]:
    for name, info in question.model_fields.items():
        part = _part_in(info)
        if part is not None:
            prefix = "" if name in question.lifted else f"{name}."
            for inner, each in part.model_fields.items():
                if not _is_whole(each) and (prefix or inner not in question.model_fields):
                    yield _field(f"{prefix}{inner}", each, name)
        elif not _is_whole(info):
            yield _field(name, info, "")


def _field(name: str, info: FieldInfo, part: str) -> FormField:
    choices = tuple(dict.fromkeys(_choices(info.annotation)))[:_MOST_CHOICES]
    default = info.get_default()
    bare = name.rpartition(".")[2]
    return FormField(
        name,
        field_label(name),
        unit_of(bare) if not choices else "",
        " ".join((info.description or "").split()),
        "" if default is None or info.is_required() else _word(default),
        choices,
        any(kind in str(info.annotation) for kind in ("int", "float", "Decimal")),
        part,
    )


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(getattr(value, "value", value))


def _kinds(annotation: Any) -> Iterator[Any]:
    """The types that an annotation may be, its metadata left out."""
    inner = get_args(annotation)
    if get_origin(annotation) is Literal or not inner:
        yield annotation
        return
    for each in inner:
        yield from _kinds(each)


def _choices(annotation: Any) -> Iterator[str]:
    for kind in _kinds(annotation):
        if get_origin(kind) is Literal:
            yield from (str(each) for each in get_args(kind))
        elif isinstance(kind, type) and issubclass(kind, Enum):
            yield from (str(each.value) for each in kind)
        elif kind is bool:
            yield from ("true", "false")


def _part_in(info: FieldInfo) -> type[Part] | None:
    kinds = (kind for kind in _kinds(info.annotation) if isinstance(kind, type))
    return next((kind for kind in kinds if issubclass(kind, Part)), None)


def _is_whole(info: FieldInfo) -> bool:
    """Whether the field is an object or a list of anything, which no query spells."""
    return "Mapping[" in str(info.annotation) or "dict[" in str(info.annotation)
