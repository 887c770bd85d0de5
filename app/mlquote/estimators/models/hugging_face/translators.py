"""Encoder-decoders counted whole: BART's relatives, speech ones, T5 with experts, two Gemmas."""

from collections.abc import Callable

from mlquote.estimators.models.hugging_face.decoders import labels
from mlquote.estimators.models.hugging_face.encoders import rows, unknown_head
from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.estimators.models.hugging_face.others import bert
from mlquote.formulas.models.parameters import stack_params
from mlquote.formulas.models.weights import (
    READ,
    WRITTEN,
    Weights,
    attention,
    block,
    convolution,
    layer_norm,
    linear,
    logits,
    mlp,
    once,
    tied,
)
from mlquote.kit.errors import Malformed

UNSUPPORTED = "unsupported-architecture"


def _stacks(c: Fields, *, key_bias: bool = True) -> tuple[int, Weights, Weights]:
    """(width, layers of the encoder, of the decoder)."""
    d = c.count("d_model", "hidden_size")
    coded = block(d, c.count("encoder_ffn_dim"), key_bias=key_bias).over(x=READ)
    decoded = block(d, c.count("decoder_ffn_dim"), cross=True, key_bias=key_bias).over(x=WRITTEN, m=READ)
    return (
        d,
        c.layers("encoder_layers", "num_encoder_layers") * coded,
        c.layers("decoder_layers", "num_decoder_layers") * decoded,
    )


def _words(c: Fields, d: int) -> int:
    """Tables of their own for both stacks and the logits where none are tied; a classifier; nothing for the bare model.

    Raises:
        Malformed: a head of another kind.
    """
    own = 0 if c.flag("tie_word_embeddings", default=True) else 2 * rows(c) * d
    if c.named.endswith("Model") and "MTModel" not in c.named:
        return own
    if "SequenceClassification" in c.named:
        return own + once(linear(d, d) + linear(d, labels(c)))
    if "ConditionalGeneration" in c.named or "MTModel" in c.named or not c.named:
        return own * 3 // 2 + logits(tied(d, rows(c)).over(x=WRITTEN))
    raise unknown_head(c)


def bart(c: Fields) -> int:
    """BART, mBART, Pegasus, Marian, M2M-100, Blenderbot: what differs is positions and norms at the ends.

    BART and mBART learn two positions more than they name; Pegasus, Marian hold fixed ones, M2M-100 none; BART has a
    norm after its embeddings, Pegasus one at its end, mBART both.
    """
    d, coded, decoded = _stacks(c)
    kind = c.kind
    learned = {"bart": 2, "mbart": 2, "blenderbot": 0, "pegasus": 0, "marian": 0, "blenderbot-small": 0}.get(kind)
    places = 2 * d * (c.count("max_position_embeddings", most=10**8) + learned) if learned is not None else 0
    norms = {"bart": 2, "mbart": 4, "marian": 0, "blenderbot-small": 2}.get(kind, 2) * layer_norm(d)
    tables = rows(c) * d
    if kind == "marian" and not c.flag("share_encoder_decoder_embeddings", default=True):
        tables += c.count("decoder_vocab_size", default=rows(c), most=10**8) * d
    return tables + places + norms + coded + decoded + _words(c, d)


def led(c: Fields) -> int:
    """LED: BART with Longformer's attention in its encoder."""
    d, coded, decoded = _stacks(c)
    places = c.count("max_encoder_position_embeddings", most=10**8) + c.count(
        "max_decoder_position_embeddings", most=10**8
    )
    wider = c.layers("encoder_layers") * 3 * linear(d, d)
    return (rows(c) + places) * d + 2 * layer_norm(d) + coded + wider + decoded + _words(c, d)


