"""The whole service inside a Python process: the client's requests reach the application without a socket.

The application is asynchronous and a notebook's own loop is busy, so it runs on a loop of its own in a thread. Answers
are those of the HTTP door byte for byte: it is the same application, asked over ASGI.
"""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, TypeVar

import httpx

from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.store.api_keys import SCOPES, create_key

try:
    from mlquote_client import Client
except ImportError as error:
    raise ImportError(
        "mlquote.local() needs the client: pip install ./app/mlquote_client, or the same folder of the repository's URL"
    ) from error

T = TypeVar("T")
BASE_URL = "http://127.0.0.1:8000"
"""Where `mlquote serve` answers by default: links in answers lead there."""


class InProcess(httpx.BaseTransport):
    """Requests handed to the application, one after the other; made with it and closed with it."""

    def __init__(self, database_url: str) -> None:
        self._folder = TemporaryDirectory(prefix="mlquote-") if not database_url else None
        kept = Path(self._folder.name) / "mlquote.sqlite3" if self._folder else None
        self.app = create_app(Settings(database_url=database_url or f"sqlite:///{kept}"))
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="mlquote", daemon=True)
        self._thread.start()
        self._life = self.app.router.lifespan_context(self.app)
        self._run(self._life.__aenter__())
        self._inside = httpx.ASGITransport(self.app, raise_app_exceptions=False)

    def key(self) -> str | None:
        """A key that opens everything, where the database is this transport's own; else None."""
        if self._folder is None:
            return None
        return create_key(self.app.state.engine, "local", list(SCOPES), now=datetime.now(UTC), by="local")[1]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The application's answer, whole."""
        return self._run(self._answered(request))

    def close(self) -> None:
        """End the application and forget a database of its own."""
        if self._loop.is_closed():
            return
        self._run(self._life.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        if self._folder is not None:
            self._folder.cleanup()

    async def _answered(self, request: httpx.Request) -> httpx.Response:
        content = request.read()
        asked = httpx.Request(request.method, request.url, headers=request.headers, content=content)
        answer = await self._inside.handle_async_request(asked)
        body = b"".join([piece async for piece in answer.aiter_raw()])
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(body))

    def _run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()


def client(database_url: str = "", *, api_key: str | None = None) -> Client:
    """The client over the application in this process."""
    transport = InProcess(database_url)
    return Client(BASE_URL, api_key=api_key or transport.key(), transport=transport, retries=0)
