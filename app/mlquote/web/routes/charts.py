"""Pictures by URL: /v1/charts/{kind}.svg and .png, with the question's own fields."""

import re
from dataclasses import replace
from importlib.metadata import version
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import FastAPI, Path, Request, Response

from mlquote.kit.errors import Malformed, UnknownName, nearest
from mlquote.render.charts.drawing import svg
from mlquote.render.charts.specs import Picture
from mlquote.render.charts.themes import THEMES, Theme
from mlquote.web.bodies import only_parameters, parameters_once
from mlquote.web.deps import now
from mlquote.web.negotiation import SHOWING
from mlquote.web.pictures.asking import Refused
from mlquote.web.pictures.kinds import CHARTS, Chart, chart
from mlquote.web.pictures.png import Drawer
from mlquote.web.respond import respond

PATH = "/v1/charts"
HEAVY = tuple(f"{PATH}/{kind}" for kind in ("comparison", "frontier", "latency", "surface", "loss", "threshold"))
"""Beginnings of paths whose question is heavy at its own address too."""
SVG, PNG = "image/svg+xml", "image/png"
LOOKS = ("size", "theme")
"""Parameters that say how a picture looks; every other one is the question's."""
NARROWEST, WIDEST, USUAL = 320, 1920, 640
_SIZE = re.compile(r"(\d{3,4})(?:@([12]))?")


Kind = Annotated[str, Path(json_schema_extra={"enum": list(CHARTS)})]
Form = Annotated[str, Path(json_schema_extra={"enum": ["svg", "png"]})]


def add_routes(app: FastAPI) -> None:
    """The index of charts, and every chart."""

    @app.get(PATH, summary="Every kind of chart, with an example of its address")
    async def index(request: Request) -> Response:
        only_parameters(request, "format")
        return respond(request, {"charts": [_told(each, str(request.base_url)) for each in CHARTS.values()]})

    @app.get(
        f"{PATH}/{{kind}}.{{form}}",
        summary="A question's answer as a picture: its own fields, and `size` and `theme`",
        response_class=Response,
        openapi_extra=_documented(),
    )
    async def picture(request: Request, kind: Kind, form: Form) -> Response:
        wanted, (width, zoom, theme) = chart(kind), looks(request)
        if form not in ("svg", "png"):
            hint = nearest(form[:20], ("svg", "png")) or "svg or png"
            raise UnknownName(f"no picture as {form[:20]!r}", pointer="/form", hint=hint, code="unknown-chart")
        asked = {name: value for name, value in parameters_once(request).items() if name not in LOOKS}
        try:
            found = await wanted.draw(request, asked)
        except Refused as refused:
            return refused.response()
        drawing = svg(_signed(found.picture, request), theme, width)
        headers = {"Cache-Control": found.kept} if found.kept else {}
        if form == "svg":
            return Response(drawing, headers=headers, media_type=SVG)
        drawer: Drawer = request.app.state.workbench.drawer
        return Response(await drawer.png(drawing, zoom), headers=headers, media_type=PNG)


def _signed(picture: Picture, request: Request) -> Picture:
    """The picture with an address in its last line: its answer's, or where that has none its own."""
    if picture.foot and "://" in picture.foot[-1]:
        return picture
    query = "&".join(part for part in request.url.query.split("&") if part.partition("=")[0] not in LOOKS)
    is_dated = any(line.startswith("mlquote, release") for line in picture.foot)
    said = [] if is_dated else [f"mlquote {version('mlquote')}, {now(request):%Y-%m-%d}."]
    return replace(picture, foot=[*picture.foot, *said, unquote(str(request.url.replace(query=query)))])


def _told(each: Chart, base: str) -> dict[str, Any]:
    query = "&".join(f"{name}={value}" for name, value in each.example.items())
    address = f"{base.rstrip('/')}{PATH}/{each.kind}.svg?{query}"
    return {"kind": each.kind, "summary": each.summary, "asked_at": each.asked_at, "example": address}


def looks(request: Request) -> tuple[int, float, Theme]:
    """Width in px, pixels of a PNG for each of them, and theme.

    Raises: Malformed for a size or a theme that is not drawn, and for `format` and `detail`, which a picture has not
    """
    told = request.query_params
    for name in SHOWING:
        if name in told:
            raise Malformed(f"a picture has no {name}", pointer=f"/{name}", hint="svg or png in the path; size, theme")
    theme = told.get("theme", "light")
    if theme not in THEMES:
        raise Malformed(f"no theme named {theme[:40]!r}", pointer="/theme", hint=f"one of {', '.join(THEMES)}")
    size = _SIZE.fullmatch(told.get("size", str(USUAL)))
    if size is None or not NARROWEST <= int(size[1]) <= WIDEST:
        hint = f"a width from {NARROWEST} to {WIDEST} px; 640@2 for a PNG of twice the pixels"
        raise Malformed(f"no picture of size {told['size'][:40]!r}", pointer="/size", hint=hint)
    return int(size[1]), float(size[2] or 1), theme  # type: ignore[return-value]  # one of THEMES


def _documented() -> dict[str, Any]:
    """Parameters and media types in OpenAPI: the question's own fields stand at its own path."""
    size = {"type": "string", "pattern": "^[0-9]{3,4}(@[12])?$", "default": str(USUAL)}
    own = {"type": "object", "additionalProperties": {"type": "string"}}
    return {
        "parameters": [
            {"name": "size", "in": "query", "schema": size, "description": "width in px, 320 to 1920; 640@2"},
            {"name": "theme", "in": "query", "schema": {"type": "string", "enum": list(THEMES), "default": "light"}},
            {"name": "question", "in": "query", "style": "form", "explode": True, "schema": own,
             "description": "the fields of the question, as at the address that /v1/charts names"},
        ],
        "responses": {"200": {"description": "the picture", "content": {
            SVG: {"schema": {"type": "string"}}, PNG: {"schema": {"type": "string", "format": "binary"}},
        }}},
    }  # fmt: skip
