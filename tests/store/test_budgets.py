"""Budgets in a database: what is held, settled, released and expired, and a ledger that always adds up."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from mlquote.kit.errors import Conflict, Malformed, OutOfDomain, UnknownName
from mlquote.spend.amounts import NOTHING, Amount
from mlquote.spend.budgets import Budget
from mlquote.spend.reservations import Request
from mlquote.store.budgets import delete_budget, history, list_budgets, put_budget
from mlquote.store.corrections import correct
from mlquote.store.engine import migrate
from mlquote.store.idempotent import answered
from mlquote.store.ledger import audit, page
from mlquote.store.reservations import (
    check,
    find_reservation,
    list_reservations,
    release,
    reserve,
    settle,
    spend,
    standing,
)
from tests.store.asking import asking, budget

NOW = datetime(2026, 10, 31, 23, 59, tzinfo=UTC)
LATER = NOW + timedelta(minutes=2)  # the next month


@pytest.fixture
def team(engine: Engine) -> Iterator[Engine]:
    """A migrated database with a budget "team" of $100 in total."""
    migrate(engine)
    put_budget(engine, "team", budget(), now=NOW, by="test")
    yield engine


def by(moment: datetime = NOW, key: str | None = None, digest: str = "") -> Request:
    return Request("test", moment, key, digest)


def hold(engine: Engine, usd: object, request: Request | None = None, **options):
    return reserve(engine, "team", asking(usd), request or by(), labels={}, **options)


def sums(engine: Engine) -> dict[str, Decimal]:
    report = audit(engine, "team")
    assert report["is_balanced"]
    assert report["agrees_with_balances"]
    return {account: amount.central for account, amount in report["sums"].get("cost_usd", {}).items()}


def test_a_budget_is_created_replaced_listed_and_remembered(team: Engine) -> None:
    record, created = put_budget(team, "team", budget(200, labels={"team": "nlp"}), now=LATER, by="ann")
    assert (created, record.version, record.updated_by) == (False, 2, "ann")
    assert put_budget(team, "team", budget(200, labels={"team": "nlp"}), now=LATER, by="bob")[0].version == 2
    assert put_budget(team, "other", budget(), now=NOW, by="ann")[1]
    assert [r.name for r in list_budgets(team, {})] == ["other", "team"]
    assert [r.name for r in list_budgets(team, {"team": "nlp"})] == ["team"]
    assert [v["limits"][0]["fail_above"] for v in history(team, "team")] == [100, 200]
    with pytest.raises(UnknownName) as unknown:
        check(team, "teem", asking(1), {}, NOW)
    assert unknown.value.faults[0].hint == "nearest: team"


def test_how_a_month_ends_is_foretold_of_the_days_that_were_charged(team: Engine) -> None:
    monthly = Budget.model_validate({"limits": [{"figure": "cost_usd", "per": "month", "fail_above": 1000}]})
    put_budget(team, "monthly", monthly, now=NOW, by="test")
    ten = Amount(Decimal(10), Decimal(10), Decimal(10))
    noon = datetime(2026, 10, 21, 12, tzinfo=UTC)
    bills = {noon - timedelta(days=n): {"cost_usd": ten} for n in range(40)}
    spend(team, "monthly", bills, by(noon, "log"), labels={}, answer={})
    hold_at = by(noon - timedelta(hours=1))
    reserve(team, "monthly", asking(5), hold_at, labels={})
    (month,) = standing(team, "monthly", noon)["forecasts"]
    assert (month.used, month.days_seen, month.days_ahead) == (215, 39, 10.5)
    assert float(month.forecast.central) == pytest.approx(215 + 105, rel=0.1)
    assert month.forecast.low > 215
    assert standing(team, "team", noon)["forecasts"] == []  # a limit without an end


def test_what_is_held_counts_against_the_limit_and_a_check_alone_holds_nothing(team: Engine) -> None:
    assert check(team, "team", asking(100), {}, NOW)["verdict"] == "pass"
    first = hold(team, 60)
    assert (first["verdict"], first["reservation"]["state"]) == ("pass", "held")
    second = hold(team, Decimal("40.01"))
    assert (second["verdict"], second["reservation"]) == ("fail", None)
    assert (second["limits"][0]["used"], second["limits"][0]["remaining"]) == (60, 40)
    assert hold(team, 40)["verdict"] == "pass"
    assert sums(team) == {"free": -100, "held": 100, "spent": 0}


def test_an_unknown_price_holds_nothing(team: Engine) -> None:
    answer = hold(team, None)
    assert (answer["verdict"], answer["reservation"]) == ("unknown", None)
    assert audit(team, "team")["entries"] == 0


def test_settling_takes_the_actual_and_frees_the_rest(team: Engine) -> None:
    name = hold(team, 60)["reservation"]["id"]
    settled = settle(team, "team", name, {"cost_usd": Decimal("45.5"), "energy_kwh": Decimal(2)}, by())
    assert (settled["state"], settled["spent"]["cost_usd"]["central"]) == ("settled", Decimal("45.5"))
    assert settled["at_estimate"] == ["emissions_kgco2e"]
    assert sums(team) == {"free": Decimal("-45.5"), "held": 0, "spent": Decimal("45.5")}
    assert check(team, "team", asking(54), {}, NOW)["limits"][0]["remaining"] == Decimal("54.5")
    assert settle(team, "team", name, {"cost_usd": Decimal("45.50"), "energy_kwh": Decimal(2)}, by()) == settled
    with pytest.raises(Conflict):
        settle(team, "team", name, {"cost_usd": Decimal(45)}, by())
    with pytest.raises(Conflict):
        release(team, "team", name, by())


def test_an_actual_beyond_the_limit_is_recorded_and_stops_the_next_check(team: Engine) -> None:
    name = hold(team, 60)["reservation"]["id"]
    settle(team, "team", name, {"cost_usd": Decimal(120)}, by())
    assert check(team, "team", asking(0), {}, NOW)["verdict"] == "fail"


def test_releasing_frees_all_and_twice_changes_nothing(team: Engine) -> None:
    name = hold(team, 60)["reservation"]["id"]
    assert release(team, "team", name, by()) == release(team, "team", name, by(LATER))
    assert sums(team) == {"free": 0, "held": 0, "spent": 0}
    with pytest.raises(Conflict):
        settle(team, "team", name, {"cost_usd": Decimal(1)}, by())


def test_a_hold_expires_at_its_moment_and_not_before(team: Engine) -> None:
    name = hold(team, 100, expires_after_s=60)["reservation"]["id"]
    assert hold(team, 1, by(NOW + timedelta(seconds=59)))["verdict"] == "fail"
    assert hold(team, 1, by(NOW + timedelta(seconds=60)))["verdict"] == "pass"
    assert find_reservation(team, name, LATER)["state"] == "expired"
    assert sums(team) == {"free": -1, "held": 1, "spent": 0}


def test_work_that_outlived_its_hold_is_still_charged(team: Engine) -> None:
    name = hold(team, 60, expires_after_s=1)["reservation"]["id"]
    assert settle(team, "team", name, {"cost_usd": Decimal(70)}, by(LATER))["state"] == "settled"
    assert sums(team) == {"free": -70, "held": 0, "spent": 70}
    assert [e["act"] for e in page(team, "team") if e["account"] == "free" and e["figure"] == "cost_usd"] == [
        "reserve",
        "expire",
        "settle",
    ]


def test_a_reservation_stays_in_the_month_it_was_made_in(team: Engine) -> None:
    limit = {"figure": "cost_usd", "per": "month", "fail_above": 100}
    put_budget(team, "team", budget(limits=[limit]), now=NOW, by="test")
    name = hold(team, 90)["reservation"]["id"]
    settle(team, "team", name, {"cost_usd": Decimal(80)}, by(LATER))
    assert check(team, "team", asking(1), {}, LATER)["limits"][0]["used"] == 0
    assert check(team, "team", asking(1), {}, NOW)["limits"][0]["used"] == 80


def test_a_retry_has_the_same_answer_and_holds_nothing_more(team: Engine) -> None:
    first = hold(team, 60, by(key="job-1", digest="a"))
    assert answered(team, "team", by(LATER, "job-1", "a")) == first
    assert hold(team, 60, by(LATER, "job-1", "a")) == first
    assert sums(team)["held"] == 60
    for attempt in (answered, lambda *asked: hold(team, 61, asked[2])):
        with pytest.raises(Conflict) as conflict:
            attempt(team, "team", by(key="job-1", digest="b"))
        assert conflict.value.code == "idempotency-key-reused"


def test_a_refusal_is_repeated_too(team: Engine) -> None:
    assert hold(team, 101, by(key="job-1", digest="a"))["verdict"] == "fail"
    put_budget(team, "team", budget(500), now=NOW, by="test")
    assert hold(team, 101, by(key="job-1", digest="a"))["verdict"] == "fail"
    assert hold(team, 101, by(key="job-2", digest="a"))["verdict"] == "pass"


def test_bills_that_nobody_reserved_are_charged_to_their_own_days(team: Engine) -> None:
    day = {"figure": "cost_usd", "per": "day", "fail_above": 100}
    put_budget(team, "team", budget(limits=[day]), now=NOW, by="test")
    usd = lambda number: {"cost_usd": Amount(*[Decimal(number)] * 3)}  # noqa: E731  # shorter here
    for _ in range(2):
        spend(team, "team", {NOW: usd(30), LATER: usd(50)}, by(key="log-1"), labels={"team": "x"}, answer={"ok": 1})
    assert [check(team, "team", asking(0), {}, at)["limits"][0]["used"] for at in (NOW, LATER)] == [30, 50]
    assert sums(team) == {"free": -80, "held": 0, "spent": 80}
    assert page(team, "team")[0]["labels"] == {"team": "x"}


def test_a_budget_with_holds_cannot_be_deleted_and_a_new_one_of_its_name_starts_empty(team: Engine) -> None:
    name = hold(team, 60)["reservation"]["id"]
    with pytest.raises(Conflict):
        delete_budget(team, "team", now=NOW, by="test")
    settle(team, "team", name, {"cost_usd": Decimal(60)}, by())
    delete_budget(team, "team", now=NOW, by="test")
    for attempt in (lambda: history(team, "team"), lambda: find_reservation(team, name, NOW)):
        with pytest.raises(UnknownName):
            attempt()
    put_budget(team, "team", budget(), now=NOW, by="test")
    assert check(team, "team", asking(100), {}, NOW)["verdict"] == "pass"


def test_what_does_not_exist_cannot_be_settled_or_released(team: Engine) -> None:
    with pytest.raises(UnknownName):
        settle(team, "team", "res_nobody", {"cost_usd": Decimal(1)}, by())
    with pytest.raises(UnknownName):
        release(team, "team", "res_nobody", by())
    with pytest.raises(Malformed):
        settle(team, "team", "res_nobody", {"cost": Decimal(1)}, by())


def test_the_ledger_is_paged_filtered_and_listed(team: Engine) -> None:
    names = [hold(team, usd)["reservation"]["id"] for usd in (10, 20)]
    everything = page(team, "team")
    assert page(team, "team", after=everything[2]["id"]) == everything[3:]
    assert {e["reservation_id"] for e in page(team, "team", reservation_id=names[1])} == {names[1]}
    assert {r["id"] for r in list_reservations(team, "team", NOW, "held", 10)} == set(names)
    assert list_reservations(team, "team", NOW, "settled", 10) == []


@pytest.mark.parametrize("statement", ["UPDATE ledger_entries SET low = '0'", "DELETE FROM ledger_entries"])
def test_the_database_itself_refuses_to_change_the_ledger(team: Engine, statement: str) -> None:
    hold(team, 10)
    with pytest.raises(DBAPIError, match="append-only"), team.begin() as connection:
        connection.execute(text(statement))


def test_amounts_keep_every_digit(team: Engine) -> None:
    for _ in range(10):
        hold(team, Decimal("0.000000000000000001"))
    assert sums(team)["held"] == Decimal("1e-17")
    assert audit(team, "team")["sums"]["cost_usd"]["spent"] == NOTHING


def test_a_correction_counts_in_the_month_of_what_it_corrects_and_edits_nothing(team: Engine) -> None:
    held = hold(team, 30)["reservation"]["id"]
    settle(team, "team", held, {"cost_usd": Decimal(300)}, by(LATER))
    before = page(team, "team")
    wrong = before[-1]["transaction_id"]
    answer = correct(team, "team", wrong, {"cost_usd": Decimal(30)}, " a point slipped ", by(LATER, "c1"))
    assert (answer["before"]["cost_usd"]["central"], answer["after"]["cost_usd"]["central"]) == (300, 30)
    assert correct(team, "team", wrong, {"cost_usd": Decimal(30)}, " a point slipped ", by(LATER, "c1")) == answer
    assert sums(team) == {"free": -30, "held": 0, "spent": 30}
    after = page(team, "team")
    assert after[: len(before)] == before
    entries = after[len(before) :]
    assert {(e["act"], e["corrects"], e["reason"], e["charged_at"]) for e in entries} == {
        ("correct", wrong, "a point slipped", NOW)
    }
    assert [(e["account"], e["central"]) for e in entries] == [("free", 270), ("spent", -270)]
    assert check(team, "team", asking(70), {}, LATER)["verdict"] == "pass", "the budget is alive again"
    found = find_reservation(team, held, LATER)
    assert found["spent"]["cost_usd"]["central"] == 300 and found["corrected_spent"]["cost_usd"].central == 30
    settle(team, "team", held, {"cost_usd": Decimal(300)}, by(LATER))  # a late retry of the first word changes nothing
    assert sums(team)["spent"] == 30


def test_the_last_of_several_corrections_counts_and_the_reservation_names_its_transaction(team: Engine) -> None:
    held = hold(team, 30)["reservation"]["id"]
    settle(team, "team", held, {"cost_usd": Decimal(0)}, by())
    for number in (50, 20, 20):
        answer = correct(team, "team", held, {"cost_usd": Decimal(number)}, "invoice", by())
    assert sums(team)["spent"] == 20 and answer["transaction_id"] is None, "what is so already is not written again"
    correct(team, "team", held, {"energy_kwh": Decimal(7)}, "meter", by())
    assert audit(team, "team")["sums"]["energy_kwh"]["spent"].central == 7 and sums(team)["spent"] == 20


def test_what_was_charged_without_a_reservation_is_corrected_too(team: Engine) -> None:
    twelve = Amount(Decimal(12), Decimal(12), Decimal(12))
    spend(team, "team", {NOW: {"cost_usd": twelve}}, by(), labels={}, answer={})
    correct(team, "team", page(team, "team")[-1]["transaction_id"], {"cost_usd": Decimal(0)}, "twice", by())
    assert sums(team)["spent"] == 0


def test_only_what_was_spent_is_corrected_and_never_without_a_reason(team: Engine) -> None:
    held = hold(team, 30)["reservation"]["id"]
    reserved = page(team, "team")[0]["transaction_id"]
    ten = {"cost_usd": Decimal(10)}
    for named, wrong in ((reserved, Conflict), (held, UnknownName), ("txn_none", UnknownName)):
        with pytest.raises(wrong):
            correct(team, "team", named, ten, "why", by())
    settle(team, "team", held, ten, by())
    for reason in ("", "  ", "two\nlines"):
        with pytest.raises(Malformed):
            correct(team, "team", held, ten, reason, by())
    again = correct(team, "team", held, {"cost_usd": Decimal(11)}, "why", by())["transaction_id"]
    with pytest.raises(Conflict, match="correction itself"):
        correct(team, "team", again, ten, "why", by())
    with pytest.raises(Malformed):
        correct(team, "team", held, {"cost": Decimal(1)}, "why", by())


@pytest.mark.parametrize(
    ("actual", "warned", "refused"),
    [("20", False, False), ("20.01", True, False), ("1000", True, False), ("1000.01", True, True)],
)
def test_a_settlement_far_above_its_hold_is_said_twice(team: Engine, actual: str, warned: bool, refused: bool) -> None:
    """10 were held: above 20 a warning, above 100 times as much only where it is confirmed."""
    held = hold(team, 10)["reservation"]["id"]
    figures = {"cost_usd": Decimal(actual)}
    if refused:
        with pytest.raises(OutOfDomain) as error:
            settle(team, "team", held, figures, by(), most_factor=Decimal(100))
        assert error.value.code == "settled-beyond-reserved" and error.value.faults[0].pointer == "/actual/cost_usd"
        assert sums(team) == {"free": -10, "held": 10, "spent": 0}, "nothing is lost, nothing is charged"
    answer = settle(team, "team", held, figures, by(), most_factor=None if refused else Decimal(100))
    assert [warning["code"] for warning in answer["warnings"]] == ["settled-above-reserved"] * warned
    assert sums(team)["spent"] == Decimal(actual)


def test_what_was_not_reserved_is_held_against_its_limits_and_else_harms_nothing(team: Engine) -> None:
    held = reserve(team, "team", asking(0), by(), labels={})["reservation"]["id"]
    with pytest.raises(OutOfDomain):
        settle(team, "team", held, {"cost_usd": Decimal("1e40")}, by(), most_factor=Decimal(100))
    free = {"cost_usd": Decimal(5), "training_flop": Decimal("1e25")}
    assert settle(team, "team", held, free, by(), most_factor=Decimal(100))["warnings"] == []
