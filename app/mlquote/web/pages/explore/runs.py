"""/explore/runs: our estimate of every published training run beside what was published, error by error."""

from collections.abc import Sequence
from math import exp, log
from statistics import median
from typing import Any
from urllib.parse import urlencode

from mlquote.catalog.rows import TrainingScore
from mlquote.kit.units import unit_of
from mlquote.render.charts.amounts import measure, percent
from mlquote.render.charts.specs import Axis, Point, Points
from mlquote.web.pages.asked import FormField, Query
from mlquote.web.pages.explore.telling import Cell, Column, Vantage, ordered, web_link

QUANTITIES = ("accelerator_hours", "energy_kwh", "emissions_kgco2e", "cost_usd", "cost_usd_amortised")
CHOICES = {"quantity": QUANTITIES, "given": ("forward", "hours"), "figures": ("headline", "all")}
"""Field -> what it may say, the first unless told otherwise."""
PATH = "/v1/catalog/training_scores"
COLUMNS = (
    Column("Run", "run"),
    Column("Kind", "kind"),
    Column("Date", "run_date"),
    Column("Published", "published", is_number=True),
    Column("Ours", "ours", is_number=True),
    Column("Ours over published", "ratio", is_number=True),
    Column("In our range", "inside"),
    Column("Source", "source"),
)
MOST_NAMED = 10
UNITS = {"accelerator_hours": "accelerator-hours", "cost_usd": "$", "cost_usd_amortised": "$"}
"""What the suffix of a name does not say: an accelerator-hour is no hour."""


def runs_view(query: Query, vantage: Vantage) -> dict[str, Any]:
    """What the page tells of a query: the runs, each with its error; or the fields that say nothing known."""
    told: dict[str, Any] = {"fields": _fields(query), "panel": None, "rows": [], "columns": COLUMNS, "warnings": []}
    chosen = {name: query.text(name, choices[0]) for name, choices in CHOICES.items()}
    told |= {"says": "", "meaning": "", "title_words": "", "pinned": "", "json": _address(query, chosen)}
    faults = [
        {"field": name, "detail": f"no {name} is {chosen[name]!r}", "hint": f"one of {', '.join(choices)}"}
        for name, choices in CHOICES.items()
        if chosen[name] not in choices
    ]
    known = {*CHOICES, "q", "sort", "release"}
    hint = f"known here: {', '.join(sorted(known))}"
    faults += [{"field": n, "detail": f"unknown field {n!r}", "hint": hint} for n in query.given if n not in known]
    scores = _scores(query, chosen, vantage)
    if not scores and not faults:
        faults = [{"field": "q", "detail": "no run passes", "hint": "fewer letters, or all figures"}]
    if faults:
        return told | {"faults": faults}
    pinned = urlencode(dict(query.given) | {"release": vantage.catalog.release.id})
    return told | _shown(query, chosen, scores) | {"faults": [], "pinned": pinned}


def _scores(query: Query, chosen: dict[str, str], vantage: Vantage) -> list[TrainingScore]:
    """The figures that pass, the furthest off first."""
    rows: Sequence[TrainingScore] = vantage.catalog.versions(
        "training_scores", given=chosen["given"], quantity=chosen["quantity"]
    )
    wanted = query.text("q").casefold()
    passed = [
        row for row in rows
        if wanted in row.run.casefold() and (row.is_headline or chosen["figures"] == "all") and row.published > 0
    ]  # fmt: skip
    return sorted(passed, key=lambda row: -abs(log(row.central / row.published)))


def _address(query: Query, chosen: dict[str, str]) -> str:
    """The same rows in the catalogue; those of a longer name of the quantity come with them."""
    asked = {"q": f"/{chosen['given']}/{chosen['quantity']}", "limit": "1000"}
    if "release" in query.given:
        asked["release"] = query.text("release")
    return f"{PATH}?{urlencode(asked)}"


def is_inside(row: TrainingScore) -> bool:
    """The published figure lies in our 80 % range."""
    return row.low <= row.published <= row.high


def _shown(query: Query, chosen: dict[str, str], scores: Sequence[TrainingScore]) -> dict[str, Any]:
    unit = UNITS.get(chosen["quantity"]) or unit_of(chosen["quantity"])
    points = [_point(row, unit, is_named=n < MOST_NAMED) for n, row in enumerate(scores)]
    words = chosen["quantity"].replace("_", " ")
    title = f"Our {words} of published training runs"
    ticks = "" if unit == UNITS["accelerator_hours"] else unit  # too long to stand at each tick
    beside = "" if ticks else f", {unit}"
    x, y = Axis(f"published{beside}", ticks, "ratios"), Axis(f"ours{beside}", ticks, "ratios")
    says = _says(scores, words)
    return {
        "panel": Points(title, points, x, y, says, diagonal=True),
        "title_words": title,
        "says": says,
        "meaning": MEANING[chosen["given"]],
        "rows": ordered([_row(row, unit) for row in scores], query.text("sort"), COLUMNS),
    }


MEANING = {
    "forward": "Each run was estimated from model, data, hardware, date and place alone, by rules fitted without it: "
    "what a plan of your own may expect.",
    "hours": "Each run was estimated with its accelerator-hours handed over, by rules fitted without it: what is left "
    "is the doubt of watts, grid and rent.",
}


def _point(row: TrainingScore, unit: str, *, is_named: bool) -> Point:
    told = [measure(unit, each).told(each, 2) for each in (row.central, row.published)]
    is_in = is_inside(row)
    says = f"{row.run}: ours {told[0]}, published {told[1]}"
    label = row.run if is_named and not is_in else ""
    return Point(row.published, row.central, label, says, 1 if is_in else 2, low=row.low, high=row.high)


def _row(row: TrainingScore, unit: str) -> dict[str, Cell]:
    published, ours = measure(unit, row.published), measure(unit, row.central)
    is_in = is_inside(row)
    told = f"{ours.told(row.central, 2)} ({ours.between(row.low, row.high)})"
    return {
        "run": Cell(row.run, row.run),
        "kind": Cell(row.kind.replace("_", " "), row.kind),
        "run_date": Cell(row.run_date.isoformat(), row.run_date.isoformat()),
        "published": Cell(published.told(row.published, 3), row.published),
        "ours": Cell(told, row.central),
        "ratio": Cell(f"{row.central / row.published:.2f}", row.central / row.published),
        "inside": Cell("yes" if is_in else "no", 1 if is_in else 0),
        "source": Cell("source", row.source_url, web_link(row.source_url)),
    }


def _says(scores: Sequence[TrainingScore], words: str) -> str:
    """How far off, in a sentence."""
    error = median(abs(row.central - row.published) / row.published for row in scores)
    inside = sum(map(is_inside, scores)) / len(scores)
    bias = exp(median(log(row.central / row.published) for row in scores))
    return (
        f"Of {len(scores)} published figures of {words} half are estimated within {percent(error)}; "
        f"{percent(inside)} lie in our range of eight in ten; "
        f"in the middle ours is {bias:.2f} times what was published."
    )


def _fields(query: Query) -> list[FormField]:
    words = {"quantity": "Which figure", "given": "Known beforehand", "figures": "Whose figures"}
    helps = {
        "given": "forward: model, data, hardware; hours: the accelerator-hours too",
        "figures": "headline: developers' own, of whole jobs",
    }
    found = [
        FormField(name, words[name], query.text(name, choices[0]), "select", choices, helps.get(name, ""))
        for name, choices in CHOICES.items()
    ]
    return [*found, FormField("q", "Run contains", query.text("q"))]
