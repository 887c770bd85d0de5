"""Image networks: published sizes, classes that a file names."""

import pytest

from mlquote.estimators.models.hugging_face.config import read_config


@pytest.mark.parametrize(
    ("kind", "named", "params"),
    [
        # torchvision 0.28 with 1000 classes: resnet50, convnext_tiny, swin_t
        pytest.param("resnet", "ResNetForImageClassification", 25_557_032, id="ResNet-50"),
        pytest.param("convnext", "ConvNextForImageClassification", 28_589_128, id="ConvNeXt-T"),
        pytest.param("swin", "SwinForImageClassification", 28_288_354, id="Swin-T"),
    ],
)
def test_published_sizes(kind: str, named: str, params: int) -> None:
    assert read_config({"model_type": kind, "architectures": [named], "num_labels": 1000}).params == params


def test_clip_is_two_towers_and_a_scale() -> None:
    """CLIP ViT-B/32: 151,277,313."""
    assert read_config({"model_type": "clip", "architectures": ["CLIPModel"]}).params == 151_277_313


def test_classes_are_counted_by_their_names() -> None:
    named = {"model_type": "convnext", "id2label": {str(n): str(n) for n in range(5)}}
    assert read_config(named).params - read_config({"model_type": "convnext"}).params == 3 * (768 + 1)
