"""One answer for one request, however often it comes: done under the budget's lock, kept with its key, repeated."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select

from mlquote.kit.errors import Conflict
from mlquote.spend.documents import from_json, plain, to_json
from mlquote.spend.reservations import Request
from mlquote.store.budget_tables import idempotent_answers
from mlquote.store.budgets import changing, found
from mlquote.store.engine import reading

Act = Callable[[Connection, Row[Any]], Any]
"""What is done to a budget's locked row, and what is answered."""


def once(engine: Engine, name: str, request: Request, act: Act) -> Any:
    """Do `act` under the budget's lock, or repeat the answer that the same request had before.

    Raises: UnknownName; Conflict where its key came with another body or from another API key; what `act` raises, and
            then nothing is kept.
    """
    with changing(engine, name) as (connection, row):
        kept = _kept_answer(connection, row, request)
        if kept is not None:
            return kept
        answer = plain(act(connection, row))
        if request.key is not None:
            values: dict[str, Any] = {"key": request.key, "request_digest": request.digest, "answer": to_json(answer)}
            values |= {"budget_id": row.id, "asked_by": request.by, "answered_at": request.now}
            connection.execute(insert(idempotent_answers).values(**values))
        return answer


def answered(engine: Engine, name: str, request: Request) -> Any | None:
    """The answer that this request already had, so that a retry need not be computed again.

    Raises: UnknownName; Conflict where its key came with another body.
    """
    if request.key is None:
        return None
    with reading(engine) as connection:
        return _kept_answer(connection, found(connection, name), request)


def _kept_answer(connection: Connection, row: Row[Any], request: Request) -> Any | None:
    if request.key is None:
        return None
    table = idempotent_answers
    kept = connection.execute(select(table).where(table.c.budget_id == row.id, table.c.key == request.key)).first()
    if kept is None:
        return None
    if kept.asked_by not in (None, request.by):
        raise Conflict(
            f"Idempotency-Key {request.key!r} was used by another API key",
            pointer="/Idempotency-Key",
            hint="send an Idempotency-Key of your own",
            code="idempotency-key-reused",
        )
    if kept.request_digest != request.digest:
        raise Conflict(
            f"Idempotency-Key {request.key!r} was used for another request",
            pointer="/Idempotency-Key",
            hint="send a new key with a new request",
            code="idempotency-key-reused",
        )
    return from_json(kept.answer)
