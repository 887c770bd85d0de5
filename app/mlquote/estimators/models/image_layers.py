"""Image models as a question gives them: by name, by patches, or layer by layer."""

from collections.abc import Callable, Collection, Sequence
from typing import Annotated, Literal

from pydantic import Field

from mlquote.estimators.asking.question import Count, Part, PositiveCount
from mlquote.estimators.models.denoisers_by_name import CONFIGS, named_denoiser
from mlquote.formulas.models import cnn_families, diffusion
from mlquote.formulas.models.cnn_families import family_count
from mlquote.formulas.models.diffusion import denoiser_count
from mlquote.formulas.models.layers import Stack
from mlquote.formulas.models.vision import ImageCount, ImageTooSmall, Net, vit_count
from mlquote.kit.errors import Malformed, OutOfDomain

_Small = Annotated[PositiveCount, Field(le=10**7)]


class ConvLayer(Part):
    """One layer of a convolutional network, or `repeat` equal ones."""

    kind: Literal["conv", "linear", "pool", "global_pool"] = "conv"
    """`conv`, `linear` (on everything flattened), `pool`, or `global_pool` (one value per channel)."""
    out_channels: _Small | None = None
    """Channels of a convolution, or outputs of a product."""
    kernel_size: Annotated[PositiveCount, Field(le=1000)] = 1
    """Side of the kernel or pooling window in pixels."""
    stride: Annotated[PositiveCount, Field(le=1000)] = 1
    """Step in pixels."""
    padding: Annotated[Count, Field(le=1000)] | None = None
    """Pixels added on each side; default: kernel_size // 2 for a convolution, 0 for pooling."""
    groups: _Small = 1
    """Groups of a convolution; as many as channels where it is depthwise."""
    bias: bool = False
    """One parameter for each output."""
    norm: bool = True
    """A norm after a convolution: two parameters per channel."""
    repeat: Annotated[PositiveCount, Field(le=1000)] = 1
    """How often the layer comes."""


def _denoised(name: str, image_size: int | None) -> ImageCount:
    return named_denoiser(name, image_size).count


_BY_NAME: tuple[tuple[Collection[str], Callable[[str, int | None], ImageCount]], ...] = (
    (cnn_families.FAMILIES, family_count),
    (diffusion.FAMILIES, denoiser_count),
    (CONFIGS, _denoised),
)


def known_image(name: str, stack: Stack | None, *, image_size: int | None, patch_size: int | None) -> ImageCount | None:
    """What one image costs a model known by name, or a vision transformer of known blocks; None for any other.

    Args:
        name: catalogue id.
        stack: blocks of a vision transformer; None for any other model.
        image_size: side in pixels; default: the usual one.
        patch_size: side of a patch; default 16.

    Returns: an `ImageCount`, or None.

    Raises:
        OutOfDomain: the image is smaller than a patch, or than the network's strides leave room for.
    """
    for families, count in _BY_NAME:
        if name in families:
            if image_size is not None and not 32 <= image_size <= 100_000:
                raise OutOfDomain(f"images of {image_size}", pointer="/architecture/image_size", hint="32 to 100000")
            try:
                return count(name, image_size)
            except ImageTooSmall as fault:
                raise OutOfDomain(str(fault), pointer="/architecture/image_size", hint="a larger image") from fault
    if stack is None:
        return None
    patch, side = patch_size or 16, image_size or 224
    if patch > side:
        raise OutOfDomain(f"a patch of {patch} in an image of {side}", pointer="/architecture/patch_size", hint="16")
    return vit_count(stack, image_size=side, patch_size=patch)


def described_image(
    layers: Sequence[ConvLayer] | None, *, image_size: int | None, forward_flop: float | None
) -> ImageCount | None:
    """What one image costs by the question's own layers or its own count; None where it gives neither.

    Args:
        layers: a convolutional network on three channels.
        image_size: side in pixels; default 224.
        forward_flop: forward FLOP of one sample, which wins.

    Returns: an `ImageCount`, or None.

    Raises:
        Malformed: a layer lacks its outputs.
        OutOfDomain: groups that do not divide, or a map that shrinks to nothing.
    """
    if forward_flop is not None:
        return ImageCount(0, round(forward_flop), 0)
    if layers is None:
        return None
    net = Net(image_size or 224)
    for n, layer in enumerate(layers):
        for _ in range(layer.repeat):
            pointer = f"/architecture/conv_layers/{n}"
            try:
                _lay(net, layer, pointer)
            except ImageTooSmall as fault:
                raise OutOfDomain(str(fault), pointer=pointer, hint="a smaller kernel or more padding") from fault
    return net.count()


def _lay(net: Net, layer: ConvLayer, pointer: str) -> None:
    if layer.kind == "global_pool":
        net.size = 1
        return
    if layer.kind == "pool":
        net.pool(layer.kernel_size, layer.stride, pad=layer.padding or 0)
    elif layer.out_channels is None:
        raise Malformed("out_channels is missing", pointer=f"{pointer}/out_channels", hint="channels or outputs")
    elif layer.kind == "linear":
        net.linear(layer.out_channels, inputs=net.channels * net.size**2, bias=layer.bias)
        net.size = 1
    elif net.channels % layer.groups or layer.out_channels % layer.groups:
        raise OutOfDomain(
            f"{layer.groups} groups do not divide {net.channels} channels", pointer=f"{pointer}/groups", hint="1"
        )
    else:
        net.conv(
            layer.out_channels,
            layer.kernel_size,
            stride=layer.stride,
            pad=layer.padding,
            groups=layer.groups,
            bias=layer.bias,
            norm=layer.norm,
        )
