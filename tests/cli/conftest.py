"""The command line, run as a user runs it; and a live service on a free port for `--server`."""

import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from mlquote import __main__ as command_line
from mlquote.catalog.snapshot import Snapshot
from mlquote.cli import quoting
from mlquote.main import create_app
from mlquote.settings import Settings


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def mlquote(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], catalog: Snapshot, tmp_path: Path
) -> Callable[..., Ran]:
    """Runs `mlquote ARGUMENTS` in an empty folder, with the bundled catalogue already read."""
    monkeypatch.setattr(quoting, "snapshot_from_files", lambda _: catalog)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("MLQUOTE_SERVER", "MLQUOTE_API_KEY", "MLQUOTE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["mlquote", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as exited:
            command_line.main()
        told = capsys.readouterr()
        return Ran(int(exited.value.code or 0), told.out, told.err)

    return run


@dataclass(frozen=True, slots=True)
class Live:
    """A service that listens."""

    url: str
    app: FastAPI


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A live service with a database of its own."""
    database = tmp_path_factory.mktemp("live") / "mlquote.sqlite3"
    app = create_app(Settings(database_url=f"sqlite:///{database}"))
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    _wait_for(f"{url}/healthz")
    yield Live(url, app)
    server.should_exit = True
    thread.join(10)
    listening.close()
    app.state.engine.dispose()


def _wait_for(url: str, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            assert httpx.get(url).status_code == 200
            return
        except httpx.HTTPError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
