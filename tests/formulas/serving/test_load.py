"""What serving asks of each accelerator: shares, caches, layouts, by hand."""

from dataclasses import replace

import pytest

from mlquote.formulas.serving.load import (
    BYTES_PER_WEIGHT,
    Bytes,
    Chip,
    LayoutWish,
    Placement,
    Served,
    cache_bytes,
    default_placement,
    load_of,
    most_sequences,
    weights_bytes_per_accelerator,
)

LLAMA_70B = Served(
    params=70.55e9, active_params=70.55e9, layers=80, hidden_size=8192, kv_heads=8, full_layers=80,
    full_elements_per_token=2 * 8 * 128 * 80,
)  # fmt: skip
DEEPSEEK = Served(
    params=671e9, active_params=37e9, layers=61, hidden_size=7168, kv_heads=1, full_layers=61,
    full_elements_per_token=576 * 61, experts=256, experts_per_token=8, latent=True,
)  # fmt: skip
GPT_OSS = Served(
    params=116.8e9, active_params=5.1e9, layers=36, hidden_size=2880, kv_heads=8, full_layers=18,
    full_elements_per_token=2 * 8 * 64 * 18, window_elements_per_token=2 * 8 * 64 * 18, window=128, experts=128,
    experts_per_token=4,
)  # fmt: skip
H100 = Chip(
    memory_bytes=80e9, usable_bytes=76e9, bandwidth_bytes_per_s=3.35e12, link_bytes_per_s=450e9,
    network_bytes_per_s=50e9, node=8, sixteen_bit_flop_per_s=989e12, flop_per_s=1979e12,
)  # fmt: skip
FP8 = Bytes(weight=1.0, cache=1.0, table=2.0)
BF16 = Bytes(weight=2.0, cache=2.0, table=2.0)
MXFP4 = Bytes(weight=0.53, cache=2.0, table=2.0)


def tensor(width: int, replicas: int = 1, stages: int = 1) -> Placement:
    return Placement(width=width, stages=stages, replicas=replicas, sharding="tensor")


@pytest.mark.parametrize(
    ("served", "each", "tokens", "expected"),
    [
        (LLAMA_70B, BF16, 1000, 2 * 8 * 128 * 80 * 2 * 1000),
        (DEEPSEEK, BF16, 1000, 576 * 61 * 2 * 1000),
        (GPT_OSS, BF16, 1000, 2 * 8 * 64 * 18 * 2 * (1000 + 128)),
        (replace(LLAMA_70B, full_elements_per_token=0, state_elements=1e6), BF16, 1000, 4e6),
    ],
    ids=["grouped", "latent, one vector not two", "every other layer windowed", "recurrent state"],
)
def test_a_sequence_keeps(served: Served, each: Bytes, tokens: int, expected: float) -> None:
    assert cache_bytes(served, each, tokens) == expected


def test_a_mixture_has_shared_weights() -> None:
    """(37 - 671 x 8/256) / (1 - 8/256) = 16.03 / 0.96875 = 16.55 billion."""
    assert DEEPSEEK.shared_params == pytest.approx(16.55e9, rel=1e-3)
    assert LLAMA_70B.shared_params == 70.55e9


def test_fp8_weights_of_70b_leave_an_80_gb_part_room_for_a_handful() -> None:
    """0.95 x 80 - 70.55 = 5.45 GB; 4,224 tokens of 163,840 bytes are 0.692 GB: 7.9 sequences."""
    assert most_sequences(LLAMA_70B, H100, tensor(1), FP8, 4224) == pytest.approx(5.45e9 / (4224 * 163840))


def test_bf16_weights_of_70b_do_not_fit_one_part() -> None:
    assert most_sequences(LLAMA_70B, H100, tensor(1), BF16, 1) < 0


def test_pipeline_stages_divide_weights_like_width_does() -> None:
    assert weights_bytes_per_accelerator(LLAMA_70B, tensor(2, stages=2), BF16) == pytest.approx(141.1e9 / 4)


def test_replicated_attention_holds_the_shared_weights_on_every_accelerator() -> None:
    spread = Placement(width=8, stages=1, replicas=1, sharding="replicated_attention")
    held = weights_bytes_per_accelerator(DEEPSEEK, spread, FP8)
    assert held == pytest.approx(16.55e9 + (671e9 - 16.55e9) / 8, rel=1e-3)


@pytest.mark.parametrize(
    ("served", "each", "asked", "expected"),
    [
        (LLAMA_70B, BF16, LayoutWish(accelerators=8), (4, 1, 2, "tensor")),
        (LLAMA_70B, FP8, LayoutWish(accelerators=8), (2, 1, 4, "tensor")),
        (LLAMA_70B, BF16, LayoutWish(accelerators=4, width=1), (1, 2, 2, "tensor")),
        (DEEPSEEK, FP8, LayoutWish(accelerators=16, width=1), (16, 1, 1, "expert")),
        (
            GPT_OSS,
            Bytes(weight=0.53, cache=2.0, table=2.0),
            LayoutWish(accelerators=4, filled=True, width=4),
            (4, 1, 1, "replicated_attention"),
        ),
        (GPT_OSS, MXFP4, LayoutWish(accelerators=64, width=1), (1, 1, 64, "tensor")),
        (DEEPSEEK, FP8, LayoutWish(accelerators=144, width=1), (144, 1, 1, "expert")),
        (DEEPSEEK, FP8, LayoutWish(accelerators=288, spread=144), (144, 1, 2, "replicated_attention")),
    ],
    ids=[
        "141 GB: 4 wide",
        "71 GB: 2 wide",
        "too narrow: staged",
        "experts spread",
        "filled mixture",
        "one holds it: replicated",
        "beyond a node",
        "spread as asked",
    ],
)
def test_the_default_layout(
    served: Served, each: Bytes, asked: LayoutWish, expected: tuple[int, int, int, str]
) -> None:
    found = default_placement(served, H100, each, asked)
    assert (found.width, found.stages, found.replicas, found.sharding) == expected


def test_width_divides_work_but_key_value_heads_bound_the_division_of_the_cache() -> None:
    one = load_of(LLAMA_70B, H100, tensor(1), FP8, input_tokens=1000, output_tokens=1000)
    wide = load_of(LLAMA_70B, H100, tensor(16), FP8, input_tokens=1000, output_tokens=1000)
    assert wide.flop_per_token == one.flop_per_token / 16
    assert wide.cache_bytes_per_sequence == one.cache_bytes_per_sequence / 8
    assert (one.collectives, wide.collectives) == (0.0, 160.0)


def test_four_bit_weights_bring_their_scales() -> None:
    """NVFP4: 4 bits and a byte per 16 weights: 0.5 + 1/16."""
    assert BYTES_PER_WEIGHT["fp4"] == 0.5 + 1 / 16
    assert 8.03e9 * BYTES_PER_WEIGHT["q4_k_m"] == pytest.approx(4.58 * 2**30, rel=0.005)
