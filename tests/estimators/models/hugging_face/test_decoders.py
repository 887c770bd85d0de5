"""Traits of decoder families: which layers are windowed, where experts are, what a bias or a norm adds."""

import json
from pathlib import Path
from typing import Any

import pytest

from mlquote.estimators.models.hugging_face.decoders import (
    FAMILIES,
    SPECIAL,
    Traits,
    decoder,
    gated_delta,
    grouped,
    latent,
    layer_kinds,
)
from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.formulas.models.layers import Attention, Experts, FeedForward, Layers
from mlquote.formulas.models.parameters import stack_params

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("hf_configs.json").read_text())
TINY: dict[str, Any] = {
    "hidden_size": 64, "num_hidden_layers": 4, "num_attention_heads": 4, "intermediate_size": 128, "vocab_size": 100,
}  # fmt: skip


def published(name: str) -> Fields:
    return Fields(next(case["config"] for case in CASES if case["name"] == name))


def params(**config: Any) -> int:
    return stack_params(decoder(Fields(TINY | config), Traits())).total


def test_a_plain_decoder_by_hand() -> None:
    """4 x (4 x 64^2 + 3 x 64 x 128 + 2 x 64) + 2 x 100 x 64 + 64 of the last norm."""
    assert params() == 4 * (4 * 64**2 + 3 * 64 * 128 + 2 * 64) + 2 * 100 * 64 + 64


@pytest.mark.parametrize(
    ("config", "more"),
    [
        pytest.param({"num_key_value_heads": 1}, -4 * 2 * 64 * (64 - 16), id="one key-value head"),
        pytest.param({"attention_bias": True}, 4 * 4 * 64, id="biases of attention"),
        pytest.param({"mlp_bias": True}, 4 * (2 * 128 + 64), id="biases of the feed-forward"),
        pytest.param({"tie_word_embeddings": True}, -100 * 64, id="one table of words"),
        pytest.param({"head_dim": 32}, 4 * 4 * 64 * 64, id="heads wider than the stream"),
        pytest.param(
            {"num_experts": 8, "num_experts_per_tok": 2, "moe_intermediate_size": 32},
            4 * (8 * 3 * 64 * 32 + 8 * 64 - 3 * 64 * 128),
            id="experts and their router",
        ),
    ],
)
def test_a_field_adds_what_its_matrices_hold(config: dict[str, Any], more: int) -> None:
    assert params(**config) - params() == more


@pytest.mark.parametrize(
    ("traits", "config", "full"),
    [
        pytest.param(Traits(), {}, [0, 1, 2, 3, 4, 5], id="no window"),
        pytest.param(Traits(window="all"), {"sliding_window": 8}, [], id="every layer"),
        pytest.param(Traits(window="alternate"), {"sliding_window": 8}, [1, 3, 5], id="every other, Gemma 2"),
        pytest.param(Traits(window="every_sixth_full"), {"sliding_window": 8}, [5], id="five of six, Gemma 3"),
        pytest.param(
            Traits(window="late"), {"sliding_window": 8, "use_sliding_window": True, "max_window_layers": 4},
            [0, 1, 2, 3], id="the last ones, Qwen2",
        ),
        pytest.param(Traits(), {"attention_chunk_size": 8}, [3], id="three of four in chunks, Llama 4"),
    ],
)  # fmt: skip
def test_layers_are_windowed_as_the_family_has_them(traits: Traits, config: dict[str, Any], full: list[int]) -> None:
    kinds = layer_kinds(Fields(config), 6, traits)
    assert [n for n, (kind, _) in enumerate(kinds) if kind == "full"] == full
    assert all(window == 8 for kind, window in kinds if kind != "full")


def test_equal_layers_stand_together() -> None:
    mixer, feed = Attention(heads=2, kv_heads=2, head_dim=4), FeedForward(size=8, gated=True)
    other = FeedForward(size=16, gated=True)
    blocks = grouped([(mixer, feed, 1), (mixer, other, 1), (mixer, feed, 1)])
    assert blocks == (
        Layers(count=2, mixer=mixer, feed=feed, norm_params=1),
        Layers(count=1, mixer=mixer, feed=other, norm_params=1),
    )


def test_deepseeks_latents_are_read_as_printed() -> None:
    """DeepSeek-V3's report, section 4.2: 128 heads, ranks 1536 and 512, 128 and 64 a head."""
    mixer = latent(published("DeepSeek-V3"))
    sizes = (mixer.heads, mixer.q_lora_rank, mixer.kv_lora_rank, mixer.nope_head_dim, mixer.rope_head_dim)
    assert sizes == (128, 1536, 512, 128, 64)


def test_a_delta_network_keeps_a_state_a_head() -> None:
    """2 value heads x key size 4 x value size 8 = 64 numbers; projections h (2 k + 2 v + 2 heads) + v h."""
    config = {
        "linear_key_head_dim": 4, "linear_value_head_dim": 8, "linear_num_key_heads": 1, "linear_num_value_heads": 2,
    }  # fmt: skip
    mixer = gated_delta(Fields(config), 16)
    assert (mixer.state_elements, mixer.matmul_params) == (64, 16 * (2 * 4 + 2 * 16 + 2 * 2) + 16 * 16)


def test_dense_layers_come_first_where_the_config_says_so() -> None:
    feeds = [
        (block.count, type(block.feed)) for block in decoder(published("DeepSeek-V3"), FAMILIES["deepseek_v3"]).blocks
    ]
    assert feeds == [(3, FeedForward), (58, Experts)]


def test_falcon_7b_shares_one_norm_and_one_key_value_head() -> None:
    """Almazrouei et al. 2023: multi-query attention, attention and feed-forward side by side."""
    block = SPECIAL["falcon"](
        Fields({"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "vocab_size": 10})
    ).blocks[0]
    assert isinstance(block.mixer, Attention)
    assert (block.mixer.kv_heads, block.norm_params) == (1, 2 * 64)
