"""The same project with fields changed: a question for each what-if."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from mlquote.estimators.asking.faults import malformed
from mlquote.estimators.projects.question import ProjectQuestion, WhatIf
from mlquote.kit.errors import Malformed, nearest

_NOT_CHANGED = frozenset({"what_if", "alternative", "seed", "as_of", "release", "parts"})
"""Fields of a project that a what-if leaves as they are."""


def changed(question: ProjectQuestion, place: int, what_if: WhatIf) -> ProjectQuestion:
    """The project of a what-if.

    Args:    place: its place in the list, for the pointers of faults
    Raises:  Malformed for a part or a field that there is none of
    """
    pointer = f"/what_if/{place}"
    fields = question.model_dump(exclude_unset=True, exclude={"what_if", "alternative"})
    if what_if.part is None:
        _own_fields(fields, what_if.change, pointer)
    else:
        fields["parts"] = _parts(fields["parts"], what_if.part, what_if.change, pointer)
    try:
        return ProjectQuestion.model_validate(fields)
    except ValidationError as error:
        raise malformed(error, ProjectQuestion, f"{pointer}/change") from error


def _own_fields(fields: dict[str, Any], change: Mapping[str, Any], pointer: str) -> None:
    """Put changes into the project's own fields; what is none of them belongs to `shared`."""
    for name, value in change.items():
        if name in _NOT_CHANGED:
            raise Malformed(f"{name} stays as it is in a what-if", pointer=f"{pointer}/change/{name}")
        if name in ProjectQuestion.model_fields:
            fields[name] = value
        else:
            fields["shared"] = {**fields.get("shared", {}), name: value}


def _parts(
    parts: Mapping[str, dict[str, Any]], name: str, change: Mapping[str, Any], pointer: str
) -> dict[str, dict[str, Any]]:
    if name not in parts:
        hint = nearest(name, parts) or f"one of {', '.join(parts)}"
        raise Malformed(f"no part is named {name!r}", pointer=f"{pointer}/part", hint=hint)
    part = parts[name]
    beside = {field: value for field, value in change.items() if field in _TIMES or part.get("question") is None}
    inside = {field: value for field, value in change.items() if field not in beside}
    again = part | beside
    if inside:
        again["question"] = dict(part["question"]) | inside
    return {**parts, name: again}


_TIMES = frozenset(
    {
        "month", "months", "occurs", "hours", "hours_per_month", "monthly_use_growth_fraction",
        "monthly_price_change_fraction",
    }
)  # fmt: skip
