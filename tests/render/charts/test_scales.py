"""Axes: from zero while the values lie within a factor of twenty, and ticks where people expect them."""

import pytest

from mlquote.render.charts.scales import Dates, Linear, Ratios, fitting, from_zero, honest, plain, ratios
from tests.render.charts.samples import day


def test_an_axis_starts_at_zero_and_ends_round() -> None:
    scale = from_zero([0.57e6, 4.27e6], plain)
    assert (scale.low, scale.high) == (0, 5e6)
    assert [tick.label for tick in scale.ticks(6)] == [
        "0",
        "1,000,000",
        "2,000,000",
        "3,000,000",
        "4,000,000",
        "5,000,000",
    ]


def test_the_axis_is_even_up_to_twenty_times_and_of_ratios_beyond() -> None:
    assert isinstance(honest([1, 20], plain), Linear)
    assert isinstance(honest([1, 20.1], plain), Ratios)
    assert isinstance(honest([0, 1000], plain), Linear), "zero has no ratio"
    assert isinstance(honest([], plain), Linear)


def test_ratios_have_ticks_at_one_two_and_five() -> None:
    scale = ratios([0.14, 10], plain)
    assert [tick.label for tick in scale.ticks(8)] == ["0.1", "0.2", "0.5", "1", "2", "5", "10"]
    assert [tick.label for tick in scale.ticks(3)] == ["0.1", "1", "10"]
    assert scale.at(1.0) == 0.5


def test_values_without_a_zero_get_the_axis_around_them() -> None:
    scale = fitting([-2.9, 2.9], plain)
    assert (scale.low, scale.high) == (-4, 4)
    assert fitting([3, 3], plain).at(3) == pytest.approx(0.5)


def test_dates_have_ticks_at_first_days() -> None:
    scale = Dates(day(2023, 2, 1), day(2026, 11, 27))
    assert [tick.label for tick in scale.ticks(5)] == ["2024", "2025", "2026"]
    assert [tick.label for tick in Dates(day(2026, 1, 1), day(2026, 4, 2)).ticks(5)] == [
        "2026-01",
        "2026-02",
        "2026-03",
        "2026-04",
    ]
    assert scale.ticks(5)[0].at == (day(2024, 1, 1) - scale.low) / (scale.high - scale.low)
