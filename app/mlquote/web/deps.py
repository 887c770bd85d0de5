"""What a route may ask for: the engine, the snapshot that answers, the time."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from fastapi import Request

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.kinds import warm
from mlquote.kit.errors import Unavailable
from mlquote.store.engine import Engine
from mlquote.store.releases import load_snapshot, newest_release, withdrawn_releases

_log = logging.getLogger("mlquote.catalog")
_OLD_RELEASES_KEPT = 4


def clock() -> datetime:
    """Now, in UTC; the one clock of the web door."""
    return datetime.now(UTC)


def warmed_snapshot(engine: Engine, release: str | None = None) -> Snapshot:
    """A release read from the database, with everything derived that a first quote would wait for."""
    snapshot = load_snapshot(engine, release)
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
        newest = await asyncio.to_thread(newest_release, self.engine)
        withdrawn = await asyncio.to_thread(withdrawn_releases, self.engine)
        for name in [name for name, kept in self._old.items() if kept.release.withdrawn != withdrawn.get(name)]:
            self._old.pop(name, None)
        if newest is None or newest == self.current.release:
            return False
        self.current = await asyncio.to_thread(warmed_snapshot, self.engine)
        _log.info("serving release %s", self.current.release.id)
        return True

    @asynccontextmanager
    async def watched(self, seconds: float) -> AsyncIterator[None]:
        """Look for a newer release every `seconds` while the context lasts; a database that is down is tried again."""
        watcher = asyncio.create_task(self._watch(seconds))
        try:
            yield
        finally:
            watcher.cancel()
            with suppress(asyncio.CancelledError):
                await watcher

    async def look(self) -> None:
        """Swap to a newer release if there is one; where the database cannot be asked, the loaded one answers on."""
        try:
            await self.refresh()
            self._reachable = True
        except Exception as error:
            if self._reachable:
                _log.warning("cannot look for a newer release (%s); %s answers on", error, self.current.release.id)
            self._reachable = False

    async def _watch(self, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            await self.look()

    async def _read(self, release: str) -> Snapshot:
        try:
            return await asyncio.to_thread(warmed_snapshot, self.engine, release)
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
