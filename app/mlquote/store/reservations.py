"""Reserving, settling, releasing and spending: each one transaction on the locked budget, each safe to repeat."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, update

from mlquote.kit.errors import Conflict, UnknownName
from mlquote.spend import ledger, verdicts
from mlquote.spend.amounts import Amount, Spent, amount_of, totals
from mlquote.spend.budgets import Hold
from mlquote.spend.checks import report
from mlquote.spend.documents import from_json, plain, to_json
from mlquote.spend.ledger import Act, Entry
from mlquote.store.budget_tables import budgets, idempotent_answers, reservations
from mlquote.store.budgets import balances, changing, found, record, told, used
from mlquote.store.engine import reading
from mlquote.store.ledger import post

MOST_EXPIRED_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks, when, and how a retry of the same request is recognised."""

    by: str
    now: datetime
    key: str | None = None
    """The Idempotency-Key; without one every call is a new request."""
    digest: str = ""
    """Names the request's body: the same key with another body is a conflict."""


def check(engine: Engine, name: str, questions: Sequence[Spent], labels: Mapping[str, str], at: datetime) -> Any:
    """The verdict alone; nothing is held."""
    expire_due(engine, name, at)
    with reading(engine) as connection:
        row = found(connection, name)
        return report(name, record(row).budget, questions, used(connection, row.id, at), at, labels=labels)


def standing(engine: Engine, name: str, at: datetime) -> dict[str, Any]:
    """A budget, where each of its limits stands, and what was ever held and spent."""
    expire_due(engine, name, at)
    with reading(engine) as connection:
        row = found(connection, name)
        kept, limits = record(row), _stands(connection, row, at)
        sums = balances(connection, kept.id, ("total",))
    by_account: dict[str, dict[str, Amount]] = {"held": {}, "spent": {}}
    for (account, _, figure), amount in sorted(sums.items()):
        by_account[account][figure] = amount
    return {**told(kept), "standing": limits, "balance": by_account}


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
        if body["verdict"] in ("pass", "warn"):
            seconds = expires_after_s or budget.expires_after_s
            held = totals(questions)
            body["reservation"] = _hold(connection, row, held, body["labels"], request, timedelta(seconds=seconds))
        return body

    return _once(engine, name, request, act)


def settle(engine: Engine, name: str, reservation_id: str, actual: Mapping[str, Decimal], request: Request) -> Any:
    """What was really spent takes the place of what was held, even where the hold has expired meanwhile.

    Raises: UnknownName; Conflict where it was released, or settled with other figures.
    """
    ledger.known_actuals(actual, "/actual")

    def act(connection: Connection, row: Row[Any]) -> Any:
        kept = _reservation(connection, row.id, reservation_id)
        if kept.state == "released":
            raise Conflict(f"reservation {reservation_id} was released", hint="post what was spent to /v1/usage/cost")
        asked = _amounts(kept.asked)
        settlement = ledger.settled(asked, asked if kept.state == "held" else {}, actual)
        outcome = plain({"spent": settlement.spent, "at_estimate": settlement.at_estimate})
        if kept.state == "settled":
            if from_json(kept.spent) != outcome:
                raise Conflict(f"reservation {reservation_id} was settled with other figures", pointer="/actual")
            return described(kept, name)
        _post(connection, row, "settle", settlement.entries, kept, request)
        return _closed(connection, kept, name, "settled", request.now, to_json(outcome))

    return _once(engine, name, request, act)


def release(engine: Engine, name: str, reservation_id: str, request: Request) -> Any:
    """Nothing was spent: the hold goes back. Releasing what is released or expired changes nothing.

    Raises: UnknownName; Conflict where it was settled.
    """

    def act(connection: Connection, row: Row[Any]) -> Any:
        kept = _reservation(connection, row.id, reservation_id)
        if kept.state == "settled":
            raise Conflict(f"reservation {reservation_id} was settled", hint="what is spent stays spent")
        if kept.state != "held":
            return described(kept, name)
        _post(connection, row, "release", ledger.released(_amounts(kept.asked)), kept, request)
        return _closed(connection, kept, name, "released", request.now, None)

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
        merged = {**record(row).budget.labels, **labels}
        for charged_at, amounts in sorted(bills.items()):
            post(
                connection,
                row.id,
                "spend",
                ledger.spent(amounts),
                charged_at=charged_at,
                now=request.now,
                by=request.by,
                labels=to_json(merged),
            )
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
        return described(_reservation(connection, row.id, reservation_id), budget)


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


