"""API keys over HTTP: made, listed and revoked by whoever holds `keys:write`."""

from dataclasses import asdict
from functools import partial
from typing import Annotated, Any

from fastapi import FastAPI, Path, Request, Response
from pydantic import Field

from mlquote.estimators.asking.question import Moment, Name, Part, utc
from mlquote.kit.errors import OutOfDomain
from mlquote.store.api_keys import SCOPES, ApiKey, create_key, list_keys, revoke_key
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
    """What it opens: budgets:write, budgets:reserve, catalog:write, rate-cards:write, keys:write, audit:read;
    `:NAME` behind it narrows it to one thing, `:nlp-*` to some."""
    expires_at: Moment | None = None
    """When it stops; default: never."""


def add_routes(app: FastAPI) -> None:
    """/v1/keys."""

    @app.post(
        "/v1/keys", status_code=201, summary="Make an API key; it is shown this once", openapi_extra=schema_of(NewKey)
    )
    async def create(request: Request) -> Response:
        only_parameters(request, "format")
        key = await demand(request, "keys:write")
        wanted = read(NewKey, json_body(await request.body()))
        expires_at = None if wanted.expires_at is None else utc(wanted.expires_at)
        if expires_at is not None and expires_at <= now(request):
            raise OutOfDomain("the key would expire before it exists", pointer="/expires_at")
        make = partial(create_key, engine(request), wanted.name, wanted.scopes, now=now(request), by=key.id)
        made, text = await desks(request).writing.do(partial(make, expires_at=expires_at))
        return respond(request, {"key": text, **asdict(made)}, 201)

    @app.get("/v1/keys", summary="Every key, without its secret")
    async def listed(request: Request) -> Response:
        only_parameters(request, "format")
        await demand(request, "keys:write")
        keys: list[ApiKey] = await desks(request).reading.do(list_keys, engine(request))
        return respond(request, {"keys": [asdict(key) for key in keys], "scopes": SCOPES})

    @app.get("/v1/keys/self", summary="The key that this request carries")
    async def own(request: Request) -> Response:
        only_parameters(request, "format")
        found: dict[str, Any] = asdict(await caller(request))
        return respond(request, found)

    @app.delete("/v1/keys/{id}", summary="Revoke a key")
    async def revoke(request: Request, id: KeyId) -> Response:  # noqa: A002  # the path's word
        only_parameters(request, "format")
        key = await demand(request, "keys:write")
        take = partial(revoke_key, engine(request), id, now=now(request), by=key.id)
        revoked = await desks(request).writing.do(take)
        forget_seen_keys(request)
        return respond(request, asdict(revoked))
