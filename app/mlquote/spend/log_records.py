"""The lines of a log as records: JSON objects or rows of a table, each with its number; what is none is a fault."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final

import msgspec

from mlquote.kit.errors import Malformed, QuoteError, TooLarge
from mlquote.spend.bounds import Unbounded, fraction, members_json, names_once
from mlquote.spend.log_bytes import MOST_LINE_BYTES, numbered_lines, unpacked

MOST_LIST_BYTES: Final = 64 * 2**20
"""A JSON list is read whole; beyond this, send one object a line."""
_DELIMITERS: Final = ",;\t|"
_MOST_JOINED = 100
"""A cell may hold line ends; a row that is not whole after so many lines has a quote that nobody closed."""
_KINDS: Final = "NDJSON, a JSON list or CSV, in UTF-8, as it is or packed by gzip or zstd"

NumberedLine = tuple[int, bytes | None]
"""A line's number, from 1, and its bytes; None for one too long to be read."""
Record = tuple[int, Any]
"""A line's number, and its JSON value, its row, or the QuoteError that says why it is neither."""
_decode = msgspec.json.Decoder(float_hook=fraction).decode


def records_of(body: bytes | Iterable[bytes], media_type: str, counts: frozenset[str]) -> Iterator[Record]:
    """Every record of a log in order, blank lines left out.

    Args:   body: all of it, or its pieces as they come; counts: names of which a table's header must have one
    Raises: Malformed where the log as a whole cannot be read
    """
    lines = numbered_lines(unpacked([body] if isinstance(body, bytes) else body))
    first = next(lines, None)
    if first is None:
        raise Malformed("the log holds no line", hint=_KINDS)
    start = (first[1] or b"").lstrip()[:1]
    lines = chain([first], lines)
    if "csv" in media_type or ("ndjson" not in media_type and "jsonl" not in media_type and start not in (b"{", b"[")):
        return _table(lines, counts)
    return list_of(lines) if start == b"[" else objects_of(lines)


def objects_of(lines: Iterable[NumberedLine]) -> Iterator[Record]:
    """One JSON value a line."""
    for number, line in lines:
        if line is None:
            yield number, TooLarge(f"a line may have {MOST_LINE_BYTES} bytes", hint="leave message content out")
            continue
        try:
            names_once(line)
            yield number, _decode(line)
        except (ValueError, RecursionError) as error:
            yield number, Malformed(f"no JSON: {error}")


def list_of(lines: Iterable[NumberedLine]) -> Iterator[Record]:
    """The members of a JSON list, each with its place in it.

    Raises: TooLarge; Malformed for what is no list
    """
    parts, size = [], 0
    for _, line in lines:
        size += MOST_LIST_BYTES + 1 if line is None else len(line)
        if size > MOST_LIST_BYTES:
            raise TooLarge(f"a JSON list may have {MOST_LIST_BYTES} bytes", hint="send one JSON object a line")
        parts.append(line or b"")
    text = b"\n".join(parts).decode("utf-8", "surrogateescape")
    is_whole = text.isascii() or not _is_damaged(text)
    try:
        for number, member in enumerate(members_json(text), 1):
            if isinstance(member, Unbounded):
                yield number, Malformed(str(member))
                continue
            damaged = not is_whole and _is_damaged(repr(member))
            yield number, Malformed("not UTF-8") if damaged else member
    except ValueError as error:
        raise Malformed(f"the log is no JSON list: {error}", hint="or send one JSON object a line") from error


def _is_damaged(text: str) -> bool:
    """Whether bytes that are not UTF-8 were carried through as lone surrogates."""
    return any("\udc80" <= c <= "\udcff" for c in text) or "\\udc" in text


def _table(lines: Iterator[NumberedLine], counts: frozenset[str]) -> Iterator[Record]:
    header, rows = table_of(lines)
    if counts.isdisjoint(header):
        raise Malformed("the header names no count", pointer="/1", hint="provider,model,input_tokens,output_tokens")
    yield from rows


def table_of(lines: Iterator[NumberedLine]) -> tuple[list[str], "Rows"]:
    """The columns that the first line of a table names, parted by whichever mark is there, and the rows below it.

    Raises: Malformed where there is no header, or a column twice
    """
    try:
        text = _text(next(lines)[1])
        delimiter = max(_DELIMITERS, key=text.count)
        header = [cell.strip() for cell in _cells([text], delimiter)]
    except (QuoteError, csv.Error) as error:
        detail = error.detail if isinstance(error, QuoteError) else str(error)
        raise Malformed(f"the header cannot be read: {detail}", pointer="/1", hint=_KINDS) from error
    named = [name for name in header if name]
    if len(set(named)) < len(named):
        raise Malformed("the header names a column twice", pointer="/1")
    return header, Rows(lines, header, delimiter)


