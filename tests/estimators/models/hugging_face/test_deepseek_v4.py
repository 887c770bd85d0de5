"""DeepSeek-V4's config: entries of 4 tokens that an indexer picks, of 128 that are all attended to."""

from typing import Any

import pytest

from mlquote.estimators.models.hugging_face.deepseek_v4 import deepseek_v4
from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.formulas.models.layers import CompressedAttention, Experts, Stack
from mlquote.kit.errors import OutOfDomain

CONFIG: dict[str, Any] = {
    "hidden_size": 64, "num_hidden_layers": 4, "num_attention_heads": 4, "head_dim": 16, "q_lora_rank": 8,
    "o_lora_rank": 8, "o_groups": 2, "sliding_window": 32, "index_n_heads": 2, "index_head_dim": 8, "index_topk": 64,
    "n_routed_experts": 8, "num_experts_per_tok": 2, "moe_intermediate_size": 32, "vocab_size": 100,
    "compress_ratios": [0, 4, 128, 4],
}  # fmt: skip


def read(**more: Any) -> Stack:
    return deepseek_v4(Fields(CONFIG | more))


def test_a_layer_has_the_entries_of_its_ratio() -> None:
    mixers = [(b.count, b.mixer) for b in read().blocks if isinstance(b.mixer, CompressedAttention)]
    assert [(count, mixer.ratio, mixer.index_entries) for count, mixer in mixers] == [
        (1, 0, 0),
        (2, 4, 64),
        (1, 128, 0),
    ]


def test_every_layer_has_experts_and_a_shared_one() -> None:
    feeds = {block.feed for block in read().blocks}
    assert feeds == {Experts(experts=8, per_token=2, size=32, shared_size=32)}


def test_more_streams_mix_more() -> None:
    """Each half of a layer mixes s streams of h: (2 + s) s (s h + 1) + 3 numbers, 2 norms of h beside."""
    norms = [read(hc_mult=s).blocks[0].norm_params for s in (1, 4)]
    assert norms == [2 * 64 + 2 * (3 * 1 * (64 + 1) + 3), 2 * 64 + 2 * (6 * 4 * (4 * 64 + 1) + 3)]


def test_the_look_ahead_layers_ratio_is_no_layer() -> None:
    assert read(compress_ratios=[0, 4, 128, 4, 0]).layers == 4


@pytest.mark.parametrize(
    "ratios", [[0, 4], [0, 4, 128, -1], [0, 4, 128, "4"]], ids=["too few", "negative", "no number"]
)
def test_ratios_that_are_not_one_a_layer_are_refused(ratios: list[Any]) -> None:
    with pytest.raises(OutOfDomain) as refused:
        read(compress_ratios=ratios)
    assert refused.value.faults[0].pointer == "/hf_config/compress_ratios"
