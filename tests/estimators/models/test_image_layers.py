"""Image models as a question gives them: by name, by patches, layer by layer."""

from typing import Any

import pytest

from mlquote.estimators.models.image_layers import ConvLayer, described_image, known_image
from mlquote.kit.errors import Malformed, OutOfDomain, QuoteError


def layers(*given: dict[str, Any]) -> list[ConvLayer]:
    return [ConvLayer.model_validate(each) for each in given]


def test_a_small_network_by_hand() -> None:
    """8 x 8 pixels: 3 x 3 x 3 x 4 = 108 weights at 64 places; pooled to 4 x 4; 64 inputs to 10 outputs with biases.
    Parameters 108 + 2 x 4 of the norm + 640 + 10; forward 2 x (108 x 64 + 640)."""
    given = layers(
        {"out_channels": 4, "kernel_size": 3},
        {"kind": "pool", "kernel_size": 2, "stride": 2},
        {"kind": "linear", "out_channels": 10, "bias": True},
    )
    count = described_image(given, image_size=8, forward_flop=None)
    assert count is not None
    assert (count.params, count.forward_flop) == (108 + 8 + 640 + 10, 2 * (108 * 64 + 640))


def test_a_layer_repeated_is_the_layer_so_many_times() -> None:
    once = layers(*[{"out_channels": 3, "kernel_size": 3}] * 3)
    repeated = layers({"out_channels": 3, "kernel_size": 3, "repeat": 3})
    assert described_image(once, image_size=8, forward_flop=None) == described_image(
        repeated, image_size=8, forward_flop=None
    )


def test_one_value_a_channel_is_left_after_global_pooling() -> None:
    """4 inputs to 10 outputs instead of 4 x 64."""
    given = layers({"out_channels": 4}, {"kind": "global_pool"}, {"kind": "linear", "out_channels": 10})
    count = described_image(given, image_size=8, forward_flop=None)
    assert count is not None
    assert count.params == 3 * 4 + 8 + 40


def test_a_count_of_ones_own_wins() -> None:
    count = described_image(layers({"out_channels": 4}), image_size=8, forward_flop=1e9)
    assert count is not None
    assert (count.forward_flop, count.training_flop) == (10**9, 3 * 10**9)


@pytest.mark.parametrize(
    ("given", "error", "pointer"),
    [
        pytest.param({"kind": "conv"}, Malformed, "/architecture/conv_layers/0/out_channels", id="no outputs"),
        pytest.param(
            {"out_channels": 4, "groups": 2},
            OutOfDomain,
            "/architecture/conv_layers/0/groups",
            id="groups of 3 channels",
        ),
        pytest.param({"kind": "pool", "kernel_size": 9}, OutOfDomain, "/architecture/conv_layers/0", id="nothing left"),
    ],
)
def test_a_layer_that_cannot_be_laid_is_refused_where_it_stands(
    given: dict[str, Any], error: type[QuoteError], pointer: str
) -> None:
    with pytest.raises(error) as refused:
        described_image(layers(given), image_size=8, forward_flop=None)
    assert refused.value.faults[0].pointer == pointer


def test_a_name_is_laid_out_and_any_other_is_not() -> None:
    known = known_image("resnet-50", None, image_size=None, patch_size=None)
    assert known is not None
    assert known.params == 25_557_032
    assert known_image("llama-3.1-8b", None, image_size=None, patch_size=None) is None


@pytest.mark.parametrize("side", [16, 200_000], ids=["too small", "too large"])
def test_an_image_no_camera_makes_is_refused(side: int) -> None:
    with pytest.raises(OutOfDomain) as refused:
        known_image("resnet-50", None, image_size=side, patch_size=None)
    assert refused.value.faults[0].pointer == "/architecture/image_size"
