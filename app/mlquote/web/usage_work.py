"""Long logs priced beside the service: a process of its own takes the jobs of the database, one after another.

The process is started where a job waits and ends when none does, so that the memory of a second catalogue is held only
while logs are priced, and no quote waits for a core that a log holds. It may be killed at any moment: its jobs go back
to those that wait, and where the service was killed with it their leases lapse, so that whoever looks next takes them.
"""

import asyncio
import logging
import os
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from multiprocessing import get_context
from time import monotonic, sleep
from typing import Any, Final

from fastapi import FastAPI

from mlquote.kit.errors import Conflict, QuoteError, Unavailable
from mlquote.spend.reservations import Request as Again
from mlquote.store import usage_jobs
from mlquote.store.engine import Engine, open_engine
from mlquote.store.releases import load_snapshot
from mlquote.store.usage_jobs import Claim
from mlquote.web.guards.problems import problem
from mlquote.web.usage_pricing import Pricing, charged, charged_before, priced_log

_log = logging.getLogger("mlquote.usage")
_SAID_EVERY_S: Final = 1.0
"""How often a worker says how far it is, and that it lives."""
_LOOKED_EVERY_S: Final = 5.0
Moment = Callable[[], datetime]


class Works:
    """Starts the worker process of one service process, one at a time."""

    def __init__(self, engine: Engine, now: Moment, kept: timedelta) -> None:
        """Answers are kept so long; no process is started before a job waits."""
        self._engine, self._now, self._kept = engine, now, kept
        self._one, self._is_closed = threading.Lock(), False
        self._process: Any = None

    def look(self) -> None:
        """Have priced what waits, until nothing does; where somebody here sees to that already, nothing is done."""
        if not self._one.acquire(blocking=False):
            return
        try:
            while not self._is_closed and usage_jobs.are_due(self._engine, self._now()):
                self._have_done()
        finally:
            self._one.release()

    def close(self) -> None:
        """Take no more jobs; the one that is begun goes back to those that wait."""
        self._is_closed = True
        if self._process is not None:
            self._process.terminate()

    def _have_done(self) -> None:
        worker, url = f"w{secrets.token_hex(4)}", self._engine.url.render_as_string(hide_password=False)
        arguments = (url, worker, self._now(), self._kept)
        self._process = get_context("spawn").Process(target=work_off, args=arguments, daemon=True)
        self._process.start()
        self._process.join()
        code, self._process = self._process.exitcode, None
        if code:
            _log.warning("a process that priced logs ended (%s)", code)
            usage_jobs.give_back(self._engine, worker, counts=not self._is_closed)


@asynccontextmanager
async def seen_to(app: FastAPI) -> AsyncIterator[None]:
    """Look for jobs that wait while the context lasts: those that another process left when it ended."""

    async def watch() -> None:
        while True:
            app.state.desks.jobs.leave(app.state.works.look)
            await asyncio.sleep(_LOOKED_EVERY_S)

    watcher = asyncio.create_task(watch())
    try:
        yield
    finally:
        app.state.works.close()
        watcher.cancel()
        with suppress(asyncio.CancelledError):
            await watcher


def work_off(url: str, worker: str, now: datetime, kept: timedelta) -> None:
    """Price what waits in the database at `url` until nothing does; `now` is what the service's clock says."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    began, engine = monotonic(), open_engine(url)

    def moment() -> datetime:
        return now + timedelta(seconds=monotonic() - began)

    try:
        while (mine := usage_jobs.claim(engine, worker, moment(), kept)) is not None:
            try:
                _work(engine, mine, moment, kept)
            except Conflict as error:
                _log.info("%s", error.detail)
    finally:
        engine.dispose()


def _work(engine: Engine, mine: Claim, moment: Moment, kept: timedelta) -> None:
    """Price one job's log and write its answer, or why there is none.

    Raises: Conflict where the job is no longer ours; Unavailable
    """
    try:
        with _Lives(engine, mine, moment) as lives:
            answer = _answer(engine, mine, lives)
            usage_jobs.done(engine, mine, answer, moment(), kept)
    except Unavailable:
        raise
    except QuoteError as error:
        usage_jobs.failed(engine, mine, problem(error), moment(), kept)
    except Exception:
        _log.exception("job %s failed", mine.id)
        fault = Unavailable("a fault of ours; the service's log holds it", code="job-failed", pointer=mine.id)
        usage_jobs.failed(engine, mine, problem(fault), moment(), kept)


def _answer(engine: Engine, mine: Claim, lives: "_Lives") -> Any:
    asked = mine.asked
    pricing = Pricing.model_validate(asked.pricing["pricing"])
    again = Again(asked.asked_by, asked.asked_at, asked.key, asked.log_digest)
    if pricing.budget is not None and (before := charged_before(engine, pricing.budget, again)) is not None:
        return before
    catalog = load_snapshot(engine, asked.release)
    pieces = lives.counted(usage_jobs.pieces(engine, mine))
    whole, answer = priced_log(engine, catalog, pieces, pricing, asked.pricing["media_type"], asked.asked_at)
    return answer if pricing.budget is None else charged(engine, pricing.budget, whole, answer, again)


class _Lives:
    """Says, as long as the context lasts, that the worker of a job lives and how far it is."""

    def __init__(self, engine: Engine, mine: Claim, moment: Moment) -> None:
        self._engine, self._mine, self._moment = engine, mine, moment
        self._read = 0
        self._over, self._is_taken = threading.Event(), False
        self._thread = threading.Thread(target=self._say, daemon=True)

    def __enter__(self) -> "_Lives":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def counted(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """The pieces, counted as they are taken.

        Raises: Conflict where the job is no longer this worker's
        """
        for piece in pieces:
            if self._is_taken:
                raise usage_jobs.taken(self._mine)
            yield piece
            self._read += len(piece)

    def _say(self) -> None:
        while not self._over.wait(_SAID_EVERY_S):
            try:
                usage_jobs.hold(self._engine, self._mine, self._moment(), self._read)
            except Conflict:
                self._is_taken = True
                return
            except Unavailable:
                continue  # the lease lasts a while yet


def _end_with(parent: int) -> None:
    """End where the service does, whatever ended it."""
    while os.getppid() == parent:
        sleep(_SAID_EVERY_S)
    os._exit(1)
