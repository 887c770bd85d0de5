"""Is it alive, can it answer, and what has it answered?"""

from datetime import datetime
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse

from mlquote.catalog.freshness import freshness_of
from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.errors import TooMany, Unavailable
from mlquote.store.engine import writable
from mlquote.web.deps import engine, now, snapshots
from mlquote.web.desks import desks
from mlquote.web.guards.metrics import CONTENT_TYPE, Metrics
from mlquote.web.respond import encoded
from mlquote.web.routes.otlp import spent_by_label


def add_routes(app: FastAPI) -> None:
    """/healthz, /readyz and /metrics."""

    @app.get("/healthz", summary="The process is alive")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    degraded = {"description": "It answers from what it holds; `database` says what is wrong"}
    served = {"content": {"application/json": {"schema": {"type": "object"}}}}

    @app.get(
        "/readyz",
        summary="A release is loaded and the database can be reached",
        responses={200: served, 503: degraded | served},
    )
    async def readyz(request: Request) -> Response:
        state = _served(snapshots(request).current, now(request)) | {"database": "reachable"}
        try:
            if not await desks(request).readiness.do(writable, engine(request)):
                state["database"] = "read-only: quotes and budgets are read, nothing can be reserved or kept"
        except (Unavailable, TooMany):
            state["database"] = "unreachable: quotes are answered from the loaded release"
        if state["database"] != "reachable":
            return Response(encoded({"status": "degraded"} | state), 503, media_type="application/json")
        return Response(encoded({"status": "ready"} | state), media_type="application/json")

    @app.get("/metrics", summary="What this process has answered, for Prometheus", response_class=PlainTextResponse)
    async def metrics(request: Request) -> Response:
        counted: Metrics = request.app.state.metrics
        snapshot, moment = snapshots(request).current, now(request)
        ages = freshness_of(snapshot, moment.date())
        spent = await spent_by_label(request)
        return Response(counted.text(snapshot.release, ages, moment, spent), media_type=CONTENT_TYPE)


def _served(snapshot: Snapshot, moment: datetime) -> dict[str, Any]:
    """The release that answers, and in days how long ago it was published and its tables' sources were read."""
    day, release = moment.date(), snapshot.release
    return {
        "release": release.id,
        "digest": release.digest,
        "published_on": release.published_on,
        "release_age_days": (day - release.published_on).days,
        "tables": {
            found.table: {"median_age_days": found.median_age_days, "oldest_age_days": found.oldest_age_days}
            for found in freshness_of(snapshot, day)
            if not found.provider and found.median_age_days is not None
        },
    }
