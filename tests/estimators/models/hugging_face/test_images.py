"""Image encoders inside multimodal configs: layers by hand, and kinds that are not counted."""

from typing import Any

import pytest

from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.estimators.models.hugging_face.images import TOWERS, image_params

TOWER: dict[str, Any] = {
    "hidden_size": 8, "num_hidden_layers": 1, "intermediate_size": 16, "patch_size": 2, "image_size": 4,
    "num_position_embeddings": 4, "num_attention_heads": 2, "position_embedding_size": 4,
}  # fmt: skip
LAYER = 4 * 64 + 4 * 8 + 2 * 8 * 16 + 16 + 8 + 4 * 8
"""Attention and two matrices of 8 x 16, with biases, and two LayerNorms."""
PATCH = 2 * 2 * 3 * 8
"""12 numbers of a patch to 8."""


def count(kind: str, **more: Any) -> int | None:
    return image_params(Fields(TOWER | {"model_type": kind} | more), Fields({}), 10)


def test_siglip_by_hand() -> None:
    """A layer, the patches with biases, 4 positions, a last norm, a projector's norm and its 8 x 10."""
    assert count("siglip_vision_model") == LAYER + PATCH + 8 + 4 * 8 + 2 * 8 + 8 + 80


def test_pixtral_by_hand() -> None:
    """Gated, no biases: 4 h^2 + 3 h f + 2 h; patches; two norms; four patches merged; 8 x 10 and 10 x 10."""
    assert count("pixtral") == 4 * 64 + 3 * 128 + 16 + PATCH + 16 + 4 * 64 + 80 + 100


def test_a_merger_takes_four_patches_at_once() -> None:
    """Qwen3-VL: its norm of 2 h, 32 x 32 + 32, 32 x 10 + 10; one more merger for each deep-stack layer."""
    plain = LAYER + PATCH + 8 + 4 * 8 + (16 + 32 * 32 + 32 + 320 + 10)
    assert count("qwen3_vl") == plain
    assert count("qwen3_vl", deepstack_visual_indexes=[0, 1]) == plain + 2 * (64 + 32 * 32 + 32 + 320 + 10)


@pytest.mark.parametrize("kind", TOWERS)
def test_another_layer_never_costs_nothing(kind: str) -> None:
    one, two = count(kind), count(kind, num_hidden_layers=2)
    assert one is not None and two is not None
    assert two > one


def test_a_tower_of_unknown_kind_is_not_guessed() -> None:
    assert count("novel") is None
