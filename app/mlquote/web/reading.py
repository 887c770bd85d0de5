"""Which rows of a table are read, in which order, and how much of them: filters, sorting, and spans of time."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from mlquote.catalog.snapshot import BEGINNING, Snapshot
from mlquote.catalog.tables import Table
from mlquote.estimators.asking.question import Moment, Name, Part, utc
from mlquote.kit.errors import Malformed, nearest

PAGE = 100
"""Rows on a page where nobody says how many."""


class Paging(Part):
    """Which page, and how it is written."""

    limit: Annotated[int | None, Field(ge=1, le=1000)] = None
    """Rows on a page; default 100. CSV without `limit` and `cursor` is the whole table."""
    cursor: Name | None = None
    """`next_cursor` of the page before."""
    format: Name | None = None
    """json, text, markdown or csv."""


class Reading(Paging):
    """Which rows of a table."""

    as_of: Moment | None = None
    """Rows in effect at this date or moment."""
    since: Annotated[Moment | None, Field(alias="from")] = None
    """Rows that held at this date or moment, or at any later one (before `to`)."""
    until: Annotated[Moment | None, Field(alias="to")] = None
    """Rows that held at any moment before this one."""
    release: Name | None = None
    """Read this release; default: the newest."""
    provider: Name | None = None
    """Only rows of this provider, or of several with commas between; so with every filter."""
    model: Name | None = None
    """Only rows of this model."""
    meter: Name | None = None
    """Only prices of this meter: input, output, cache_read ..."""
    region: Name | None = None
    """Only rows of this region."""
    zone: Name | None = None
    """Only rows of this grid zone."""
    accelerator: Name | None = None
    """Only rows of this accelerator."""
    q: Name | None = None
    """Only rows whose key or name contains this."""
    sort: Name | None = None
    """Columns to sort by, with commas between; `-` before one turns it round. Default: by key, then by time."""


FILTERS: dict[str, str] = {
    "provider": "provider",
    "model": "model",
    "meter": "",
    "region": "region",
    "zone": "zone",
    "accelerator": "accelerator",
}
"""A filter -> the kind of alias that its values may be; the column has the filter's name, or is the table's `id`."""
_OF_ID = {"models": "model", "accelerators": "accelerator"}


def chosen(snapshot: Snapshot, table: Table, rows: Iterable[Any], reading: Reading, now: datetime) -> list[Any]:
    """The rows that pass every filter, sorted.

    Raises: Malformed for a filter or a column that the table has not, or a span that ends before it begins
    """
    wanted = _wanted(snapshot, table, reading, now)
    found = [
        row
        for row in rows
        if all(str(getattr(row, column)).casefold() in values for column, values in wanted.items())
        and (reading.q is None or reading.q.casefold() in f"{table.label(row)} {getattr(row, 'name', '')}".casefold())
    ]
    return _sorted(table, _held(found, reading), reading.sort)


def _wanted(snapshot: Snapshot, table: Table, reading: Reading, now: datetime) -> dict[str, set[str]]:
    """Column -> the values that pass, folded, aliases followed."""
    found: dict[str, set[str]] = {}
    for name, kind in FILTERS.items():
        asked = getattr(reading, name)
        if asked is None:
            continue
        column = _column(table, name)
        if column not in table.columns:
            offered = ", ".join([*(each for each in FILTERS if _column(table, each) in table.columns), "q"])
            raise Malformed(f"rows of {table.name} have no {name}", pointer=f"/{name}", hint=f"filters here: {offered}")
        values = [value.strip() for value in asked.split(",") if value.strip()]
        found[column] = {each for value in values for each in _meanings(snapshot, table, kind, value, now)}
    return found


def _column(table: Table, name: str) -> str:
    """The column that a filter reads."""
    return "id" if _OF_ID.get(table.name) == name else name


def _meanings(snapshot: Snapshot, table: Table, kind: str, value: str, now: datetime) -> Iterable[str]:
    """A value as it stands, and what it may be an alias of in this table."""
    yield value.casefold()
    if kind == "model" and table.name == "token_prices":
        scopes = {alias.scope for alias in snapshot.rows("aliases") if alias.kind == "token_model"}
        yield from (snapshot.resolve("token_model", value, now, scope=scope).casefold() for scope in sorted(scopes))
    elif kind:
        yield snapshot.resolve(kind, value, now).casefold()


def _held(rows: list[Any], reading: Reading) -> list[Any]:
    """The rows that held at some moment of the span."""
    since, until = (None if each is None else utc(each) for each in (reading.since, reading.until))
    if since is not None and until is not None and since >= until:
        raise Malformed("the span ends before it begins", pointer="/to", hint="`to` comes after `from`")
    return [
        row
        for row in rows
        if (since is None or row.effective_to is None or row.effective_to > since)
        and (until is None or (row.effective_from or BEGINNING) < until)
    ]


def _sorted(table: Table, rows: list[Any], sort: str | None) -> list[Any]:
    for word in reversed([] if sort is None else [each.strip() for each in sort.split(",")]):
        column = word.removeprefix("-").casefold()
        if column not in table.columns:
            hint = nearest(column, table.columns) or f"one of {', '.join(table.columns)}"
            raise Malformed(f"rows of {table.name} have no {column[:80]!r}", pointer="/sort", hint=hint)
        known = [row for row in rows if getattr(row, column) is not None]
        known.sort(key=lambda row: getattr(row, column), reverse=word.startswith("-"))  # sorted at once
        rows = known + [row for row in rows if getattr(row, column) is None]
    return rows
