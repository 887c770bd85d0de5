"""Reservations in the database: their rows, and each change one transaction on the locked budget, safe to repeat.

What a request does to a reservation is decided in `spend/reservations.py`; here it is read, written and posted.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, update

from mlquote.kit.errors import UnknownName
from mlquote.spend import ledger, verdicts
from mlquote.spend import reservations as rules
from mlquote.spend.amounts import Amount, Spent, amount_of, totals
from mlquote.spend.budgets import Hold
from mlquote.spend.checks import report
from mlquote.spend.documents import from_json, to_json
from mlquote.spend.forecasts import first_day, limit_outlooks
from mlquote.spend.reservations import Move, Outcome, Request, Reservation
from mlquote.spend.settling import excesses, refuse_beyond, warnings_of
from mlquote.store.audit import note
from mlquote.store.budget_tables import budgets, ledger_entries, reservations
from mlquote.store.budgets import balances, changing, found, record, told, used, used_by_day
from mlquote.store.engine import reading
from mlquote.store.idempotent import Act, once
from mlquote.store.ledger import Transaction, post, spent_in

MOST_EXPIRED_AT_ONCE = 1000
EXPIRY = "expiry"
"""Who gives back a hold whose time is over, in the ledger's words."""


def check(engine: Engine, name: str, questions: Sequence[Spent], labels: Mapping[str, str], at: datetime) -> Any:
    """The verdict alone; nothing is held."""
    expire_due(engine, name, at)
    with reading(engine) as connection:
        row = found(connection, name)
        return report(name, record(row).budget, questions, used(connection, row.id, at), at, labels=labels)


def standing(engine: Engine, name: str, at: datetime) -> dict[str, Any]:
    """A budget, where each of its limits stands and how its period ends, and what was ever held and spent."""
    expire_due(engine, name, at)
    with reading(engine) as connection:
        row = found(connection, name)
        kept, limits = record(row), _stands(connection, row, at)
        sums, until = balances(connection, kept.id, ("total",)), at.astimezone(UTC).date()
        daily = used_by_day(connection, kept.id, first_day(at), until)
        forecasts = limit_outlooks(kept.budget.limits, used(connection, kept.id, at), daily, at)
    by_account: dict[str, dict[str, Amount]] = {"held": {}, "spent": {}}
    for (account, _, figure), amount in sorted(sums.items()):
        by_account[account][figure] = amount
    return {**told(kept), "standing": limits, "forecasts": forecasts, "balance": by_account}


def reserve(
    engine: Engine,
    name: str,
    questions: Sequence[Spent],
    request: Request,
    *,
    labels: Mapping[str, str],
    expires_after_s: Hold | None = None,
) -> Any:
    """The verdict, and where it passes or warns, what is asked is held until it is settled, released or expires."""

    def act(connection: Connection, row: Row[Any]) -> Any:
        budget = record(row).budget
        body = report(name, budget, questions, used(connection, row.id, request.now), request.now, labels=labels)
        if rules.may_be_held(body["verdict"]):
            lasts = timedelta(seconds=expires_after_s or budget.expires_after_s)
            new_id = f"res_{secrets.token_hex(12)}"
            move = rules.held(new_id, totals(questions), body["labels"], request, lasts)
            connection.execute(insert(reservations).values(budget_id=row.id, **_columns(move.reservation)))
            fresh = _row(connection, row.id, new_id)
            body["reservation"] = _moved(connection, row, fresh, move, request, is_new=True)
        return body

    return _once(engine, name, request, act)


def settle(
    engine: Engine,
    name: str,
    reservation_id: str,
    actual: Mapping[str, Decimal],
    request: Request,
    *,
    most_factor: Decimal | None = None,
) -> Any:
    """What was really spent takes the place of what was held, even where the hold has expired meanwhile.

    Raises: UnknownName; Conflict where it was released, or settled with other figures; OutOfDomain for more than
            `most_factor` times what was held
    """
    ledger.known_actuals(actual, "/actual")

    def act(connection: Connection, row: Row[Any]) -> Any:
        kept = _row(connection, row.id, reservation_id)
        before = _reservation(kept)
        move = rules.settled(before, actual, request)
        far = excesses(before.asked, actual, record(row).budget.limits) if move.entries else ()
        refuse_beyond(far, most_factor)
        return _moved(connection, row, kept, move, request) | {"warnings": warnings_of(far)}

    return _once(engine, name, request, act)


