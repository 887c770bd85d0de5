"""Training FLOP of a resolved model: published counts, conventions, adapters, recomputation, images."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.models.architecture import Architecture, Description
from mlquote.estimators.models.flop import Regime, image_training_flop, patch_tokens_of, training_flop
from mlquote.estimators.models.resolved import Resolved, resolved_of
from mlquote.kit.errors import Malformed

LLAMA_8B = {"layers": 32, "hidden_size": 4096, "heads": 32, "kv_heads": 8, "ffn_size": 14336, "vocab_size": 128256}


def resolved(catalog: Snapshot, now: datetime, **asked: Any) -> Resolved:
    if "architecture" in asked:
        asked["architecture"] = Architecture.model_validate(asked["architecture"])
    return resolved_of(Description(**asked), catalog, now).value


def test_a_mixture_of_unsaid_experts_is_counted_by_its_active_parameters(catalog: Snapshot, now: datetime) -> None:
    # Mixtral 8x7B without its expert count: 6 x (12.88e9 - 32000 x 4096) and 3 x 2 x 32 x 4096 x 4096 of attention
    shape = {**LLAMA_8B, "vocab_size": 32000}
    found = resolved(catalog, now, params=46702792704, active_params=12879925248, architecture=shape)
    flop = training_flop(found, 1.0, Regime(sequence_tokens=4096)).value.model_flop
    assert flop == pytest.approx(6 * (12879925248 - 32000 * 4096) + 6 * 32 * 4096 * 4096, rel=1e-3)


def test_llama_3_405b_costs_what_meta_published(catalog: Snapshot, now: datetime) -> None:
    # The Llama 3 Herd of Models, 2024, section 1: 3.8e25 FLOP on 15.6e12 tokens (6 N D; attention adds 4 %)
    found = resolved(catalog, now, model="llama-3.1-405b")
    flop = training_flop(found, 15.6e12).value
    assert flop.model_flop == pytest.approx(3.8e25, rel=0.05)
    assert flop.convention == "causal"
    assert training_flop(found, 15.6e12, Regime(convention="6nd")).value.model_flop == pytest.approx(3.8e25, rel=1e-3)


def test_six_n_d_is_what_the_scaling_book_counts(catalog: Snapshot, now: datetime) -> None:
    # LLaMA-3 70B on 15e12 tokens: 6 x 70e9 x 15e12 = 6.3e24 (JAX scaling book, applied training)
    flop = training_flop(resolved(catalog, now, params=70_000_000_000), 15e12).value
    assert (flop.model_flop, flop.convention) == (6.3e24, "6nd")


def test_the_cookbooks_convention_counts_logits_forward_only(catalog: Snapshot, now: datetime) -> None:
    # EleutherAI cookbook: 80 layers, h 8192, three matrices of 4 h, KV ratio 1/8, 2e12 tokens at 4096: 9.8352e23
    shape = {"layers": 80, "hidden_size": 8192, "heads": 64, "kv_heads": 8, "ffn_size": 32768, "ffn_gated": True}
    found = resolved(catalog, now, architecture={**shape, "vocab_size": 32000})
    flop = training_flop(found, 2e12, Regime(sequence_tokens=4096, convention="cookbook")).value
    assert flop.model_flop == pytest.approx(9.8352e23, rel=1e-4)


def test_the_cookbooks_neox_recomputes_every_layer(catalog: Snapshot, now: datetime) -> None:
    # EleutherAI cookbook defaults: 44 layers, h 6144, V 51200, 300e9 tokens at 2048, checkpointed: 5.068e22 FLOP
    found = resolved(catalog, now, architecture={"layers": 44, "hidden_size": 6144, "vocab_size": 51200})
    regime = Regime(sequence_tokens=2048, convention="cookbook", recompute="full")
    assert training_flop(found, 300e9, regime).value.hardware_flop == pytest.approx(5.068e22, rel=1e-3)


def test_adapters_leave_the_base_weights_frozen(catalog: Snapshot, now: datetime) -> None:
    # Lightning-AI/litgpt#420, Falcon-40B adapters, micro-batch 2 of 2048: 768 TFLOP estimated, 709 measured
    found = resolved(catalog, now, model="falcon-40b")
    flop = training_flop(found, 2 * 2048, Regime(method="lora", sequence_tokens=2048)).value
    assert 0.9 * 708.77e12 < flop.model_flop < 1.1 * 768.02e12


def test_a_convention_that_needs_a_shape_says_so(catalog: Snapshot, now: datetime) -> None:
    found = resolved(catalog, now, params=10**9)
    with pytest.raises(Malformed) as refused:
        training_flop(found, 1e9, Regime(convention="full_attention"))
    assert refused.value.faults[0].pointer == "/flop_convention"


@given(params=st.integers(10**6, 10**14), more=st.integers(0, 10**13), tokens=st.integers(1, 10**15))
def test_more_parameters_or_tokens_never_cost_less(catalog: Snapshot, params: int, more: int, tokens: int) -> None:
    moment = datetime.fromisoformat("2026-11-23T00:00:00+00:00")
    small = training_flop(resolved(catalog, moment, params=params), tokens).value
    large = training_flop(resolved(catalog, moment, params=params + more), tokens + more).value
    assert large.model_flop >= small.model_flop
    assert large.hardware_flop >= large.model_flop


def test_frozen_weights_cost_four_flop_and_adapters_six(catalog: Snapshot, now: datetime) -> None:
    """GPT-2 small, rank 8 on every projection: forward + input gradients, 4 N, and 6 for each adapter parameter."""
    found = resolved(catalog, now, params=10**9)
    plain = training_flop(found, 1.0).value.model_flop
    frozen = training_flop(found, 1.0, Regime(trainable_fraction=0.0)).value.model_flop
    assert (plain, frozen) == (6e9, 4e9)
    lora = training_flop(found, 1.0, Regime(method="lora", lora_rank=8))
    said = {a.name: a.value for a in lora.assumptions}
    assert lora.value.model_flop == 4e9 + 6.0 * said["adapter_params"]


def test_an_encoder_decoder_halves_the_tokens_and_says_so(catalog: Snapshot, now: datetime) -> None:
    """Raffel et al. 2019 (T5), section 2.1: each token passes one half of the parameters: 3 N D."""
    found = resolved(catalog, now, params=11_000_000_000, architecture={"kind": "encoder_decoder"})
    counted = training_flop(found, 1e12)
    assert counted.value.model_flop == 3 * 11e9 * 1e12
    assert ("encoder_token_fraction", 0.5) in [(a.name, a.value) for a in counted.assumptions]


def test_full_recomputation_runs_the_forward_pass_again(catalog: Snapshot, now: datetime) -> None:
    """6 N D model FLOP, 8 N D on the hardware (Korthikanti et al. 2022, appendix A)."""
    flop = training_flop(resolved(catalog, now, params=10**9), 10.0, Regime(recompute="full")).value
    assert (flop.model_flop, flop.hardware_flop) == (6e10, 8e10)


def test_an_image_costs_three_forward_passes_less_the_first_layers_gradient(catalog: Snapshot, now: datetime) -> None:
    """3 channels to 8 by a 3 x 3 kernel on 4 x 4 pixels: 2 x 27 x 8 x 16 = 6912 forward; no gradient of the image:
    2 x 6912. Frozen weights leave one forward less."""
    layers = [{"out_channels": 8, "kernel_size": 3}]
    found = resolved(catalog, now, architecture={"kind": "cnn", "image_size": 4, "conv_layers": layers})
    assert image_training_flop(found, 5.0).value.model_flop == 5 * 2 * 6912
    assert image_training_flop(found, 5.0, Regime(recompute="full")).value.hardware_flop == 5 * 3 * 6912
    assert image_training_flop(found, 5.0, Regime(trainable_fraction=0.0)).value.model_flop == 5 * 6912


def test_images_of_unknown_layers_are_not_counted(catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(Malformed) as refused:
        image_training_flop(resolved(catalog, now, params=10**7, architecture={"kind": "cnn"}), 1.0)
    assert refused.value.faults[0].pointer == "/architecture"


def test_a_patch_is_a_token_and_one_more_is_the_class(catalog: Snapshot, now: datetime) -> None:
    """ViT-B/16 at 224: 14 x 14 patches and a class token, 197 (Dosovitskiy et al. 2020)."""
    assert patch_tokens_of(resolved(catalog, now, model="vit-b-16")) == 197
