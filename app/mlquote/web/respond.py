"""One answer as JSON, aligned text, Markdown or CSV, whole or brief, by what the client asked for."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from fastapi import Request, Response

from mlquote.catalog.remembered import Memory, MemoryOfThese
from mlquote.kit.provenance import Answer, RowRef
from mlquote.render import csv, markdown, text, values
from mlquote.web.negotiation import MEDIA_TYPES, Detail, Face, wanted_detail, wanted_face

KEPT = (Decimal, datetime, date)
_json = msgspec.json.Encoder(decimal_format="number")
_FACES: dict[Face, Callable[[Mapping[str, Any], Detail], str]] = {
    "text": lambda answer, detail: text.rendered(answer, detail=detail),
    "markdown": lambda answer, detail: markdown.rendered(answer, detail=detail),
    "csv": lambda answer, _: csv.rendered(answer),
}
VARIES = {"Vary": "Accept"}
TRIMMED = ("question", "assumptions", "rows")
"""What a brief estimate leaves out."""


def encoded(answer: Any) -> bytes:
    """JSON bytes; money as a number with all its digits, moments as RFC 3339."""
    return _json.encode(answer)


def respond_values(request: Request, answer: Mapping[str, Any]) -> Response:
    """An answer of plain values in the format that `request` wants, each entry and digit; text is brief at first."""
    face = wanted_face(request)
    is_brief = face == "text" and wanted_detail(request, face) == "brief"
    told = values.brief(answer) if is_brief else values.FACES[face](answer)
    return Response(told, headers=VARIES, media_type=MEDIA_TYPES[face])


def respond(request: Request, answer: Any, status: int = 200, *, headers: Mapping[str, str] | None = None) -> Response:
    """`answer` in the format and the detail that `request` wants."""
    face = wanted_face(request)
    detail = wanted_detail(request, face) if _is_estimate(answer, face) else "full"
    if face == "json":
        body: bytes | str = encoded(brief(answer) if detail == "brief" else _with_known_rows(answer))
    else:
        body = _FACES[face](msgspec.to_builtins(answer, builtin_types=KEPT), detail)
    return Response(body, status, VARIES | dict(headers or {}), MEDIA_TYPES[face])


def _with_known_rows(answer: Any) -> Any:
    """An estimate, its rows as bytes: a release's rows read the same in every answer that rests on them."""
    if not isinstance(answer, Answer) or len(answer.rows) not in _MANY:
        return answer
    return {name: getattr(answer, name) for name in _NAMES[type(answer)]} | {"rows": _ROWS.of(answer.rows)}


_MANY = range(8, 65)
"""So many rows are worth remembering: fewer are written as fast, more are a comparison's, and large."""
_NAMES: Memory[type, tuple[str, ...]] = Memory(lambda kind: tuple(each.name for each in fields(kind)))
_ROWS: MemoryOfThese[tuple[RowRef, ...], msgspec.Raw] = MemoryOfThese(lambda these: msgspec.Raw(encoded(*these)), 512)


def _is_estimate(answer: Any, face: Face) -> bool:
    """Whether an answer has a brief form: every estimate, and as text whatever a law of loss answers."""
    told = face == "text" and isinstance(answer, Mapping) and answer.keys() >= {"question", "catalog"}
    return told or isinstance(answer, Answer)


def brief(answer: Answer) -> dict[str, Any]:
    """An estimate without what it was asked and what it rests on, saying so."""
    left = {each.name: getattr(answer, each.name) for each in fields(answer) if each.name not in TRIMMED}
    return left | {"trimmed": TRIMMED}
