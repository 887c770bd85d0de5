"""One answer as JSON, aligned text, Markdown or CSV, by `?format=` or what the client accepts."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from fastapi import Request, Response

from mlquote.kit.errors import Malformed, nearest
from mlquote.render import csv, markdown, text, values

_KEPT = (Decimal, datetime, date)
_json = msgspec.json.Encoder(decimal_format="number")

_TYPES = {
    "json": "application/json",
    "text": "text/plain; charset=utf-8",
    "markdown": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
_ACCEPTED = (("text/plain", "text"), ("text/markdown", "markdown"), ("text/csv", "csv"))
_FACES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "text": text.rendered,
    "markdown": markdown.rendered,
    "csv": csv.rendered,
}


def encoded(answer: Any) -> bytes:
    """JSON bytes; money as a number with all its digits, moments as RFC 3339."""
    return _json.encode(answer)


def wanted_format(request: Request) -> str:
    """What the client asked for; JSON when it did not say.

    Raises: Malformed for a format that is not offered.
    """
    if b"format=" in request.scope["query_string"]:
        wanted = request.query_params.get("format", "json").strip().casefold()
        if wanted not in _TYPES:
            hint = nearest(wanted, _TYPES) or f"one of {', '.join(_TYPES)}"
            raise Malformed(f"no format named {wanted[:40]!r}", pointer="/format", hint=hint)
        return wanted
    for name, value in request.scope["headers"]:
        if name == b"accept":
            accepted = value.decode("latin-1")
            return next((face for kind, face in _ACCEPTED if kind in accepted), "json")
    return "json"


def respond_values(request: Request, answer: Mapping[str, Any]) -> Response:
    """An answer of plain values in the format that `request` wants, every entry and digit of it."""
    wanted = wanted_format(request)
    return Response(values.FACES[wanted](answer), media_type=_TYPES[wanted])


def respond(request: Request, answer: Any, status: int = 200) -> Response:
    """`answer` in the format that `request` wants."""
    wanted = wanted_format(request)
    if wanted == "json":
        return Response(encoded(answer), status, media_type=_TYPES["json"])
    return Response(_FACES[wanted](msgspec.to_builtins(answer, builtin_types=_KEPT)), status, media_type=_TYPES[wanted])
