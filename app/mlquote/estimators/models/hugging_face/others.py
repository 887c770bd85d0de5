"""Hugging Face configs that are no plain decoder: encoders, T5, ViT, state space and hybrids."""

from math import ceil

from mlquote.estimators.models.hugging_face.decoders import Layer, grouped
from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.formulas.models.layers import Attention, Experts, FeedForward, Layers, Recurrence, Stack
from mlquote.kit.errors import OutOfDomain


def bert(c: Fields) -> Stack:
    """BERT and RoBERTa: post-norm encoder; with the head that `architectures` names, or a pooler."""
    hidden, vocabulary = c.count("hidden_size"), c.count("vocab_size", most=10**8)
    named = str((c.listed("architectures") or ["BertModel"])[0])
    masked = "MaskedLM" in named or "PreTraining" in named or "LMHead" in named
    pooled = "MaskedLM" not in named and "LMHead" not in named
    positions = c.count("max_position_embeddings", default=512) + c.count("type_vocab_size", default=2, least=0)
    pooler = hidden * hidden + hidden if pooled else 0
    next_sentence = 2 * hidden + 2 if "PreTraining" in named else 0
    transform_rest = 3 * hidden + vocabulary if masked else 0
    return Stack(
        hidden_size=hidden,
        vocab_size=vocabulary,
        blocks=(_encoder_block(c, hidden, c.layers("num_hidden_layers")),),
        tied_embeddings=True,
        causal=False,
        has_head=masked,
        head_params=hidden * hidden if masked else 0,
        other_params=positions * hidden + 2 * hidden + pooler + next_sentence + transform_rest,
    )


def distilbert(c: Fields) -> Stack:
    """DistilBERT: BERT's block without token types and pooler."""
    renamed = c.replaced(
        hidden_size=c.get("dim", "hidden_size"),
        num_hidden_layers=c.get("n_layers", "num_hidden_layers"),
        num_attention_heads=c.get("n_heads", "num_attention_heads"),
        intermediate_size=c.get("hidden_dim", "intermediate_size"),
        type_vocab_size=0,
    )
    return bert(renamed.replaced(architectures=["DistilBertForMaskedLM"]))


def _encoder_block(c: Fields, hidden: int, layers: int) -> Layers:
    heads = c.count("num_attention_heads", "num_heads")
    mixer = Attention(heads=heads, kv_heads=heads, head_dim=max(1, hidden // heads), qkv_bias=True, out_bias=True)
    feed = FeedForward(size=c.count("intermediate_size", default=4 * hidden), gated=False, bias=True)
    return Layers(count=layers, mixer=mixer, feed=feed, norm_params=4 * hidden)


def t5(c: Fields) -> Stack:
    """T5 family: encoder and decoder with relative positions in the first layer of each, RMSNorm, no biases."""
    hidden, heads, size = c.count("d_model"), c.count("num_heads"), c.count("d_ff")
    depth = c.layers("num_layers")
    attention = Attention(heads=heads, kv_heads=heads, head_dim=c.count("d_kv"))
    feed = FeedForward(size=size, gated="gated" in c.word("feed_forward_proj", default="relu"))
    tables = 2 * heads * c.count("relative_attention_num_buckets", default=32)
    decoder = Layers(
        count=c.layers("num_decoder_layers", default=depth),
        mixer=attention,
        feed=feed,
        cross=attention,
        norm_params=3 * hidden,
    )
    return Stack(
        hidden_size=hidden,
        vocab_size=c.count("vocab_size", default=32128, most=10**8),
        blocks=(decoder,),
        encoder=(Layers(count=depth, mixer=attention, feed=feed, norm_params=2 * hidden),),
        tied_embeddings=c.flag("tie_word_embeddings", default=True),
        other_params=2 * hidden + tables,
    )


def vit(c: Fields) -> Stack:
    """Vision transformer: patches by a convolution, a class token, learned positions; a classifier or a pooler."""
    hidden = c.count("hidden_size")
    patch, image = c.count("patch_size", default=16), c.count("image_size", default=224)
    channels = c.count("num_channels", default=3)
    named = str((c.listed("architectures") or ["ViTForImageClassification"])[0])
    labels = c.part("id2label")
    classes = len(labels.values) if labels else c.count("num_labels", default=1000)
    head = classes * hidden + classes if "Classification" in named else hidden * hidden + hidden
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
    state = c.count("state_size", default=16)
    given = c.get("time_step_rank")
    rank = ceil(hidden / 16) if given in (None, "auto") else c.count("time_step_rank")
    bias = c.flag("use_bias", default=False)
    weights = 2 * hidden * inner + inner * (rank + 2 * state) + rank * inner + inner * hidden
    small = inner * c.count("conv_kernel", default=4) + inner * c.flag("use_conv_bias", default=True)
    small += inner + inner * state + inner + bias * (2 * inner + hidden)
    mixer = Recurrence(matmul_params=weights, other_params=small, state_elements=inner * state)
    layers = c.layers("num_hidden_layers", "n_layer")
    return _recurrent(c, hidden, (Layers(count=layers, mixer=mixer, feed=None, norm_params=hidden),))


def mamba2_mixer(c: Fields, hidden: int, *, heads: int, head_dim: int, state: int) -> Recurrence:
    """Mamba-2: h (2 d + 2 g n + heads) in, d h out; state of n for each of d channels."""
    inner, groups = heads * head_dim, c.count("n_groups", "mamba_n_groups", default=8)
    convolved = inner + 2 * groups * state
    kernel = c.count("conv_kernel", "mamba_d_conv", default=4) + c.flag("use_conv_bias", default=True)
    return Recurrence(
        matmul_params=hidden * (inner + convolved + heads) + inner * hidden,
        other_params=convolved * kernel + 3 * heads + inner,
        state_elements=inner * state,
    )


def mamba2(c: Fields) -> Stack:
    """Mamba-2 in every layer."""
    hidden = c.count("hidden_size")
    mixer = mamba2_mixer(
        c,
        hidden,
        heads=c.count("num_heads", default=128),
        head_dim=c.count("head_dim", default=64),
        state=c.count("state_size", default=128),
    )
    return _recurrent(
        c, hidden, (Layers(count=c.layers("num_hidden_layers"), mixer=mixer, feed=None, norm_params=hidden),)
    )


def _recurrent(c: Fields, hidden: int, blocks: tuple[Layers, ...]) -> Stack:
    tied = c.word("model_type") in {"mamba", "bamba"}
    return Stack(
        hidden_size=hidden,
        vocab_size=c.count("vocab_size", most=10**8),
        blocks=blocks,
        tied_embeddings=c.flag("tie_word_embeddings", default=tied),
        other_params=hidden,
    )


def nemotron_h(c: Fields) -> Stack:
    """Nemotron-H: each layer is one of Mamba-2 (M), attention (*), feed-forward (-) or experts (E)."""
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
    return _recurrent(c, hidden, grouped(layers))


def _nemotron_layer(c: Fields, hidden: int, attention: Attention, kind: object) -> Layer:
    match kind:
        case "M" | "mamba" | "linear_attention":
            heads, size = c.count("mamba_num_heads"), c.count("mamba_head_dim")
            mixer = mamba2_mixer(c, hidden, heads=heads, head_dim=size, state=c.count("ssm_state_size"))
            return mixer, None, hidden
        case "*" | "attention" | "full_attention":
            return attention, None, hidden
        case "-" | "mlp":
            return None, FeedForward(size=c.count("intermediate_size"), gated=False), hidden
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
        router_bias=True,
        latent_size=c.count("moe_latent_size", default=0, least=0),
    )
