"""What names all rows of a table, in whatever order they come: their count, and the sum of their SHA-256.

A sum needs no sorting, so databases that sort text differently agree. It finds damage and what was lost or doubled; it
is no seal against somebody who writes rows to fit: keep the file where he cannot.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from decimal import Context, Decimal
from typing import Any

from sqlalchemy import Connection, Table, select

Digests = dict[str, tuple[int, str]]
"""Table -> rows and digest."""
_MODULUS = 2**256
_EXACT = Context(prec=2000)


def raw_digests(connection: sqlite3.Connection, without: Sequence[str] = ()) -> Digests:
    """Of every table of a SQLite database, as it is stored there."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    names = [name for (name,) in connection.execute(query).fetchall() if name not in without]
    return {name: _digest(connection.execute(f'SELECT * FROM "{name}"')) for name in names}


def typed_digests(connection: Connection, tables: Iterable[Table]) -> Digests:
    """Of tables as they are read, the same whichever database stores them."""
    return {table.name: _digest(_plain(row) for row in _streamed(connection, table)) for table in tables}


def _streamed(connection: Connection, table: Table) -> Iterable[Any]:
    return connection.execute(select(table), execution_options={"yield_per": 1000})


def whole_digest(digests: Digests) -> str:
    """What names them all."""
    lines = "".join(f"{name} {rows} {digest}\n" for name, (rows, digest) in sorted(digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _digest(rows: Iterable[Any]) -> tuple[int, str]:
    count = total = 0
    for row in rows:
        count += 1
        total += int.from_bytes(hashlib.sha256(repr(tuple(row)).encode("utf-8", "surrogatepass")).digest(), "big")
    return count, f"{total % _MODULUS:064x}"


def _plain(row: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(value.normalize(_EXACT) if isinstance(value, Decimal) else value for value in row)
