"""Audio networks counted whole: wav2vec 2.0's relatives, conformers, spectrogram transformers, codecs."""

from collections.abc import Callable
from itertools import pairwise

from mlquote.estimators.models.hugging_face.decoders import labels
from mlquote.estimators.models.hugging_face.encoders import rows, unknown_head
from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.formulas.models.weights import attention, block, convolution, layer_norm, linear, lstm, mlp


def _wave(c: Fields, d: int, *, projection_norm: bool = True) -> int:
    """Convolutions over the wave, a projection, a convolution for positions under weight norm, a masked vector."""
    sizes, taps, bias = (
        c.counts("conv_dim", least=1),
        c.counts("conv_kernel", least=1),
        c.flag("conv_bias", default=False),
    )
    total: int = sum(convolution(a, b, k, bias=bias) for a, b, k in zip((1, *sizes), sizes, taps, strict=False))
    every = c.word("feat_extract_norm", default="group") == "layer"
    total += sum(layer_norm(size) for size in sizes) if every else layer_norm(sizes[0])
    total += projection_norm * layer_norm(sizes[-1]) + linear(sizes[-1], d)
    reach, groups = (
        c.count("num_conv_pos_embeddings", default=128),
        c.count("num_conv_pos_embedding_groups", default=16),
    )
    weighted = 2 * d if c.get("conv_pos_batch_norm") else reach
    return total + convolution(d, d, reach, groups=groups) + weighted + d


def _heard(c: Fields, d: int) -> int:
    """What stands on the encoder: symbols, classes, or nothing."""
    if c.flag("add_adapter", default=False):
        if c.kind not in {"wav2vec2", "wavlm"}:
            raise unknown_head(c)
        out, taps = c.count("output_hidden_size", default=d), c.count("adapter_kernel_size", default=3)
        depth = c.layers("num_adapter_layers", default=3)
        added: int = (linear(d, out) + layer_norm(out) if out != d else 0) + depth * convolution(out, 2 * out, taps)
        d = out
    else:
        added = 0
    if "CTC" in c.named or not c.named:
        return added + linear(d, rows(c))
    if "SequenceClassification" in c.named:
        inner = c.count("classifier_proj_size", default=256)
        weights = c.layers("num_hidden_layers") + 1 if c.flag("use_weighted_layer_sum", default=False) else 0
        return added + weights + linear(d, inner) + linear(inner, labels(c))
    if c.named.endswith("Model"):
        return added
    raise unknown_head(c)