def answered(engine: Engine, name: str, request: Request) -> Any | None:
    """The answer that this request already had, so that a retry need not be computed again.

    Raises: UnknownName; Conflict where its key came with another body.
    """
    if request.key is None:
        return None
    with reading(engine) as connection:
        return _kept_answer(connection, found(connection, name), request)


def _stands(connection: Connection, row: Row[Any], at: datetime) -> tuple[verdicts.LimitVerdict, ...]:
    return verdicts.standing(record(row).budget, used(connection, row.id, at), at)


def _once(engine: Engine, name: str, request: Request, act: Callable[[Connection, Row[Any]], Any]) -> Any:
    """Do `act` under the budget's lock, or repeat the answer that the same request had before."""
    with changing(engine, name) as (connection, row):
        kept = _kept_answer(connection, row, request)
        if kept is not None:
            return kept
        _expire(connection, row, request.now)
        answer = plain(act(connection, row))
        if request.key is not None:
            values = {"key": request.key, "request_digest": request.digest, "answer": to_json(answer)}
            connection.execute(insert(idempotent_answers).values(budget_id=row.id, answered_at=request.now, **values))
        return answer


def _kept_answer(connection: Connection, row: Row[Any], request: Request) -> Any | None:
    if request.key is None:
        return None
    table = idempotent_answers
    kept = connection.execute(select(table).where(table.c.budget_id == row.id, table.c.key == request.key)).first()
    if kept is None:
        return None
    if kept.request_digest != request.digest:
        raise Conflict(
            f"Idempotency-Key {request.key!r} was used for another request",
            pointer="/Idempotency-Key",
            hint="send a new key with a new request",
            code="idempotency-key-reused",
        )
    return from_json(kept.answer)


def _hold(
    connection: Connection,
    row: Row[Any],
    held: Mapping[str, Amount],
    labels: Mapping[str, str],
    request: Request,
    lasts: timedelta,
) -> dict[str, Any]:
    fresh = {
        "id": f"res_{secrets.token_hex(12)}",
        "budget_id": row.id,
        "state": "held",
        "asked": to_json(held),
        "labels": to_json(labels),
        "reserved_at": request.now,
        "reserved_by": request.by,
        "expires_at": request.now + lasts,
    }
    connection.execute(insert(reservations).values(**fresh))
    kept = _reservation(connection, row.id, str(fresh["id"]))
    _post(connection, row, "reserve", ledger.reserved(held), kept, request)
    return described(kept, row.name)


def _post(
    connection: Connection, row: Row[Any], act: Act, entries: Sequence[Entry], kept: Row[Any], request: Request
) -> None:
    """Write entries that belong to a reservation: they count for the moment it was made."""
    post(
        connection,
        row.id,
        act,
        entries,
        charged_at=kept.reserved_at,
        now=request.now,
        by=request.by,
        labels=kept.labels,
        reservation_id=kept.id,
    )


def _closed(
    connection: Connection, kept: Row[Any], name: str, state: str, now: datetime, spent: str | None
) -> dict[str, Any]:
    values = {"state": state, "closed_at": now, "spent": spent}
    connection.execute(update(reservations).where(reservations.c.id == kept.id).values(**values))
    return described(_reservation(connection, kept.budget_id, kept.id), name)


def _expire(connection: Connection, row: Row[Any], now: datetime) -> None:
    for kept in _due(connection, row.id, now):
        _post(connection, row, "expire", ledger.released(_amounts(kept.asked)), kept, Request("expiry", now))
        _closed(connection, kept, row.name, "expired", now, None)


def _due(connection: Connection, budget_id: int, now: datetime) -> Sequence[Row[Any]]:
    table = reservations
    mine = (table.c.budget_id == budget_id) & (table.c.state == "held") & (table.c.expires_at <= now)
    return connection.execute(select(table).where(mine).order_by(table.c.expires_at).limit(MOST_EXPIRED_AT_ONCE)).all()


def _reservation(connection: Connection, budget_id: int, reservation_id: str) -> Row[Any]:
    mine = (reservations.c.budget_id == budget_id) & (reservations.c.id == reservation_id)
    kept = connection.execute(select(reservations).where(mine)).first()
    if kept is None:
        raise _unknown(reservation_id)
    return kept


def _unknown(reservation_id: str) -> UnknownName:
    return UnknownName(f"no reservation {reservation_id[:80]!r}", pointer="/id", code="unknown-reservation")


def _amounts(text: str) -> dict[str, Amount]:
    read = {figure: amount_of(value) for figure, value in from_json(text).items()}
    return {figure: amount for figure, amount in read.items() if amount is not None}
