"""Epoch AI's owned cost, against what its own script prints."""

import pytest

from mlquote.formulas.ownership import cluster_value, remaining_value_fraction, value_loss_per_hour


def test_a_30000_dollar_chip_loses_110_cents_an_hour() -> None:
    # training-cost-trends 263c40a: 30000 x 0.14 x ln 10 / 8766 = 1.10322352
    assert value_loss_per_hour(30_000.0, 0.14) == pytest.approx(1.10322352, rel=1e-6)


def test_a_chip_is_worth_72_percent_after_a_year() -> None:
    # Epoch's year is 365 days of its 8766-hour years: 30000 x 10^(-0.14 x 365 / 365.25)
    assert 30_000 * remaining_value_fraction(365 / 365.25, 0.14) == pytest.approx(21_737.8746, rel=1e-6)


def test_llama_3_1_405b_by_component() -> None:
    # Epoch's component table: chips 23,911,890, other server 15,303,610, interconnect 9,198,696 dollars for 35,094,528
    # chip-hours; ratios 1.64 and 0.19 / 0.81 of the servers.
    chips = 23_911_890.0
    assert chips * 0.64 == pytest.approx(15_303_610, rel=1e-4)
    assert cluster_value(chips, 1.64, 0.19) == pytest.approx(23_911_890 + 15_303_610 + 9_198_696, rel=1e-4)
