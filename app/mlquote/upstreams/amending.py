"""A difference that a person took, as rows of the catalogue's files: the held one closed, the listed one opened."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final

from mlquote.catalog.intervals import begins
from mlquote.catalog.rows import GridIntensity, ModelLifecycle, RentalPrice, TokenPrice
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.tables import TABLE
from mlquote.kit.errors import InvalidCatalog
from mlquote.upstreams.listing import Figure


@dataclass(frozen=True, slots=True)
class Taken:
    """A difference as the review file holds it once a person took it."""

    table: str
    key: tuple[Any, ...]
    listed: Figure | None
    """None closes the held row: nobody lists it any longer."""
    since: date
    read_from: str
    checked_on: date
    source_url: str
    lineages: int
    rest: Mapping[str, Any] = field(default_factory=dict)
    """What else a new row says, beside its key, its figure and where it was read."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """A row that ends (`before` as it was, `after` with its end) or begins (`before` is None)."""

    table: str
    before: Any | None
    after: Any


def amendments(catalog: Snapshot, taken: Taken) -> Iterator[Amendment]:
    """The rows that change.

    Raises: InvalidCatalog where the held row begins on or after that day, so that it cannot be closed then
    """
    start = datetime.combine(taken.since, time(), UTC)
    history = catalog.history(taken.table, *taken.key)
    held = catalog.held(taken.table, *taken.key, moment=start)
    if held is not None:
        if begins(held) >= start:
            label = TABLE[taken.table].label(held)
            raise InvalidCatalog(f"{label} begins on {taken.since} or later and cannot end then", hint="a later day")
        yield Amendment(taken.table, held, replace(held, effective_to=start))
    if taken.listed is None:
        return
    later = [begins(row) for row in history if begins(row) > start]
    undated = taken.table == "model_lifecycles" and not history
    opened = _opened(taken, held, None if undated else start)
    yield Amendment(taken.table, None, replace(opened, effective_to=min(later)) if later else opened)


_LEAST_USD: Final = Decimal("0.000001")


def _opened(taken: Taken, held: Any | None, start: datetime | None) -> Any:
    table = TABLE[taken.table]
    said: dict[str, Any] = dict(zip(table.key, taken.key, strict=True)) | {
        "effective_from": start,
        "effective_to": None,
        "source_url": taken.source_url or (held.source_url if held is not None else ""),
        "checked_on": taken.checked_on,
    }
    if table.row is TokenPrice and isinstance(taken.listed, Decimal):
        lineage = taken.read_from.split(" ", 1)[0]
        said |= {
            "usd": taken.listed,
            "usd_low": None,
            "usd_high": None,
            "confidence": "high" if taken.lineages > 1 else "medium",
            "effective_from_basis": f"first_observed{'_change' if held is not None else ''}:{lineage}",
            "read_from": taken.read_from,
            "note": "",
        }
    elif table.row is ModelLifecycle and isinstance(taken.listed, date):
        said |= {**_other_days(held), "retired_on": taken.listed, "note": f"read in {taken.read_from}"}
    elif table.row is RentalPrice and isinstance(taken.listed, Decimal):
        each = (taken.listed / said["accelerator_count"]).quantize(_LEAST_USD).normalize()
        said |= {"usd_per_hour": taken.listed, "usd_per_accelerator_hour": each, "confirmed": "yes"}
        said |= {"note": f"read in {taken.read_from}"}
    elif table.row is GridIntensity and isinstance(taken.listed, float):
        said |= {**taken.rest, "gco2e_per_kwh": taken.listed, "note": f"read in {taken.read_from}"}
    else:
        raise InvalidCatalog(f"a row of {taken.table} cannot be made of {taken.listed!r}", hint="write it by hand")
    return table.row(**said)


def _other_days(held: Any | None) -> dict[str, Any]:
    """What a lifecycle says beside its last day, which is all that an upstream lists."""
    days = ("announced_on", "available_on", "deprecated_on")
    return {name: getattr(held, name, None) for name in days} | {"successor": getattr(held, "successor", "")}


def cells(row: Any) -> list[str]:
    """A row as its file prints it: instants at midnight as days, blanks for what is unknown."""
    return [_cell(getattr(row, column.name)) for column in fields(row)]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d") if value.time() == time() else value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)
