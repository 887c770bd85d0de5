"""Sizes without a use: every rule names its fields, and no field that has one."""

from typing import Any

import pytest

from mlquote.estimators.asking.unused import NOT_USED
from mlquote.estimators.models.architecture import Architecture
from mlquote.estimators.models.image_layers import ConvLayer
from mlquote.estimators.models.unused_sizes import LAYER_FIELDS, RULES, unused_sizes
from mlquote.formulas.models.sizes import Sizes

PLAIN = Sizes(layers=4, hidden_size=64, attention="gqa")


def named(part: dict[str, Any], sizes: Sizes = PLAIN, *, image: bool = False) -> list[str]:
    said = unused_sizes(Architecture.model_validate(part), sizes, image=image)
    assert {warning.code for warning in said} <= {NOT_USED}
    return [warning.detail.split(" ")[0] for warning in said]


def test_every_field_named_by_a_rule_is_a_field() -> None:
    assert {name for rule in RULES for name in rule.fields} <= Architecture.model_fields.keys()
    assert set().union(*LAYER_FIELDS.values()) == ConvLayer.model_fields.keys()


@pytest.mark.parametrize(
    ("sizes", "of_use"),
    [
        pytest.param(Sizes(attention="gqa+swa"), {"sliding_window", "full_attention_layers"}, id="windows"),
        pytest.param(
            Sizes(attention="hybrid-linear"), {"full_attention_layers", "state_elements_per_layer"}, id="recurrence"
        ),
        pytest.param(Sizes(attention="mla"), {"kv_lora_rank", "v_head_dim"}, id="latents"),
        pytest.param(Sizes(attention="mha", experts=8), {"shared_experts"}, id="experts"),
        pytest.param(Sizes(kind="encoder_decoder", attention="mha"), {"encoder_layers"}, id="an encoder"),
        pytest.param(Sizes(kind="ssm", attention=""), {"state_elements_per_layer"}, id="state space"),
        pytest.param(Sizes(attention="mha"), set(), id="nothing but attention"),
    ],
)
def test_a_size_is_of_use_where_the_model_has_what_it_sizes(sizes: Sizes, of_use: set[str]) -> None:
    part = {
        "sliding_window": 8, "full_attention_layers": 2, "state_elements_per_layer": 64, "kv_lora_rank": 8,
        "v_head_dim": 8, "shared_experts": 1, "encoder_layers": 2,
    }  # fmt: skip
    assert part.keys() - set(named(part, sizes)) == of_use


def test_one_experts_size_leaves_the_dense_one_without_a_layer() -> None:
    mixture = {"ffn_size": 512, "expert_ffn_size": 128}
    assert named(mixture, Sizes(attention="mha", experts=8, dense_layers=0)) == ["ffn_size"]
    assert named(mixture, Sizes(attention="mha", experts=8, dense_layers=1)) == []


def test_a_convolutional_network_has_no_heads_and_no_active_parameters() -> None:
    cnn = {"kind": "cnn", "heads": 4, "active_params": 10}
    assert named(cnn, Sizes(kind="cnn", params=100), image=True) == ["heads", "active_params"]


@pytest.mark.parametrize(
    ("layer", "unused"),
    [
        pytest.param({"out_channels": 8, "kernel_size": 3, "groups": 1}, [], id="a convolution uses all"),
        pytest.param({"kind": "pool", "kernel_size": 2, "bias": True}, ["bias"], id="pooling has no bias"),
        pytest.param({"kind": "linear", "out_channels": 8, "stride": 2}, ["stride"], id="a product has no step"),
        pytest.param({"kind": "global_pool", "kernel_size": 7, "repeat": 2}, ["kernel_size", "repeat"], id="one value"),
    ],
)
def test_a_layer_names_what_its_kind_does_not_look_at(layer: dict[str, Any], unused: list[str]) -> None:
    part = {"kind": "cnn", "conv_layers": [layer]}
    assert named(part, Sizes(kind="cnn", params=1), image=True) == [f"conv_layers/0/{name}" for name in unused]


def test_biases_add_parameters_and_nothing_where_all_are_given() -> None:
    part = {"kind": "cnn", "params": 1000, "conv_layers": [{"out_channels": 8, "bias": True, "norm": False}]}
    assert named(part, Sizes(kind="cnn", params=1000), image=True) == ["conv_layers/0/bias", "conv_layers/0/norm"]


def test_a_count_of_ones_own_leaves_the_layers_unread() -> None:
    part = {"kind": "cnn", "forward_flop_per_sample": 1e9, "conv_layers": [{"out_channels": 8}], "image_size": 64}
    assert named(part, Sizes(kind="cnn", params=1), image=True) == ["conv_layers", "image_size"]
