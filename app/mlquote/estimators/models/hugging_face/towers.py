"""What stands beside a text model: image and audio towers by their own type, and what joins them to it."""

from collections.abc import Callable

from mlquote.estimators.models.hugging_face.fields import Fields, pair
from mlquote.estimators.models.hugging_face.translators import whisper_encoder
from mlquote.estimators.models.hugging_face.vision import (
    clip_vision,
    patches,
    patching,
    pixtral_vision,
    siglip_vision,
)
from mlquote.formulas.models.weights import attention, block, convolution, layer_norm, linear, mlp
from mlquote.kit.errors import Malformed

Tower = Callable[[Fields], int]
Beside = Callable[[Fields, int], int]


def _sizes(v: Fields) -> tuple[int, int, int]:
    d = v.count("hidden_size")
    return d, v.count("intermediate_size", default=4 * d), v.layers("num_hidden_layers", "depth")


def idefics_vision(v: Fields) -> int:
    """Idefics' SigLIP: no head."""
    d, f, depth = _sizes(v)
    return patching(v, d) + patches(v) * d + depth * block(d, f) + layer_norm(d)


def internvl_vision(v: Fields) -> int:
    """InternViT: layer scales, attention's biases and norms by flags."""
    d, f, depth = _sizes(v)
    bias = v.flag("attention_bias", default=False)
    each = attention(d, bias=bias, out_bias=True) + mlp(d, f) + 2 * layer_norm(d) + 2 * d
    each += v.flag("use_qk_norm", default=False) * 2 * d
    norm = v.get("norm_type") or "layer_norm"
    if norm not in ("layer_norm", "rms_norm"):
        raise _unknown(v)
    each -= 2 * d if norm == "rms_norm" else 0
    total = patching(v, d) + d + v.flag("use_mask_token", default=False) * d + depth * each
    total += v.flag("use_absolute_position_embeddings", default=False) * (patches(v) + 1) * d
    return total + (0 if v.flag("use_mean_pooling", default=True) else layer_norm(d))


def kimi_vision(v: Fields) -> int:
    """MoonViT: learned places on a grid, norms and projections with biases; released files name its sizes apart."""
    d = v.count("vt_hidden_size", "hidden_size")
    f, depth = (
        v.count("vt_intermediate_size", "intermediate_size"),
        v.layers("vt_num_hidden_layers", "num_hidden_layers"),
    )
    grid = v.count("init_pos_emb_height", "pos_emb_height") * v.count("init_pos_emb_width", "pos_emb_width")
    return patching(v, d) + grid * d + depth * block(d, f) + layer_norm(d)


def llama4_vision(v: Fields) -> int:
    """Llama 4's tower and the network that shuffles pixels."""
    d, f, depth = _sizes(v)
    wide = v.count("projector_input_dim", default=4096)
    out = v.count("projector_output_dim", default=wide)
    total = patching(v, d, bias=False) + d + (patches(v) + 1) * d + 2 * layer_norm(d) + depth * block(d, f)
    return total + f * wide + wide * out


