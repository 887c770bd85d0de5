"""Problems as OpenTelemetry's protocol tells them: a Status in the content type of the request.

Whatever guard refused an export, its sender reads it: 400 for what cannot be decoded, other statuses as they are, with
their Retry-After.

Source: opentelemetry-proto, docs/specification.md, "Failures"
"""

from typing import Any, Final

import msgspec
from google.rpc.status_pb2 import Status
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATH: Final = "/v1/otlp/v1/traces"
PROTOBUF: Final = "application/x-protobuf"
_CODES: Final = {400: 3, 401: 16, 403: 7, 404: 5, 409: 10, 413: 8, 422: 3, 429: 8, 500: 13, 503: 14}
"""HTTP's status -> gRPC's code; every other one is 2, unknown."""
_OURS: Final = (b"content-type", b"content-length")


class OtlpFaults:
    """ASGI middleware: what is answered with a problem on the protocol's path is answered with a Status."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        if scope["type"] != "http" or scope["path"] != PATH:
            await self.app(scope, receive, send)
            return
        begun: Message | None = None
        body = b""

        async def told(message: Message) -> None:
            nonlocal begun, body
            if message["type"] == "http.response.start" and message["status"] >= 400:
                begun = message
            elif begun is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    for part in _status(begun, body, is_protobuf=_is_protobuf(scope)):
                        await send(part)

        await self.app(scope, receive, told)


def _is_protobuf(scope: Scope) -> bool:
    kind = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    return bool(kind.partition(b";")[0].strip().lower() == PROTOBUF.encode())


def _status(begun: Message, body: bytes, *, is_protobuf: bool) -> tuple[Message, Message]:
    status = 400 if begun["status"] == 422 else begun["status"]
    message = _sentence(body)
    code = _CODES.get(begun["status"], 2)
    if is_protobuf:
        told, kind = Status(code=code, message=message).SerializeToString(), PROTOBUF
    else:
        told, kind = msgspec.json.encode({"code": code, "message": message}), "application/json"
    kept = [pair for pair in begun.get("headers", ()) if pair[0].lower() not in _OURS]
    headers = [*kept, (b"content-type", kind.encode()), (b"content-length", str(len(told)).encode())]
    return (
        {"type": "http.response.start", "status": status, "headers": headers},
        {"type": "http.response.body", "body": told},
    )


def _sentence(body: bytes) -> str:
    """What a problem says, and what would be right."""
    try:
        problem: Any = msgspec.json.decode(body)
        first = problem["errors"][0] if problem.get("errors") else {}
        parts = (problem["detail"], first.get("hint", ""))
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError):
        return body.decode("utf-8", "replace")[:500]
    return "; ".join(part for part in parts if part)
