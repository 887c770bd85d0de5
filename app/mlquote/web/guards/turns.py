"""How often one caller may ask, and how much heavy work of strangers is done at once.

The rule is GCRA: a caller may ask so many times at once, and gets a further turn every so often; there is no window at
whose edge everybody comes back. It is counted by throttled-py, in this process (so N workers allow N times as much) or
in Redis, where several replicas share one count; or by one statement in PostgreSQL (store/turns.py), likewise. `limits`
was left aside: its moving window keeps every request of a caller, and its other rules let twice the limit pass at an
edge. A counter that is lost lets the request pass, and that is counted.
"""

import asyncio
import logging
import math
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from typing import Any, Protocol

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from throttled.asyncio import MemoryStore, RedisStore, Throttled
from throttled.asyncio.store import BaseStore
from throttled.exceptions import BaseThrottledError
from throttled.rate_limiter.base import RateLimitResult

from mlquote.kit.errors import Malformed, QuoteError, TooMany, Unavailable
from mlquote.store.turns import Rate, SharedTurns
from mlquote.web.guards.callers import HERE, Caller, KnownKeys, caller_of
from mlquote.web.guards.problems import problem_response
from mlquote.web.guards.watchers import OPEN_PATHS

_log = logging.getLogger("mlquote.turns")
_MOST_CALLERS = 100_000
"""Callers counted in memory; the one longest silent is forgotten, and starts anew."""
_SHARED_SECONDS = 0.25
"""The longest a request waits for the shared counter."""
_WITHOUT_SECONDS = 5.0
"""How long the shared counter is not asked after it failed."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn as it was counted: the policy's name, what it allows, and how it stands."""

    policy: str
    most: int
    """Turns at once."""
    window_s: int
    """Seconds until all of them are there again."""
    is_refused: bool
    remaining: int
    reset_s: int
    retry_s: int

    def headers(self) -> dict[str, str]:
        """RateLimit and RateLimit-Policy, as draft-ietf-httpapi-ratelimit-headers-10 writes them."""
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.most};w={self.window_s}',
            "RateLimit": f'"{self.policy}";r={self.remaining};t={self.reset_s}',
        }


class Loses(Protocol):
    """Who counts the requests that passed uncounted."""

    def lost_turn(self) -> None:
        """One more."""


class TurnCounters:
    """The counters of this process, or those that replicas share."""

    def __init__(self, policies: Mapping[str, str], store_url: str, lost: Loses) -> None:
        """`policies`: kind of caller -> "100/s burst 2000", "" for none; `store_url`: "" (memory) or redis://HOST.

        Raises: Malformed for a policy or an address that cannot be read
        """
        self._lost, self._is_shared, self._silent_until = lost, bool(store_url), 0.0
        self._policies = {kind: _policy(kind, text, store_url) for kind, text in policies.items() if text.strip()}

    def close(self) -> None:
        """Let go of threads and connections."""
        for counter, *_ in self._policies.values():
            if isinstance(counter, OnPostgres):
                counter.close()

    async def turn(self, caller: Caller) -> Turn | None:
        """Count a request; None where nothing is counted, or nothing can be."""
        policy = self._policies.get(caller.kind)
        if policy is None or monotonic() < self._silent_until:
            return None
        counter, most, window_s = policy
        try:
            asked = counter.limit(f"{caller.kind}:{caller.name}")
            result = await (asyncio.wait_for(asked, _SHARED_SECONDS) if self._is_shared else asked)
        except Exception as error:  # whatever the shared counter's client raises: the request passes
            _log.warning("the counter of requests is lost for %g s: %s", _WITHOUT_SECONDS, error)
            self._silent_until = monotonic() + _WITHOUT_SECONDS
            self._lost.lost_turn()
            return None
        state = result.state
        retry_s = max(1, math.ceil(state.retry_after)) if result.limited else 0
        left = 0 if result.limited else state.remaining
        return Turn(caller.kind, most, window_s, result.limited, left, math.ceil(state.reset_after), retry_s)


@dataclass(frozen=True, slots=True)
class Heavy:
    """What strangers may have done at once, by one address and by all of them."""

    posted: tuple[str, ...]
    """Beginnings of paths where a POST is heavy."""
    asked: tuple[str, ...]
    """Beginnings of paths where any question is."""
    of_one: int
    of_all: int

    def counts(self, scope: Scope) -> bool:
        """Whether a request is heavy."""
        path: str = scope["path"]
        return path.startswith(self.posted if scope["method"] == "POST" else self.asked)