def nllb_moe(c: Fields) -> int:
    """NLLB-MoE: M2M-100 with experts in every n-th layer, each with biases."""
    d, coded, decoded = _stacks(c)
    number = c.count("num_experts")
    total = rows(c) * d + 2 * layer_norm(d) + coded + decoded
    for side in ("encoder", "decoder"):
        step, depth = c.count(f"{side}_sparse_step", least=0), c.layers(f"{side}_layers")
        sparse = depth // step if step else 0
        one = mlp(d, c.count(f"{side}_ffn_dim"))
        total += sparse * ((number - 1) * one + linear(d, number, bias=c.flag("router_bias", default=False)))
    return total + _words(c, d)


def prophetnet(c: Fields) -> int:
    """ProphetNet: several streams that look further ahead, relative positions in the decoder."""
    d = c.count("hidden_size")
    f, g = c.count("encoder_ffn_dim"), c.count("decoder_ffn_dim")
    coded = c.layers("num_encoder_layers") * block(d, f)
    crossed = c.flag("add_cross_attention", default=True)
    buckets = linear(d, c.count("num_buckets") * c.count("num_decoder_attention_heads"))
    decoded = c.layers("num_decoder_layers") * (block(d, g, cross=crossed) + buckets)
    places = 2 * c.count("max_position_embeddings", most=10**8) + c.count("ngram")
    return (rows(c) + places) * d + 2 * layer_norm(d) + coded + decoded + _words(c, d)


def whisper(c: Fields) -> int:
    """Whisper: two convolutions over mel bands, keys without biases, one table for words in and out."""
    d, coded, decoded = _stacks(c, key_bias=False)
    listening = whisper_encoder(c, d, coded)
    if "CausalLM" in c.named:
        raise unknown_head(c)
    if "AudioClassification" in c.named:
        inner = c.count("classifier_proj_size", default=256)
        return listening + linear(d, inner) + linear(inner, labels(c))
    table = rows(c) * d
    untied = 0 if c.flag("tie_word_embeddings", default=True) or c.named.endswith("Model") else table
    places = c.count("max_target_positions", default=448) * d
    return listening + table + untied + places + decoded + layer_norm(d)


def whisper_encoder(c: Fields, d: int, layers: int) -> int:
    """Whisper's encoder around `layers` parameters of its layers: convolutions, fixed positions, a last norm."""
    mel = convolution(c.count("num_mel_bins", default=80), d, 3) + convolution(d, d, 3)
    return mel + c.count("max_source_positions", default=1500) * d + layers + layer_norm(d)


def moonshine(c: Fields) -> int:
    """Moonshine: convolutions on the wave itself, grouped attention (the encoder's heads in both), a gated decoder."""
    d, f = c.count("hidden_size"), c.count("intermediate_size")
    bias = c.flag("attention_bias", default=False)

    heads = c.count("encoder_num_attention_heads")
    kv, size = c.count("encoder_num_key_value_heads", default=heads), d // heads
    attends = linear(d, heads * size, bias=bias) + 2 * linear(d, kv * size, bias=bias) + heads * size * d
    coded = c.layers("encoder_num_hidden_layers") * (attends + mlp(d, f) + 2 * d)
    feed = linear(d, 2 * f) + linear(f, d)
    decoded = c.layers("decoder_num_hidden_layers") * (2 * attends + feed + 3 * d)
    wave = convolution(1, d, 127, bias=False) + convolution(d, 2 * d, 7) + convolution(2 * d, d, 3)
    untied = 0 if c.flag("tie_word_embeddings", default=True) or c.named.endswith("Model") else rows(c) * d
    return wave + layer_norm(d) + coded + d + rows(c) * d + decoded + d + untied


