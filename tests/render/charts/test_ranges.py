"""Ten dots that can be counted: their places are percentiles of the two-piece log-normal."""

from math import exp, log

import pytest

from mlquote.render.charts.drawing import svg
from mlquote.render.charts.ranges import in_order, ten_dots
from mlquote.render.charts.specs import Dots, Quoted, Span


def test_eight_dots_of_ten_lie_in_the_band() -> None:
    span = Span(0.72, 1.6, 3.4)
    assert [span.low <= dot <= span.high for dot in ten_dots(span)] == [False, *[True] * 8, False]


def test_the_fifth_percentile_is_where_the_normal_law_has_it() -> None:
    """z(0.05)/z(0.10) = 1.644854/1.281552 = 1.283486: down, 1.6 e^(-1.283486 ln(1.6/0.72)) = 0.5740."""
    dots = ten_dots(Span(0.72, 1.6, 3.4))
    assert dots[0] == pytest.approx(1.6 * exp(-1.283486 * log(1.6 / 0.72)), rel=1e-6)
    assert dots[0] == pytest.approx(0.5740, abs=2e-4)
    assert dots[9] == pytest.approx(1.6 * (3.4 / 1.6) ** 1.283486, rel=1e-6)


def test_a_band_that_reaches_below_zero_is_normal_on_each_side() -> None:
    dots = ten_dots(Span(-3, 1, 4))
    assert dots[0] == pytest.approx(1 - 4 * 1.283486, rel=1e-6)
    assert dots[9] == pytest.approx(1 + 3 * 1.283486, rel=1e-6)


def test_eight_dots_are_filled_and_two_are_hollow() -> None:
    drawn = svg(Dots("Cost", Span(0.72e6, 1.6e6, 3.4e6), "$"))
    assert drawn.count('class="dot"') == 8
    assert drawn.count('class="out"') == 2
    assert all(words in drawn for words in (">$1.6\u00a0M<", ">$0.72\u00a0M<", ">$3.4\u00a0M<", ">$0<"))


def test_a_range_wider_than_twenty_times_has_an_axis_of_ratios() -> None:
    assert ">$0<" not in svg(Dots("Cost", Span(3, 100, 5200), "$"))


def test_quotes_are_ordered_by_their_centre_and_those_without_stand_last() -> None:
    rows = [Quoted("none"), Quoted("dear", Span(1, 9, 10)), Quoted("cheap", exact=2.0)]
    assert [row.label for row in in_order(rows)] == ["cheap", "dear", "none"]
