"""Estimates as pictures: a training run, API usage, hosting, and several of them side by side."""

from collections.abc import Mapping
from typing import Any

from mlquote.render.brief import headlines
from mlquote.render.charts.specs import Axis, Bands, Curve, Curves, Dots, Panel, Parts, Picture, Portion, Quoted, Span
from mlquote.render.figures import shown
from mlquote.render.pictures.telling import (
    about,
    alone,
    at,
    counted,
    exactly,
    foot,
    known,
    no_figure,
    quoted,
    span_of,
    unit_at,
)

TEN = "Ten dots, each one in ten: eight lie in the band, one is below it and one above."


def training(answer: Mapping[str, Any]) -> Picture:
    """What a run costs as ten dots; hours, energy and emissions below."""
    question, result = answer["question"], answer["result"]
    span = span_of(result["cost_usd"])
    panels: list[Panel] = [] if span is None else [Dots("Cost", span, "$", TEN)]
    for label, path, unit in _RUN:
        value = at(result, path)
        if value is not None:
            panels.append(alone(label, value, unit))
    panels += _parts("What it is made of", result.get("cost_lines", ()), "item")
    says = no_figure(answer) if span is None else about(span, "$", "such runs")
    return Picture(_run_title(question, result), says, panels, foot(answer), TEN if span else "")


_RUN = (
    ("Wall clock", "wall_clock_hours", "h"),
    ("Accelerator-hours", "accelerator_hours", ""),
    ("Energy", "energy_kwh", "kWh"),
    ("Emissions", "emissions_kgco2e.total", "kg CO2e"),
)


