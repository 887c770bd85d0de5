"""Model FLOP against Megatron-LM, a FLOP counter and the papers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlquote.formulas.models.compute import (
    attended_tokens,
    forward_flop,
    mean_document_tokens,
    products_flop,
    recomputed_flop_per_token,
    six_nd_flop_per_token,
    training_flop_per_token,
)
from mlquote.formulas.models.layers import Stack
from mlquote.formulas.models.parameters import stack_params
from mlquote.formulas.models.shape import filled
from mlquote.formulas.models.sizes import Sizes
from mlquote.formulas.models.stacks import matmul_params, stack_of
from mlquote.formulas.models.weights import attention, linear, logits, meeting, once

GPT3 = {"hidden_size": 12288, "layers": 96, "heads": 96, "kv_heads": 96, "ffn_size": 49152, "vocab_size": 51200}
GPT2 = {"hidden_size": 768, "layers": 12, "heads": 12, "kv_heads": 12, "ffn_size": 3072, "vocab_size": 50257}
TINY = {"hidden_size": 512, "layers": 4, "heads": 8, "kv_heads": 2, "ffn_size": 1376, "vocab_size": 32000}
LLAMA3_8B = {"hidden_size": 4096, "layers": 32, "heads": 32, "kv_heads": 8, "ffn_size": 14336, "vocab_size": 128256}
MIXTRAL = {**LLAMA3_8B, "vocab_size": 32000, "experts": 8, "experts_per_token": 2}


def stack(sequence: int = 2048, **sizes: object) -> Stack:
    return stack_of(filled(Sizes(**sizes), sequence_tokens=sequence)[0])  # type: ignore[arg-type]  # flat sizes


@pytest.mark.parametrize(
    ("sizes", "sequence", "flop"),
    [
        pytest.param({**GPT3, "ffn_gated": False}, 2048, 2174868359479296, id="GPT-3 175B"),
        pytest.param({**GPT2, "ffn_gated": False}, 1024, 816962863104, id="GPT-2 124M"),
        pytest.param({**MIXTRAL, "ffn_gated": True}, 4096, 326477644038144, id="Mixtral 8x7B"),
    ],
)
def test_training_one_sequence_costs_what_megatron_counts(sizes: dict[str, int], sequence: int, flop: int) -> None:
    # Megatron-LM d98e8a64dd, num_floating_point_operations, run on these sizes
    per_token = training_flop_per_token(forward_flop(stack(sequence, **sizes), sequence))
    assert per_token * sequence == pytest.approx(flop, rel=1e-12)


@pytest.mark.parametrize(
    ("sizes", "sequence", "forward"),
    [
        pytest.param({**GPT2, "ffn_gated": False}, 1024, 291648307200, id="GPT-2 124M"),
        pytest.param({**TINY, "ffn_gated": True}, 512, 30266097664, id="small Llama"),
    ],
)
def test_the_full_square_is_what_a_flop_counter_sees(sizes: dict[str, int], sequence: int, forward: int) -> None:
    # torch 2.13 FlopCounterMode, eager attention (fused attention escapes it: 252,993,601,536 for GPT-2 is wrong)
    terms = forward_flop(stack(sequence, **sizes), sequence, triangle=False)
    assert terms.total * sequence == forward


def test_packed_documents_attend_only_within_themselves() -> None:
    # Megatron-LM with sum(S_i^2) of 4 x 2048 in a row of 8192: 9.4 % below the unpacked row
    shape = stack(8192, **LLAMA3_8B, ffn_gated=True)
    packed = training_flop_per_token(forward_flop(shape, mean_document_tokens([2048] * 4))) * 8192
    assert packed == pytest.approx(382063110782976, rel=1e-12)
    assert packed / (training_flop_per_token(forward_flop(shape, 8192)) * 8192) == pytest.approx(1 - 0.094, abs=5e-4)


def test_llama_2_7b_is_counted_from_its_own_sizes() -> None:
    # 175,569,673,125,888 = 4096 x 3 x (2 (32 (4 h^2 + 3 h 11008) + 32000 h) + 32 x 2 x 4096 h), h = 4096;
    # a known preset with ffn 16384 and no gate says 187,939,178,938,368 and 6,573,789,184 parameters
    sizes = {"hidden_size": 4096, "layers": 32, "heads": 32, "kv_heads": 32, "ffn_size": 11008, "vocab_size": 32000}
    shape = stack(4096, **sizes)
    assert training_flop_per_token(forward_flop(shape, 4096)) * 4096 == pytest.approx(175569673125888, rel=1e-12)
    assert stack_params(shape).total == 6738415616


def test_full_recomputation_gives_narayanans_hardware_flop() -> None:
    # F = 96 B S L h^2 (1 + S/(6h) + V/(16 L h)), Narayanan et al. 2021, equation 3
    h, layers, vocabulary, sequence = 12288, 96, 51200, 2048
    formula = 96 * layers * h**2 * (1 + sequence / (6 * h) + vocabulary / (16 * layers * h))
    terms = forward_flop(stack(sequence, **GPT3, ffn_gated=False), sequence, triangle=False)
    hardware = training_flop_per_token(terms) + recomputed_flop_per_token(terms, "full")
    assert hardware == pytest.approx(formula, rel=1e-12)


def test_selective_recomputation_repeats_the_attention_core_only() -> None:
    # 4 B S^2 h L forward once more: 16 and not 24 B L S^2 h in all (NVIDIA/Megatron-LM#523)
    terms = forward_flop(stack(2048, **GPT3, ffn_gated=False), 2048, triangle=False)
    assert recomputed_flop_per_token(terms, "selective") == 4 * 2048 * 12288 * 96


def test_the_embedding_look_up_is_not_a_product() -> None:
    shape = stack(1024, **GPT2, ffn_gated=False)
    assert forward_flop(shape, 1024).weights == 2 * matmul_params(shape)
    assert matmul_params(shape) == 12 * 12 * 768**2 + 50257 * 768


@pytest.mark.parametrize(
    ("window", "chunked", "expected"),
    [
        pytest.param(0, False, 2048, id="causal: half of 4096"),
        pytest.param(8192, False, 2048, id="a window beyond the sequence changes nothing"),
        pytest.param(1024, False, 896, id="sliding: 1024 - 1024^2 / 8192"),
        pytest.param(1024, True, 512, id="chunked: half a chunk"),
    ],
)
def test_a_window_limits_what_a_token_sees(window: int, chunked: bool, expected: float) -> None:
    assert attended_tokens(4096, window=window, chunked=chunked) == expected


def test_an_encoder_sees_the_whole_sequence() -> None:
    assert attended_tokens(4096, causal=False) == 4096


def test_frozen_weights_cost_four_and_trained_ones_six() -> None:
    assert six_nd_flop_per_token(10) == 60
    assert six_nd_flop_per_token(10, trainable_fraction=0) == 40


def test_deepseek_v3_follows_megatrons_latent_and_mixture_terms() -> None:
    # num_floating_point_operations, MLA and MoE branch, one MTP layer: per token 6 x (MLP + attention + MTP + logits)
    h, s, a, q, c, r, n, v = 7168, 4096, 128, 1536, 512, 64, 128, 128
    mlp = h * 3 * (18432 * 3 + (2048 * 8 + 2048) * (58 + 1))
    attention = q * (h + a * (n + r) + 1) + c * (h + a * (n + v) + 1) + h * r + a * v * h
    core = s * a * (n + r) / 2 + s * a * v / 2
    ends = 3 * h + 2 * h * h + h * 129280 * 2
    shape = stack(
        hidden_size=h, layers=61, heads=a, attention="mla", q_lora_rank=q, kv_lora_rank=c, qk_rope_head_dim=r,
        qk_nope_head_dim=n, v_head_dim=v, ffn_size=18432, ffn_gated=True, vocab_size=129280, experts=256,
        experts_per_token=8, shared_experts=1, dense_layers=3, expert_ffn_size=2048, mtp_layers=1,
    )  # fmt: skip
    per_token = training_flop_per_token(forward_flop(shape, s))
    assert per_token == pytest.approx(6 * (mlp + 62 * (attention + core) + ends), rel=1e-12)
    assert shape.layers == 61


SHAPES = st.fixed_dictionaries(
    {
        "layers": st.integers(1, 200),
        "hidden_size": st.integers(1, 400).map(lambda n: 64 * n),
        "ffn_gated": st.booleans(),
        "vocab_size": st.integers(0, 300_000),
        "sliding_window": st.sampled_from([0, 128, 4096]),
    }
)


@given(SHAPES, st.integers(1, 200_000), st.sampled_from(["layers", "hidden_size", "vocab_size"]))
def test_a_larger_model_never_costs_less(sizes: dict[str, int], sequence: int, grown: str) -> None:
    small, large = stack(**sizes), stack(**{**sizes, grown: sizes[grown] + 64})
    assert forward_flop(large, sequence).total >= forward_flop(small, sequence).total
    assert stack_params(large).total >= stack_params(small).total


@given(SHAPES, st.integers(1, 200_000), st.integers(1, 200_000))
def test_a_longer_sequence_never_costs_less_per_token(sizes: dict[str, int], sequence: int, more: int) -> None:
    shape = stack(**sizes)
    assert forward_flop(shape, sequence + more).total >= forward_flop(shape, sequence).total


@given(SHAPES, st.integers(1, 100_000), st.sampled_from(["none", "selective", "full"]))
def test_recomputation_is_between_nothing_and_one_forward(sizes: dict[str, int], sequence: int, level: str) -> None:
    terms = forward_flop(stack(**sizes), sequence)
    assert 0 <= recomputed_flop_per_token(terms, level) <= terms.total  # type: ignore[arg-type]  # a closed word


def test_products_become_terms_of_one_token() -> None:
    counted = 2 * attention(8) + logits(linear(8, 100, bias=False)) + once(linear(8, 8, bias=False))
    terms = products_flop(counted, 16)
    assert terms.logits == 2 * 800
    assert terms.attention == 2 * 2 * 2 * 8 * 16
    assert terms.projections == 2 * 2 * 4 * 64 + 2 * 64 / 16  # what is used once is shared by 16 tokens


def test_a_decoder_sees_half_of_what_it_writes_and_all_of_what_is_read() -> None:
    own, across = meeting(8).over(x="written"), attention(8, crossed=True).over(x="written", m="read")
    assert products_flop(own, 16).attention == products_flop(own, 16, triangle=False).attention / 2
    assert products_flop(across, 16) == products_flop(across, 16, triangle=False)
