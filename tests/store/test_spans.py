"""Spans in the database: paid once, from two sides at once too, summed within bounds, forgotten in their time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from mlquote.spend.budgets import Budget
from mlquote.spend.reservations import Request
from mlquote.spend.span_bills import Key, Known
from mlquote.store import spans
from mlquote.store.budgets import put_budget
from mlquote.store.engine import migrate
from mlquote.store.ledger import audit

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BY = Request("key", NOW)


def call(trace: int, own: int, parent: int = 0, usd: str | None = "0.5", team: str = "nlp") -> Known:
    key, above = Key(trace.to_bytes(16, "big"), own.to_bytes(8, "big")), parent.to_bytes(8, "big") if parent else b""
    return Known(key, above, True, b"", None if usd is None else Decimal(usd), NOW, "openai", "gpt-4o", team)


@pytest.fixture
def store(engine: Engine) -> Engine:
    migrate(engine)
    body = {"limits": [{"figure": "cost_usd", "per": "month", "fail_above": 25}]}
    put_budget(engine, "team", Budget.model_validate(body), now=NOW, by="test")
    return engine


def spent(store: Engine) -> Decimal:
    sums = audit(store, "team")
    assert sums["is_balanced"] and sums["agrees_with_balances"]
    return sums["sums"]["cost_usd"]["spent"].central if sums["sums"] else Decimal(0)


def test_a_span_is_paid_once_however_often_it_comes(store: Engine) -> None:
    first = spans.feed(store, "team", [call(1, 1), call(1, 1), call(2, 1)], "team", BY)
    assert (len(first.fresh), first.repeated) == (2, 1)
    assert spans.feed(store, "team", [call(1, 1), call(2, 1)], "team", BY).repeated == 2
    assert spent(store) == 1
    assert spans.feed(store, None, [call(1, 1)], "team", BY).repeated == 0  # nobody's spans are others


def test_an_agent_is_taken_back_when_its_call_comes(store: Engine) -> None:
    spans.feed(store, "team", [call(1, 1, usd="3")], "team", BY)
    change = spans.feed(store, "team", [call(1, 2, 1)], "team", BY)
    assert [span.usd for span in change.withdrawn] == [3]
    assert spent(store) == Decimal("0.5")
    (told,) = spans.sums(store)
    assert (told["budget"], told["usd"], told["withdrawn_usd"], told["withdrawn_calls"]) == (
        "team",
        Decimal("3.5"),
        3,
        1,
    )


def test_two_workers_that_get_the_same_spans_pay_them_once(store: Engine) -> None:
    batch = [call(n, 1) for n in range(1, 41)]
    with ThreadPoolExecutor(4) as workers:
        changes = list(workers.map(lambda _: spans.feed(store, "team", batch, "team", BY), range(8)))
    assert sum(len(change.fresh) for change in changes) == 40
    assert spent(store) == 20


def test_a_call_without_a_price_is_counted_and_costs_nothing(store: Engine) -> None:
    spans.feed(store, "team", [call(1, 1, usd=None)], "team", BY)
    (told,) = spans.sums(store)
    assert (told["calls"], told["unpriced_calls"], told["usd"]) == (1, 1, 0)


def test_more_values_of_a_label_than_are_kept_share_one(store: Engine) -> None:
    batch = [call(n, 1, team=f"team-{n}") for n in range(1, spans.MOST_SERIES + 51)]
    spans.feed(store, None, batch, "team", BY)
    told = spans.sums(store)
    assert len(told) == spans.MOST_SERIES + 1
    assert [one["calls"] for one in told if one["value"] == spans.OTHER] == [50]
    assert sum(one["usd"] for one in told) == Decimal("0.5") * len(batch)


def test_a_span_is_forgotten_after_the_window(store: Engine) -> None:
    spans.feed(store, None, [call(1, 1)], "team", BY)
    spans.forget(store, NOW + spans.WINDOW)
    assert spans.feed(store, None, [call(1, 1)], "team", BY).repeated == 1
    spans.forget(store, NOW + spans.WINDOW + timedelta(seconds=1))
    assert spans.feed(store, None, [call(1, 1)], "team", BY).repeated == 0
