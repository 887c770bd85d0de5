"""Where heavy work is done: off the event loop, few at a time, stopped when its time is up or its caller has gone."""

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import Any, TypeVar

from fastapi import Request

from mlquote.kit.errors import Malformed, TooLarge, TooMany
from mlquote.losses.blocks import Machine
from mlquote.web.parsing import decoded, parsed
from mlquote.web.pictures.png import Drawer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one loss request may bring and take."""

    json_bytes: int
    json_numbers: int
    binary_bytes: int
    binary_numbers: int
    spooled_bytes: int
    seconds: float
    at_once: int
    waiting: int
    threads: int
    """Threads one computation may use; 0 leaves one core to the event loop."""
    parse_beside_bytes: int


class Workbench:
    """A few worker threads, threads they share for blocks, a process that parses long JSON, and one that draws PNGs."""

    def __init__(self, limits: Limits) -> None:
        """Nothing is started before it is needed."""
        self.limits = limits
        self.threads = limits.threads or max(1, (os.cpu_count() or 2) - 1)
        self._workers = ThreadPoolExecutor(limits.at_once, thread_name_prefix="losses")
        self._blocks = ThreadPoolExecutor(max(1, self.threads - 1), thread_name_prefix="blocks")
        self._parser: ProcessPoolExecutor | None = None
        self.drawer = Drawer()
        self._busy = 0

    def machine(self, stop: threading.Event) -> Machine:
        """What a computation may use."""
        return Machine(self.threads, self._blocks if self.threads > 1 else None, stop.is_set)

    async def parse(self, body: bytes | memoryview) -> Any:
        """The JSON of a body; a long one is parsed in a process of its own, which needs no lock of ours."""
        try:
            if len(body) <= self.limits.parse_beside_bytes:
                return decoded(body)
            return await asyncio.get_running_loop().run_in_executor(self._parsing(), parsed, bytes(body))
        except BrokenExecutor:
            self._parser = None
            return await asyncio.to_thread(parsed, bytes(body))
        except ValueError as error:
            raise Malformed(f"the body is not JSON: {error}", hint="one JSON object, UTF-8") from None

    async def do(self, work: Callable[[Machine], T], request: Request) -> T:
        """Run `work` on a worker; refuse it when too many wait, stop it when it takes too long or nobody waits.

        Raises: TooMany, TooLarge (code took-too-long), and whatever the work raises
        """
        if self._busy >= self.limits.at_once + self.limits.waiting:
            raise TooMany("too many computations are waiting", hint="try again in a moment")
        stop = threading.Event()
        self._busy += 1
        running = asyncio.get_running_loop().run_in_executor(self._workers, partial(work, self.machine(stop)))
        running.add_done_callback(self._finished)
        gone = asyncio.ensure_future(request.receive())
        try:
            waited: set[asyncio.Future[Any]] = {running, gone}
            await asyncio.wait(waited, timeout=self.limits.seconds, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                return running.result()
            raise TooLarge(
                f"the computation took longer than {self.limits.seconds:g} s", code="took-too-long", hint="send less"
            )
        finally:
            stop.set()
            gone.cancel()

    def _finished(self, running: "asyncio.Future[Any]") -> None:
        self._busy -= 1
        if not running.cancelled():
            running.exception()  # seen here, where nobody may be waiting any more

    def _parsing(self) -> ProcessPoolExecutor:
        if self._parser is None:
            self._parser = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        return self._parser

    def close(self) -> None:
        """Let go of threads and process."""
        self._workers.shutdown(wait=False, cancel_futures=True)
        self._blocks.shutdown(wait=False, cancel_futures=True)
        self.drawer.close()
        if self._parser is not None:
            self._parser.shutdown(wait=False, cancel_futures=True)
