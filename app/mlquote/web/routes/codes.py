"""Every code of warnings, errors and diagnostics: what it means and what to do about it."""

from collections.abc import Iterator

from fastapi import FastAPI, Request, Response

from mlquote.kit.codes import ERRORS, WARNINGS, Code
from mlquote.losses.diagnostics import CODES
from mlquote.web.respond import respond


def add_routes(app: FastAPI) -> None:
    """/v1/codes."""

    @app.get("/v1/codes", summary="Every code of warnings, errors and diagnostics, and what to do about it")
    async def codes(request: Request) -> Response:
        return respond(request, {"codes": list(listed())})


def listed() -> Iterator[Code]:
    """All codes: those of every answer, then the diagnostics of losses."""
    yield from WARNINGS
    yield from ERRORS
    for code, (severity, sentence) in CODES.items():
        meaning = sentence or "the cost is what an untrained model gives"
        yield Code(code, "diagnostic", meaning, _DIAGNOSTIC[severity])


_DIAGNOSTIC = {
    "info": "Nothing, if that is what you meant; the message says what was done.",
    "warning": "Check the field that the message is about before trusting the value.",
}
