"""FLOP and parameters of denoisers, for one noise level of one image: the diffusion transformer and the U-Net.

A training step on an image is one forward and one backward at one noise level. The text encoder and the image
autoencoder are frozen and usually run ahead of time: they are not counted.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial

from mlquote.formulas.models.vision import ImageCount, Net

LATENT_CHANNELS = 4
TEXT_TOKENS = 77
"""Tokens of a CLIP text encoder."""


def dit(image_size: int, *, layers: int, hidden: int, patch: int = 2, classes: int = 1000) -> Net:
    """Diffusion transformer on latents of an eighth of the image (Peebles and Xie 2022, table 1).

    n = (image / 8 / p)^2; a block: 12 h^2 n + 2 n^2 h on tokens, 6 h^2 once for its modulation.
    """
    latent = image_size // 8
    tokens = (latent // patch) ** 2
    net = Net(latent, LATENT_CHANNELS).conv(hidden, patch, stride=patch, pad=0, bias=True, norm=False)
    net.linear(hidden, inputs=256).linear(hidden)
    net.add((classes + 1 + tokens) * hidden, 0)
    for _ in range(layers):
        net.linear(6 * hidden, inputs=hidden)
        net.linear(3 * hidden, inputs=hidden, tokens=tokens).add(0, 2 * tokens * tokens * hidden)
        net.linear(hidden, inputs=hidden, tokens=tokens)
        net.linear(4 * hidden, inputs=hidden, tokens=tokens).linear(hidden, tokens=tokens)
    net.linear(2 * hidden, inputs=hidden)
    net.linear(patch * patch * 2 * LATENT_CHANNELS, inputs=hidden, tokens=tokens)
    return net


def _residual(net: Net, out: int, embedding: int) -> None:
    """Norm, convolution, the noise level's projection, norm, convolution; a 1 x 1 shortcut where widths differ."""
    if net.channels != out:
        net.join(net.fork().conv(out, bias=True, norm=False))
    net.norm().conv(out, 3, bias=True)
    net.join(net.fork().linear(out, inputs=embedding))
    net.conv(out, 3, bias=True, norm=False)


def _attend(net: Net, depth: int, context: int) -> None:
    """Spatial transformer: self-attention, attention to the text, gated feed-forward, `depth` times."""
    c, tokens = net.channels, net.size**2
    net.norm().linear(c, tokens=tokens)
    for _ in range(depth):
        net.norm()
        for _ in range(3):
            net.linear(c, tokens=tokens, bias=False)
        net.add(0, 2 * tokens * tokens * c).linear(c, tokens=tokens).norm()
        net.linear(c, tokens=tokens, bias=False)
        for _ in range(2):
            net.linear(c, inputs=context, tokens=TEXT_TOKENS, bias=False)
        net.add(0, 2 * tokens * TEXT_TOKENS * c).linear(c, tokens=tokens).norm()
        net.linear(8 * c, tokens=tokens).linear(c, inputs=4 * c, tokens=tokens)
    net.linear(c, tokens=tokens)


def unet(image_size: int, *, widths: Sequence[int], depths: Sequence[int], context: int, added: int = 0) -> Net:
    """Latent-diffusion U-Net (Rombach et al. 2022; Podell et al. 2023): two residual blocks down, three up, a level.

    Args:
        image_size: side in pixels; latents have an eighth of it.
        widths: channels of each level.
        depths: transformer layers of each level; 0 for none.
        context: width of the text encoder.
        added: width of pooled text and sizes beside the noise level (SDXL: 2816).
    """
    first, embedding = widths[0], 4 * widths[0]
    net = Net(image_size // 8, LATENT_CHANNELS).conv(first, 3, bias=True, norm=False)
    aside = net.fork().linear(embedding, inputs=first).linear(embedding)
    if added:
        aside.linear(embedding, inputs=added).linear(embedding)
    net.join(aside)
    kept = [first]
    for level, (width, depth) in enumerate(zip(widths, depths, strict=True)):
        for _ in range(2):
            _residual(net, width, embedding)
            if depth:
                _attend(net, depth, context)
            kept.append(width)
        if level < len(widths) - 1:
            net.conv(width, 3, stride=2, bias=True, norm=False)
            kept.append(width)
    _residual(net, widths[-1], embedding)
    _attend(net, max(depths[-1], 1), context)
    _residual(net, widths[-1], embedding)
    for level in reversed(range(len(widths))):
        for _ in range(3):
            net.channels += kept.pop()
            _residual(net, widths[level], embedding)
            if depths[level]:
                _attend(net, depths[level], context)
        if level:
            net.size *= 2
            net.conv(widths[level], 3, bias=True, norm=False)
    return net.norm().conv(LATENT_CHANNELS, 3, bias=True, norm=False)


_sd = partial(unet, widths=(320, 640, 1280, 1280), depths=(1, 1, 1, 0))

FAMILIES: dict[str, tuple[int, Callable[[int], Net]]] = {
    "dit-s-2": (256, partial(dit, layers=12, hidden=384)),
    "dit-b-2": (256, partial(dit, layers=12, hidden=768)),
    "dit-l-2": (256, partial(dit, layers=24, hidden=1024)),
    "dit-xl-2": (256, partial(dit, layers=28, hidden=1152)),
    "stable-diffusion-1.5": (512, partial(_sd, context=768)),
    "stable-diffusion-2": (512, partial(_sd, context=1024)),
    "stable-diffusion-2.1": (768, partial(_sd, context=1024)),
    "stable-diffusion-xl": (
        1024,
        partial(unet, widths=(320, 640, 1280), depths=(0, 2, 10), context=2048, added=2816),
    ),
}
"""Model id -> (usual side of the image in pixels, layout)."""


@lru_cache(maxsize=256)
def denoiser_count(model: str, image_size: int | None = None) -> ImageCount:
    """Parameters of a known denoiser and its FLOP on one image at one noise level.

    Args:
        model: an id of FAMILIES.
        image_size: side in pixels; default: the size it was trained for.

    Returns: an `ImageCount`.

    Raises:
        KeyError: no such family.

    Source: the papers named at each layout.
    """
    usual, layout = FAMILIES[model]
    return layout(image_size or usual).count()
