"""A micro-step's time: its limits, and the shapes that measured fine-tuning has."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlquote.formulas.training.steps import MicroStep, StepCosts, micro_step_s, saturated_terms

COSTS = StepCosts(5e-3, 7.0, 1e-11)
LORA = MicroStep(
    hardware_flop=1e12, layers=32, trained_params=0.0, trained_bytes=0.0, memory_bytes_per_s=2e12, peak_flop_per_s=3e14,
    quantised_params=0.0, passes=2, active_params=7e9, is_adapted=True, is_card=False,
)  # fmt: skip
RATE = 1.5e14


def test_a_short_step_waits_for_its_launches() -> None:
    # 1e12 FLOP at 1.5e14 a second are 6.7 ms; 32 layers of 5 ms are 160 ms
    assert micro_step_s(LORA, COSTS, flop_per_s=RATE) == pytest.approx(0.16, rel=1e-3)


def test_a_long_step_is_its_arithmetic() -> None:
    long = replace(LORA, hardware_flop=1e15)
    assert micro_step_s(long, COSTS, flop_per_s=RATE) == pytest.approx(1e15 / RATE, rel=1e-3)


def test_unpacking_comes_on_top_in_every_pass() -> None:
    # 6.5e9 weights x 2 passes x 10 ps = 0.13 s
    quantised = replace(LORA, quantised_params=6.5e9)
    added = micro_step_s(quantised, COSTS, flop_per_s=RATE) - micro_step_s(LORA, COSTS, flop_per_s=RATE)
    assert added == pytest.approx(0.13)


def test_trained_weights_have_a_floor_of_their_own() -> None:
    # 7 passes over 40 GB at 2 TB/s = 0.14 s beside 0.16 s of launches
    trained = replace(LORA, trained_params=2e9, trained_bytes=4e10, is_adapted=False)
    assert micro_step_s(trained, COSTS, flop_per_s=RATE) == pytest.approx(0.30, rel=1e-3)


def test_the_terms_of_a_step_are_its_size_its_adapters_and_its_card() -> None:
    assert saturated_terms(replace(LORA, active_params=1e11, is_card=True, is_fused=True)) == {
        "base": 1.0, "params:per_decade": 1.0, "balance": 0.0, "adapters": 1.0, "card": 1.0, "fused": 1.0,
    }  # fmt: skip


def test_a_part_with_more_arithmetic_for_each_byte_is_told_by_its_balance() -> None:
    # an H100: 989.4e12 FLOP/s over 3.35e12 bytes/s = 295, ln(295 / 150) = 0.68
    hopper = replace(LORA, peak_flop_per_s=989.4e12, memory_bytes_per_s=3.35e12)
    assert saturated_terms(hopper)["balance"] == pytest.approx(0.68, abs=0.005)


def test_older_releases_say_what_a_trained_parameter_takes() -> None:
    # 2e9 x 70 ps = 0.14 s beside 0.16 s of launches
    trained = replace(LORA, trained_params=2e9, is_adapted=False)
    older = StepCosts(5e-3, 0.0, 1e-11, trained_s=7e-11)
    assert micro_step_s(trained, older, flop_per_s=RATE) == pytest.approx(0.30, rel=1e-3)


@given(st.floats(1e9, 1e16), st.floats(1.0, 10.0), st.floats(0.0, 10.0))
def test_more_work_or_more_messages_never_take_less(flop: float, more: float, sending: float) -> None:
    once = micro_step_s(replace(LORA, hardware_flop=flop), COSTS, flop_per_s=RATE, sending_s=sending)
    assert micro_step_s(replace(LORA, hardware_flop=flop * more), COSTS, flop_per_s=RATE, sending_s=sending) >= once
    assert once >= max(flop / RATE, sending, 0.16)