def wav2vec2(c: Fields) -> int:
    """wav2vec 2.0, HuBERT, WavLM (with gated relative positions)."""
    d, f, depth = c.count("hidden_size"), c.count("intermediate_size"), c.layers("num_hidden_layers")
    normed = c.kind != "hubert" or c.flag("feat_proj_layer_norm", default=True)
    if c.get("adapter_attn_dim"):
        raise unknown_head(c)
    total = _wave(c, d, projection_norm=normed) + layer_norm(d) + depth * block(d, f)
    if c.kind == "wavlm":
        heads = c.count("num_attention_heads")
        total += c.count("num_buckets", default=320) * heads + depth * (heads + linear(d // heads, 8))
    return total + _heard(c, d)


def wav2vec2_bert(c: Fields) -> int:
    """wav2vec-BERT: conformers over mel features, distances in a table of each layer."""
    d, f, depth = c.count("hidden_size"), c.count("intermediate_size"), c.layers("num_hidden_layers")
    features = c.count("feature_projection_input_dim", default=160)
    size = d // c.count("num_attention_heads")
    reach = (
        c.count("left_max_position_embeddings", default=64) + c.count("right_max_position_embeddings", default=8) + 1
    )
    if c.get("position_embeddings_type") not in (None, "relative_key") or c.flag("add_adapter", default=False):
        raise unknown_head(c)
    taps = c.count("conv_depthwise_kernel_size", default=31)
    conv = layer_norm(d) + 2 * d * d + d * taps + layer_norm(d) + d * d
    each = 2 * (mlp(d, f) + layer_norm(d)) + attention(d) + layer_norm(d) + reach * size + conv + layer_norm(d)
    return d + layer_norm(features) + linear(features, d) + depth * each + _heard(c, d)


def spectrogram(c: Fields) -> int:
    """The audio spectrogram transformer: overlapping patches of a spectrogram, two tokens beside them."""
    d, depth = c.count("hidden_size"), c.layers("num_hidden_layers")
    patch = c.count("patch_size", default=16)
    high = (c.count("num_mel_bins", default=128) - patch) // c.count("frequency_stride", default=10) + 1
    wide = (c.count("max_length", default=1024) - patch) // c.count("time_stride", default=10) + 1
    each = block(
        d, c.count("intermediate_size"), qkv_bias=c.flag("qkv_bias", default=True), heads=c.count("num_attention_heads")
    )
    total = convolution(1, d, patch**2) + (high * wide + 4) * d + depth * each + layer_norm(d)
    if c.named.endswith("Model"):
        return total
    return total + layer_norm(d) + linear(d, labels(c))


def parakeet(c: Fields) -> int:
    """Parakeet: a fast conformer over mel bands thinned by convolutions, symbols by CTC."""
    inner = c.within("encoder_config")
    d, f, depth = inner.count("hidden_size"), inner.count("intermediate_size"), inner.layers("num_hidden_layers")
    heads, bias = inner.count("num_attention_heads"), inner.flag("attention_bias", default=True)
    wide = d // heads * inner.count("num_key_value_heads", default=heads)
    attends = 2 * linear(d, d, bias=bias) + 2 * linear(d, wide, bias=bias) + d * d + 2 * d
    over_time, taps = inner.flag("convolution_bias", default=True), inner.count("conv_kernel_size", default=9)
    conv = linear(d, 2 * d, bias=over_time) + convolution(d, d, taps, groups=d, bias=over_time) + layer_norm(d)
    conv += linear(d, d, bias=over_time)
    each = attends + conv + 2 * mlp(d, f, bias=bias) + 5 * layer_norm(d)
    thin, kernel = (
        inner.count("subsampling_conv_channels", default=256),
        inner.count("subsampling_conv_kernel_size", default=3),
    )
    stride, factor = inner.count("subsampling_conv_stride", default=2), inner.count("subsampling_factor", default=8)
    steps = factor.bit_length() - 1
    total = convolution(1, thin, kernel**2) + (steps - 1) * (
        convolution(thin, thin, kernel**2, groups=thin) + linear(thin, thin)
    )
    bands = inner.count("num_mel_bins", default=80) // stride**steps
    return total + linear(thin * bands, d) + depth * each + convolution(d, rows(c), 1)


def _codec_conv(inputs: int, outputs: int, taps: int, *, across: bool = False) -> int:
    """A convolution under weight norm: one length a filter, those of the inputs where it is transposed."""
    return convolution(inputs, outputs, taps) + (inputs if across else outputs)


def encodec(c: Fields) -> int:
    """EnCodec: convolutions and a recurrence down to a few channels and back; its codebooks are no parameters."""
    first, d = c.count("num_filters", default=32), c.count("hidden_size", default=128)
    channels, ratios = c.count("audio_channels", default=1), c.counts("upsampling_ratios", least=1)
    taps, last, small = (
        c.count("kernel_size", default=7),
        c.count("last_kernel_size", default=7),
        c.count("residual_kernel_size", default=3),
    )
    repeats, narrow = c.count("num_residual_layers", default=1), c.count("compress", default=2)
    shortcut, depth = c.flag("use_conv_shortcut", default=True), c.layers("num_lstm_layers", default=2)
    if c.get("norm_type") not in (None, "weight_norm"):
        raise unknown_head(c)

    def residual(width: int) -> int:
        inner = width // narrow
        own = _codec_conv(width, inner, small) + _codec_conv(inner, width, 1)
        return own + shortcut * _codec_conv(width, width, 1)

    widths = [first * 2**n for n in range(len(ratios) + 1)]
    top = widths[-1]
    total = _codec_conv(channels, first, taps) + _codec_conv(top, d, last) + _codec_conv(d, top, taps)
    total += 2 * lstm(top, top, depth) + _codec_conv(first, channels, last)
    for (a, b), ratio in zip(pairwise(widths), reversed(ratios), strict=True):
        total += 2 * repeats * residual(a) + _codec_conv(a, b, 2 * ratio) + _codec_conv(b, a, 2 * ratio, across=True)
    return total


def speecht5(c: Fields) -> int:
    """SpeechT5 from speech to text: wav2vec's front, relative places in the encoder, a text decoder."""
    d = c.count("hidden_size")
    if "SpeechToText" not in c.named and c.named:
        raise unknown_head(c)
    size = d // c.count("encoder_attention_heads")
    coded = c.layers("encoder_layers") * block(d, c.count("encoder_ffn_dim"))
    decoded = c.layers("decoder_layers") * block(d, c.count("decoder_ffn_dim"), cross=True)
    table = rows(c) * d
    own = 0 if c.flag("tie_word_embeddings", default=True) else table
    places = 2 * c.count("encoder_max_relative_position", default=160) * size
    return _wave(c, d) + layer_norm(d) + coded + places + table + own + decoded


HEARING: dict[str, Callable[[Fields], int]] = {
    "wav2vec2": wav2vec2,
    "hubert": wav2vec2,
    "wavlm": wav2vec2,
    "wav2vec2-bert": wav2vec2_bert,
    "audio-spectrogram-transformer": spectrogram,
    "parakeet_ctc": parakeet,
    "encodec": encodec,
    "speecht5": speecht5,
}
