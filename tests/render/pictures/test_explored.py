"""Frontiers, prices over time and break-even as pictures."""

from typing import Any

import pytest

from mlquote.render.charts.specs import Curves, Points, Steps
from mlquote.render.pictures.explored import break_even, front, models, prices, scoreboard
from mlquote.render.pictures.objectives import along
from tests.render.pictures.test_estimates import CATALOG, answer


def series(*changes: tuple[str | None, str | None, float], name: str = "o3") -> dict[str, Any]:
    told = [{"begins": begins, "ends": ends, "usd": usd, "is_declared": True} for begins, ends, usd in changes]
    return {"name": name, "provider": "openai", "unit": "usd_per_mtok", "changes": told}


def test_a_price_that_fell_by_four_fifths_says_so() -> None:
    found = series(("2025-04-16T00:00:00Z", "2025-06-10T00:00:00Z", 10), ("2025-06-10T00:00:00Z", None, 2))
    picture = prices(answer({"series": [found]}, {"meter": "input"}))
    assert picture.says == "o3: down 80\u00a0% in 1 change."
    (steps,) = picture.panels
    assert isinstance(steps, Steps)
    assert [tread.value for tread in steps.stairs[0].changes] == [10, 2]


def test_a_withdrawn_price_ends_and_an_undated_one_is_named() -> None:
    over = series(("2025-04-16T00:00:00Z", "2026-06-10T00:00:00Z", 10), name="old")
    picture = prices(answer({"series": [over, series((None, None, 1), name="silent")]}, {}))
    (steps,) = picture.panels
    assert isinstance(steps, Steps) and steps.stairs[0].is_over
    assert "silent" in picture.says


def test_what_has_no_figure_is_counted_and_not_drawn() -> None:
    rows = [
        {"choice": {"params": "1e9"}, "cost_usd": 10, "predicted_loss": 2.3, "on_front": True},
        {"choice": {"params": "8e9"}, "cost_usd": None, "predicted_loss": 2.1, "on_front": None},
    ]
    picture = front(answer({"rows": rows}, {}), ["cost_usd", "predicted_loss"])
    (points,) = picture.panels
    assert isinstance(points, Points) and len(points.points) == 1
    assert picture.says == "1 of 1 choices are beaten by no other in both. 1 without a figure is not drawn."


def test_models_without_a_day_are_counted() -> None:
    row = {"model": "m", "blended_usd_per_mtok": 1.0, "dated_on": "2026-01-01", "on_front": True}
    picture = models(answer({"against": "date", "models": 3, "rows": [row, row | {"dated_on": None}]}, {}))
    assert "2 more are not drawn" in picture.says


def test_a_published_figure_outside_our_band_is_counted_out() -> None:
    row = {"run": "a", "low": 1.0, "central": 2.0, "high": 4.0, "published": 3.0}
    picture = scoreboard([row, row | {"run": "b", "published": 5.0}], "energy_kwh", {"catalog": CATALOG})
    assert picture.says == "1 of 2 published figures lie in the band that should hold eight in ten."
    (points,) = picture.panels
    assert isinstance(points, Points) and points.diagonal
    assert [point.series for point in points.points] == [1, 2]


def test_two_bills_cross_where_hosting_begins_to_pay() -> None:
    found = {"against": "openai/gpt-4o", "requests_per_day": 1000.0, "usd_per_month": 96.0, "by_price_model": []}
    (curves, *_) = break_even(answer({"break_even": found}, {"model": "m"})).panels
    assert isinstance(curves, Curves)
    hosting, api = curves.curves
    assert hosting.ys[1] == api.ys[1] == 96.0
    assert break_even(answer({"break_even": None}, {}, "no-price")).says == "No figure: it is no-price."


def test_a_step_of_theta_is_told_along_the_directions() -> None:
    """(3, 5) - (1, 1) = (2, 4): along (1, 0) it is 2, along (0, 2) it is 4 x 2 / 4 = 2."""
    assert along([[3, 5]], [1, 1], [[1, 0], [0, 2]]) == [[2.0, 2.0]]
    assert along([["Infinity", 1]], [0, 1], [[1, 0], [0, 1]])[0][0] == pytest.approx(float("inf"))
