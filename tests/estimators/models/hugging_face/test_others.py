"""Encoders, T5, ViT, state space and hybrids: each part by hand, whole models in test_config.py."""

from typing import Any

import pytest

from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.estimators.models.hugging_face.others import bert, mamba, mamba2_mixer, nemotron_h, t5, vit
from mlquote.formulas.models.layers import Attention, Experts, FeedForward, Recurrence
from mlquote.formulas.models.parameters import stack_params
from mlquote.kit.errors import OutOfDomain

BERT: dict[str, Any] = {
    "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072,
    "vocab_size": 30522,
}  # fmt: skip


def test_bert_base_has_its_published_parameters() -> None:
    """109,482,240 with its pooler (Devlin et al. 2018 print 110M)."""
    assert stack_params(bert(Fields(BERT))).total == 109_482_240


def test_a_masked_head_transforms_and_a_pooler_goes() -> None:
    """A product of h^2 + h, a norm of 2 h, a bias a word; the pooler's h^2 + h leave."""
    masked = bert(Fields(BERT | {"architectures": ["BertForMaskedLM"]}))
    assert stack_params(masked).total - 109_482_240 == 2 * 768 + 30522
    assert masked.has_head


def test_t5_small_has_its_published_parameters() -> None:
    """60,506,624 (Raffel et al. 2019 print 60M)."""
    config = {"d_model": 512, "d_ff": 2048, "d_kv": 64, "num_heads": 8, "num_layers": 6, "vocab_size": 32128}
    stack = t5(Fields(config))
    assert stack_params(stack).total == 60_506_624
    assert stack.blocks[0].cross is not None


def test_vit_base_has_its_published_parameters() -> None:
    """86,567,656 with 1000 classes (Dosovitskiy et al. 2020 print 86M)."""
    config = {"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072}
    config["num_labels"] = 1000
    assert stack_params(vit(Fields(config))).total == 86_567_656


def test_mamba_130m_has_its_published_parameters() -> None:
    """129,135,360 (Gu and Dao 2023 print 130M): d = 2 x 768 channels, a state of 16 for each."""
    config = {"model_type": "mamba", "hidden_size": 768, "num_hidden_layers": 24, "vocab_size": 50280}
    stack = mamba(Fields(config))
    assert stack_params(stack).total == 129_135_360
    mixer = stack.blocks[0].mixer
    assert isinstance(mixer, Recurrence)
    assert mixer.state_elements == 1536 * 16


def test_mamba_2_projects_in_once_and_out_once() -> None:
    """h (2 d + 2 g n + heads) + d h with d = 2 x 4, g = 1, n = 16: 8 x (16 + 32 + 2) + 64."""
    mixer = mamba2_mixer(Fields({"n_groups": 1}), 8, inner=8, heads=2, state=16)
    assert (mixer.matmul_params, mixer.state_elements) == (8 * (16 + 32 + 2) + 64, 8 * 16)


def test_a_pattern_lays_one_layer_a_letter() -> None:
    config = {
        "hidden_size": 64, "num_attention_heads": 4, "mamba_num_heads": 4, "mamba_head_dim": 16, "ssm_state_size": 8,
        "intermediate_size": 128, "vocab_size": 100, "hybrid_override_pattern": "MM*-E", "n_routed_experts": 4,
        "num_experts_per_tok": 2, "moe_intermediate_size": 32,
    }  # fmt: skip
    blocks = nemotron_h(Fields(config)).blocks
    kinds = [(block.count, type(block.mixer), type(block.feed)) for block in blocks]
    nothing = type(None)
    assert kinds == [
        (2, Recurrence, nothing),
        (1, Attention, nothing),
        (1, nothing, FeedForward),
        (1, nothing, Experts),
    ]


@pytest.mark.parametrize("pattern", ["", "MX"], ids=["no layer", "a letter nobody knows"])
def test_a_pattern_that_means_nothing_is_refused(pattern: str) -> None:
    config = {
        "hidden_size": 64, "num_attention_heads": 4, "mamba_num_heads": 4, "mamba_head_dim": 16, "ssm_state_size": 8,
        "vocab_size": 100, "hybrid_override_pattern": pattern,
    }  # fmt: skip
    with pytest.raises(OutOfDomain) as refused:
        nemotron_h(Fields(config))
    assert refused.value.faults[0].pointer == "/hf_config/hybrid_override_pattern"
