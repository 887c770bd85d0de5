"""The loss lab's pages: /loss and what stands below it."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from mlquote.losses.blocks import Machine
from mlquote.losses.glossary import losses, terms
from mlquote.losses.registry import LOSSES
from mlquote.losses.uses.slices import slice_names
from mlquote.losses.wordbook import reductions
from mlquote.render.charts.drawing import svg
from mlquote.render.charts.specs import Panel
from mlquote.web.pages.asked import Query, status_of
from mlquote.web.pages.asking import query_of
from mlquote.web.pages.frame import is_live, page
from mlquote.web.pages.lab.frameworks import frameworks_view
from mlquote.web.pages.lab.shape import FIGURES, shape_view
from mlquote.web.pages.lab.surface import surface_view
from mlquote.web.pages.lab.thresholds import threshold_view
from mlquote.web.workbench import Workbench


def _shape(query: Query, _: Machine) -> dict[str, Any]:
    return shape_view(query)


def _frameworks(query: Query, _: Machine) -> dict[str, Any]:
    return frameworks_view(query)


def _threshold(query: Query, _: Machine) -> dict[str, Any]:
    return threshold_view(query)


class LabRoom(NamedTuple):
    """One page of the lab."""

    name: str
    path: str
    title: str
    legend: str
    """What its form is about."""
    view: Callable[[Query, Machine], dict[str, Any]]
    """What it tells of a query."""


ROOMS = (
    LabRoom("shape", "/loss", "Shape of a loss", "Loss", _shape),
    LabRoom("surface", "/loss/surface", "J and the way down", "What is fitted, and who walks", surface_view),
    LabRoom("frameworks", "/loss/frameworks", "Frameworks", "The same numbers", _frameworks),
    LabRoom("threshold", "/loss/threshold", "Threshold", "What errors cost", _threshold),
)


def add_routes(app: FastAPI) -> None:
    """Every page of the lab."""
    for room in ROOMS:
        _add_room(app, room)

    @app.get("/loss/words", include_in_schema=False)
    async def words(request: Request) -> Response:
        told = {"terms": terms()["terms"], "reductions": reductions()["reductions"], "losses": losses()["losses"]}
        return page(request, "loss_words.html", room="loss", title="What J means", drawn=slice_names(), **told)


def _add_room(app: FastAPI, room: LabRoom) -> None:
    @app.get(room.path, include_in_schema=False)
    async def one(request: Request) -> Response:
        return await lab_room(request, room)


async def lab_room(request: Request, room: LabRoom) -> Response:
    """One page of the lab, answered from its query."""
    query = Query.of(request.query_params.multi_items())
    if query.text("was") not in {"", query.text("loss")}:
        if not is_live(request):
            place = f"{request.scope.get('root_path', '')}{room.path}"
            return RedirectResponse(f"{place}?{query_of(_anew(query).given)}", 303)
        query = _anew(query)
    await request.body()  # what comes after it is that the caller has gone
    bench: Workbench = request.app.state.workbench
    told = await bench.do(partial(room.view, query.without("was")), request)
    told |= {"here": room.name, "here_path": room.path, "legend_words": room.legend, "all_losses": tuple(LOSSES)}
    told |= {"base": str(request.base_url).rstrip("/")}
    found = page(request, f"loss_{room.name}.html", room="loss", title=room.title, **_drawn(told))
    found.status_code = status_of(request, told["faults"])
    return found


def _anew(query: Query) -> Query:
    """Another loss begins with its own parameters: only what is no loss's own is kept."""
    return query.only(("loss", "beside"))


def _drawn(told: dict[str, Any]) -> dict[str, Any]:
    """Each panel as SVG, beside the words that stand over it."""
    if "panels" in told:
        pairs = zip(told["panels"], FIGURES, strict=False)
        return told | {"panels": [_panel(spec, name, words) for spec, (name, words, _) in pairs]}
    return told | {"panel": None if told["panel"] is None else _panel(told["panel"], "main", "")}


def _panel(spec: Panel, name: str, words: str) -> dict[str, Any]:
    drawn = Markup(svg(spec, name=name))  # our own SVG, its words escaped
    return {"svg": drawn, "words": words, "first": 1 if type(spec).__name__ == "Curves" else 0}
