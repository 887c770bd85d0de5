"""What usage did cost: POST /v1/usage/cost, and the actuals of a budget."""

import hashlib
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from tempfile import TemporaryFile
from typing import IO, Annotated, Any, Final, NamedTuple

from fastapi import FastAPI, Query, Request, Response

from mlquote.kit.errors import Malformed
from mlquote.spend.reservations import Request as Again
from mlquote.web.bodies import once
from mlquote.web.deps import engine, now, snapshots
from mlquote.web.desks import desks
from mlquote.web.guards.auth import demand
from mlquote.web.guards.retries import RETRIED, asked_again
from mlquote.web.preferences import preferred
from mlquote.web.routes import usage_jobs
from mlquote.web.usage_answers import answered
from mlquote.web.usage_pricing import Pricing, charged, charged_before, checked, priced_log

PATH = "/v1/usage/cost"
_PIECE_BYTES: Final = 256 * 1024
_BODY = {"application/vnd.apache.parquet": {"schema": {"type": "string", "format": "binary"}},
         "application/x-ndjson": {"schema": {"type": "string"}}, "text/csv": {"schema": {"type": "string"}},
         "application/json": {"schema": {"type": "array", "items": {"type": "object"}}}}  # fmt: skip


class Spooled(NamedTuple):
    """A log that came whole, in a file that is gone when it is closed."""

    file: IO[bytes]
    digest: str
    bytes: int


def add_routes(app: FastAPI) -> None:
    """/v1/usage/cost, and the jobs that long logs become."""
    usage_jobs.add_routes(app)

    @app.post(
        PATH,
        summary="A usage log priced at the prices of each line's moment; malformed lines come back with their numbers",
        openapi_extra={
            "requestBody": {"required": True, "content": _BODY},
            "parameters": [*RETRIED["parameters"], *usage_jobs.PREFERRED],
        },
        responses={202: usage_jobs.ACCEPTED},
    )
    async def cost(request: Request, pricing: Annotated[Pricing, Query()]) -> Response:
        once(request)
        checked(pricing)
        wish = preferred(request)
        async with spooled(request) as log:
            again = await _again(request, pricing, log.digest)
            if pricing.budget is not None and again is not None:
                kept = await desks(request).reading.do(charged_before, engine(request), pricing.budget, again)
                if kept is not None:
                    return answered(request, kept)
            if wish.is_async or log.bytes > request.app.state.settings.usage_job_bytes:
                return await usage_jobs.asked(request, pricing, log.file, log.digest, wish, again)
            return answered(request, await _at_once(request, pricing, log, again))


async def _at_once(request: Request, pricing: Pricing, log: Spooled, again: Again | None) -> Mapping[str, Any]:
    """The answer to a log that is priced while its sender waits."""
    catalog, media_type = await snapshots(request).of(pricing.release), request.headers.get("content-type", "")
    asked = (engine(request), catalog, _pieces(log.file), pricing, media_type, now(request))
    whole, answer = await desks(request).logs.do(priced_log, *asked)
    if pricing.budget is None or again is None:
        return answer
    return await desks(request).writing.do(charged, engine(request), pricing.budget, whole, answer, again)


@asynccontextmanager
async def spooled(request: Request) -> AsyncIterator[Spooled]:
    """The request's body in a file, where there is room for one more."""
    spool, digest, size = request.app.state.spool, hashlib.sha256(), 0
    with TemporaryFile() as file, spool.room() as room:
        async for piece in request.stream():
            room.take(len(piece))
            digest.update(piece)
            file.write(piece)
            size += len(piece)
        file.seek(0)
        yield Spooled(file, digest.hexdigest(), size)


def _pieces(body: IO[bytes]) -> Iterator[bytes]:
    while piece := body.read(_PIECE_BYTES):
        yield piece


async def _again(request: Request, pricing: Pricing, digest: str) -> Again | None:
    """Who charges a budget, and under which key; None where no budget is charged."""
    if pricing.budget is None:
        return None
    key = await demand(request, "budgets:reserve", pricing.budget)
    again = asked_again(request, key.id, digest)
    if again.key is None:
        hint = "any text that names this log; the same log under the same key is charged once"
        raise Malformed("charging a budget needs an Idempotency-Key", pointer="/Idempotency-Key", hint=hint)
    return again
