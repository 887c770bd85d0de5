"""Connections that cost nothing for long: a caller who is silent, slow or talks without end is let go of.

A request's head has a time and a size; its body must keep a least pace; an answer must be taken. Where there are as
many connections as this process may hold, the one that has waited longest to send a request makes room for a new one.
"""

from asyncio import Transport
from asyncio.events import TimerHandle
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD_BYTES = 64 * 1024
"""Of the request line and all headers."""
HEAD_SECONDS = 10.0
"""From the connection, or from the first byte of a further request, until its headers are whole."""
BODY_SECONDS, LEAST_BYTES_PER_S = 60.0, 1000.0
"""A body may take this long, and longer by as much as it brings at this pace."""
TAKING_SECONDS = 60.0
"""How long a caller may leave what is sent to him lying."""
MOST_CONNECTIONS = 10_000
_FILES_KEPT = 64
"""Files this process needs beside its connections."""


def most_connections() -> int:
    """As many as the operating system lets this process hold, and no more than `MOST_CONNECTIONS`."""
    try:
        import resource
    except ImportError:  # Windows counts no files
        return MOST_CONNECTIONS
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    allowed = MOST_CONNECTIONS if files == resource.RLIM_INFINITY else files - _FILES_KEPT
    return max(16, min(allowed, MOST_CONNECTIONS))


class GuardedProtocol(HttpToolsProtocol):
    """uvicorn's protocol with limits on what one connection may take."""

    head_seconds: ClassVar[float] = HEAD_SECONDS
    body_seconds: ClassVar[float] = BODY_SECONDS
    taking_seconds: ClassVar[float] = TAKING_SECONDS
    most: ClassVar[int] = most_connections()
    _waiting: ClassVar[dict["GuardedProtocol", None]] = {}
    """Connections that have no whole request head yet, the one that waits longest first."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._timer: TimerHandle | None = None
        self._taking: TimerHandle | None = None
        self._in_head, self._is_refused = True, False
        self._head_bytes, self._header_bytes = 0, 0
        self._body_began = 0.0
        self._body_bytes = 0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn declares it
        """Start the time of the first head, and let go of another connection where there are too many."""
        super().connection_made(transport)
        self._await_head()
        if len(self.connections) > self.most:
            next(iter(self._waiting)).let_go()  # at worst this one, which waits itself

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._waiting.pop(self, None)
        self._stop()
        self._taken()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes; a head that never ends is answered 431."""
        if self._in_head:
            self._head_bytes += len(data)
        else:
            self._body_bytes += len(data)
        super().data_received(data)
        if self._in_head:
            if self._head_bytes > MOST_HEAD_BYTES:
                self._refuse()
            elif self._head_bytes and self._timer is None:
                self._await_head()
        elif self._timer is None:
            self._timer = self.loop.call_later(self.body_seconds, self._look)

    def on_url(self, url: bytes) -> None:
        """Count a piece of the request line."""
        self._header_bytes += len(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header; of a head that is refused nothing more is kept."""
        self._header_bytes += len(name) + len(value) + 4
        if self._header_bytes <= MOST_HEAD_BYTES:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is whole: the body has its own time."""
        self._waiting.pop(self, None)
        self._stop()
        if self._header_bytes > MOST_HEAD_BYTES:
            self._refuse()
            return
        self._in_head = False
        self._body_began, self._body_bytes = self.loop.time(), 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        if not self._is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole; what comes next is another head."""
        self._stop()
        self._in_head, self._head_bytes, self._header_bytes = True, 0, 0
        if not self._is_refused:
            super().on_message_complete()

    def pause_writing(self) -> None:
        """The caller does not take what is sent."""
        self._taking = self.loop.call_later(self.taking_seconds, self.let_go)
        super().pause_writing()

    def resume_writing(self) -> None:
        """The caller takes it again."""
        self._taken()
        super().resume_writing()

    def let_go(self) -> None:
        """Close the connection; what was written is still sent where it can be."""
        self._waiting.pop(self, None)
        if not self.transport.is_closing():
            if self._taking is None:
                self.transport.close()
            else:
                self.transport.abort()

    def _refuse(self) -> None:
        if not self._is_refused and not self.transport.is_closing():
            self._is_refused = True
            self.transport.write(_TOO_LARGE)
            self.let_go()

    def _await_head(self) -> None:
        self._waiting[self] = None
        self._timer = self.loop.call_later(self.head_seconds, self.let_go)

    def _look(self) -> None:
        """The body's time is up, unless it kept the pace."""
        spent = self.loop.time() - self._body_began
        left = self.body_seconds + self._body_bytes / LEAST_BYTES_PER_S - spent
        if left <= 0:
            self.let_go()
        else:
            self._timer = self.loop.call_later(left, self._look)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _taken(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None


_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: application/problem+json\r\nconnection: close\r\n\r\n"
    b'{"type":"urn:mlquote:problem:too-large","title":"Request Header Fields Too Large","status":431,'
    b'"detail":"the headers are larger than 65536 bytes","code":"too-large","errors":[]}'
)
