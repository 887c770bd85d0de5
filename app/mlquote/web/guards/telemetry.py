"""The outermost guard: a request id, one log line and one count a request, and no stack trace ever sent to a caller."""

import json
import logging
import os
import time
from typing import Any

import msgspec
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mlquote.web.guards.metrics import Metrics
from mlquote.web.guards.traces import trace_of

_log = logging.getLogger("mlquote.request")

_BROKEN = json.dumps(
    {
        "type": "urn:mlquote:problem:internal",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "a fault of ours; the log holds it under this request's id",
        "code": "internal",
        "errors": [],
    }
).encode()


class Telemetry:
    """ASGI middleware: `x-request-id` in and out, a log line with route, status, duration, and the same counted."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Wrap `app` and count into `metrics`."""
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _given_id(scope) or os.urandom(16).hex()
        started, status = time.perf_counter(), 0

        async def tell(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self.app(scope, receive, tell)
        except ClientDisconnect:
            status = status or _CALLER_GONE
        except Exception:
            _log.exception("request %s failed", request_id)
            if status:
                raise
            await tell(_start_of_500())
            await send({"type": "http.response.body", "body": _BROKEN})
        finally:
            seconds = time.perf_counter() - started
            self.metrics.count(_method(scope), _route(scope), status, seconds)
            if _log.isEnabledFor(logging.INFO):
                line = _line(scope, request_id, status, seconds)
                _log.handle(_log.makeRecord(_log.name, logging.INFO, __file__, 0, line, (), None))


_CALLER_GONE = 499
"""What is counted where the caller left before his body was whole; nobody is there to be sent it."""


def _given_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and len(value) <= 128 and value.isascii() and value.decode().isprintable():
            return str(value.decode())
    return ""


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", "unmatched"))


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in _METHODS else "other"


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


def _start_of_500() -> dict[str, Any]:
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(_BROKEN)).encode())]
    return {"type": "http.response.start", "status": 500, "headers": headers}


def _line(scope: Scope, request_id: str, status: int, seconds: float) -> str:
    line: dict[str, Any] = {
        "id": request_id,
        "method": scope["method"],
        "path": scope["path"],
        "route": _route(scope),
        "status": status,
        "ms": round(seconds * 1000, 3),
    }
    state = scope.get("state", {})
    if "release" in state:
        line["release"] = state["release"]
    if "api_key" in state:
        line["key"] = state["api_key"].id
    return _json.encode(line | trace_of(scope)).decode()


_json = msgspec.json.Encoder()