def release(engine: Engine, name: str, reservation_id: str, request: Request) -> Any:
    """Nothing was spent: the hold goes back. Releasing what is released or expired changes nothing.

    Raises: UnknownName; Conflict where it was settled.
    """

    def act(connection: Connection, row: Row[Any]) -> Any:
        kept = _row(connection, row.id, reservation_id)
        return _moved(connection, row, kept, rules.released(_reservation(kept), request), request)

    return _once(engine, name, request, act)


def spend(
    engine: Engine,
    name: str,
    bills: Mapping[datetime, Mapping[str, Amount]],
    request: Request,
    *,
    labels: Mapping[str, str],
    answer: Mapping[str, Any],
) -> Any:
    """Charge bills that nobody reserved, each to the moment it counts for.

    `answer` is what the caller is told, now and at every retry, with where the budget's limits stand after it.
    """

    def act(connection: Connection, row: Row[Any]) -> Any:
        merged = to_json({**record(row).budget.labels, **labels})
        for moment, amounts in sorted(bills.items()):
            post(connection, row.id, Transaction("spend", ledger.spent(amounts), moment, merged), request)
        after = {"charged_usd": answer.get("charged_usd"), "moments": len(bills)}
        note(connection, "spend", f"budget:{name}", now=request.now, by=request.by, after=after)
        return {**answer, "standing": _stands(connection, row, request.now)}

    return _once(engine, name, request, act)


def expire_due(engine: Engine, name: str, now: datetime) -> None:
    """Give back every hold of this budget whose time is over; nothing is written where there is none."""
    with reading(engine) as connection:
        row = found(connection, name)
        if not _due(connection, row.id, now):
            return
    with changing(engine, name) as (connection, row):
        _expire(connection, row, now)


def find_reservation(engine: Engine, reservation_id: str, now: datetime, name: str | None = None) -> dict[str, Any]:
    """One reservation.

    Raises: UnknownName
    """
    budget = budget_of(engine, reservation_id) if name is None else name
    expire_due(engine, budget, now)
    with reading(engine) as connection:
        row = found(connection, budget)
        return described(_row(connection, row.id, reservation_id), budget) | _corrected(connection, reservation_id)


def list_reservations(engine: Engine, name: str, now: datetime, state: str | None, limit: int) -> list[dict[str, Any]]:
    """The newest reservations of a budget, of one state if given."""
    expire_due(engine, name, now)
    with reading(engine) as connection:
        row = found(connection, name)
        query = select(reservations).where(reservations.c.budget_id == row.id)
        if state is not None:
            query = query.where(reservations.c.state == state)
        newest = query.order_by(reservations.c.reserved_at.desc(), reservations.c.id).limit(limit)
        return [described(kept, name) for kept in connection.execute(newest)]


def budget_of(engine: Engine, reservation_id: str) -> str:
    """The budget that a reservation stands in.

    Raises: UnknownName
    """
    query = select(budgets.c.name).join(reservations).where(reservations.c.id == reservation_id)
    with reading(engine) as connection:
        name = connection.execute(query.where(budgets.c.deleted_at.is_(None))).scalar_one_or_none()
    if name is None:
        raise _unknown(reservation_id)
    return str(name)


def described(kept: Row[Any], name: str) -> dict[str, Any]:
    """A reservation as it is told."""
    outcome = from_json(kept.spent) if kept.spent is not None else {"spent": None, "at_estimate": []}
    return {
        "id": kept.id,
        "budget": name,
        "state": kept.state,
        "asked": from_json(kept.asked),
        **outcome,
        "labels": from_json(kept.labels),
        "reserved_at": kept.reserved_at,
        "reserved_by": kept.reserved_by,
        "expires_at": kept.expires_at,
        "closed_at": kept.closed_at,
    }


