"""FLOP and parameters of image models, layer by layer: convolutions, products, attention over patches.

Image papers print multiply-adds and call them FLOPs: ResNet-50's "4.1 GFLOPs" are 4.089e9 multiply-adds, 8.18e9 FLOP.
Here a multiply-add is 2 FLOP, as everywhere in this house. Pooling, norms and activations are not counted.
"""

from dataclasses import dataclass, field
from math import ceil, floor

from mlquote.formulas.models.compute import block_flop
from mlquote.formulas.models.layers import Stack
from mlquote.formulas.models.parameters import block_params


class ImageTooSmall(ValueError):
    """Nothing is left of the image before the last layer."""


@dataclass(frozen=True, slots=True)
class ImageCount:
    """What an image model holds and costs for one image."""

    params: int
    forward_flop: int
    input_layer_flop: int
    """The first layer's share: its input is the image and needs no gradient."""

    @property
    def training_flop(self) -> int:
        """Forward and backward for one image: 3 x forward, less the gradient of the image itself.

        A depthwise convolution's backward costs twice its forward like any other: tools that forget its groups
        report 9 to 40 times (pytorch/pytorch#183405).
        """
        return 3 * self.forward_flop - self.input_layer_flop


@dataclass(slots=True)
class Net:
    """An image model while it is being laid out: where we stand, and what it has cost so far."""

    size: int
    """Side of the feature map in pixels."""
    channels: int = 3
    params: int = 0
    macs: int = 0
    first_macs: int | None = field(default=None)

    def conv(
        self,
        out: int,
        kernel: int | tuple[int, int] = 1,
        *,
        stride: int = 1,
        pad: int | None = None,
        groups: int = 1,
        bias: bool = False,
        norm: bool = True,
    ) -> "Net":
        """A convolution: k w (c / g) o multiply-adds at each output pixel.

        Args:
            out: o, output channels.
            kernel: k, square, or (k, w); pad defaults to k // 2, so that stride 1 keeps the size.
            stride: s; the side becomes (n + 2 pad - k) // s + 1.
            groups: g; as many as channels in a depthwise convolution.
            bias: one parameter per output channel.
            norm: a norm's two parameters per output channel.

        Raises:
            ImageTooSmall: no pixel is left.
        """
        tall, wide = (kernel, kernel) if isinstance(kernel, int) else kernel
        around = tall // 2 if pad is None else pad
        self._shrink((self.size + 2 * around - tall) // stride + 1)
        weights = tall * wide * (self.channels // groups) * out
        self.add(weights + out * (bias + 2 * norm), weights * self.size**2)
        self.channels = out
        return self

    def depthwise(self, kernel: int, *, stride: int = 1, bias: bool = False, norm: bool = True) -> "Net":
        """A convolution of each channel by itself."""
        return self.conv(self.channels, kernel, stride=stride, groups=self.channels, bias=bias, norm=norm)

    def pool(self, kernel: int, stride: int, *, pad: int = 0, round_up: bool = False) -> "Net":
        """Pooling: only the side changes."""
        steps = (self.size + 2 * pad - kernel) / stride
        self._shrink((ceil(steps) if round_up else floor(steps)) + 1)
        return self

    def _shrink(self, size: int) -> None:
        if size < 1:
            raise ImageTooSmall(f"a side of {self.size} is too small for the next layer")
        self.size = size

    def squeeze(self, inner: int) -> "Net":
        """Squeeze and excitation: two products on the pooled channels, with biases."""
        self.add(2 * self.channels * inner + inner + self.channels, 2 * self.channels * inner)
        return self

    def linear(self, out: int, *, inputs: int | None = None, tokens: int = 1, bias: bool = True) -> "Net":
        """A product on each of `tokens` positions."""
        weights = (inputs or self.channels) * out
        self.add(weights + bias * out, weights * tokens)
        self.channels = out
        return self

    def add(self, params: int, macs: int) -> "Net":
        """Something of known parameters and multiply-adds."""
        if self.first_macs is None:
            self.first_macs = macs
        self.params += params
        self.macs += macs
        return self

    def norm(self) -> "Net":
        """A norm's two parameters per channel."""
        self.params += 2 * self.channels
        return self

    def fork(self) -> "Net":
        """A branch from here: the same place, nothing counted yet."""
        return Net(self.size, self.channels, first_macs=0)

    def join(self, *branches: "Net") -> "Net":
        """Take in what branches cost."""
        for branch in branches:
            self.params += branch.params
            self.macs += branch.macs
        return self

    def count(self) -> ImageCount:
        """The finished count."""
        return ImageCount(self.params, 2 * self.macs, 2 * (self.first_macs or 0))


def vit_count(stack: Stack, *, image_size: int, patch_size: int, classes: int = 1000, channels: int = 3) -> ImageCount:
    """A vision transformer on one image: a patch convolution, blocks over patches and a class token, one classifier.

    n = (image / patch)^2; forward = 2 n c p^2 h + L (n + 1) (2 P_layer + 4 (n + 1) q) + 2 h classes.

    Args:
        stack: the blocks; full attention, no vocabulary.
        image_size: side in pixels, at least a patch.
        patch_size: p.
        classes: outputs of the classifier; 0 for none.
        channels: c.

    Returns: an `ImageCount`, its parameters those of the image classifier.

    Source: Dosovitskiy et al. 2021; torchvision 0.28 (vit_b_16: 17.564e9 multiply-adds).
    """
    h, patches = stack.hidden_size, (image_size // patch_size) ** 2
    tokens = patches + 1
    first = 2 * patches * channels * patch_size**2 * h
    blocks = sum(block_flop(block, h, tokens, causal=False, triangle=True).total for block in stack.blocks)
    ends = channels * patch_size**2 * h + h + h + tokens * h + 2 * h + classes * (h + 1)
    params = ends + sum(block_params(h, block) for block in stack.blocks)
    return ImageCount(params, first + round(tokens * blocks) + 2 * h * classes, first)


def patch_tokens(image_size: int, patch_size: int) -> int:
    """Tokens of one image: its patches and a class token.

    Args:
        image_size: side in pixels.
        patch_size: side of a patch.

    Returns: tokens.

    Source: Dosovitskiy et al. 2021, section 3.1.
    """
    return (image_size // patch_size) ** 2 + 1


def windowed_attention_macs(tokens: int, channels: int, window: int) -> int:
    """Multiply-adds of attention inside windows of w x w patches: 2 n w^2 c.

    Args:
        tokens: n.
        channels: c.
        window: w.

    Returns: multiply-adds.

    Source: Liu et al. 2021 (Swin), equation 2.
    """
    return 2 * tokens * window * window * channels
