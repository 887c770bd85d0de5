"""/explore/frontier and /explore/latency: many choices of one question by two figures, those that none beats joined."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlquote.estimators.comparing.comparison import Comparison, comparison
from mlquote.kit.provenance import Answer
from mlquote.render.charts.amounts import measure
from mlquote.render.charts.specs import Axis, Point, Points
from mlquote.render.pages.numbers import told_number
from mlquote.web.pages.asked import Query
from mlquote.web.pages.explore.telling import Cell, Column, Source, Vantage, central, ends, ordered, plain_fields, seen

SOURCE = Source("/v1/comparisons", Comparison, comparison)
FRONTIER = {
    "kind": "training",
    "params": "125e6,350e6,1e9,3e9,8e9,30e9,70e9",
    "tokens": "10e9,100e9,1e12,10e12",
    "accelerator": "h100-sxm",
    "accelerator_count": "256",
}
LATENCY = {
    "kind": "serving",
    "model": "llama-3.1-70b",
    "accelerator": "h100-sxm",
    "accelerator_count": "8",
    "tensor_parallel": "1,2,4,8",
    "concurrency": "1,4,16,64,256",
}


@dataclass(frozen=True, slots=True)
class Front:
    """Two figures of a kind of question, and their words."""

    x: tuple[str, str, str]
    """Path of the figure, its unit, its words."""
    y: tuple[str, str, str]
    title: str
    meaning: str


BY_LOSS = Front(
    ("cost_usd", "$", "dollars"),
    ("predicted_loss", "", "predicted loss, nats a token"),
    "Loss against dollars",
    "On the frontier no other choice here reaches as low a loss for as little; the loss is a scaling law's, which "
    "knows nothing of your data.",
)
BY_LATENCY = Front(
    ("usd_per_mtok.blended", "$/Mtok", "dollars for a million tokens"),
    ("tpot_ms", "ms", "ms for each further token"),
    "Latency against the cost of layouts",
    "Fuller batches are cheaper and slower; on the frontier no other layout here is both faster and cheaper, at every "
    "paid hour full.",
)


def frontier_view(query: Query, asked: Vantage) -> dict[str, Any]:
    """What the page of loss against dollars tells of a query."""
    filled = _filled(query, FRONTIER)
    return seen(SOURCE, filled, asked, lambda q, a: _shown(q, a, BY_LOSS), plain_fields(filled, _TRAINED))


def latency_view(query: Query, asked: Vantage) -> dict[str, Any]:
    """What the page of latency against cost tells of a query."""
    filled = _filled(query, LATENCY)
    return seen(SOURCE, filled, asked, lambda q, a: _shown(q, a, BY_LATENCY), plain_fields(filled, _SERVED))


def _filled(query: Query, first: Mapping[str, str]) -> Query:
    """A query that asks nothing asks the example; one that does keeps its kind and the two figures."""
    front = BY_LOSS if first["kind"] == "training" else BY_LATENCY
    given = dict(query.given)
    start = {} if query.without("sort", "release", "as_of").given else dict(first)
    return Query({"kind": first["kind"], **start, **given, "pareto": f"{front.x[0]},{front.y[0]}"})


def _shown(query: Query, answer: Answer, front: Front) -> dict[str, Any]:
    table: Sequence[Mapping[str, Any]] = answer.result.rows
    names = list(dict.fromkeys(name for row in table for name in row["choice"]))
    columns = _columns(names, front)
    points = [point for row in table if (point := _point(row, front)) is not None]
    x, y = (
        Axis(front.x[2], front.x[1], "ratios"),
        Axis(front.y[2], front.y[1], "even" if front.y[1] == "" else "honest"),
    )
    says = _says(table, front)
    return {
        "panel": Points(front.title, points, x, y, says) if points else None,
        "title_words": front.title,
        "says": says,
        "meaning": f"{front.meaning} Points are named by {' and '.join(each.replace('_', ' ') for each in names)}.",
        "columns": columns,
        "rows": ordered([_row(row, names, front) for row in table], query.text("sort"), columns),
    }


def _columns(names: Sequence[str], front: Front) -> tuple[Column, ...]:
    choice = [Column(name.replace("_", " "), name, is_number=True) for name in names]
    figures = [Column(words, path, is_number=True) for path, _, words in (front.x, front.y)]
    return (*choice, *figures, Column("Frontier", "front"), Column("Why not", "error"))


def _label(choice: Mapping[str, Any]) -> str:
    return ", ".join(_said(value) for value in choice.values())


def _said(value: Any) -> str:
    """A choice as people say it: 70B for 70e9."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return str(value)
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M")):
        if number >= size:
            return f"{number / size:g}{letter}"
    return f"{number:g}"


