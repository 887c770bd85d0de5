"""The first screen of an answer: what it costs and how sure that is, in 80 columns and at most fifteen lines.

The figures that answer the question, what was read into it, the three largest doubts, the warnings, the release. What
is left out is counted, and `detail=full` has it.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from mlquote.kit.units import HOURS_PER_DAY
from mlquote.render.figures import Figure, cell, estimate, figures, shown
from mlquote.render.harmless import on_one_line

COLUMNS = 80
LINES = 15
_NOTES, _DOUBTS, _WARNINGS = 2, 3, 3
ENVELOPE = frozenset({"question", "assumptions", "catalog", "rows", "warnings", "trimmed"})
HEADLINES = (
    "was_usd", "is_usd", "difference_usd", "cost_usd", "cost_range_usd", "cost_per_month_usd", "list_cost_usd",
    "savings_usd", "usd_per_mtok.blended", "usd_per_mtok.input", "usd_per_mtok.output", "usd_per_image",
    "usd_per_audio_hour", "usd_per_thousand_pairs", "usd_per_item", "usd_per_worker_hour", "worker_hours",
    "usd_per_hour", "delta_usd", "usd_from", "usd_to",
    "accelerator_hours", "wall_clock_hours", "energy_kwh", "emissions_kgco2e", "emissions_kgco2e.total",
    "alternative.cost_usd", "alternative.break_even_month", "asked.cost_usd", "asked.emissions_kgco2e", "training_flop",
    "memory.min_accelerators", "output_tokens_per_s", "images_per_s", "ttft_ms", "tpot_ms", "max_concurrency",
    "input_tokens_per_s", "replicas_needed", "tokens", "loss", "N", "D", "C", "C_from", "C_to",
)  # fmt: skip
"""Paths of the figures that answer a question, of every kind, the first one first."""
UNITS: Mapping[str, str] = {
    "max_concurrency": "sequences", "replicas_needed": "replicas", "memory.min_accelerators": "accelerators",
    "images_per_s": "images/s", "usd_per_image": "$/image", "usd_per_thousand_pairs": "$/1000 pairs",
    "usd_per_audio_hour": "$/audio hour", "usd_per_item": "$/item", "usd_per_worker_hour": "$/h of work",
    "requests": "requests", "loss": "nats/token", "N": "parameters", "D": "tokens", "C": "FLOP",
    "C_from": "FLOP", "C_to": "FLOP", "usd_from": "$", "usd_to": "$", "value": "",
}  # fmt: skip
"""Units of figures whose names do not end in one."""


def brief(answer: Mapping[str, Any]) -> str:
    """An envelope's first screen; of a mapping without one, its figures."""
    result = answer.get("result", answer)
    told = {name: value for name, value in result.items() if name not in ENVELOPE} if result is answer else result
    if not isinstance(told, Mapping):
        return f"{fitted(shown(told))}\n"
    below = [*_notes(answer), *_doubts(answer), *_warnings(answer), *_footer(answer, told)]
    above = _figures(told, LINES - len(below))
    return "".join(f"{fitted(line)}\n" for line in (*above, *below)[:LINES])


def headline(answer: Mapping[str, Any]) -> str:
    """The first figure of an answer in a sentence; "" where it has none."""
    result = answer.get("result", answer)
    first = next(headlines(result), None) if isinstance(result, Mapping) else None
    if first is None:
        return ""
    return told_figure(first)


def told_figure(figure: Figure) -> str:
    """A figure in words: its name, its value and unit, and its range."""
    span = "" if figure.low is None else f" ({estimate(figure.low)} to {estimate(figure.high)})"
    value = cell(figure.name, figure.value) if figure.low is None else estimate(figure.value)
    return f"{figure.name} {value} {_unit(figure)}".rstrip() + span


def fitted(line: str, columns: int = COLUMNS) -> str:
    """A line that is no longer than so many columns; what is cut is marked."""
    line = on_one_line(line).rstrip()
    return line if len(line) <= columns else f"{line[: columns - 3].rstrip()}..."


