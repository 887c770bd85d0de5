"""Batches at work: conservation of time, limits and growth."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquote.formulas.serving.batching import (
    Habits,
    Traffic,
    draw_fraction,
    inter_token_median_s,
    largest,
    pace,
    residence_s,
    tail_tpot_s,
    tokens_per_s,
    tpot_s,
    ttft_s,
    warm_ttft_s,
)
from mlquote.formulas.serving.roofline import law_of
from tests.formulas.serving.test_roofline import DENSE, IDEAL, REAL

HABITS = Habits(
    fixed_batch=0.0, median_stall_fraction=0.0, first_token_s=0.02, first_token_layer_s=0.0005,
    crowding=0.1, crowding_exponent=1.0, step_wait=1.0, interruption=0.0, first_wave=0.0,
    idle_draw=0.12, memory_draw=0.2, compute_draw=0.8,
    memory_exponent=0.35, compute_exponent=0.2, group_exponent=0.1,
)  # fmt: skip
FIXED = replace(HABITS, fixed_batch=1.0)
CHAT = Traffic(input_tokens=1000.0, output_tokens=100.0)


def test_each_output_token_pays_for_its_share_of_the_prompt() -> None:
    """10 sequences, 10 prompt tokens per output token, 26e9 / 300e12 s each: 100 x 86.7 us = 8.67 ms on the step."""
    at = pace(law_of(DENSE, IDEAL), DENSE, CHAT, 10.0)
    assert at.prompt_s == pytest.approx(100 * 26e9 / 300e12)
    assert at.cycle_s == pytest.approx(at.step.total_s + at.prompt_s)
    assert tpot_s(at, HABITS, CHAT, sequences=10.0, layers=40) == pytest.approx(at.step_s + 0.9 * at.prompt_s)


def test_a_lone_sequence_is_interrupted_by_nobody() -> None:
    at = pace(law_of(DENSE, IDEAL), DENSE, CHAT, 1.0)
    assert tpot_s(at, HABITS, CHAT, sequences=1.0, layers=40) == at.step_s


def test_a_median_does_not_see_the_stalls_that_a_mean_pays_for() -> None:
    at = pace(law_of(DENSE, IDEAL), DENSE, CHAT, 10.0)
    assert inter_token_median_s(at, HABITS, 10.0) == at.step_s < tpot_s(at, HABITS, CHAT, sequences=10.0, layers=40)


def test_no_first_token_of_a_fixed_batch_comes_before_all_its_prompts_are_through() -> None:
    """10 prompts of 86.7 ms and 40 ms of the engine; after them, nothing interrupts a step."""
    at = pace(law_of(DENSE, IDEAL), DENSE, CHAT, 10.0)
    first = warm_ttft_s(FIXED, CHAT, at, each_s=at.step_s, sequences=10.0, layers=40)
    assert first == pytest.approx(0.8667 + 0.04, rel=1e-3)
    assert tpot_s(at, FIXED, CHAT, sequences=10.0, layers=40) == at.step_s


def test_prompts_in_passes_of_their_own_stop_the_batch_for_their_fixed_part_too() -> None:
    """9 others, 100 tokens each: 0.09 passes a token, 0.09 / 1.09 at most one a step, each 20 + 40 x 0.5 = 40 ms."""
    at, apart = pace(law_of(DENSE, IDEAL), DENSE, CHAT, 10.0), replace(HABITS, interruption=1.0)
    mixed, stopped = (tpot_s(at, habits, CHAT, sequences=10.0, layers=40) for habits in (HABITS, apart))
    assert stopped - mixed == pytest.approx(0.09 / 1.09 * 0.04)
    assert tpot_s(at, apart, CHAT, sequences=1.0, layers=40) == at.step_s


def test_a_first_wave_raises_the_mean_of_many_and_not_of_one() -> None:
    """50 ms warm, half as much on top of 10 sequences: 50 (1 + 0.5 x 0.9) = 72.5 ms."""
    waved = replace(HABITS, first_wave=0.5)
    assert ttft_s(waved, 0.05, 10.0) == pytest.approx(0.0725)
    assert ttft_s(waved, 0.05, 1.0) == 0.05
    assert ttft_s(replace(waved, fixed_batch=1.0), 0.05, 10.0) == 0.05


@settings(max_examples=60, deadline=None)
@given(sequences=st.floats(1, 3000), prompt=st.floats(1, 1e5), output=st.floats(0.01, 1e4), fixed=st.booleans())
def test_no_machine_works_on_more_than_it_can(sequences: float, prompt: float, output: float, fixed: bool) -> None:
    """b requests take at least b prompts and the steps of the later tokens: residence >= b prefill + (out - 1) step."""
    traffic = Traffic(input_tokens=prompt, output_tokens=output)
    at, habits = pace(law_of(DENSE, IDEAL), DENSE, traffic, sequences), FIXED if fixed else HABITS
    each = tpot_s(at, habits, traffic, sequences=sequences, layers=40)
    first = warm_ttft_s(habits, traffic, at, each_s=each, sequences=sequences, layers=40)
    stays = residence_s(traffic, first, each)
    assert stays >= 0.999 * (sequences * prompt * at.prompt_token_s + traffic.later_tokens * at.step_s)
    assert tokens_per_s(traffic, sequences, stays) == pytest.approx(sequences * output / stays)


def test_cached_prompts_cost_no_time() -> None:
    assert pace(law_of(DENSE, IDEAL), DENSE, Traffic(input_tokens=0.0, output_tokens=100.0), 10.0).prompt_s == 0.0


def test_accepted_drafts_divide_the_step_and_drafting_lengthens_it() -> None:
    drafting = replace(CHAT, tokens_per_sequence=4.0, tokens_per_step=2.5, draft_factor=1.1)
    at = pace(law_of(DENSE, IDEAL), DENSE, drafting, 1.0)
    assert at.step_s == pytest.approx(at.step.total_s * 1.1 / 2.5)


def test_the_first_token_of_one_sequence_waits_for_its_prompt_and_the_engine_alone() -> None:
    """1000 x 26e9 / 300e12 + 20 ms + 40 x 0.5 ms = 86.7 + 20 + 20 ms."""
    at = pace(law_of(DENSE, IDEAL), DENSE, CHAT, 1.0)
    first = warm_ttft_s(HABITS, CHAT, at, each_s=at.step_s, sequences=1.0, layers=40)
    assert first == pytest.approx(0.08667 + 0.04, rel=1e-3)


def test_the_tail_of_a_lone_sequence_is_its_mean() -> None:
    assert tail_tpot_s(0.01, 0.01, 3.0) == 0.01
    assert tail_tpot_s(0.02, 0.01, 3.0) == pytest.approx(0.04)


@settings(max_examples=40, deadline=None)
@given(sequences=st.floats(1, 5000), width=st.sampled_from([1.0, 2.0, 8.0]))
def test_a_chip_draws_something_and_never_more_than_it_is_rated(sequences: float, width: float) -> None:
    at = pace(law_of(DENSE, REAL), DENSE, CHAT, sequences)
    assert 0.1 < draw_fraction(law_of(DENSE, REAL), HABITS, CHAT, at, sequences=sequences, width=width) < 1


@pytest.mark.parametrize(("limit", "expected"), [(37.5, 37.5), (1e9, 1000.0), (0.5, 0.0)], ids=["in", "above", "none"])
def test_the_largest_number_that_passes(limit: float, expected: float) -> None:
    assert largest(lambda b: b <= limit, 1000.0, steps=40) == pytest.approx(expected, rel=1e-6)
