"""Image encoders inside multimodal configs: layers by hand, and kinds that are not counted."""

from typing import Any

import pytest

from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.estimators.models.hugging_face.towers import BESIDE, tower
from mlquote.kit.errors import Malformed

TOWER: dict[str, Any] = {
    "hidden_size": 8, "num_hidden_layers": 1, "intermediate_size": 16, "patch_size": 2, "image_size": 4, "depth": 1,
    "num_position_embeddings": 4, "num_attention_heads": 2, "position_embedding_size": 4, "vision_use_head": False,
}  # fmt: skip
LAYER = 4 * 64 + 4 * 8 + 2 * 8 * 16 + 16 + 8 + 4 * 8
"""Attention and two matrices of 8 x 16, with biases, and two LayerNorms."""
PATCH = 2 * 2 * 3 * 8
"""12 numbers of a patch to 8."""


def beside(outer: str, kind: str, **more: Any) -> int:
    """Parameters beside a text model of width 10."""
    whole = {"model_type": outer, "vision_config": TOWER | {"model_type": kind} | more}
    return BESIDE[outer](Fields(whole, defaults={"model_type": outer}), 10)


def test_siglip_by_hand() -> None:
    """A layer, the patches with biases, 4 positions, a last norm; Gemma 3's norm and 8 x 10."""
    assert beside("gemma3", "siglip_vision_model") == LAYER + PATCH + 8 + 4 * 8 + 2 * 8 + 8 + 80


def test_pixtral_by_hand() -> None:
    """Gated, no biases: 4 h^2 + 3 h f + 2 h; patches; two norms; four patches merged; 8 x 10 and 10 x 10."""
    assert beside("mistral3", "pixtral") == 4 * 64 + 3 * 128 + 16 + PATCH + 16 + 4 * 64 + 80 + 100


def test_a_merger_takes_four_patches_at_once() -> None:
    """Qwen3-VL: patches of two frames; its norm of 2 h, 32 x 32 + 32, 32 x 10 + 10; a merger more for each tap."""
    plain = LAYER + 2 * PATCH + 8 + 4 * 8 + (16 + 32 * 32 + 32 + 320 + 10)
    assert beside("qwen3_vl", "qwen3_vl", temporal_patch_size=2) == plain
    tapped = beside("qwen3_vl", "qwen3_vl", temporal_patch_size=2, deepstack_visual_indexes=[0, 1])
    assert tapped == plain + 2 * (64 + 32 * 32 + 32 + 320 + 10)


@pytest.mark.parametrize(
    ("outer", "kind"), [("gemma3", "siglip_vision_model"), ("mistral3", "pixtral"), ("gemma4", "gemma4_vision")]
)
def test_another_layer_never_costs_nothing(outer: str, kind: str) -> None:
    assert beside(outer, kind, num_hidden_layers=2) > beside(outer, kind)


def test_a_tower_of_unknown_kind_is_not_guessed() -> None:
    with pytest.raises(Malformed):
        tower(Fields({"model_type": "novel"}))
