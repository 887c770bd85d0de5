"""What may be kept, and for how long: an entity tag on every answer to GET, and 304 where the asker holds it already.

The tag is weak (RFC 9110, 8.8.1): it is made from the answer before it is compressed, so that it is the same in every
encoding. An answer that says nothing of its own is `no-cache`: kept, and asked about each time. A pinned release and
moment never change, so those answers last (`LASTING`); a closed service says `private`, since its answers are for those
who hold a key.
"""

from hashlib import blake2b

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LASTING = "public, max-age=31536000, immutable"
"""A year, which is what caches take for ever."""
ASKED_AGAIN = "no-cache"
_NEVER = frozenset({"/healthz", "/readyz", "/metrics"})
_SENT_WITH_304 = frozenset({b"cache-control", b"etag", b"vary", b"link", b"x-total-count"})


class Validators:
    """ASGI middleware: `ETag` and `Cache-Control` on answers to GET that come in one piece; streams pass untouched."""

    def __init__(self, app: ASGIApp, *, private: bool = False) -> None:
        """Wrap `app`; `private` where only callers with a key are answered."""
        self.app = app
        self.private = private

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        held: list[Message] = []

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                held.append(message)
                return
            if not held:
                await send(message)
                return
            start = held.pop()
            start["headers"] = self._kept(scope, start["headers"])
            if not message.get("more_body", False):
                start, message = _validated(scope, start, message)
            await send(start)
            await send(message)

        await self.app(scope, receive, told)

    def _kept(self, scope: Scope, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """The headers with what may be kept."""
        default = "no-store" if scope["path"] in _NEVER else ASKED_AGAIN
        said = next((value.decode() for name, value in headers if name == b"cache-control"), default)
        if self.private and scope["path"] not in _NEVER:
            said = f"private, {said.removeprefix('public, ')}"
        return [*((n, v) for n, v in headers if n != b"cache-control"), (b"cache-control", said.encode())]


def _validated(scope: Scope, start: Message, body: Message) -> tuple[Message, Message]:
    """The answer with its tag, or 304 where the asker holds the same one."""
    if scope["path"] in _NEVER:
        return start, body
    tag = blake2b(body.get("body", b""), digest_size=12).hexdigest()
    headers = [*start["headers"], (b"etag", f'W/"{tag}"'.encode())]
    if not _holds(scope, tag):
        return {**start, "headers": headers}, body
    kept = [(name, value) for name, value in headers if name in _SENT_WITH_304]
    return {**start, "status": 304, "headers": kept}, {**body, "body": b""}


def _holds(scope: Scope, tag: str) -> bool:
    """Whether `If-None-Match` names the tag, by weak comparison, or any."""
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            asked = [each.strip().removeprefix("W/") for each in value.decode("latin-1").split(",")]
            if "*" in asked or f'"{tag}"' in asked:
                return True
    return False
