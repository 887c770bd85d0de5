"""/explore/break-even: hosting a model oneself against an API, by the requests of a day."""

from typing import Any

from mlquote.estimators.serving.break_even import BreakEven
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.serving import serving_estimate
from mlquote.kit.provenance import Answer
from mlquote.render.charts.amounts import measure, percent
from mlquote.render.charts.specs import Axis, Curve, Curves, Point
from mlquote.web.pages.asked import FormField, Query
from mlquote.web.pages.explore.telling import Cell, Column, Source, Vantage, dollars, ordered, plain_fields, seen

SOURCE = Source("/v1/estimates/serving", ServingQuestion, serving_estimate)
FIRST = {
    "model": "llama-3.1-70b",
    "accelerator": "h100-sxm",
    "accelerator_count": "4",
    "concurrency": "64",
    "against_provider": "together",
    "against_model": "meta-llama/Meta-Llama-3.1-70B-Instruct-Turbo",
}
COLUMNS = (
    Column("Replicas", "replicas", is_number=True),
    Column("Up to requests a day", "load", is_number=True),
    Column("Hosting a month", "hosting", is_number=True),
    Column("The API for as many", "api", is_number=True),
    Column("Cheaper", "cheaper"),
)


def break_even_view(query: Query, asked: Vantage) -> dict[str, Any]:
    """What the page tells of a query."""
    if not query.without("sort", "release", "as_of").given:
        query = Query({**FIRST, **query.given})
    return seen(SOURCE, query, asked, _shown, _fields(query))


def _shown(query: Query, answer: Answer) -> dict[str, Any]:
    found: BreakEven | None = answer.result.break_even
    title = f"Hosting {query.text('model')} against an API, dollars a month"
    if found is None:
        says = "There is no break-even: name a provider and its model to hold hosting against, and a rent."
        return {"title_words": title, "says": says, "columns": COLUMNS, "crossings": []}
    rows = [_row(stair) for stair in found.staircase]
    says = _says(found)
    return {
        "panel": _curves(title, found, says) if found.staircase else None,
        "title_words": title,
        "says": says,
        "meaning": _meaning(found),
        "columns": COLUMNS,
        "rows": ordered(rows, query.text("sort"), COLUMNS),
        "crossings": [_crossing(each) for each in found.by_price_model],
    }


def _curves(title: str, found: BreakEven, says: str) -> Curves:
    """The stairs of rent, and the API's line."""
    xs, hosting = [0.0], [float(found.staircase[0].hosting_usd_per_month)]
    api_xs, api = [0.0], [0.0]
    before = 0.0
    for stair in found.staircase:
        xs += [before, stair.up_to_requests_per_day]
        hosting += [float(stair.hosting_usd_per_month)] * 2
        before = stair.up_to_requests_per_day
        api_xs.append(before)
        api.append(float(stair.api_usd_per_month))
    marks = []
    if found.requests_per_day is not None and found.requests_per_day <= xs[-1]:
        marks.append(Point(found.requests_per_day, float(found.usd_per_month or 0), "even here", series=3))
    lines = [Curve("hosting", xs, hosting, 1), Curve(f"API: {found.against}", api_xs, api, 2)]
    return Curves(
        title, lines, Axis("requests a day", "requests", "zero"), Axis("$ a month", "$", "zero"), says, marks=marks
    )


def _row(stair: Any) -> dict[str, Cell]:
    hosted, api = stair.hosting_usd_per_month, stair.api_usd_per_month
    return {
        "replicas": Cell(str(stair.replicas), stair.replicas),
        "load": Cell(f"{stair.up_to_requests_per_day:,.0f}", stair.up_to_requests_per_day),
        "hosting": Cell(dollars(hosted), hosted),
        "api": Cell(dollars(api), api),
        "cheaper": Cell("hosting, when full" if hosted <= api else "the API", "hosting" if hosted <= api else "api"),
    }


def _crossing(each: Any) -> dict[str, Cell]:
    load = each.requests_per_day
    always = each.always_from_requests_per_day
    return {
        "terms": Cell(each.price_model.replace("_", " "), each.price_model),
        "rent": Cell(dollars(each.usd_per_accelerator_hour), each.usd_per_accelerator_hour),
        "load": Cell("never" if load is None else f"{load:,.0f}", load),
        "always": Cell("never" if always is None else f"{always:,.0f}", always),
    }


def _says(found: BreakEven) -> str:
    if found.requests_per_day is None:
        return f"Hosting never costs less than {found.against}, at {dollars(found.api_usd_per_request)} a request."
    spread = found.requests_per_day_range
    load = measure("requests", found.requests_per_day).told(found.requests_per_day, 2)
    if spread.low is None:
        return f"Hosting wins from about {load} a day on, against {found.against}."
    high = "never" if spread.high is None else measure("requests", spread.high).told(spread.high, 2)
    low = measure("requests", spread.low).told(spread.low, 2)
    return (
        f"Hosting wins from about {load} a day on, against {found.against}; in eight of ten cases from {low} to {high}."
    )


def _meaning(found: BreakEven) -> str:
    chance = percent(found.requests_per_day_range.chance_that_hosting_wins)
    return (
        f"A replica kept busy costs less than the API with a chance of {chance}; below the crossing one pays for an "
        "idle machine. People who run it are in no figure here."
    )


def _fields(query: Query) -> list[FormField]:
    shown = (
        ("model", "Model that is hosted", ""),
        ("accelerator", "Accelerator", ""),
        ("accelerator_count", "How many", ""),
        ("concurrency", "Requests at once", ""),
        ("input_tokens", "Tokens read a request", ""),
        ("output_tokens", "Tokens written a request", ""),
        ("against_provider", "Against the API of", ""),
        ("against_model", "and its model", ""),
        ("price_model", "Terms of rent", "on_demand unless told"),
    )
    return plain_fields(query, shown)
