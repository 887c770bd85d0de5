"""Releases over HTTP: published from the files that a body holds, and withdrawn where they were wrong."""

from functools import partial
from typing import Annotated, Any

from fastapi import FastAPI, Path, Request, Response
from pydantic import Field

from mlquote.catalog.release import Release
from mlquote.estimators.asking.question import Part
from mlquote.store import releases as kept
from mlquote.store.uploads import publish_upload
from mlquote.web.bodies import json_body, only_parameters, read, schema_of
from mlquote.web.deps import engine, now, snapshots
from mlquote.web.desks import desks
from mlquote.web.guards.auth import demand
from mlquote.web.respond import respond

PATH = "/v1/catalog/releases"
SCOPE = "catalog:write"
_ARCHIVES = ("application/gzip", "application/zip")


class WithdrawalAsked(Part):
    """Why a release is withdrawn."""

    because: Annotated[str, Field(min_length=1, max_length=500)]
    """A line that every answer made under it will say."""


def add_routes(app: FastAPI) -> None:
    """POST /v1/catalog/releases, and the withdrawal of one."""

    @app.post(
        PATH,
        status_code=201,
        summary="Publish a release from its files: all of it or nothing",
        openapi_extra={"requestBody": {"required": True, "content": _contents()}},
    )
    async def publish(request: Request) -> Response:
        only_parameters(request, "format")
        key = await demand(request, SCOPE)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
        most_bytes = request.app.state.settings.max_release_bytes
        send = partial(publish_upload, engine(request), await request.body(), kind, most_bytes=most_bytes)
        published = await desks(request).publishing.do(partial(send, now=now(request), by=key.id))
        await snapshots(request).refresh()
        told = {"release": head(published.release), "is_new": published.is_new}
        counts = {"added_rows": published.added, "retracted_rows": published.retracted}
        return respond(request, told | counts, 201 if published.is_new else 200)

    @app.post(
        PATH + "/{release}/withdrawal",
        summary="Withdraw a release: kept, flagged in every answer under it, and no longer the newest",
        openapi_extra=schema_of(WithdrawalAsked),
    )
    async def withdraw(request: Request, release: Annotated[str, Path(max_length=64)]) -> Response:
        only_parameters(request, "format")
        key = await demand(request, SCOPE)
        asked = read(WithdrawalAsked, json_body(await request.body()))
        take = partial(kept.withdraw, engine(request), release, because=asked.because, now=now(request), by=key.id)
        withdrawn = await desks(request).writing.do(take)
        await snapshots(request).refresh()
        return respond(request, {"release": head(withdrawn), "newest": snapshots(request).current.release.id})


def head(release: Release) -> dict[str, Any]:
    """A release as the catalogue lists it."""
    told = {
        "id": release.id,
        "published_on": release.published_on,
        "digest": release.digest,
        "row_counts": release.row_counts,
        "note": release.note,
    }
    if release.withdrawn is None:
        return told
    return told | {"withdrawn": release.withdrawn.because, "withdrawn_at": release.withdrawn.withdrawn_at}


def _contents() -> dict[str, Any]:
    files = {"type": "object", "additionalProperties": {"type": "string"}, "description": "file name -> its text"}
    body = {"type": "object", "required": ["files"], "properties": {"files": files}, "additionalProperties": False}
    packed = {"schema": {"type": "string", "format": "binary", "description": "the files of pricing_data/"}}
    return {"application/json": {"schema": body}} | dict.fromkeys(_ARCHIVES, packed)
