"""Budgets in the database: put, found, listed, deleted; and where each stands.

Every change to a budget or its ledger first locks the budget's row (on SQLite: the whole database), so that all of
them happen one after another, whichever process they come from.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from mlquote.kit.errors import Conflict, unknown_name
from mlquote.kit.money import EXACT
from mlquote.spend.amounts import NOTHING, Amount
from mlquote.spend.budgets import LEVELS, Budget, Level, period_keys
from mlquote.spend.documents import from_json, to_json
from mlquote.spend.verdicts import Used
from mlquote.store.audit import note
from mlquote.store.budget_tables import budget_versions, budgets, ledger_balances, reservations
from mlquote.store.engine import reachable, reading


@dataclass(frozen=True, slots=True)
class BudgetRecord:
    """A budget as it is kept."""

    id: int
    name: str
    budget: Budget
    version: int
    created_at: datetime
    updated_at: datetime
    updated_by: str


def put_budget(engine: Engine, name: str, budget: Budget, *, now: datetime, by: str) -> tuple[BudgetRecord, bool]:
    """Create the budget, or replace its limits and keep its ledger; True where it is new."""
    try:
        return _put(engine, name, budget, now, by)
    except IntegrityError:  # somebody else created it between our look and our insert: now it is there to be replaced
        return _put(engine, name, budget, now, by)


def list_budgets(engine: Engine, labels: Mapping[str, str]) -> list[BudgetRecord]:
    """Every live budget that carries all these labels, by name."""
    with reading(engine) as connection:
        rows = connection.execute(select(budgets).where(budgets.c.deleted_at.is_(None)).order_by(budgets.c.name)).all()
    records = [record(row) for row in rows]
    return [r for r in records if all(r.budget.labels.get(key) == value for key, value in labels.items())]


def delete_budget(engine: Engine, name: str, *, now: datetime, by: str) -> None:
    """Take a budget out of use; its ledger stays in the database.

    Raises: UnknownName; Conflict while reservations are held.
    """
    with changing(engine, name) as (connection, row):
        held = select(reservations.c.id).where(reservations.c.budget_id == row.id, reservations.c.state == "held")
        count = len(connection.execute(held.where(reservations.c.expires_at > now)).all())
        if count:
            raise Conflict(
                f"{count} reservations are held in budget {name!r}",
                pointer="/name",
                hint="settle or release them first",
            )
        changed = {"deleted_at": now, "updated_at": now, "updated_by": by}
        connection.execute(update(budgets).where(budgets.c.id == row.id).values(**changed))
        note(connection, "delete", f"budget:{name}", now=now, by=by, before=told(record(row)))


def history(engine: Engine, name: str) -> list[dict[str, Any]]:
    """Every version of a budget's limits, oldest first."""
    with reading(engine) as connection:
        row = found(connection, name)
        versions = select(budget_versions).where(budget_versions.c.budget_id == row.id)
        return [
            {"version": v.version, "changed_at": v.changed_at, "changed_by": v.changed_by, **from_json(v.body)}
            for v in connection.execute(versions.order_by(budget_versions.c.version))
        ]


@contextmanager
def changing(engine: Engine, name: str) -> Iterator[tuple[Connection, Row[Any]]]:
    """A transaction that holds a budget's row: whatever is read in it stays true until it ends.

    Raises: UnknownName; Unavailable when the database cannot be reached.
    """
    with reachable(), engine.begin() as connection:
        yield connection, found(connection, name, lock=True)


def found(connection: Connection, name: str, *, lock: bool = False) -> Row[Any]:
    """The live row of this name, locked against every other change if asked.

    Raises: UnknownName with the nearest names.
    """
    row = _live(connection, name, lock=lock)
    if row is None:
        known = connection.execute(select(budgets.c.name).where(budgets.c.deleted_at.is_(None))).scalars().all()
        raise unknown_name("budget", name, known, pointer="/name")
    return row


def record(row: Row[Any]) -> BudgetRecord:
    """A row as a record."""
    budget = Budget.model_validate(from_json(row.body))
    return BudgetRecord(row.id, row.name, budget, row.version, row.created_at, row.updated_at, row.updated_by)


def told(kept: BudgetRecord) -> dict[str, Any]:
    """A budget as it is told: its body, and since when it is so."""
    return {
        "name": kept.name,
        **kept.budget.model_dump(),
        "version": kept.version,
        "created_at": kept.created_at,
        "updated_at": kept.updated_at,
        "updated_by": kept.updated_by,
    }


def used(connection: Connection, budget_id: int, at: datetime) -> Used:
    """What is held and spent in every period that contains `at`."""
    sums: dict[tuple[str, str], Amount] = {}
    for (_, period, figure), amount in balances(connection, budget_id, period_keys(at)).items():
        sums[figure, period] = sums.get((figure, period), NOTHING) + amount
    return sums


def balances(connection: Connection, budget_id: int, periods: tuple[str, ...]) -> dict[tuple[str, str, str], Amount]:
    """(account, period, figure) -> its balance, for `held` and `spent`."""
    table = ledger_balances
    rows = connection.execute(select(table).where(table.c.budget_id == budget_id, table.c.period.in_(periods)))
    return {(row.account, row.period, row.figure): Amount(row.low, row.central, row.high) for row in rows}


def used_by_day(
    connection: Connection, budget_id: int, since: date, until: date
) -> dict[tuple[str, Level], dict[date, Decimal]]:
    """(figure, end of the range) -> what is held and spent on each UTC day of [since, until) that has anything."""
    days = {f"day:{day}": day for day in (since + timedelta(n) for n in range((until - since).days))}
    found: dict[tuple[str, Level], dict[date, Decimal]] = {}
    for (_, period, figure), amount in balances(connection, budget_id, tuple(days)).items():
        for level in LEVELS:
            sums = found.setdefault((figure, level), {})
            sums[days[period]] = EXACT.add(sums.get(days[period], Decimal(0)), amount.at(level))
    return found


def _put(engine: Engine, name: str, budget: Budget, now: datetime, by: str) -> tuple[BudgetRecord, bool]:
    body = to_json(budget.model_dump())
    with reachable(), engine.begin() as connection:
        row = _live(connection, name, lock=True)
        changed = {"body": body, "updated_at": now, "updated_by": by}
        if row is None:
            fresh = {"name": name, "version": 1, "created_at": now, **changed}
            budget_id = connection.execute(insert(budgets).values(**fresh).returning(budgets.c.id)).scalar_one()
        elif row.body == body:
            return record(row), False
        else:
            budget_id, changed["version"] = row.id, row.version + 1
            connection.execute(update(budgets).where(budgets.c.id == budget_id).values(**changed))
        current = found(connection, name)
        version = {"version": current.version, "body": body, "changed_at": now, "changed_by": by}
        connection.execute(insert(budget_versions).values(budget_id=budget_id, **version))
        before, after = None if row is None else told(record(row)), told(record(current))
        note(connection, "put", f"budget:{name}", now=now, by=by, before=before, after=after)
        return record(current), row is None


def _live(connection: Connection, name: str, *, lock: bool) -> Row[Any] | None:
    query = select(budgets).where(budgets.c.name == name, budgets.c.deleted_at.is_(None))
    return connection.execute(query.with_for_update() if lock else query).first()