class Turns:
    """ASGI middleware: a caller beyond his rate is answered 429; strangers beyond their share of heavy work wait."""

    def __init__(self, app: ASGIApp, service: FastAPI, counters: TurnCounters, heavy: Heavy) -> None:
        """Wrap `app`; `service` remembers which keys are known."""
        self.app, self.counters, self.heavy = app, counters, heavy
        self._known: KnownKeys = service.state.known_keys
        self._at_work: Counter[Caller] = Counter()
        self._has_wondered = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through, or refuse it."""
        caller = HERE if scope["type"] != "http" or scope["path"] in OPEN_PATHS else caller_of(scope, self._known)
        if caller is HERE:
            await self.app(scope, receive, send)
            return
        turn = await self.counters.turn(caller)
        headers = {} if turn is None else turn.headers()
        if turn is not None and turn.is_refused:
            refusal = _refusal(turn)
            self._wonder(scope)
            await problem_response(refusal, headers | {"Retry-After": str(turn.retry_s)})(scope, receive, send)
            return
        answer = _telling(send, headers)
        if caller.kind == "key" or not self.heavy.counts(scope):
            await self.app(scope, receive, answer)
            return
        await self._heavy(caller, scope, receive, answer)

    def _wonder(self, scope: Scope) -> None:
        """Say once that a refused caller seems to be a proxy that is not believed: all behind it are one caller."""
        said = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for").decode("latin-1")
        peer: Any = scope.get("client")
        if said and peer and peer[0] not in said and not self._has_wondered:
            self._has_wondered = True
            _log.warning("%s asks for others and is not in MLQUOTE_TRUSTED_PROXIES: they are one caller", peer[0])

    async def _heavy(self, caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._full(caller)
        if refusal is not None:
            await problem_response(refusal)(scope, receive, send)
            return
        self._at_work[caller] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._at_work[caller] -= 1
            if not self._at_work[caller]:
                del self._at_work[caller]

    def _full(self, caller: Caller) -> QuoteError | None:
        hint = "wait for an answer, or send a key"
        if self._at_work[caller] >= self.heavy.of_one:
            return TooMany(f"{self.heavy.of_one} heavy requests of yours are being answered", hint=hint)
        if self._at_work.total() >= self.heavy.of_all:
            return Unavailable(f"{self.heavy.of_all} heavy requests without a key are being answered", hint=hint)
        return None


def _refusal(turn: Turn) -> TooMany:
    whose = "this key" if turn.policy == "key" else "this address"
    hint = f"again in {turn.retry_s} s" if turn.policy == "key" else f"again in {turn.retry_s} s, or with a key"
    return TooMany(f"{whose} asked more than {turn.most} times at once", hint=hint)


def _telling(send: Send, headers: Mapping[str, str]) -> Send:
    """`send`, with headers more on the response."""
    if not headers:
        return send
    more = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def tell(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *more]
        await send(message)

    return tell


class Counts(Protocol):
    """What counts the requests of one policy."""

    async def limit(self, key: str) -> RateLimitResult:
        """One more of a caller."""


class OnPostgres:
    """A policy counted in a PostgreSQL database, by threads of its own: who waits for it holds nobody up."""

    def __init__(self, turns: SharedTurns, rate: Rate) -> None:
        """Count by `rate`."""
        self.turns, self.rate = turns, rate
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="turns")

    async def limit(self, key: str) -> RateLimitResult:
        """As `Counts`."""
        taken = await asyncio.get_running_loop().run_in_executor(self._threads, self.turns.take, key, self.rate)
        return RateLimitResult(taken.is_refused, (self.rate.most, taken.remaining, taken.reset_s, taken.retry_s))

    def close(self) -> None:
        """Let go of threads and connections."""
        self._threads.shutdown(cancel_futures=True)
        self.turns.close()


_POSTGRES = ("postgresql://", "postgres://")


def _store(url: str) -> BaseStore:
    if not url or url.startswith(_POSTGRES):
        return MemoryStore(options={"MAX_SIZE": _MOST_CALLERS})
    try:
        return RedisStore(server=url)
    except (BaseThrottledError, ImportError, ValueError) as error:
        hint = "postgresql://HOST/NAME; or redis://HOST:6379/0, with the extra mlquote[redis] installed"
        raise Malformed(f"no counter at {url!r}: {error}", pointer="MLQUOTE_LIMITS_STORE", hint=hint) from error


def _policy(kind: str, text: str, url: str) -> tuple[Counts, int, int]:
    """The counter of a policy, how many turns it gives at once, and the seconds until all of them are back."""
    try:
        counter = Throttled(using="gcra", quota=text, store=_store(url), key_prefix="mlquote")
    except BaseThrottledError as error:
        hint = "100/s, 6000/m, 100/s burst 2000; empty for no limit"
        raise Malformed(str(error), pointer=f"MLQUOTE_{kind.upper()}_RATE", hint=hint) from error
    quota: Any = counter.limiter.quota
    if quota.burst < 1:
        raise Malformed(f"{text!r} lets nobody ask", pointer=f"MLQUOTE_{kind.upper()}_RATE", hint="burst 1 or more")
    window_s = max(1, math.ceil(quota.burst * quota.emission_interval))
    if url.startswith(_POSTGRES):
        return OnPostgres(SharedTurns(url), Rate(quota.burst, quota.emission_interval)), quota.burst, window_s
    return counter, quota.burst, window_s
