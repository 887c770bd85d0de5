"""What changed between two specs, for a terminal and for a pull request."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from mlquote.render import markdown as md
from mlquote.render.figures import shown
from mlquote.render.harmless import in_markdown, on_one_line
from mlquote.render.text import aligned
from mlquote.render.verdicts import quantity

_SIGNS = {"added": "+", "removed": "-", "changed": "~", "same": " "}
UNITS = {"cost_usd": "$", "accelerator_hours": "h", "energy_kwh": "kWh", "emissions_kgco2e": "kg CO2e",
         "training_flop": "FLOP", "usd_per_mtok": "$/Mtok"}  # fmt: skip


def text(change: Mapping[str, Any]) -> str:
    """A block for each question that differs, then the totals."""
    parts = []
    for question in change["questions"]:
        parts.append(
            f"{_SIGNS[question['status']]} {on_one_line(question['name'])} ({question['kind']}): {question['status']}\n"
        )
        if question["status"] == "same":
            continue
        if question["fields"]:
            rows = [(f"    {f['field']}", _value(f["base"]), "->", _value(f["head"])) for f in question["fields"]]
            parts.append(aligned(rows, left=4))
        parts.append(aligned([(f"    {row[0]}", *row[1:]) for row in _moves(question["figures"])]))
        for step in question["why"]:
            parts.append(f"    {on_one_line(' and '.join(step['fields']))}: {_moved_by(step)}\n")
    if change["totals"]:
        parts.append("total\n" + aligned([(f"    {row[0]}", *row[1:]) for row in _moves(change["totals"])]))
    return "".join([*parts, f"{_footer(change)}\n"])


def markdown(change: Mapping[str, Any]) -> str:
    """A pull-request comment."""
    head = ["figure", "base", "head", "change", ""]
    parts = ["### mlquote: what this change costs\n"]
    parts.append(md.table(head, list(_moves(change["totals"]))) if change["totals"] else "Nothing is asked.\n")
    for question in change["questions"]:
        if question["status"] == "same":
            continue
        parts.append(f"**{in_markdown(question['name'])}** ({question['kind']}, {question['status']})\n")
        fields = [
            [f"`{in_markdown(f['field'])}`", in_markdown(_value(f["base"])), in_markdown(_value(f["head"]))]
            for f in question["fields"]
        ]
        parts += [md.table(["field", "base", "head"], fields)] if fields else []
        parts.append(md.table(head, list(_moves(question["figures"]))))
        why = [f"- `{in_markdown('`, `'.join(step['fields']))}`: {_moved_by(step)}\n" for step in question["why"]]
        parts += ["".join(why)] if why else []
    return "\n".join([*parts, f"{_footer(change)}\n"])


def _moves(figures: Mapping[str, Any]) -> Iterator[list[str]]:
    for name, move in figures.items():
        unit = move["unit"]
        ends = [
            quantity(side["central"], unit) if side is not None else "unknown" for side in (move["base"], move["head"])
        ]
        fraction = move["change_fraction"]
        yield [name, *ends, _signed(move["change"], unit), "" if fraction is None else f"{float(fraction):+.1%}"]


def _moved_by(step: Mapping[str, Any]) -> str:
    moved = [f"{name} {_signed(change, UNITS[name])}" for name, change in step["changes"].items()]
    return ", ".join(moved) or "moves nothing"


def _signed(change: Any, unit: str) -> str:
    if change is None:
        return "unknown"
    written = quantity(change, unit)
    return written if written.startswith("-") or change == 0 else f"+{written}"


def _value(value: Any) -> str:
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return shown(int(value))
    return "not set" if value is None else shown(value)


def _footer(change: Mapping[str, Any]) -> str:
    catalog = change["catalog"]
    return f"Release {catalog['release']}; central figures, both sides at the same prices." if catalog else ""
