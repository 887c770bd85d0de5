"""API keys over HTTP: made, listed, rotated and revoked by whoever holds `keys:write`.

Nobody makes, takes or rotates a key that opens more than his own; every key may rotate and look at itself. Keys that
open more are made at the service's own database, by `mlquote keys create`.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import FastAPI, Path, Request, Response
from pydantic import Field

from mlquote.estimators.asking.question import Moment, Name, Part, utc
from mlquote.kit.errors import Forbidden, OutOfDomain
from mlquote.store.api_keys import (
    SCOPES,
    ApiKey,
    create_key,
    find_key,
    known_scopes,
    list_keys,
    revoke_key,
    rotate_key,
)
from mlquote.web.bodies import json_body, only_parameters, read, schema_of
from mlquote.web.deps import engine, now
from mlquote.web.desks import desks
from mlquote.web.guards.auth import caller, demand, forget_seen_keys
from mlquote.web.respond import respond

KeyId = Annotated[str, Path(pattern=r"^[A-Za-z0-9]{1,20}$")]


class NewKey(Part):
    """A key to be made."""

    name: Annotated[Name, Field(pattern=r"^[^\x00-\x1f]+$")]
    """Whose it is and what for, on one line."""
    scopes: list[Name]
    """What it opens: read, estimate, budgets:write, budgets:reserve, catalog:write, rate-cards:write, keys:write,
    audit:read; `:NAME` behind it narrows it to one thing, `:nlp-*` to some."""
    expires_at: Moment | None = None
    """When it stops; default: with its maker, if ever."""


class Rotation(Part):
    """How a key changes its secret."""

    overlap_hours: Annotated[float, Field(ge=0, le=24 * 90)] = 24
    """How long the old secret still opens as much."""


def add_routes(app: FastAPI) -> None:
    """/v1/keys."""
    _add_made(app)
    _add_own(app)


def _add_made(app: FastAPI) -> None:
    @app.post(
        "/v1/keys", status_code=201, summary="Make an API key; it is shown this once", openapi_extra=schema_of(NewKey)
    )
    async def create(request: Request) -> Response:
        only_parameters(request, "format")
        key = await demand(request, "keys:write")
        wanted = read(NewKey, json_body(await request.body()))
        _refuse_more(key, wanted.scopes)
        expires_at = _ends(key, wanted, now(request))
        make = partial(create_key, engine(request), wanted.name, wanted.scopes, now=now(request), by=key.id)
        made, text = await desks(request).writing.do(partial(make, expires_at=expires_at))
        return respond(request, {"key": text, **asdict(made)}, 201)

    @app.get("/v1/keys", summary="Every key, without its secret")
    async def listed(request: Request) -> Response:
        only_parameters(request, "format")
        await demand(request, "keys:write")
        keys: list[ApiKey] = await desks(request).reading.do(list_keys, engine(request))
        return respond(request, {"keys": [asdict(key) for key in keys], "scopes": SCOPES})


def _add_own(app: FastAPI) -> None:
    @app.get("/v1/keys/self", summary="The key that this request carries")
    async def own(request: Request) -> Response:
        only_parameters(request, "format")
        found: dict[str, Any] = asdict(await caller(request))
        return respond(request, found)

    @app.delete("/v1/keys/{id}", summary="Revoke a key; every key may revoke itself")
    async def revoke(request: Request, id: KeyId) -> Response:  # noqa: A002  # the path's word
        only_parameters(request, "format")
        key = await _may_close(request, id)
        take = partial(revoke_key, engine(request), id, now=now(request), by=key.id)
        revoked = await desks(request).writing.do(take)
        forget_seen_keys(request)
        return respond(request, asdict(revoked))

    @app.post(
        "/v1/keys/{id}/rotate",
        summary="A new secret now; the old one stays valid for some hours",
        openapi_extra=schema_of(Rotation),
    )
    async def rotate(request: Request, id: KeyId) -> Response:  # noqa: A002  # the path's word
        only_parameters(request, "format")
        key = await _may_close(request, id)
        body = await request.body()
        overlap = timedelta(hours=read(Rotation, json_body(body) if body else {}).overlap_hours)
        turn = partial(rotate_key, engine(request), id, now=now(request), by=key.id, overlap=overlap)
        rotated, text = await desks(request).writing.do(turn)
        forget_seen_keys(request)
        return respond(request, {"key": text, **asdict(rotated)})


def _ends(maker: ApiKey, wanted: NewKey, moment: datetime) -> datetime | None:
    """When a new key stops: as asked, or with its maker, and never after him.

    Raises: OutOfDomain; Forbidden
    """
    if wanted.expires_at is None:
        return maker.expires_at
    ends = utc(wanted.expires_at)
    if ends <= moment:
        raise OutOfDomain("the key would expire before it exists", pointer="/expires_at")
    if maker.expires_at is not None and ends > maker.expires_at:
        raise Forbidden("the key would outlive its maker", pointer="/expires_at", hint=f"by {maker.expires_at}")
    return ends


async def _may_close(request: Request, key_id: str) -> ApiKey:
    """The caller, who may take or rotate this key: it is his own, or opens no more than his.

    Raises: UnknownName; Forbidden
    """
    own = await caller(request)
    if own.id != key_id:
        own.demand("keys:write")
        _refuse_more(own, (await desks(request).reading.do(find_key, engine(request), key_id)).scopes)
    return own


def _refuse_more(own: ApiKey, scopes: Iterable[str]) -> None:
    """Raise Forbidden where these scopes open more than the caller's key; what is no scope at all is told elsewhere."""
    known_scopes(scopes)
    beyond = own.covers(scopes)
    if beyond is not None:
        hint = "a key gives only what it holds; mlquote keys create, beside the database, gives all"
        raise Forbidden(f"key {own.id} ({own.name}) does not hold {beyond}", pointer="/scopes", hint=hint)
