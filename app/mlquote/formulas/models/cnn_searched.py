"""Image models whose shape was searched or tuned: RegNet, MNASNet, ShuffleNetV2, Inception v3."""

from collections.abc import Sequence
from math import log

from mlquote.formulas.models.vision import Net

CLASSES = 1000


def regnet(
    image_size: int, *, depth: int, start: int, slope: float, step: float, group: int, squeezed: bool = False
) -> Net:
    """RegNet X and Y (Radosavovic et al. 2020, section 3.3): widths start + slope j, rounded to powers of step, to 8.

    Args:
        image_size: side in pixels.
        depth: blocks.
        start: first width.
        slope: width added per block before rounding.
        step: ratio of neighbouring widths.
        group: channels of a group, adjusted where a stage is narrower.
        squeezed: squeeze and excitation by a quarter (RegNetY).
    """
    net = Net(image_size).conv(32, 3, stride=2)
    widths = [_quantised(start, start + slope * n, step) for n in range(depth)]
    stages = sorted({width: widths.count(width) for width in widths}.items())
    for width, count in stages:
        of_group = min(group, width)
        out = _multiple(width, of_group)
        for n in range(count):
            stride, entered = (1 if n else 2), net.channels
            if not n:
                net.join(net.fork().conv(out, 1, stride=2, pad=0))
            net.conv(out).conv(out, 3, stride=stride, groups=out // of_group)
            if squeezed:
                net.squeeze(round(entered / 4))
            net.conv(out)
    return net.linear(CLASSES)


def _quantised(start: int, width: float, step: float) -> int:
    return round(start * step ** round(log(width / start) / log(step)) / 8) * 8


def _multiple(width: int, divisor: int) -> int:
    """The nearest multiple, never down by more than a tenth."""
    near = max(divisor, int(width + divisor / 2) // divisor * divisor)
    return near + divisor if near < 0.9 * width else near


def mnasnet(image_size: int, width: float) -> Net:
    """MNASNet B1 (Tan et al. 2018, figure 7), its widths scaled."""
    first, second, *rest = (_multiple(round(c * width), 8) for c in (32, 16, 24, 40, 80, 96, 192, 320))
    net = Net(image_size).conv(first, 3, stride=2).depthwise(3).conv(second)
    rows = ((3, 2, 3, 3), (5, 2, 3, 3), (5, 2, 6, 3), (3, 1, 6, 2), (5, 2, 6, 4), (3, 1, 6, 1))
    for out, (kernel, stride, expand, repeat) in zip(rest, rows, strict=True):
        for n in range(repeat):
            net.conv(net.channels * expand).depthwise(kernel, stride=1 if n else stride).conv(out)
    return net.conv(1280).linear(CLASSES)


def shufflenet_v2(image_size: int, widths: Sequence[int]) -> Net:
    """ShuffleNetV2 (Ma et al. 2018, table 5): half of the channels pass each block untouched."""
    net = Net(image_size).conv(24, 3, stride=2).pool(3, 2, pad=1)
    for out, repeat in zip(widths, (4, 8, 4), strict=False):
        half = out // 2
        net.join(net.fork().depthwise(3, stride=2).conv(half))
        net.conv(half).depthwise(3, stride=2).conv(half)
        for _ in range(repeat - 1):
            net.channels = half
            net.conv(half).depthwise(3).conv(half)
        net.channels = out
    return net.conv(widths[-1]).linear(CLASSES)


def inception_v3(image_size: int) -> Net:
    """Inception v3 (Szegedy et al. 2015, table 1); its side head is among the parameters and not among the FLOP."""
    net = Net(image_size).conv(32, 3, stride=2, pad=0).conv(32, 3, pad=0).conv(64, 3).pool(3, 2)
    net.conv(80).conv(192, 3, pad=0).pool(3, 2)
    for pooled in (32, 64, 64):
        _joined(
            net, net.fork().conv(64), net.fork().conv(48).conv(64, 5), _double(net, 64, 96), net.fork().conv(pooled)
        )
    _halved(net, net.fork().conv(384, 3, stride=2, pad=0), _double(net, 64, 96, stride=2))
    for c in (128, 160, 160, 192):
        short = _line(net.fork().conv(c), c, 192)
        long = _line(_line(net.fork().conv(c), c, c), c, 192)
        _joined(net, net.fork().conv(192), short, long, net.fork().conv(192))
    side = 768 * 128 + 256 + 128 * 768 * 25 + 1536 + 768 * CLASSES + CLASSES
    square = net.fork().conv(192).conv(320, 3, stride=2, pad=0)
    _halved(net, square, _line(net.fork().conv(192), 192, 192).conv(192, 3, stride=2, pad=0))
    for _ in range(2):
        fans = _fan(net.fork().conv(384)), _fan(net.fork().conv(448).conv(384, 3))
        _joined(net, net.fork().conv(320), *fans, net.fork().conv(192))
    net.params += side
    return net.linear(CLASSES)


def _double(net: Net, first: int, out: int, *, stride: int = 1) -> Net:
    branch = net.fork().conv(first).conv(out, 3)
    return branch.conv(out, 3, stride=stride, pad=1 if stride == 1 else 0)


def _line(branch: Net, inner: int, out: int) -> Net:
    """1 x 7, then 7 x 1."""
    return branch.conv(inner, (1, 7)).conv(out, (1, 7))


def _fan(branch: Net) -> Net:
    """1 x 3 and 3 x 1 side by side."""
    branch.join(branch.fork().conv(384, (1, 3))).conv(384, (1, 3))
    branch.channels = 768
    return branch


def _joined(net: Net, *branches: Net) -> None:
    net.join(*branches).channels = sum(branch.channels for branch in branches)


def _halved(net: Net, *branches: Net) -> None:
    """Branches of stride 2 beside a pooling of all channels."""
    kept = net.channels
    _joined(net, *branches)
    net.channels += kept
    net.size = branches[0].size
