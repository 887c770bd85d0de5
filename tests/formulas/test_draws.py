"""Draws: exact in each source, uncorrelated between them, the same for the same seed."""

from math import exp, log, sqrt

import numpy as np
import pytest

from mlquote.formulas.draws import DRAWS, interval, layered, normal_draws
from mlquote.formulas.uncertainty import Z80


def test_a_source_is_a_standard_normal_quantity() -> None:
    drawn = normal_draws(0, 0)
    low, middle, high = interval(drawn)
    assert len(drawn) == DRAWS
    assert (drawn.mean(), drawn.std()) == pytest.approx((0, 1), abs=1e-9)
    assert (low, middle, high) == pytest.approx((-Z80, 0, Z80), abs=2e-3)


def test_no_two_sources_go_together() -> None:
    columns = np.stack([normal_draws(column, 3) for column in range(60)])
    apart = np.corrcoef(columns) - np.eye(60)
    assert np.abs(apart).max() < 0.01


def test_the_same_seed_draws_the_same_and_another_another() -> None:
    assert (normal_draws(2, 1) == normal_draws(2, 1)).all()
    assert (normal_draws(2, 1) != normal_draws(2, 2)).any()


def test_layers_keep_the_order_and_mend_the_spread() -> None:
    mixed = 0.6 * normal_draws(0, 0) + 0.8 * normal_draws(1, 0)
    mended = layered(mixed)
    assert (np.argsort(mended) == np.argsort(mixed)).all()
    assert interval(mended)[2] == pytest.approx(Z80, abs=2e-3)


def test_ten_equal_parts_are_a_third_as_doubtful_together_as_one_where_nothing_is_shared() -> None:
    """Log-sd 0.3 each: sqrt(ln(1 + (e^0.09 - 1) / 10)) = 0.097 apart, 0.3 where the doubt is one."""
    apart = np.sum([np.exp(0.3 * normal_draws(column, 0)) for column in range(10)], axis=0)
    low, _, high = interval(apart)
    assert log(high / low) / (2 * Z80) == pytest.approx(sqrt(log(1 + (exp(0.09) - 1) / 10)), rel=0.03)
    low, _, high = interval(10 * np.exp(0.3 * normal_draws(0, 0)))
    assert log(high / low) / (2 * Z80) == pytest.approx(0.3, rel=2e-3)
