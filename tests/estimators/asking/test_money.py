"""An uncertain amount as dollars."""

from decimal import Decimal

from mlquote.estimators.asking.money import usd_range
from mlquote.formulas.uncertainty import between, known


def test_the_interval_of_an_amount_is_rounded_once() -> None:
    interval = usd_range(between(100.0, 400.0, "rate"))
    assert interval is not None
    assert (interval.low, interval.central, interval.high) == (Decimal(100), Decimal(200), Decimal(400))


def test_a_certain_amount_has_no_width() -> None:
    interval = usd_range(known(12.5))
    assert interval is not None
    assert interval.low == interval.central == interval.high == Decimal("12.5")


def test_an_unknown_amount_is_no_range() -> None:
    assert usd_range(None) is None
