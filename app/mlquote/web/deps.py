"""What a route may ask for: the engine, the snapshot that answers, the time."""

import asyncio
import ctypes
import gc
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial

from fastapi import Request

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.kinds import warm
from mlquote.kit.errors import Unavailable
from mlquote.store.engine import Engine
from mlquote.store.releases import load_snapshot, newest_release, withdrawn_releases

_log = logging.getLogger("mlquote.catalog")
_OLD_RELEASES_KEPT = 4
_LET_GO_AFTER_S = 30.0
"""Answers that were begun under a release before are sent by then; one that is not works out anew what it needs."""
_LEAVES_WITHIN_S = 2.0


def give_back() -> None:
    """Give freed memory back to the operating system, where its C library can (glibc)."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def clock() -> datetime:
    """Now, in UTC; the one clock of the web door."""
    return datetime.now(UTC)


def warmed_snapshot(engine: Engine, release: str | None = None, *, like: Snapshot | None = None) -> Snapshot:
    """A release read from the database, with everything derived that a first quote would wait for.

    Args:    like: a snapshot of another release, whose rows are shared
    """
    snapshot = load_snapshot(engine, release, like=like)
    warm(snapshot, clock())
    return snapshot


class Snapshots:
    """The newest release in memory, a few older ones on demand; swapped by one assignment, never changed in place."""

    def __init__(self, engine: Engine, current: Snapshot) -> None:
        """Answer from `current` until the database holds a newer release."""
        self.engine = engine
        self.current = current
        self._old: OrderedDict[str, Snapshot] = OrderedDict()
        self._loading = asyncio.Lock()
        self._swapping = threading.Lock()
        self._left: list[tuple[float, Snapshot]] = []
        """Releases that answered before, and when what they worked out is let go."""
        self._reachable = True

    async def of(self, release: str | None) -> Snapshot:
        """The snapshot of a release; the newest needs no database.

        Raises: UnknownName for a release never published; Unavailable when it must be read and cannot be.
        """
        if release is None or release == self.current.release.id:
            return self.current
        async with self._loading:
            if release not in self._old:
                self._old[release] = await self._read(release)
                while len(self._old) > _OLD_RELEASES_KEPT:
                    self._old.popitem(last=False)
            self._old.move_to_end(release)
            return self._old[release]

    async def refresh(self) -> bool:
        """Swap to the newest release if it is another one, or withdrawn since; True if it was."""
        return await asyncio.to_thread(self._refreshed)

    async def look(self) -> None:
        """Swap to a newer release if there is one; where the database cannot be asked, the loaded one answers on."""
        await asyncio.to_thread(self._look)

    @asynccontextmanager
    async def watched(self, seconds: float) -> AsyncIterator[None]:
        """Look for a newer release every `seconds` while the context lasts; a database that is down is tried again.

        A thread of its own does it: however busy the event loop and its other threads are, it is on time.
        """
        over = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(seconds, over), name="releases", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            await asyncio.to_thread(watcher.join, _LEAVES_WITHIN_S)

    def _watch(self, seconds: float, over: threading.Event) -> None:
        while not over.wait(seconds):
            self._look()

    def _look(self) -> None:
        try:
            self._refreshed()
            self._tidy(time.monotonic())
            self._reachable = True
        except Exception as error:
            if self._reachable:
                _log.warning("cannot look for a newer release (%s); %s answers on", error, self.current.release.id)
            self._reachable = False

    def _refreshed(self) -> bool:
        with self._swapping:
            newest, withdrawn = newest_release(self.engine), withdrawn_releases(self.engine)
            for name, kept in list(self._old.items()):
                if kept.release.withdrawn != withdrawn.get(name):
                    self._old.pop(name, None)
            if newest is None or newest == self.current.release:
                return False
            before = self.current
            self.current = warmed_snapshot(self.engine, like=before)
            self._left.append((time.monotonic() + _LET_GO_AFTER_S, before))
        _log.info("serving release %s", self.current.release.id)
        return True

    def _tidy(self, now: float) -> None:
        """Let go of what releases worked out that answer nobody new, and give the memory back."""
        with self._swapping:
            over = [snapshot for until, snapshot in self._left if until <= now]
            self._left = [(until, snapshot) for until, snapshot in self._left if until > now]
        if not over:
            return
        for snapshot in over:
            snapshot.forget()
        del over, snapshot
        gc.collect()
        gc.freeze()  # as at the start: what stays for a release is not walked again and again
        give_back()

    async def _read(self, release: str) -> Snapshot:
        try:
            return await asyncio.to_thread(partial(warmed_snapshot, self.engine, release, like=self.current))
        except Unavailable as error:
            raise Unavailable(
                f"release {release} is not in memory and the database cannot be reached",
                pointer="/release",
                hint=f"release {self.current.release.id} still answers",
            ) from error


def snapshots(request: Request) -> Snapshots:
    """The snapshots of this application."""
    found: Snapshots = request.app.state.snapshots
    return found


def engine(request: Request) -> Engine:
    """The database of this application."""
    found: Engine = request.app.state.engine
    return found


def now(request: Request) -> datetime:
    """The time, by this application's clock."""
    read: Callable[[], datetime] = request.app.state.clock
    return read()
