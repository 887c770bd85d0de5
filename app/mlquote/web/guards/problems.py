"""Errors as application/problem+json (RFC 9457): the tree of kit/errors.py as HTTP tells it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

from mlquote.estimators.asking.faults import refused
from mlquote.kit.errors import MOST_FAULTS, Malformed, QuoteError, nearest
from mlquote.web.guards.methods import allowed, options
from mlquote.web.statuses import status_of

PROBLEM_JSON = "application/problem+json"
_MOST_LETTERS = 2000


def problem(error: QuoteError) -> dict[str, Any]:
    """An error as a problem object."""
    status = status_of(error)
    faults = [
        {"pointer": _short(fault.pointer), "detail": _short(fault.detail), "hint": _short(fault.hint)}
        for fault in error.faults[:MOST_FAULTS]
    ]
    told = {"try": error.corrected} if error.corrected else {}
    return {
        "type": f"urn:mlquote:problem:{error.code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": _short(error.detail),
        "code": error.code,
        "errors": faults,
        **told,
    }


def _short(text: str) -> str:
    """A sentence that may quote what was sent, which may be of any length."""
    return text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}..."


def problem_response(error: QuoteError, headers: Mapping[str, str] | None = None) -> Response:
    """An error as a response."""
    body = problem(error)
    extra = _BY_STATUS.get(body["status"], {}) | dict(headers or {})
    return Response(msgspec.json.encode(body), body["status"], extra, PROBLEM_JSON)


_BY_STATUS = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "1"}, 503: {"Retry-After": "2"}}
"""What every answer of a status says; whoever knows better says it himself."""


def malformed(error: ValidationError | RequestValidationError, model: type[BaseModel] | None = None) -> Malformed:
    """A pydantic error as ours: each fault with its pointer, and for a misspelt field the nearest known one."""
    details = error.errors(include_url=False) if isinstance(error, ValidationError) else error.errors()
    return refused(details, model)


def install(app: FastAPI) -> None:
    """Answer every error of this application as a problem."""

    async def quote_error(_: Request, error: Exception) -> Response:
        assert isinstance(error, QuoteError)
        return problem_response(error)

    async def validation_error(_: Request, error: Exception) -> Response:
        assert isinstance(error, ValidationError | RequestValidationError)
        return problem_response(malformed(error))

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return _http_problem(app, request, error)
        methods = allowed(app, request.scope)
        if request.method == "OPTIONS":
            return options(methods)
        return _http_problem(app, request, HTTPException(405, error.detail, {"Allow": ", ".join(methods)}))

    app.add_exception_handler(QuoteError, quote_error)
    app.add_exception_handler(RequestValidationError, validation_error)
    app.add_exception_handler(ValidationError, validation_error)
    app.add_exception_handler(HTTPException, http_error)


def _http_problem(app: FastAPI, request: Request, error: HTTPException) -> Response:
    path = request.url.path
    known = (str(getattr(route, "path", "")) for route in app.routes)
    hint = nearest(path, (p for p in known if p)) if error.status_code == 404 else ""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(error.status_code).phrase,
        "status": error.status_code,
        "detail": str(error.detail),
        "code": HTTPStatus(error.status_code).phrase.lower().replace(" ", "-"),
        "errors": [{"pointer": path, "detail": str(error.detail), "hint": hint}],
    }
    return Response(msgspec.json.encode(body), error.status_code, error.headers, PROBLEM_JSON)
