"""How much one request may bring."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mlquote.kit.errors import TooLarge
from mlquote.web.guards.problems import problem_response


class BodyLimit:
    """ASGI middleware: a body beyond the limit of its path is answered 413 without being read to its end.

    `paths` maps a path prefix to its own limit in bytes; every other path has `most_bytes`.
    """

    def __init__(self, app: ASGIApp, most_bytes: int, paths: dict[str, int] | None = None) -> None:
        """Wrap `app`."""
        self.app = app
        self.most_bytes = most_bytes
        self.paths = paths or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through, counting its body."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        most = next((n for prefix, n in self.paths.items() if scope["path"].startswith(prefix)), self.most_bytes)
        announced = next((v for k, v in scope["headers"] if k == b"content-length"), b"0")
        if announced.isdigit() and int(announced) > most:
            await problem_response(_too_large(most))(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise _too_large(most)
            return message

        await self.app(scope, counted, send)


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"the body is larger than {most} bytes", hint=f"at most {most} bytes here")
