"""Hugging Face configs that are no plain decoder: encoders, T5, ViT, state space and hybrids."""

from mlquote.estimators.models.hugging_face.decoders import Layer, grouped, head_of, labels
from mlquote.estimators.models.hugging_face.encoders import unknown_head
from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.estimators.models.hugging_face.hybrids import mamba1_mixer, mamba2_mixer
from mlquote.formulas.models.layers import Attention, Experts, FeedForward, Layers, Stack
from mlquote.kit.errors import OutOfDomain


def bert(c: Fields) -> Stack:
    """BERT and RoBERTa: post-norm encoder; with the head that `architectures` names, or a pooler."""
    hidden, vocabulary = c.count("hidden_size"), c.count("vocab_size", most=10**8)
    masked = any(word in c.named for word in ("MaskedLM", "PreTraining", "LMHead", "CausalLM"))
    positions = c.count("max_position_embeddings", default=512) + c.count("type_vocab_size", default=2, least=0)
    return Stack(
        hidden_size=hidden,
        vocab_size=vocabulary,
        blocks=(_encoder_block(c, hidden, c.layers("num_hidden_layers")),),
        tied_embeddings=c.flag("tie_word_embeddings", default=True),
        causal=False,
        has_head=masked,
        head_params=hidden * hidden if masked else 0,
        other_params=positions * hidden + 2 * hidden + _bert_head(c, hidden, vocabulary),
    )


def _bert_head(c: Fields, hidden: int, vocabulary: int) -> int:
    """What stands on BERT beside products over words: biases and norms of those, a pooler, classes."""
    named, square = c.named, hidden * hidden + hidden
    own = vocabulary if c.kind != "distilbert" and not c.flag("tie_word_embeddings", default=True) else 0
    words, each = 3 * hidden + vocabulary + own, labels(c) * (hidden + 1)
    ends = (
        ("PreTraining", square + 2 * (hidden + 1) + words),
        ("MaskedLM", words),
        ("LMHead", words),
        ("CausalLM", words),
        ("SequenceClassification", square + each),
        ("MultipleChoice", square + hidden + 1),
        ("TokenClassification", each),
        ("QuestionAnswering", 2 * (hidden + 1)),
        ("NextSentencePrediction", square + 2 * (hidden + 1)),
    )
    return next((size for word, size in ends if word in named), 0 if c.kind == "distilbert" else square)


def distilbert(c: Fields) -> Stack:
    """DistilBERT: BERT's block without token types and pooler."""
    renamed = c.replaced(
        hidden_size=c.get("dim", "hidden_size"),
        num_hidden_layers=c.get("n_layers", "num_hidden_layers"),
        num_attention_heads=c.get("n_heads", "num_attention_heads"),
        intermediate_size=c.get("hidden_dim", "intermediate_size"),
        type_vocab_size=0,
    )
    return bert(renamed)


