"""Sums a row at a time agree with plain sums, and prove finite what is."""

import math

import numpy as np
import pytest

from mlquote.losses.sums import FACTORS, ROW, dot, row_dots, row_sums, sum_of_logs, surely_finite


@pytest.mark.parametrize("size", [0, 1, ROW - 1, ROW, ROW + 1, 3 * ROW + 7])
def test_a_long_dot_product_is_the_sum_of_its_rows(size: int) -> None:
    x, y = np.random.default_rng(1).normal(size=(2, size))
    assert dot(x, y) == pytest.approx(math.fsum(x * y), rel=1e-12, abs=1e-12)
    assert dot(x.reshape(1, -1), y.reshape(1, -1)) == dot(x, y)


@pytest.mark.parametrize("width", [1, 5, ROW, ROW + 3])
def test_row_sums_and_dots_are_those_of_each_row(width: int) -> None:
    x, y = np.random.default_rng(2).normal(size=(2, 3, width))
    np.testing.assert_allclose(row_sums(x), x.sum(axis=1), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(row_dots(x, y), (x * y).sum(axis=1), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("size", [0, 1, FACTORS - 1, FACTORS, 3 * FACTORS + 5])
def test_logarithms_of_products_add_up_to_those_of_their_factors(size: int) -> None:
    x = np.random.default_rng(3).uniform(1.0, 2.0, size)
    assert sum_of_logs(x) == pytest.approx(math.fsum(map(math.log, x)), rel=1e-14)


@pytest.mark.parametrize(
    ("entry", "proved"),
    [(0.0, True), (1e150, True), (1e200, False), (math.inf, False), (-math.inf, False), (math.nan, False)],
)
def test_a_finite_sum_of_squares_proves_every_entry_finite(entry: float, proved: bool) -> None:
    """1e200 is finite and its square is not: no proof, so the entries are looked at one by one."""
    array = np.ones(ROW + 2)
    array[-1] = entry
    with np.errstate(over="ignore"):
        assert surely_finite(array) is proved