def switch(c: Fields) -> int:
    """Switch Transformers: T5 with experts in every n-th layer."""
    d, f, heads = c.count("d_model"), c.count("d_ff"), c.count("num_heads")
    attends = attention(d, inner=heads * c.count("d_kv"), bias=False)
    number, one = c.count("num_experts"), 2 * d * f
    table = c.count("relative_attention_num_buckets", default=32) * heads
    total = rows(c) * d + 2 * d + 2 * table
    depth = c.layers("num_layers")
    sides = ((depth, "encoder", 1), (c.layers("num_decoder_layers", default=depth), "decoder", 2))
    for layers, side, attentions in sides:
        sparse = c.count(f"num_sparse_{side}_layers", default=3, least=0)
        step = c.count(f"{side}_sparse_step", default=layers // sparse if sparse else layers, least=0)
        mixed = sum((n % step == 1 or step == 1) for n in range(layers)) if step else 0
        total += layers * (attentions * (attends + d) + one + d)
        total += mixed * ((number - 1) * one + linear(d, number, bias=c.flag("router_bias", default=False)))
    return total + _words(c, d)


def _gemma_layer(c: Fields, d: int, *, norms: int, cross: int | None = None, qk_norm: bool = False) -> int:
    heads = c.count("num_attention_heads")
    size = c.count("head_dim", default=d // heads)
    kv, bias = c.count("num_key_value_heads", default=heads), c.flag("attention_bias", default=False)
    ends = linear(d, heads * size, bias=bias) + linear(heads * size, d, bias=bias)
    one = ends + 2 * linear(d, kv * size, bias=bias)
    other = ends + 2 * linear(cross, kv * size, bias=bias) if cross else 0
    return one + other + mlp(d, c.count("intermediate_size"), gated=True, bias=False) + norms * d + qk_norm * 2 * size


def t5gemma(c: Fields) -> int:
    """T5Gemma: two Gemma 2 stacks with a token table each, the decoder attending to the encoder."""
    coder, decoder = c.within("encoder"), c.within("decoder")
    d, e = coder.count("hidden_size"), decoder.count("hidden_size")
    coded = coder.layers("num_hidden_layers") * _gemma_layer(coder, d, norms=4)
    decoded = decoder.layers("num_hidden_layers") * _gemma_layer(decoder, e, norms=6, cross=d)
    total = rows(coder) * d + rows(decoder) * e + coded + decoded + d + e
    tied = c.flag("tie_word_embeddings", default=True) or c.named.endswith("Model")
    return total if tied else total + rows(decoder) * e


_TWO_OF = ("bert", "roberta", "xlm-roberta", "camembert")


def encoder_decoder(c: Fields) -> int:
    """Two BERTs warm-started as one: the second reads the first across, and writes.

    Raises:
        Malformed: one of them is of another type, or they share weights.
    """
    if c.named not in ("", "EncoderDecoderModel"):
        raise unknown_head(c)
    halves = c.within("encoder"), c.within("decoder")
    for half in halves:
        if half.kind not in _TWO_OF or c.flag("tie_encoder_decoder", default=False):
            detail = f"encoder-decoder of {half.kind or 'no type'} is not one whose parameters we can count"
            raise Malformed(detail, pointer=half.at("model_type"), hint=" or ".join(_TWO_OF), code=UNSUPPORTED)
    coder, decoder = (
        bert(half.replaced(architectures=[named]))
        for half, named in zip(halves, ("BertModel", "BertLMHead"), strict=True)
    )
    d, e = decoder.hidden_size, coder.hidden_size
    across = halves[1].layers("num_hidden_layers") * (attention(d) + layer_norm(d))
    return stack_params(coder).total + stack_params(decoder).total + int(across) + (linear(e, d) if e != d else 0)


TRANSLATORS: dict[str, Callable[[Fields], int]] = {
    "bart": bart,
    "mbart": bart,
    "pegasus": bart,
    "marian": bart,
    "m2m_100": bart,
    "blenderbot": bart,
    "blenderbot-small": bart,
    "led": led,
    "nllb-moe": nllb_moe,
    "prophetnet": prophetnet,
    "whisper": whisper,
    "moonshine": moonshine,
    "switch_transformers": switch,
    "t5gemma": t5gemma,
    "encoder-decoder": encoder_decoder,
}
