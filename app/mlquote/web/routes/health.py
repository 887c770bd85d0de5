"""Is it alive, can it answer, and what has it answered?"""

import asyncio

from fastapi import FastAPI, Request, Response

from mlquote.kit.errors import Unavailable
from mlquote.store.releases import newest_release
from mlquote.web.deps import engine, snapshots
from mlquote.web.guards.metrics import CONTENT_TYPE, Metrics
from mlquote.web.respond import encoded


def add_routes(app: FastAPI) -> None:
    """/healthz, /readyz and /metrics."""

    @app.get("/healthz", summary="The process is alive")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", summary="A release is loaded and the database can be reached")
    async def readyz(request: Request) -> Response:
        state = {"release": snapshots(request).current.release.id, "database": "reachable"}
        try:
            await asyncio.to_thread(newest_release, engine(request))
        except Unavailable:
            state["database"] = "unreachable: quotes are answered from the loaded release"
            return Response(encoded({"status": "degraded"} | state), 503, media_type="application/json")
        return Response(encoded({"status": "ready"} | state), media_type="application/json")

    @app.get("/metrics", summary="What this process has answered, for Prometheus")
    async def metrics(request: Request) -> Response:
        counted: Metrics = request.app.state.metrics
        return Response(counted.text(snapshots(request).current.release.id), media_type=CONTENT_TYPE)
