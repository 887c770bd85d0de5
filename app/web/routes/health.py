"""Is it alive, and can it answer?"""

import asyncio

from fastapi import FastAPI, Request, Response

from app.kit.errors import Unavailable
from app.store.releases import newest_release
from app.web.deps import engine, snapshots
from app.web.respond import encoded


def add_routes(app: FastAPI) -> None:
    """/healthz and /readyz."""

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
