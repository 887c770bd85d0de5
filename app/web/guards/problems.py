"""Errors as application/problem+json (RFC 9457): the tree of kit/errors.py mapped to HTTP, once."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

from app.kit import errors
from app.kit.errors import Fault, Malformed, QuoteError, nearest

PROBLEM_JSON = "application/problem+json"

STATUS: dict[type[QuoteError], int] = {
    errors.Malformed: 422,
    errors.OutOfDomain: 422,
    errors.UnknownName: 404,
    errors.NotEffective: 404,
    errors.Conflict: 409,
    errors.TooLarge: 413,
    errors.TooMany: 429,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.Unavailable: 503,
    errors.InvalidCatalog: 422,
}
"""Which status each kind of error answers with."""

_HINTS = {
    "extra_forbidden": "",
    "missing": "this field is required",
    "json_invalid": "send one JSON object, UTF-8, no trailing commas",
}
_MOST_FAULTS = 50


def problem(error: QuoteError) -> dict[str, Any]:
    """An error as a problem object."""
    status = STATUS.get(type(error)) or next(STATUS[base] for base in type(error).__mro__ if base in STATUS)
    faults = [
        {"pointer": fault.pointer, "detail": fault.detail, "hint": fault.hint} for fault in error.faults[:_MOST_FAULTS]
    ]
    return {
        "type": f"urn:mlquote:problem:{error.code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": error.detail,
        "code": error.code,
        "errors": faults,
    }


def problem_response(error: QuoteError, headers: Mapping[str, str] | None = None) -> Response:
    """An error as a response."""
    body = problem(error)
    extra = dict(headers or {}) | ({"WWW-Authenticate": "Bearer"} if body["status"] == 401 else {})
    return Response(msgspec.json.encode(body), body["status"], extra, PROBLEM_JSON)


def malformed(error: ValidationError | RequestValidationError, model: type[BaseModel] | None = None) -> Malformed:
    """A pydantic error as ours: each fault with its pointer, and for a misspelt field the nearest known one."""
    details = error.errors(include_url=False) if isinstance(error, ValidationError) else error.errors()
    faults = [_fault(detail, model) for detail in details]
    first = faults[0]
    where = f"{first.pointer}: " if first.pointer else ""
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    code = "unknown-field" if details[0]["type"] == "extra_forbidden" else ""
    return Malformed(f"{where}{first.detail}{more}", faults=faults, code=code)


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
        return _http_problem(app, request, error)

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


def _fault(detail: Any, model: type[BaseModel] | None) -> Fault:
    place = [part for part in detail["loc"] if part not in ("body", "query")]
    pointer = "".join(f"/{part}" for part in place)
    kind = detail["type"]
    if kind == "extra_forbidden":
        known = _fields_at(model, place[:-1])
        return Fault(pointer, f"unknown field {str(place[-1])[:80]!r}", nearest(str(place[-1])[:80], known))
    message = detail["msg"].removeprefix("Value error, ")
    hint = _HINTS.get(kind, "")
    if kind == "literal_error":
        expected = detail.get("ctx", {}).get("expected", "")
        given = detail.get("input")
        options = [word.strip("' ") for word in expected.replace(" or ", ", ").split(",")]
        hint = nearest(given, options) if isinstance(given, str) else ""
    return Fault(pointer, message, hint)


def _fields_at(model: type[BaseModel] | None, place: Iterable[Any]) -> list[str]:
    for part in place:
        if model is None:
            return []
        field = model.model_fields.get(str(part))
        model = _model_in(field.annotation) if field is not None else model
    if model is None:
        return []
    lifted = [name for part in getattr(model, "lifted", ()) for name in _fields_at(model, [part])]
    return [*model.model_fields, *lifted]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found is not None:
            return found
    return None
