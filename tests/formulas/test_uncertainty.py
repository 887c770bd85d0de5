"""Doubt travels: products add variances, quotients cancel what they share, sums weigh by size."""

from math import exp, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlquote.formulas.uncertainty import Z80, Uncertain, between, doubtful, known, total


def test_an_80_percent_interval_is_the_median_times_and_over_exp_z_sd() -> None:
    interval = doubtful(100.0, 0.5, "a").range()
    assert interval.central == 100.0
    assert interval.low == pytest.approx(100 * exp(-0.5 * 1.2815515655446004))
    assert interval.high == pytest.approx(100 * exp(0.5 * 1.2815515655446004))


def test_log_variances_of_independent_factors_add() -> None:
    product = doubtful(2.0, 0.3, "a") * doubtful(5.0, 0.4, "b")
    assert product.median == 10.0
    assert product.log_sd == pytest.approx(0.5)  # sqrt(0.09 + 0.16)


def test_a_source_that_enters_twice_counts_as_one_draw() -> None:
    square = doubtful(3.0, 0.2, "a") * doubtful(3.0, 0.2, "a")
    assert square.log_sd == pytest.approx(0.4)  # not 0.2 * sqrt(2)


def test_a_quotient_loses_the_doubt_that_both_share() -> None:
    shared = doubtful(7.0, 0.3, "mfu")
    assert (shared / shared).log_sd == pytest.approx(0.0)
    assert (shared / shared).median == 1.0


def test_a_plain_number_scales_and_adds_no_doubt() -> None:
    doubled = 2 * doubtful(4.0, 0.1, "a")
    assert doubled.median == 8.0
    assert doubled.log_sd == pytest.approx(0.1)
    assert (doubled / 4).median == 2.0


def test_a_sum_weighs_each_doubt_by_its_size() -> None:
    # 90 +- 0.2 and 10 +- 0.5, independent: sqrt((0.9 * 0.2)^2 + (0.1 * 0.5)^2)
    whole = total((doubtful(90.0, 0.2, "a"), doubtful(10.0, 0.5, "b")))
    assert whole.median == 100.0
    assert whole.log_sd == pytest.approx(sqrt(0.18**2 + 0.05**2))


def test_parts_that_share_a_source_move_together_in_a_sum() -> None:
    assert (doubtful(5.0, 0.3, "h") + doubtful(5.0, 0.3, "h")).log_sd == pytest.approx(0.3)


def test_shares_of_variance_add_to_one() -> None:
    shares = (doubtful(1.0, 0.3, "a") * doubtful(1.0, 0.4, "b")).shares()
    assert shares == {"a": pytest.approx(0.36), "b": pytest.approx(0.64)}  # 0.09 and 0.16 of 0.25


def test_what_is_known_has_no_range() -> None:
    interval = known(4.0).range()
    assert (interval.low, interval.central, interval.high) == (4.0, 4.0, 4.0)
    assert known(4.0).shares() == {}


def test_an_interval_gives_back_its_own_ends() -> None:
    value = between(50.0, 200.0, "a")
    assert value.median == pytest.approx(100.0)
    assert value.log_sd == pytest.approx(log(4) / (2 * Z80))
    assert value.range().low == pytest.approx(50.0)


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-1.0, 1.0), (2.0, 1.0)])
def test_an_impossible_interval_is_refused(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="0 < low <= high"):
        between(low, high, "a")


@given(st.floats(0.01, 1e6), st.floats(0.0, 1.0), st.floats(0.01, 1e6), st.floats(0.0, 1.0))
def test_a_product_is_never_surer_than_its_factors(a: float, sd_a: float, b: float, sd_b: float) -> None:
    product: Uncertain = doubtful(a, sd_a, "a") * doubtful(b, sd_b, "b")
    assert product.log_sd >= max(sd_a, sd_b) - 1e-12