def sam_vision(v: Fields) -> int:
    """SAM's image encoder: windows, relative places of both axes, a neck of two convolutions."""
    d, depth, heads = v.count("hidden_size"), v.layers("num_hidden_layers"), v.count("num_attention_heads")
    f = v.count("mlp_dim", default=int(d * 4))
    out, side = v.count("output_channels", default=256), v.count("image_size", default=1024) // v.count("patch_size")
    everywhere = [n for n in v.counts("global_attn_indexes") if n < depth]
    window = v.count("window_size", default=14, least=0)
    total = patching(v, d) + v.flag("use_abs_pos", default=True) * side * side * d
    total += depth * block(d, f, qkv_bias=v.flag("qkv_bias", default=True))
    places = len(everywhere) * (2 * side - 1) + (depth - len(everywhere)) * (2 * (window or side) - 1)
    total += v.flag("use_rel_pos", default=True) * 2 * places * (d // heads)
    return total + d * out + convolution(out, out, 9, bias=False) + 2 * layer_norm(out)


def audio_whisper(v: Fields) -> int:
    """Whisper's encoder."""
    d = v.count("d_model", "hidden_size")
    layers = v.layers("encoder_layers", "num_hidden_layers")
    each = block(d, v.count("encoder_ffn_dim", "intermediate_size"), key_bias=False)
    return whisper_encoder(v, d, layers * each)


def audio_qwen3(v: Fields) -> int:
    """Qwen3's audio encoder: three convolutions that halve the mel bands, then plain blocks."""
    d, wide = v.count("d_model"), v.count("downsample_hidden_size", default=480)
    bands = v.count("num_mel_bins", default=128)
    for _ in range(3):
        bands = (bands + 1) // 2
    thin = convolution(1, wide, 9) + 2 * convolution(wide, wide, 9) + bands * wide * d
    return thin + v.layers("encoder_layers") * block(d, v.count("encoder_ffn_dim")) + layer_norm(d)


def gemma4_vision(v: Fields) -> int:
    """Gemma 4's tower: gated, no biases, four RMSNorms and two on heads, places of both axes."""
    d, f, depth = _sizes(v)
    heads = v.count("num_attention_heads")
    size = v.count("head_dim", default=d // heads)
    each = 4 * d * heads * size + 2 * size + 3 * d * f + 4 * d
    return depth * each + patching(v, d, bias=False) + 2 * v.count("position_embedding_size") * d


TOWERS: dict[str, Tower] = {
    "clip_vision_model": clip_vision,
    "siglip_vision_model": siglip_vision,
    "siglip2_vision_model": siglip_vision,
    "pixtral": pixtral_vision,
    "idefics2": idefics_vision,
    "idefics2_vision": idefics_vision,
    "idefics3_vision": idefics_vision,
    "smolvlm_vision": idefics_vision,
    "internvl_vision": internvl_vision,
    "kimi_k25_vision": kimi_vision,
    "llama4_vision_model": llama4_vision,
    "got_ocr2_vision": sam_vision,
    "gemma4_vision": gemma4_vision,
    "gemma4": gemma4_vision,
    "qwen2_audio_encoder": audio_whisper,
    "voxtral_encoder": audio_whisper,
    "whisper": audio_whisper,
    "qwen3_asr_encoder": audio_qwen3,
    "qwen3_omni_moe_audio_encoder": audio_qwen3,
}


def _unknown(v: Fields) -> Malformed:
    detail = f"{v.kind or 'a part without a type'!r} is no tower whose parameters we can count"
    hint = "give its text_config alone for the text model, or architecture.params"
    return Malformed(detail, pointer=v.pointer, hint=hint, code="unsupported-architecture")


def unknown_class(c: Fields) -> Malformed:
    """What is said of a class whose parts are not those of its type."""
    detail, hint = f"{c.named} has parts that we do not count", "another class of its type, or architecture.params"
    return Malformed(detail, pointer=c.at("architectures"), hint=hint, code="unsupported-architecture")


def tower(v: Fields) -> int:
    """Parameters of a tower by its own type.

    Raises:
        Malformed: a type that is not known.
    """
    count = TOWERS.get(v.kind)
    if count is None:
        raise _unknown(v)
    return count(v)


def _vision(c: Fields) -> tuple[Fields, int]:
    v = c.within("vision_config")
    return v, tower(v)


def llava(c: Fields, h: int) -> int:
    """LLaVA and its followers: two products; the later ones mark a new line of patches."""
    v, total = _vision(c)
    d, bias = v.count("hidden_size"), c.flag("multimodal_projector_bias", default=True)
    layers = c.get("vision_feature_layer")
    seen = len(layers) if isinstance(layers, list) else 1
    newline = h if c.kind in {"llava_next", "llava_next_video", "llava_onevision"} else 0
    return total + linear(d * seen, h, bias=bias) + linear(h, h, bias=bias) + newline


def idefics2(c: Fields, h: int) -> int:
    """Idefics 2: a gated projection, then a resampler that reads patches into so many latents."""
    v, total = _vision(c)
    p, d = c.within("perceiver_config"), v.count("hidden_size")
    inner = c.within("text_config").count("intermediate_size")
    heads, size = p.count("resampler_n_heads"), p.count("resampler_head_dim")
    wide, kv = heads * size, p.count("num_key_value_heads") * size
    each = 2 * h * wide + 2 * h * kv + 3 * h * 4 * h + 3 * h
    total += 2 * d * inner + inner * h + p.count("resampler_n_latents") * h
    return total + p.layers("resampler_depth") * each + h


def idefics3(c: Fields, h: int) -> int:
    """Idefics 3 and SmolVLM: patches shuffled together, one product."""
    v, total = _vision(c)
    return total + v.count("hidden_size") * c.count("scale_factor", default=2) ** 2 * h


def paligemma(c: Fields, h: int) -> int:
    """PaliGemma: one product with a bias."""
    v, total = _vision(c)
    return total + linear(v.count("hidden_size"), c.count("projection_dim", default=h))


def gemma3(c: Fields, h: int) -> int:
    """Gemma 3: a norm and one product."""
    v, total = _vision(c)
    return total + v.count("hidden_size") * (h + 1)


def deepseek_vl(c: Fields, h: int) -> int:
    """DeepSeek-VL: two products."""
    v, total = _vision(c)
    return total + linear(v.count("hidden_size"), h) + linear(h, h)


def internvl(c: Fields, h: int) -> int:
    """InternVL: four patches as one, a norm and two products."""
    v, total = _vision(c)
    merged = round(v.count("hidden_size") * (1 / c.number("downsample_ratio", 0.5)) ** 2)
    return total + layer_norm(merged) + linear(merged, h) + linear(h, h)


def mistral3(c: Fields, h: int) -> int:
    """Mistral 3: a norm, patches merged, two products."""
    v, total = _vision(c)
    d, merged = v.count("hidden_size"), c.count("spatial_merge_size", default=2) ** 2
    bias = c.flag("multimodal_projector_bias", default=False)
    layers = c.get("vision_feature_layer")
    seen = len(layers) if isinstance(layers, list) else 1
    return total + d + d * merged * d + linear(d * seen, h, bias=bias) + linear(h, h, bias=bias)


def llama4(c: Fields, h: int) -> int:
    """Llama 4: one product."""
    v, total = _vision(c)
    return total + v.count("vision_output_dim", default=v.count("projector_output_dim", default=4096)) * h


def lfm2_vl(c: Fields, h: int) -> int:
    """LFM2-VL: patches merged, a norm where asked for, two products."""
    v, total = _vision(c)
    merged, bias = (
        v.count("hidden_size") * c.count("downsample_factor", default=2) ** 2,
        c.flag("projector_bias", default=True),
    )
    inner = c.count("projector_hidden_size", default=2560)
    norm = c.flag("projector_use_layernorm", default=True) * layer_norm(merged)
    return total + norm + linear(merged, inner, bias=bias) + linear(inner, h, bias=bias)


def kimi_k25(c: Fields, h: int) -> int:
    """Kimi K2.5: a norm, patches merged, two products."""
    v, total = _vision(c)
    d = v.count("vt_hidden_size", "hidden_size")
    tall, broad = pair(v, "merge_kernel_size", 2)
    merged = c.count("projection_hidden_size", default=d) * tall * broad
    return total + layer_norm(d) + linear(merged, merged) + linear(merged, h)


def got_ocr2(c: Fields, h: int) -> int:
    """GOT-OCR 2: two convolutions that thin, one product."""
    v, total = _vision(c)
    out = v.count("output_channels", default=256)
    return total + convolution(out, 2 * out, 9, bias=False) + convolution(2 * out, h, 9, bias=False) + linear(h, h)


def ovis2(c: Fields, h: int) -> int:
    """Ovis 2: gated blocks with RMSNorm, patches as a distribution over visual words, a table of those."""
    v = c.within("vision_config")
    d, f, depth = _sizes(v)
    attends = attention(d, bias=v.flag("qkv_bias", default=False))
    each = attends + mlp(d, f, gated=True, bias=v.flag("mlp_bias", default=False)) + 2 * d
    words = v.count("vocab_size", most=10**8)
    seen = words - v.count("num_visual_indicator_tokens", default=5)
    merged = d * v.count("hidden_stride", default=1) ** 2
    total = patching(v, d) + patches(v) * d + d + depth * each + d
    total += merged * seen + layer_norm(seen) + words * c.count("hidden_size", default=h)
    text = c.within("text_config")
    if c.flag("tie_word_embeddings", default=True) or text.flag("tie_word_embeddings", default=False):
        return total
    # Untied, the library's logits have the outer object's sizes, not the text model's.
    own = c.count("vocab_size", most=10**8) * c.count("hidden_size", default=h)
    return total + own - text.count("vocab_size", most=10**8) * h


def qwen_vl(c: Fields, h: int) -> int:
    """Qwen2-VL to Qwen3.5, EXAONE 4.5: blocks of three kinds, mergers of patches; Qwen3's tap layers on the way."""
    v = c.within("vision_config")
    older = c.kind in {"qwen2_vl", "qwen2_5_vl", "exaone4_5"}
    first = c.kind == "qwen2_vl"
    d = v.count("embed_dim") if first else v.count("hidden_size")
    depth = v.layers("depth")
    channels, frames = v.count("in_channels", "in_chans", default=3), v.count("temporal_patch_size", default=2)
    side = v.count("patch_size", default=14)
    total = convolution(channels, d, side * side * frames, bias=not older)
    if first:
        each, out, norm = block(d, int(d * v.number("mlp_ratio", 4))), v.count("hidden_size"), layer_norm(d)
    elif older:
        heads = v.count("num_heads")
        kv = v.count("num_key_value_heads", default=heads) if c.kind == "exaone4_5" else heads
        attends = linear(d, d) + 2 * linear(d, kv * (d // heads)) + linear(d, d)
        each = attends + mlp(d, v.count("intermediate_size"), gated=True) + 2 * d
        out, norm = v.count("out_hidden_size", default=h), d
    else:
        each = block(d, v.count("intermediate_size"))
        out, norm = v.count("out_hidden_size", default=h), layer_norm(d)
        total += v.count("num_position_embeddings") * d
    merged = d * v.count("spatial_merge_size", default=2) ** 2
    join = linear(merged, merged) + linear(merged, out)
    taps = 0 if older else len(v.listed("deepstack_visual_indexes") or [])
    return total + depth * each + norm + join + taps * (layer_norm(merged) + join)


def glm4v(c: Fields, h: int) -> int:
    """GLM-4V: gated blocks with RMSNorm, patches thinned by a convolution, a gated merger."""
    v = c.within("vision_config")
    d, f, depth = _sizes(v)
    out, merge = v.count("out_hidden_size", default=h), v.count("spatial_merge_size", default=2)
    bias = v.flag("attention_bias", default=False)
    each = 3 * linear(d, d, bias=bias) + d * d + 3 * d * out + 2 * d
    total = patches(v) * d + patching(v, d, frames=v.count("temporal_patch_size", default=2)) + depth * each
    total += out * out + layer_norm(out) + 3 * out * f
    return total + 2 * d + convolution(d, out, merge * merge)


def ernie_vl(c: Fields, h: int) -> int:
    """ERNIE 4.5 VL: plain blocks, a resampler over space and time; experts of their own for images."""
    v, t = c.within("vision_config"), c.within("text_config")
    d, f, depth = _sizes(v)
    space, time = v.count("spatial_merge_size", default=2) ** 2, v.count("temporal_merge_size", default=2)
    merged = d * space
    total = v.count("in_channels", default=3) * v.count("patch_size", default=14) ** 2 * d + depth * block(d, f)
    total += layer_norm(d) + linear(merged, merged) * 2 + layer_norm(merged)
    total += linear(merged * time, merged) + linear(merged, merged) + layer_norm(merged) + linear(merged, h) + h
    number = t.count("moe_num_experts")
    sizes = t.counts("moe_intermediate_size", length=2)
    mixed = len([word for word in t.listed("mlp_layer_types") or [] if word != "dense"])
    mixed = mixed or t.layers("num_hidden_layers") - 1
    return total + mixed * number * (3 * h * sizes[-1] + h + 1)


def phi4_multimodal(c: Fields, h: int) -> int:
    """Phi-4 multimodal: SigLIP and a conformer, each with two products; the released adapters are in no file."""
    v, a = c.within("vision_config"), c.within("audio_config")
    d, f, depth = _sizes(v)
    total = patching(v, d) + patches(v) * d + depth * block(d, f) + layer_norm(d) + 2 * d
    total += d + attention(d) + layer_norm(d) + mlp(d, f) + linear(d, h) + linear(h, h)
    e = a.count("hidden_size") * a.count("downsample_rate", default=1)
    return total + _phi4_audio(a) + 2 * (linear(e, h) + linear(h, h))


def _phi4_audio(a: Fields) -> int:
    d, f, depth = a.count("hidden_size"), a.count("intermediate_size"), a.layers("num_blocks")
    thin, steps = a.count("nemo_conv_channels", default=1024), a.count("time_reduction", default=8).bit_length() - 1
    total = convolution(1, thin, 9) + (steps - 1) * (convolution(thin, thin, 9, groups=thin) + linear(thin, thin))
    total += linear(thin * a.count("nemo_final_size", default=10), d)
    reach = a.count("bias_max_distance", default=1000)
    reach = reach if a.flag("bias_symmetric", default=False) else 2 * reach
    total += reach * a.count("num_attention_heads")
    outer, depthwise = (
        a.count("ext_pw_out_channel", default=1024),
        a.count("depthwise_separable_out_channel", default=1024),
    )
    many = d * a.count("depthwise_multiplier", default=1)
    conv = (
        layer_norm(d)
        + linear(d, 2 * outer)
        + 2 * outer
        + convolution(d, many, a.count("kernel_size", default=3), groups=d)
    )
    conv += linear(many, depthwise) + linear(d, outer)
    feed = layer_norm(d) + linear(d, 2 * f) + linear(f, d)
    return total + depth * (2 * feed + attention(d) + conv + 2 * layer_norm(d))


def heard(c: Fields, h: int) -> int:
    """Qwen2-Audio (one product), Voxtral (frames joined, two without biases), Qwen3-ASR (two)."""
    a = c.within("audio_config")
    total, d = tower(a), a.count("d_model", "hidden_size")
    if c.kind == "voxtral":
        return total + a.count("intermediate_size") * h + h * h
    if c.kind == "qwen3_asr":
        return total + linear(d, d) + linear(d, a.count("output_dim", default=h))
    return total + linear(d, h)


def omni_thinker(c: Fields, h: int) -> int:
    """Qwen3-Omni's thinker: images as in Qwen3-VL, audio by an encoder and two products."""
    a = c.within("audio_config")
    d = a.count("d_model")
    return qwen_vl(c, h) + audio_qwen3(a) + linear(d, d) + linear(d, a.count("output_dim", default=h))


def blip2(c: Fields, h: int) -> int:
    """BLIP-2 and InstructBLIP: a plain tower, a transformer of queries, one product."""
    if "TextRetrieval" in c.named:
        raise unknown_class(c)
    v, q = c.within("vision_config"), c.within("qformer_config")
    d, f, depth = _sizes(v)
    e, g, layers = q.count("hidden_size"), q.count("intermediate_size"), q.layers("num_hidden_layers")
    total = patching(v, d) + d + (patches(v) + 1) * d + layer_norm(d)
    total += depth * block(d, f, qkv_bias=v.flag("qkv_bias", default=True))
    crossed = -(-layers // q.count("cross_attention_frequency", default=2))
    total += c.count("num_query_tokens", default=32) * e + layer_norm(e) + layers * block(e, g)
    total += crossed * (attention(e, memory=d) + layer_norm(e)) + linear(e, h)
    second = c.kind != "blip-2"
    if second or q.flag("use_qformer_text_input", default=False):
        total += layers * (mlp(e, g) + layer_norm(e))
    if second:
        total += (q.count("vocab_size", most=10**8) + q.count("max_position_embeddings", default=512)) * e
    return total


def mllama(c: Fields, h: int) -> int:
    """Llama 3.2 Vision: tiles with tables of their own, local then gated global blocks without attention biases."""
    v = c.within("vision_config")
    d, f, depth = v.count("hidden_size"), v.count("intermediate_size"), v.layers("num_hidden_layers")
    tiles, places = v.count("max_num_tiles", default=4), patches(v) + 1
    ratios = len(v.listed("supported_aspect_ratios") or [0] * 8) + 1
    each = attention(d, bias=False) + mlp(d, f) + 2 * layer_norm(d)
    beyond = v.layers("num_global_layers", default=8)
    total = d + patching(v, d, bias=False) + 2 * layer_norm(d) + 1 + places * d + ratios * tiles * places * d
    total += 2 * (1 + ratios * tiles * d) + depth * each + beyond * (each + 2)
    return total + linear(v.count("vision_output_dim", default=7680), h)


def gemma4(c: Fields, h: int) -> int:
    """Gemma 4: one product from its tower, where it has one."""
    if c.get("audio_config") is not None:
        raise _unknown(c.within("audio_config"))
    if c.get("vision_config") is None:
        return 0
    v, total = _vision(c)
    return total + v.count("hidden_size") * h


BESIDE: dict[str, Beside] = {
    **dict.fromkeys(("llava", "llava_next", "llava_next_video", "llava_onevision"), llava),
    "idefics2": idefics2,
    "idefics3": idefics3,
    "smolvlm": idefics3,
    "paligemma": paligemma,
    "gemma3": gemma3,
    "deepseek_vl": deepseek_vl,
    "internvl": internvl,
    "mistral3": mistral3,
    "llama4": llama4,
    "lfm2_vl": lfm2_vl,
    "kimi_k25": kimi_k25,
    "got_ocr2": got_ocr2,
    "ovis2": ovis2,
    **dict.fromkeys(("qwen2_vl", "qwen2_5_vl", "exaone4_5"), qwen_vl),
    **dict.fromkeys(("qwen3_vl", "qwen3_vl_moe", "qwen3_5", "qwen3_5_moe"), qwen_vl),
    "glm4v": glm4v,
    "glm4v_moe": glm4v,
    "ernie4_5_vl_moe": ernie_vl,
    "phi4_multimodal": phi4_multimodal,
    "qwen2_audio": heard,
    "voxtral": heard,
    "qwen3_asr": heard,
    "qwen3_omni_moe_thinker": omni_thinker,
    "blip-2": blip2,
    "instructblip": blip2,
    "gemma4": gemma4,
    "mllama": mllama,
}
"""Type of the whole file -> parameters beside its text model, given that model's hidden size."""
