"""Types counted whole whose count says where each product is made: their forward FLOP follow from their layers.

A type stands here once `benchmarks/hf_flop.py` has met PyTorch's own counter on its classes, by default and with fields
said differently. What a counter cannot see (Fourier transforms, look-ups) counts nothing, as elsewhere.
"""

from dataclasses import dataclass

from mlquote.estimators.models.hugging_face.denoisers import WORDS_SEEN
from mlquote.estimators.models.hugging_face.diffusion_transformers import (
    FLUX_SIDE,
    FLUX_WORDS,
    PIXART_WORDS,
    SD3_WORDS,
)
from mlquote.estimators.models.hugging_face.fields import Fields, pair
from mlquote.formulas.models.vision import ImageCount
from mlquote.formulas.models.weights import Weights


@dataclass(frozen=True, slots=True)
class Sample:
    """One image that a model sees."""

    count: ImageCount
    what: str
    """Its sizes, in words."""


READ_TEXT = frozenset({
    "fnet", "gte", "nomic_bert", "mpnet", "ibert", "albert", "electra", "roformer", "modernbert", "rembert",
    "squeezebert", "mobilebert", "esm", "clip_text_model", "siglip_text_model",
})  # fmt: skip
"""A pass is so many tokens."""
TRANSLATE = frozenset({"bart", "mbart", "pegasus", "marian", "m2m_100", "blenderbot", "blenderbot-small"})
"""A pass is tokens read and tokens written."""
SEE = frozenset({
    "deit", "ijepa", "vit_mae", "beit", "dinov2", "dinov2_with_registers", "dinov3_vit", "swin", "donut-swin", "swinv2",
    "convnext", "convnextv2", "resnet", "regnet", "segformer", "clip", "metaclip_2", "siglip", "clip_vision_model",
    "siglip_vision_model", "pixtral",
})  # fmt: skip
"""A pass is one image of the file's `image_size`; CLIP's and SigLIP's, with as much text as they have positions."""
WORDS = {
    "UNet2DConditionModel": WORDS_SEEN, "FluxTransformer2DModel": FLUX_WORDS, "SD3Transformer2DModel": SD3_WORDS,
    "PixArtTransformer2DModel": PIXART_WORDS,
}  # fmt: skip
"""Tokens of text that are read with one latent."""
DENOISE = frozenset({"UNet2DModel", "AutoencoderKL", "DiTTransformer2DModel", *WORDS})
"""A pass is one image or latent of the file's `sample_size`, with a prompt where text is read."""
ARITHMETIC = READ_TEXT | TRANSLATE | SEE | DENOISE


def arithmetic_of(c: Fields, counted: int) -> Weights | None:
    """The products of a model that was counted whole; None where they are not all told.

    Args:
        c: the whole file.
        counted: its parameters, as its type's count gives them.

    Returns: a `Weights` of places "x" (tokens), or "read" and "written", or of none (one image).
    """
    if c.kind not in ARITHMETIC or not isinstance(counted, Weights):
        return None
    if c.kind in DENOISE - {"FluxTransformer2DModel"} and c.get("sample_size") is None:
        return None
    return counted


def sample_of(c: Fields, counted: Weights) -> Sample | None:
    """One image of a model that reads images; None where a pass is so many tokens.

    Args:    counted: as `arithmetic_of` gives it
    """
    if c.kind not in SEE | DENOISE:
        return None
    if c.kind in DENOISE:
        high, wide = pair(c, "sample_size", FLUX_SIDE)
        what = f"a sample of {high} x {wide}"
        if c.kind == "AutoencoderKL":
            what = f"{what}, encoded and decoded"
        elif c.kind in WORDS:
            what = f"{what}, with a text of {WORDS[c.kind]} tokens"
    else:
        vision = c.part("vision_config") or c
        high, wide = pair(vision, "image_size", 224)
        what = f"an image of {high} x {wide}"
    return Sample(ImageCount(int(counted), round(counted.flop()), round(counted.input_flop)), what)
