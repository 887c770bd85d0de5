"""Diffusion transformers by `_class_name`: published sizes."""

from typing import Any

import pytest

from mlquote.estimators.models.hugging_face.config import read_config


@pytest.mark.parametrize(
    ("config", "params"),
    [
        pytest.param({"_class_name": "FluxTransformer2DModel"}, 11_891_178_560, id="FLUX.1-schnell"),
        pytest.param(
            {"_class_name": "FluxTransformer2DModel", "guidance_embeds": True}, 11_901_408_320, id="FLUX.1-dev"
        ),
        # 28 layers of 1152: 675 million in the paper, and here a table of classes and noise levels in every layer
        pytest.param({"_class_name": "DiTTransformer2DModel"}, 749_808_016, id="DiT-XL/2"),
        pytest.param({"_class_name": "QwenImageTransformer2DModel"}, 20_430_401_088, id="Qwen-Image"),
    ],
)
def test_published_sizes(config: dict[str, Any], params: int) -> None:
    assert read_config(config).params == params


def test_guidance_is_embedded_by_two_products() -> None:
    flux = {"_class_name": "FluxTransformer2DModel"}
    guided = read_config({**flux, "guidance_embeds": True}).params
    assert guided - read_config(flux).params == 256 * 3072 + 3072 + 3072 * 3072 + 3072
