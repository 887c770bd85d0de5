"""Parameters to the parameter: each part of a layer by hand, whole models as published."""

import pytest

from mlquote.formulas.models.layers import (
    Attention,
    CompressedAttention,
    Experts,
    FeedForward,
    LatentAttention,
    Layers,
    Mixer,
    Recurrence,
    Stack,
)
from mlquote.formulas.models.parameters import (
    block_params,
    feed_params,
    inactive_params,
    mixer_params,
    stack_params,
)

GROUPED = Attention(heads=32, kv_heads=8, head_dim=128)
GPT = Attention(heads=12, kv_heads=12, head_dim=64, qkv_bias=True, out_bias=True)
LATENT = LatentAttention(
    heads=128, q_lora_rank=1536, kv_lora_rank=512, nope_head_dim=128, rope_head_dim=64, v_head_dim=128
)
WINDOW = CompressedAttention(heads=4, head_dim=8, q_lora_rank=16, o_lora_rank=8, o_groups=2, window=16)


@pytest.mark.parametrize(
    ("hidden", "mixer", "params"),
    [
        pytest.param(4096, GROUPED, 2 * 4096 * 4096 + 2 * 4096 * 1024, id="Llama 3 8B: q and o, k and v"),
        pytest.param(768, GPT, 4 * 768 * 768 + 4 * 768, id="GPT-2: four products with biases"),
        pytest.param(
            7168, LATENT,
            7168 * 1536 + 1536 * 128 * 192 + 7168 * 576 + 512 * 128 * 256 + 128 * 128 * 7168 + 1536 + 512,
            id="DeepSeek-V3: two latents, their norms",
        ),
        pytest.param(64, Recurrence(matmul_params=100, other_params=7), 107, id="a recurrence, as it is said"),
        pytest.param(64, None, 0, id="nothing mixes"),
    ],
)  # fmt: skip
def test_what_mixes_tokens_is_the_sum_of_its_matrices(hidden: int, mixer: Mixer | None, params: int) -> None:
    assert mixer_params(hidden, mixer) == params


@pytest.mark.parametrize(
    ("feed", "params"),
    [
        pytest.param(FeedForward(size=14336, gated=True), 3 * 4096 * 14336, id="gated: three matrices"),
        pytest.param(FeedForward(size=16384, gated=False), 2 * 4096 * 16384, id="two matrices"),
        pytest.param(
            FeedForward(size=16384, gated=False, bias=True), 2 * 4096 * 16384 + 16384 + 4096, id="and their biases"
        ),
        pytest.param(
            Experts(experts=8, per_token=2, size=14336), 8 * 3 * 4096 * 14336 + 8 * 4096, id="Mixtral: and a router"
        ),
        pytest.param(
            Experts(experts=4, per_token=1, size=100, shared_size=50, shared_gate=True, router_bias=True),
            4 * 3 * 4096 * 100 + 3 * 4096 * 50 + 4 * 4097 + 4096,
            id="a shared expert behind a gate",
        ),
        pytest.param(None, 0, id="none"),
    ],
)
def test_a_feed_forward_is_the_sum_of_its_matrices(feed: FeedForward | Experts | None, params: int) -> None:
    assert feed_params(4096, feed) == params


def test_one_token_leaves_six_of_mixtrals_eight_experts_alone() -> None:
    """32 layers x 6 experts x 3 x 4096 x 14336 (Mixtral of experts 2024, section 2.1)."""
    block = Layers(count=32, mixer=GROUPED, feed=Experts(experts=8, per_token=2, size=14336), norm_params=2 * 4096)
    assert inactive_params(4096, block) == 32 * 6 * 3 * 4096 * 14336
    assert inactive_params(4096, Layers(count=32, mixer=GROUPED, feed=FeedForward(size=1, gated=True))) == 0


def test_twice_the_layers_are_twice_the_parameters() -> None:
    feed = FeedForward(size=11008, gated=True)
    one, two = (Layers(count=n, mixer=GROUPED, feed=feed, norm_params=8192) for n in (1, 2))
    assert block_params(4096, two) == 2 * block_params(4096, one)


def test_a_window_and_entries_cost_their_norms_and_places() -> None:
    """Entries of 4 tokens: one more norm of 8, and 4 x 8 biases of place."""
    plain, entries = mixer_params(64, WINDOW), mixer_params(64, _with_ratio(4))
    assert entries > plain
    assert mixer_params(64, _with_ratio(8)) - entries == (8 - 4) * 8


def _with_ratio(ratio: int) -> CompressedAttention:
    return CompressedAttention(heads=4, head_dim=8, q_lora_rank=16, o_lora_rank=8, o_groups=2, window=16, ratio=ratio)


def test_tied_embeddings_are_stored_once() -> None:
    block = Layers(count=1, mixer=None, feed=None)
    tied = Stack(hidden_size=8, vocab_size=100, blocks=(block,), tied_embeddings=True)
    apart = Stack(hidden_size=8, vocab_size=100, blocks=(block,))
    headless = Stack(hidden_size=8, vocab_size=100, blocks=(block,), has_head=False)
    assert [stack_params(each).total for each in (tied, apart, headless)] == [800, 1600, 800]


def test_active_parameters_are_all_but_the_experts_left_alone() -> None:
    """4 experts of 3 x 8 x 16 = 384 parameters, one of them used."""
    block = Layers(count=2, mixer=None, feed=Experts(experts=4, per_token=1, size=16))
    count = stack_params(Stack(hidden_size=8, vocab_size=0, blocks=(block,)))
    assert count.total - count.active == 2 * 3 * 384
