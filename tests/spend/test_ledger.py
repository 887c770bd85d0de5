"""The ledger: every transaction sums to zero, and its sum is the balance."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlquote.kit.errors import Malformed
from mlquote.spend.amounts import NOTHING, Amount
from mlquote.spend.ledger import balances, is_balanced, known_actuals, released, reserved, settled, spent

DOLLARS = {"cost_usd": Amount(Decimal(80), Decimal(100), Decimal(130))}
numbers = st.decimals(min_value=0, max_value=10**9, places=6)
amounts = st.builds(lambda a, b, c: Amount(*sorted([a, b, c])), numbers, numbers, numbers)
asks = st.dictionaries(st.sampled_from(["cost_usd", "energy_kwh", "training_flop"]), amounts, max_size=3)


def exactly(number: int) -> Amount:
    return Amount(Decimal(number), Decimal(number), Decimal(number))


def test_a_reservation_moves_from_free_to_held() -> None:
    assert balances(reserved(DOLLARS)) == {
        ("free", "cost_usd"): -DOLLARS["cost_usd"],
        ("held", "cost_usd"): DOLLARS["cost_usd"],
    }


def test_a_settlement_takes_the_actual_and_gives_the_rest_back() -> None:
    settlement = settled(DOLLARS, DOLLARS, {"cost_usd": Decimal(90)})
    sums = balances(reserved(DOLLARS) + settlement.entries)
    # 100 held, 90 spent: nothing is held any more and 90 have left `free`
    assert sums[("held", "cost_usd")] == NOTHING
    assert sums[("spent", "cost_usd")] == exactly(90)
    assert sums[("free", "cost_usd")] == -exactly(90)
    assert settlement.at_estimate == ()


def test_a_figure_without_an_actual_is_spent_as_estimated() -> None:
    held = DOLLARS | {"energy_kwh": exactly(350)}
    settlement = settled(held, held, {"cost_usd": Decimal(90)})
    assert settlement.at_estimate == ("energy_kwh",)
    assert balances(reserved(held) + settlement.entries)[("spent", "energy_kwh")] == exactly(350)


def test_a_settlement_after_the_hold_expired_still_records_what_was_spent() -> None:
    entries = reserved(DOLLARS) + released(DOLLARS) + settled(DOLLARS, {}, {"cost_usd": Decimal(90)}).entries
    assert balances(entries)[("held", "cost_usd")] == NOTHING
    assert balances(entries)[("spent", "cost_usd")] == exactly(90)


@given(asks, asks, st.dictionaries(st.sampled_from(["cost_usd", "energy_kwh"]), numbers, max_size=2))
def test_whatever_happens_the_ledger_sums_to_zero(first, second, actual) -> None:
    entries = (
        reserved(first) + reserved(second) + released(first) + settled(second, second, actual).entries + spent(first)
    )
    assert is_balanced(entries)
    assert all(amount == NOTHING for (account, _), amount in balances(entries).items() if account == "held")


@pytest.mark.parametrize(
    ("actual", "hint"),
    [({"cost": Decimal(1)}, "nearest: cost_usd"), ({"usd_per_mtok": Decimal(1)}, "one of"), ({}, "one or more of")],
    ids=["misspelt", "rate", "none"],
)
def test_actuals_that_no_ledger_keeps_are_refused(actual, hint) -> None:
    with pytest.raises(Malformed) as refused:
        known_actuals(actual)
    assert refused.value.faults[0].hint.startswith(hint)
