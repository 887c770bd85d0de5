"""Exact dollars keep their value and lose only decoration."""

from decimal import Decimal

import pytest

from mlquote.kit.money import estimated_usd, plain


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("3E+1", "30"),
        ("30.00", "30"),
        ("0.0000025", "0.0000025"),
        ("0E-9", "0"),
        ("-1.50", "-1.5"),
        ("1E+6", "1000000"),
    ],
)
def test_plain_money_has_no_exponent_and_no_trailing_zero(amount: str, written: str) -> None:
    assert f"{plain(Decimal(amount)):f}" == written


@pytest.mark.parametrize(
    ("amount", "usd"),
    [(1234.5678, "1234.57"), (1e12 + 0.004, "1000000000000"), (0.000123456789, "0.000123456789"), (0.0, "0")],
)
def test_an_estimate_becomes_money_to_the_cent_or_finer_below_a_dollar(amount: float, usd: str) -> None:
    assert estimated_usd(amount) == Decimal(usd)


@pytest.mark.parametrize("amount", [float("inf"), float("-inf"), float("nan")])
def test_what_is_no_finite_number_of_dollars_is_no_money(amount: float) -> None:
    with pytest.raises(OverflowError):
        estimated_usd(amount)
