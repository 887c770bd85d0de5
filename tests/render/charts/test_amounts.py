"""Figures for eyes, as the house writes them."""

from decimal import Decimal

import pytest

from mlquote.render.charts.amounts import measure, money, percent, price, significant

N = "\u00a0"


@pytest.mark.parametrize(
    ("unit", "like", "value", "told"),
    [
        ("$", 1.6e6, 0.72e6, f"$0.72{N}M"),
        ("$", 720, 720, "$720"),
        ("$", 72_000, 72_000, "$72,000"),
        ("$", 120_000, 120_000, f"$0.12{N}M"),
        ("$", 5, -3, "\u2212$3.0"),
        ("$/Mtok", 2.5, 2.5, "$2.5/Mtok"),
        ("$/h", 2.35, 2.35, "$2.4/h"),
        ("h", 648, 648, f"27{N}days"),
        ("h", 43, 43, f"43{N}h"),
        ("h", 0.02, 0.02, f"72{N}s"),
        ("ms", 35, 35, f"35{N}ms"),
        ("ms", 4200, 4200, f"4.2{N}s"),
        ("kWh", 640_000, 640_000, f"640{N}MWh"),
        ("kWh", 640_000, 1_000_000, f"1,000{N}MWh"),
        ("kg CO2e", 260_000, 130_000, f"130{N}t{N}CO₂e".replace(f"t{N}", "t ")),
        ("tokens", 15e12, 15e12, f"15{N}T{N}tokens"),
        ("fraction", 0.33, 0.33, f"33{N}%"),
        ("FLOP", 1.2e-7, 1.2e-7, f"0.00000012{N}FLOP"),
        ("accelerator-hours", 690_000, 690_000, f"690{N}k{N}accelerator-hours"),
        ("tok/s", 2400, 2400, f"2,400{N}tok/s"),
        ("FLOP", 8.1e23, 8.1e23, f"8.1{N}×{N}10²³{N}FLOP"),
        ("", 12, 12, "12"),
    ],
)
def test_an_estimate_has_two_significant_digits_and_one_unit(unit: str, like: float, value: float, told: str) -> None:
    assert measure(unit, like).told(value) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [(0, "0"), (1.0, "1.0"), (0.0996, "0.10"), (99.6, "100"), (9.96, "10"), (1234, "1,200"), (-0.5, "\u22120.50")],
)
def test_two_significant_digits(value: float, told: str) -> None:
    assert significant(value) == told


def test_exact_money_is_written_whole() -> None:
    assert money(Decimal("12.3")) == "$12.30"
    assert money(Decimal("0.00315")) == "$0.00315"
    assert money(Decimal("123456.78")) == "$123,457"
    assert money(Decimal(0)) == "$0.00"
    assert money(Decimal("-3.5")) == "\u2212$3.50"


def test_a_price_has_two_decimals_and_every_digit_there_is() -> None:
    assert price(Decimal("10")) == "$10.00"
    assert price(Decimal("0.075")) == "$0.075"
    assert price(0.14) == "$0.14"


def test_a_share_is_whole_and_never_nothing() -> None:
    assert percent(0.665) == f"66{N}%"
    assert percent(0.004) == f"<{N}1{N}%"
    assert percent(0) == f"0{N}%"
