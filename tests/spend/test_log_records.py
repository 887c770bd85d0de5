"""A log's bytes as records: packed or not, whole or in pieces, damaged in places; each fault costs its one line."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlquote.kit.errors import Malformed, QuoteError, TooLarge
from mlquote.spend import log_bytes
from mlquote.spend.log_bytes import numbered_lines
from mlquote.spend.log_records import records_of, table_of

COUNTS = frozenset({"input_tokens", "output_tokens"})
LINES = [{"input_tokens": n, "note": "a\u00e9"} for n in range(1, 6)]
NDJSON = "\n".join(json.dumps(line, ensure_ascii=False) for line in LINES).encode()


def pieces(body: bytes, size: int) -> Iterator[bytes]:
    return (body[at : at + size] for at in range(0, len(body), size))


def read(body: Any, media_type: str = "") -> list[tuple[int, Any]]:
    """Records, with True for a fault."""
    found = records_of(body, media_type, COUNTS)
    return [(number, True if isinstance(record, QuoteError) else record) for number, record in found]


@pytest.mark.parametrize("size", [1, 2, 7, 10**6])
def test_packed_or_not_and_in_any_pieces_a_log_says_the_same(size: int) -> None:
    zstandard = pytest.importorskip("zstandard")
    bodies = [
        NDJSON,
        b"\xef\xbb\xbf" + NDJSON,
        gzip.compress(NDJSON),
        gzip.compress(NDJSON[:40]) + gzip.compress(NDJSON[40:]),
        zstandard.compress(NDJSON),
        zstandard.compress(NDJSON[:40]) + zstandard.compress(NDJSON[40:]),
    ]
    for body in bodies:
        assert read(pieces(body, size)) == list(enumerate(LINES, 1))


@given(st.binary(max_size=30), st.integers(0, 4), st.integers(1, 50))
def test_a_damaged_line_costs_itself_alone(damage: bytes, place: int, size: int) -> None:
    lines = NDJSON.split(b"\n")
    lines[place] = b"{" + damage.replace(b"\n", b"") + b"\xff"
    expected = [(n, True if n == place + 1 else line) for n, line in enumerate(LINES, 1)]
    assert read(pieces(b"\n".join(lines), size), "application/x-ndjson") == expected


def test_a_byte_that_is_not_utf8_costs_its_row_of_a_table_and_its_member_of_a_list() -> None:
    assert read(b"input_tokens,note\n1,a\n2,\xff\n3,b\n") == [
        (2, {"input_tokens": "1", "note": "a"}), (3, True), (4, {"input_tokens": "3", "note": "b"}),
    ]  # fmt: skip
    assert read(b'[{"input_tokens": 1}, {"note": "\xff"}, {"input_tokens": 3}]') == [
        (1, {"input_tokens": 1}), (2, True), (3, {"input_tokens": 3}),
    ]  # fmt: skip


def test_an_unclosed_quote_costs_one_line() -> None:
    body = b'input_tokens,note\n1,a\n2,"b\n3,c\n4,"d\ne"\n5,f\n'
    assert [(n, r if r is True else r["input_tokens"]) for n, r in read(body)] == [
        (2, "1"), (3, True), (4, "3"), (6, "4"), (7, "5"),
    ]  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_is_parted_by_what_its_header_is(delimiter: str) -> None:
    rows = [["note", "input_tokens"], ['"x, y; z"', "7"]]
    body = "\r\n".join(delimiter.join(row) for row in rows).encode()
    assert read(body) == [(2, {"note": "x, y; z", "input_tokens": "7"})]


def test_a_line_too_long_is_named_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_bytes, "MOST_LINE_BYTES", 100)
    body = b'{"input_tokens": 1}\n{"note": "' + b"x" * 500 + b'"}\n{"input_tokens": 3}\n'
    for size in (1, 64, 10**6):
        assert read(pieces(body, size)) == [(1, {"input_tokens": 1}), (2, True), (3, {"input_tokens": 3})]


@pytest.mark.parametrize(
    "body", [gzip.compress(NDJSON)[:-9], gzip.compress(NDJSON)[:20] + b"xx"], ids=["cut", "spoilt"]
)
def test_a_damaged_pack_is_refused_by_name(body: bytes) -> None:
    with pytest.raises(Malformed, match="packed log is damaged"):
        read(body)


def test_a_log_that_opens_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_bytes, "MOST_BYTES", 10**6)
    with pytest.raises(TooLarge):
        read(gzip.compress(b" " * 10**7))


def test_rows_that_are_left_out_are_counted_and_damage_is_told_all_the_same() -> None:
    body = b'Id|Raw|n\n1|1|a\n1.0||b\n|2.0|c\n2|x.y|d\n\xff.1||e\nshort.1\n3.0|"q"|f\n'
    _, rows = table_of(numbered_lines([body]))
    rows.leave_out(".", "Id", "Raw", "Other")
    told = [(number, record["n"] if isinstance(record, dict) else "fault") for number, record in rows]
    assert told == [(2, "a"), (5, "d"), (6, "fault"), (7, "fault"), (8, "f")]  # a row with quotes is given
    assert rows.left_out == 2
