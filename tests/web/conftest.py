"""A real application on a migrated SQLite database, asked over httpx's ASGI transport."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI

from mlquote.main import create_app
from mlquote.settings import Settings

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The whole service with the bundled catalogue; tests that write must make their own."""
    database = tmp_path_factory.mktemp("service") / "mlquote.sqlite3"
    app = create_app(Settings(database_url=f"sqlite:///{database}", open_reading=True), now=lambda: NOW)
    yield app
    app.state.workbench.close()
    app.state.engine.dispose()


class Client:
    """A blocking client of an ASGI application: one event loop per call."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def request(self, method: str, path: str, **options) -> httpx.Response:

        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://mlquote") as client:
                return await client.request(method, path, **options)

        return asyncio.run(call())

    def get(self, path: str, **params) -> httpx.Response:
        return self.request("GET", path, params=params or None)

    def post(self, path: str, body, **options) -> httpx.Response:
        return self.request("POST", path, json=body, **options)


@pytest.fixture(scope="session")
def client(service: FastAPI) -> Client:
    """Asks the shared service."""
    return Client(service)
