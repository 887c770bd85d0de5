"""The log of every write over HTTP, read by whoever holds `audit:read`: a page of it, or all of it as NDJSON."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from mlquote.estimators.asking.question import Moment, Name, Part, utc
from mlquote.store.audit import Wanted, written
from mlquote.web.bodies import once
from mlquote.web.deps import engine
from mlquote.web.desks import desks
from mlquote.web.guards.auth import demand
from mlquote.web.respond import encoded, respond

SCOPE = "audit:read"
_PIECE = 1000


class Entries(Part):
    """Which entries."""

    after: Annotated[int, Field(ge=0, lt=2**63)] = 0
    """Only those behind this id: `next_after` of the page before."""
    subject: Annotated[Name | None, Field(pattern=r"^[a-z-]+(:[A-Za-z0-9._-]{1,110})?$")] = None
    """Only those of one thing (`budget:search`, `reservation:res_...`), or of a kind of them (`rate-card`)."""
    by: Annotated[Name | None, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")] = None
    """Only those that this key wrote; `command-line`, `expiry` and `start` wrote without one."""
    since: Moment | None = None
    """Only those of this moment or later."""

    def wanted(self) -> Wanted:
        """The same for the store."""
        return Wanted(self.after, self.subject, self.by, None if self.since is None else utc(self.since))


class EntriesPage(Entries):
    """Which entries, and how many of them."""

    limit: Annotated[int, Field(ge=1, le=10_000)] = 1000
    """Entries on a page."""
    format: Name | None = None
    """json, csv, text or markdown."""


def add_routes(app: FastAPI) -> None:
    """/v1/audit."""

    @app.get("/v1/audit", summary="Every write: who, when, what, before and after; csv exports a page")
    async def page(request: Request, asked: Annotated[EntriesPage, Query()]) -> Response:
        once(request)
        await demand(request, SCOPE)
        rows = await desks(request).reading.do(written, engine(request), asked.wanted(), asked.limit)
        following = rows[-1]["id"] if len(rows) == asked.limit else None
        return respond(request, {"next_after": following, "rows": rows})

    @app.get(
        "/v1/audit/export",
        summary="The whole log of writes as NDJSON",
        responses={200: {"content": {"application/x-ndjson": {"schema": {"type": "string"}}}}},
        response_class=StreamingResponse,
    )
    async def export(request: Request, asked: Annotated[Entries, Query()]) -> Response:
        once(request)
        await demand(request, SCOPE)
        return StreamingResponse(_lines(request, asked.wanted()), media_type="application/x-ndjson")


async def _lines(request: Request, wanted: Wanted) -> AsyncIterator[bytes]:
    while True:
        rows: list[dict[str, Any]] = await desks(request).reading.do(written, engine(request), wanted, _PIECE)
        yield b"".join(encoded(row) + b"\n" for row in rows)
        if len(rows) < _PIECE:
            return
        wanted = replace(wanted, after=rows[-1]["id"])
