"""Diffusers' networks of convolutions, by `_class_name`: U-Nets, the nets that control them, autoencoders, cascades.

`attention_head_dim` is, in these U-Nets, the number of heads, and changes no count.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mlquote.estimators.models.hugging_face.fields import Fields, pair
from mlquote.formulas.models.weights import Weights, attention, convolution, first, layer_norm, linear, mlp, once, when
from mlquote.kit.errors import Malformed

GEGLU = 4
"""A U-Net's feed-forward is so many times as wide, gated in one product."""


def unsupported(c: Fields, name: str) -> Malformed:
    """The fault of a field set to what is not known."""
    detail = f"{name} {c.get(name)!r} is not one whose parameters we can count"
    return Malformed(detail[:200], pointer=c.at(name), hint="give architecture.params", code="unsupported-architecture")


def refuse_set(c: Fields, *names: str) -> None:
    """Refuse fields that add parameters we do not count.

    Raises:
        Malformed: one of them is set.
    """
    for name in names:
        if c.get(name):
            raise unsupported(c, name)


@dataclass(frozen=True, slots=True)
class Unet:
    """What every block of a U-Net takes part in."""

    step: int
    """Width of the noise level's embedding; 0: there is none (autoencoders)."""
    temporal: bool = False
    shifts: bool = False
    """The noise level scales and shifts: twice as wide a projection."""

    def residual(self, inputs: int, outputs: int) -> Weights:
        """Norm, convolution, the noise level, norm, convolution; a 1 x 1 shortcut where widths differ."""
        level = once(linear(self.step, outputs * (1 + self.shifts))) if self.step else 0
        ends = layer_norm(inputs) + convolution(inputs, outputs, 9) + layer_norm(outputs) + level
        shortcut = convolution(inputs, outputs, 1) if inputs != outputs else 0
        over_time = 2 * (layer_norm(outputs) + convolution(outputs, outputs, 3)) + level + 1 if self.temporal else 0
        return ends + convolution(outputs, outputs, 9) + shortcut + over_time

    def attends(self, width: int, depth: int, context: int) -> Weights:
        """A norm, a product in, `depth` layers of self-attention, attention to the text and feed-forward, one out."""
        feed = linear(width, 2 * GEGLU * width) + linear(GEGLU * width, width)
        one = attention(width, bias=False, out_bias=True) + attention(width, memory=context, bias=False, out_bias=True)
        each = one + feed + 3 * layer_norm(width)
        if self.temporal:
            each += each + layer_norm(width) + feed
        beside = mlp(width, 4 * width) + 1 if self.temporal else 0
        return layer_norm(width) + 2 * linear(width, width) + depth * each + beside


def plain_attention(width: int) -> Weights:
    """A norm and attention of all places to all."""
    return layer_norm(width) + attention(width)


WORDS_SEEN = 77
"""Tokens of a prompt, as CLIP reads them (Radford et al. 2021, section 2.4)."""


