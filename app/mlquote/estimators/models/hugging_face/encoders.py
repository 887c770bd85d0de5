"""Text encoders counted whole: BERT's many relatives, each by its tables, its block and the head its file names."""

from collections.abc import Callable

from mlquote.estimators.models.hugging_face.decoders import labels
from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.formulas.models.weights import (
    Weights,
    again,
    attention,
    block,
    convolution,
    layer_norm,
    linear,
    logits,
    meeting,
    mlp,
    once,
    tied,
    when,
)
from mlquote.kit.errors import Malformed, OutOfDomain

WORDS = ("MaskedLM", "LMHead", "CausalLM", "MaskedLm")


def rows(c: Fields) -> int:
    """Rows of the token table."""
    return c.count("vocab_size", most=10**8)


def unknown_head(c: Fields) -> Malformed:
    """The fault of a class whose head is not known."""
    detail = f"{c.named} ends in a head that we cannot count"
    hint = "the class of the whole model, or of one with a language or classification head"
    return Malformed(detail, pointer=c.at("architectures"), hint=hint, code="unsupported-architecture")


def untied(c: Fields, width: int) -> Weights:
    """The logits: their own table and biases, where they are not those of the tokens."""
    return logits(tied(width, rows(c)) if c.flag("tie_word_embeddings", default=True) else linear(width, rows(c)))


def head(c: Fields, width: int, *, size: int = 0, pools: bool = True, pools_words: bool = False) -> int:
    """What stands on an encoder: words (transform, norm, bias of each), classes, spans, or a pooler alone.

    Args:
        c: the config.
        width: d, of the encoder.
        size: e, of the token table, where it is not d.
        pools: the bare model has a pooler.
        pools_words: it keeps it under a head over words.

    Raises:
        Malformed: a head of another kind.
    """
    named, e = c.named, size or width
    pooler = when(pools, once(linear(width, width)))
    beside = when(pools_words, pooler)
    if any(word in named for word in WORDS) or not named:
        return beside + linear(width, e) + layer_norm(e) + rows(c) + untied(c, e)
    if "SequenceClassification" in named:
        return once(linear(width, width) + linear(width, labels(c)))
    if "TokenClassification" in named:
        return beside + linear(width, labels(c))
    if "QuestionAnswering" in named:
        return beside + linear(width, 2)
    if named.endswith("Model"):
        return pooler
    raise unknown_head(c)


def tables(c: Fields, width: int, *, positions: bool = True, types: bool = True) -> int:
    """Token table, positions, types and the norm after them."""
    counted = positions * c.count("max_position_embeddings", default=512, most=10**8)
    kinds = types * c.count("type_vocab_size", default=0, least=0)
    return (rows(c) + counted + kinds) * width + layer_norm(width)


def _sizes(c: Fields) -> tuple[int, int, int]:
    """(hidden size, feed-forward size, layers)."""
    width = c.count("hidden_size", "dim")
    return width, c.count("intermediate_size", "hidden_dim", default=4 * width), c.layers("num_hidden_layers")


def big_bird(c: Fields) -> int:
    """BigBird: BERT whose queries, keys and values have biases as `use_bias` says."""
    d, f, depth = _sizes(c)
    each = block(d, f, qkv_bias=c.flag("use_bias", default=True))
    if "QuestionAnswering" in c.named:
        return tables(c, d) + depth * each + mlp(d, f) + layer_norm(d) + linear(d, 2)
    dense = linear(d, d) if "SequenceClassification" in c.named else 0
    return tables(c, d) + depth * each + head(c, d, pools_words=True) + dense


def fnet(c: Fields) -> int:
    """FNet: Fourier transforms for attention, a projection of the embeddings."""
    d, f, depth = _sizes(c)
    return tables(c, d) + linear(d, d) + depth * (mlp(d, f) + 2 * layer_norm(d)) + head(c, d, pools_words=True)


