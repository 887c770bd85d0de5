"""How a period ends: what is used, whole days that foretell, and why nothing is foretold."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from mlquote.spend.amounts import Amount
from mlquote.spend.budgets import Limit, Period, period_of
from mlquote.spend.forecasts import limit_outlooks, outlook

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TODAY = NOW.date()
NOVEMBER = period_of("month", NOW)


def days(count: int, amount: object = 10, until: date = TODAY) -> dict[date, Decimal]:
    """So many days with the same amount, up to the day before `until`."""
    return {until - timedelta(days=n): Decimal(str(amount)) for n in range(1, count + 1)}


def test_a_steady_month_ends_with_what_is_used_and_its_days_to_come() -> None:
    seen = outlook(days(60), Decimal(205), NOVEMBER, NOW)
    assert seen.forecast is not None
    assert float(seen.forecast.central) == pytest.approx(205 + 9.5 * 10, rel=0.03)
    assert Decimal(205) < seen.forecast.low < seen.forecast.central < seen.forecast.high
    assert (seen.days_seen, seen.days_ahead, seen.level_fraction) == (60, 9.5, 0.8)


def test_today_is_no_whole_day_and_foretells_nothing() -> None:
    quiet = outlook(days(60), Decimal(200), NOVEMBER, NOW)
    busy = outlook(days(60) | {NOW.date(): Decimal(5000)}, Decimal(200), NOVEMBER, NOW)
    assert quiet == busy


def test_days_without_anything_are_zeros_and_days_before_the_first_are_none() -> None:
    seen = outlook({day: usd for day, usd in days(60).items() if day.weekday() < 5}, Decimal(0), NOVEMBER, NOW)
    assert seen.days_seen == 60 - (date(2026, 9, 22).weekday() >= 5)
    assert seen.forecast is not None
    assert float(seen.forecast.central) == pytest.approx(60, rel=0.2)  # six working days are left, and half a Saturday


def test_too_few_days_are_said_and_no_range_is_made_up() -> None:
    seen = outlook(days(13), Decimal(130), NOVEMBER, NOW)
    assert (seen.forecast, seen.days_seen) == (None, 13)
    assert "13 whole days" in seen.why
    assert outlook(days(14), Decimal(140), NOVEMBER, NOW).forecast is not None
    assert "no whole day" in outlook({}, Decimal(0), NOVEMBER, NOW).why


def test_a_bill_now_and_then_has_no_pace() -> None:
    rare = {day: usd for day, usd in days(60).items() if day.day % 3 == 0}
    assert outlook(rare, Decimal(10), NOVEMBER, NOW).why.startswith("no steady pace")


@pytest.mark.parametrize(
    ("period", "why"),
    [(Period("total", None, None), "the period has no end"), (period_of("month", NOW - timedelta(days=40)), "over")],
    ids=["no end", "over"],
)
def test_a_period_without_days_to_come_is_not_foretold(period: Period, why: str) -> None:
    assert why in outlook(days(60), Decimal(0), period, NOW).why


def test_days_are_those_of_the_zone_and_an_hour_more_is_an_hour_more() -> None:
    zone = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 10, 25, 0, 0, tzinfo=zone)  # this day has 25 hours
    period = Period("day", now, datetime(2026, 10, 26, tzinfo=zone))
    assert outlook(days(60, until=now.date()), Decimal(0), period, now, zone).days_ahead == pytest.approx(25 / 24)


def test_each_limit_over_a_period_that_ends_is_foretold_at_its_own_end_of_the_range() -> None:
    limits = (
        Limit(figure="cost_usd", per="month", compare="high", fail_above=Decimal(900)),
        Limit(figure="cost_usd", per="total", fail_above=Decimal(900)),
        Limit(figure="usd_per_mtok", fail_above=Decimal(12)),
        Limit(figure="energy_kwh", per="quarter", fail_above=Decimal(5)),
    )
    used = {("cost_usd", NOVEMBER.key): Amount(Decimal(100), Decimal(200), Decimal(400))}
    daily = {("cost_usd", "low"): days(60, 5), ("cost_usd", "high"): days(60, 20)}
    month, quarter = limit_outlooks(limits, used, daily, NOW)
    assert (month.figure, month.per, month.used, month.period_to) == ("cost_usd", "month", 400, NOVEMBER.end)
    assert month.forecast is not None
    assert float(month.forecast.central) == pytest.approx(400 + 9.5 * 20, rel=0.03)
    assert (quarter.used, quarter.forecast) == (0, None)
