"""Gemma 4's config: full layers among windowed ones, keys that give values, experts beside a dense feed-forward."""

from typing import Any

from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.estimators.models.hugging_face.gemma4 import gemma4
from mlquote.formulas.models.layers import Attention, Experts, FeedForward, Stack

CONFIG: dict[str, Any] = {
    "hidden_size": 64, "num_hidden_layers": 12, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16,
    "intermediate_size": 128, "vocab_size": 100, "sliding_window": 32,
}  # fmt: skip


def read(**more: Any) -> Stack:
    return gemma4(Fields(CONFIG | more))


def attentions(stack: Stack) -> list[tuple[int, Attention]]:
    return [(block.count, block.mixer) for block in stack.blocks if isinstance(block.mixer, Attention)]


def test_every_sixth_layer_sees_the_whole_sequence() -> None:
    assert [(count, mixer.window) for count, mixer in attentions(read())] == [(10, 32), (2, 0)]


def test_full_layers_have_wider_heads_whose_keys_are_their_values() -> None:
    stack = read(global_head_dim=32, attention_k_eq_v=True, num_global_key_value_heads=1)
    full = next(mixer for _, mixer in attentions(stack) if not mixer.window)
    assert (full.head_dim, full.kv_heads, full.values_from_keys) == (32, 1, True)
    assert not any(mixer.values_from_keys for _, mixer in attentions(stack) if mixer.window)


def test_the_last_layers_have_no_keys_of_their_own() -> None:
    stack = read(num_kv_shared_layers=3)
    assert sum(count for count, mixer in attentions(stack) if mixer.kv_heads == 0) == 3


def test_experts_stand_beside_a_dense_feed_forward() -> None:
    stack = read(enable_moe_block=True, num_experts=8, top_k_experts=2, moe_intermediate_size=32)
    feeds = {block.feed for block in stack.blocks}
    assert feeds == {Experts(experts=8, per_token=2, size=32, shared_size=128)}
    assert {block.feed for block in read().blocks} == {FeedForward(size=128, gated=True)}


def test_a_second_embedding_is_read_in_every_layer() -> None:
    """100 words x 12 layers x 4, and 64 x 12 x 4 + 4 to join them."""
    more = read(hidden_size_per_layer_input=4).other_params - read().other_params
    assert more == 100 * 12 * 4 + 64 * 12 * 4 + 4
