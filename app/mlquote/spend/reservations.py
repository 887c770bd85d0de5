"""What becomes of a reservation: held, then settled, released or expired. Every rule is here, and nothing is stored.

    held ──settle──> settled        what was spent takes the place of what was held
      ├───release──> released       nothing was spent
      └───expire───> expired ──settle──> settled        work that outlived its hold is still charged

Each function takes a reservation and a request and returns the ledger entries to write and the reservation after them.
Asking again for what is already so changes nothing; asking for the contrary is a Conflict.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from mlquote.kit.errors import Conflict
from mlquote.spend import ledger
from mlquote.spend.amounts import Amount
from mlquote.spend.budgets import Verdict
from mlquote.spend.ledger import Act, Entry

State = Literal["held", "settled", "released", "expired"]


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks, when, and how a retry of the same request is recognised."""

    by: str
    now: datetime
    key: str | None = None
    """The Idempotency-Key; without one every call is a new request."""
    digest: str = ""
    """Names the request's body: the same key with another body is a conflict."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was really spent, and the figures that nobody gave and that count as estimated."""

    spent: Mapping[str, Amount]
    at_estimate: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reservation:
    """What is held of a budget for one piece of work, until it is settled, released or expires."""

    id: str
    state: State
    asked: Mapping[str, Amount]
    labels: Mapping[str, str]
    reserved_at: datetime
    reserved_by: str
    expires_at: datetime
    closed_at: datetime | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """What a request does: the entries it writes, and the reservation after it, the very same where nothing changed."""

    act: Act
    entries: tuple[Entry, ...]
    reservation: Reservation


def may_be_held(verdict: Verdict) -> bool:
    """Only what passes is held: never what is over a limit, nor what nobody knows."""
    return verdict in ("pass", "warn")


def held(name: str, asked: Mapping[str, Amount], labels: Mapping[str, str], request: Request, lasts: timedelta) -> Move:
    """A new reservation under an id, its amounts held from now on for so long."""
    fresh = Reservation(name, "held", asked, labels, request.now, request.by, request.now + lasts)
    return Move("reserve", ledger.reserved(asked), fresh)


def settled(before: Reservation, actual: Mapping[str, Decimal], request: Request) -> Move:
    """What was really spent takes the place of what was held, even where the hold has expired meanwhile.

    Raises: Conflict where it was released, or settled with other figures.
    """
    if before.state == "released":
        raise Conflict(f"reservation {before.id} was released", hint="post what was spent to /v1/usage/cost")
    settlement = ledger.settled(before.asked, before.asked if before.state == "held" else {}, actual)
    outcome = Outcome(settlement.spent, settlement.at_estimate)
    if before.state == "settled":
        if before.outcome != outcome:
            raise Conflict(f"reservation {before.id} was settled with other figures", pointer="/actual")
        return Move("settle", (), before)
    after = replace(before, state="settled", closed_at=request.now, outcome=outcome)
    return Move("settle", settlement.entries, after)


def released(before: Reservation, request: Request) -> Move:
    """Nothing was spent: the hold goes back. Releasing what is released or expired changes nothing.

    Raises: Conflict where it was settled.
    """
    if before.state == "settled":
        raise Conflict(f"reservation {before.id} was settled", hint="what is spent stays spent")
    if before.state != "held":
        return Move("release", (), before)
    after = replace(before, state="released", closed_at=request.now)
    return Move("release", ledger.released(before.asked), after)


def expired(before: Reservation, now: datetime) -> Move:
    """The hold's time is over and it goes back; before its moment, or where nothing is held, nothing changes."""
    if before.state != "held" or now < before.expires_at:
        return Move("expire", (), before)
    return Move("expire", ledger.released(before.asked), replace(before, state="expired", closed_at=now))
