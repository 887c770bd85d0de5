"""Scaled integers: no digit of a list price is lost, and nothing is rounded above 1e-18 dollars."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlquote.formulas.pricing import charge, dollars, scaled_usd, times
from mlquote.kit.units import PRICE_UNITS

PRICES = st.decimals(min_value="0.000001", max_value="100000", places=9, allow_nan=False, allow_infinity=False)


def test_five_dollars_a_million_is_five_micro_dollars_a_token() -> None:
    assert scaled_usd(Decimal(5), 1_000_000) == 5 * 10**12


def test_one_token_of_gpt_4o_keeps_its_last_digit() -> None:
    """2.5 / 1e6 = 0.0000025 dollars."""
    assert dollars(charge(1, scaled_usd(Decimal("2.5"), 1_000_000), 1)) == Decimal("0.0000025")


def test_a_price_with_more_digits_than_the_scale_is_refused() -> None:
    with pytest.raises(ArithmeticError, match="decimals per unit"):
        scaled_usd(Decimal("0.0002833333333333333"), 1)


@given(PRICES, st.integers(min_value=0, max_value=10**15), st.sampled_from(["per_million_tokens", "per_image"]))
def test_a_charge_is_the_exact_product(usd: Decimal, count: int, unit: str) -> None:
    _, things, divisor = PRICE_UNITS[unit]
    exact = times(Decimal(count), usd) / things if things == 1 else times(Decimal(count), usd).scaleb(-6)
    assert dollars(charge(count, scaled_usd(usd, things), divisor)) == exact


def test_hours_are_charged_by_the_second_and_rounded_once() -> None:
    """0.111 $/h: 3,600 s cost 0.111; 10 s cost 0.0003083333..., to 18 decimals."""
    _, things, divisor = PRICE_UNITS["per_hour"]
    rate = scaled_usd(Decimal("0.111"), things)
    assert dollars(charge(3600, rate, divisor)) == Decimal("0.111")
    assert dollars(charge(10, rate, divisor)) == Decimal("0.000308333333333333")


def test_a_fraction_of_a_second_is_charged_as_one() -> None:
    """9.5 s at 0.0001 $/s."""
    assert dollars(charge(Decimal("9.5"), scaled_usd(Decimal("0.0001"), 1), 1)) == Decimal("0.00095")
