"""Who asks, and may they? Every write names its scope here; reading is open unless the service is closed.

A key comes as `Authorization: Bearer mlq_...` or `X-API-Key: mlq_...`. When the database that knows the keys cannot be
reached, nobody is let in: unlike a lost limiter, a lost lock stays shut.
"""

import asyncio

from fastapi import FastAPI, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.kit.errors import QuoteError, Unauthenticated
from app.store.api_keys import ApiKey, verified
from app.web.deps import engine, now
from app.web.guards.problems import problem_response

OPEN_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
"""Never closed: whoever watches the service holds no key."""


async def demand(request: Request, scope: str, name: str = "") -> ApiKey:
    """The caller's key, which opens `scope` for the thing called `name`.

    Raises: Unauthenticated without a valid key; Forbidden where its scopes do not reach.
    """
    key = await caller(request)
    key.demand(scope, name)
    return key


async def caller(request: Request) -> ApiKey:
    """The caller's key.

    Raises: Unauthenticated without a valid key.
    """
    known: ApiKey | None = getattr(request.state, "api_key", None)
    if known is None:
        text = _presented(request)
        if text is None:
            raise Unauthenticated("this needs an API key", hint="Authorization: Bearer mlq_...")
        known = await asyncio.to_thread(verified, engine(request), text, now(request))
        request.state.api_key = known
    return known


class KeyRequired:
    """ASGI middleware for MLQUOTE_REQUIRE_KEY=1: without a valid key only the health of the service can be read."""

    def __init__(self, app: ASGIApp, service: FastAPI) -> None:
        """Wrap `app`; `service` holds the engine and the clock."""
        self.app = app
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request of a known caller through."""
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self.app(scope, receive, send)
            return
        scope.setdefault("app", self.service)
        try:
            await caller(Request(scope))
        except QuoteError as error:
            await problem_response(error)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _presented(request: Request) -> str | None:
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.casefold() == "bearer" and text.strip():
        return text.strip()
    return request.headers.get("x-api-key") or None