def _point(row: Mapping[str, Any], front: Front) -> Point | None:
    x, y = central(row.get(front.x[0])), central(row.get(front.y[0]))
    if x is None or y is None or x <= 0:
        return None
    low, high = ends(row.get(front.y[0]))
    label = _label(row["choice"])
    told = f"{label}: {measure(front.x[1], x).told(x, 2)}, {_figure(y, front.y[1])}"
    shown = bool(row["on_front"])
    return Point(
        x, y, label if shown else "", told, is_front=shown, low=low if shown else None, high=high if shown else None
    )


def _figure(value: float, unit: str) -> str:
    return measure(unit, value).told(value, 2) if unit else told_number(value, 3)


def _row(row: Mapping[str, Any], names: Sequence[str], front: Front) -> dict[str, Cell]:
    found = {name: _choice(row["choice"].get(name)) for name in names}
    for path, unit, _ in (front.x, front.y):
        found[path] = _range(row.get(path), unit)
    found["front"] = Cell("on it" if row["on_front"] else "", 0 if row["on_front"] else 1)
    found["error"] = Cell(str(row["error"] or ""), row["error"] or None)
    return found


def _choice(value: Any) -> Cell:
    try:
        return Cell(_said(value), float(value))
    except (TypeError, ValueError):
        return Cell(str(value), str(value))


def _range(value: Any, unit: str) -> Cell:
    middle = central(value)
    if middle is None:
        return Cell("no figure")
    low, high = ends(value)
    if low is None or high is None:
        return Cell(_figure(middle, unit), middle)
    written = measure(unit, middle)
    return Cell(f"{written.told(middle, 2)} ({written.between(low, high)})", middle)


def _says(table: Sequence[Mapping[str, Any]], front: Front) -> str:
    known = [row for row in table if row["on_front"] is not None]
    best = [row for row in known if row["on_front"]]
    if not best:
        return "No choice here has both figures."
    cheap = min(best, key=lambda row: central(row[front.x[0]]) or 0.0)
    fine = min(best, key=lambda row: central(row[front.y[0]]) or 0.0)
    told = [
        f"{_label(row['choice'])} ({_range(row[front.x[0]], front.x[1]).told.partition(' (')[0]}, "
        f"{_figure(central(row[front.y[0]]) or 0.0, front.y[1])})"
        for row in (cheap, fine)
    ]
    return f"{len(best)} of {len(known)} choices are on the frontier, from {told[0]} to {told[1]}."


_TRAINED = (
    ("params", "Parameters", "with commas: 1e9, 8e9"),
    ("tokens", "Tokens", "with commas: 100e9, 1e12"),
    ("accelerator", "Accelerator", ""),
    ("accelerator_count", "How many", ""),
    ("provider", "Seller", "the median of all unless told"),
)
_SERVED = (
    ("model", "Model", ""),
    ("accelerator", "Accelerators", "several with commas"),
    ("accelerator_count", "How many", ""),
    ("tensor_parallel", "Tensor parallel", "with commas"),
    ("concurrency", "Requests at once", "with commas"),
    ("weight_dtype", "Weights as", "bf16, fp8, int4 …"),
    ("input_tokens", "Tokens read a request", ""),
    ("output_tokens", "Tokens written a request", ""),
)