def areas_of(c: Fields, levels: int, default: int) -> list[int]:
    """Places of each level: each next one has half the side, an odd one rounded up."""
    tall, wide = pair(c, "sample_size", default)
    found = []
    for _ in range(levels):
        found.append(tall * wide)
        tall, wide = -(-tall // 2), -(-wide // 2)
    return found


def per_level(c: Fields, name: str, levels: int, default: int) -> list[int]:
    """A whole number for each level of a U-Net."""
    value = c.get(name)
    return [default] * levels if value is None else c.counts(name, length=levels)


def _kinds(c: Fields, name: str, known: Sequence[str]) -> list[str]:
    words = [str(word) for word in c.listed(name) or []]
    if not words or not all(word in known for word in words):
        raise unsupported(c, name)
    return words


CROSS = (
    "CrossAttnDownBlock2D",
    "CrossAttnUpBlock2D",
    "CrossAttnDownBlockSpatioTemporal",
    "CrossAttnUpBlockSpatioTemporal",
)
SELF = ("AttnDownBlock2D", "AttnUpBlock2D")
PLAIN = ("DownBlock2D", "UpBlock2D", "DownBlockSpatioTemporal", "UpBlockSpatioTemporal")


@dataclass(frozen=True, slots=True)
class Levels:
    """A U-Net's levels: width, layers, depth of attention and width of the text, each by level."""

    widths: list[int]
    layers: list[int]
    depths: list[int]
    contexts: list[int]
    areas: list[int]
    """Places of one image."""


def _levels(c: Fields) -> Levels:
    widths = c.counts("block_out_channels", least=1)
    n = len(widths)
    return Levels(
        widths,
        per_level(c, "layers_per_block", n, 2),
        per_level(c, "transformer_layers_per_block", n, 1),
        per_level(c, "cross_attention_dim", n, 1280),
        areas_of(c, n, 64),
    )


def _mixed(u: Unet, kind: str, at: Levels, n: int) -> Weights:
    if kind in CROSS:
        return u.attends(at.widths[n], at.depths[n], at.contexts[n])
    return plain_attention(at.widths[n]) if kind in SELF else Weights(0, {})


def _down(c: Fields, u: Unet, at: Levels) -> tuple[int, list[int]]:
    """(parameters of the way down, widths kept for the way up)."""
    total, inputs, kept = 0, at.widths[0], [at.widths[0]]
    for n, kind in enumerate(_kinds(c, "down_block_types", (*CROSS, *SELF, *PLAIN))):
        width = at.widths[n]
        for _ in range(at.layers[n]):
            total += (u.residual(inputs, width) + _mixed(u, kind, at, n)).at(x=at.areas[n], m=WORDS_SEEN)
            inputs = width
            kept.append(width)
        if n < len(at.widths) - 1:
            total += convolution(width, width, 9).at(x=at.areas[n + 1])
            kept.append(width)
    return total, kept


def _middle(c: Fields, u: Unet, at: Levels) -> int:
    width = at.widths[-1]
    kind = c.get("mid_block_type") or "UNetMidBlock2DCrossAttn"
    if kind == "UNetMidBlock2D":
        attends = plain_attention(width) if c.flag("add_attention", default=True) else Weights(0, {})
    elif kind == "UNetMidBlock2DCrossAttn":
        attends = u.attends(width, at.depths[-1], at.contexts[-1])
    else:
        raise unsupported(c, "mid_block_type")
    return (2 * u.residual(width, width) + attends).at(x=at.areas[-1], m=WORDS_SEEN)


def _up(c: Fields, u: Unet, at: Levels, kept: list[int]) -> int:
    total, inputs, levels = 0, at.widths[-1], len(at.widths)
    for n, kind in enumerate(_kinds(c, "up_block_types", (*CROSS, *SELF, *PLAIN))):
        level = levels - 1 - n
        width = at.widths[level]
        for _ in range(at.layers[level] + 1):
            each = u.residual(inputs + kept.pop(), width) + _mixed(u, kind, at, level)
            total += each.at(x=at.areas[level], m=WORDS_SEEN)
            inputs = width
        if n < levels - 1:
            total += convolution(width, width, 9).at(x=at.areas[level - 1])
    return total


def _step(c: Fields, first: int) -> Weights:
    """The noise level's embedding, with classes, sizes and pooled text where the file has them."""
    width = c.count("time_embedding_dim", default=4 * first)
    pair = linear(width, width)
    total = linear(first, width) + pair
    kind = c.get("class_embed_type")
    if kind == "projection":
        total += linear(c.count("projection_class_embeddings_input_dim"), width) + pair
    elif kind == "timestep":
        total += linear(first, width) + pair
    elif kind == "simple_projection":
        total += linear(c.count("projection_class_embeddings_input_dim"), width)
    elif kind is not None:
        raise unsupported(c, "class_embed_type")
    elif c.get("num_class_embeds"):
        total += c.count("num_class_embeds") * width
    if c.get("addition_embed_type") == "text_time":
        total += linear(c.count("projection_class_embeddings_input_dim"), width) + pair
    elif c.get("addition_embed_type") is not None:
        raise unsupported(c, "addition_embed_type")
    return once(total)


def _text(c: Fields) -> int:
    """A projection of the text's states, where they are of another width."""
    kind = c.get("encoder_hid_dim_type")
    if not c.get("encoder_hid_dim"):
        return 0
    if kind not in (None, "text_proj"):
        raise unsupported(c, "encoder_hid_dim_type")
    return linear(c.count("encoder_hid_dim"), c.count("cross_attention_dim")).at(x=WORDS_SEEN)


ODD = ("dual_cross_attention", "time_cond_proj_dim", "cross_attention_norm", "class_embeddings_concat")


def _checked(c: Fields) -> None:
    refuse_set(c, *ODD)
    only = c.get("only_cross_attention")
    if only is True or (isinstance(only, list) and any(only)):
        raise unsupported(c, "only_cross_attention")
    for name, usual in (("attention_type", "default"), ("time_embedding_type", "positional")):
        if c.get(name) not in (None, usual):
            raise unsupported(c, name)


def unet(c: Fields) -> int:
    """UNet2DModel and UNet2DConditionModel."""
    _checked(c)
    at = _levels(c)
    narrow = at.widths[0]
    width = c.count("time_embedding_dim", default=4 * narrow)
    u = Unet(width, shifts=c.get("resnet_time_scale_shift") == "scale_shift")
    down, kept = _down(c, u, at)
    taps_in, taps_out = c.count("conv_in_kernel", default=3) ** 2, c.count("conv_out_kernel", default=3) ** 2
    start = convolution(c.count("in_channels", default=4), narrow, taps_in).at(x=at.areas[0])
    end = convolution(narrow, c.count("out_channels", default=4), taps_out).at(x=at.areas[0]) + layer_norm(narrow)
    return first(start) + end + _step(c, narrow) + _text(c) + down + _middle(c, u, at) + _up(c, u, at, kept)


def unet_of_video(c: Fields) -> int:
    """UNetSpatioTemporalConditionModel (Stable Video Diffusion): each block a second time, over frames."""
    at = _levels(c)
    first = at.widths[0]
    u = Unet(4 * first, temporal=True)
    down, kept = _down(c, u, at)
    width = 4 * first
    step = linear(first, width) + 2 * linear(width, width)
    step += linear(c.count("projection_class_embeddings_input_dim", default=768), width)
    ends = convolution(c.count("in_channels", default=8), first, 9) + layer_norm(first)
    ends += convolution(first, c.count("out_channels", default=4), 9)
    return ends + step + down + _middle(c, u, at) + _up(c, u, at, kept)


def control_net(c: Fields) -> int:
    """ControlNetModel: the way down of a U-Net, an embedding of the image that controls, a product for each skip."""
    _checked(c)
    at = _levels(c)
    first = at.widths[0]
    u = Unet(4 * first, shifts=c.get("resnet_time_scale_shift") == "scale_shift")
    down, kept = _down(c, u, at)
    steps = c.counts("conditioning_embedding_out_channels", least=1)
    image = convolution(c.count("conditioning_channels", default=3), steps[0], 9) + convolution(steps[-1], first, 9)
    image += sum(convolution(a, a, 9) + convolution(a, b, 9) for a, b in pairwise(steps))
    zero = sum(convolution(width, width, 1) for width in kept) + convolution(at.widths[-1], at.widths[-1], 1)
    start = convolution(c.count("in_channels", default=4), first, 9)
    return start + _step(c, first) + _text(c) + image + down + _middle(c, u, at) + zero


def autoencoder(c: Fields) -> int:
    """AutoencoderKL: residual blocks down and up, attention at the narrowest place."""
    widths = c.counts("block_out_channels", least=1)
    _kinds(c, "down_block_types", ("DownEncoderBlock2D",))
    _kinds(c, "up_block_types", ("UpDecoderBlock2D",))
    layers, latent = c.count("layers_per_block", default=1), c.count("latent_channels", default=4)
    u, last, areas = Unet(0), widths[-1], autoencoded_areas(c, len(widths))
    total, inputs = first(convolution(c.count("in_channels", default=3), widths[0], 9).at(x=areas[0])), widths[0]
    for n, width in enumerate(widths):
        total += (u.residual(inputs, width) + (layers - 1) * u.residual(width, width)).at(x=areas[n])
        total += convolution(width, width, 9).at(x=areas[n + 1]) if n < len(widths) - 1 else 0
        inputs = width
    middle = 2 * u.residual(last, last) + when(c.flag("mid_block_add_attention", default=True), plain_attention(last))
    ends = 2 * middle + layer_norm(last) + convolution(last, 2 * latent, 9) + convolution(latent, last, 9)
    ends += when(c.flag("use_quant_conv", default=True), convolution(2 * latent, 2 * latent, 1))
    ends += when(c.flag("use_post_quant_conv", default=True), convolution(latent, latent, 1))
    total, inputs = total + ends.at(x=areas[-1]), last
    for n, width in reversed(list(enumerate(widths))):
        total += (u.residual(inputs, width) + layers * u.residual(width, width)).at(x=areas[n])
        total += convolution(width, width, 9).at(x=areas[n - 1]) if n else 0
        inputs = width
    last_of_all = convolution(widths[0], c.count("out_channels", default=3), 9)
    return total + layer_norm(widths[0]) + last_of_all.at(x=areas[0])


def autoencoded_areas(c: Fields, levels: int) -> list[int]:
    """Places of each level of an autoencoder: halves, an odd side rounded down."""
    tall, wide = pair(c, "sample_size", 256)
    return [(tall >> n) * (wide >> n) for n in range(levels)]


def cascade(c: Fields) -> int:
    """StableCascadeUNet: depthwise blocks, the noise level and attention to CLIP's vectors, level by level."""
    widths = c.counts("block_out_channels", least=1)
    first, text, seq = widths[0], c.count("conditioning_dim", default=2048), c.count("clip_seq", default=4)
    total = linear(c.count("clip_text_pooled_in_channels", default=1280), text * seq)
    total += linear(c.count("clip_text_in_channels"), text) if c.get("clip_text_in_channels") else 0
    total += linear(c.count("clip_image_in_channels"), text * seq) if c.get("clip_image_in_channels") else 0
    for name in ("effnet_in_channels", "pixel_mapper_in_channels"):
        total += linear(c.count(name), 4 * first) + linear(4 * first, first) if c.get(name) else 0
    patch = c.count("patch_size", default=1) ** 2
    total += linear(c.count("in_channels", default=16) * patch, first)
    total += linear(first, c.count("out_channels", default=16) * patch)
    taps = 1 if c.get("switch_level") is not None else 4
    pairs = list(pairwise(widths))
    total += sum(convolution(a, b, taps) + convolution(b, a, taps) for a, b in pairs)
    down, up = c.counts("down_num_layers_per_block"), list(reversed(c.counts("up_num_layers_per_block")))
    more_down = c.counts("down_blocks_repeat_mappers")
    more_up = list(reversed(c.counts("up_blocks_repeat_mappers")))
    for n, width in enumerate(widths):
        each = _cascade_layer(c, n, width, text)
        repeated = more_down[n] - 1 + more_up[n] - 1
        total += (down[n] + up[n]) * each + repeated * linear(width, width)
        total += 4 * width * width if n < len(widths) - 1 and up[n] else 0
    return total


def _cascade_layer(c: Fields, level: int, width: int, text: int) -> int:
    kinds = (c.listed("block_types_per_layer") or [[]])[level]
    ways = 1 + len(c.listed("timestep_conditioning_type") or [])
    step = ways * linear(c.count("timestep_ratio_embedding_dim", default=64), 2 * width)
    residual = convolution(width, width, c.count("kernel_size", default=3) ** 2, groups=width)
    residual += mlp(width, 4 * width) + 2 * 4 * width
    known = {
        "SDCascadeResBlock": residual,
        "SDCascadeTimestepBlock": step,
        "SDCascadeAttnBlock": attention(width) + linear(text, width),
    }
    if not isinstance(kinds, list) or not all(kind in known for kind in kinds):
        raise unsupported(c, "block_types_per_layer")
    return sum(known[kind] for kind in kinds)


DENOISERS: dict[str, Callable[[Fields], int]] = {
    "UNet2DModel": unet,
    "UNet2DConditionModel": unet,
    "UNetSpatioTemporalConditionModel": unet_of_video,
    "ControlNetModel": control_net,
    "AutoencoderKL": autoencoder,
    "StableCascadeUNet": cascade,
}
