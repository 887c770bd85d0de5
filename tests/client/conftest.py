"""The service behind a socket, and the client in front of it."""

import socket
import time
from collections.abc import Iterator
from threading import Thread

import pytest
import uvicorn
from fastapi import FastAPI

from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.store.api_keys import SCOPES, create_key
from mlquote_client import Client
from tests.web.conftest import NOW

HOST = {"Host": "127.0.0.1:8000"}
"""What `mlquote.local()` answers under; links in answers name it."""


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The whole service on a database of its own."""
    database = tmp_path_factory.mktemp("served") / "mlquote.sqlite3"
    return create_app(Settings(database_url=f"sqlite:///{database}", address_rate="", key_rate=""))


@pytest.fixture(scope="session")
def served(app: FastAPI) -> Iterator[tuple[str, str]]:
    """The service on a free port, and a key of it that opens everything."""
    key = create_key(app.state.engine, "all", list(SCOPES), now=NOW, by="test")[1]
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on"))
        thread = Thread(target=server.run, args=([listening],))
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}", key
        server.should_exit = True
        thread.join()


@pytest.fixture
def client(served: tuple[str, str]) -> Iterator[Client]:
    with Client(served[0], api_key=served[1], headers=HOST) as asking:
        yield asking
