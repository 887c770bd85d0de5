"""The loss lab's pages: /loss and what stands below it."""

from collections.abc import Callable
from functools import partial
from typing import Any

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
from mlquote.web.pages.frame import page
from mlquote.web.pages.lab.frameworks import frameworks_view
from mlquote.web.pages.lab.shape import FIGURES, shape_view
from mlquote.web.pages.lab.surface import surface_view
from mlquote.web.pages.lab.thresholds import threshold_view
from mlquote.web.workbench import Workbench

View = Callable[[Query, Machine], dict[str, Any]]
ROOMS: tuple[tuple[str, str, str, str, View], ...] = (
    ("shape", "/loss", "Shape of a loss", "Loss", lambda query, machine: shape_view(query)),
    ("surface", "/loss/surface", "J and the way down", "What is fitted, and who walks", surface_view),
    ("frameworks", "/loss/frameworks", "Frameworks", "The same numbers", lambda query, machine: frameworks_view(query)),
    ("threshold", "/loss/threshold", "Threshold", "What errors cost", lambda query, machine: threshold_view(query)),
)
"""Name, path, title, what the form is about, and what its page tells of a query."""


def add_routes(app: FastAPI) -> None:
    """Every page of the lab."""
    for name, path, title, legend, view in ROOMS:
        _add_room(app, name, path, (title, legend), view)

    @app.get("/loss/words", include_in_schema=False)
    async def words(request: Request) -> Response:
        told = {"terms": terms()["terms"], "reductions": reductions()["reductions"], "losses": losses()["losses"]}
        return page(request, "loss_words.html", room="loss", title="What J means", drawn=slice_names(), **told)


def _add_room(app: FastAPI, name: str, path: str, words: tuple[str, str], view: View) -> None:
    title, legend = words

    @app.get(path, include_in_schema=False)
    async def room(request: Request) -> Response:
        query = Query.of(request.query_params.multi_items())
        if query.text("was") not in {"", query.text("loss")}:
            return RedirectResponse(f"{request.scope.get('root_path', '')}{path}?{_anew(query)}", 303)
        await request.body()  # what comes after it is that the caller has gone
        bench: Workbench = request.app.state.workbench
        told = await bench.do(partial(view, query.without("was")), request)
        told |= {"here": name, "here_path": path, "legend_words": legend, "all_losses": tuple(LOSSES)}
        told |= {"base": str(request.base_url).rstrip("/")}
        found = page(request, f"loss_{name}.html", room="loss", title=title, **_drawn(told))
        found.status_code = status_of(request, told["faults"])
        return found


def _anew(query: Query) -> str:
    """Another loss begins with its own parameters: only what is no loss's own is kept."""
    kept = query.only(("loss", "beside"))
    return "&".join(f"{name}={text}" for name, text in kept.given.items())


def _drawn(told: dict[str, Any]) -> dict[str, Any]:
    """Each panel as SVG, beside the words that stand over it."""
    if "panels" in told:
        pairs = zip(told["panels"], FIGURES, strict=False)
        return told | {"panels": [_panel(spec, name, words) for spec, (name, words, _) in pairs]}
    return told | {"panel": None if told["panel"] is None else _panel(told["panel"], "main", "")}


def _panel(spec: Panel, name: str, words: str) -> dict[str, Any]:
    drawn = Markup(svg(spec, name=name))  # our own SVG, its words escaped
    return {"svg": drawn, "words": words, "first": 1 if type(spec).__name__ == "Curves" else 0}
