"""The figures of any result, by their paths: cost_usd, emissions_kgco2e.total, usd_per_mtok.blended."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from mlquote.kit.errors import Malformed, nearest
from mlquote.kit.money import plain
from mlquote.kit.provenance import Range


def figure_at(result: Any, path: str, pointer: str = "/rank_by") -> Any:
    """The number or range at a path of a result; None where it, or the part that would hold it, is unknown.

    Raises: Malformed naming the nearest figure
    """
    found = result
    for name in path.split("."):
        found = found.get(name, _NOTHING) if isinstance(found, Mapping) else getattr(found, name, _NOTHING)
        if found is None:
            return None
        if found is _NOTHING:
            known = list(_paths(result))
            hint = nearest(path, known) or f"one of {', '.join(known)}"
            raise Malformed(f"the result has no figure {path!r}", pointer=pointer, hint=hint)
    if isinstance(found, Mapping | str | Sequence) or (is_dataclass(found) and not isinstance(found, Range)):
        raise Malformed(f"{path!r} is no single figure", pointer=pointer, hint=", ".join(_paths(result)))
    return found


def central(value: Any) -> Any:
    """The middle of a range, or the number itself."""
    return value.central if isinstance(value, Range) else value


_NOTHING: Any = object()


def _paths(result: Any, place: str = "") -> Iterator[str]:
    for name, value in _members(result):
        if isinstance(value, Range | int | float | Decimal) and not isinstance(value, bool):
            yield f"{place}{name}"
        elif isinstance(value, Mapping) or is_dataclass(value):
            yield from _paths(value, f"{place}{name}.")


def figures_of(result: Any) -> dict[str, Any]:
    """Every number and range at the top of a result."""
    kinds = (Range, int, float, Decimal)
    return {name: _written(v) for name, v in _members(result) if isinstance(v, kinds)}


def _written(value: Any) -> Any:
    return plain(value) if isinstance(value, Decimal) else value


def _members(result: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(result, Mapping):
        yield from result.items()
    elif is_dataclass(result):
        yield from ((field.name, getattr(result, field.name)) for field in fields(result))
