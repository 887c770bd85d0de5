"""A log's bytes as numbered lines: packed or not, whole or in pieces, one line in memory at a time."""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

from mlquote.kit.errors import Malformed, TooLarge

GZIP: Final = b"\x1f\x8b"
ZSTD: Final = b"\x28\xb5\x2f\xfd"
"""How a packed log begins (RFC 1952, RFC 8878)."""
MOST_BYTES: Final = 64 * 2**30
"""A log of more bytes, unpacked, is cut in parts by whoever sends it."""
MOST_LINE_BYTES: Final = 16 * 2**20
"""A longer line is no line of a log."""
_PIECE: Final = 256 * 1024
_MARK: Final = b"\xef\xbb\xbf"
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")


def unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of a log as they were before gzip or zstd; those of any other log as they are.

    Raises: Malformed for a packed log that is damaged; TooLarge beyond MOST_BYTES
    """
    arriving = iter(pieces)
    first = b""
    for piece in arriving:
        first += piece
        if len(first) >= len(ZSTD):
            break
    size = 0
    for piece in _opened(first, arriving):
        size += len(piece)
        if size > MOST_BYTES:
            raise TooLarge(f"a log may have {MOST_BYTES} bytes, unpacked", hint="send it in parts")
        yield piece


def numbered_lines(pieces: Iterable[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Every line that is not blank with its number, from 1; None stands for one too long to be read.

    Raises: Malformed for UTF-16
    """
    number, rest, skipping = 1, b"", False
    for piece in _marked(pieces):
        parts = (rest + piece).split(b"\n")
        rest = parts.pop()
        for line in parts:
            if skipping:
                skipping = False
            elif len(line) > MOST_LINE_BYTES:
                yield number, None
            elif not line.isspace() and line:
                yield number, line
            number += 1
        if len(rest) > MOST_LINE_BYTES:
            if not skipping:
                yield number, None
            rest, skipping = b"", True
    if rest.strip() and not skipping:
        yield number, rest


def _marked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces without the mark that tells their encoding.

    Raises: Malformed for UTF-16
    """
    arriving, first = iter(pieces), b""
    while len(first) < len(_MARK) and (piece := next(arriving, None)) is not None:
        first += piece
    if first.startswith(_WIDE):
        raise Malformed("the log is UTF-16, not UTF-8", hint="save it as UTF-8")
    yield first.removeprefix(_MARK)
    yield from arriving


class _Pieces:
    """Pieces of bytes as a file that is read from its beginning to its end."""

    def __init__(self, first: bytes, arriving: Iterator[bytes]) -> None:
        self._rest, self._arriving = first, arriving

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`; none at the end."""
        while not self._rest and (piece := next(self._arriving, None)) is not None:
            self._rest = piece
        size = len(self._rest) if size < 0 else size
        found, self._rest = self._rest[:size], self._rest[size:]
        return found


def _opened(first: bytes, arriving: Iterator[bytes]) -> Iterator[bytes]:
    """The unpacked bytes of a log that begins with `first`, never more than a piece at a time."""
    pieces = _Pieces(first, arriving)
    reader: Any = pieces
    damage: tuple[type[Exception], ...] = ()
    if first.startswith(GZIP):
        # `read` is all that either reader asks of its source, and more than that the stubs demand
        reader, damage = gzip.GzipFile(fileobj=pieces), (OSError, EOFError, zlib.error)  # type: ignore[call-overload]
    elif first.startswith(ZSTD):
        import zstandard  # here, for few logs are packed with it

        reader = zstandard.ZstdDecompressor().stream_reader(pieces, read_across_frames=True)  # type: ignore[arg-type]
        damage = (zstandard.ZstdError,)
    try:
        while piece := reader.read(_PIECE):
            yield piece
    except damage as error:
        raise Malformed(f"the packed log is damaged: {error}", hint="send it unpacked, or pack it again") from error
