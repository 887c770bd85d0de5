"""What can be named: sellers, the models they sell, grid zones; and /v1, the index of paths."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.question import Name
from mlquote.web.bodies import once, only_parameters
from mlquote.web.deps import snapshots
from mlquote.web.listing import listed
from mlquote.web.reading import Paging
from mlquote.web.respond import respond

_SOLD = {"token_prices": "tokens", "rental_prices": "machines", "annotation_prices": "annotation", "regions": "regions"}
"""A table of sellers -> the column of `Provider` that counts its rows."""


class Naming(Paging):
    """Which names."""

    release: Name | None = None
    """Read this release; default: the newest."""
    q: Name | None = None
    """Only names that contain this."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Who sells, and how many rows of each kind this release holds of it."""

    provider: str
    tokens: int
    machines: int
    annotation: int
    regions: int


@dataclass(frozen=True, slots=True)
class SoldModel:
    """A model that is sold per token, as its sellers spell it."""

    model: str
    providers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Zone:
    """A grid zone, what kind of place it is, and the names it goes by."""

    zone: str
    kind: str
    name: str
    aliases: tuple[str, ...]


def providers(snapshot: Snapshot) -> list[Provider]:
    """Every seller, by name."""
    counted: dict[str, dict[str, int]] = {}
    for table, column in _SOLD.items():
        for row in snapshot.rows(table):
            own = counted.setdefault(row.provider, dict.fromkeys(_SOLD.values(), 0))
            own[column] += 1
    return [Provider(name, **counts) for name, counts in sorted(counted.items())]


def sold_models(snapshot: Snapshot) -> list[SoldModel]:
    """Every model that is priced per token, by name."""
    sellers: dict[str, set[str]] = {}
    for row in snapshot.rows("token_prices"):
        sellers.setdefault(row.model, set()).add(row.provider)
    return [SoldModel(name, tuple(sorted(found))) for name, found in sorted(sellers.items())]


def zones(snapshot: Snapshot) -> list[Zone]:
    """Every grid zone, by id."""
    aliases: dict[str, list[str]] = {}
    for alias in snapshot.rows("aliases"):
        if alias.kind == "zone":
            aliases.setdefault(alias.target, []).append(alias.alias)
    known = {row.zone: row for row in snapshot.rows("grid_intensity")}
    return [
        Zone(zone, row.zone_kind, row.zone_name, tuple(dict.fromkeys(aliases.get(zone, ()))))
        for zone, row in sorted(known.items())
    ]


def add_routes(app: FastAPI) -> None:
    """The lists of names, and /v1."""

    @app.get("/v1", summary="This page: every path and what it answers")
    async def index(request: Request) -> Response:
        only_parameters(request, "format")
        paths = app.openapi()["paths"]
        rows = [
            {"path": path, "methods": [method.upper() for method in told], "summary": _summary(told.values())}
            for path, told in paths.items()
        ]
        release = snapshots(request).current.release.id
        return respond(request, {"release": release, "openapi": "/openapi.json", "docs": "/docs", "paths": rows})

    _add_list(app, "providers", "Who sells what: every name of `provider`", providers, Provider)
    _add_list(app, "token_models", "Every model that is sold per token, and by whom", sold_models, SoldModel)
    _add_list(app, "zones", "Every grid zone with its other names", zones, Zone)


def _summary(operations: Iterable[dict[str, Any]]) -> str:
    return next((str(each["summary"]) for each in operations if each.get("summary")), "")


def _add_list(app: FastAPI, name: str, summary: str, find: Any, row: type[Any]) -> None:
    columns = tuple(row.__dataclass_fields__)

    @app.get(f"/v1/catalog/{name}", summary=summary)
    async def names(request: Request, naming: Annotated[Naming, Query()]) -> Response:
        once(request)
        snapshot = await snapshots(request).of(naming.release)
        asked = (naming.q or "").casefold()
        found = [each for each in snapshot.derived(find) if asked in _label(each)]
        return listed(request, found, naming, {"list": name, "release": snapshot.release.id}, columns)


def _label(row: Any) -> str:
    """What `q` looks into: every name of the row."""
    return " ".join(str(getattr(row, column)) for column in row.__dataclass_fields__).casefold()
