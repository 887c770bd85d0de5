"""Step times: textbook anchors, limits without overheads, and that more work never takes less time."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquote.formulas.serving.roofline import (
    Load,
    Rates,
    critical_batch,
    decode_step,
    effective_bandwidth,
    experts_touched_fraction,
    law_of,
    prefill_s_per_token,
)

NEVER = 1e30

IDEAL = Rates(
    bandwidth_fraction=1.0, bandwidth_ceiling_bytes_per_s=NEVER, expert_bandwidth_fraction=1.0, routing_exponent=1.0,
    cache_bandwidth_fraction=1.0, weight_slowdown=1.0, mixture_slowdown=1.0, decode_flop_fraction=1.0,
    prefill_flop_fraction=1.0, flop_ceiling_per_s=NEVER, mixture_decode_fraction=1.0, mixture_prefill_fraction=1.0,
    latent_flop_fraction=1.0, prompt_attention_factor=1.0, overlap_exponent=1.0, step_s=0.0, layer_s=0.0,
    mixture_layer_factor=1.0, hybrid_layer_factor=1.0, sequence_s=0.0, link_fraction=1.0, collective_s=0.0,
    expert_collective_s=0.0, network_collective_s=0.0, activation_passes=0.0, routed_passes=0.0,
)  # fmt: skip
"""A data sheet that is reached: no overhead, no ceiling."""

DENSE = Load(
    bandwidth_bytes_per_s=2e12, flop_per_s=300e12, sixteen_bit_flop_per_s=300e12, link_bytes_per_s=300e9,
    network_bytes_per_s=25e9, network_bytes_per_token=0.0, network_hops=0.0,
    shared_bytes=26e9, expert_bytes=0.0, expert_fraction=0.0, flop_per_token=26e9, cache_bytes_per_sequence=0.4e9,
    latent_flop_per_sequence=0.0, attention_flop_per_prompt_token=0.0, message_bytes_per_token=0.0, collectives=0.0,
    depth=40.0, activation_bytes_per_token=0.0, routed_bytes_per_token=0.0, mixture=0.0, hybrid=0.0,
    expert_parallel=0.0, host_share=1.0,
)  # fmt: skip
"""13B parameters in 16 bits on a part of 2 TB/s and 300 TFLOP/s."""

REAL = replace(
    IDEAL, bandwidth_fraction=0.9, overlap_exponent=1.3, step_s=4e-4, layer_s=5e-5, sequence_s=2e-5,
    mixture_layer_factor=1.7, activation_passes=7.0, routed_passes=30.0, collective_s=5e-6, link_fraction=0.5,
)  # fmt: skip


def test_the_critical_batch_of_a_tpu_v5e_in_bf16_is_240_tokens() -> None:
    """197e12 / 819e9 * 2 / 2 = 240.5 (How to Scale Your Model, chapter 7: 240)."""
    assert critical_batch(197e12, 819e9, 2.0) == pytest.approx(240.5, abs=0.1)


@pytest.mark.parametrize(
    ("tokens", "share"), [(1, 8 / 256), (22, 0.503), (64, 0.869)], ids=["one", "half", "most"]
)  # fmt: skip
def test_a_batch_touches_more_experts_than_one_token(tokens: int, share: float) -> None:
    """8 of 256: 1 - (248/256)^22 = 0.503 and 1 - (248/256)^64 = 0.869."""
    assert experts_touched_fraction(8 / 256, tokens) == pytest.approx(share, abs=0.001)


def test_one_sequence_waits_for_the_weights() -> None:
    """26 GB / 2 TB/s = 13 ms, 0.4 GB of cache 0.2 ms, 26 GFLOP / 300 TFLOP/s = 0.087 ms: added, nothing overlaps."""
    step = decode_step(law_of(DENSE, IDEAL), DENSE, 1.0)
    assert step.weights_s == pytest.approx(13e-3)
    assert step.cache_s == pytest.approx(0.2e-3)
    assert step.products_s == pytest.approx(26 / 300e3)
    assert step.total_s == pytest.approx(13e-3 + 0.2e-3 + 26 / 300e3)


def test_a_large_exponent_overlaps_reading_and_computing_wholly() -> None:
    step = decode_step(law_of(DENSE, replace(IDEAL, overlap_exponent=60.0)), DENSE, 150.0)
    assert step.linear_s == pytest.approx(max(step.weights_s, step.products_s), rel=0.02)


def test_the_ceiling_holds_fast_memory_back_more_than_slow_memory() -> None:
    """1 / (1/8 + 1/20) = 5.71 of 8 TB/s, 1 / (1/2 + 1/20) = 1.82 of 2 TB/s."""
    rates = replace(IDEAL, bandwidth_ceiling_bytes_per_s=20e12)
    assert effective_bandwidth(replace(DENSE, bandwidth_bytes_per_s=8e12), rates) == pytest.approx(5.714e12, rel=1e-3)
    assert effective_bandwidth(DENSE, rates) == pytest.approx(1.818e12, rel=1e-3)


def test_overheads_are_paid_per_step_per_layer_and_per_sequence() -> None:
    """0.4 ms + 40 x 0.05 ms + 10 x 0.02 ms = 2.6 ms."""
    step = decode_step(law_of(DENSE, replace(REAL, activation_passes=0.0)), DENSE, 10.0)
    assert step.overhead_s == pytest.approx(2.6e-3)


def test_a_mixture_reads_its_shared_weights_and_the_experts_it_touches() -> None:
    """2 GB shared and 100 GB of experts, 1 of 10 per token, 2 tokens: 2 + 100 (1 - 0.9^2) = 21 GB at 2 TB/s."""
    load = replace(DENSE, shared_bytes=2e9, expert_bytes=100e9, expert_fraction=0.1, mixture=1.0)
    assert decode_step(law_of(load, IDEAL), load, 2.0).weights_s == pytest.approx(21e9 / 2e12)


def test_tokens_that_like_the_same_experts_touch_fewer() -> None:
    """4 tokens with an exponent of a half choose like 2: 2 + 100 (1 - 0.9^2) = 21 GB; one token always its own."""
    load = replace(DENSE, shared_bytes=2e9, expert_bytes=100e9, expert_fraction=0.1, mixture=1.0)
    law = law_of(load, replace(IDEAL, routing_exponent=0.5))
    assert decode_step(law, load, 4.0).weights_s == pytest.approx(21e9 / 2e12)
    assert decode_step(law, load, 1.0).weights_s == pytest.approx(12e9 / 2e12)


def test_verifying_drafts_reads_weights_once_and_computes_every_token() -> None:
    one, four = decode_step(law_of(DENSE, IDEAL), DENSE, 8.0), decode_step(law_of(DENSE, IDEAL), DENSE, 8.0, 4.0)
    assert four.weights_s == one.weights_s
    assert four.cache_s == one.cache_s
    assert four.products_s == pytest.approx(4 * one.products_s)


def test_a_prompt_token_takes_its_products_its_activations_and_its_messages() -> None:
    """26e9 / 300e12 + 7 x 0.8e6 / 2e12 + 1e6 / (300e9 x 0.5)."""
    load = replace(DENSE, activation_bytes_per_token=0.8e6, message_bytes_per_token=1e6)
    assert prefill_s_per_token(law_of(load, REAL), load) == pytest.approx(26e9 / 300e12 + 5.6e6 / 2e12 + 1e6 / 150e9)


@settings(max_examples=60, deadline=None)
@given(
    few=st.floats(1, 4000), more=st.floats(1, 4000), share=st.floats(0, 0.5), cache=st.floats(0, 1e9),
    width=st.floats(0, 60),
)  # fmt: skip
def test_more_sequences_never_take_less_time_and_never_deliver_less(
    few: float, more: float, share: float, cache: float, width: float
) -> None:
    few, more = sorted((few, more))
    load = replace(DENSE, expert_bytes=50e9, expert_fraction=share, cache_bytes_per_sequence=cache, collectives=width)
    slow, fast = decode_step(law_of(load, REAL), load, few).total_s, decode_step(law_of(load, REAL), load, more).total_s
    assert fast >= slow * (1 - 1e-12)
    assert more / fast >= few / slow * (1 - 1e-12)
