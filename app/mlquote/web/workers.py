"""Many processes behind one port: the application is made once, then forked, and a worker that dies is replaced.

Forked workers share the memory of the catalogue and of the code, which uvicorn's own supervisor does not: it starts
each worker anew, with a snapshot of its own (measured in docs/operating.md). The price is that this needs an operating
system that forks. Where the kernel can, each worker listens at a socket of its own and connections are dealt out: at
one shared socket whoever wakes first takes all that wait. SIGTERM is passed on; who has not left then is killed.
"""

import gc
import logging
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import uvicorn

from mlquote.kit.errors import Conflict, Unavailable

_log = logging.getLogger("mlquote.workers")
KILLED_AFTER_SECONDS = 8
"""How long workers may take to leave; they themselves let answers end for six seconds."""
_SOON_SECONDS = 1.0
"""A worker that lives shorter than this is replaced only after as long, so that a fault does not burn a core."""
_WATCHED = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGALRM) if os.name == "posix" else ()


class Workers:
    """The parent of `count` workers; it answers nothing itself."""

    def __init__(self, count: int, host: str, port: int) -> None:
        """Reserve the address; nobody listens there before `run`.

        Raises: Conflict where somebody has it
        """
        self.count, self.host = count, host
        self._born: dict[int, float] = {}
        self._place = _reserved(host, port)
        self._alive, self._parents_end = os.pipe()

    def run(self, config: uvicorn.Config, before_fork: Callable[[], object]) -> None:
        """Serve until SIGTERM or SIGINT.

        Args: config: holds the application, made; before_fork: lets go of what two processes must not share
        """
        self._config, self._before_fork = config, before_fork
        signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
        config.load()
        gc.collect()
        gc.freeze()
        for _ in range(self.count):
            self._start()
        _log.info("%d workers answer on http://%s:%d", self.count, self.host, self._place.getsockname()[1])
        while (received := signal.sigwait(_WATCHED)) not in (signal.SIGTERM, signal.SIGINT):
            if received == signal.SIGCHLD:
                self._replace()
        self._stop()

    def _start(self) -> None:
        self._before_fork()
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            self._work()
        self._born[child] = time.monotonic()

    def _work(self) -> None:
        """A worker, from its first breath to its last."""
        code = 1
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _WATCHED)
            os.close(self._parents_end)
            threading.Thread(target=_leave_with, args=(self._alive,), daemon=True).start()
            self._born.clear()
            server = uvicorn.Server(self._config)
            server.run([_listening(self._place)])
            code = 0 if server.started else 3
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
        except BaseException:
            _log.exception("a worker failed")
        finally:
            logging.shutdown()
            os._exit(code)

    def _replace(self) -> None:
        for child, status in _gone():
            born = self._born.pop(child, None)
            if born is None:
                continue
            _forget_gauges(child)
            _log.warning("worker %d died (%s); another takes its place", child, _words(status))
            if time.monotonic() - born < _SOON_SECONDS:
                time.sleep(_SOON_SECONDS)
            self._start()

    def _stop(self) -> None:
        self._tell(signal.SIGTERM)
        signal.setitimer(signal.ITIMER_REAL, KILLED_AFTER_SECONDS)
        while self._born:
            if signal.sigwait(_WATCHED) == signal.SIGALRM:
                self._tell(signal.SIGKILL)
            for child, _ in _gone():
                self._born.pop(child, None)
        signal.setitimer(signal.ITIMER_REAL, 0)
        self._place.close()

    def _tell(self, what: signal.Signals) -> None:
        for child in self._born:
            os.kill(child, what)


def serve_by(count: int, factory: str, named: Mapping[str, Any]) -> None:
    """Serve by `count` workers what `factory` ("module:function") makes; `named` are uvicorn's settings.

    Raises: Unavailable where one process cannot become two; Conflict where somebody listens there already
    """
    if not _WATCHED:
        raise Unavailable("this operating system does not fork", pointer="--workers", hint="run several services")
    with tempfile.TemporaryDirectory(prefix="mlquote-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder  # before prometheus_client is imported
        workers = Workers(count, named["host"], named["port"])
        module, _, function = factory.partition(":")
        app = getattr(import_module(module), function)()
        app.openapi()  # made once, and shared: it takes a second, for which quotes would wait
        config = uvicorn.Config(app, **dict(named) | {"factory": False, "log_level": "warning"})
        workers.run(config, before_fork=app.state.engine.dispose)


def _reserved(host: str, port: int) -> socket.socket:
    """A socket bound to the address, at which nobody listens yet.

    Raises: Conflict where it cannot be had
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:  # alone: with SO_REUSEPORT two services could share a port unnoticed
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            port = probe.getsockname()[1]
    except OSError as error:
        raise Conflict(
            f"cannot listen on {host}:{port}: {error.strerror}", pointer="--port", hint="another one"
        ) from error
    try:
        place = _shared_socket(family)
        place.bind((host, port))
    except OSError as error:
        raise Unavailable(
            f"cannot listen on {host}:{port}: {error.strerror}", pointer="--port", hint="again"
        ) from error
    if not _deals_out():
        place.listen(2048)
    return place


def _listening(place: socket.socket) -> socket.socket:
    """What a worker listens at: a socket of its own at the same address, or the shared one."""
    if not _deals_out():
        return place
    own = _shared_socket(place.family)
    own.bind(place.getsockname())
    return own


def _shared_socket(family: int) -> socket.socket:
    made = socket.socket(family)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if _deals_out():
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    return made


def _deals_out() -> bool:
    """Whether the kernel deals connections out to those who listen at one port: Linux; macOS gives all to the last."""
    return sys.platform == "linux"


def _leave_with(parent: int) -> None:
    """Leave when the parent is gone: its end of the pipe closes, whatever ended it."""
    os.read(parent, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _gone() -> list[tuple[int, int]]:
    """Children that have ended, with how."""
    found: list[tuple[int, int]] = []
    while True:
        try:
            child, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found
        if child == 0:
            return found
        found.append((child, status))


def _forget_gauges(child: int) -> None:
    """What a dead worker counted stays counted; what it held waits no longer."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(child)  # type: ignore[no-untyped-call]


def _words(status: int) -> str:
    code: Any = os.waitstatus_to_exitcode(status)
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
