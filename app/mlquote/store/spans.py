"""Spans in the database: each met once however often it is sent, paid by its budget and summed by label in one step.

All that an export changes is one transaction: the spans that are new, those that are paid no more since calls below
them came, the budget's ledger and the sums. A retry finds its spans and changes nothing, whichever worker it meets.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, and_, bindparam, delete, insert, select, update

from mlquote.kit.money import EXACT
from mlquote.spend import ledger
from mlquote.spend.amounts import Amount
from mlquote.spend.documents import to_json
from mlquote.spend.reservations import Request
from mlquote.spend.span_bills import Key, Known, Settled, settled
from mlquote.store.budget_tables import budgets
from mlquote.store.budgets import changing, record
from mlquote.store.engine import reading, writing
from mlquote.store.ledger import Transaction, post
from mlquote.store.usage_tables import otlp_spans, otlp_totals

WINDOW: Final = timedelta(hours=24)
"""How long a span is remembered after it was met: one that is sent again later is paid again."""
MOST_SERIES: Final = 1_000
"""Sums by label, provider and model that are kept of one budget; values beyond that are summed as OTHER."""
OTHER: Final = "(other)"
_AT_ONCE: Final = 400
_NOBODY: Final = 0
"""The account of spans that no budget pays for."""
_FORGET: Final = delete(otlp_spans).where(otlp_spans.c.seen_at < bindparam("before"))
_Names = tuple[str, str, str, str]


@dataclass(slots=True)
class _Sum:
    calls: int = 0
    unpriced_calls: int = 0
    withdrawn_calls: int = 0
    usd: Decimal = Decimal(0)
    withdrawn_usd: Decimal = Decimal(0)

    def add(self, other: "_Sum | Row[Any]") -> None:
        self.calls += other.calls
        self.unpriced_calls += other.unpriced_calls
        self.withdrawn_calls += other.withdrawn_calls
        self.usd = EXACT.add(self.usd, other.usd)
        self.withdrawn_usd = EXACT.add(self.withdrawn_usd, other.withdrawn_usd)


def feed(engine: Engine, budget: str | None, coming: Sequence[Known], label: str, request: Request) -> Settled:
    """Keep spans that are not known, pay what is to be paid, take back what calls below it pay now.

    Args:   budget: who pays; None for nobody; label: the name of the label whose values the spans carry
    Raises: UnknownName for a budget that does not exist; Unavailable
    """
    with _account(engine, budget) as (connection, row):
        account = _NOBODY if row is None else row.id
        change = settled(list(_known(connection, account, coming)), coming)
        if not change.fresh:
            return change
        seen = {"account": account, "seen_at": request.now}
        connection.execute(insert(otlp_spans), [_told(span) | seen for span in change.fresh])
        _unpay(connection, account, change.withdrawn)
        if row is not None:
            _charge(connection, row, change, request)
        _sum_up(connection, account, label, change)
        return change


def forget(engine: Engine, now: datetime) -> None:
    """Forget the spans that were met longer ago than WINDOW."""
    with writing(engine, "otlp") as connection:
        connection.execute(_FORGET, {"before": now - WINDOW})


def sums(engine: Engine) -> list[dict[str, Any]]:
    """What spans cost, by budget (""  for none), label, its value, provider and model."""
    query = select(otlp_totals, budgets.c.name).join(budgets, budgets.c.id == otlp_totals.c.account, isouter=True)
    with reading(engine) as connection:
        rows = connection.execute(query).all()
    return [{**row._asdict(), "budget": row.name or ""} for row in rows]


@contextmanager
def _account(engine: Engine, budget: str | None) -> Iterator[tuple[Connection, Row[Any] | None]]:
    """A transaction in which an account's spans stand still."""
    if budget is None:
        with writing(engine, "otlp") as connection:
            yield connection, None
        return
    with changing(engine, budget) as (connection, row):
        yield connection, row


