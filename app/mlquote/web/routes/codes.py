"""Every code of warnings, errors and diagnostics: what it means and what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI, Request, Response

from mlquote.kit.codes import ERRORS, WARNINGS, Code
from mlquote.losses.diagnostics import CODES, TO_DO
from mlquote.web.bodies import only_parameters
from mlquote.web.respond import respond
from mlquote.web.schemas import schema_of_record


@dataclass(frozen=True, slots=True)
class Codes:
    """All of them, those of one kind together."""

    codes: tuple[Code, ...]


def add_routes(app: FastAPI) -> None:
    """/v1/codes."""

    @app.get(
        "/v1/codes",
        summary="Every code of warnings, errors and diagnostics, and what to do about it",
        responses={200: {"model": schema_of_record(Codes)}},
    )
    async def codes(request: Request) -> Response:
        only_parameters(request, "format")
        return respond(request, Codes(tuple(listed())))


def listed() -> Iterator[Code]:
    """All codes: those of every answer, then the diagnostics of losses."""
    yield from WARNINGS
    yield from ERRORS
    for code, (_, sentence) in CODES.items():
        yield Code(code, "diagnostic", sentence or "the cost is what an untrained model gives", TO_DO[code])
