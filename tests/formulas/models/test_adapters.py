"""Adapters by hand, and as PEFT and Unsloth print them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlquote.formulas.models.adapters import adapters_of
from mlquote.formulas.models.layers import Stack
from mlquote.formulas.models.shape import filled
from mlquote.formulas.models.sizes import Sizes
from mlquote.formulas.models.stacks import stack_of

LLAMA3_8B = Sizes(layers=32, hidden_size=4096, heads=32, kv_heads=8, ffn_size=14336, ffn_gated=True, vocab_size=128256)
GPT2 = Sizes(layers=12, hidden_size=768, heads=12, vocab_size=50257, positions=1024)
MIXTRAL = Sizes(
    layers=32, hidden_size=4096, heads=32, kv_heads=8, vocab_size=32000, experts=8, experts_per_token=2,
    expert_ffn_size=14336, ffn_gated=True,
)  # fmt: skip
LATENT = Sizes(
    layers=2, hidden_size=64, heads=4, attention="mla", q_lora_rank=16, kv_lora_rank=8, qk_nope_head_dim=4,
    qk_rope_head_dim=2, v_head_dim=4, ffn_size=128, ffn_gated=True, vocab_size=100,
)  # fmt: skip
QKVO = ("q_proj", "k_proj", "v_proj", "o_proj")


def stack(sizes: Sizes) -> Stack:
    return stack_of(filled(sizes)[0])


@pytest.mark.parametrize(
    ("targets", "rank", "params"),
    [
        # 32 x 16 x (2 x 8192 + 2 x 5120 + 3 x 18432), as PEFT prints it for all linear layers
        (("all-linear",), 16, 41_943_040),
        # 32 x 8 x (8192 + 5120), PEFT's own choice for Llama
        (("q_proj", "v_proj"), 8, 3_407_872),
        (QKVO, 16, 32 * 16 * (2 * 8192 + 2 * 5120)),
        (("lm_head",), 8, 8 * (4096 + 128256)),
        (("model.layers.0.self_attn.q_proj",), 8, 32 * 8 * 8192),
    ],
    ids=["all", "q-v", "attention", "head", "path"],
)
def test_adapters_of_llama_3_8b(targets: tuple[str, ...], rank: int, params: int) -> None:
    assert adapters_of(stack(LLAMA3_8B), rank, targets).params == params


def test_a_fused_matrix_reads_its_inputs_once() -> None:
    # PEFT on GPT-2, rank 8: c_attn is 768 -> 2,304, 12 layers: 294,912 trainable parameters
    assert adapters_of(stack(GPT2), 8, ("c_attn",)).params == 12 * 8 * (768 + 2304) == 294_912
    # c_proj is both of attention and of the feed-forward
    assert adapters_of(stack(GPT2), 8, ("c_proj",)).params == 12 * 8 * (768 + 768 + 3072 + 768)


def test_experts_are_adapted_one_by_one_and_a_token_passes_two_of_eight() -> None:
    adapters = adapters_of(stack(MIXTRAL), 16, ("gate_proj", "up_proj", "down_proj"))
    assert adapters.params == 32 * 16 * 8 * 3 * (4096 + 14336)
    assert adapters.active_params * 4 == adapters.params


def test_latent_attention_has_matrices_of_its_own() -> None:
    """By hand, rank 1, one layer: 64 + 16, 16 + 24, 64 + 10, 8 + 32, 16 + 64."""
    names = ("q_a_proj", "q_b_proj", "kv_a_proj_with_mqa", "kv_b_proj", "o_proj")
    assert adapters_of(stack(LATENT), 1, names).params == 2 * (80 + 40 + 74 + 40 + 80)


def test_a_name_that_the_model_lacks_is_told_and_one_that_nobody_knows_refused() -> None:
    found = adapters_of(stack(GPT2), 8, ("c_attn", "gate_proj"))
    assert found.absent == ("gate_proj",)
    with pytest.raises(KeyError):
        adapters_of(stack(GPT2), 8, ("q_porj",))


@given(st.integers(1, 512))
def test_twice_the_rank_is_twice_the_adapter(rank: int) -> None:
    whole = stack(LLAMA3_8B)
    assert adapters_of(whole, 2 * rank).params == 2 * adapters_of(whole, rank).params
