"""Rows as a page, with what leads to the next one; or, as CSV, all of them in a stream."""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from mlquote.kit.errors import Malformed
from mlquote.render import csv
from mlquote.web.negotiation import MEDIA_TYPES, wanted_face
from mlquote.web.reading import PAGE, Paging
from mlquote.web.respond import VARIES, respond

_AT_ONCE = 500


def listed(
    request: Request,
    rows: Sequence[Any],
    page: Paging,
    head: Mapping[str, Any],
    columns: Sequence[str],
    name: str = "rows",
) -> Response:
    """`head` and the page of `rows` that is asked; CSV that names no page is every row under `columns`, where given."""
    total = {"X-Total-Count": str(len(rows))}
    if columns and wanted_face(request) == "csv" and page.limit is None and page.cursor is None:
        return StreamingResponse(_lines(rows, columns), 200, VARIES | total, MEDIA_TYPES["csv"])
    start = _place(page.cursor)
    end = start + (page.limit or PAGE)
    following = base64.urlsafe_b64encode(str(end).encode()).decode() if end < len(rows) else None
    if following is not None:
        total["Link"] = f'<{request.url.include_query_params(cursor=following)}>; rel="next"'
    told = {"total": len(rows), "next_cursor": following, name: [asdict(row) for row in rows[start:end]]}
    return respond(request, {**head, **told}, headers=total)


def _lines(rows: Sequence[Any], columns: Sequence[str]) -> Iterator[str]:
    yield csv.line(columns)
    for start in range(0, len(rows), _AT_ONCE):
        yield "".join(csv.line([getattr(row, column) for column in columns]) for row in rows[start : start + _AT_ONCE])


def _place(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        place = int(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, binascii.Error):
        place = -1
    if place < 0:
        raise Malformed("not a cursor of ours", pointer="/cursor", hint="send back `next_cursor` as it was")
    return place