def _run_title(question: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    params = result.get("params")
    what = question.get("model") or (f"{counted(float(params))} parameters" if params else "a model")
    tokens = question.get("tokens")
    count, part = question.get("accelerator_count"), question.get("accelerator")
    read = f" on {counted(float(tokens))} tokens" if tokens else ""
    machines = f", {f'{count:,} × ' if isinstance(count, int) else ''}{part}" if part else ""
    return f"Training {what}{read}{machines}"


def inference(answer: Mapping[str, Any]) -> Picture:
    """What a bill is made of, to the cent; of a workload also what would lower it."""
    question, result = answer["question"], answer["result"]
    whole, span = result["cost_usd"], span_of(result.get("cost_range_usd"))
    panels: list[Panel] = [] if span is None else [Dots("Cost", span, "$", TEN)]
    panels += _parts("What it is made of", result.get("cost_lines", ()), "meter")
    levers = [_lever(each) for each in result.get("levers") or ()]
    if levers and whole is not None:
        panels.append(Bands("What it would cost with one change", [quoted("as asked", whole), *levers], "$"))
    if whole is None:
        says = no_figure(answer)
    else:
        says = about(span, "$", "such bills") if span else f"{exactly(whole)}, exactly: a list price, not an estimate."
    seller = question.get("provider")
    title = f"{question.get('model') or 'API usage'}{f' at {seller}' if seller else ''}"
    requests = result.get("requests")
    return Picture(
        f"{title}{f', {requests:,} requests' if isinstance(requests, int) else ''}", says, panels, foot(answer)
    )


def _lever(lever: Mapping[str, Any]) -> Quoted:
    return quoted(str(lever["lever"]).replace("_", " "), lever["cost_usd"])


def _parts(title: str, lines: Any, name: str) -> list[Panel]:
    """The lines of a bill as parts of a whole, where there are two or more that cost something."""
    priced = [line for line in lines if line.get("usd")]
    if len(priced) < 2 or any(float(line["usd"]) < 0 for line in priced):
        return []
    told = [
        Portion(str(line[name]).replace("_", " "), float(line["usd"]), exactly(line["usd"]))
        for line in sorted(priced, key=lambda line: -float(line["usd"]))
    ]
    return [Parts(title, told, "$")]


def serving(answer: Mapping[str, Any]) -> Picture:
    """What a million tokens (or whatever is served) costs as ten dots; speed, latency and power below."""
    question, result = answer["question"], answer["result"]
    first = next((f for f in headlines(result) if f.low is not None and "usd" in f.name), None)
    panels: list[Panel] = []
    says = no_figure(answer)
    if first is not None:
        span = Span(float(first.low), float(first.value), float(first.high))
        panels.append(Dots(_HEADS.get(first.name, first.name.replace("_", " ")), span, _unit(first.name), TEN))
        says = about(span, _unit(first.name), "such deployments")
    for label, path in _HOSTED:
        value = at(result, path)
        if value is not None:
            panels.append(alone(label, value, unit_at(path)))
    panels += _utilisation(result)
    model = question.get("model") or "A model"
    count = question.get("accelerator_count")
    on = f"{f'{count} × ' if count else ''}{question.get('accelerator')}"
    return Picture(f"Hosting {model} on {on}", says, panels, foot(answer), TEN if first else "")


_HEADS = {
    "cost_usd": "Cost",
    "usd_per_mtok.blended": "Dollars for a million tokens, in and out",
    "usd_per_image": "Dollars for an image",
    "usd_per_hour": "Dollars for an hour",
}
_HOSTED = (
    ("Dollars an hour", "usd_per_hour"),
    ("Output", "output_tokens_per_s"),
    ("To the first token", "ttft_ms"),
    ("Each further token", "tpot_ms"),
)


def _unit(name: str) -> str:
    """Dollars for something, which no suffix of a field says."""
    return unit_at(name) or "$"


def _utilisation(result: Mapping[str, Any]) -> list[Panel]:
    rows = [row for row in result.get("utilisation_curve") or () if row.get("blended_usd_per_mtok") is not None]
    if len(rows) < 2:
        return []
    xs = [100 * float(row["utilisation_fraction"]) for row in rows]
    ys = [float(row["blended_usd_per_mtok"]) for row in rows]
    x, y = Axis("% of the machine in use", "", "zero"), Axis("$ per million tokens", "$/Mtok", "zero")
    return [Curves("The fuller, the cheaper", [Curve("", xs, ys)], x, y)]


def comparison(answer: Mapping[str, Any]) -> Picture:
    """Every choice on one axis, the best first; those without a figure say why."""
    result = answer["result"]
    by = str(result["rank_by"])
    varied = _varied([row["choice"] for row in result["rows"]])
    rows = [_choice(row, varied) for row in result["rows"]]
    title = f"{_HEADS.get(by, by.replace('_', ' ').replace('.', ', '))}: {len(rows)} choices"
    says = _ranked(rows, answer)
    if len(rows) > MOST_ROWS:
        says = f"{says} Drawn are the first {MOST_ROWS} of {len(rows)}."
    return Picture(title, says, [Bands(title, rows[:MOST_ROWS], unit_at(by))], foot(answer))


MOST_ROWS = 40
"""Rows that are drawn of a comparison; that there are more is said."""


def _varied(choices: list[Mapping[str, Any]]) -> list[str]:
    names = list(dict.fromkeys(name for choice in choices for name in choice))
    return [name for name in names if len({repr(choice.get(name)) for choice in choices}) > 1] or names


def _choice(row: Mapping[str, Any], varied: list[str]) -> Quoted:
    label = ", ".join(shown(row["choice"].get(name)) for name in varied)
    why = row.get("error")
    told = why.get("detail", why.get("code", "")) if isinstance(why, Mapping) else str(why or "")
    return quoted(label, row.get("value"), told)


def _ranked(rows: list[Quoted], answer: Mapping[str, Any]) -> str:
    """Who is first, and whether the bands of the first two overlap."""
    told = known(rows)
    if not told:
        return no_figure(answer)
    best = told[0]
    ahead = f"{best.label} is {answer['result'].get('order', 'lowest')}"
    if best.span is None or len(told) < 2 or told[1].span is None:
        return f"{ahead}."
    overlap = best.span.low <= told[1].span.high and told[1].span.low <= best.span.high
    return f"{ahead} at the centre; {'the bands overlap' if overlap else 'the bands do not overlap'}."
