"""Who asks, and may they? Every write names its scope here; reading is open unless the service is closed.

A key comes as `Authorization: Bearer mlq_...` or `X-API-Key: mlq_...`. When the database that knows the keys cannot be
reached, nobody is let in: unlike a lost limiter, a lost lock stays shut. Writes always ask the database; a read takes a
process's word for a few seconds, so a key that another process revokes may read for that long.
"""

from hashlib import sha256
from time import monotonic

from fastapi import FastAPI, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from mlquote.kit.errors import QuoteError, Unauthenticated
from mlquote.store.api_keys import ApiKey, verified
from mlquote.web.deps import engine, now
from mlquote.web.desks import desks
from mlquote.web.guards.callers import presented
from mlquote.web.guards.problems import problem_response
from mlquote.web.guards.watchers import OPEN_PATHS

_BELIEVED_S = 3.0
_MOST_SEEN = 10_000


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
        text = presented(request.scope)
        if text is None:
            raise Unauthenticated("this needs an API key", hint="Authorization: Bearer mlq_...")
        known = await desks(request).reading.do(verified, engine(request), text, now(request))
        request.app.state.known_keys.remember(text, known.id)
        request.state.api_key = known
    return known


class KeyRequired:
    """ASGI middleware for MLQUOTE_REQUIRE_KEY=1: without a valid key only the health of the service can be read."""

    def __init__(self, app: ASGIApp, service: FastAPI) -> None:
        """Wrap `app`; `service` holds the engine and the clock."""
        self.app = app
        self.service = service
        self._seen: dict[bytes, tuple[ApiKey, float]] = {}
        service.state.seen_keys = self._seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request of a known caller through."""
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self.app(scope, receive, send)
            return
        scope.setdefault("app", self.service)
        request = Request(scope)
        try:
            if not self._knows(request):
                await self._learn(request)
        except QuoteError as error:
            await problem_response(error)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _knows(self, request: Request) -> bool:
        """Whether this process saw the key a moment ago, still valid; a change is never let through on that."""
        if request.method not in ("GET", "HEAD") and not request.url.path.startswith("/v1/estimates/"):
            return False
        key, until = self._seen.get(_digest(request), (None, 0.0))
        return key is not None and monotonic() < until and (key.expires_at is None or now(request) < key.expires_at)

    async def _learn(self, request: Request) -> None:
        key = await caller(request)
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen[_digest(request)] = (key, monotonic() + _BELIEVED_S)


def forget_seen_keys(request: Request) -> None:
    """A key was revoked: this process asks the database about every key again."""
    getattr(request.app.state, "seen_keys", {}).clear()


def _digest(request: Request) -> bytes:
    return sha256((presented(request.scope) or "").encode()).digest()
