"""U-Nets and autoencoders by `_class_name`: published sizes, blocks by hand, what is not known refused."""

from typing import Any

import pytest

from mlquote.estimators.models.hugging_face.config import read_config
from mlquote.estimators.models.hugging_face.denoisers import Unet
from mlquote.kit.errors import Malformed

SD15: dict[str, Any] = {"_class_name": "UNet2DConditionModel", "cross_attention_dim": 768}


def test_a_residual_block_by_hand() -> None:
    """Norm 2 i, 9 i o + o, noise level e o + o, norm 2 o, 9 o^2 + o, shortcut i o + o; i 2, o 3, e 4."""
    assert Unet(4).residual(2, 3) == 4 + 54 + 3 + 12 + 3 + 6 + 81 + 3 + 6 + 3


def test_the_number_of_heads_changes_no_count() -> None:
    assert read_config({**SD15, "attention_head_dim": 5}).params == read_config(SD15).params == 859_520_964


def test_stable_diffusions_autoencoder() -> None:
    """83,653,863 on its card."""
    widths, n = [128, 256, 512, 512], 4
    config = {
        "_class_name": "AutoencoderKL", "block_out_channels": widths, "layers_per_block": 2,
        "down_block_types": ["DownEncoderBlock2D"] * n, "up_block_types": ["UpDecoderBlock2D"] * n,
    }  # fmt: skip
    assert read_config(config).params == 83_653_863


@pytest.mark.parametrize("change", [{"dual_cross_attention": True}, {"down_block_types": ["Novel"] * 4}])
def test_what_is_not_known_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Malformed) as refused:
        read_config({**SD15, **change})
    assert refused.value.code == "unsupported-architecture"
