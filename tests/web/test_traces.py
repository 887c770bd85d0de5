"""With MLQUOTE_TRACES=1 each request is a span that a collector receives, and its log line names the trace."""

import asyncio
import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from mlquote.kit.errors import Malformed
from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.web.guards.traces import spans_wanted

QUOTE = "/v1/estimates/inference?provider=openai&model=gpt-4o&input_tokens=1"
PARENT = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """A collector's address, and what it was sent."""
    received: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", received
        server.shutdown()


def test_a_request_is_a_span_and_its_line_names_the_trace(
    collector: tuple[str, list[bytes]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    address, received = collector
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path}/x.sqlite3", traces=True))

    async def ask() -> httpx.Response:
        messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
        started, over = asyncio.Event(), asyncio.Event()

        async def receive() -> dict[str, str]:
            message = next(messages)
            if message["type"] == "lifespan.shutdown":
                await over.wait()
            return message

        async def send(message: dict[str, str]) -> None:
            assert message["type"].endswith("complete"), message
            started.set()

        living = asyncio.create_task(app({"type": "lifespan", "state": {}}, receive, send))
        await started.wait()
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://mlquote") as client:
            answer = await client.get(QUOTE, headers={"traceparent": f"00-{PARENT}-b7ad6b7169203331-01"})
        over.set()
        await living
        return answer

    with caplog.at_level(logging.INFO, "mlquote.request"):
        answer = asyncio.run(ask())
    assert answer.status_code == 200
    (line,) = [json.loads(record.message) for record in caplog.records if record.name == "mlquote.request"]
    assert line["trace"] == PARENT
    sent = b"".join(received)
    assert b"GET /v1/estimates/inference" in sent and bytes.fromhex(PARENT) in sent


def test_spans_that_could_go_nowhere_stop_the_start() -> None:
    with pytest.raises(Malformed, match="nowhere"):
        spans_wanted({})
    assert spans_wanted({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"})["auto_configure"] is True
