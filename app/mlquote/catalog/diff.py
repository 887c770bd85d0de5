"""How two releases differ, table by table: facts added, gone and changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.tables import TABLES, Table


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that differs: `before` is None when it is new, `after` when it is gone; `fields` names what changed."""

    table: str
    key: str
    before: Any | None
    after: Any | None
    fields: tuple[str, ...] = ()


def changes(older: Snapshot, newer: Snapshot) -> Iterator[Change]:
    """Every fact that differs between two releases, by table and key."""
    for table in TABLES:
        if older.release.table_digests.get(table.name) == newer.release.table_digests.get(table.name):
            continue
        before = {(table.key_of(row), row.effective_from): row for row in older.rows(table.name)}
        after = {(table.key_of(row), row.effective_from): row for row in newer.rows(table.name)}
        for key in sorted(before.keys() | after.keys(), key=str):
            if before.get(key) != after.get(key):
                yield _change(table, before.get(key), after.get(key))


def _change(table: Table, before: Any | None, after: Any | None) -> Change:
    fields: tuple[str, ...] = ()
    if before is not None and after is not None:
        fields = tuple(c for c in table.columns if getattr(before, c) != getattr(after, c))
    return Change(table.name, table.label(after if after is not None else before), before, after, fields)
