"""Corrections: what a transaction counted as spent, made what it should have been by a counter entry with its reason.

Nothing in the ledger is edited. A correction says which transaction it corrects and counts in the same periods; it may
be corrected again, always under the first transaction's name, and the last word is what counts.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, Row, or_, select

from mlquote.kit.errors import Conflict, Malformed, UnknownName
from mlquote.spend import ledger
from mlquote.spend.amounts import Amount
from mlquote.spend.reservations import Request
from mlquote.store.audit import note
from mlquote.store.budget_tables import ledger_entries
from mlquote.store.idempotent import once
from mlquote.store.ledger import Transaction, post, spent_in


def correct(engine: Engine, name: str, named: str, actual: Mapping[str, Decimal], reason: str, request: Request) -> Any:
    """The figures of a transaction as they should have been; those that are not given stay as they stand.

    `named` is the transaction, or the reservation that it settled.

    Raises: Malformed without a reason; UnknownName; Conflict for what is a correction itself or spent nothing
    """
    ledger.known_actuals(actual, "/actual")
    if not reason.strip() or not reason.isprintable():
        raise Malformed("say in a line why it is corrected", pointer="/reason", hint="the ledger keeps it")

    def act(connection: Connection, row: Row[Any]) -> Any:
        transaction_id = _first_of(connection, row.id, named)
        rows = _corrected(connection, row.id, transaction_id)
        before = spent_in(rows)
        first = rows[0]
        written = Transaction(
            "correct",
            ledger.corrected(before, actual),
            first.charged_at,
            first.labels,
            first.reservation_id,
            reason.strip(),
            transaction_id,
        )
        posted = post(connection, row.id, written, request)
        told = {"transaction_id": posted, "corrects": transaction_id, "reason": reason.strip(), "budget": name}
        answer = told | {"before": before, "after": before | _exactly(actual)}
        if posted is not None:
            note(
                connection,
                "correct",
                f"transaction:{transaction_id}",
                now=request.now,
                by=request.by,
                before=before,
                after=answer,
            )
        return answer

    return once(engine, name, request, act)


def _first_of(connection: Connection, budget_id: int, named: str) -> str:
    """The transaction that is named, or that settled the reservation that is.

    Raises: UnknownName, where there is none
    """
    table = ledger_entries.c
    settled = (table.reservation_id == named) & (table.act == "settle")
    query = select(table.transaction_id).where(
        table.budget_id == budget_id, or_(table.transaction_id == named, settled)
    )
    found = connection.execute(query.limit(1)).scalar_one_or_none()
    if found is None:
        raise UnknownName(f"no transaction {named[:80]!r}", pointer="/transaction", code="unknown-transaction")
    return str(found)


def _corrected(connection: Connection, budget_id: int, transaction_id: str) -> Sequence[Row[Any]]:
    table = ledger_entries.c
    either = or_(table.transaction_id == transaction_id, table.corrects == transaction_id)
    query = select(ledger_entries).where(table.budget_id == budget_id, either)
    rows = connection.execute(query.order_by(table.id)).all()
    if rows[0].corrects is not None:
        hint = f"correct {rows[0].corrects} again"
        raise Conflict(f"{transaction_id} is a correction itself", pointer="/transaction", hint=hint)
    if rows[0].act not in ("settle", "spend"):
        raise Conflict(f"{transaction_id} spent nothing", pointer="/transaction", hint="release a hold instead")
    return rows


def _exactly(actual: Mapping[str, Decimal]) -> dict[str, Amount]:
    return {figure: Amount(number, number, number) for figure, number in actual.items()}
