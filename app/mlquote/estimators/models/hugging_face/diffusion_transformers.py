"""Diffusers' transformers, by `_class_name`: two streams that meet in attention, one stream, or text read across."""

from collections.abc import Callable
from math import prod

from mlquote.estimators.models.hugging_face.denoisers import refuse_set, unsupported
from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.formulas.models.weights import (
    SEEN,
    Weights,
    attention,
    convolution,
    first,
    joined,
    layer_norm,
    linear,
    mlp,
    once,
    shared,
    when,
)

SINES = 256
"""Width of the sines that a noise level is told in."""


FLUX_WORDS, SD3_WORDS, PIXART_WORDS = 512, 333, 120
"""Tokens of a prompt as the pipelines of diffusers 0.42.1 read them by default: T5's, or CLIP's 77 and T5's 256."""
FLUX_SIDE = 128
"""Side of FLUX's latents where the file says none: an eighth of 1,024 pixels."""


def embedder(inputs: int, width: int) -> Weights:
    """Two products: of a noise level's sines, of pooled text."""
    return linear(inputs, width) + linear(width, width)


def _width(c: Fields) -> tuple[int, int]:
    """(hidden size, head size)."""
    size = c.count("attention_head_dim", default=128)
    return c.count("num_attention_heads") * size, size


def _joint(d: int, size: int, *, modulated: bool = True, norms: bool = True) -> Weights:
    """A layer of two streams: each has its modulation, its projections and its feed-forward; one attention."""
    one = 4 * linear(d, d) + mlp(d, 4 * d) + when(modulated, once(linear(d, 6 * d))) + norms * 2 * size
    return one + one.over(x=SEEN) + joined(d)


def _single(d: int, size: int, *, modulated: bool = True) -> Weights:
    """A layer of one stream: attention and feed-forward side by side, joined by one product."""
    both = shared(3 * linear(d, d) + linear(d, 4 * d) + linear(5 * d, d))
    return both + joined(d) + when(modulated, once(linear(d, 3 * d))) + 2 * size


def flux(c: Fields) -> int:
    """FLUX.1: joint layers, then single ones; guidance embedded in -dev only."""
    d, size = _width(c)
    patch = c.count("in_channels", default=64)
    out = c.count("out_channels", default=patch) * c.count("patch_size", default=1) ** 2
    times = 2 if c.flag("guidance_embeds", default=False) else 1
    told = times * embedder(SINES, d) + embedder(c.count("pooled_projection_dim", default=768), d) + linear(d, 2 * d)
    side = c.count("sample_size", default=FLUX_SIDE) // 2
    total = once(told) + linear(c.count("joint_attention_dim", default=4096), d).over(x=SEEN)
    total += first(linear(patch, d).at(x=side**2)) + linear(d, out)
    total += c.layers("num_layers") * _joint(d, size) + c.layers("num_single_layers") * _single(d, size)
    return total.at(x=side**2, m=FLUX_WORDS)


def chroma(c: Fields) -> int:
    """Chroma: FLUX whose modulations come from one small network."""
    d, size = _width(c)
    wide, depth = c.count("approximator_hidden_dim", default=5120), c.layers("approximator_layers", default=5)
    patch = c.count("in_channels", default=64)
    out = c.count("out_channels", default=patch) * c.count("patch_size", default=1) ** 2
    total = linear(c.count("approximator_num_channels", default=64), wide) + linear(wide, d)
    total += depth * (2 * linear(wide, wide) + wide)
    total += linear(c.count("joint_attention_dim", default=4096), d) + linear(patch, d) + linear(d, out)
    total += c.layers("num_layers") * _joint(d, size, modulated=False)
    return total + c.layers("num_single_layers") * _single(d, size, modulated=False)


