"""A release: what was known on a day, with a digest per table that never changes once published."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mlquote.catalog.tables import Table


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A release that was found wrong: it answers on for whoever names it, flagged, and is nobody's newest."""

    withdrawn_at: datetime
    because: str


@dataclass(frozen=True, slots=True)
class Release:
    """One published state of every table. `id` is the day and the first eight digits of the digest."""

    id: str
    published_on: date
    digest: str
    table_digests: Mapping[str, str]
    row_counts: Mapping[str, int]
    note: str = ""
    withdrawn: Withdrawal | None = None


def canonical(table: Table, row: Any) -> str:
    """A row as one line that is the same from a file and from any database; what a digest is taken over."""
    return "\x1f".join(_text(getattr(row, column)) for column in table.columns)


def row_digest(table: Table, row: Any) -> str:
    """32 hex digits that name this exact row of this table."""
    return hashlib.sha256(f"{table.name}\x1e{canonical(table, row)}".encode()).hexdigest()[:32]


def release_of(rows: Mapping[Table, Iterable[tuple[str, Any]]], *, published_on: date, note: str = "") -> Release:
    """The release that these rows make: per table, (row digest, row) pairs in any order."""
    digests: dict[str, str] = {}
    counts: dict[str, int] = {}
    for table, pairs in rows.items():
        names = sorted(name for name, _ in pairs)
        digests[table.name] = hashlib.sha256("\n".join(names).encode()).hexdigest()
        counts[table.name] = len(names)
    digest = hashlib.sha256("\n".join(f"{n} {digests[n]}" for n in sorted(digests)).encode()).hexdigest()
    return Release(f"{published_on.isoformat()}-{digest[:8]}", published_on, digest, digests, counts, note)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, float):
        return repr(value)
    return str(value)
