"""A budget's meter: what is held is not spent, and the forecast is the range that the budget tells."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from mlquote.render.charts.specs import Meter, Span
from mlquote.render.pictures.badges import budget_left
from mlquote.render.pictures.budgets import budget, forecast

MONTH: dict[str, Any] = {
    "figure": "cost_usd", "per": "month", "compare": "high", "fail_above": Decimal(800), "warn_above": None,
    "used": Decimal(530), "period_from": datetime(2026, 11, 1, tzinfo=UTC),
    "period_to": datetime(2026, 12, 1, tzinfo=UTC),
}  # fmt: skip
HELD = {"held": {"cost_usd": {"low": 60, "central": 80, "high": 120}}}


def asked(*limits: dict[str, Any]) -> dict[str, Any]:
    return {"name": "search", "standing": list(limits), "balance": HELD}


def test_the_forecast_is_the_budget_s_own_for_that_limit() -> None:
    told = asked(MONTH) | {"forecasts": [_ahead("total"), _ahead("month", low=700, central=820, high=990)]}
    assert forecast(told, MONTH) == Span(700, 820, 990)
    (meter,) = budget(told).panels
    assert isinstance(meter, Meter) and meter.forecast == Span(700, 820, 990)


def test_what_nothing_foretells_is_drawn_without_a_forecast() -> None:
    assert forecast(asked(MONTH) | {"forecasts": [_ahead("month")]}, MONTH) is None
    assert forecast(asked(MONTH), MONTH) is None


def _ahead(per: str, **ends: float) -> dict[str, Any]:
    return {"figure": "cost_usd", "per": per, "compare": "high", "forecast": ends or None, "why": "too few days"}


def test_what_is_held_stands_beside_what_is_spent_at_the_limit_s_own_level() -> None:
    (meter,) = budget(asked(MONTH)).panels
    assert isinstance(meter, Meter)
    assert (meter.spent, meter.held, meter.forecast, meter.limit) == (410.0, 120.0, None, 800.0)


def test_a_limit_of_single_checks_burns_nothing() -> None:
    picture = budget(asked(MONTH | {"per": "check"}))
    assert (picture.panels, picture.says) == ([], "no limit over a period.")


def test_the_badge_takes_the_tightest_limit() -> None:
    energy = MONTH | {"figure": "energy_kwh", "fail_above": Decimal(1000), "used": Decimal(900)}
    assert budget_left(asked(MONTH, energy))[:3] == ("budget search", "10\u00a0% left", "warn")
    assert budget_left(asked(MONTH | {"used": Decimal(1000)}))[1:3] == ("over by 25\u00a0%", "bad")
    assert budget_left(asked(MONTH | {"used": Decimal(800)}))[1:3] == ("used up", "bad")
    assert budget_left(asked())[1] == "unknown"
