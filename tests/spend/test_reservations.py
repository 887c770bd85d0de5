"""held -> settled | released | expired: every state meets every request, and the ledger always adds up."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlquote.kit.errors import Conflict
from mlquote.spend.amounts import NOTHING, Amount
from mlquote.spend.budgets import Verdict
from mlquote.spend.ledger import Entry, balances, is_balanced
from mlquote.spend.reservations import Move, Request, Reservation, expired, held, may_be_held, released, settled
from tests.spend.samples import amount

NOW = datetime(2026, 10, 31, 23, 59, tzinfo=UTC)
ASKED = {"cost_usd": Amount(Decimal(80), Decimal(100), Decimal(130)), "energy_kwh": amount(350)}
HOUR = timedelta(hours=1)


def at(moment: datetime) -> Request:
    return Request("ann", moment)


def fresh() -> Move:
    return held("res_1", ASKED, {"team": "nlp"}, at(NOW), HOUR)


def settle(before: Reservation, usd: int = 90, moment: datetime = NOW) -> Move:
    return settled(before, {"cost_usd": Decimal(usd)}, at(moment))


STATES: dict[str, Callable[[], Reservation]] = {
    "held": lambda: fresh().reservation,
    "settled": lambda: settle(fresh().reservation).reservation,
    "released": lambda: released(fresh().reservation, at(NOW)).reservation,
    "expired": lambda: expired(fresh().reservation, NOW + HOUR).reservation,
}


@pytest.mark.parametrize(
    ("state", "after"),
    [("held", "settled"), ("settled", "settled"), ("released", None), ("expired", "settled")],
)
def test_settling_meets_each_state(state: str, after: str | None) -> None:
    before = STATES[state]()
    if after is None:
        with pytest.raises(Conflict, match="was released"):
            settle(before)
    else:
        assert settle(before).reservation.state == after


@pytest.mark.parametrize(
    ("state", "after"),
    [("held", "released"), ("settled", None), ("released", "released"), ("expired", "expired")],
)
def test_releasing_meets_each_state(state: str, after: str | None) -> None:
    before = STATES[state]()
    if after is None:
        with pytest.raises(Conflict, match="was settled"):
            released(before, at(NOW))
    else:
        assert released(before, at(NOW)).reservation.state == after


@pytest.mark.parametrize(
    ("state", "after"),
    [("held", "expired"), ("settled", "settled"), ("released", "released"), ("expired", "expired")],
)
def test_time_meets_each_state(state: str, after: str) -> None:
    assert expired(STATES[state](), NOW + HOUR).reservation.state == after


def test_a_hold_expires_at_its_moment_and_not_before() -> None:
    before = fresh().reservation
    assert before.expires_at == NOW + HOUR
    early = expired(before, NOW + HOUR - timedelta(microseconds=1))
    assert (early.entries, early.reservation is before) == ((), True)
    assert expired(before, NOW + HOUR).reservation.closed_at == NOW + HOUR


def test_what_is_so_already_writes_nothing_and_keeps_its_moment() -> None:
    for name, again in (("settled", settle), ("released", lambda r: released(r, at(NOW + HOUR)))):
        before = STATES[name]()
        move = again(before)
        assert (move.entries, move.reservation is before) == ((), True)


def test_settling_again_with_other_figures_is_a_conflict() -> None:
    with pytest.raises(Conflict, match="other figures"):
        settle(STATES["settled"](), usd=91)


def test_a_figure_that_nobody_gives_is_spent_as_estimated() -> None:
    outcome = settle(fresh().reservation).reservation.outcome
    assert outcome is not None
    assert (outcome.spent, outcome.at_estimate) == (
        {"cost_usd": amount(90), "energy_kwh": amount(350)},
        ("energy_kwh",),
    )


def test_work_that_outlived_its_hold_is_charged_and_frees_nothing_twice() -> None:
    moves = [fresh(), expired(fresh().reservation, NOW + HOUR)]
    moves.append(settle(moves[-1].reservation, moment=NOW + 2 * HOUR))
    sums = balances(entry for move in moves for entry in move.entries)
    # 100 held, 100 given back, 90 spent
    assert sums["held", "cost_usd"] == NOTHING
    assert sums["spent", "cost_usd"] == amount(90)


@pytest.mark.parametrize(("verdict", "may"), [("pass", True), ("warn", True), ("unknown", False), ("fail", False)])
def test_only_what_passes_is_held(verdict: Verdict, may: bool) -> None:
    assert may_be_held(verdict) is may


requests = st.lists(st.sampled_from(["settle", "release", "expire"]), max_size=6)


@given(requests)
def test_whatever_is_asked_in_whatever_order_the_ledger_adds_up_and_holds_nothing_once_closed(asked: list[str]) -> None:
    move = fresh()
    entries: list[Entry] = list(move.entries)
    for turn, word in enumerate(asked):
        moment = NOW + turn * HOUR
        try:
            move = {
                "settle": lambda r, t: settle(r, moment=t),
                "release": lambda r, t: released(r, at(t)),
                "expire": expired,
            }[word](move.reservation, moment)
        except Conflict:
            continue
        entries += move.entries
    assert is_balanced(entries)
    is_held = move.reservation.state == "held"
    assert balances(entries)["held", "cost_usd"] == (ASKED["cost_usd"] if is_held else NOTHING)
    assert (move.reservation.closed_at is None) == is_held