def _known(connection: Connection, account: int, coming: Sequence[Known]) -> Iterator[Known]:
    """Every span that is kept of the traces that come."""
    traces = list({span.key.trace for span in coming})
    table = otlp_spans.c
    for start in range(0, len(traces), _AT_ONCE):
        mine = and_(table.account == account, table.trace.in_(traces[start : start + _AT_ONCE]))
        for row in connection.execute(select(otlp_spans).where(mine)):
            yield Known(
                Key(bytes(row.trace), bytes(row.own)),
                bytes(row.parent),
                row.is_call,
                bytes(row.response),
                row.usd,
                row.at,
                row.provider,
                row.model,
                row.label,
                row.is_paid,
            )


def _told(span: Known) -> dict[str, Any]:
    values = span._asdict()
    trace, own = values.pop("key")
    return values | {"trace": trace, "own": own}


def _unpay(connection: Connection, account: int, spans: Sequence[Known]) -> None:
    table = otlp_spans.c
    mine = and_(table.account == account, table.trace == bindparam("of_trace"), table.own == bindparam("of_own"))
    if spans:
        names = [{"of_trace": span.key.trace, "of_own": span.key.own} for span in spans]
        connection.execute(update(otlp_spans).where(mine).values(is_paid=False), names)


def _charge(connection: Connection, row: Row[Any], change: Settled, request: Request) -> None:
    """Post what the budget pays, each span to its own day; what it pays no more goes back on the day it was paid on."""
    labels = to_json(dict(record(row).budget.labels))
    for spans, sign in (([s for s in change.fresh if s.is_paid], 1), (change.withdrawn, -1)):
        days: dict[datetime, Decimal] = {}
        for span in spans:
            if span.usd and span.at is not None:
                day = span.at.replace(hour=0, minute=0, second=0, microsecond=0)
                days[day] = EXACT.add(days.get(day, Decimal(0)), span.usd * sign)
        for day, usd in sorted(days.items()):
            reason = None if sign > 0 else "agent spans whose calls came later, and are paid themselves"
            entries = ledger.spent({"cost_usd": Amount(usd, usd, usd)})
            act: ledger.Act = "spend" if sign > 0 else "correct"
            post(connection, row.id, Transaction(act, entries, day, labels, reason=reason), request)


def _sum_up(connection: Connection, account: int, label: str, change: Settled) -> None:
    """Add what changed to the sums by label."""
    found: dict[_Names, _Sum] = {}
    for span in change.fresh:
        if span.is_paid:
            _sum_of(found, label, span).add(_Sum(1, int(span.usd is None), 0, span.usd or Decimal(0)))
    for span in change.withdrawn:
        _sum_of(found, label, span).add(_Sum(0, 0, 1, Decimal(0), span.usd or Decimal(0)))
    if not found:
        return
    mine = otlp_totals.c.account == account
    kept = {_names(row): row for row in connection.execute(select(otlp_totals).where(mine))}
    for names, added in _bounded(found, kept).items():
        if names in kept:
            added.add(kept[names])
        values = {name: getattr(added, name) for name in _Sum.__slots__}
        here = dict(zip(("label", "value", "provider", "model"), names, strict=True), account=account)
        if names in kept:
            at = and_(*(otlp_totals.c[name] == value for name, value in here.items()))
            connection.execute(update(otlp_totals).where(at).values(**values))
        else:
            connection.execute(insert(otlp_totals).values(**here, **values))


def _sum_of(found: dict[_Names, _Sum], label: str, span: Known) -> _Sum:
    return found.setdefault((label, span.label, span.provider, span.model), _Sum())


def _bounded(found: Mapping[_Names, _Sum], kept: Mapping[_Names, Any]) -> dict[_Names, _Sum]:
    """The sums under the names that they are kept by: new ones beyond the bound share one value."""
    bounded: dict[_Names, _Sum] = {}
    for names, added in found.items():
        is_full = len(kept) + len(bounded) >= MOST_SERIES and names not in kept and names not in bounded
        bounded.setdefault((OTHER, OTHER, "", "") if is_full else names, _Sum()).add(added)
    return bounded


def _names(row: Row[Any]) -> _Names:
    return row.label, row.value, row.provider, row.model
