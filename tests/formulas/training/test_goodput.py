"""Failures: Llama 3's rate, Young's and Daly's interval, what is left of the time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlquote.formulas.training.goodput import (
    ACCELERATOR_MTBF_HOURS,
    CHECKPOINT_S,
    RESTART_S,
    goodput_fraction,
    mean_hours_between_interruptions,
    optimal_checkpoint_interval_s,
    spot_overhead_factor,
)


def test_llama_3_was_interrupted_every_three_hours() -> None:
    # 54 days x 24 h / 419 = 3.093 h on 16,384 GPUs (Grattafiori et al. 2024, table 5)
    assert mean_hours_between_interruptions(16_384) == pytest.approx(54 * 24 / 419)
    assert pytest.approx(50_676, rel=1e-4) == ACCELERATOR_MTBF_HOURS


def test_interval_approaches_youngs_when_checkpoints_are_cheap() -> None:
    # Young 1974: sqrt(2 d M) = sqrt(2 x 1 x 1e8) = 14,142 s
    assert optimal_checkpoint_interval_s(1.0, 1e8) == pytest.approx(14_142.1, rel=1e-3)


def test_dalys_higher_order_interval() -> None:
    # d = 300 s, M = 10,000 s: sqrt(6e6) (1 + sqrt(0.015)/3 + 0.015/9) - 300
    #   = 2449.490 x (1 + 0.0408248 + 0.0016667) - 300 = 2253.572
    assert optimal_checkpoint_interval_s(300.0, 10_000.0) == pytest.approx(2253.57, abs=0.01)


def test_a_checkpoint_that_outlasts_the_machine_is_taken_once_per_failure() -> None:
    assert optimal_checkpoint_interval_s(100.0, 50.0) == 50.0


def test_goodput_by_hand() -> None:
    # tau 900, d 100, R 400, M 10,000: 0.9 / (1 + (400 + 500)/10,000) = 0.9 / 1.09
    assert goodput_fraction(900.0, 100.0, 400.0, 10_000.0) == pytest.approx(0.9 / 1.09)


def test_llama_3_kept_more_than_nine_tenths_of_its_time() -> None:
    between_s = mean_hours_between_interruptions(16_384) * 3600
    interval = optimal_checkpoint_interval_s(CHECKPOINT_S, between_s)
    assert 0.90 < goodput_fraction(interval, CHECKPOINT_S, RESTART_S, between_s) < 0.93


def test_no_interruptions_cost_nothing_on_spot() -> None:
    assert spot_overhead_factor(0.0, 900.0, 60.0, 600.0) == 1.0


@given(st.floats(0.001, 10.0))
def test_interruptions_never_save_hours(rate: float) -> None:
    assert spot_overhead_factor(rate, 900.0, 60.0, 600.0) >= 1.0
