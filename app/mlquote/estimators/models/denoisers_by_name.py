"""Denoisers that everybody names and whose layers stand in their published config: what one image costs them.

Each is the `config.json` of its transformer, what differs from its class's defaults alone. FLUX.1 Kontext reads a
second image beside the one it makes, and FLUX.2 has no class that is counted: neither stands here.
"""

from functools import lru_cache
from typing import Any

from mlquote.estimators.models.hugging_face.arithmetic import Sample
from mlquote.estimators.models.hugging_face.config import read_config

PIXELS_PER_LATENT = 8
_FLUX = {"_class_name": "FluxTransformer2DModel"}
_SD3 = {"_class_name": "SD3Transformer2DModel", "sample_size": 128}
_LARGE = {**_SD3, "num_layers": 38, "num_attention_heads": 38, "caption_projection_dim": 2432, "qk_norm": "rms_norm"}
_MEDIUM = {**_SD3, "num_layers": 24, "num_attention_heads": 24, "caption_projection_dim": 1536}
CONFIGS: dict[str, dict[str, Any]] = {
    "flux.1-dev": {**_FLUX, "guidance_embeds": True},
    "flux.1-fill-dev": {**_FLUX, "guidance_embeds": True, "in_channels": 384, "out_channels": 64},
    "flux.1-schnell": _FLUX,
    "sd3-medium": _MEDIUM,
    "stable-diffusion-3.5-large": _LARGE,
    "stable-diffusion-3.5-large-turbo": _LARGE,
    "stable-diffusion-3.5-medium": {**_MEDIUM, "qk_norm": "rms_norm", "dual_attention_layers": list(range(13))},
}
"""Model id -> config, as published with its weights."""


@lru_cache(maxsize=256)
def named_denoiser(model: str, image_size: int | None) -> Sample:
    """A denoiser's parameters and its FLOP on one image at one noise level, with a prompt of its pipeline's length.

    Args:
        model: an id of CONFIGS.
        image_size: side in pixels; default 1024.

    Returns: a `Sample`.

    Raises:
        KeyError: no such model.
    """
    read = read_config({**CONFIGS[model], "sample_size": (image_size or 1024) // PIXELS_PER_LATENT})
    assert read.sample is not None
    return read.sample
