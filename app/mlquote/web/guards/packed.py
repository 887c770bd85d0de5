"""Bodies that come packed (`Content-Encoding: gzip` or `zstd`) are unpacked piece by piece as they come.

What a few bytes unpack to has no bound, so the limit of a path counts what comes out; nothing is unpacked beyond the
piece in which it is passed. What comes in counts too, since a stream may be long and unpack to nothing.
"""

import asyncio
import zlib
from collections.abc import Iterator
from typing import Any, Protocol

import zstandard
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mlquote.kit.errors import Malformed, UnknownCoding
from mlquote.web.guards.limits import BodyLimit
from mlquote.web.guards.problems import problem_response

_PIECE_BYTES = 256 * 1024
_SLICE_BYTES = 256
"""zstd has no bound on what one call gives: 4 bytes may be a block of 128 KiB, so these give 8 MiB at most."""
_WINDOW_BYTES = 8 * 2**20
"""The largest window that a zstd body on the web may need (RFC 9659)."""


class Unpacking:
    """ASGI middleware inside the limit of what comes: unpacks, and counts what comes out against the same limit."""

    def __init__(self, app: ASGIApp, most_bytes: int, paths: dict[str, int]) -> None:
        """Wrap `app`; limits as `BodyLimit`."""
        self.app = app
        self.limited = BodyLimit(app, most_bytes, paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through, its body unpacked."""
        coding = _coding(scope) if scope["type"] == "http" else b""
        if not coding:
            await self.app(scope, receive, send)
            return
        unpack = _CODINGS.get(coding)
        if unpack is None:
            await problem_response(_unknown(coding), {"Accept-Encoding": ACCEPTED})(scope, receive, send)
            return
        kept = [(name, value) for name, value in scope["headers"] if name not in _OF_THE_PACK]
        await self.limited({**scope, "headers": kept}, _unpacked(receive, unpack()), send)


class Stream(Protocol):
    """A body being unpacked."""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What further packed bytes unpack to, bit by bit.

        Raises: zlib.error or zstandard.ZstdError for what is not packed so
        """

    def is_whole(self) -> bool:
        """Whether the pack ended where its bytes did."""


class Gzip:
    """RFC 1952: any number of members, one after another."""

    def __init__(self) -> None:
        """Begin a body."""
        self._member = zlib.decompressobj(31)

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """As `Stream`."""
        is_full = False
        while data or is_full:
            if self._member.eof:
                self._member = zlib.decompressobj(31)
            piece = self._member.decompress(data, _PIECE_BYTES)
            is_full = len(piece) == _PIECE_BYTES
            data = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            yield piece

    def is_whole(self) -> bool:
        """As `Stream`."""
        return self._member.eof


class Zstd:
    """RFC 8878: any number of frames, one after another."""

    def __init__(self) -> None:
        """Begin a body."""
        self._frame = self._begun()

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """As `Stream`."""
        for place in range(0, len(data), _SLICE_BYTES):
            part = data[place : place + _SLICE_BYTES]
            while part:
                if self._frame.eof:
                    self._frame = self._begun()
                yield self._frame.decompress(part)
                part = self._frame.unused_data if self._frame.eof else b""

    def is_whole(self) -> bool:
        """As `Stream`."""
        return bool(self._frame.eof)

    @staticmethod
    def _begun() -> Any:
        return zstandard.ZstdDecompressor(max_window_size=_WINDOW_BYTES).decompressobj()


_CODINGS: dict[bytes, type[Gzip] | type[Zstd]] = {b"gzip": Gzip, b"x-gzip": Gzip, b"zstd": Zstd}
ACCEPTED = "gzip, zstd"
_OF_THE_PACK = frozenset({b"content-encoding", b"content-length"})


def _coding(scope: Scope) -> bytes:
    """How the body is packed, several codings with commas; nothing where it is not."""
    said = b",".join(value for name, value in scope["headers"] if name == b"content-encoding")
    return said.strip().lower() if said.strip().lower() != b"identity" else b""


def _unknown(coding: bytes) -> UnknownCoding:
    named = coding.decode("latin-1")[:80]
    return UnknownCoding(f"a body packed as {named!r} is not read", pointer="/Content-Encoding", hint=ACCEPTED)


def _unpacked(receive: Receive, stream: Stream) -> Receive:
    """`receive`, its body unpacked.

    Raises, where it is read: Malformed for what is not packed as it says, or ends in the middle
    """
    waiting: Iterator[bytes] = iter(())
    is_last = has_ended = False

    async def unpacked() -> Message:
        nonlocal waiting, is_last, has_ended
        while not has_ended:
            try:
                piece = next(waiting, None)
            except (zlib.error, zstandard.ZstdError) as error:
                raise Malformed(f"the body is not packed as it says: {error}", pointer="/Content-Encoding") from error
            if piece:
                await asyncio.sleep(0)  # others have their turn between the pieces
                return {"type": "http.request", "body": piece, "more_body": True}
            if piece is None and is_last:
                has_ended = True
                if not stream.is_whole():
                    raise Malformed("the packed body ends in the middle", pointer="/Content-Encoding")
                return {"type": "http.request", "body": b"", "more_body": False}
            if piece is None:
                message = await receive()
                if message["type"] != "http.request":
                    return message
                waiting, is_last = stream.pieces(message.get("body", b"")), not message.get("more_body", False)
        return await receive()

    return unpacked
