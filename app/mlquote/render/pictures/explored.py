"""Questions asked many ways as pictures: two figures against each other, prices over time, where hosting pays."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from mlquote.render.charts.amounts import measure, percent
from mlquote.render.charts.specs import (
    Axis,
    Bands,
    Curve,
    Curves,
    Panel,
    Picture,
    Point,
    Points,
    Quoted,
    Span,
    Stair,
    Steps,
    Tread,
)
from mlquote.render.figures import shown
from mlquote.render.pictures.telling import counted, foot, no_figure, span_of, unit_at

MOST_STAIRS = 8
"""Lines of a price history; that there are more is said."""
_WORDS = {
    "cost_usd": "cost of the run",
    "predicted_loss": "predicted loss, nats per token",
    "usd_per_mtok.blended": "$ per million tokens",
    "tpot_ms": "each further token",
    "ttft_ms": "to the first token",
}


def front(answer: Mapping[str, Any], figures: Sequence[str]) -> Picture:
    """Every choice by two figures, those that no other beats in both joined and named."""
    x, y = figures[:2]
    rows = answer["result"]["rows"]
    points = [point for row in rows if (point := _point(row, x, y)) is not None]
    ahead = [point for point in points if point.is_front]
    title = f"{_WORDS.get(y, y)} against {_WORDS.get(x, x)}"
    says = f"{len(ahead)} of {len(points)} choices are beaten by no other in both." if points else no_figure(answer)
    left = len(rows) - len(points)
    if left:
        says = f"{says} {left} without a figure {'is' if left == 1 else 'are'} not drawn."
    axes = [
        Axis(_WORDS.get(name, name), unit_at(name), "even" if name == "predicted_loss" else "honest") for name in (x, y)
    ]
    panels: list[Panel] = [Points(title, points, axes[0], axes[1])] if points else []
    return Picture(title.capitalize(), says, panels, foot(answer))


def _axis(name: str) -> Axis:
    return Axis(_WORDS.get(name, name), unit_at(name), "even" if name == "predicted_loss" else "honest")


def _point(row: Mapping[str, Any], x: str, y: str) -> Point | None:
    across, up = (_centre(row.get(name)) for name in (x, y))
    if across is None or up is None:
        return None
    span = span_of(row.get(y))
    label = ", ".join(shown(value) for value in row["choice"].values())
    ends = (None, None) if span is None else (span.low, span.high)
    return Point(across, up, label, is_front=bool(row.get("on_front")), low=ends[0], high=ends[1])


def _centre(value: Any) -> float | None:
    span = span_of(value)
    if span is not None:
        return span.central
    return None if value is None or isinstance(value, Mapping | str) else float(value)


def break_even(answer: Mapping[str, Any]) -> Picture:
    """What hosting and a provider cost a month by requests a day; where they cross, and for each way of renting."""
    found = answer["result"].get("break_even")
    if not found or found.get("requests_per_day") is None:
        return Picture("Hosting or a provider", no_figure(answer), [], foot(answer))
    per_day = float(found["requests_per_day"])
    span = span_of(found.get("requests_per_day_range"))
    title = f"Hosting {answer['question'].get('model') or 'it'} or asking {found['against']}"
    panels: list[Panel] = [_crossing(found)]
    rented = [_way(each) for each in found.get("by_price_model") or ()]
    if rented:
        panels.append(Bands("Pays from so many requests a day, by how the machine is had", rented, ""))
    says = f"Hosting pays from about {counted(float(f'{per_day:.2g}'))} requests a day"
    says += f"; eight in ten times between {_pair(span)}." if span else "."
    chance = (found.get("requests_per_day_range") or {}).get("chance_that_hosting_wins")
    if chance is not None and float(chance) < 0.995:
        says += f" In {percent(1 - float(chance))} of cases it never does."
    return Picture(title, says, panels, foot(answer))


def _pair(span: Span) -> str:
    written = measure("", span.central)
    return f"{written.told(span.low)} and {written.told(span.high)}"


def _way(each: Mapping[str, Any]) -> Quoted:
    value = each.get("requests_per_day")
    return Quoted(
        str(each["price_model"]).replace("_", " "), exact=None if value is None else float(value), is_exact=False
    )


def _crossing(found: Mapping[str, Any]) -> Curves:
    """Both bills a month over twice the requests at which they cross."""
    per_day, usd = float(found["requests_per_day"]), float(found["usd_per_month"])
    xs = [0.0, per_day, 2 * per_day]
    stairs = found.get("staircase") or []
    first = float(stairs[0]["up_to_requests_per_day"]) if stairs else 2 * per_day
    hosted = [usd, usd, usd * (2 if first < 2 * per_day else 1)]
    lines = [Curve("hosting", xs, hosted), Curve(str(found["against"]), xs, [0.0, usd, 2 * usd], 2)]
    mark = Point(per_day, usd, f"{counted(float(f'{per_day:.2g}'))} a day")
    return Curves(
        "A month's bill", lines, Axis("requests a day", "", "zero"), Axis("$ a month", "$", "zero"), marks=[mark]
    )


def prices(answer: Mapping[str, Any]) -> Picture:
    """Prices as steps, a line a series; those whose source does not say since when are named, and not drawn."""
    series = answer["result"]["series"]
    is_machine = any(each["unit"] != "usd_per_mtok" for each in series)
    until = _moment(answer["catalog"]["as_of"])
    dated = [each for each in series if any(change.get("begins") for change in each["changes"])]
    drawn = [_stair(each, until, len({one["name"] for one in dated}) < len(dated)) for each in dated[:MOST_STAIRS]]
    says = _changes(drawn)
    if len(dated) > len(drawn):
        says = f"{says} Drawn are the first {len(drawn)} of {len(dated)}."
    silent = [str(each["name"]) for each in series if each not in dated]
    if silent:
        says = f"{says} Since when is not said, so not drawn: {', '.join(silent)}."
    question = answer["question"]
    what = "an accelerator's hour" if is_machine else f"a million {question.get('meter', 'input')} tokens"
    title = f"Price of {what.replace('_', ' ')}"
    panels: list[Panel] = [Steps(title, drawn, "$/h" if is_machine else "$/Mtok")] if drawn else []
    hollow = any(not tread.is_declared for stair in drawn for tread in stair.changes)
    note = ["A filled dot: the seller declared the date; a hollow one: first seen then."] if hollow else []
    return Picture(title, says.strip() or no_figure(answer), panels, [*note, *foot(answer)])


def _stair(series: Mapping[str, Any], until: float, with_seller: bool) -> Stair:
    dated = [change for change in series["changes"] if change.get("begins")]
    treads = [Tread(_moment(each["begins"]), float(each["usd"]), bool(each["is_declared"])) for each in dated]
    last = dated[-1].get("ends")
    is_over = last is not None and _moment(last) <= until
    name = f"{series['provider']} {series['name']}" if with_seller else str(series["name"])
    return Stair(name, treads, _moment(last) if is_over else until, is_over)


def models(answer: Mapping[str, Any]) -> Picture:
    """Models by price against their day, or their length of context; the cheapest of each named and joined."""
    result = answer["result"]
    by_date = result["against"] == "date"
    column = "dated_on" if by_date else "context_tokens"
    points = [_model(row, column) for row in result["rows"] if row.get(column) and row.get("blended_usd_per_mtok")]
    left = int(result["models"]) - len(points)
    title = f"Models: dollars for a million tokens against {'the day they came' if by_date else 'length of context'}"
    says = f"{sum(point.is_front for point in points)} of {len(points)} are the cheapest of their "
    says += "day." if by_date else "length of context."
    if left:
        unknown = "day" if by_date else "context"
        says = f"{says} {left} more are not drawn: their {unknown} or price is not known, or they are beyond the limit."
    x = Axis("", "", "dates") if by_date else Axis("tokens of context", "tokens", "ratios")
    panels: list[Panel] = [Points(title, points, x, Axis("$ per million tokens", "$/Mtok", "ratios"))] if points else []
    return Picture(title, says if points else no_figure(answer), panels, foot(answer))


def _model(row: Mapping[str, Any], column: str) -> Point:
    at = row[column]
    x = float(at) if column == "context_tokens" else _moment(f"{str(at)[:10]}T00:00:00Z")
    return Point(x, float(row["blended_usd_per_mtok"]), str(row["model"]), is_front=bool(row.get("on_front")))


def _moment(text: Any) -> float:
    return (text if isinstance(text, datetime) else datetime.fromisoformat(str(text))).timestamp()


def _changes(stairs: Sequence[Stair]) -> str:
    """How far each line that moved went, from its first price to its last."""
    moved = [stair for stair in stairs if len(stair.changes) > 1]
    told = []
    for stair in moved[:3]:
        first, last = stair.changes[0].value, stair.changes[-1].value
        count = len(stair.changes) - 1
        told.append(f"{stair.name}: {_step(last / first - 1)} in {count} change{'s' if count > 1 else ''}")
    return f"{'; '.join(told)}." if told else ("No price has changed." if stairs else "")


def _step(share: float) -> str:
    return f"{'up' if share > 0 else 'down'} {percent(abs(share))}" if share else "back where it was"


def scoreboard(rows: Sequence[Mapping[str, Any]], quantity: str, told: Mapping[str, Any]) -> Picture:
    """Our estimates, by rules fitted without the run, against what was published of it.

    Args:    rows: of the table training_scores, those of one quantity
             told: `catalog`, the release and the moment
    """
    unit = "" if quantity == "accelerator_hours" else unit_at(quantity)
    points = [_scored(row) for row in rows]
    inside = sum(float(row["low"]) <= float(row["published"]) <= float(row["high"]) for row in rows)
    words = quantity.removesuffix("_kgco2e").removesuffix("_kwh").removesuffix("_usd").replace("_", " ")
    title = f"{words.capitalize()} of published runs: ours against theirs"
    x, y = Axis("published", unit, "ratios"), Axis("our estimate, eight in ten", unit, "ratios")
    says = f"{inside} of {len(points)} published figures lie in the band that should hold eight in ten."
    panels: list[Panel] = [Points(title, points, x, y, diagonal=True)] if points else []
    return Picture(title, says if points else "No run is scored on this.", panels, foot(told))


def _scored(row: Mapping[str, Any]) -> Point:
    low, centre, high, published = (float(row[name]) for name in ("low", "central", "high", "published"))
    is_outside = not low <= published <= high
    return Point(published, centre, str(row["run"]), series=2 if is_outside else 1, is_front=False, low=low, high=high)
