"""Flat sizes to layers and back, and the matrices of a token."""

import pytest

from mlquote.formulas.models.layers import Attention, Experts, FeedForward, LatentAttention, Recurrence, Stack
from mlquote.formulas.models.parameters import stack_params
from mlquote.formulas.models.shape import filled
from mlquote.formulas.models.sizes import Sizes
from mlquote.formulas.models.stacks import matmul_params, sizes_of, stack_of

LLAMA3_8B = Sizes(layers=32, hidden_size=4096, heads=32, kv_heads=8, ffn_size=14336, ffn_gated=True, vocab_size=128256)
MIXTRAL = Sizes(
    layers=32, hidden_size=4096, heads=32, kv_heads=8, vocab_size=32000, experts=8, experts_per_token=2,
    expert_ffn_size=14336, ffn_gated=True,
)  # fmt: skip
DEEPSEEK = Sizes(
    layers=61, hidden_size=7168, heads=128, attention="mla", ffn_size=18432, vocab_size=129280, experts=256,
    experts_per_token=8, shared_experts=1, dense_layers=3, expert_ffn_size=2048, ffn_gated=True, tied_embeddings=False,
)  # fmt: skip
WINDOWED = Sizes(
    layers=12, hidden_size=1024, heads=8, kv_heads=4, attention="gqa+swa", sliding_window=512, full_attention_layers=2
)
HYBRID = Sizes(layers=16, hidden_size=1024, heads=8, attention="hybrid-linear", full_attention_layers=4)
TRANSLATOR = Sizes(kind="encoder_decoder", layers=12, encoder_layers=6, hidden_size=768, heads=12)


def stack(sizes: Sizes) -> Stack:
    return stack_of(filled(sizes)[0])


@pytest.mark.parametrize("sizes", [LLAMA3_8B, MIXTRAL, DEEPSEEK, WINDOWED, TRANSLATOR], ids=lambda s: str(s.layers))
def test_sizes_come_back_as_they_went_in(sizes: Sizes) -> None:
    back = sizes_of(stack(sizes), sizes.kind).known()
    given_and_kept = {name: value for name, value in sizes.known().items() if name not in ("params", "active_params")}
    assert {name: back[name] for name in given_and_kept} == given_and_kept


def test_a_mixture_with_dense_layers_first_has_blocks_of_two_sorts() -> None:
    """DeepSeek-V3: 3 dense layers, 58 with 256 experts (its report, section 4.2)."""
    feeds = [(block.count, type(block.feed)) for block in stack(DEEPSEEK).blocks]
    assert feeds == [(3, FeedForward), (58, Experts)]
    assert all(isinstance(block.mixer, LatentAttention) for block in stack(DEEPSEEK).blocks)


def test_windowed_layers_stand_beside_full_ones() -> None:
    mixers = [(b.count, b.mixer.window) for b in stack(WINDOWED).blocks if isinstance(b.mixer, Attention)]
    assert mixers == [(2, 0), (10, 512)]


def test_recurrent_layers_hold_what_the_parameters_leave() -> None:
    whole = stack(Sizes(**{**HYBRID.known(), "params": 400_000_000}))
    assert sum(block.count for block in whole.blocks if isinstance(block.mixer, Recurrence)) == 12
    assert stack_params(whole).total == pytest.approx(400e6, rel=1e-6)


def test_a_layer_further_ahead_is_one_more_block_and_no_more_depth() -> None:
    ahead = stack(Sizes(**{**LLAMA3_8B.known(), "mtp_layers": 1}))
    assert (ahead.layers, sum(block.count for block in ahead.blocks)) == (32, 33)


def test_an_encoder_reads_both_ways_and_a_decoder_crosses_to_it() -> None:
    both = stack(TRANSLATOR)
    assert [block.count for block in both.encoder] == [6]
    assert all(block.cross is not None for block in both.blocks)
    assert not stack(Sizes(kind="encoder", layers=2, hidden_size=64)).causal


def test_look_ups_are_not_multiplied() -> None:
    """Llama 3 8B: 32 x (2 x 4096^2 + 2 x 4096 x 1024 + 3 x 4096 x 14336) and the head, 4096 x 128256."""
    layer = 2 * 4096**2 + 2 * 4096 * 1024 + 3 * 4096 * 14336
    assert matmul_params(stack(LLAMA3_8B)) == 32 * layer + 4096 * 128256


def test_a_token_is_multiplied_with_its_own_experts_alone() -> None:
    """Mixtral: 2 of 8 experts, the router's 8 x 4096, and the head."""
    layer = 2 * 4096**2 + 2 * 4096 * 1024 + 2 * 3 * 4096 * 14336 + 8 * 4096
    assert matmul_params(stack(MIXTRAL)) == pytest.approx(32 * layer + 4096 * 32000, rel=1e-3)
