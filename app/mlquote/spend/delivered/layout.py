"""How a delivered file is laid out, told by how it begins: a table, JSON a line, one document, protobuf, columns."""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from itertools import chain, islice
from typing import Any, Final, NamedTuple

import msgspec

from mlquote.kit.errors import Malformed, QuoteError, TooLarge
from mlquote.spend.bounds import fraction
from mlquote.spend.delivered.cells import folded
from mlquote.spend.delivered.columns import is_columns, rows_of
from mlquote.spend.log_bytes import numbered_lines, unpacked
from mlquote.spend.log_records import MOST_LIST_BYTES, Record, list_of, objects_of, table_of

_LOOKED_AT_BYTES: Final = 256 * 1024
_LOOKED_AT_LINES: Final = 40
_OPENING: Final = (b"{", b"[", b",")
"""How the first line of a document ends that is written on several."""
_FIELDS: Final = (b"\x0a", b"\x12", b"\x1a")
"""How a message of protobuf begins whose first field is 1, 2 or 3 and has a length."""
_LONGEST_VARINT: Final = 5


class Layout(Enum):
    """How a file is laid out."""

    TABLE = "table"
    LINES = "lines"
    LIST = "list"
    DOCUMENT = "document"
    PROTOBUF = "protobuf"
    COLUMNS = "columns"
    """Parquet, or Arrow."""


class Sample(NamedTuple):
    """What is seen of a file before it is read."""

    layout: Layout
    names: frozenset[str]
    """The columns of a table, or the members of the first records, folded."""
    records: tuple[Mapping[str, Any], ...]
    """The first records that can be read."""

    def has(self, *names: str) -> bool:
        """Whether all of these are there."""
        return all(folded(name) in self.names for name in names)

    def has_any(self, *names: str) -> bool:
        """Whether one of these is there."""
        return any(folded(name) in self.names for name in names)


class File:
    """A delivered file: what is seen of it first, and all of it, once."""

    def __init__(self, body: bytes | Iterable[bytes], media_type: str = "") -> None:
        """Look at how it begins; `media_type` is believed where the first line is damaged.

        Raises: Malformed where it is packed and damaged, or holds nothing; TooLarge
        """
        self._rest = unpacked([body] if isinstance(body, bytes) else body)
        self._head = b""
        while len(self._head) < _LOOKED_AT_BYTES and (piece := next(self._rest, None)) is not None:
            self._head += piece
        self.layout = _layout(self._head)
        if self.layout is Layout.TABLE and ("ndjson" in media_type or "jsonl" in media_type):
            self.layout = Layout.LINES
        self._records: Iterable[Record] = ()
        self.sample = self._looked_at()

    def pieces(self) -> Iterator[bytes]:
        """All of it, unpacked."""
        return chain([self._head], self._rest)

    def records(self) -> Iterable[Record]:
        """Its rows (of a table `Rows`), lines or members, each with its number; of a document the one record it is."""
        return self._records

    def whole(self) -> bytes:
        """All of it, in memory.

        Raises: TooLarge
        """
        parts, size = [], 0
        for piece in self.pieces():
            size += len(piece)
            if size > MOST_LIST_BYTES:
                raise TooLarge(f"a document may have {MOST_LIST_BYTES} bytes", hint="send it in parts")
            parts.append(piece)
        self._head, self._rest = b"".join(parts), iter(())
        return self._head

    def _looked_at(self) -> Sample:
        if self.layout is Layout.COLUMNS:
            rows = rows_of(self.whole())
            first = list(islice(rows, _LOOKED_AT_LINES))
            self._records = chain(first, rows)
            return _sample(self.layout, (), (record for _, record in first))
        if self.layout is Layout.PROTOBUF:
            self._records = iter([(1, self.whole())])
            return Sample(self.layout, frozenset(), ())
        if self.layout is Layout.DOCUMENT:
            document = _document(self.whole())
            self._records = iter([(1, document)])
            return _sample(self.layout, (), [document])
        seen, columns = _seen(self._head, self.layout)
        self._records = self._read()
        return _sample(self.layout, columns, seen)

    def _read(self) -> Iterable[Record]:
        lines = numbered_lines(self.pieces())
        if self.layout is Layout.TABLE:
            return table_of(lines)[1]
        return list_of(lines) if self.layout is Layout.LIST else objects_of(lines)


def _sample(layout: Layout, columns: Iterable[str], records: Iterable[Any]) -> Sample:
    first = tuple(record for record in records if isinstance(record, Mapping))
    names = chain(columns, *(record for record in first))
    return Sample(layout, frozenset(folded(name) for name in names if isinstance(name, str)), first)


def _seen(head: bytes, layout: Layout) -> tuple[list[Any], tuple[str, ...]]:
    """The first records of a file's beginning, and the columns of its table."""
    lines = numbered_lines([head])
    columns: tuple[str, ...] = ()
    if layout is Layout.TABLE:
        header, rows = table_of(lines)
        columns, records = tuple(header), iter(rows)
    elif layout is Layout.LIST:
        records = _members(head)
    else:
        records = objects_of(lines)
    seen = []
    for _, record in records:
        if not isinstance(record, QuoteError):
            seen.append(record)
        if len(seen) == _LOOKED_AT_LINES:
            break
    return seen, columns


def _members(head: bytes) -> Iterator[Record]:
    """The members of a list that the beginning of a file holds whole."""
    try:
        yield from list_of(numbered_lines([head]))
    except QuoteError:
        return


def _layout(head: bytes) -> Layout:
    if is_columns(head):
        return Layout.COLUMNS
    if _is_protobuf(head):
        return Layout.PROTOBUF
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        raise Malformed("the log holds no line", hint="NDJSON, JSON, CSV or a protobuf export of spans")
    if text[:1] == b"[":
        return Layout.LIST
    if text[:1] != b"{":
        return Layout.TABLE
    lines = [line.strip() for line in text.split(b"\n", _LOOKED_AT_LINES)[:_LOOKED_AT_LINES] if line.strip()]
    if lines[0].endswith(_OPENING) or (len(lines) > 1 and not any(map(_is_object, lines))):
        return Layout.DOCUMENT
    return Layout.LINES


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(_decode(line), dict)
    except (ValueError, RecursionError):
        return False


def _is_protobuf(head: bytes) -> bool:
    """Whether a file begins as a message whose first field is a message too, and holds what no text does."""
    if head[:1] != b"\x0a":
        return False
    place = 1
    while place < len(head) and place <= _LONGEST_VARINT and head[place] & 0x80:
        place += 1
    controls = any(byte < 0x09 or 0x0D < byte < 0x20 for byte in head)
    return head[place + 1 : place + 2] in _FIELDS and controls


def _document(raw: bytes) -> Any:
    """One JSON document; a byte that is not UTF-8 damages what it stands in.

    Raises: Malformed for what is no JSON
    """
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        try:
            return _decode(raw)
        except UnicodeDecodeError:
            return _decode(raw.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise Malformed(f"the document is no JSON: {error}", hint="send it whole, or one JSON object a line") from error


_decode = msgspec.json.Decoder(float_hook=fraction).decode
