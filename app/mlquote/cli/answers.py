"""A server's JSON as the typed answer that it was made from, so that it is read like an answer of this process.

The other side may be older or newer: a figure it does not send is unknown, and one that this version does not know is
passed over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from mlquote.kit.provenance import Answer, CatalogRef, Warning, WithdrawnRef


def answer_told(told: Mapping[str, Any], results: Sequence[type[Any]]) -> Answer:
    """The answer that an envelope holds.

    Args:    results: what the result may be; the one whose fields it has most of is taken
    Raises:  KeyError, TypeError or ValueError where it is no envelope of an estimate
    """
    catalog = told["catalog"]
    return Answer(
        question=told["question"],
        result=_best(told["result"], results),
        assumptions=(),
        catalog=_catalog_ref(catalog),
        rows=(),
        warnings=tuple(Warning.told(said["code"], said["detail"]) for said in told.get("warnings", ())),
    )


def _catalog_ref(said: Mapping[str, Any]) -> CatalogRef:
    named = (said["release"], said["digest"], datetime.fromisoformat(said["as_of"]))
    return WithdrawnRef(*named, said["withdrawn"]) if "withdrawn" in said else CatalogRef(*named)


def _best(value: Mapping[str, Any], results: Sequence[type[Any]]) -> Any:
    best = max(results, key=lambda result: len(value.keys() & {field.name for field in fields(result)}))
    return _dataclass(value, best)


def _typed(value: Any, hint: Any) -> Any:
    """A JSON value as what its place is declared to hold; what is no record stays as it is."""
    origin, arguments = get_origin(hint), get_args(hint)
    if value is None:
        return None
    if origin in (Union, UnionType):
        records = [each for each in arguments if _is_record(each)]
        return _best(value, records) if records and isinstance(value, Mapping) else _first(value, arguments)
    if is_dataclass(hint) and isinstance(value, Mapping):
        return _dataclass(value, hint)
    if origin in (tuple, list, Sequence) and isinstance(value, list):
        return tuple(_typed(each, arguments[0]) for each in value)
    if origin in (dict, Mapping) and isinstance(value, Mapping):
        return {name: _typed(each, arguments[1]) for name, each in value.items()}
    return value


def _first(value: Any, arguments: Sequence[Any]) -> Any:
    """A value in the first alternative that is a collection, or as it is."""
    collected = next((each for each in arguments if get_origin(each) is not None), None)
    return value if collected is None else _typed(value, collected)


def _is_record(hint: Any) -> bool:
    return isinstance(hint, type) and is_dataclass(hint)


def _dataclass(value: Mapping[str, Any], record: Any) -> Any:
    hints = _hints(record)
    return record(**{field.name: _member(value, field, hints[field.name]) for field in fields(record)})


def _member(value: Mapping[str, Any], field: Field[Any], hint: Any) -> Any:
    if field.name in value:
        return _typed(value[field.name], hint)
    return None if field.default is MISSING else field.default


@cache
def _hints(record: Any) -> dict[str, Any]:
    return get_type_hints(record)
