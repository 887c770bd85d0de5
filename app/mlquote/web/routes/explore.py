"""Explore: prices over time and models by price as data, and the pages that draw them."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from mlquote.estimators.comparing.model_prices import ModelPrices, ModelPricesResult, model_prices
from mlquote.estimators.comparing.price_series import PriceSeries, PriceSeriesResult, price_series
from mlquote.render.charts.drawing import svg
from mlquote.web.deps import now, snapshots
from mlquote.web.desks import desks
from mlquote.web.pages.asked import Query, status_of
from mlquote.web.pages.explore.break_even import break_even_view
from mlquote.web.pages.explore.fronts import frontier_view, latency_view
from mlquote.web.pages.explore.models import models_view
from mlquote.web.pages.explore.prices import prices_view
from mlquote.web.pages.explore.runs import runs_view
from mlquote.web.pages.explore.telling import SHOWN, Vantage, heads, paged
from mlquote.web.pages.frame import page
from mlquote.web.questions import add_question

Seen = Callable[[Query, Vantage], dict[str, Any]]
VIEWS: dict[str, tuple[str, Seen, str]] = {
    "prices": (
        "Prices over time",
        prices_view,
        "A filled dot: the seller declared the date. A hollow one: the price was first seen then.",
    ),
    "models": ("Models", models_view, "Named are those on the frontier; the others are in the table."),
    "runs": ("Against published runs", runs_view, "On the line ours is what was published; orange: it lies outside."),
    "frontier": ("Loss and dollars", frontier_view, "Named and joined are the choices that none beats in both."),
    "break-even": ("Break-even", break_even_view, "Stairs: a step a replica. The line: the API, by the request."),
    "latency": ("Latency", latency_view, "Named and joined are the layouts that none beats in both."),
}  # fmt: skip
"""Name in the address -> what it is called, what it tells of a query, and how its figure is read."""
KEPT = (*(name for name in SHOWN if name != "from_row"), "release", "as_of")
"""Fields without a control that a form hands on."""


def add_routes(app: FastAPI) -> None:
    """The data of Explore that no other path has, and its pages."""
    add_question(
        app,
        "/v1/explore/prices",
        PriceSeries,
        price_series,
        summary="What models or machines have cost since when: every change, with its source",
        results=(PriceSeriesResult,),
    )
    add_question(
        app,
        "/v1/explore/models",
        ModelPrices,
        model_prices,
        summary="Models sold by the token, by price against date or context, the frontier marked",
        results=(ModelPricesResult,),
    )

    @app.get("/explore", include_in_schema=False)
    async def start(request: Request) -> Response:
        return RedirectResponse(f"{request.scope.get('root_path', '')}/explore/prices")

    for name in VIEWS:
        _add_view(app, name)


def _add_view(app: FastAPI, name: str) -> None:
    @app.get(f"/explore/{name}", include_in_schema=False)
    async def one(request: Request) -> Response:
        return await explored(request, name)


async def explored(request: Request, name: str) -> Response:
    """One page of Explore, answered from its query."""
    title, view, caption = VIEWS[name]
    query = Query.of(request.query_params.multi_items())
    release = query.given.get("release")
    catalog = snapshots(request).current if release is None else await snapshots(request).of(release)
    told = await desks(request).quotes.do(view, query, Vantage(catalog, now(request)))
    told |= _frame(request, name, query, told) | {"caption": caption}
    found = page(request, "explore.html", room="explore", title=title, **told)
    found.status_code = status_of(request, told["faults"])
    return found


def _frame(request: Request, name: str, query: Query, told: dict[str, Any]) -> dict[str, Any]:
    """What the template needs beside the view's own."""
    root = request.scope.get("root_path", "")
    here = f"{root}/explore/{name}"
    shown = {field.name for field in told["fields"]}
    drawn = None if told["panel"] is None else Markup(svg(told["panel"], name="main"))  # our own, escaped
    return {
        "here": name,
        "views": [(each, words) for each, (words, *_) in VIEWS.items()],
        "kept": [(field, query.given[field]) for field in KEPT if field in query.given and field not in shown],
        "base": str(request.base_url).rstrip("/"),
        "csv": told["json"] + ("&" if "?" in told["json"] else "?") + "format=csv",
        "heads": heads(told["columns"], query, here),
        "panel": drawn,
        "left_out": told.get("left_out", []),
        "unknown": told.get("unknown", []),
        "crossings": told.get("crossings", []),
        "more_warnings": told.get("more_warnings", 0),
    } | paged(told["rows"], query, here)
