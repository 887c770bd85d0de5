"""Answers as HTML: /v1/views/{view}, with the question's own fields; the pages' script asks here and nowhere else.

A view is what a page shows of an answer, drawn by the templates that draw the page: one code draws both, and whoever
wants an answer inside a page of his own has it from the same address. docs/decisions/0008 tells why.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any

from fastapi import FastAPI, Path, Request, Response

from mlquote.kit.errors import Malformed, UnknownName, nearest
from mlquote.web.bodies import only_parameters
from mlquote.web.negotiation import SHOWING
from mlquote.web.pages.asking import query_of
from mlquote.web.pages.calculator import PATH as CALCULATOR
from mlquote.web.pages.calculator import calculator
from mlquote.web.pages.compare import compare
from mlquote.web.pages.kinds import KINDS
from mlquote.web.pages.spend import budget_check, job_log, one_budget, spend, view_of_log
from mlquote.web.respond import respond
from mlquote.web.routes.explore import VIEWS as EXPLORED
from mlquote.web.routes.explore import explored
from mlquote.web.routes.loss_lab import ROOMS, lab_room

PATH = "/v1/views"
LOG = f"{PATH}/usage-log"
HEAVY = tuple(f"{PATH}/{name}" for name in ("frontier", "latency", "surface", "plan-"))
"""Beginnings of paths whose question is heavy at its own address too."""
HTML = "text/html"
Shown = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class View:
    """One answer as HTML."""

    view: str
    summary: str
    page: str
    """The path of the page that shows it; its fields are the view's."""
    asked_at: str
    """The address of the question whose answer is shown."""
    shown: Shown
    example: Mapping[str, str] = field(default_factory=dict)


async def _budget(request: Request) -> Response:
    return await one_budget(request, _said(request, "name", "the budget's name"))


async def _job(request: Request) -> Response:
    return await job_log(request, _said(request, "job", "the id that a long log was told: job_…"))


def _said(request: Request, name: str, hint: str) -> str:
    value = request.query_params.get(name, "").strip()
    if not value:
        raise Malformed(f"{name} is not said", pointer=f"/{name}", hint=hint)
    return value


_ASKED_AT = {"prices": "/v1/explore/prices", "models": "/v1/explore/models", "runs": "/v1/catalog/training_scores",
             "frontier": "/v1/comparisons", "break-even": "/v1/estimates/serving", "latency": "/v1/comparisons",
             "shape": "/v1/losses/slice", "surface": "/v1/losses/surface", "frameworks": "/v1/losses/compare",
             "threshold": "/v1/losses/decision-threshold"}  # fmt: skip
"""View -> where its question is asked."""


def _views() -> Iterator[View]:
    for kind in KINDS:
        example = dict(part.split("=", 1) for part in next(iter(kind.start.values())).split("&"))
        summary = f"{kind.label}: the answer, and each field of its form"
        yield View(
            kind.name, summary, f"{CALCULATOR}/{kind.name}", kind.asked_at, partial(calculator, kind=kind), example
        )
    asked = {"q": "kind=inference&provider=openai&model=gpt-4o&input_tokens=1000"}
    yield View("compare", "Two to four quotes side by side", "/compare", "/v1/estimates", compare, asked)
    for name, (title, *_) in EXPLORED.items():
        yield View(name, title, f"/explore/{name}", _ASKED_AT[name], partial(explored, name=name))
    for room in ROOMS:
        yield View(room.name, room.title, room.path, _ASKED_AT[room.name], partial(lab_room, room=room))
    yield View("spend", "Every budget with its limits", "/spend", "/v1/budgets", spend)
    yield View("budget", "A budget, what is held, its ledger", "/spend/budgets", "/v1/budgets/{name}", _budget,
               {"name": "search"})  # fmt: skip
    yield View("budget-check", "May this be spent?", f"{CALCULATOR}/budget", "/v1/budgets/{name}/checks", budget_check)
    yield View("usage-log", "The cost of a long log that a job has priced", "/spend/log", "/v1/usage/jobs/{id}/answer",
               _job, {"job": "job_00000000000000000000000000000000"})  # fmt: skip


ALL = {view.view: view for view in _views()}
Name = Annotated[str, Path(json_schema_extra={"enum": list(ALL)})]


def add_routes(app: FastAPI) -> None:
    """The index of views, every view, and the bill of a log that is sent."""

    @app.get(PATH, summary="Every answer that is had as HTML, with an example of its address")
    async def index(request: Request) -> Response:
        only_parameters(request, "format")
        return respond(request, {"views": [_told(each, str(request.base_url)) for each in ALL.values()]})

    @app.get(
        f"{PATH}/{{view}}",
        summary="A question's answer as HTML, drawn as the page draws it: its own fields",
        response_class=Response,
        openapi_extra=_DOCUMENTED,
    )
    async def one(request: Request, view: Name) -> Response:
        if view not in ALL:
            hint = nearest(view[:40], ALL) or f"one of {', '.join(ALL)}"
            raise UnknownName(f"no view named {view[:40]!r}", pointer="/view", hint=hint)
        return await _shown(request, ALL[view].shown)

    @app.post(
        LOG,
        summary="A usage log priced, its bill as HTML: by day, by model and by a label",
        response_class=Response,
        openapi_extra=_LOG_DOCUMENTED,
    )
    async def log(request: Request) -> Response:
        return await _shown(request, view_of_log)


async def _shown(request: Request, shown: Shown) -> Response:
    """The answer alone, without the frame of a page."""
    for name in SHOWING:
        if name in request.query_params:
            raise Malformed(f"a view has no {name}", pointer=f"/{name}", hint="it is HTML; ask the question's address")
    request.state.is_view = True
    return await shown(request)


def _told(each: View, base: str) -> dict[str, Any]:
    example = f"{base.rstrip('/')}{PATH}/{each.view}"
    return {
        "view": each.view,
        "summary": each.summary,
        "page": each.page,
        "asked_at": each.asked_at,
        "example": f"{example}?{query_of(each.example)}" if each.example else example,
    }


_HTML = {"200": {"description": "The answer as HTML; a fault stands at its field",
                 "content": {HTML: {"schema": {"type": "string"}}}}}  # fmt: skip
_DOCUMENTED: dict[str, Any] = {
    "parameters": [
        {"name": "question", "in": "query", "style": "form", "explode": True,
         "schema": {"type": "object", "additionalProperties": {"type": "string"}},
         "description": "the fields of the question, as at the address that /v1/views names"},
    ],
    "responses": _HTML,
}  # fmt: skip
_SAYS = {
    "label": "a label by which the cost is told too",
    "provider": "whose the lines are that name no provider",
    "name": "what the log is called in its bill",
}
_LOG_DOCUMENTED: dict[str, Any] = {
    "parameters": [
        {"name": name, "in": "query", "required": False, "schema": {"type": "string"}, "description": words}
        for name, words in _SAYS.items()
    ],
    "requestBody": {
        "required": True,
        "content": {
            "application/x-ndjson": {"schema": {"type": "string"}},
            "text/csv": {"schema": {"type": "string"}},
            "application/json": {"schema": {"type": "array", "items": {"type": "object"}}},
            "application/vnd.apache.parquet": {"schema": {"type": "string", "format": "binary"}},
        },
    },
    "responses": _HTML,
}
