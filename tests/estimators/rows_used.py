"""The rows that an answer names, looked up again in the snapshot it was made from."""

from datetime import datetime
from typing import Any

from mlquote.catalog.snapshot import BEGINNING, Snapshot
from mlquote.catalog.tables import TABLES
from mlquote.kit.provenance import RowRef

_Name = tuple[str, str, datetime | None]


def _by_name(catalog: Snapshot) -> dict[_Name, Any]:
    return {
        (table.name, table.label(row), row.effective_from): row for table in TABLES for row in catalog.rows(table.name)
    }


def row_of(catalog: Snapshot, ref: RowRef) -> Any | None:
    """The row that an answer names, or None where the snapshot holds no such row."""
    return catalog.derived(_by_name).get((ref.table, ref.key, ref.effective_from))


def holds(row: Any, moment: datetime) -> bool:
    """Whether the row's interval, [effective_from, effective_to), contains the moment."""
    begins = row.effective_from or BEGINNING
    return bool(begins <= moment and (row.effective_to is None or moment < row.effective_to))
