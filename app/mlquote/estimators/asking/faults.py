"""A field that pydantic refused, as a fault of ours: where, what, and the nearest field that would have been right."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from mlquote.estimators.asking.engines import engine_argument
from mlquote.estimators.asking.synonyms import likely
from mlquote.estimators.asking.trainers import called_here
from mlquote.kit.errors import MOST_FAULTS, Fault, Malformed, QuoteError, nearest

E = TypeVar("E", bound=QuoteError)

_DOORS = ("body", "query", "path")
"""Where a web framework says a field came from; no part of its place."""
_HINTS = {
    "missing": "this field is required",
    "json_invalid": "send one JSON object, UTF-8, no trailing commas",
}


def malformed(error: ValidationError, model: type[BaseModel] | None = None, prefix: str = "") -> Malformed:
    """Every fault of a refused `model`, its pointer below `prefix`; a misspelt field's hint is the nearest one."""
    return refused(error.errors(include_url=False), model, prefix)


def refused(details: Sequence[Any], model: type[BaseModel] | None = None, prefix: str = "") -> Malformed:
    """The same for pydantic's own details of an error (`type`, `loc`, `msg`, `input`, `ctx`).

    Misspelt fields come first: a field that is missing is often the one that was misspelt. Beyond `MOST_FAULTS` they
    are counted and not told: a hint is worth its search only where somebody reads it.
    """
    details = sorted(details, key=lambda detail: bool(detail["type"] != "extra_forbidden"))
    faults = [_fault(detail, model, prefix) for detail in details[:MOST_FAULTS]]
    where = f"{faults[0].pointer}: " if faults[0].pointer else ""
    more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    code = "unknown-field" if details[0]["type"] == "extra_forbidden" else ""
    return Malformed(f"{where}{faults[0].detail}{more}", faults=faults, code=code)


def below(error: E, prefix: str) -> E:
    """The same error with every pointer moved below `prefix`: a question's fault seen from the list it stands in."""
    faults = [Fault(f"{prefix}{fault.pointer}", fault.detail, fault.hint) for fault in error.faults]
    return error.retold(faults)


def fields_at(model: type[BaseModel] | None, place: Iterable[Any]) -> list[str]:
    """The fields that `model` knows at a place in it; none where nothing is known about that place."""
    for part in place:
        field = model.model_fields.get(str(part)) if model is not None else None
        if field is not None:
            model = _model_in(field.annotation)
        elif not str(part).isdigit():
            return []
    if model is None:
        return []
    lifted = [name for part in getattr(model, "lifted", ()) for name in fields_at(model, [part])]
    return [*model.model_fields, *lifted]


def _fault(detail: Any, model: type[BaseModel] | None, prefix: str) -> Fault:
    loc = tuple(detail["loc"])
    place = loc[1:] if loc[:1] and loc[0] in _DOORS else loc
    pointer = prefix + "".join(f"/{part}" for part in place)
    kind = detail["type"]
    if kind == "extra_forbidden":
        name = str(place[-1])[:80]
        known = fields_at(model, place[:-1])
        said = engine_argument(name, known) or called_here(name, known) or _probably(name, known)
        hint = said or nearest(name, known) or _listed(known)
        return Fault(pointer, f"unknown field {name!r}", hint)
    hint = _HINTS.get(kind, "") or _shown(detail)
    if kind == "literal_error" and isinstance(detail.get("input"), str):
        words = detail["ctx"]["expected"].replace(" or ", ", ").split(",")
        hint = nearest(detail["input"], [word.strip("' ") for word in words])
    return Fault(pointer, detail["msg"].removeprefix("Value error, "), hint)


def _probably(name: str, known: Sequence[str]) -> str:
    field = likely(name, known)
    return f"here it is {field}" if field and field != name else ""


def _shown(detail: Any) -> str:
    """How a value of the right kind is written, where what came is none."""
    context = detail.get("ctx") or {}
    if "hint" in context:
        return str(context["hint"])
    if detail["type"] == "less_than_equal" and context.get("le") == 1:
        return "a share from 0 to 1: 40% is 0.4"
    return next((shown for beginning, shown in _WRITTEN if detail["type"].startswith(beginning)), "")


_WRITTEN = (
    ("int_", "a whole number: 1500, 1.5M, 15e12, 1,000,000"),
    ("float_", "a number: 0.4, 1.5M, 15e12, 1,000,000"),
    ("decimal_pars", "a number: 2.5, $2.50, 1,000,000"),
    ("datetime_", "a date or an RFC 3339 moment: 2026-06, 2026-06-01, 2026-06-01T12:00Z; left out it is now"),
    ("bool_", "true or false"),
)
"""How the type of a fault begins -> what the field takes."""


def _listed(names: Sequence[str]) -> str:
    """All the names there are, where they are few enough to be read."""
    return f"one of {', '.join(names)}" if 0 < len(names) <= MOST_LISTED else ""


MOST_LISTED = 12


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(argument) for argument in getattr(annotation, "__args__", ()))
    return next((found for found in inner if found is not None), None)
