"""A budget's meter: what is held is not spent, and the forecast is this pace to the period's end."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from mlquote.render.charts.specs import Meter
from mlquote.render.pictures.badges import budget_left
from mlquote.render.pictures.budgets import budget, forecast

NOW = datetime(2026, 11, 16, tzinfo=UTC)
MONTH: dict[str, Any] = {
    "figure": "cost_usd", "per": "month", "compare": "high", "fail_above": Decimal(800), "warn_above": None,
    "used": Decimal(530), "period_from": datetime(2026, 11, 1, tzinfo=UTC),
    "period_to": datetime(2026, 12, 1, tzinfo=UTC),
}  # fmt: skip
HELD = {"held": {"cost_usd": {"low": 60, "central": 80, "high": 120}}}


def asked(*limits: dict[str, Any]) -> dict[str, Any]:
    return {"name": "search", "standing": list(limits), "balance": HELD}


def test_half_a_month_at_410_dollars_ends_at_820() -> None:
    assert forecast(MONTH, 410.0, NOW) == 820.0


def test_a_day_into_a_month_says_nothing_of_its_end() -> None:
    """1/30 of the month: less than the twentieth that must be over."""
    assert forecast(MONTH, 10.0, datetime(2026, 11, 2, tzinfo=UTC)) is None
    assert forecast(MONTH | {"period_to": None}, 10.0, NOW) is None


def test_what_is_held_stands_beside_what_is_spent_at_the_limit_s_own_level() -> None:
    (meter,) = budget(asked(MONTH), NOW).panels
    assert isinstance(meter, Meter)
    assert (meter.spent, meter.held, meter.forecast, meter.limit) == (410.0, 120.0, 820.0, 800.0)


def test_a_limit_of_single_checks_burns_nothing() -> None:
    picture = budget(asked(MONTH | {"per": "check"}), NOW)
    assert (picture.panels, picture.says) == ([], "no limit over a period.")


def test_the_badge_takes_the_tightest_limit() -> None:
    energy = MONTH | {"figure": "energy_kwh", "fail_above": Decimal(1000), "used": Decimal(900)}
    assert budget_left(asked(MONTH, energy))[:3] == ("budget search", "10\u00a0% left", "warn")
    assert budget_left(asked(MONTH | {"used": Decimal(1000)}))[1:3] == ("over by 25\u00a0%", "bad")
    assert budget_left(asked(MONTH | {"used": Decimal(800)}))[1:3] == ("used up", "bad")
    assert budget_left(asked())[1] == "unknown"
