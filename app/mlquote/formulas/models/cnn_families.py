"""The image models everybody names, laid out from their papers' tables: `FAMILIES[id](image_size)`.

Held by torchvision's published parameter counts (exact) and multiply-adds in the tests.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from math import ceil

from mlquote.formulas.models.cnn_searched import inception_v3, mnasnet, regnet, shufflenet_v2
from mlquote.formulas.models.vision import ImageCount, Net, windowed_attention_macs

CLASSES = 1000


def alexnet(image_size: int) -> Net:
    """AlexNet in one tower (Krizhevsky 2014, "One weird trick")."""
    net = Net(image_size)
    net.conv(64, 11, stride=4, pad=2, bias=True, norm=False).pool(3, 2)
    net.conv(192, 5, bias=True, norm=False).pool(3, 2)
    for out in (384, 256, 256):
        net.conv(out, 3, bias=True, norm=False)
    return net.linear(4096, inputs=256 * 36).linear(4096).linear(CLASSES)


def vgg(image_size: int, depths: Sequence[int], *, norm: bool = False) -> Net:
    """VGG (Simonyan and Zisserman 2014, table 1): five groups of 3 x 3 convolutions, three products."""
    net = Net(image_size)
    for depth, out in zip(depths, (64, 128, 256, 512, 512), strict=True):
        for _ in range(depth):
            net.conv(out, 3, bias=True, norm=norm)
        net.pool(2, 2)
    return net.linear(4096, inputs=512 * 49).linear(4096).linear(CLASSES)


def resnet(image_size: int, depths: Sequence[int], *, basic: bool = False, groups: int = 1, base: int = 64) -> Net:
    """ResNet (He et al. 2015, table 1), ResNeXt (`groups` of `base` channels) and Wide ResNet (`base` 128)."""
    net = Net(image_size).conv(64, 7, stride=2).pool(3, 2, pad=1)
    for stage, depth in enumerate(depths):
        planes = 64 * 2**stage
        width = planes if basic else planes * base // 64 * groups
        out = planes if basic else 4 * planes
        for n in range(depth):
            stride = 2 if stage and not n else 1
            if not n and (stride > 1 or net.channels != out):
                net.join(net.fork().conv(out, 1, stride=stride, pad=0))
            if basic:
                net.conv(planes, 3, stride=stride).conv(planes, 3)
            else:
                net.conv(width).conv(width, 3, stride=stride, groups=groups).conv(out)
    return net.linear(CLASSES)


def densenet(image_size: int, depths: Sequence[int], *, growth: int = 32, first: int = 64) -> Net:
    """DenseNet (Huang et al. 2016, table 1): each layer adds `growth` channels, norms before convolutions."""
    net = Net(image_size).conv(first, 7, stride=2).pool(3, 2, pad=1)
    for stage, depth in enumerate(depths):
        if stage:
            net.norm().conv(net.channels // 2, norm=False).pool(2, 2)
        for _ in range(depth):
            kept = net.channels
            net.norm().conv(4 * growth).conv(growth, 3, norm=False)
            net.channels = kept + growth
    return net.norm().linear(CLASSES)


def squeezenet(image_size: int, *, first: tuple[int, int], pools: Sequence[int]) -> Net:
    """SqueezeNet (Iandola et al. 2016, table 1): eight fire modules, pooling after those in `pools`."""
    out, kernel = first
    net = Net(image_size).conv(out, kernel, stride=2, pad=0, bias=True, norm=False).pool(3, 2, round_up=True)
    for n, (inner, wide) in enumerate(
        ((16, 64), (16, 64), (32, 128), (32, 128), (48, 192), (48, 192), (64, 256), (64, 256)), start=2
    ):
        net.conv(inner, bias=True, norm=False)
        net.join(net.fork().conv(wide, bias=True, norm=False)).conv(wide, 3, bias=True, norm=False)
        net.channels = 2 * wide
        if n in pools:
            net.pool(3, 2, round_up=True)
    return net.conv(CLASSES, bias=True, norm=False)


def _rounded(channels: float, divisor: int = 8) -> int:
    """Channels rounded to a multiple of 8, never down by more than a tenth (Howard et al. 2017, their code)."""
    near = max(divisor, int(channels + divisor / 2) // divisor * divisor)
    return near + divisor if near < 0.9 * channels else near


def _inverted(net: Net, out: int, wide: int, kernel: int, stride: int, squeezed: int = 0) -> None:
    """An inverted residual: expand, depthwise, squeeze and excite, project."""
    if wide != net.channels:
        net.conv(wide)
    net.depthwise(kernel, stride=stride)
    if squeezed:
        net.squeeze(squeezed)
    net.conv(out)


def mobilenet_v2(image_size: int) -> Net:
    """MobileNetV2 (Sandler et al. 2018, table 2)."""
    net = Net(image_size).conv(32, 3, stride=2)
    for t, c, n, s in (
        (1, 16, 1, 1),
        (6, 24, 2, 2),
        (6, 32, 3, 2),
        (6, 64, 4, 2),
        (6, 96, 3, 1),
        (6, 160, 3, 2),
        (6, 320, 1, 1),
    ):
        for k in range(n):
            _inverted(net, c, t * net.channels, 3, s if not k else 1)
    return net.conv(1280).linear(CLASSES)


_V3_LARGE = (
    (3, 16, 16, 0, 1), (3, 64, 24, 0, 2), (3, 72, 24, 0, 1), (5, 72, 40, 1, 2), (5, 120, 40, 1, 1), (5, 120, 40, 1, 1),
    (3, 240, 80, 0, 2), (3, 200, 80, 0, 1), (3, 184, 80, 0, 1), (3, 184, 80, 0, 1), (3, 480, 112, 1, 1),
    (3, 672, 112, 1, 1), (5, 672, 160, 1, 2), (5, 960, 160, 1, 1), (5, 960, 160, 1, 1),
)  # fmt: skip
_V3_SMALL = (
    (3, 16, 16, 1, 2), (3, 72, 24, 0, 2), (3, 88, 24, 0, 1), (5, 96, 40, 1, 2), (5, 240, 40, 1, 1), (5, 240, 40, 1, 1),
    (5, 120, 48, 1, 1), (5, 144, 48, 1, 1), (5, 288, 96, 1, 2), (5, 576, 96, 1, 1), (5, 576, 96, 1, 1),
)  # fmt: skip


def mobilenet_v3(image_size: int, rows: Sequence[tuple[int, int, int, int, int]], last: int) -> Net:
    """MobileNetV3 (Howard et al. 2019, tables 1 and 2): kernel, expansion, output, squeezed, stride."""
    net = Net(image_size).conv(16, 3, stride=2)
    for kernel, wide, out, squeezed, stride in rows:
        _inverted(net, out, wide, kernel, stride, _rounded(wide // 4) if squeezed else 0)
    return net.conv(6 * net.channels).linear(last).linear(CLASSES)


_B0 = (
    (1, 3, 1, 32, 16, 1), (6, 3, 2, 16, 24, 2), (6, 5, 2, 24, 40, 2), (6, 3, 2, 40, 80, 3), (6, 5, 1, 80, 112, 3),
    (6, 5, 2, 112, 192, 4), (6, 3, 1, 192, 320, 1),
)  # fmt: skip


def efficientnet(image_size: int, width: float, depth: float) -> Net:
    """EfficientNet B0 to B7 (Tan and Le 2019, table 1), scaled by `width` and `depth`."""
    net = Net(image_size).conv(_rounded(32 * width), 3, stride=2)
    for expand, kernel, stride, _, out, repeat in _B0:
        for n in range(ceil(repeat * depth)):
            squeezed = max(1, net.channels // 4)
            _inverted(net, _rounded(out * width), net.channels * expand, kernel, 1 if n else stride, squeezed)
    return net.conv(4 * net.channels).linear(CLASSES)


_V2 = {
    "s": ((1, 1, 24, 2), (4, 2, 48, 4), (4, 2, 64, 4), (4, 2, 128, 6), (6, 1, 160, 9), (6, 2, 256, 15)),
    "m": (
        (1, 1, 24, 3),
        (4, 2, 48, 5),
        (4, 2, 80, 5),
        (4, 2, 160, 7),
        (6, 1, 176, 14),
        (6, 2, 304, 18),
        (6, 1, 512, 5),
    ),
    "l": (
        (1, 1, 32, 4),
        (4, 2, 64, 7),
        (4, 2, 96, 7),
        (4, 2, 192, 10),
        (6, 1, 224, 19),
        (6, 2, 384, 25),
        (6, 1, 640, 7),
    ),
}


def efficientnet_v2(image_size: int, variant: str) -> Net:
    """EfficientNetV2 (Tan and Le 2021, table 4): the first three stages fuse expansion and depthwise."""
    rows = _V2[variant]
    net = Net(image_size).conv(rows[0][2], 3, stride=2)
    for stage, (expand, stride, out, repeat) in enumerate(rows):
        for n in range(repeat):
            wide, step = net.channels * expand, 1 if n else stride
            if stage >= 3:
                _inverted(net, out, wide, 3, step, max(1, net.channels // 4))
            elif expand == 1:
                net.conv(out, 3, stride=step)
            else:
                net.conv(wide, 3, stride=step).conv(out)
    return net.conv(1280).linear(CLASSES)


def convnext(image_size: int, depths: Sequence[int], width: int) -> Net:
    """ConvNeXt (Liu et al. 2022): 7 x 7 depthwise, expansion by 4, a scale per channel."""
    net = Net(image_size).conv(width, 4, stride=4, pad=0, bias=True)
    for stage, depth in enumerate(depths):
        if stage:
            net.norm().conv(2 * net.channels, 2, stride=2, pad=0, bias=True, norm=False)
        for _ in range(depth):
            c, pixels = net.channels, net.size**2
            net.depthwise(7, bias=True).linear(4 * c, tokens=pixels).linear(c, tokens=pixels)
            net.params += c
    return net.norm().linear(CLASSES)


def swin(image_size: int, depths: Sequence[int], width: int, window: int = 7) -> Net:
    """Swin (Liu et al. 2021): attention inside windows, patches merged between stages, a head for every 32 channels."""
    net = Net(image_size).conv(width, 4, stride=4, pad=0, bias=True)
    for stage, depth in enumerate(depths):
        if stage:
            net.channels *= 4
            net.norm()
            net.size = ceil(net.size / 2)
            net.linear(net.channels // 2, tokens=net.size**2, bias=False)
        c = net.channels
        tokens = (ceil(net.size / window) * window) ** 2
        for _ in range(depth):
            net.norm().linear(3 * c, tokens=tokens)
            net.add((2 * window - 1) ** 2 * (c // 32), windowed_attention_macs(tokens, c, window))
            net.linear(c, inputs=c, tokens=tokens).norm()
            net.linear(4 * c, tokens=net.size**2).linear(c, tokens=net.size**2)
    return net.norm().linear(CLASSES)


_DENSE_INCEPTIONS = (
    (64, 96, 128, 16, 32, 32), (128, 128, 192, 32, 96, 64), (192, 96, 208, 16, 48, 64), (160, 112, 224, 24, 64, 64),
    (128, 128, 256, 24, 64, 64), (112, 144, 288, 32, 64, 64), (256, 160, 320, 32, 128, 128),
    (256, 160, 320, 32, 128, 128), (384, 192, 384, 48, 128, 128),
)  # fmt: skip


def googlenet(image_size: int) -> Net:
    """GoogLeNet (Szegedy et al. 2014, table 1), 3 x 3 for its 5 x 5 branch as torchvision has it, no side heads."""
    net = (
        Net(image_size).conv(64, 7, stride=2).pool(3, 2, round_up=True).conv(64).conv(192, 3).pool(3, 2, round_up=True)
    )
    for n, (one, reduce3, three, reduce5, five, pooled) in enumerate(_DENSE_INCEPTIONS):
        branches = (
            net.fork().conv(one),
            net.fork().conv(reduce3).conv(three, 3),
            net.fork().conv(reduce5).conv(five, 3),
            net.fork().conv(pooled),
        )
        net.join(*branches).channels = one + three + five + pooled
        if n == 1:
            net.pool(3, 2, round_up=True)
        elif n == 6:
            net.pool(2, 2, round_up=True)
    return net.linear(CLASSES)


_REGNETS = {
    "regnet-y-400mf": (16, 48, 27.89, 2.09, 8),
    "regnet-y-800mf": (14, 56, 38.84, 2.4, 16),
    "regnet-y-1.6gf": (27, 48, 20.71, 2.65, 24),
    "regnet-y-3.2gf": (21, 80, 42.63, 2.66, 24),
    "regnet-y-8gf": (17, 192, 76.82, 2.19, 56),
    "regnet-y-16gf": (18, 200, 106.23, 2.48, 112),
    "regnet-y-32gf": (20, 232, 115.89, 2.53, 232),
    "regnet-y-128gf": (27, 456, 160.83, 2.52, 264),
    "regnet-x-400mf": (22, 24, 24.48, 2.54, 16),
    "regnet-x-800mf": (16, 56, 35.73, 2.28, 16),
    "regnet-x-1.6gf": (18, 80, 34.01, 2.25, 24),
    "regnet-x-3.2gf": (25, 88, 26.31, 2.25, 48),
    "regnet-x-8gf": (23, 80, 49.56, 2.88, 120),
    "regnet-x-16gf": (22, 216, 55.59, 2.1, 128),
    "regnet-x-32gf": (23, 320, 69.86, 2.0, 168),
}
"""Depth, first width, slope, step, group (Radosavovic et al. 2020, appendix D)."""


def _regnet(image_size: int, model: str) -> Net:
    depth, start, slope, step, group = _REGNETS[model]
    squeezed = "-y-" in model
    return regnet(image_size, depth=depth, start=start, slope=slope, step=step, group=group, squeezed=squeezed)


FAMILIES: dict[str, tuple[int, Callable[[int], Net]]] = {
    "alexnet": (224, alexnet),
    "vgg-11": (224, partial(vgg, depths=(1, 1, 2, 2, 2))),
    "vgg-13": (224, partial(vgg, depths=(2, 2, 2, 2, 2))),
    "vgg-16": (224, partial(vgg, depths=(2, 2, 3, 3, 3))),
    "vgg-19": (224, partial(vgg, depths=(2, 2, 4, 4, 4))),
    "vgg-16-bn": (224, partial(vgg, depths=(2, 2, 3, 3, 3), norm=True)),
    "googlenet": (224, googlenet),
    "resnet-18": (224, partial(resnet, depths=(2, 2, 2, 2), basic=True)),
    "resnet-34": (224, partial(resnet, depths=(3, 4, 6, 3), basic=True)),
    "resnet-50": (224, partial(resnet, depths=(3, 4, 6, 3))),
    "resnet-101": (224, partial(resnet, depths=(3, 4, 23, 3))),
    "resnet-152": (224, partial(resnet, depths=(3, 8, 36, 3))),
    "resnext-50-32x4d": (224, partial(resnet, depths=(3, 4, 6, 3), groups=32, base=4)),
    "resnext-101-32x8d": (224, partial(resnet, depths=(3, 4, 23, 3), groups=32, base=8)),
    "resnext-101-64x4d": (224, partial(resnet, depths=(3, 4, 23, 3), groups=64, base=4)),
    "wide-resnet-50-2": (224, partial(resnet, depths=(3, 4, 6, 3), base=128)),
    "wide-resnet-101-2": (224, partial(resnet, depths=(3, 4, 23, 3), base=128)),
    "densenet-121": (224, partial(densenet, depths=(6, 12, 24, 16))),
    "densenet-161": (224, partial(densenet, depths=(6, 12, 36, 24), growth=48, first=96)),
    "densenet-169": (224, partial(densenet, depths=(6, 12, 32, 32))),
    "densenet-201": (224, partial(densenet, depths=(6, 12, 48, 32))),
    "squeezenet-1.0": (224, partial(squeezenet, first=(96, 7), pools=(4, 8))),
    "squeezenet-1.1": (224, partial(squeezenet, first=(64, 3), pools=(3, 5))),
    "inception-v3": (299, inception_v3),
    "mnasnet-0.5": (224, partial(mnasnet, width=0.5)),
    "mnasnet-0.75": (224, partial(mnasnet, width=0.75)),
    "mnasnet-1.0": (224, partial(mnasnet, width=1.0)),
    "mnasnet-1.3": (224, partial(mnasnet, width=1.3)),
    "shufflenet-v2-x0.5": (224, partial(shufflenet_v2, widths=(48, 96, 192, 1024))),
    "shufflenet-v2-x1.0": (224, partial(shufflenet_v2, widths=(116, 232, 464, 1024))),
    "shufflenet-v2-x1.5": (224, partial(shufflenet_v2, widths=(176, 352, 704, 1024))),
    "shufflenet-v2-x2.0": (224, partial(shufflenet_v2, widths=(244, 488, 976, 2048))),
    "mobilenet-v2": (224, mobilenet_v2),
    "mobilenet-v3-large": (224, partial(mobilenet_v3, rows=_V3_LARGE, last=1280)),
    "mobilenet-v3-small": (224, partial(mobilenet_v3, rows=_V3_SMALL, last=1024)),
    "efficientnet-b0": (224, partial(efficientnet, width=1.0, depth=1.0)),
    "efficientnet-b1": (240, partial(efficientnet, width=1.0, depth=1.1)),
    "efficientnet-b2": (288, partial(efficientnet, width=1.1, depth=1.2)),
    "efficientnet-b3": (300, partial(efficientnet, width=1.2, depth=1.4)),
    "efficientnet-b4": (380, partial(efficientnet, width=1.4, depth=1.8)),
    "efficientnet-b5": (456, partial(efficientnet, width=1.6, depth=2.2)),
    "efficientnet-b6": (528, partial(efficientnet, width=1.8, depth=2.6)),
    "efficientnet-b7": (600, partial(efficientnet, width=2.0, depth=3.1)),
    "efficientnet-v2-s": (384, partial(efficientnet_v2, variant="s")),
    "efficientnet-v2-m": (480, partial(efficientnet_v2, variant="m")),
    "efficientnet-v2-l": (480, partial(efficientnet_v2, variant="l")),
    "convnext-tiny": (224, partial(convnext, depths=(3, 3, 9, 3), width=96)),
    "convnext-small": (224, partial(convnext, depths=(3, 3, 27, 3), width=96)),
    "convnext-base": (224, partial(convnext, depths=(3, 3, 27, 3), width=128)),
    "convnext-large": (224, partial(convnext, depths=(3, 3, 27, 3), width=192)),
    "swin-tiny": (224, partial(swin, depths=(2, 2, 6, 2), width=96)),
    "swin-small": (224, partial(swin, depths=(2, 2, 18, 2), width=96)),
    "swin-base": (224, partial(swin, depths=(2, 2, 18, 2), width=128)),
    **{model: (384 if model == "regnet-y-128gf" else 224, partial(_regnet, model=model)) for model in _REGNETS},
}
"""Model id -> (usual side of the image in pixels, layout)."""


@lru_cache(maxsize=512)
def family_count(model: str, image_size: int | None = None) -> ImageCount:
    """Parameters and FLOP of a known image model on one image.

    Args:
        model: an id of FAMILIES.
        image_size: side in pixels; default: the size its weights were published for.

    Returns: an `ImageCount`, with 1000 classes.

    Raises:
        KeyError: no such family.
        ImageTooSmall: the network's strides leave nothing of the image.

    Source: the papers named at each layout.
    """
    usual, layout = FAMILIES[model]
    return layout(image_size or usual).count()
