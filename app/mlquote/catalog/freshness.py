"""How old what we hold is: of each table and seller, since when the sources of the rows in effect were read."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from statistics import median_low

from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.tables import TABLES


@dataclass(frozen=True, slots=True)
class Freshness:
    """The ages of the rows of a table, or of one seller's in it, that hold on a day; None where no row says its day."""

    table: str
    provider: str
    """"" for the whole table."""
    row_count: int
    median_age_days: int | None
    oldest_age_days: int | None
    over_90_days_fraction: float | None
    over_365_days_fraction: float | None
    undated_rows: int
    """Rows that name no day on which their source was read."""


def freshness_of(catalog: Snapshot, day: date) -> tuple[Freshness, ...]:
    """Every table, each followed by its sellers; remembered by day."""
    return catalog.remembered(_freshness, day)


def _freshness(catalog: Snapshot, day: date) -> tuple[Freshness, ...]:
    return tuple(found for table in TABLES for found in _of_table(catalog, table.name, day))


def _of_table(catalog: Snapshot, table: str, day: date) -> Iterator[Freshness]:
    checked: list[date | None] = []
    by_seller: dict[str, list[date | None]] = defaultdict(list)
    for row in catalog.effective(table, datetime.combine(day, time(), UTC)):
        checked.append(row.checked_on)
        if seller := getattr(row, "provider", ""):
            by_seller[seller].append(row.checked_on)
    yield _of_rows(table, "", checked, day)
    for seller in sorted(by_seller):
        yield _of_rows(table, seller, by_seller[seller], day)


def _of_rows(table: str, provider: str, checked: list[date | None], day: date) -> Freshness:
    ages = sorted((day - seen).days for seen in checked if seen is not None)
    if not ages:
        return Freshness(table, provider, len(checked), None, None, None, None, len(checked))
    return Freshness(
        table,
        provider,
        len(checked),
        median_low(ages),
        ages[-1],
        sum(age > 90 for age in ages) / len(ages),
        sum(age > 365 for age in ages) / len(ages),
        len(checked) - len(ages),
    )
