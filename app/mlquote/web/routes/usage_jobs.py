"""Long logs: kept, priced in their own time, and asked for at /v1/usage/jobs/{id}.

Whoever was told a job's id may ask for it, a stranger's job; one that was asked with an API key is told to that key,
and to keys that may read.
"""

import asyncio
from collections.abc import Mapping
from time import monotonic
from typing import IO, Annotated, Any, Final

import msgspec
from fastapi import FastAPI, Path, Request, Response

from mlquote.kit.errors import Conflict
from mlquote.spend.documents import digest as digest_of
from mlquote.spend.reservations import Request as Again
from mlquote.store import usage_jobs as kept
from mlquote.store.usage_jobs import Job, JobOrder, Told
from mlquote.web.bodies import only_parameters
from mlquote.web.deps import engine, snapshots
from mlquote.web.desks import desks
from mlquote.web.guards.auth import caller
from mlquote.web.guards.callers import presented
from mlquote.web.guards.problems import PROBLEM_JSON, problem_response
from mlquote.web.guards.retries import asked_again
from mlquote.web.preferences import Preferred
from mlquote.web.respond import respond
from mlquote.web.schemas import schema_of_record
from mlquote.web.usage_answers import answered
from mlquote.web.usage_pricing import Pricing

PATH = "/v1/usage/jobs"
PREFERRED: Final = [
    {
        "name": "Prefer",
        "in": "header",
        "required": False,
        "description": "RFC 7240: `respond-async` has a log of any length priced as a job; `wait=SECONDS` is how long "
        "its answer is awaited before 202 says where to ask for it.",
        "schema": {"type": "string"},
    }
]
ACCEPTED: Final[dict[str, Any]] = {
    "model": schema_of_record(Told),
    "description": "The log is kept and will be priced; `Location` tells where its state and its answer are",
}
WAITED_S: Final = 30.0
"""How long the answer to a long log is awaited where nobody says: shorter than proxies keep an idle connection."""
JobId = Annotated[str, Path(pattern=r"^job_[0-9a-f]{32}$")]


def add_routes(app: FastAPI) -> None:
    """/v1/usage/jobs."""

    @app.get(
        PATH + "/{id}",
        summary="How far a long log is: queued, running, done or failed",
        responses={200: {"model": schema_of_record(Told)}},
    )
    async def one(request: Request, id: JobId) -> Response:  # noqa: A002  # the path's word
        only_parameters(request, "format")
        return respond(request, (await found_job(request, id)).told)

    @app.get(PATH + "/{id}/answer", summary="What a long log cost, as it would have been answered at once")
    async def answer(request: Request, id: JobId) -> Response:  # noqa: A002  # the path's word
        only_parameters(request, "format")
        return _answered(request, await found_job(request, id))


async def asked(
    request: Request, pricing: Pricing, log: IO[bytes], digest: str, wish: Preferred, again: Again | None
) -> Response:
    """Keep a log as a job and wait a while for its answer.

    Raises: TooMany where too many wait; Conflict where its Idempotency-Key came with another log
    """
    size = log.seek(0, 2)
    log.seek(0)
    how = {"pricing": pricing.model_dump(exclude={"format"}), "media_type": request.headers.get("content-type", "")}
    by = again or asked_again(request, await _asker(request), digest)
    order = JobOrder(
        asked_at=by.now,
        asked_by=by.by,
        key=by.key,
        digest=digest_of({"log": digest, **how}),
        log_digest=digest,
        pricing=how,
        release=(await snapshots(request).of(pricing.release)).release.id,
        bytes=size,
    )
    job = await desks(request).writing.do(kept.keep, engine(request), order, log, request.app.state.job_bounds)
    desks(request).jobs.leave(request.app.state.works.look)
    job = await _awaited(request, job, (0.0 if wish.is_async else WAITED_S) if wish.wait_s is None else wish.wait_s)
    place = f"{PATH}/{job.told.id}"
    if job.told.state in ("done", "failed"):
        return _answered(request, job, {"Content-Location": f"{place}/answer", **wish.applied})
    return respond(request, job.told, 202, headers={"Location": place, "Retry-After": "2", **wish.applied})


def _answered(request: Request, job: Job, headers: Mapping[str, str] | None = None) -> Response:
    """The answer, or why there is none."""
    told = job.told
    if told.state == "done":
        return answered(request, job.answer, headers)
    if told.problem is not None:
        return Response(msgspec.json.encode(told.problem), told.problem["status"], dict(headers or {}), PROBLEM_JSON)
    hint = f"ask {PATH}/{told.id} how far it is"
    return problem_response(Conflict(f"the log is not priced yet: it is {told.state}", hint=hint), {"Retry-After": "2"})


async def _awaited(request: Request, job: Job, seconds: float) -> Job:
    """The job once it is finished, or as it stands after so many seconds."""
    until, pause = monotonic() + seconds, 0.05
    while job.told.state in ("queued", "running") and (left := until - monotonic()) > 0:
        await asyncio.sleep(min(pause, left))
        pause = min(2 * pause, 1.0)
        job = await desks(request).reading.do(kept.find, engine(request), job.told.id)
    return job


async def _asker(request: Request) -> str:
    """The id of the key that a request carries; "" for a stranger's."""
    return (await caller(request)).id if presented(request.scope) is not None else ""


async def found_job(request: Request, job_id: str) -> Job:
    """A job that may be told to whoever asks.

    Raises: UnknownName; Unauthenticated; Forbidden
    """
    job: Job = await desks(request).reading.do(kept.find, engine(request), job_id)
    if job.asked_by:
        key = await caller(request)
        if key.id != job.asked_by:
            key.demand("read")
    return job
