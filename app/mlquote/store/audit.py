"""The log of every write: who, when, what, before and after; written with the write itself or not at all.

Entries are only ever added, and the database itself refuses anything else. No secret of a key is ever in one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, insert, select

from mlquote.spend.documents import from_json, to_json
from mlquote.store.budget_tables import audit_entries
from mlquote.store.engine import reading

_PIECE = 1000
COMMAND_LINE, START = "command-line", "start"
"""Who writes without a key: a person at the service's own database, and a service that starts."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries."""

    after: int = 0
    """Only those behind this id."""
    subject: str | None = None
    """Only those of this thing, `budget:search`, or of its kind, `budget`."""
    by: str | None = None
    """Only those that this key wrote."""
    since: datetime | None = None
    """Only those of this moment or later."""


def note(
    connection: Connection, act: str, subject: str, *, now: datetime, by: str, before: Any = None, after: Any = None
) -> None:
    """Add one entry, in the transaction of the write that it tells of.

    Args:    act: what was done, in one word ("put"); subject: its kind and name ("budget:search");
             before, after: the thing as it is told, None where there was or is none
    """
    told = {name: None if value is None else to_json(value) for name, value in (("before", before), ("after", after))}
    connection.execute(insert(audit_entries).values(at=now, by=by, act=act, subject=subject, **told))


def written(engine: Engine, wanted: Wanted, limit: int) -> list[dict[str, Any]]:
    """Entries in the order in which they were written, at most so many."""
    with reading(engine) as connection:
        return [_told(row) for row in connection.execute(_query(wanted).limit(limit))]


def all_written(engine: Engine, wanted: Wanted) -> Iterator[dict[str, Any]]:
    """Every entry that is wanted, read piece by piece: memory does not grow with the log."""
    after = wanted.after
    while True:
        piece = written(engine, Wanted(after, wanted.subject, wanted.by, wanted.since), _PIECE)
        yield from piece
        if len(piece) < _PIECE:
            return
        after = piece[-1]["id"]


def _query(wanted: Wanted) -> Select[Any]:
    table = audit_entries.c
    query = select(audit_entries).where(table.id > wanted.after).order_by(table.id)
    if wanted.subject is not None:
        exactly = table.subject == wanted.subject
        query = query.where(exactly if ":" in wanted.subject else table.subject.startswith(f"{wanted.subject}:"))
    if wanted.by is not None:
        query = query.where(table.by == wanted.by)
    return query if wanted.since is None else query.where(table.at >= wanted.since)


def _told(row: Row[Any]) -> dict[str, Any]:
    told = row._asdict()
    return told | {side: None if told[side] is None else from_json(told[side]) for side in ("before", "after")}
