"""Reading the catalogue: releases, how they differ, and every row of every table with its source."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import FastAPI, Query, Request, Response

from mlquote.catalog.diff import changes
from mlquote.catalog.freshness import freshness_of
from mlquote.catalog.snapshot import BEGINNING, Snapshot, in_effect
from mlquote.catalog.tables import TABLE, Table
from mlquote.estimators.asking.question import utc
from mlquote.kit.errors import UnknownName, nearest, unknown_name
from mlquote.store.releases import list_releases
from mlquote.web.bodies import once, only_parameters
from mlquote.web.deps import engine, now, snapshots
from mlquote.web.desks import desks
from mlquote.web.listing import listed
from mlquote.web.reading import Paging, Reading, chosen
from mlquote.web.respond import respond
from mlquote.web.routes.releases import head


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
        return listed(request, found, page, {"from": a, "to": b}, (), "changes")


def _add_tables(app: FastAPI) -> None:
    @app.get("/v1/catalog/{table}", summary="Rows of a table, a page at a time")
    async def rows(request: Request, table: str, reading: Annotated[Reading, Query()]) -> Response:
        once(request)
        table_read, snapshot = _table(request, table), await snapshots(request).of(reading.release)
        found = await desks(request).quotes.do(_selected, snapshot, table_read, reading, now(request))
        return listed(request, found, reading, _named(snapshot, table_read), table_read.columns)

    @app.get("/v1/catalog/{table}/{key:path}/history", summary="Every version of one fact, oldest first")
    async def history(request: Request, table: str, key: str, reading: Annotated[Reading, Query()]) -> Response:
        once(request)
        table_read, snapshot = _table(request, table), await snapshots(request).of(reading.release)
        found = _of_id(request, snapshot, table_read, key, reading, now(request))
        return listed(request, found, reading, _named(snapshot, table_read), table_read.columns)

    @app.get("/v1/catalog/{table}/{key:path}", summary="The rows of one id in effect at a moment (default: now)")
    async def one(request: Request, table: str, key: str, reading: Annotated[Reading, Query()]) -> Response:
        once(request)
        table_read, snapshot = _table(request, table), await snapshots(request).of(reading.release)
        moment = now(request) if reading.as_of is None else utc(reading.as_of)
        found = _effective(table_read, _of_id(request, snapshot, table_read, key, reading, moment), moment)
        named = _named(snapshot, table_read) | _lifecycles(snapshot, table_read, found, moment)
        return listed(request, found, reading, named, table_read.columns)


_WORDS = {
    "gpus": "accelerators", "chips": "accelerators", "hardware": "accelerators", "prices": "token_prices",
    "llm_prices": "token_prices", "gpu_prices": "rental_prices", "instances": "rental_prices", "llms": "models",
    "grid": "grid_intensity", "carbon": "grid_intensity", "carbon_intensity": "grid_intensity",
    "datacenters": "facilities", "losses": "scaling_laws", "laws": "scaling_laws",
}  # fmt: skip
"""What people call a table -> the table; it is offered, not answered, for the word might mean another one day."""


def _table(request: Request, name: str) -> Table:
    try:
        return TABLE[name]
    except KeyError:
        word = name.casefold().replace("-", "_")
        meant = next((_WORDS[each] for each in (word, f"{word}s") if each in _WORDS), "")
        hint = f"here it is {meant}" if meant else nearest(name, TABLE) or f"one of {', '.join(TABLE)}"
        error = UnknownName(f"no table named {name[:80]!r}", pointer="/table", hint=hint, code="unknown-table")
        raise _offering(request, error, name, meant or _first(hint)) from None


def _offering(request: Request, error: UnknownName, word: str, instead: str) -> UnknownName:
    """The refusal with the same address under another word, where one is near."""
    path = request.scope["path"]
    if instead:
        place = f"{path}/".replace(f"/{word}/", f"/{instead}/", 1).rstrip("/")
        error.corrected = str(request.url.replace(path=quote(place)))
    return error


def _first(hint: str) -> str:
    """The nearest name of a hint; nothing where it names none."""
    return hint.removeprefix("nearest: ").partition(",")[0] if hint.startswith("nearest: ") else ""


def thing_of(table: Table) -> str:
    """What one row of a table is called: `accelerator`, `facility`, `alias`."""
    name = table.public or table.name
    if name == "aliases":
        return "alias"
    return f"{name.removesuffix('ies')}y" if name.endswith("ies") else name.removesuffix("s")


def _selected(snapshot: Snapshot, table: Table, reading: Reading, moment: datetime) -> list[Any]:
    everything: Iterable[Any] = snapshot.rows(table.name)
    if reading.as_of is not None:
        everything = snapshot.effective(table.name, utc(reading.as_of))
    return chosen(snapshot, table, everything, reading, moment)


def _of_id(
    request: Request, snapshot: Snapshot, table: Table, key: str, reading: Reading, moment: datetime
) -> list[Any]:
    index = snapshot.derived(_by_id(table.name))
    names = dict.fromkeys([key.casefold(), *_meanings(snapshot, table, key, moment)])
    rows = [row for name in names for row in index.get(name, ())]
    if not rows:
        error = unknown_name(thing_of(table), key, _known(snapshot, table, reading), pointer="/id", table=table.name)
        raise _offering(request, error, key, _first(error.faults[0].hint))
    return chosen(snapshot, table, rows, reading, moment)


def _known(snapshot: Snapshot, table: Table, reading: Reading) -> Iterable[str]:
    """The ids of a table; where a provider is asked, those of his rows."""
    asked = (reading.provider or "").casefold()
    for name, rows in snapshot.derived(_by_id(table.name)).items():
        if not asked or any(str(getattr(row, "provider", "")).casefold() == asked for row in rows):
            yield name


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
