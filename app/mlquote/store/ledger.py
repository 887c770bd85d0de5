"""The ledger in the database: entries are only ever added, balances move with them, and an audit proves both."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, insert, select, update

from mlquote.spend.amounts import NOTHING, Amount
from mlquote.spend.budgets import period_keys
from mlquote.spend.documents import from_json
from mlquote.spend.ledger import Account, Act, Entry, is_balanced
from mlquote.spend.ledger import balances as sums_of
from mlquote.spend.reservations import Request
from mlquote.store.budget_tables import ledger_balances, ledger_entries
from mlquote.store.budgets import balances, found
from mlquote.store.engine import reading

_KEPT: tuple[Account, ...] = ("held", "spent")
"""Accounts with a running balance; `free` is what the two of them leave, negative."""

_MOVE = (
    update(ledger_balances)
    .where(
        ledger_balances.c.budget_id == bindparam("at_budget_id"),
        ledger_balances.c.period == bindparam("at_period"),
        ledger_balances.c.figure == bindparam("at_figure"),
        ledger_balances.c.account == bindparam("at_account"),
    )
    .values({end: bindparam(end) for end in ("low", "central", "high")})
)


@dataclass(frozen=True, slots=True)
class Transaction:
    """Entries that are written together, and what they count for."""

    act: Act
    entries: tuple[Entry, ...]
    charged_at: datetime
    """The moment whose periods they count in."""
    labels: str
    """Whose they are, as JSON text."""
    reservation_id: str | None = None
    reason: str | None = None
    corrects: str | None = None


def post(connection: Connection, budget_id: int, written: Transaction, request: Request) -> str | None:
    """Append one transaction and move the balances of its periods; the caller holds the budget's lock.

    Returns: its id; None where there is nothing to write
    """
    if not written.entries:
        return None
    shared = {
        "budget_id": budget_id,
        "transaction_id": f"txn_{secrets.token_hex(12)}",
        "act": written.act,
        "charged_at": written.charged_at,
        "posted_at": request.now,
        "posted_by": request.by,
        "reservation_id": written.reservation_id,
        "labels": written.labels,
        "corrects": written.corrects,
        "reason": written.reason,
    }
    rows = [shared | {"account": e.account, "figure": e.figure} | _ends(e.amount) for e in written.entries]
    connection.execute(insert(ledger_entries), rows)
    _move(connection, budget_id, written.entries, period_keys(written.charged_at))
    return str(shared["transaction_id"])


def spent_in(rows: Iterable[Row[Any]]) -> dict[str, Amount]:
    """What entries of a ledger count as spent, figure by figure."""
    sums = sums_of(_entry(row) for row in rows)
    return {figure: amount for (account, figure), amount in sums.items() if account == "spent"}


def page(
    engine: Engine, name: str, *, after: int = 0, limit: int = 1000, reservation_id: str | None = None
) -> list[dict[str, Any]]:
    """Entries in the order in which they were written, from the one behind `after` on."""
    table = ledger_entries
    with reading(engine) as connection:
        row = found(connection, name)
        query = select(table).where(table.c.budget_id == row.id, table.c.id > after)
        if reservation_id is not None:
            query = query.where(table.c.reservation_id == reservation_id)
        return [_told(entry) for entry in connection.execute(query.order_by(table.c.id).limit(limit))]


def audit(engine: Engine, name: str) -> dict[str, Any]:
    """Sum the whole ledger again: whether every transaction is balanced, and whether the sums are the balances."""
    table = ledger_entries
    with reading(engine) as connection:
        row = found(connection, name)
        rows = connection.execute(select(table).where(table.c.budget_id == row.id).order_by(table.c.id)).all()
        running = balances(connection, row.id, ("total",))
    entries = [_entry(entry) for entry in rows]
    by_transaction: dict[str, list[Entry]] = {}
    for kept, entry in zip(rows, entries, strict=True):
        by_transaction.setdefault(kept.transaction_id, []).append(entry)
    sums = sums_of(entries)
    agrees = all(
        sums.get((account, figure), NOTHING) == running.get((account, "total", figure), NOTHING)
        for figure in {entry.figure for entry in entries}
        for account in _KEPT
    )
    return {
        "entries": len(rows),
        "transactions": len(by_transaction),
        "is_balanced": all(is_balanced(members) for members in by_transaction.values()),
        "agrees_with_balances": agrees,
        "sums": {
            figure: {account: sums.get((account, figure), NOTHING) for account in ("free", "held", "spent")}
            for figure in sorted({entry.figure for entry in entries})
        },
    }


def _move(connection: Connection, budget_id: int, entries: Sequence[Entry], periods: tuple[str, ...]) -> None:
    current = balances(connection, budget_id, periods)
    fresh, moved = [], []
    for (account, figure), change in sums_of(entries).items():
        if account not in _KEPT or change == NOTHING:
            continue
        for period in periods:
            before = current.get((account, period, figure))
            at = {"budget_id": budget_id, "period": period, "figure": figure, "account": account}
            if before is None:
                fresh.append(at | _ends(change))
            else:
                moved.append({f"at_{name}": value for name, value in at.items()} | _ends(before + change))
    if fresh:
        connection.execute(insert(ledger_balances), fresh)
    if moved:
        connection.execute(_MOVE, moved)


def _ends(amount: Amount) -> dict[str, Any]:
    return {"low": amount.low, "central": amount.central, "high": amount.high}


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.account, row.figure, Amount(row.low, row.central, row.high))


def _told(row: Row[Any]) -> dict[str, Any]:
    kept = row._asdict()
    kept.pop("budget_id")
    return kept | {"labels": from_json(row.labels)}