def sd3(c: Fields) -> int:
    """Stable Diffusion 3: joint layers, the last without its text half; 3.5 has norms and layers that attend twice."""
    d, size = _width(c)
    depth, patch = c.layers("num_layers"), c.count("patch_size", default=2) ** 2
    norms = c.get("qk_norm")
    if norms not in (None, "rms_norm"):
        raise unsupported(c, "qk_norm")
    dual = [n for n in c.counts("dual_attention_layers") if n < depth] if c.get("dual_attention_layers") else []
    text = c.count("caption_projection_dim", default=d)
    channels, side = c.count("in_channels", default=16), c.count("sample_size", default=128)
    places = (side // c.count("patch_size", default=2)) ** 2
    told = embedder(SINES, d) + embedder(c.count("pooled_projection_dim", default=2048), d) + linear(d, 2 * d)
    total = once(told) + first(convolution(channels, d, patch).at(x=places))
    total += linear(c.count("joint_attention_dim", default=4096), text).over(x=SEEN)
    total += depth * _joint(d, size, norms=norms is not None)
    total -= once(linear(d, 4 * d)) + (linear(d, d) + mlp(d, 4 * d)).over(x=SEEN)
    again_seen = once(linear(d, 9 * d)) - once(linear(d, 6 * d)) + attention(d) + (2 * size if norms else 0)
    total += len(dual) * again_seen + linear(d, patch * c.count("out_channels", default=channels))
    return total.at(x=places, m=SD3_WORDS)


def _plain_blocks(c: Fields, d: int, context: int, bias: bool) -> Weights:
    across = attention(d, memory=context, bias=bias, out_bias=True)
    return attention(d, bias=bias, out_bias=True) + across + mlp(d, 4 * d)


def pixart(c: Fields) -> int:
    """PixArt: one modulation for all layers, a table of shifts in each; sizes told in the models of 1024 pixels."""
    d, _ = _width(c)
    if c.get("norm_type") not in (None, "ada_norm_single"):
        raise unsupported(c, "norm_type")
    patch, side = c.count("patch_size", default=2) ** 2, c.count("sample_size", default=128)
    channels = c.count("in_channels", default=4)
    each = 6 * d + _plain_blocks(
        c, d, c.count("cross_attention_dim", default=d), c.flag("attention_bias", default=True)
    )
    given = c.get("use_additional_conditions")
    sizes = side == 128 if given is None else bool(given)
    places = (side // c.count("patch_size", default=2)) ** 2
    told = embedder(SINES, d) + linear(d, 6 * d) + when(sizes, 2 * embedder(SINES, d // 3))
    total = 2 * d + first(convolution(channels, d, patch).at(x=places)) + c.layers("num_layers") * each + once(told)
    total += linear(d, patch * c.count("out_channels", default=channels))
    total += embedder(c.count("caption_channels"), d).over(x=SEEN) if c.get("caption_channels") else 0
    return total.at(x=places, m=PIXART_WORDS)


def dit(c: Fields) -> int:
    """DiT: every layer embeds noise level and class by itself."""
    d, _ = _width(c)
    if c.get("norm_type") not in (None, "ada_norm_zero"):
        raise unsupported(c, "norm_type")
    patch, channels = c.count("patch_size", default=2) ** 2, c.count("in_channels", default=4)
    classes = c.count("num_embeds_ada_norm", default=1000) + 1
    each = once(embedder(SINES, d) + linear(d, 6 * d)) + classes * d
    each += attention(d, bias=c.flag("attention_bias", default=True), out_bias=True) + mlp(d, 4 * d)
    places = (c.count("sample_size", default=32) // c.count("patch_size", default=2)) ** 2
    total = first(convolution(channels, d, patch).at(x=places)) + once(linear(d, 2 * d))
    total += linear(d, patch * c.count("out_channels", default=channels)) + c.layers("num_layers") * each
    return total.at(x=places)


def qwen_image(c: Fields) -> int:
    """Qwen-Image: joint layers only, a norm on the text."""
    d, size = _width(c)
    refuse_set(c, "use_additional_t_cond")
    text, channels = c.count("joint_attention_dim", default=3584), c.count("in_channels", default=64)
    total = embedder(SINES, d) + text + linear(text, d) + linear(channels, d)
    out = c.count("patch_size", default=2) ** 2 * c.count("out_channels", default=channels)
    return total + c.layers("num_layers") * _joint(d, size) + linear(d, 2 * d) + linear(d, out)


def z_image(c: Fields) -> int:
    """Z-Image: one stream, gated; two refiners of each kind before it."""
    refuse_set(c, "siglip_feat_dim")
    d, heads, kv = c.count("dim"), c.count("n_heads"), c.count("n_kv_heads")
    size = d // heads
    norms = c.flag("qk_norm", default=True) * 2 * size
    plain = 2 * d * heads * size + 2 * d * kv * size + norms + 3 * d * int(d / 3 * 8) + 4 * d
    told = min(d, SINES)
    modulated = plain + linear(told, 4 * d)
    text, channels = c.count("cap_feat_dim"), c.count("in_channels", default=16)
    total = 2 * d + linear(SINES, 1024) + linear(1024, told) + text + linear(text, d)
    for patch, frames in zip(c.counts("all_patch_size"), c.counts("all_f_patch_size"), strict=False):
        pixels = patch * patch * frames * channels
        total += linear(pixels, d) + linear(d, pixels) + linear(told, d)
    refiners = c.layers("n_refiner_layers")
    return total + (c.layers("n_layers") + refiners) * modulated + refiners * plain


def sana(c: Fields) -> int:
    """SANA: linear attention, text read across, a gated feed-forward with a convolution inside."""
    d, size = c.count("num_attention_heads") * c.count("attention_head_dim"), c.number("mlp_ratio", 2.5)
    across = c.count("num_cross_attention_heads", default=20) * c.count("cross_attention_head_dim", default=112)
    memory, inner = c.count("cross_attention_dim", default=2240), int(size * d)
    norms = c.get("qk_norm")
    if norms not in (None, "rms_norm_across_heads"):
        raise unsupported(c, "qk_norm")
    bias = c.flag("attention_bias", default=False)
    each = 6 * d + attention(d, bias=bias, out_bias=True) + attention(d, inner=across, memory=memory)
    each += (2 * d + 2 * across) if norms else 0
    each += linear(d, 2 * inner) + convolution(2 * inner, 2 * inner, 9, groups=2 * inner) + inner * d
    patch, channels = c.count("patch_size", default=1) ** 2, c.count("in_channels", default=32)
    total = 2 * d + convolution(channels, d, patch) + embedder(SINES, d) + linear(d, 6 * d)
    total += c.flag("guidance_embeds", default=False) * embedder(SINES, d)
    total += embedder(c.count("caption_channels", default=2304), d) + d
    return total + c.layers("num_layers") * each + linear(d, patch * c.count("out_channels", default=channels))


def wan(c: Fields) -> int:
    """Wan: text (and an image, in models that animate one) read across, shifts in a table of each layer."""
    d, _ = _width(c)
    f, pixels = c.count("ffn_dim"), prod(c.counts("patch_size", length=3))
    channels = c.count("in_channels", default=16)
    added = c.count("added_kv_proj_dim", default=0, least=0)
    norms = 2 * d if c.get("qk_norm") else 0
    each = 6 * d + 2 * (attention(d) + norms) + mlp(d, f) + c.flag("cross_attn_norm", default=True) * layer_norm(d)
    each += 2 * linear(added, d) + d if added else 0
    total = 2 * d + convolution(channels, d, pixels) + embedder(c.count("freq_dim", default=256), d) + linear(d, 6 * d)
    total += embedder(c.count("text_dim", default=4096), d)
    image = c.count("image_dim", default=0, least=0)
    total += layer_norm(image) + linear(image, image) + linear(image, d) + layer_norm(d) if image else 0
    total += c.count("pos_embed_seq_len", default=0, least=0) * image
    return total + c.layers("num_layers") * each + linear(d, pixels * c.count("out_channels", default=channels))


def ltx(c: Fields) -> int:
    """LTX-Video: text read across, norms over all heads, shifts in a table of each layer."""
    d, _ = _width(c)
    bias, back = c.flag("attention_bias", default=True), c.flag("attention_out_bias", default=True)
    memory = c.count("cross_attention_dim", default=2048)
    each = 6 * d + attention(d, bias=bias, out_bias=back) + attention(d, memory=memory, bias=bias, out_bias=back)
    each += 4 * d + mlp(d, 4 * d)
    channels = c.count("in_channels", default=128)
    total = 2 * d + linear(channels, d) + embedder(SINES, d) + linear(d, 6 * d)
    total += embedder(c.count("caption_channels", default=4096), d)
    return total + c.layers("num_layers") * each + linear(d, c.count("out_channels", default=channels))


def mochi(c: Fields) -> int:
    """Mochi: joint layers whose text stream is narrower, gated, the last without a text half."""
    d, size = _width(c)
    text, read = c.count("pooled_projection_dim", default=1536), c.count("text_embed_dim", default=4096)
    depth, patch = c.layers("num_layers"), c.count("patch_size", default=2) ** 2
    wide, narrow = 4 * d * 2 // 3, 4 * text * 2 // 3
    image = linear(d, 4 * d) + 3 * d * d + linear(d, d) + 3 * d * wide + 4 * size
    half = linear(d, 4 * text) + linear(d, text) + 3 * text * narrow
    each = image + 3 * text * d + half
    channels = c.count("in_channels", default=12)
    total = 3 * c.count("num_attention_heads") * (size // 2) + convolution(channels, d, patch)
    total += embedder(c.count("time_embed_dim", default=256), d)
    total += linear(read, 2 * read) + linear(read, read) + linear(read, d) + linear(read, text)
    total += depth * each - half + linear(d, text)
    return total + linear(d, 2 * d) + linear(d, patch * c.count("out_channels", default=channels))


def cogvideox(c: Fields) -> int:
    """CogVideoX: text and frames in one stream, each with a modulation of its own."""
    d, size = _width(c)
    refuse_set(c, "use_learned_positional_embeddings")
    told, text = c.count("time_embed_dim", default=512), c.count("text_embed_dim", default=4096)
    channels, frames = c.count("in_channels", default=16), c.count("patch_size_t", default=1)
    patch = c.count("patch_size", default=2) ** 2 * frames
    each = 2 * (linear(told, 6 * d) + layer_norm(d)) + 2 * layer_norm(size) + mlp(d, 4 * d)
    each += attention(d, bias=c.flag("attention_bias", default=True), out_bias=True)
    total = linear(channels * patch, d, bias=c.flag("patch_bias", default=True)) + linear(text, d) + linear(d, told)
    total += linear(told, told) + c.layers("num_layers") * each + 2 * layer_norm(d) + linear(told, 2 * d)
    ofs = c.count("ofs_embed_dim", default=0, least=0)
    total += 2 * linear(ofs, ofs) if ofs else 0
    return total + linear(d, patch * c.count("out_channels", default=channels))


def hunyuan_video(c: Fields) -> int:
    """HunyuanVideo: FLUX's layers, the text refined by a small transformer first."""
    d, size = _width(c)
    refuse_set(c, "image_condition_type")
    text, channels = c.count("text_embed_dim", default=4096), c.count("in_channels", default=16)
    pixels = c.count("patch_size", default=2) ** 2 * c.count("patch_size_t", default=1)
    refiner = 2 * layer_norm(d) + attention(d) + mlp(d, 4 * d) + linear(d, 2 * d)
    total = convolution(channels, d, pixels) + embedder(SINES, d) + embedder(text, d) + linear(text, d)
    total += c.layers("num_refiner_layers") * refiner + embedder(SINES, d)
    total += embedder(c.count("pooled_projection_dim", default=768), d)
    total += c.flag("guidance_embeds", default=True) * embedder(SINES, d)
    total += c.layers("num_layers") * _joint(d, size) + c.layers("num_single_layers") * _single(d, size)
    return total + linear(d, 2 * d) + linear(d, pixels * c.count("out_channels", default=channels))


def auraflow(c: Fields) -> int:
    """AuraFlow: joint layers, then single ones, gated and without biases; registers and a table of positions."""
    d, _ = _width(c)
    wide = _rounded(int(2 * 4 * d / 3), 256)
    one = linear(d, 6 * d, bias=False) + attention(d, bias=False) + mlp(d, wide, gated=True, bias=False)
    patch = c.count("patch_size", default=2) ** 2
    total = (
        8 * d + c.count("pos_embed_max_size", default=1024) * d + linear(patch * c.count("in_channels", default=4), d)
    )
    total += linear(c.count("joint_attention_dim", default=2048), d, bias=False) + embedder(SINES, d)
    total += (2 * c.layers("num_mmdit_layers") + c.layers("num_single_dit_layers")) * one
    return total + linear(d, 2 * d, bias=False) + linear(d, patch * c.count("out_channels", default=4), bias=False)


def _rounded(size: int, step: int) -> int:
    return step * ((size + step - 1) // step)


def lumina2(c: Fields) -> int:
    """Lumina 2: one stream, grouped attention, gated; refiners of text and of noise before it."""
    d, heads = c.count("hidden_size"), c.count("num_attention_heads")
    size, kv = d // heads, c.count("num_kv_heads")
    scale = c.get("ffn_dim_multiplier")
    f = 4 * d if scale is None else int(c.number("ffn_dim_multiplier") * 4 * d)
    f = _rounded(f, c.count("multiple_of", default=256))
    told, text = min(d, 1024), c.count("cap_feat_dim", default=1024)
    plain = 2 * d * d + 2 * d * kv * size + 2 * size + 3 * d * f + 4 * d
    modulated = plain + linear(told, 4 * d)
    patch, channels = c.count("patch_size", default=2) ** 2, c.count("in_channels", default=16)
    refiners = c.layers("num_refiner_layers")
    total = linear(patch * channels, d) + embedder(SINES, told) + text + linear(text, d)
    total += refiners * (plain + modulated) + c.layers("num_layers") * modulated
    return total + linear(told, d) + linear(d, patch * c.count("out_channels", default=channels))


DIFFUSION_TRANSFORMERS: dict[str, Callable[[Fields], int]] = {
    "FluxTransformer2DModel": flux,
    "ChromaTransformer2DModel": chroma,
    "SD3Transformer2DModel": sd3,
    "PixArtTransformer2DModel": pixart,
    "DiTTransformer2DModel": dit,
    "QwenImageTransformer2DModel": qwen_image,
    "ZImageTransformer2DModel": z_image,
    "SanaTransformer2DModel": sana,
    "WanTransformer3DModel": wan,
    "LTXVideoTransformer3DModel": ltx,
    "MochiTransformer3DModel": mochi,
    "CogVideoXTransformer3DModel": cogvideox,
    "HunyuanVideoTransformer3DModel": hunyuan_video,
    "AuraFlowTransformer2DModel": auraflow,
    "Lumina2Transformer2DModel": lumina2,
}