def rotary(c: Fields) -> int:
    """GTE and Nomic BERT: no table of positions, gated feed-forwards; Nomic's have no biases at all."""
    d, f, depth = _sizes(c)
    plain = c.kind == "nomic_bert"
    heads = c.count("num_attention_heads")
    inner = heads * c.count("head_dim", default=d // heads)
    out = attention(d, inner=inner, bias=not plain)
    feed = mlp(d, f, gated=True, bias=False) + (0 if plain else d)
    each = out + feed + 2 * layer_norm(d)
    return tables(c, d, positions=False) + depth * each + head(c, d, pools=False)


def mpnet(c: Fields) -> int:
    """MPNet: one relative table."""
    d, f, depth = _sizes(c)
    table = c.count("relative_attention_num_buckets", default=32) * c.count("num_attention_heads")
    return tables(c, d, types=False) + table + depth * block(d, f) + head(c, d)


def longformer(c: Fields) -> int:
    """Longformer: queries, keys and values a second time, for global tokens."""
    d, f, depth = _sizes(c)
    return tables(c, d) + depth * (block(d, f) + 3 * linear(d, d)) + head(c, d)


def ibert(c: Fields) -> int:
    """I-BERT: RoBERTa in whole numbers."""
    d, f, depth = _sizes(c)
    return tables(c, d) + depth * block(d, f) + head(c, d)


def albert(c: Fields) -> int:
    """ALBERT: layers shared within groups, tables narrower than the layers."""
    d, f, _ = _sizes(c)
    e = c.count("embedding_size", default=128)
    shared = c.count("num_hidden_groups", default=1) * c.count("inner_group_num", default=1)
    each, passed = _even_heads(c, d, f), c.layers("num_hidden_layers") * c.count("inner_group_num", default=1)
    trunk = tables(c, e) + linear(e, d) + shared * each + again(each, passed - shared)
    return trunk + head(c, d, size=e)


def _even_heads(c: Fields, d: int, f: int) -> Weights:
    """A layer whose heads are of a size rounded down, so that together they may be narrower than d."""
    heads = c.count("num_attention_heads")
    wide = heads * (d // heads)
    return 3 * linear(d, wide) + meeting(wide) + linear(d, d) + mlp(d, f) + 2 * layer_norm(d)


def electra(c: Fields) -> int:
    """ELECTRA: tables narrower than the layers; as a discriminator, one judgement of each token."""
    d, f, depth = _sizes(c)
    e = c.count("embedding_size", default=d)
    mapped = linear(e, d) if e != d else 0
    ends = linear(d, d) + linear(d, 1) if "PreTraining" in c.named else head(c, d, size=e, pools=False)
    once = rows(c) if any(word in c.named for word in WORDS) and untied(c, e) else 0
    return tables(c, e) + mapped + depth * block(d, f) + ends - once


def roformer(c: Fields) -> int:
    """RoFormer: rotary positions in a table that is held and never trained."""
    d, f, depth = _sizes(c)
    e = c.count("embedding_size", default=d)
    mapped = linear(e, d) if e != d else 0
    heads = c.count("num_attention_heads")
    fixed = c.count("max_position_embeddings", default=1536, most=10**8) * (d // heads)
    return (
        tables(c, e, positions=False) + mapped + fixed + depth * _even_heads(c, d, f) + head(c, d, size=e, pools=False)
    )


def deberta(c: Fields) -> int:
    """DeBERTa: relative positions as a table, and products of their own where queries and keys meet them apart."""
    d, f, depth = _sizes(c)
    first = c.kind == "deberta"
    relative = c.flag("relative_attention", default=False)
    ways = c.get("pos_att_type") or []
    ways = ways.split("|") if isinstance(ways, str) else ways
    each, table = block(d, f), 0
    if first:
        each = attention(d, bias=False, out_bias=True) + 2 * d + layer_norm(d) + mlp(d, f) + layer_norm(d)
    if relative:
        reach = c.get("max_relative_positions")
        reach = reach if isinstance(reach, int) and reach > 0 else c.count("max_position_embeddings", default=512)
        buckets = c.get("position_buckets")
        reach = buckets if isinstance(buckets, int) and buckets > 0 and not first else reach
        table = 2 * reach * d
        apart = first or not c.flag("share_att_key", default=False)
        each += apart * (("c2p" in ways) * linear(d, d, bias=not first) + ("p2c" in ways) * linear(d, d))
        table += 2 * d if "layer_norm" in str(c.get("norm_rel_ebd") or "none") else 0
    taps = c.count("conv_kernel_size", default=0, least=0)
    table += convolution(d, d, taps) + layer_norm(d) if taps and not first else 0
    biased = c.flag("position_biased_input", default=True)
    e = c.count("embedding_size", default=d)
    mapped = e * d if e != d else 0
    trunk = tables(c, e, positions=biased) + mapped + table + depth * each
    if "SequenceClassification" in c.named:
        pooled = c.count("pooler_hidden_size", default=d)
        return trunk + linear(pooled, pooled) + linear(d, labels(c))
    newer = not c.flag("legacy", default=True) and any(word in c.named for word in WORDS)
    return trunk + head(c, d, pools=False) - newer * untied(c, d)


def modernbert(c: Fields) -> int:
    """ModernBERT, as encoder and as decoder: gated, norms by flags, no attention norm in the first layer."""
    d, f, depth = _sizes(c)
    decoder = c.kind == "modernbert-decoder"
    norm = d * (1 + c.flag("norm_bias", default=False))
    bias = c.flag("attention_bias", default=False)
    each = attention(d, bias=bias) + mlp(d, f, bias=c.flag("mlp_bias", default=False), gated=False)
    each += linear(d, f, bias=c.flag("mlp_bias", default=False)) + 2 * norm
    trunk = rows(c) * d + norm + depth * each
    trunk = trunk - depth * meeting(d) + _windowed(c, d, depth)
    named = c.named
    if named.endswith("Model"):
        return trunk
    ends = linear(d, d, bias=c.flag("classifier_bias", default=False)) + norm
    if any(word in named for word in WORDS) or not named:
        is_tied = c.flag("tie_word_embeddings", default=True)
        alone = logits(tied(d, rows(c)) if is_tied else linear(d, rows(c), bias=False))
        return trunk + ends + c.flag("decoder_bias", default=True) * rows(c) + alone
    if "SequenceClassification" in named and not decoder:
        return trunk + once(ends + linear(d, labels(c)))
    if "Classification" in named and not decoder:
        return trunk + ends + linear(d, labels(c))
    raise unknown_head(c)


def _windowed(c: Fields, d: int, depth: int) -> Weights:
    """ModernBERT's attention: all tokens in every n-th layer, those of a window in the others."""
    kinds = c.listed("layer_types")
    step = c.count("global_attn_every_n_layers", default=3)
    whole = kinds[:depth].count("full_attention") if kinds else len(range(0, depth, step))
    return whole * meeting(d) + (depth - whole) * meeting(d, window=c.count("local_attention", default=128))


def rembert(c: Fields) -> int:
    """RemBERT: a narrow table on the way in, a wide one on the way out."""
    d, f, depth = _sizes(c)
    e, out = c.count("input_embedding_size", default=256), c.count("output_embedding_size", default=1664)
    trunk = tables(c, e) + linear(e, d) + depth * block(d, f)
    if any(word in c.named for word in WORDS) or not c.named:
        return trunk + linear(d, out) + logits(linear(out, rows(c))) + layer_norm(out)
    return trunk + head(c, d)


def squeezebert(c: Fields) -> int:
    """SqueezeBERT: BERT whose products are grouped."""
    d, f, depth = _sizes(c)
    names = ("q_groups", "k_groups", "v_groups", "post_attention_groups")
    each = sum(convolution(d, d, 1, groups=c.count(name, default=4)) for name in names) + meeting(d)
    each += 2 * layer_norm(d)
    each += convolution(d, f, 1, groups=c.count("intermediate_groups", default=4))
    each += convolution(f, d, 1, groups=c.count("output_groups", default=4))
    return tables(c, d) + depth * each + head(c, d, pools_words=True)


def mobilebert(c: Fields) -> int:
    """MobileBERT: a bottleneck around each layer, several feed-forwards inside."""
    d, f, depth = _sizes(c)
    e = c.count("embedding_size", default=128)
    narrow = c.flag("use_bottleneck", default=True)
    inner = c.count("intra_bottleneck_size", default=128)
    t = c.count("true_hidden_size", default=inner if narrow else d)
    shared = c.flag("key_query_shared_bottleneck", default=True)
    inside = c.flag("use_bottleneck_attention", default=False)
    heads = c.count("num_attention_heads")
    wide = heads * (t // heads)
    each = 2 * linear(t, wide) + linear(t if inside else d, wide) + linear(t, t) + layer_norm(t)
    each += c.count("num_feedforward_networks", default=4) * (mlp(t, f) + layer_norm(t)) + meeting(wide)
    if narrow:
        each += linear(t, d) + layer_norm(d)
        squeezed = linear(d, inner) + layer_norm(inner)
        each += squeezed + when(shared, int(squeezed) if inside else squeezed)
    widened = linear(e * (3 if c.flag("trigram_input", default=True) else 1), d)
    places = (c.count("max_position_embeddings", default=512) + c.count("type_vocab_size", default=2)) * d
    trunk = rows(c) * e + widened + places + layer_norm(d) + depth * each
    if any(word in c.named for word in WORDS) or not c.named:
        beside = logits(linear(d - e, rows(c), bias=False)) if d > e else 0
        return trunk + linear(d, d) + layer_norm(d) + beside + rows(c) + untied(c, e)
    return trunk + head(c, d)


def convbert(c: Fields) -> int:
    """ConvBERT: half of the heads attend, half are convolutions whose kernels the tokens choose."""
    d, f, depth = _sizes(c)
    e, ratio = c.count("embedding_size", default=d), c.count("head_ratio", default=2)
    heads = c.count("num_attention_heads")
    kept = max(1, heads // ratio)
    wide, taps = kept * (d // kept // 2), c.count("conv_kernel_size", default=9)
    groups = c.count("num_groups", default=1)
    if d % kept:
        raise OutOfDomain(f"{kept} heads of {d}", pointer=c.at("num_attention_heads"), hint="a divisor of hidden_size")
    mixed = 4 * linear(d, wide) + d * taps + d * wide + wide + linear(wide, kept * taps) + linear(d, d)
    feed = (linear(d, f) + linear(f, d)) if groups == 1 else d * f // groups + f + f * d // groups + d
    mapped = linear(e, d) if e != d else 0
    trunk = tables(c, e) + mapped + depth * (mixed + feed + 2 * layer_norm(d))
    return trunk + head(c, d, size=e, pools=False)


def xlnet(c: Fields) -> int:
    """XLNet: relative attention with two biases and a segment's, no biases in its products."""
    d, f, depth = c.count("d_model"), c.count("d_inner"), c.layers("n_layer", "num_hidden_layers")
    each = 5 * d * d + 3 * d + 2 * d + layer_norm(d) + mlp(d, f) + layer_norm(d)
    trunk = rows(c) * d + d + depth * each
    if any(word in c.named for word in WORDS) or not c.named:
        own = 0 if c.flag("tie_word_embeddings", default=True) else rows(c) * d
        return trunk + own + rows(c)
    if c.named.endswith("Model"):
        return trunk
    raise unknown_head(c)


def funnel(c: Fields) -> int:
    """Funnel transformer: blocks of relative attention that shorten, a decoder that lengthens again."""
    d, f = c.count("d_model"), c.count("d_inner")
    wide = c.count("n_head") * c.count("d_head")
    after = 0 if "BaseModel" in c.named else c.layers("num_decoder_layers", default=2)
    depth = sum(c.counts("block_sizes", least=1)) + after
    each = d * wide + 2 * linear(d, wide) + 3 * wide + d * wide + 2 * wide + linear(wide, d) + 2 * layer_norm(d)
    trunk = rows(c) * d + layer_norm(d) + depth * (each + mlp(d, f))
    if any(word in c.named for word in WORDS) or not c.named:
        own = 0 if c.flag("tie_word_embeddings", default=True) else rows(c) * d
        return trunk + rows(c) + own
    if c.named.endswith("Model"):
        return trunk
    raise unknown_head(c)


def reformer(c: Fields) -> int:
    """Reformer: hashed attention (queries are keys) or local, axial positions, a doubled head."""
    d, f = c.count("hidden_size"), c.count("feed_forward_size")
    wide = c.count("num_attention_heads") * c.count("attention_head_size")
    kinds = c.listed("attn_layers") or []
    each = {"local": 3, "lsh": 2}
    if not all(kind in each for kind in kinds):
        raise Malformed("attn_layers holds another word", pointer=c.at("attn_layers"), hint="local or lsh")
    kinds = kinds[: c.layers("num_hidden_layers", default=len(kinds))]
    layers = sum(each[str(kind)] * d * wide + wide * d + 2 * layer_norm(d) + mlp(d, f) for kind in kinds)
    places = c.count("max_position_embeddings", default=4096, most=10**8) * d
    if c.flag("axial_pos_embds", default=True):
        shape, widths = c.counts("axial_pos_shape"), c.counts("axial_pos_embds_dim")
        places = sum(a * b for a, b in zip(shape, widths, strict=False))
    trunk = rows(c) * d + places + layers + layer_norm(2 * d)
    if any(word in c.named for word in (*WORDS, "ModelWithLM")) or not c.named:
        return trunk + linear(2 * d, rows(c)) + rows(c)
    if c.named.endswith("Model"):
        return trunk
    raise unknown_head(c)


def esm(c: Fields) -> int:
    """ESM: pre-norm, rotary or learned positions, a head over residues."""
    d, f, depth = _sizes(c)
    learned = c.get("position_embedding_type") in (None, "absolute")
    places = c.count("max_position_embeddings", default=1026, most=10**8) * d if learned else 0
    before = layer_norm(d) if c.flag("emb_layer_norm_before", default=False) else 0
    contacts = depth * c.count("num_attention_heads") + 1
    trunk = rows(c) * d + places + before + depth * block(d, f) + layer_norm(d) + contacts
    if c.named.endswith("Model"):
        return trunk + once(linear(d, d))
    if any(word in c.named for word in WORDS) or not c.named:
        return trunk + linear(d, d) + layer_norm(d) + rows(c) + untied(c, d)
    raise unknown_head(c)


def layoutlmv3(c: Fields) -> int:
    """LayoutLMv3: text, places on the page and patches of it."""
    d, f, depth = _sizes(c)
    seen = c.flag("visual_embed", default=True)
    read = c.flag("text_embed", default=True)
    heads, total = c.count("num_attention_heads"), depth * block(d, f)
    if read:
        places = c.count("max_2d_position_embeddings", default=1024)
        total += tables(c, d) + 2 * places * (
            c.count("coordinate_size", default=128) + c.count("shape_size", default=128)
        )
    if seen:
        patch, side = c.count("patch_size", default=16), c.count("input_size", default=224)
        total += convolution(c.count("num_channels", default=3), d, patch**2) + d + ((side // patch) ** 2 + 1) * d
        total += 2 * layer_norm(d)
    total += c.flag("has_relative_attention_bias", default=True) * heads * c.count("rel_pos_bins", default=32)
    total += c.flag("has_spatial_attention_bias", default=True) * 2 * heads * c.count("rel_2d_pos_bins", default=64)
    if c.named.endswith("Model") or not c.named:
        return total
    if "SequenceClassification" in c.named:
        return total + linear(d, d) + linear(d, labels(c))
    raise unknown_head(c)


def vilt(c: Fields) -> int:
    """ViLT: words and patches in one encoder, answered by a classifier of two layers."""
    d, f, depth = _sizes(c)
    patch, side = c.count("patch_size", default=32), c.count("image_size", default=384)
    total = tables(c, d) + c.count("modality_type_vocab_size", default=2) * d + d + ((side // patch) ** 2 + 1) * d
    total += convolution(c.count("num_channels", default=3), d, patch**2)
    total += depth * block(d, f, qkv_bias=c.flag("qkv_bias", default=True)) + layer_norm(d) + linear(d, d)
    if "QuestionAnswering" in c.named:
        return total + linear(d, 2 * d) + layer_norm(2 * d) + linear(2 * d, labels(c))
    if c.named.endswith("Model") or not c.named:
        return total
    raise unknown_head(c)


def patchtst(c: Fields) -> int:
    """PatchTST: patches of a time series, batch norms, sines for positions that are held as a parameter."""
    d, f, depth = c.count("d_model"), c.count("ffn_dim"), c.layers("num_hidden_layers")
    if not c.named.endswith("Model") or c.flag("channel_attention", default=False):
        raise unknown_head(c)
    if not c.flag("share_embedding", default=True) or c.get("norm_type") not in (None, "batchnorm", "layernorm"):
        raise unknown_head(c)
    bias, length, patch = c.flag("bias", default=True), c.count("context_length"), c.count("patch_length")
    stride, word = c.count("patch_stride"), c.flag("use_cls_token", default=False)
    patches = max(length, patch) - patch
    patches = patches // stride + 1
    each = attention(d) + mlp(d, f, bias=bias) + 2 * layer_norm(d)
    return linear(patch, d) + word * d + (patches + word) * d + depth * each


ENCODERS: dict[str, Callable[[Fields], int]] = {
    "big_bird": big_bird,
    "fnet": fnet,
    "gte": rotary,
    "nomic_bert": rotary,
    "mpnet": mpnet,
    "longformer": longformer,
    "ibert": ibert,
    "albert": albert,
    "electra": electra,
    "roformer": roformer,
    "deberta": deberta,
    "deberta-v2": deberta,
    "modernbert": modernbert,
    "modernbert-decoder": modernbert,
    "rembert": rembert,
    "squeezebert": squeezebert,
    "mobilebert": mobilebert,
    "convbert": convbert,
    "xlnet": xlnet,
    "funnel": funnel,
    "reformer": reformer,
    "esm": esm,
    "layoutlmv3": layoutlmv3,
    "vilt": vilt,
    "patchtst": patchtst,
}
