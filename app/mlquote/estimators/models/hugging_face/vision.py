"""Image networks counted whole: vision transformers, convolutional ones, pairs of towers; heads as the file names."""

from collections.abc import Callable
from math import prod

from mlquote.estimators.models.hugging_face.decoders import labels
from mlquote.estimators.models.hugging_face.encoders import rows, unknown_head
from mlquote.estimators.models.hugging_face.fields import Fields, pair
from mlquote.estimators.models.hugging_face.laws import law_count
from mlquote.formulas.models.weights import (
    Weights,
    attention,
    block,
    convolution,
    first,
    layer_norm,
    linear,
    meeting,
    mlp,
    once,
    when,
    within,
)


def patches(c: Fields) -> int:
    """Patches of one image."""
    (high, wide), (tall, broad) = (pair(c, name, usual) for name, usual in (("image_size", 224), ("patch_size", 16)))
    return (high // tall) * (wide // broad)


def patching(c: Fields, width: int, *, bias: bool = True, frames: int = 1) -> Weights:
    """The convolution that makes patches, at the patches of one image."""
    tall, broad = pair(c, "patch_size", 16)
    channels = c.count("num_channels", "in_channels", "in_chans", default=3)
    return first(convolution(channels, width, tall * broad * frames, bias=bias).at(x=patches(c)))


def _sizes(c: Fields) -> tuple[int, int, int]:
    d = c.count("hidden_size")
    return d, c.count("intermediate_size", default=4 * d), c.layers("num_hidden_layers")


def classified(c: Fields, width: int, bare: int = 0) -> int:
    """A classifier of one product, or what the bare model has.

    Raises:
        Malformed: a head of another kind.
    """
    if c.named.endswith(("Model", "Backbone")):
        return bare if c.named.endswith("Model") else 0
    if "Classification" in c.named or not c.named:
        return once(linear(width, labels(c)))
    raise unknown_head(c)


def plain(c: Fields) -> int:
    """ViT, DeiT, I-JEPA, ViT-MAE's encoder: what differs is tokens beside the patches and poolers."""
    d, f, depth = _sizes(c)
    tokens = {"deit": 2, "ijepa": 0}.get(c.kind, 1)
    total = patching(c, d) + tokens * d + (patches(c) + tokens) * d + layer_norm(d)
    each = block(d, f, qkv_bias=c.flag("qkv_bias", default=True), heads=c.count("num_attention_heads"))
    seen = patches(c)
    if c.kind == "vit_mae":
        seen = int(seen * (1 - c.number("mask_ratio", 0.75)))
    total += depth * each.at(x=seen + tokens)
    if c.kind in {"vit_mae", "ijepa"}:
        if c.named.endswith("Model") or not c.named:
            return total
        if c.kind == "ijepa" and "Classification" in c.named:
            return total + once(linear(d, labels(c)))
        raise unknown_head(c)
    return total + classified(c, d, bare=once(linear(d, d)))


def beit(c: Fields) -> int:
    """BEiT: layer scales, keys without biases, relative tables where asked for."""
    d, f, depth = _sizes(c)
    heads, grid = c.count("num_attention_heads"), pair(c, "image_size", 224)[0] // pair(c, "patch_size", 16)[0]
    table = ((2 * grid - 1) ** 2 + 3) * heads
    total = patching(c, d) + d + c.flag("use_mask_token", default=False) * d
    total += c.flag("use_absolute_position_embeddings", default=False) * (patches(c) + 1) * d
    each = block(d, f, key_bias=False, heads=heads) + 2 * d
    each += c.flag("use_relative_position_bias", default=False) * table
    shared = c.flag("use_shared_relative_position_bias", default=False) * table
    return total + depth * each.at(x=patches(c) + 1) + shared + layer_norm(d) + classified(c, d)


def dinov2(c: Fields) -> int:
    """DINOv2, with or without registers: layer scales, a mask token, a gated feed-forward in the giant."""
    d, depth = c.count("hidden_size"), c.layers("num_hidden_layers")
    ratio = c.number("mlp_ratio", 4)
    gated = c.flag("use_swiglu_ffn", default=False)
    f = (int(int(d * ratio) * 2 / 3) + 7) // 8 * 8 if gated else int(d * ratio)
    feed = linear(d, 2 * f) + linear(f, d) if gated else mlp(d, f)
    heads = c.count("num_attention_heads")
    wide = heads * (d // heads)
    each = (
        attention(d, inner=wide, bias=c.flag("qkv_bias", default=True), out_bias=True)
        + feed
        + 2 * layer_norm(d)
        + 2 * d
    )
    registers = c.count("num_register_tokens", default=4, least=0) if "registers" in c.kind else 0
    mask = c.flag("use_mask_token", default=True)
    total = patching(c, d) + d + mask * d + (patches(c) + 1) * d + registers * d + layer_norm(d)
    total += depth * each.at(x=patches(c) + 1 + registers)
    return total + classified(c, 2 * d if "Classification" in c.named else d)


def dinov3(c: Fields) -> int:
    """DINOv3: rotary positions, each projection's bias by its own flag."""
    d, f, depth = _sizes(c)
    names = ("query_bias", "key_bias", "value_bias", "proj_bias")
    bias = c.flag("mlp_bias", default=True)
    each = (
        sum(linear(d, d, bias=c.flag(name, default=name != "key_bias")) for name in names) + 2 * d + 2 * layer_norm(d)
    )
    each += meeting(d) + mlp(d, f, bias=bias, gated=c.flag("use_gated_mlp", default=False))
    tokens = 2 + c.count("num_register_tokens", default=0, least=0)
    total = patching(c, d) + tokens * d + depth * each.at(x=patches(c) + tokens - 1) + layer_norm(d)
    return total + classified(c, 2 * d if "Classification" in c.named else d)


def _grid(c: Fields) -> tuple[int, ...]:
    """Rows and columns of patches."""
    sides = zip(pair(c, "image_size", 224), pair(c, "patch_size", 16), strict=True)
    return tuple(-(-image // patch) for image, patch in sides)


def swin(c: Fields) -> int:
    """Swin and Donut's: windows that shift, tables of relative places, four patches merged between stages."""
    width, depths, heads = c.count("embed_dim"), c.counts("depths", least=1), c.counts("num_heads", least=1)
    second, ratio, bias = c.kind == "swinv2", c.number("mlp_ratio", 4.0), c.flag("qkv_bias", default=True)
    window = pair(c, "window_size", 7)
    total = patching(c, width) + layer_norm(width)
    total += c.flag("use_absolute_embeddings", default=False) * patches(c) * width
    grid = _grid(c)
    for n, depth in enumerate(depths):
        d = width * 2**n
        side = min(*window, *(length // 2**n for length in _grid(c))) if second else min(*window, *grid)
        padded = prod(-(-length // side) * side for length in grid)
        each = within(attention(d, bias=bias, key_bias=bias and not second, out_bias=True), padded, side**2)
        each += mlp(d, int(ratio * d)).at(x=prod(grid)) + 2 * layer_norm(d)
        table = (2 * window[0] - 1) * (2 * window[1] - 1)
        scored = linear(2, 512) + linear(512, heads[n], bias=False)
        each += scored.at(x=(2 * side - 1) ** 2) + heads[n] if second else table * heads[n]
        total += depth * each
        if n < len(depths) - 1:
            grid = tuple(-(-length // 2) for length in grid)
            total += linear(4 * d, 2 * d, bias=False).at(x=prod(grid)) + layer_norm(2 * d if second else 4 * d)
    last = width * 2 ** (len(depths) - 1)
    end = 0 if c.kind == "donut-swin" else layer_norm(last)
    return total + end + classified(c, last)


def convnext(c: Fields) -> int:
    """ConvNeXt and its second version (a response norm for the layer scale), and DINOv3's."""
    widths = c.counts("hidden_sizes", least=1)
    depths = c.counts("depths", least=1)[: c.count("num_stages", default=len(widths))]
    patch, inputs = c.count("patch_size", default=4), c.count("num_channels", default=3)
    sides = [length // patch for length in pair(c, "image_size", 224)]
    total = first(convolution(inputs, widths[0], patch**2).at(x=prod(sides))) + layer_norm(widths[0])
    for n, (d, depth) in enumerate(zip(widths, depths, strict=False)):
        scale = 8 * d if c.kind == "convnextv2" else d
        if n:
            sides = [length // 2 for length in sides]
            total += layer_norm(widths[n - 1]) + convolution(widths[n - 1], d, 4).at(x=prod(sides))
        each = convolution(d, d, 49, groups=d) + layer_norm(d) + mlp(d, 4 * d) + scale
        total += depth * each.at(x=prod(sides))
    return total + layer_norm(widths[-1]) + classified(c, widths[-1])


def _normed(inputs: int, outputs: int, taps: int, groups: int = 1) -> Weights:
    return convolution(inputs, outputs, taps, groups=groups, bias=False) + layer_norm(outputs)


def _halved(side: int) -> int:
    """A side after a step of two, an odd one rounded up."""
    return -(-side // 2)


def resnet(c: Fields) -> int:
    """ResNet: basic blocks or bottlenecks, a shortcut where widths or sizes differ."""
    narrow, widths = c.count("embedding_size", default=64), c.counts("hidden_sizes", least=1)
    basic = c.word("layer_type", default="bottleneck") == "basic"
    side = _halved(c.count("image_size", default=224))
    total, inputs = first(_normed(c.count("num_channels", default=3), narrow, 49).at(x=side**2)), narrow
    side, early = _halved(side), c.flag("downsample_in_bottleneck", default=False)
    for n, (d, depth) in enumerate(zip(widths, c.counts("depths", least=1), strict=False)):
        for layer in range(depth):
            halved = layer == 0 and (n > 0 or c.flag("downsample_in_first_stage", default=False))
            before, side = side, _halved(side) if halved else side
            total += _normed(inputs, d, 1).at(x=side**2) if inputs != d or halved else 0
            if basic:
                total += (_normed(inputs, d, 9) + _normed(d, d, 9)).at(x=side**2)
            else:
                total += _normed(inputs, d // 4, 1).at(x=(side if early else before) ** 2)
                total += (_normed(d // 4, d // 4, 9) + _normed(d // 4, d, 1)).at(x=side**2)
            inputs = d
    return total + classified(c, widths[-1])


def regnet(c: Fields) -> int:
    """RegNet: grouped bottlenecks, squeezed and excited in the Y kind."""
    narrow, widths = c.count("embedding_size", default=32), c.counts("hidden_sizes", least=1)
    group, squeezed = c.count("groups_width", default=64), c.word("layer_type", default="y") == "y"
    side = _halved(c.count("image_size", default=224))
    total, inputs = first(_normed(c.count("num_channels", default=3), narrow, 9).at(x=side**2)), narrow
    for n, (d, depth) in enumerate(zip(widths, c.counts("depths", least=1), strict=False)):
        for layer in range(depth):
            halved = layer == 0 and (n > 0 or c.flag("downsample_in_first_stage", default=True))
            before, side = side, _halved(side) if halved else side
            total += _normed(inputs, d, 1).at(x=side**2) if inputs != d or halved else 0
            total += _normed(inputs, d, 1).at(x=before**2)
            total += (_normed(d, d, 9, groups=max(1, d // group)) + _normed(d, d, 1)).at(x=side**2)
            small = round(inputs / 4)
            total += once(linear(d, small) + linear(small, d)) if squeezed else 0
            inputs = d
    return total + classified(c, widths[-1])


def segformer(c: Fields) -> int:
    """SegFormer: stages of attention over a reduced sequence, a decoder that adds them up."""
    widths, depths = c.counts("hidden_sizes", least=1), c.counts("depths", least=1)
    ratios, taps = c.counts("sr_ratios", least=1), c.counts("patch_sizes", least=1)
    wider, inputs, total = c.counts("mlp_ratios", least=1), c.count("num_channels", default=3), 0
    widths = widths[: c.count("num_encoder_blocks", default=len(widths))]
    heads = c.counts("num_attention_heads", length=len(widths), least=1)
    steps = c.counts("strides", least=1) if c.get("strides") else [4, 2, 2, 2]
    side, areas = c.count("image_size", default=224), []
    for n, d in enumerate(widths):
        f = wider[n] * d
        c.divided(d, heads[n], "num_attention_heads")
        side = (side + 2 * (taps[n] // 2) - taps[n]) // steps[n] + 1
        areas.append(side**2)
        fewer = ((side - ratios[n]) // ratios[n] + 1) ** 2
        each = (attention(d, crossed=True) + mlp(d, f) + convolution(f, f, 9, groups=f)).at(x=side**2, m=fewer)
        each += 2 * layer_norm(d)
        each += convolution(d, d, ratios[n] ** 2).at(x=fewer) + layer_norm(d) if ratios[n] > 1 else 0
        start = convolution(inputs, d, taps[n] ** 2).at(x=side**2)
        total += (start if n else first(start)) + 2 * layer_norm(d) + depths[n] * each
        inputs = d
    if c.named.endswith("Model"):
        return total
    if "ImageClassification" in c.named:
        return total + once(linear(widths[-1], labels(c)))
    if "SemanticSegmentation" not in c.named and c.named:
        raise unknown_head(c)
    wide = c.count("decoder_hidden_size", default=256)
    total += sum(linear(d, wide).at(x=area) for d, area in zip(widths, areas, strict=True)) + layer_norm(wide)
    joined = linear(len(widths) * wide, wide, bias=False) + linear(wide, labels(c))
    return total + joined.at(x=areas[0])


def hiera(c: Fields) -> int:
    """Hiera: stages twice as wide, the first layer of each projecting from the last; learned positions, a last norm."""
    if c.named.endswith("Backbone"):
        return law_count(c)
    width, depths, ratio = c.count("embed_dim", default=96), c.counts("depths", least=1), c.number("mlp_ratio", 4.0)
    times = c.number("embed_dim_multiplier", 2.0)
    (tall, broad), (down, across) = pair(c, "patch_size", 7), pair(c, "patch_stride", 4)
    places = pair(c, "image_size", 224)
    total = convolution(c.count("num_channels", default=3), width, tall * broad)
    total += (places[0] // down) * (places[1] // across) * width
    before = width
    for n, depth in enumerate(depths):
        d = int(width * times**n)
        feed = linear(d, d) + layer_norm(d) + mlp(d, int(d * ratio))
        total += depth * feed + (depth - 1) * (linear(d, 3 * d) + layer_norm(d))
        total += linear(before, 3 * d) + layer_norm(before) + (linear(before, d) if n else 0)
        before = d
    if c.named.endswith("Model"):
        return total + layer_norm(before)
    if "ImageClassification" in c.named or not c.named:
        return total + layer_norm(before) + linear(before, labels(c))
    raise unknown_head(c)


def videomae(c: Fields) -> int:
    """VideoMAE: patches of several frames, fixed positions, keys without biases."""
    d, f, depth = _sizes(c)
    biased = c.flag("qv_bias", default=True)
    each = block(d, f, key_bias=False) if biased else block(d, f, qkv_bias=False)
    total = patching(c, d, frames=c.count("tubelet_size", default=2)) + depth * each
    last = layer_norm(d) if c.flag("use_mean_pooling", default=True) else 0
    if c.named.endswith("Model"):
        return total + (0 if last else layer_norm(d))
    if "VideoClassification" not in c.named and c.named:
        raise unknown_head(c)
    return total + layer_norm(d) + linear(d, labels(c))


def vjepa2(c: Fields) -> int:
    """V-JEPA 2: an encoder of patches of frames, and a narrower predictor."""
    d, depth, ratio = c.count("hidden_size"), c.layers("num_hidden_layers"), c.number("mlp_ratio", 4.0)
    e, ahead, bias = c.count("pred_hidden_size"), c.layers("pred_num_hidden_layers"), c.flag("qkv_bias", default=True)
    if not c.named.endswith("Model") and c.named:
        raise unknown_head(c)
    patch = c.count("patch_size", default=16) ** 2 * c.count("tubelet_size", default=2)
    total = convolution(c.count("in_chans", default=3), d, patch) + layer_norm(d)
    total += depth * block(d, int(d * ratio), qkv_bias=bias)
    wider = int(e * c.number("pred_mlp_ratio", 4.0))
    total += c.count("pred_num_mask_tokens") * e + linear(d, e) + layer_norm(e) + linear(e, d)
    return total + ahead * block(e, wider, qkv_bias=bias)


def yolos(c: Fields) -> int:
    """YOLOS: detection tokens beside the patches, positions again in every layer but the last."""
    d, f, depth = _sizes(c)
    tokens = 1 + c.count("num_detection_tokens", default=100)
    places = (patches(c) + tokens) * d
    total = patching(c, d) + tokens * d + places + layer_norm(d)
    total += depth * block(d, f, qkv_bias=c.flag("qkv_bias", default=True))
    total += c.flag("use_mid_position_embeddings", default=True) * (depth - 1) * places
    if c.named.endswith("Model"):
        return total + linear(d, d)
    if "ObjectDetection" not in c.named:
        raise unknown_head(c)
    boxes = 2 * linear(d, d) + linear(d, 4)
    return total + 2 * linear(d, d) + linear(d, labels(c) + 1) + boxes


def depth_anything(c: Fields) -> int:
    """Depth Anything: DINOv2, its layers reassembled at four sizes, fused, three convolutions."""
    trunk = c.within("backbone_config")
    if trunk.kind != "dinov2":
        raise unknown_head(c)
    inner, fused, last = c.count("reassemble_hidden_size"), c.count("fusion_hidden_size"), c.count("head_hidden_size")
    total = dinov2(trunk.replaced(architectures=["Dinov2Backbone"]))
    factors = c.listed("reassemble_factors") or [4, 2, 1, 0.5]
    for width, factor in zip(c.counts("neck_hidden_sizes", least=1), factors, strict=False):
        total += linear(inner, width) + convolution(width, fused, 9, bias=False)
        if factor > 1:
            total += convolution(width, width, int(factor) ** 2)
        elif factor < 1:
            total += convolution(width, width, 9)
        total += linear(fused, fused) + 4 * convolution(fused, fused, 9)
    return total + convolution(fused, fused // 2, 9) + convolution(fused // 2, last, 9) + linear(last, 1)


def clip_vision(c: Fields) -> Weights:
    """CLIP's image tower: patches without a bias, a class token, a norm before and after."""
    d, f, depth = _sizes(c)
    total = patching(c, d, bias=False) + d + (patches(c) + 1) * d + 2 * layer_norm(d)
    return total + depth * block(d, f).at(x=patches(c) + 1)


def clip_text(c: Fields) -> Weights:
    """CLIP's text tower."""
    d, f, depth = _sizes(c)
    return (rows(c) + c.count("max_position_embeddings", default=77)) * d + depth * block(d, f) + layer_norm(d)


def _text_of(c: Fields, count: Weights) -> Weights:
    """A text tower beside one of images: it reads as many tokens as it has positions."""
    return count.at(x=c.count("max_position_embeddings", default=77))


def siglip_vision(c: Fields) -> Weights:
    """SigLIP's image tower, in its second version with so many places; a head that attends with a probe."""
    d, f, depth = _sizes(c)
    places = c.count("num_patches", default=256) if c.kind.startswith("siglip2") else patches(c)
    total = patching(c, d) + places * d + depth * block(d, f).at(x=places) + layer_norm(d)
    probe = d + (attention(d, crossed=True) + mlp(d, f)).at(x=1, m=places) + layer_norm(d)
    return total + when(c.flag("vision_use_head", default=True), probe)


def siglip_text(c: Fields) -> Weights:
    """SigLIP's text tower, with a product to the shared space."""
    d = c.count("hidden_size")
    return clip_text(c) + once(linear(d, c.count("projection_size", default=d)))


def _projected(c: Fields, count: int) -> int:
    projected = linear(c.count("hidden_size"), c.count("projection_dim", default=512), bias=False)
    return count + once(projected) if "WithProjection" in c.named else count


def clip(c: Fields) -> int:
    """CLIP: both towers, a product from each to the shared space, one scale."""
    words, images = c.within("text_config"), c.within("vision_config")
    if "ImageClassification" in c.named:
        return clip_vision(images) + once(linear(images.count("hidden_size"), labels(c)))
    shared = c.count("projection_dim", default=512)
    total = _text_of(words, clip_text(words)) + clip_vision(images) + 1
    return total + once(linear(words.count("hidden_size") + images.count("hidden_size"), shared, bias=False))


def siglip(c: Fields) -> int:
    """SigLIP: both towers, a scale and a bias."""
    words, images = c.within("text_config"), c.within("vision_config")
    if "ImageClassification" in c.named:
        return siglip_vision(images) + once(linear(images.count("hidden_size"), labels(c)))
    return _text_of(words, siglip_text(words)) + siglip_vision(images) + 2


def owl(c: Fields) -> int:
    """OWL-ViT and OWLv2: CLIP with a class and a box for each patch; the second also says whether it is an object."""
    words, images = c.within("text_config"), c.within("vision_config")
    d, e, shared = words.count("hidden_size"), images.count("hidden_size"), c.count("projection_dim", default=512)
    total = clip_text(words) + clip_vision(images) + 1 + (d + e) * shared
    if c.named.endswith("Model"):
        return total
    if "ObjectDetection" not in c.named and c.named:
        raise unknown_head(c)
    total += linear(e, d) + 2 * linear(e, 1) + 2 * linear(e, e) + linear(e, 4) + layer_norm(e)
    return total + (2 * linear(e, e) + linear(e, 1) if c.kind == "owlv2" else 0)


def pixtral_vision(c: Fields) -> int:
    """Pixtral: gated, without biases, RMSNorm."""
    d, f, depth = _sizes(c)
    each = attention(d, bias=False) + mlp(d, f, gated=True, bias=False) + 2 * d
    return patching(c, d, bias=False) + d + depth * each.at(x=patches(c))


def part(count: Callable[[Fields], int]) -> Callable[[Fields], int]:
    """A tower alone, with its product to the shared space where the file's class has one."""

    def counted(c: Fields) -> int:
        return _projected(c, count(c))

    return counted


VISION: dict[str, Callable[[Fields], int]] = {
    "deit": plain,
    "ijepa": plain,
    "vit_mae": plain,
    "beit": beit,
    "dinov2": dinov2,
    "dinov2_with_registers": dinov2,
    "dinov3_vit": dinov3,
    "swin": swin,
    "donut-swin": swin,
    "swinv2": swin,
    "convnext": convnext,
    "convnextv2": convnext,
    "dinov3_convnext": convnext,
    "resnet": resnet,
    "regnet": regnet,
    "segformer": segformer,
    "hiera": hiera,
    "videomae": videomae,
    "vjepa2": vjepa2,
    "yolos": yolos,
    "depth_anything": depth_anything,
    "clip": clip,
    "metaclip_2": clip,
    "siglip": siglip,
    "siglip2": siglip,
    "owlvit": owl,
    "owlv2": owl,
    "clip_vision_model": part(clip_vision),
    "clip_text_model": part(clip_text),
    "siglip_vision_model": siglip_vision,
    "siglip2_vision_model": siglip_vision,
    "siglip_text_model": siglip_text,
    "pixtral": pixtral_vision,
}
