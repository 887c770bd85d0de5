"""Vision transformers and single layers, against torchvision and by hand."""

import pytest

from mlquote.formulas.models.shape import filled
from mlquote.formulas.models.sizes import Sizes
from mlquote.formulas.models.stacks import stack_of
from mlquote.formulas.models.vision import (
    ImageCount,
    ImageTooSmall,
    Net,
    patch_tokens,
    vit_count,
    windowed_attention_macs,
)


@pytest.mark.parametrize(
    ("hidden", "layers", "heads", "params", "forward", "training"),
    [
        pytest.param(768, 12, 12, 86567656, 35127656448, 105151758336, id="ViT-B/16"),
        pytest.param(1024, 24, 16, 304326632, 123109425152, 369019994112, id="ViT-L/16"),
    ],
)
def test_a_vision_transformer_counts_its_attention(
    hidden: int, layers: int, heads: int, params: int, forward: int, training: int
) -> None:
    # torchvision: 17.564 and 61.555 GMAC; tracers lose fused attention (33.7e9) or find 20 % too much (42.3e9)
    sizes = Sizes(kind="vit", hidden_size=hidden, layers=layers, heads=heads)
    count = vit_count(stack_of(filled(sizes)[0]), image_size=224, patch_size=16)
    assert (count.params, count.forward_flop, count.training_flop) == (params, forward, training)


def test_one_convolution_by_hand() -> None:
    # 3 x 3 x 8 / 4 x 16 = 288 weights, 16 biases, 32 of the norm; 288 multiply-adds at 5 x 5 outputs
    net = Net(10, 8).conv(16, 3, stride=2, groups=4, bias=True)
    assert (net.size, net.params, net.macs) == (5, 288 + 16 + 32, 288 * 25)


def test_patches_and_a_class_token() -> None:
    assert patch_tokens(224, 16) == 197


def test_a_kernel_may_be_wider_than_tall() -> None:
    """1 x 7 on 8 channels to 4: 224 weights, 8 of the norm; the side stays."""
    net = Net(9, 8).conv(4, (1, 7))
    assert (net.size, net.params, net.macs) == (9, 224 + 8, 224 * 81)


def test_pooling_rounds_up_only_where_it_is_said() -> None:
    """(6 - 3) / 2 + 1 = 2.5 places of a window of 3 at steps of 2."""
    assert (Net(6).pool(3, 2).size, Net(6).pool(3, 2, round_up=True).size) == (2, 3)
    with pytest.raises(ImageTooSmall):
        Net(2).pool(3, 2)


def test_the_image_itself_needs_no_gradient() -> None:
    """3 x 100 forward less the first layer's 30."""
    assert ImageCount(params=0, forward_flop=100, input_layer_flop=30).training_flop == 270


def test_a_branch_costs_where_it_joins() -> None:
    net = Net(4, 8)
    net.join(net.fork().conv(2, norm=False), net.fork().conv(3, norm=False))
    assert (net.params, net.macs, net.channels) == (16 + 24, (16 + 24) * 16, 8)


def test_windowed_attention_is_linear_in_tokens() -> None:
    """Liu et al. 2021, equation 2, second term: 2 M^2 h w C; a window as large as the image is all of it: 2 n^2 c."""
    assert windowed_attention_macs(56 * 56, 96, 7) == 2 * 49 * 3136 * 96
    assert windowed_attention_macs(49, 96, 7) == 2 * 49 * 49 * 96