def _corrected(connection: Connection, reservation_id: str) -> dict[str, Any]:
    """What counts as spent for a reservation whose settlement was corrected."""
    table = ledger_entries.c
    rows = connection.execute(select(ledger_entries).where(table.reservation_id == reservation_id)).all()
    return {"corrected_spent": spent_in(rows) if any(row.corrects is not None for row in rows) else None}


def _stands(connection: Connection, row: Row[Any], at: datetime) -> tuple[verdicts.LimitVerdict, ...]:
    return verdicts.standing(record(row).budget, used(connection, row.id, at), at)


def _once(engine: Engine, name: str, request: Request, act: Act) -> Any:
    """`act`, once, on a budget whose due holds have been given back."""

    def on_what_is_held(connection: Connection, row: Row[Any]) -> Any:
        _expire(connection, row, request.now)
        return act(connection, row)

    return once(engine, name, request, on_what_is_held)


def _moved(
    connection: Connection, row: Row[Any], kept: Row[Any], move: Move, request: Request, *, is_new: bool = False
) -> dict[str, Any]:
    """A reservation after its move, as it is told; its entries count for the moment it was made."""
    after = move.reservation
    written = Transaction(move.act, move.entries, after.reserved_at, kept.labels, after.id)
    post(connection, row.id, written, request)
    told = described(kept, row.name)
    if after.state == kept.state:
        if is_new:
            _note(connection, move, request, None, told)
        return told
    spent = None if after.outcome is None else to_json(after.outcome)
    changed = {"state": after.state, "closed_at": after.closed_at, "spent": spent}
    connection.execute(update(reservations).where(reservations.c.id == after.id).values(**changed))
    closed = described(_row(connection, row.id, after.id), row.name)
    _note(connection, move, request, told, closed)
    return closed


def _note(connection: Connection, move: Move, request: Request, before: Any, after: Any) -> None:
    subject = f"reservation:{move.reservation.id}"
    note(connection, move.act, subject, now=request.now, by=request.by, before=before, after=after)


def _expire(connection: Connection, row: Row[Any], now: datetime) -> None:
    for kept in _due(connection, row.id, now):
        _moved(connection, row, kept, rules.expired(_reservation(kept), now), Request(EXPIRY, now))


def _due(connection: Connection, budget_id: int, now: datetime) -> Sequence[Row[Any]]:
    table = reservations
    mine = (table.c.budget_id == budget_id) & (table.c.state == "held") & (table.c.expires_at <= now)
    return connection.execute(select(table).where(mine).order_by(table.c.expires_at).limit(MOST_EXPIRED_AT_ONCE)).all()


def _row(connection: Connection, budget_id: int, reservation_id: str) -> Row[Any]:
    mine = (reservations.c.budget_id == budget_id) & (reservations.c.id == reservation_id)
    kept = connection.execute(select(reservations).where(mine)).first()
    if kept is None:
        raise _unknown(reservation_id)
    return kept


def _unknown(reservation_id: str) -> UnknownName:
    return UnknownName(f"no reservation {reservation_id[:80]!r}", pointer="/id", code="unknown-reservation")


def _columns(fresh: Reservation) -> dict[str, Any]:
    return {
        "id": fresh.id,
        "state": fresh.state,
        "asked": to_json(fresh.asked),
        "labels": to_json(fresh.labels),
        "reserved_at": fresh.reserved_at,
        "reserved_by": fresh.reserved_by,
        "expires_at": fresh.expires_at,
    }


def _reservation(kept: Row[Any]) -> Reservation:
    outcome = None if kept.spent is None else from_json(kept.spent)
    return Reservation(
        id=kept.id,
        state=kept.state,
        asked=_amounts(from_json(kept.asked)),
        labels=from_json(kept.labels),
        reserved_at=kept.reserved_at,
        reserved_by=kept.reserved_by,
        expires_at=kept.expires_at,
        closed_at=kept.closed_at,
        outcome=None if outcome is None else Outcome(_amounts(outcome["spent"]), tuple(outcome["at_estimate"])),
    )


def _amounts(told: Mapping[str, Any]) -> dict[str, Amount]:
    read = {figure: amount_of(value) for figure, value in told.items()}
    return {figure: amount for figure, amount in read.items() if amount is not None}
