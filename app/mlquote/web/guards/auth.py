"""Who asks, and may they? Every write names its scope here; reading is open unless the service is closed.

A key comes as `Authorization: Bearer mlq_...` or `X-API-Key: mlq_...`. When the database that knows the keys cannot be
reached, nobody is let in: unlike a lost limiter, a lost lock stays shut. Writes always ask the database; a read takes a
process's word for a few seconds, so a key that another process revokes may read for that long. What an organisation
spends and what it negotiated is read with a key from the moment on that any key exists.
"""

from hashlib import sha256
from time import monotonic
from typing import Literal

from fastapi import FastAPI, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from mlquote.kit.errors import QuoteError, Unauthenticated
from mlquote.store.api_keys import USED_EVERY, ApiKey, any_key, mark_used, verified
from mlquote.web.deps import engine, now
from mlquote.web.desks import desks
from mlquote.web.guards.callers import presented
from mlquote.web.guards.problems import problem_response
from mlquote.web.guards.watchers import OPEN_PATHS
from mlquote.web.short_paths import is_short

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
        _mark_used(request, known)
        request.state.api_key = known
    return known


PRIVATE = ("/v1/budgets", "/v1/reservations", "/v1/rate-cards", "/v1/charts/budget", "/v1/badges/budget")
"""What an organisation spends and what it pays: read with a key, where keys exist."""
READS = ("GET", "HEAD")
QUOTES = ("/v1/estimates", "/v1/comparisons", "/v1/plans", "/v1/charts/", "/v1/badges/", "/v1/views/")
"""Paths that estimate, however they are asked."""
POSTED = ("/v1/losses", "/v1/regularizers", "/v1/scaling-laws", "/v1/usage", "/v1/otlp", "/v1/budgets")
"""Paths that estimate where they are posted to; what writes there names its own scope."""
Openness = Literal["closed", "private", "open"]
"""closed: nothing without a key; private: no budget and no rate card without one; open: those too are read."""


class KeyRequired:
    """ASGI middleware: who has no key, or one that opens less, reads and asks only what the door lets him."""

    def __init__(self, app: ASGIApp, service: FastAPI, door: Openness) -> None:
        """Wrap `app`; `service` holds the engine and the clock."""
        self.app = app
        self.service = service
        self.door = door
        self._has_keys = False
        self._seen: dict[bytes, tuple[ApiKey, float]] = {}
        service.state.seen_keys = self._seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request of a known caller through."""
        if scope["type"] != "http" or not self._guards(scope):
            await self.app(scope, receive, send)
            return
        scope.setdefault("app", self.service)
        request = Request(scope)
        try:
            await self._pass(request)
        except QuoteError as error:
            await problem_response(error)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _guards(self, scope: Scope) -> bool:
        """Whether a key may be needed here at all."""
        if self.door == "closed":
            return scope["path"] not in OPEN_PATHS
        return self.door == "private" and scope["method"] in READS and scope["path"].startswith(PRIVATE)

    async def _pass(self, request: Request) -> None:
        """Raise unless this caller may read or ask this."""
        if self.door == "private" and not await self._keys_exist(request):
            return
        key = self._known(request) or await self._learn(request)
        path, reads = request.url.path, request.method in READS
        if reads and path.startswith(PRIVATE):
            key.demand("read")
        elif path.startswith(QUOTES) or (not reads and path.startswith(POSTED)) or is_short(path):
            key.demand("estimate")

    async def _keys_exist(self, request: Request) -> bool:
        if not self._has_keys:
            self._has_keys = await desks(request).reading.do(any_key, engine(request))
        return self._has_keys

    def _known(self, request: Request) -> ApiKey | None:
        """A key that this process saw a moment ago, still valid; a change is never let through on that."""
        if request.method not in READS and not request.url.path.startswith("/v1/estimates/"):
            return None
        key, until = self._seen.get(_digest(request), (None, 0.0))
        is_valid = key is not None and (key.expires_at is None or now(request) < key.expires_at)
        return key if is_valid and monotonic() < until else None

    async def _learn(self, request: Request) -> ApiKey:
        key = await caller(request)
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen[_digest(request)] = (key, monotonic() + _BELIEVED_S)
        return key


def _mark_used(request: Request, key: ApiKey) -> None:
    """Have it remembered that a key was used, at most once an hour; nobody waits for it."""
    moment = now(request)
    if key.last_used_at is None or moment - key.last_used_at >= USED_EVERY:
        desks(request).writing.leave(mark_used, engine(request), key.id, moment)


def forget_seen_keys(request: Request) -> None:
    """A key was revoked or rotated: this process asks the database about every key again."""
    getattr(request.app.state, "seen_keys", {}).clear()


def _digest(request: Request) -> bytes:
    return sha256((presented(request.scope) or "").encode()).digest()