def _figures(result: Mapping[str, Any], room: int) -> list[str]:
    """The figures that answer, and the table that explains them, in so many lines."""
    rows = _rows(result)
    others = () if rows else (figure for figure in figures(result) if not isinstance(figure.value, str))
    listed = list(headlines(result)) or list(others)
    has_ranges = any(figure.low is not None for figure in listed)
    most = max(room - min(len(rows), room // 2), 1) if rows else room
    head = [("", "low", "central", "high", "unit")] if has_ranges else []
    cells = [*head, *(_cells(figure, has_ranges=has_ranges) for figure in listed[: most - len(head)])]
    lines = _aligned(cells, left=1)
    left = room - len(lines)
    return lines + (_aligned(rows[:left], left=2) if rows and left > 1 else [])


def headlines(result: Mapping[str, Any]) -> Iterator[Figure]:
    """The known figures of `HEADLINES`, in its order."""
    known = {figure.name: figure for figure in figures(result)}
    for name in HEADLINES:
        figure = known.get(name)
        if figure is not None and figure.value is not None and not isinstance(figure.value, str):
            yield figure


def _rows(result: Mapping[str, Any]) -> list[Sequence[str]]:
    """The table of a ranking, of an exact bill, or of a project."""
    rows = result.get("rows")
    if isinstance(rows, Sequence) and rows and isinstance(rows[0], Mapping) and "choice" in rows[0]:
        head = ("rank", "choice", str(result.get("rank_by", "value")), "times best", "may be")
        return [head, *(_ranked(row, _varied(rows)) for row in rows)]
    lines = result.get("cost_lines")
    if isinstance(lines, Sequence) and lines and isinstance(lines[0], Mapping) and "meter" in lines[0]:
        kept = ("meter", "unit", "quantity", "usd_per_unit", "usd")
        return [kept, *(tuple(cell(name, line.get(name)) for name in kept) for line in lines)]
    options = result.get("options")
    if isinstance(options, Sequence) and options and isinstance(options[0], Mapping) and "saved_usd" in options[0]:
        return _options(options)
    parts = result.get("parts")
    if isinstance(parts, Sequence) and parts and isinstance(parts[0], Mapping) and "cost_usd" in parts[0]:
        largest = sorted(parts, key=lambda part: -(part.get("share_of_cost") or 0.0))
        return [("part", "kind", "cost_usd", "share"), *map(_of_project, largest)]
    return _of_plan(result)


def _of_plan(result: Mapping[str, Any]) -> list[Sequence[str]]:
    """What a plan says to do, or what is in its way and what comes nearest."""
    lacking = result.get("infeasible")
    plan = lacking["nearest"] if isinstance(lacking, Mapping) and "nearest" in lacking else result.get("plan")
    if not isinstance(plan, Mapping) or "architecture" not in plan:
        return []
    hours, losses = plan.get("wall_clock_hours"), plan.get("losses") or [{}]
    days = "" if not isinstance(hours, Mapping) else f" for {estimate(float(hours['central']) / HOURS_PER_DAY)} days"
    place = ", ".join(shown(plan[name]) for name in ("provider", "region", "price_model") if plan.get(name))
    rows = [
        ("model", f"{estimate(plan['params'])} parameters on {estimate(plan['tokens'])} tokens"),
        ("machines", f"{shown(plan['accelerator_count'])} {plan['accelerator']} in {plan['precision']}{days}"),
        ("seller", place),
    ]
    if isinstance(lacking, Mapping):
        return [("infeasible", f"{lacking['why']}; the nearest plan:"), *rows]
    spans = [each["loss"] for each in losses if "loss" in each]
    told = [f"{estimate(each['central'])} ({estimate(each['low'])} to {estimate(each['high'])})" for each in spans]
    laws = [f"{each.get('law')} {span}" for each, span in zip(losses, told, strict=False)]
    return [*rows, *(("loss", law) for law in laws[:1])]


def _options(options: Sequence[Mapping[str, Any]]) -> list[Sequence[str]]:
    """The table of what may be chosen instead."""
    kept = ("cost_usd", "saved_usd", "saved_kgco2e")
    rows = [
        (fitted(", ".join(map(shown, option["choice"].values())), 30), *(_middle(option.get(name)) for name in kept))
        for option in options
    ]
    return [("choice", *kept), *rows]


def _middle(value: Any) -> str:
    return estimate(value["central"]) if isinstance(value, Mapping) else shown(value)


def _of_project(part: Mapping[str, Any]) -> tuple[str, ...]:
    share = part.get("share_of_cost")
    usd = cell("cost_usd", part.get("cost_usd"))
    return fitted(str(part["part"]), 24), str(part["kind"]), usd, "-" if share is None else f"{float(share):.0%}"


def _varied(rows: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """The fields in which the choices differ."""
    values: dict[str, set[str]] = {}
    for row in rows:
        for name, value in row["choice"].items():
            values.setdefault(name, set()).add(shown(value))
    return frozenset(name for name, seen in values.items() if len(seen) > 1) or frozenset(values)


def _ranked(row: Mapping[str, Any], varied: frozenset[str]) -> tuple[str, ...]:
    said_of = {name: value for name, value in row["choice"].items() if name in varied}
    choice = ", ".join(shown(value) if len(varied) > 1 else f"{n}={shown(value)}" for n, value in said_of.items())
    value = row.get("value")
    middle = value["central"] if isinstance(value, Mapping) and "central" in value else value
    said = row["error"] if row.get("error") else estimate(middle)
    best, worst = row.get("rank_at_best"), row.get("rank_at_worst")
    ranks = "" if best is None else shown(best) if best == worst else f"{best} to {worst}"
    return shown(row.get("rank")), fitted(choice, 40), fitted(str(said), 20), estimate(row.get("times_best")), ranks


def _notes(answer: Mapping[str, Any]) -> list[str]:
    """What was read into the question: names that were not exact, a seller that was not named."""
    said = [each for each in answer.get("assumptions", ()) if each.get("name") in ("read-as", "model", "provider")]
    return [f"= {each['name']} {shown(each['value'])}: {each['why']}" for each in said[:_NOTES]]


def _doubts(answer: Mapping[str, Any]) -> list[str]:
    """The assumptions that the answer's doubt comes from, the largest first."""
    shares = [each for each in answer.get("assumptions", ()) if each.get("share_of_variance")]
    largest = sorted(shares, key=lambda each: -float(each["share_of_variance"]))[:_DOUBTS]
    return [_doubt(each) for each in largest]


def _doubt(each: Mapping[str, Any]) -> str:
    share = f"{float(each['share_of_variance']):4.0%} of the doubt"
    span = "" if each.get("low") is None else f" ({estimate(each['low'])} to {estimate(each['high'])})"
    value = estimate(each["value"]) if isinstance(each["value"], int | float | Decimal) else shown(each["value"])
    return f"? {share}: {each['name']} {value}{span} {each.get('unit', '')}".rstrip()


def _warnings(answer: Mapping[str, Any]) -> list[str]:
    warnings = list(answer.get("warnings", ()))
    lines = [f"! {each['code']}: {each['detail']}" for each in warnings]
    if len(lines) <= _WARNINGS:
        return lines
    rest = ", ".join(dict.fromkeys(each["code"] for each in warnings[_WARNINGS - 1 :]))
    return [*lines[: _WARNINGS - 1], f"! and {len(lines) - _WARNINGS + 1} more: {rest}"]


def _footer(answer: Mapping[str, Any], result: Mapping[str, Any]) -> list[str]:
    catalog = answer.get("catalog")
    if not catalog:
        return []
    has_ranges = any(figure.low is not None for figure in figures(result))
    ranges = ", 80 % ranges" if has_ranges else ""
    return [f"release {catalog['release']}, {shown(catalog['as_of'])[:10]}{ranges}; all of it: detail=full"]


def _cells(figure: Figure, *, has_ranges: bool) -> tuple[str, ...]:
    unit = _unit(figure)
    if figure.low is not None:
        return figure.name, estimate(figure.low), estimate(figure.value), estimate(figure.high), unit
    value = cell(figure.name, figure.value)
    return (figure.name, "", value, "", unit) if has_ranges else (figure.name, value, unit)


def _unit(figure: Figure) -> str:
    return UNITS.get(figure.name, figure.unit)


def _aligned(rows: Sequence[Sequence[str]], *, left: int) -> list[str]:
    """Rows as columns, the first `left` flush left, the last of figures too."""
    if not rows:
        return []
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  ".join(
            each.ljust(width) if at < left or (left == 1 and at == len(row) - 1) else each.rjust(width)
            for at, (each, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
