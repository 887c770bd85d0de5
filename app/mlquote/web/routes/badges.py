"""Badges by URL: /v1/badges/{kind}.svg, a figure in a line for a README."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

import msgspec
from fastapi import FastAPI, Path, Request, Response

from mlquote.kit.errors import Malformed, UnknownName, nearest
from mlquote.render.charts.badges import badge
from mlquote.render.pictures import badges
from mlquote.render.pictures.badges import Worded
from mlquote.web.bodies import parameters_once
from mlquote.web.guards.caching import LASTING
from mlquote.web.pictures.asking import Heard, Refused, asked_get
from mlquote.web.routes.charts import SVG

PATH = "/v1/badges"
MOVING = "public, max-age=300, stale-while-revalidate=86400"
"""What image proxies mirror: five minutes, and a day old while they ask again."""
OWN = "private, max-age=300"
UNKNOWN = "public, max-age=60"
Said = tuple[Worded, str]


async def _estimate(request: Request, asked: dict[str, str]) -> Heard:
    kind = asked.pop("kind", "training")
    if kind not in ("training", "inference", "serving"):
        raise Malformed(f"no badge of {kind[:40]!r}", pointer="/kind", hint="one of training, inference, serving")
    return await asked_get(request, f"/v1/estimates/{kind}", asked)


async def _cost(request: Request, asked: dict[str, str]) -> Said:
    figure = asked.pop("figure", "")
    found = await _estimate(request, asked)
    answer = found.answer()
    return badges.figure_at(answer, figure) if figure else badges.cost(answer), _kept(found)


async def _price(request: Request, asked: dict[str, str]) -> Said:
    tokens = {"input_tokens": "1000000", "output_tokens": "1000000", **asked}
    found = await asked_get(request, "/v1/estimates/inference", tokens)
    return badges.model_price(found.answer()), _kept(found)


async def _change(request: Request, asked: dict[str, str]) -> Said:
    found = await asked_get(request, "/v1/comparisons/releases", asked)
    return badges.change(found.answer()), _kept(found)


async def _budget(request: Request, asked: dict[str, str]) -> Said:
    name = asked.pop("name", "")
    if not name or "/" in name:
        raise Malformed("which budget?", pointer="/name", hint="name=the budget's name")
    found = await asked_get(request, f"/v1/budgets/{name}", asked)
    return badges.budget_left(found.answer()), OWN


def _kept(found: Heard) -> str:
    return LASTING if found.headers.get("cache-control") == LASTING else MOVING


BADGES: Mapping[str, Callable[[Request, dict[str, str]], Awaitable[Said]]] = {
    "cost": _cost,
    "price": _price,
    "change": _change,
    "budget": _budget,
}
Kind = Annotated[str, Path(json_schema_extra={"enum": list(BADGES)})]


def add_routes(app: FastAPI) -> None:
    """Every badge."""

    @app.get(
        f"{PATH}/{{kind}}.svg",
        summary="A figure as a badge: an estimate's cost, a model's price, a bill's change, what a budget has left",
        response_class=Response,
        openapi_extra=_DOCUMENTED,
    )
    async def shown(request: Request, kind: Kind) -> Response:
        told = BADGES.get(kind.casefold())
        if told is None:
            hint = nearest(kind[:80], BADGES) or f"one of {', '.join(BADGES)}"
            raise UnknownName(f"no badge named {kind[:80]!r}", pointer="/kind", hint=hint, code="unknown-chart")
        asked = parameters_once(request)
        label = asked.pop("label", "")
        try:
            worded, kept = await told(request, asked)
        except Refused as refused:
            if refused.heard.status in (401, 403, 429):
                return refused.response()
            worded, kept = badges.not_told(kind, _why(refused.heard)), UNKNOWN
        drawn = badge(label or worded.label, worded.value, worded.tone, worded.says)
        return Response(drawn, headers={"Cache-Control": kept}, media_type=SVG)


def _why(heard: Heard) -> str:
    """What the API said instead of a figure."""
    try:
        problem = msgspec.json.decode(heard.body)
        return f"{problem['detail']}. {problem['errors'][0]['hint']}".strip()
    except (msgspec.DecodeError, LookupError):
        return f"it was answered with {heard.status}"


_DOCUMENTED: dict[str, Any] = {
    "parameters": [
        {"name": "label", "in": "query", "schema": {"type": "string"}, "description": "words on the left"},
        {"name": "question", "in": "query", "style": "form", "explode": True,
         "schema": {"type": "object", "additionalProperties": {"type": "string"}},
         "description": "cost: kind=training|inference|serving, its fields, figure=a field of its result; price: model,"
                        " provider; change: a bill's fields and since or since_release; budget: name"},
    ],
    "responses": {"200": {"description": "the badge; a figure that is not known is the word unknown", "content": {
        SVG: {"schema": {"type": "string"}},
    }}},
}  # fmt: skip
