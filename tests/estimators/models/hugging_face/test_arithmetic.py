"""Forward FLOP of whole configs against PyTorch's counter, and what is said where they are not known."""

from typing import Any

import pytest

from mlquote.estimators.models.hugging_face.arithmetic import ARITHMETIC
from mlquote.estimators.models.hugging_face.config import read_config
from mlquote.estimators.models.hugging_face.counted import COUNTS

TOKENS = 128
MEASURED: dict[str, tuple[dict[str, Any], int]] = {
    "GteForMaskedLM": ({"model_type": "gte"}, 78_907_441_152),
    "NomicBertForMaskedLM": ({"model_type": "nomic_bert"}, 35_748_052_992),
    "MPNetForMaskedLM": ({"model_type": "mpnet"}, 28_500_099_072),
    "FNetForMaskedLM": ({"model_type": "fnet"}, 21_090_140_160),
    "MobileBertForMaskedLM": ({"model_type": "mobilebert"}, 9_453_174_784),
    "M2M100ForConditionalGeneration": ({"model_type": "m2m_100"}, 126_194_024_448),
    "PegasusForConditionalGeneration": ({"model_type": "pegasus"}, 105_786_900_480),
    "BeitForImageClassification": ({"model_type": "beit"}, 35_126_123_520),
    "DeiTForImageClassification": ({"model_type": "deit"}, 35_310_554_112),
    "Dinov2Model": ({"model_type": "dinov2"}, 46_322_454_528),
    "SwinForImageClassification": ({"model_type": "swin"}, 8_979_600_384),
    "ConvNextForImageClassification": ({"model_type": "convnext"}, 8_909_529_600),
    "RegNetForImageClassification": ({"model_type": "regnet"}, 7_944_405_248),
    "SegformerForSemanticSegmentation": ({"model_type": "segformer"}, 2_651_350_016),
    "ViTMAEModel": ({"model_type": "vit_mae"}, 8_816_836_608),
    "PixtralVisionModel": ({"model_type": "pixtral"}, 4_954_244_775_936),
    "UNet2DConditionModel": (
        {"_class_name": "UNet2DConditionModel", "sample_size": 64, "cross_attention_dim": 768},
        803_273_441_280,
    ),
    "AutoencoderKL": ({"_class_name": "AutoencoderKL", "sample_size": 256}, 2_272_333_398_016),
}
"""Forward of one pass: 128 tokens (128 read and 128 written), or one image of the class's size; Stable Diffusion 1.5's
U-Net on 64 x 64 latents with 77 tokens of text. torch.utils.flop_counter (torch 2.14.1) on the meta device,
transformers 5.24.0, diffusers 0.42.1."""


@pytest.mark.parametrize("named", MEASURED)
def test_forward_flop_are_what_pytorchs_counter_sees(named: str) -> None:
    config, flop = MEASURED[named]
    arithmetic = read_config({"architectures": [named], **config}).arithmetic
    assert arithmetic is not None
    assert arithmetic.flop(x=TOKENS, read=TOKENS, written=TOKENS) == flop


def test_every_type_with_arithmetic_is_counted_whole() -> None:
    assert not ARITHMETIC - set(COUNTS)


@pytest.mark.parametrize(
    "config",
    [
        {"model_type": "wav2vec2"},
        {"model_type": "deberta-v2"},
        {"model_type": "upernet"},
        {"_class_name": "UNet2DConditionModel", "cross_attention_dim": 768, "sample_size": None},
    ],
    ids=["a wave of any length", "products of places", "a law of parameters", "a U-Net of no size"],
)
def test_what_is_not_laid_out_has_no_arithmetic(config: dict[str, Any]) -> None:
    assert read_config(config).arithmetic is None


def test_albert_passes_its_one_layer_as_often_as_it_says() -> None:
    six, twelve = (
        read_config({"model_type": "albert", "architectures": ["AlbertModel"], "num_hidden_layers": depth})
        for depth in (6, 12)
    )
    assert six.params == twelve.params
    assert six.arithmetic is not None
    assert twelve.arithmetic is not None
    assert twelve.arithmetic.flop(x=64) > 1.9 * six.arithmetic.flop(x=64)


def test_a_sample_says_its_sizes_and_what_its_first_layer_costs() -> None:
    read = read_config({"_class_name": "UNet2DConditionModel", "sample_size": 64, "cross_attention_dim": 768})
    assert read.sample is not None
    assert read.sample.what == "a sample of 64 x 64, with a text of 77 tokens"
    assert read.sample.count.input_layer_flop == 2 * 9 * 4 * 320 * 64**2  # the convolution on the latent
