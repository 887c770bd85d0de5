"""The calculator's form: each field with what was given, what was assumed instead, and what is wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mlquote.kit.errors import Fault
from mlquote.render.figures import shown
from mlquote.web.pages.asking import PINNED, PageAnswer, query_of
from mlquote.web.pages.fields import FormField, fields_of
from mlquote.web.pages.kinds import CalculatorKind, list_of

_NEAREST = ("nearest: ", "one of: ", "one of ", "known: ")
_MOST_NEAREST = 4
_LONG = 1000
"""Numbers from here on are echoed in full."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a field, and what would be right."""

    detail: str
    hint: str
    offers: tuple[tuple[str, str], ...] = ()
    """A value that would be answered, and the address with it."""


@dataclass(frozen=True, slots=True)
class FieldShown:
    """A field of the form as it stands."""

    field: FormField
    value: str
    mark: str
    """given, assumed, or nothing."""
    placeholder: str
    note: str
    """What is known of it: the number in full, or what was assumed and why."""
    names: str
    """The list of /v1/catalog that completes it."""
    complaints: tuple[Complaint, ...] = ()


def form_of(kind: CalculatorKind, page: PageAnswer, path: str) -> dict[str, Any]:
    """The form of a kind: groups in front, groups folded away, and faults of no field that it shows.

    Args:    path: of this page, where offers lead
    """
    fields = fields_of(kind.member.question)
    complaints = _complaints(page, path)
    assumed = _assumptions(page.answer)
    asked = {
        name: _asked(kind, field, page, assumed.get(_instead(name, page, assumed)), complaints.pop(name, ()))
        for name, field in fields.items()
    }
    front = [(legend, [asked.pop(name) for name in names]) for legend, names in kind.front.items()]
    return {
        "front": front,
        "more": _grouped(asked.values()),
        "more_count": len(asked),
        "others": [each for found in complaints.values() for each in found],
        "has_fault": bool(page.faults),
        "has_given_more": any(each.mark == "given" for name, each in asked.items() if name not in PINNED),
    }


def _grouped(fields: Iterable[FieldShown]) -> list[tuple[str, list[FieldShown], bool]]:
    """Fields by the part that they belong to, those of no part first; and whether one of a group is given."""
    groups: dict[str, list[FieldShown]] = {}
    for each in fields:
        groups.setdefault(each.field.part, []).append(each)
    return [
        (part.replace("_", " "), found, any(each.mark == "given" or each.complaints for each in found))
        for part, found in sorted(groups.items())
    ]


def _asked(
    kind: CalculatorKind,
    field: FormField,
    page: PageAnswer,
    assumed: tuple[str, str] | None,
    complaints: tuple[Complaint, ...],
) -> FieldShown:
    value = page.parameters.get(field.name, "")
    echo = "" if page.answer is None else _echo(field, page.answer["question"])
    mark = "given" if value else "assumed" if assumed or field.default or echo else ""
    placeholder = field.default or echo or (assumed[0] if assumed and field.name not in STANDS_FOR else "")
    note = _in_full(value, echo) if value else assumed[1] if assumed else ""
    return FieldShown(field, value, mark, placeholder[:40], note, list_of(kind, field.name), complaints)


STANDS_FOR = {"grid_zone": "kgco2e_per_kwh", "provider": "usd_per_accelerator_hour"}
"""A field that nobody gave -> the assumption that was made for want of it."""


def _instead(name: str, page: PageAnswer, assumed: Mapping[str, tuple[str, str]]) -> str:
    """The assumption that stands for a field."""
    other = STANDS_FOR.get(name, name)
    return name if name in assumed or other in page.parameters else other


def _assumptions(answer: Mapping[str, Any] | None) -> dict[str, tuple[str, str]]:
    """Field -> the value that was taken where nobody gave one, and why."""
    found = () if answer is None else answer["assumptions"]
    return {each["name"]: _reason(each) for each in found if each["basis"] != "given"}


def _reason(each: Mapping[str, Any]) -> tuple[str, str]:
    value = each["value"]
    told = f"{float(value):.4g}" if isinstance(value, float | Decimal) else str(value)
    ends = "" if each["low"] is None else f", {float(each['low']):.3g} to {float(each['high']):.3g}"
    return told, f"{told} {each['unit']}{ends}: {each['why']}".strip()


def _echo(field: FormField, question: Mapping[str, Any]) -> str:
    """The value that the answer says was used."""
    place: Any = question
    for part in (field.part, field.name.rpartition(".")[2]) if field.part else (field.name,):
        place = place.get(part) if isinstance(place, Mapping) else None
    return "" if place is None or isinstance(place, Mapping | list | tuple) else _plain(place)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal) and float(value).is_integer():
        return f"{value:,.0f}"
    return shown(value)


def _in_full(value: str, echo: str) -> str:
    """A number with all its digits, where it was written in short: 15T is 15,000,000,000,000."""
    digits = echo.replace(",", "")
    is_long = digits.isdigit() and int(digits) >= _LONG
    return echo if is_long and value.replace(",", "") != digits else ""


def _complaints(page: PageAnswer, path: str) -> dict[str, tuple[Complaint, ...]]:
    """What is wrong, by the field that it is about."""
    found: dict[str, tuple[Complaint, ...]] = {}
    for fault in page.faults:
        name = fault.pointer.strip("/").replace("/", ".")
        found[name] = (*found.get(name, ()), _complaint(name, fault, page, path))
    return found


def _complaint(name: str, fault: Fault, page: PageAnswer, path: str) -> Complaint:
    start = next((word for word in _NEAREST if fault.hint.startswith(word)), "")
    if not start:
        return Complaint(fault.detail, fault.hint)
    values = [each.strip() for each in fault.hint.removeprefix(start).split(",")][:_MOST_NEAREST]
    offers = tuple((each, f"{path}?{query_of({**page.parameters, name: each})}") for each in values if each)
    return Complaint(fault.detail, "", offers)
