"""What OpenAPI says of answers: the dataclasses that are answered, field by field, as models that pydantic describes.

Answers are written by msgspec from dataclasses and never pass through these models. Money is Decimal inside and a JSON
number outside, so a Decimal is shown as a number.
"""

import ast
import inspect
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise
from types import GenericAlias, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model

from mlquote.web.permalinks import Linked
from mlquote.web.respond import TRIMMED

SOMETIMES, NAMED = "sometimes", "named"
"""Metadata of a field that an answer may leave out, and of one that the answer calls otherwise."""
_Money = Annotated[float, Field(json_schema_extra={"format": "decimal"})]
"""An exact number: parsed as a decimal it is the amount, digit for digit."""


@cache
def schema_of_record(record: type[Any], name: str = "") -> type[BaseModel]:
    """A dataclass as a model, its attributes' docstrings as descriptions; called `name` where one is given."""
    hints, notes = get_type_hints(record), _all_notes(record)
    members: dict[str, Any] = {}
    for field in fields(record):
        words: dict[str, Any] = {"description": notes.get(field.name), "alias": field.metadata.get(NAMED)}
        told = Field(default_factory=dict, **words) if SOMETIMES in field.metadata else Field(**words)
        members[field.name] = (_shown(hints[field.name]), told)
    return _model(name or record.__name__, record.__doc__, record.__module__, members)


@cache
def envelope(name: str, results: tuple[type[Any], ...]) -> type[BaseModel]:
    """The envelope of an estimate whose result is one of `results`, or any object where none is said.

    A brief one leaves out some of it, and says what.
    """
    result: Any = Union[results] if results else dict[str, Any]  # noqa: UP007  # from a tuple
    hints = get_type_hints(Linked) | {"result": result, "question": dict[str, Any]}
    members: dict[str, Any] = {
        field.name: (_shown(hints[field.name]), Field(default_factory=dict) if field.name in TRIMMED else ...)
        for field in fields(Linked)
    }
    left_out = "Where the answer is brief: what was left out."
    members["trimmed"] = (list[str], Field(default_factory=list, description=left_out))
    return _model(name, Linked.__doc__, __name__, members)


def _model(name: str, words: str | None, module: str, members: dict[str, Any]) -> type[BaseModel]:
    config = ConfigDict(protected_namespaces=())
    return create_model(name, __config__=config, __doc__=words, __module__=module, **members)


def _shown(hint: Any) -> Any:
    """A type as JSON shows it."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Decimal:
        return _Money
    if isinstance(hint, type) and is_dataclass(hint):
        return schema_of_record(hint)
    if origin in (Union, UnionType):
        if {float, Decimal} <= set(arguments):  # a number of either kind
            arguments = tuple(each for each in arguments if each not in (int, Decimal))
        return Union[tuple(_shown(each) for each in arguments)]  # noqa: UP007  # from a tuple
    if origin in (tuple, list, Sequence):
        return GenericAlias(list, (_shown(arguments[0]),))
    if origin in (dict, Mapping):
        return GenericAlias(dict, (str, _shown(arguments[1])))
    return hint


def _all_notes(record: type[Any]) -> dict[str, str]:
    """The docstrings of a record's fields, those that it inherits too."""
    return {
        name: note for kind in reversed(record.__mro__) if is_dataclass(kind) for name, note in _notes(kind).items()
    }


def _notes(record: type[Any]) -> dict[str, str]:
    """The docstring under each attribute of a class, where its source is at hand."""
    try:
        (found,) = ast.parse(textwrap.dedent(inspect.getsource(record))).body
    except (OSError, SyntaxError, ValueError):
        return {}
    body = found.body if isinstance(found, ast.ClassDef) else []
    return {
        above.target.id: inspect.cleandoc(below.value.value)
        for above, below in pairwise(body)
        if isinstance(above, ast.AnnAssign) and isinstance(above.target, ast.Name)
        and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) and isinstance(below.value.value, str)
    }  # fmt: skip
