"""Where what blocks is done: beside the event loop, each kind of work at a desk of its own; none holds up another.

A desk has a few threads, a bound on how many may wait for them, and a time after which nobody waits any longer. Writers
that queue for a lock take no thread of a reader, readers none of whoever asks whether the service is ready, and a text
that takes long to read none of either. A thread cannot be stopped: work that outlived its time goes on to its end; the
store's own time limits and the bounds of `spend/bounds.py` keep that near.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from fastapi import Request

from mlquote.kit.errors import TooMany, Unavailable
from mlquote.web.guards.metrics import Metrics

T = TypeVar("T")


class Desk:
    """One kind of work."""

    def __init__(
        self, name: str, *, threads: int, waiting: int, seconds: float, metrics: Metrics | None = None
    ) -> None:
        """No thread is started before it is needed."""
        self.name, self.seconds, self._metrics = name, seconds, metrics
        self._most = threads + waiting
        self._workers = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._begun: set[Future[Any]] = set()

    async def do(self, work: Callable[..., T], *arguments: object) -> T:
        """What the work returns, or raises.

        Raises: TooMany where too many wait already; Unavailable where it takes longer than this desk's time
        """
        if len(self._begun) >= self._most:
            self._told_away("too-many")
            raise TooMany(f"too many requests are waiting ({self.name})", hint="try again in a moment")
        running = self._workers.submit(work, *arguments)
        self._take(running)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(running), self.seconds)
        except TimeoutError as error:
            if running.done() and not running.cancelled():
                raise  # the work's own
            self._told_away("too-long")
            raise Unavailable(
                f"no answer within {self.seconds:g} s ({self.name}); what was begun may still be done",
                hint="try again, a write under the same Idempotency-Key",
            ) from error

    def leave(self, work: Callable[..., object], *arguments: object) -> None:
        """Have work done that nobody waits for; where too many wait already it is left undone."""
        if len(self._begun) < self._most:
            running = self._workers.submit(work, *arguments)
            self._take(running)

    def _take(self, running: Future[Any]) -> None:
        self._begun.add(running)
        if self._metrics is not None:
            self._metrics.at_desk(self.name, 1)
        running.add_done_callback(self._done)

    def _done(self, running: Future[Any]) -> None:
        self._begun.discard(running)
        if self._metrics is not None:
            self._metrics.at_desk(self.name, -1)

    def _told_away(self, why: str) -> None:
        if self._metrics is not None:
            self._metrics.turned_away(self.name, why)

    def close(self, *, wait: bool = False) -> None:
        """Take no more work; what waits is let go, what was begun is waited for where `wait` says so."""
        self._workers.shutdown(wait=wait, cancel_futures=True)


class Desks:
    """Every desk of one application."""

    def __init__(self, metrics: Metrics | None = None) -> None:
        """As many threads as two cores and a database's pool bear; what waits is counted into `metrics`."""
        desk = partial(Desk, metrics=metrics)
        self.reading = desk("reading the store", threads=6, waiting=200, seconds=15)
        self.writing = desk("writing the store", threads=6, waiting=400, seconds=40)
        self.readiness = desk("readiness", threads=1, waiting=20, seconds=2)
        self.texts = desk("reading texts", threads=2, waiting=40, seconds=15)
        self.quotes = desk("quoting", threads=2, waiting=100, seconds=60)
        self.publishing = desk("publishing a release", threads=1, waiting=4, seconds=600)
        self.logs = desk("pricing logs", threads=2, waiting=8, seconds=3600)
        self.spans = desk("pricing spans", threads=2, waiting=64, seconds=30)
        self.jobs = desk("seeing to jobs", threads=1, waiting=1, seconds=3600)

    def close(self, *, wait: bool = False) -> None:
        """Take no more work; `wait`: until what was begun is done."""
        for desk in vars(self).values():
            desk.close(wait=wait)


def desks(request: Request) -> Desks:
    """The desks of this application."""
    found: Desks = request.app.state.desks
    return found