class Rows:
    """The rows of a table, each with the number of its last line; a quote that nobody closed costs its one line."""

    def __init__(self, lines: Iterator[NumberedLine], header: Sequence[str], delimiter: str) -> None:
        """The rows below a header whose columns are parted by `delimiter`."""
        self.left_out = 0
        self._over: tuple[tuple[int, ...], str] | None = None
        self._lines, self._header, self._delimiter = lines, header, delimiter
        self._held: deque[NumberedLine] = deque()

    def leave_out(self, mark: str, *names: str) -> None:
        """Count rows, and give them no more, whose first filled column of these names holds a mark.

        A row that has quotes is given all the same, and so is one that cannot be read.
        """
        self._over = tuple(self._header.index(name) for name in names if name in self._header), mark

    def __iter__(self) -> Iterator[Record]:
        places, left_out = self._over or ((), "")
        header, mark, width, held = self._header, self._delimiter, len(self._header), self._held
        is_named = all(header)
        while (first := held.popleft() if held else next(self._lines, None)) is not None:
            number, line = first
            try:
                cells = [] if line is None or b'"' in line else line.decode().rstrip("\r").split(mark)
                if len(cells) != width:
                    number, cells = self._row(number, line)
                elif places and left_out in next((cells[place] for place in places if cells[place]), ""):
                    self.left_out += 1
                    continue
            except UnicodeDecodeError as error:
                yield number, Malformed(f"not UTF-8: {error.reason} at byte {error.start}")
                continue
            except QuoteError as error:
                yield number, error
                continue
            if is_named and "" not in cells:
                yield number, dict(zip(header, cells, strict=True))
            else:
                yield number, {name: cell for name, cell in zip(header, cells, strict=True) if cell and name}

    def _is_held(self, place: int) -> bool:
        """Whether there is a line at a place ahead; it is read where it was not yet."""
        if place == len(self._held) and (following := next(self._lines, None)) is not None:
            self._held.append(following)
        return place < len(self._held)

    def _row(self, number: int, line: bytes | None) -> tuple[int, list[str]]:
        """The cells that begin on a line, and the number of the line on which they end.

        Raises: Malformed, TooLarge; no line but the first is then used up
        """
        joined = [_text(line)]
        for used in range(_MOST_JOINED):
            try:
                cells = _cells(joined, self._delimiter)
            except csv.Error as error:
                if "unexpected end of data" not in str(error):
                    raise Malformed(f"no CSV: {error}") from error
            else:
                cells = self._fitted(cells)
                if len(cells) == len(self._header):
                    last = [self._held.popleft()[0] for _ in range(used)] or [number]
                    return last[-1], cells
                if not used:
                    raise Malformed(f"{len(cells)} cells where the header has {len(self._header)}")
                break
            if not self._is_held(used):
                break
            try:
                joined.append(_text(self._held[used][1]))
            except QuoteError:
                break
        raise Malformed("no CSV: a quote is never closed")

    def _fitted(self, cells: list[str]) -> list[str]:
        """The cells without an empty one at the end, or with it, where a mark ends the rows and not the header."""
        beyond = len(cells) - len(self._header)
        if beyond == 1 and cells[-1] == "":
            return cells[:-1]
        return [*cells, ""] if beyond == -1 and self._header[-1] == "" else cells


def _text(line: bytes | None) -> str:
    """A line's text.

    Raises: Malformed, TooLarge
    """
    if line is None:
        raise TooLarge(f"a line may have {MOST_LINE_BYTES} bytes")
    try:
        return line.decode().rstrip("\r")
    except UnicodeDecodeError as error:
        raise Malformed(f"not UTF-8: {error.reason} at byte {error.start}") from error


def _cells(lines: Sequence[str], delimiter: str) -> list[str]:
    """One row's cells.

    Raises: csv.Error
    """
    if len(lines) == 1 and '"' not in lines[0]:
        return lines[0].split(delimiter)
    text = [f"{line}\n" for line in lines[:-1]] + [lines[-1]]
    return next(csv.reader(text, delimiter=delimiter, strict=True), [])
