"""How two releases differ, table by table: facts added, gone and changed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
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


@dataclass(frozen=True, slots=True)
class Move:
    """A figure that was superseded: the row that ends and the one that begins on the same day."""

    ended: Change
    begun: Change
    column: str

    @property
    def figures(self) -> tuple[Any, Any]:
        """The figure before and after."""
        return getattr(self.ended.after, self.column), getattr(self.begun.after, self.column)

    @property
    def since(self) -> datetime:
        """The moment from which the figure after holds."""
        assert self.begun.after is not None
        moment: datetime = self.begun.after.effective_from
        return moment

    @property
    def percent(self) -> Decimal | None:
        """By how much it moves; None where it is no number, or was nothing."""
        before, after = self.figures
        if isinstance(before, date) or not before:
            return None
        return ((Decimal(str(after)) / Decimal(str(before)) - 1) * 100).quantize(Decimal("0.1"))


FIGURES: Mapping[str, str] = {
    "token_prices": "usd",
    "rental_prices": "usd_per_accelerator_hour",
    "purchase_prices": "usd",
    "grid_intensity": "gco2e_per_kwh",
    "model_lifecycles": "retired_on",
}
"""What a row of a table is asked for, where that is one column."""


def moves(found: Iterable[Change]) -> Iterator[Change | Move]:
    """The same changes, in order, but for a row that ends where one of its fact begins: those two are one move."""
    listed = list(found)
    begun = {
        (change.table, change.key, change.after.effective_from): change
        for change in listed
        if change.before is None and change.after is not None and change.table in FIGURES
    }
    ended = {}
    for change in listed:
        ends = change.after.effective_to if change.after and change.fields == ("effective_to",) else None
        if follows := begun.get((change.table, change.key, ends)):
            ended[id(change)] = Move(change, follows, FIGURES[change.table])
    paired = {id(move.begun) for move in ended.values()}
    for change in listed:
        if id(change) not in paired:
            yield ended.get(id(change), change)


def _change(table: Table, before: Any | None, after: Any | None) -> Change:
    fields: tuple[str, ...] = ()
    if before is not None and after is not None:
        fields = tuple(c for c in table.columns if getattr(before, c) != getattr(after, c))
    return Change(table.name, table.label(after if after is not None else before), before, after, fields)
