"""Held-out residuals as doubt and as ranges."""

from math import exp, log, sqrt

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.serving.constants import Setting, constants_of
from mlquote.estimators.serving.engines import engine_of
from mlquote.estimators.serving.residuals import QUANTITIES, Residual
from mlquote.formulas.uncertainty import doubtful, known

HALF_TO_DOUBLE = Residual.between("tpot_ms", 0.5, 2.0)


def test_the_log_sd_has_an_interval_as_wide_as_the_held_out_runs() -> None:
    """ln(2 / 0.5) / (2 x 1.2816) = 0.541."""
    assert HALF_TO_DOUBLE.log_sd == pytest.approx(log(4) / (2 * 1.2815515655446004))


def test_a_range_is_as_lopsided_as_the_held_out_runs() -> None:
    found = Residual.between("ttft_ms", 0.8, 3.0)
    interval = found.range(found.of(100.0))
    assert (interval.low, interval.central, interval.high) == pytest.approx((80.0, 100.0, 300.0))


def test_a_residual_that_lies_on_one_side_still_holds_the_estimate() -> None:
    found = Residual.between("power_w", 1.1, 1.5)
    interval = found.range(found.of(100.0))
    assert (interval.low, interval.high) == pytest.approx((100.0, 150.0))


def test_an_estimate_in_no_other_doubt_has_the_range_of_its_residual() -> None:
    for found in (HALF_TO_DOUBLE, Residual.between("power_w", 1.1, 1.5)):
        assert found.around(100.0) == found.range(found.of(100.0))


def test_other_doubt_widens_each_side_by_squares() -> None:
    """ln 2 = 0.693 beside 1.2816 x 0.3 = 0.384: sqrt(0.693^2 + 0.384^2) = 0.793, so x/÷ 2.21."""
    value = HALF_TO_DOUBLE.of(10.0) * doubtful(1.0, 0.3, "tdp_w")
    factor = exp(sqrt(log(2) ** 2 + (1.2815515655446004 * 0.3) ** 2))
    interval = HALF_TO_DOUBLE.range(value)
    assert (interval.low, interval.high) == pytest.approx((10 / factor, 10 * factor))
    assert factor == pytest.approx(2.21, abs=0.005)


def test_a_given_figure_has_no_residual() -> None:
    interval = HALF_TO_DOUBLE.range(known(7.0))
    assert (interval.low, interval.central, interval.high) == (7.0, 7.0, 7.0)


def test_the_release_holds_every_residual(catalog: Snapshot) -> None:
    fit = constants_of(Setting(engine_of(None), "NVIDIA", "bf16", True), catalog).value.fit
    assert {quantity for quantity, _ in fit.residuals} == set(QUANTITIES)
    for quantity in QUANTITIES:
        assert fit.residuals[quantity, ""].value.low < fit.residuals[quantity, ""].value.high
