"""Reading the catalogue: releases, how they differ, and every row of every table with its source."""

import base64
import binascii
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from pydantic import Field

from mlquote.catalog.diff import changes
from mlquote.catalog.freshness import freshness_of
from mlquote.catalog.snapshot import BEGINNING, Snapshot, in_effect
from mlquote.catalog.tables import TABLE, Table
from mlquote.estimators.asking.question import Moment, Name, Part, utc
from mlquote.kit.errors import Malformed, UnknownName, nearest, unknown_name
from mlquote.store.releases import list_releases
from mlquote.web.bodies import once, only_parameters
from mlquote.web.deps import engine, now, snapshots
from mlquote.web.desks import desks
from mlquote.web.respond import respond
from mlquote.web.routes.releases import head


class Paging(Part):
    """Which page, and how it is written."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    """Rows on a page."""
    cursor: Name | None = None
    """`next_cursor` of the page before."""
    format: Name | None = None
    """json, text, markdown or csv."""


class Reading(Paging):
    """Which rows of a table."""

    as_of: Moment | None = None
    """Rows in effect at this date or moment."""
    release: Name | None = None
    """Read this release; default: the newest."""
    provider: Name | None = None
    """Only rows of this provider."""
    q: Name | None = None
    """Only rows whose key or name contains this."""

    def admits(self, table: Table, row: Any) -> bool:
        """Whether `row` passes the provider and text filters."""
        if self.provider is not None and getattr(row, "provider", None) != self.provider.casefold():
            return False
        return self.q is None or self.q.casefold() in f"{table.label(row)} {getattr(row, 'name', '')}".casefold()


def add_routes(app: FastAPI) -> None:
    """GET /v1/catalog and everything under it."""
    _add_releases(app)
    _add_tables(app)


def _add_releases(app: FastAPI) -> None:
    @app.get("/v1/catalog", summary="The newest release: tables, row counts, age")
    async def overview(request: Request) -> Response:
        only_parameters(request, "format")
        snapshot = snapshots(request).current
        tables = _ages(snapshot, now(request))
        return respond(request, {"release": head(snapshot.release), "tables": tables})

    @app.get("/v1/catalog/releases", summary="Every release, newest first")
    async def releases(request: Request) -> Response:
        only_parameters(request, "format")
        listed = await desks(request).reading.do(list_releases, engine(request))
        return respond(request, {"releases": [head(release) for release in listed]})

    @app.get("/v1/catalog/releases/{a}/diff/{b}", summary="What changed between two releases")
    async def diff(request: Request, a: str, b: str, page: Annotated[Paging, Query()]) -> Response:
        once(request)
        older, newer = await snapshots(request).of(a), await snapshots(request).of(b)
        found = await desks(request).quotes.do(lambda: list(changes(older, newer)))
        return respond(request, {"from": a, "to": b} | _page(found, page, "changes"))


def _add_tables(app: FastAPI) -> None:
    @app.get("/v1/catalog/{table}", summary="Rows of a table, a page at a time")
    async def rows(request: Request, table: str, reading: Annotated[Reading, Query()]) -> Response:
        once(request)
        chosen, snapshot = _table(table), await snapshots(request).of(reading.release)
        found = await desks(request).quotes.do(_selected, snapshot, chosen, reading)
        return respond(request, _named(snapshot, chosen) | _page(found, reading, "rows"))

    @app.get("/v1/catalog/{table}/{key:path}/history", summary="Every version of one fact, oldest first")
    async def history(request: Request, table: str, key: str, reading: Annotated[Reading, Query()]) -> Response:
        once(request)
        chosen, snapshot = _table(table), await snapshots(request).of(reading.release)
        found = _of_id(snapshot, chosen, key, reading, now(request))
        return respond(request, _named(snapshot, chosen) | _page(found, reading, "rows"))

    @app.get("/v1/catalog/{table}/{key:path}", summary="The rows of one id in effect at a moment (default: now)")
    async def one(request: Request, table: str, key: str, reading: Annotated[Reading, Query()]) -> Response:
        once(request)
        chosen, snapshot = _table(table), await snapshots(request).of(reading.release)
        moment = now(request) if reading.as_of is None else utc(reading.as_of)
        found = _effective(chosen, _of_id(snapshot, chosen, key, reading, moment), moment)
        named = _named(snapshot, chosen) | _lifecycles(snapshot, chosen, found, moment)
        return respond(request, named | _page(found, reading, "rows"))


def _table(name: str) -> Table:
    try:
        return TABLE[name]
    except KeyError:
        hint = nearest(name, TABLE) or f"one of {', '.join(TABLE)}"
        raise UnknownName(f"no table named {name[:80]!r}", pointer="/table", hint=hint, code="unknown-table") from None


def thing_of(table: Table) -> str:
    """What one row of a table is called: `accelerator`, `facility`, `alias`."""
    name = table.public or table.name
    if name == "aliases":
        return "alias"
    return f"{name.removesuffix('ies')}y" if name.endswith("ies") else name.removesuffix("s")


def _selected(snapshot: Snapshot, table: Table, reading: Reading) -> list[Any]:
    everything: Iterable[Any] = snapshot.rows(table.name)
    if reading.as_of is not None:
        everything = snapshot.effective(table.name, utc(reading.as_of))
    return [row for row in everything if reading.admits(table, row)]


def _of_id(snapshot: Snapshot, table: Table, key: str, reading: Reading, moment: datetime) -> list[Any]:
    index = snapshot.derived(_by_id(table.name))
    names = dict.fromkeys([key.casefold(), *_meanings(snapshot, table, key, moment)])
    found = [row for name in names for row in index.get(name, ()) if reading.admits(table, row)]
    if not found:
        known = [name for name, rows in index.items() if any(reading.admits(table, row) for row in rows)]
        raise unknown_name(thing_of(table), key, known, pointer="/id")
    return found


def _meanings(snapshot: Snapshot, table: Table, key: str, moment: datetime) -> Iterable[str]:
    """What an alias may stand for in this table."""
    if table.name == "token_prices":
        scopes = {alias.scope for alias in snapshot.rows("aliases") if alias.kind == "token_model"}
        return (snapshot.resolve("token_model", key, moment, scope=scope).casefold() for scope in sorted(scopes))
    kind = {"accelerators": "accelerator", "models": "model", "grid_intensity": "zone"}.get(table.name, "accelerator")
    return (snapshot.resolve(kind, key, moment).casefold(),)


@cache
def _by_id(name: str) -> Callable[[Snapshot], dict[str, list[Any]]]:
    table = TABLE[name]
    named = [c for c in ("id", "model", "accelerator", "zone", "region", "alias", "name", "item") if c in table.key]

    def build(snapshot: Snapshot) -> dict[str, list[Any]]:
        index: dict[str, list[Any]] = {}
        for row in snapshot.rows(name):
            labels = {table.label(row).casefold(), *(str(getattr(row, column)).casefold() for column in named[:1])}
            for label in labels:
                index.setdefault(label, []).append(row)
        return index

    return build


def _effective(table: Table, rows: Iterable[Any], moment: datetime) -> list[Any]:
    versions: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        versions.setdefault(table.key_of(row), []).append(row)
    found = (in_effect(tuple(members), moment) for members in versions.values())
    return [row for row in found if row is not None]


def _lifecycles(snapshot: Snapshot, table: Table, found: Iterable[Any], moment: datetime) -> dict[str, Any]:
    """From when until when each seller serves what is priced, and what it names instead; of prices of tokens only."""
    if table.name != "token_prices":
        return {}
    sold = dict.fromkeys((row.provider, row.model) for row in found)
    held = (snapshot.held("model_lifecycles", *pair, moment=moment) for pair in sold)
    return {"lifecycles": [asdict(row) for row in held if row is not None]}


def _named(snapshot: Snapshot, table: Table) -> dict[str, Any]:
    return {"table": table.name, "release": snapshot.release.id}


def _page(found: list[Any], page: Paging, name: str) -> dict[str, Any]:
    start = _place(page.cursor)
    end = start + page.limit
    following = base64.urlsafe_b64encode(str(end).encode()).decode() if end < len(found) else None
    return {"total": len(found), "next_cursor": following, name: [asdict(row) for row in found[start:end]]}


def _place(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        place = int(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, binascii.Error):
        place = -1
    if place < 0:
        raise Malformed("not a cursor of ours", pointer="/cursor", hint="send back `next_cursor` as it was")
    return place


def _ages(snapshot: Snapshot, moment: datetime) -> list[dict[str, Any]]:
    """Every table: how many rows, and how old the sources of those in effect are, seller by seller."""
    told: dict[str, dict[str, Any]] = {}
    for found in freshness_of(snapshot, moment.date()):
        ages = asdict(found)
        del ages["table"]
        if found.provider:
            told[found.table].setdefault("providers", []).append(ages)
            continue
        rows = snapshot.rows(found.table)
        newest = max((row.effective_from or BEGINNING for row in rows), default=BEGINNING)
        told[found.table] = {
            "table": found.table,
            "row_count": len(rows),
            "newest_effective_from": None if newest == BEGINNING else newest,
            "last_checked_on": max((row.checked_on for row in rows if row.checked_on), default=None),
            "age_days": found.median_age_days,
            "rows_in_effect": ages.pop("row_count"),
            **{name: value for name, value in ages.items() if name != "provider"},
        }
    return list(told.values())