def _encoder_block(c: Fields, hidden: int, layers: int) -> Layers:
    heads = c.count("num_attention_heads", "num_heads")
    bias = c.flag("qkv_bias", default=True)
    mixer = Attention(heads=heads, kv_heads=heads, head_dim=max(1, hidden // heads), qkv_bias=bias, out_bias=True)
    feed = FeedForward(size=c.count("intermediate_size", default=4 * hidden), gated=False, bias=True)
    return Layers(count=layers, mixer=mixer, feed=feed, norm_params=4 * hidden)


def t5(c: Fields) -> Stack:
    """T5 family: encoder and decoder with relative positions in the first layer of each (umT5: in every layer),
    RMSNorm, no biases; the encoder alone where the file's class is one.
    """
    hidden, heads, size = c.count("d_model"), c.count("num_heads"), c.count("d_ff")
    depth, alone = c.layers("num_layers"), any(word in c.named for word in ("EncoderModel", "TokenClassification"))
    attention = Attention(heads=heads, kv_heads=heads, head_dim=c.count("d_kv"))
    gated = c.flag("is_gated_act", default="gated" in c.word("feed_forward_proj", default="relu"))
    feed = FeedForward(size=size, gated=gated)
    table = heads * c.count("relative_attention_num_buckets", default=32)
    coder = Layers(count=depth, mixer=attention, feed=feed, norm_params=2 * hidden)
    behind = c.layers("num_decoder_layers", default=depth)
    decoder = Layers(count=behind, mixer=attention, feed=feed, cross=attention, norm_params=3 * hidden)
    each = c.kind == "umt5"
    sums = (depth if each else 1) if alone else (depth + behind if each else 2)
    if c.word("encoder_attention_type", default="local") == "transient-global":
        sums, coder = sums + 1, Layers(count=depth, mixer=attention, feed=feed, norm_params=3 * hidden)
    vocabulary = c.count("vocab_size", default=32128, most=10**8)
    if alone:
        return Stack(
            hidden_size=hidden, vocab_size=vocabulary, blocks=(coder,), causal=False, has_head=False,
            other_params=hidden + sums * table + head_of(c).beside(hidden),
        )  # fmt: skip
    head = head_of(c)
    classes = (hidden + 1) * hidden + labels(c) if "SequenceClassification" in c.named else 0
    return Stack(
        hidden_size=hidden,
        vocab_size=vocabulary,
        blocks=(decoder,),
        encoder=(coder,),
        tied_embeddings=c.flag("tie_word_embeddings", default=True),
        has_head=head.logits,
        other_params=2 * hidden + sums * table + classes + head.beside(hidden),
    )


def vit(c: Fields) -> Stack:
    """Vision transformer: patches by a convolution, a class token, learned positions; a classifier or a pooler."""
    hidden = c.count("hidden_size")
    patch, image = c.count("patch_size", default=16), c.count("image_size", default=224)
    channels = c.count("num_channels", default=3)
    classes = labels(c)
    if "MaskedImage" in c.named:
        raise unknown_head(c)
    head = classes * hidden + classes if "Classification" in (c.named or "Classification") else hidden * hidden + hidden
    patches = (image // patch) ** 2
    return Stack(
        hidden_size=hidden,
        vocab_size=0,
        blocks=(_encoder_block(c, hidden, c.layers("num_hidden_layers")),),
        causal=False,
        has_head=False,
        other_params=channels * patch * patch * hidden + hidden + hidden + (patches + 1) * hidden + 2 * hidden + head,
    )


def mamba(c: Fields) -> Stack:
    """Mamba: selective state space in every layer, nothing else; Falcon Mamba does not tie its embeddings."""
    hidden = c.count("hidden_size", "d_model")
    inner = c.count("intermediate_size", default=c.count("expand", default=2) * hidden)
    mixer = mamba1_mixer(c, hidden, inner)
    layers = c.layers("num_hidden_layers", "n_layer")
    return _recurrent(c, hidden, (Layers(count=layers, mixer=mixer, feed=None, norm_params=hidden),))


def mamba2(c: Fields) -> Stack:
    """Mamba-2 in every layer."""
    hidden = c.count("hidden_size")
    heads, state = c.count("num_heads", default=128), c.count("state_size", default=128)
    mixer = mamba2_mixer(c, hidden, inner=c.count("expand", default=2) * hidden, heads=heads, state=state)
    return _recurrent(
        c, hidden, (Layers(count=c.layers("num_hidden_layers"), mixer=mixer, feed=None, norm_params=hidden),)
    )


def _recurrent(c: Fields, hidden: int, blocks: tuple[Layers, ...]) -> Stack:
    tied = c.word("model_type") in {"mamba", "bamba"}
    head = head_of(c)
    return Stack(
        hidden_size=hidden,
        vocab_size=c.count("vocab_size", most=10**8),
        blocks=blocks,
        tied_embeddings=c.flag("tie_word_embeddings", default=tied),
        has_head=head.logits,
        other_params=hidden + head.beside(hidden),
    )


def nemotron_h(c: Fields) -> Stack:
    """Nemotron-H: each layer is one of Mamba-2 (M), attention (*), feed-forward (-) or experts (E); never tied."""
    hidden = c.count("hidden_size")
    heads = c.count("num_attention_heads")
    attention = Attention(
        heads=heads,
        kv_heads=c.count("num_key_value_heads", default=heads),
        head_dim=c.count("head_dim", "attention_head_dim", default=hidden // heads),
    )
    kinds = c.listed("layers_block_type") or list(c.word("hybrid_override_pattern"))
    layers: list[Layer] = [_nemotron_layer(c, hidden, attention, kind) for kind in kinds]
    if not layers:
        raise OutOfDomain("no layers", pointer=c.at("hybrid_override_pattern"), hint="a letter for each layer")
    return _recurrent(c.replaced(tie_word_embeddings=False), hidden, grouped(layers))


def _nemotron_layer(c: Fields, hidden: int, attention: Attention, kind: object) -> Layer:
    match kind:
        case "M" | "mamba" | "linear_attention":
            heads, size = c.count("mamba_num_heads"), c.count("mamba_head_dim")
            state, bias = c.count("ssm_state_size"), c.flag("use_bias", default=False)
            mixer = mamba2_mixer(c, hidden, inner=heads * size, heads=heads, state=state, out_bias=bias)
            return mixer, None, hidden
        case "*" | "attention" | "full_attention":
            return attention, None, hidden
        case "-" | "mlp":
            bias = c.flag("mlp_bias", default=False)
            return None, FeedForward(size=c.count("intermediate_size"), gated=False, bias=bias), hidden
        case "E" | "moe":
            return None, _nemotron_experts(c), hidden
        case _:
            raise OutOfDomain(
                f"layer {kind!r} is not known", pointer=c.at("hybrid_override_pattern"), hint="M, *, - or E"
            )


def _nemotron_experts(c: Fields) -> Experts:
    return Experts(
        experts=c.count("n_routed_experts"),
        per_token=c.count("num_experts_per_tok"),
        size=c.count("moe_intermediate_size"),
        gated=False,
        shared_size=c.count("moe_shared_expert_intermediate_size", default=0, least=0),
        latent_size=c.count("moe_latent_size", default=0, least=0),
    )
