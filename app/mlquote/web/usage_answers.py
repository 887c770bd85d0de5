"""A priced log as it is answered: its totals in every format, or its charges as a file of FOCUS."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request, Response

from mlquote.kit.errors import Malformed
from mlquote.spend.focus.files import csv_of, parquet_of
from mlquote.spend.usage import for_eyes, table
from mlquote.web.negotiation import MEDIA_TYPES, wanted_face
from mlquote.web.respond import VARIES, respond
from mlquote.web.usage_pricing import PARQUET

PARQUET_TYPE: Final = "application/vnd.apache.parquet"
LEFT_OUT: Final = "X-Lines-Left-Out"
"""Header of a file of charges: how many lines of the log are in none, by why."""


def answered(request: Request, answer: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """The answer; as CSV one row a group, or one a charge where an export was asked for.

    Raises: Malformed for Parquet of an answer without an export
    """
    export = answer.get("focus")
    if _is_parquet(request):
        if export is None:
            hint = "ask POST /v1/usage/cost with focus_version=1.2"
            raise Malformed("parquet is a format of FOCUS exports", pointer="/format", hint=hint)
        return Response(parquet_of(export), 200, _headers(answer, headers), PARQUET_TYPE)
    face = wanted_face(request)
    if face == "json":
        return respond(request, answer, headers=headers)
    if face == "csv" and export is not None:
        return Response(csv_of(export), 200, _headers(answer, headers), MEDIA_TYPES["csv"])
    return respond(request, table(answer) if face == "csv" else _counted(for_eyes(answer)), headers=headers)


def _counted(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """An answer for eyes: of its charges, how many there are."""
    export = answer.get("focus")
    told = None if export is None else {"version": export["version"], "rows": len(export["rows"])}
    return answer if told is None else {**answer, "focus": told}


def _is_parquet(request: Request) -> bool:
    wanted = request.query_params.get("format")
    if wanted is not None:
        return wanted.strip().casefold() == PARQUET
    return request.headers.get("accept", "").partition(";")[0].strip().casefold() == PARQUET_TYPE


def _headers(answer: Mapping[str, Any], headers: Mapping[str, str] | None) -> dict[str, str]:
    left = []
    for name in ("unpriced_lines", "malformed_lines"):
        further = answer.get(f"further_{name}", {}).values()
        lines = len(answer[name]) + sum(map(len, further))
        left += [f"{name}={lines}"] if lines else []
    return VARIES | dict(headers or {}) | ({LEFT_OUT: ", ".join(left)} if left else {})
