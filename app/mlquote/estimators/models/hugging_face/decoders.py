"""Decoder families of Hugging Face configs: what each adds to embeddings, attention, feed-forward and two norms.

Most decoders differ in a handful of traits (biases, norms, gates, windows, where experts are). Those stand in FAMILIES,
one line each; what has a shape of its own (latent attention, state space) is a function beside it. Read from the
families' modelling code and held by published parameter counts in the tests.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isqrt
from typing import Any, Literal

from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.formulas.models.compute import projection_params
from mlquote.formulas.models.layers import (
    Attention,
    Experts,
    FeedForward,
    LatentAttention,
    Layers,
    Mixer,
    Recurrence,
    Stack,
)
from mlquote.kit.errors import OutOfDomain

Layer = tuple[Mixer | None, FeedForward | Experts | None, int]
"""What mixes tokens, what follows it, and the parameters of the layer's norms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """How a family differs from Llama; None reads the config's own field."""

    norm: Literal[0, 1, 2] = 1
    """Parameters per channel of a norm: RMSNorm 1, LayerNorm 2, without scale 0."""
    norms: int = 2
    """Norms in a layer."""
    embedding_norm: bool = False
    qkv_bias: bool | None = None
    out_bias: bool | None = None
    mlp_bias: bool | None = None
    head_bias: bool = False
    gated: bool = True
    qk_norm: Literal["", "head", "full"] = ""
    """Norms on queries and keys: of a head's size, or of all heads' size."""
    qk_norm_flag: tuple[str, ...] = ()
    """The fields that say whether there are such norms; none: there are."""
    qk_norm_size: int = 1
    """Parameters per channel of those norms."""
    output_gate: bool = False
    head_gate: bool = False
    """One gate for each head (Laguna)."""
    sinks: bool = False
    tied: bool = False
    positions: int | None = None
    """Learned positions beyond max_position_embeddings; None: none are learned."""
    window: Literal["", "all", "alternate", "every_sixth_full", "every_fourth_full", "late"] = ""
    """Which layers are windowed where no layer_types says so."""
    router_bias: bool = False
    """A correction of the router that is a parameter; in most families it is a buffer, which no count holds."""
    expert_bias: bool = False
    dense_first: int = 0
    """Layers without experts at the start where the file does not say."""
    shared_gate: bool = False
    defaults: tuple[tuple[str, Any], ...] = ()


def grouped(layers: list[Layer]) -> tuple[Layers, ...]:
    """Layers as blocks: equal ones together, in the order of their first appearance."""
    return tuple(
        Layers(count=count, mixer=mixer, feed=feed, norm_params=norm)
        for (mixer, feed, norm), count in Counter(layers).items()
    )


def decoder(c: Fields, t: Traits) -> Stack:
    """The stack of a decoder family."""
    c = c.with_defaults(**{k: v for k, v in t.defaults if c.get(k) is None})
    head = head_of(c)
    hidden = c.count("hidden_size", "n_embd", "d_model", "n_embed")
    depth = c.layers("num_hidden_layers", "n_layer", "n_layers", "num_layers")
    kinds = _indexed(c, layer_kinds(c, depth, t))
    norms = t.norm * t.norms * hidden
    mixers = {kind: _mixer(c, t, hidden, kind) for kind in dict.fromkeys(kinds)}
    sparse = [_has_experts(c, t, n) for n in range(depth)]
    feeds = {mixed: _feed(c, t, hidden, mixed) for mixed in dict.fromkeys(sparse)}
    beside = {kind: norms + _latent_bias(c, mixer, hidden) for kind, mixer in mixers.items()}
    layers: list[Layer] = [
        (mixers[kind], feeds[mixed], beside[kind]) for kind, mixed in zip(kinds, sparse, strict=True)
    ]
    vocabulary = c.count("vocab_size", most=10**8)
    positions = 0 if t.positions is None else _context(c) + t.positions
    width = c.count("word_embed_proj_dim", default=hidden)
    projections = 2 * width * hidden if width != hidden else 0
    return Stack(
        hidden_size=hidden,
        vocab_size=vocabulary,
        blocks=grouped(layers),
        tied_embeddings=c.flag("tie_word_embeddings", default=t.tied),
        embedding_size=width if width != hidden else 0,
        has_head=head.logits,
        other_params=positions * hidden
        + t.norm * hidden * (1 + t.embedding_norm)
        + (t.head_bias or c.flag("lm_head_bias", default=False)) * vocabulary * head.logits
        + projections
        + head.beside(width),
    )


def decoder_ends(c: Fields, hidden: int, blocks: tuple[Layers, ...]) -> Stack:
    """Layers between one token table and a last RMSNorm with the head that the file names."""
    head = head_of(c)
    return Stack(
        hidden_size=hidden,
        vocab_size=c.count("vocab_size", most=10**8),
        blocks=blocks,
        tied_embeddings=c.flag("tie_word_embeddings", default=False),
        has_head=head.logits,
        other_params=hidden + head.beside(hidden),
    )


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on top: logits over the vocabulary, or so many classes with or without a bias."""

    logits: bool = True
    classes: int = 0
    bias: bool = False

    def beside(self, width: int) -> int:
        """Parameters of the classifier."""
        return self.classes * (width + self.bias)


LOGITS = ("CausalLM", "LMHead", "ConditionalGeneration", "MaskedLM", "PreTraining", "WithLM", "ForImageText")


def head_of(c: Fields) -> Head:
    """What `architectures` says that the weights end in; logits where it says nothing."""
    named = c.named
    if "SequenceClassification" in named or "Reward" in named:
        return Head(False, labels(c))
    if "TokenClassification" in named:
        return Head(False, labels(c), True)
    if "QuestionAnswering" in named:
        return Head(False, 2, True)
    return Head(not named.endswith(("Model", "Encoder", "Decoder")) or any(word in named for word in LOGITS))


def labels(c: Fields) -> int:
    """Classes of a classifier: num_labels, else as many as are named, else two."""
    said = c.part("id2label")
    return c.count("num_labels", default=len(said.values) if said else 2)


def _latent_bias(c: Fields, mixer: Mixer | None, hidden: int) -> int:
    """Biases of latent attention: where queries and keys go down, and on the way out."""
    if not isinstance(mixer, LatentAttention) or not c.flag("attention_bias", default=False):
        return 0
    return mixer.q_lora_rank + mixer.kv_lora_rank + mixer.rope_head_dim + hidden


def _context(c: Fields) -> int:
    return c.count("max_position_embeddings", "n_positions", "n_ctx", "seq_length", "max_seq_len", most=10**9)


def layer_kinds(c: Fields, depth: int, t: Traits) -> list[tuple[str, int]]:
    """Each layer's kind ("full", "window", "chunk", "linear") and window."""
    window = c.count("sliding_window", "sliding_window_size", "attention_chunk_size", default=0, least=0)
    types = c.listed("layer_types", depth)
    if types is not None:
        return [_named_kind(str(word), window, c) for word in types]
    interval = c.count("full_attention_interval", default=4, least=0)
    if interval and c.get("linear_num_value_heads"):
        return [("full", 0) if (n + 1) % interval == 0 else ("linear", 0) for n in range(depth)]
    if c.get("attention_chunk_size"):
        return [("full", 0) if (n + 1) % 4 == 0 else ("chunk", window) for n in range(depth)]
    return [("window", window) if window and _windowed(c, t, n) else ("full", 0) for n in range(depth)]


def _indexed(c: Fields, kinds: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Layers that pick by an earlier layer's indexer have none of their own (GLM-5.2)."""
    types = c.listed("indexer_types", len(kinds))
    if types is None:
        return kinds
    return [("shared", 0) if word == "shared" else kind for kind, word in zip(kinds, types, strict=True)]


def _named_kind(word: str, window: int, c: Fields) -> tuple[str, int]:
    kinds = {
        "full_attention": ("full", 0),
        "attention": ("full", 0),
        "indexed_attention": ("full", 0),
        "deepseek_sparse_attention": ("full", 0),
        "hybrid": ("full", 0),
        "sliding_attention": ("window", window),
        "chunked_attention": ("chunk", window),
        "linear_attention": ("linear", 0),
    }
    if word not in kinds:
        raise OutOfDomain(f"layer type {word!r} is not known", pointer=c.at("layer_types"), hint=", ".join(kinds))
    return kinds[word]


def _windowed(c: Fields, t: Traits, n: int) -> bool:
    pattern = c.get("sliding_window_pattern")
    every = pattern if isinstance(pattern, int) and pattern > 0 else 0
    match t.window:
        case "all":
            return True
        case "alternate":
            return n % 2 == 0
        case "every_sixth_full":
            return (n + 1) % (every or 6) != 0
        case "every_fourth_full":
            return (n + 1) % (every or 4) != 0
        case "late":
            return c.flag("use_sliding_window", default=False) and n >= c.count(
                "max_window_layers", default=28, least=0
            )
        case _:
            return False


def _mixer(c: Fields, t: Traits, hidden: int, kind: tuple[str, int]) -> Mixer | None:
    if c.get("kv_lora_rank") is not None:
        return latent(c, own=kind[0] != "shared")
    if kind[0] == "linear":
        return gated_delta(c, hidden)
    heads = _heads(c)
    head_dim = c.count("head_dim", default=max(1, hidden // heads))
    kv_heads = c.count("num_key_value_heads", "num_kv_heads", "multi_query_group_num", default=heads)
    bias = c.flag("attention_bias", "qkv_bias", "use_qkv_bias", "use_bias", "bias", default=False)
    norms = {"": 0, "head": 2 * head_dim, "full": (heads + kv_heads) * head_dim}[t.qk_norm] * t.qk_norm_size
    norms *= c.flag(*t.qk_norm_flag, default=False) if t.qk_norm_flag else 1
    return Attention(
        heads=heads,
        kv_heads=kv_heads,
        head_dim=head_dim,
        window=kind[1],
        chunked=kind[0] == "chunk",
        qkv_bias=bias if t.qkv_bias is None else t.qkv_bias,
        out_bias=c.flag("attention_out_bias", default=bias) if t.out_bias is None else t.out_bias,
        output_gate=t.output_gate,
        extra_params=norms + t.sinks * heads + t.head_gate * heads * hidden,
    )


def _heads(c: Fields) -> int:
    return c.count("num_attention_heads", "n_head", "n_heads", "num_heads", "attention_heads")


def latent(c: Fields, *, own: bool = True) -> LatentAttention:
    """Multi-head latent attention, as DeepSeek-V2's; `own`: an indexer, where there is one, is this layer's."""
    return LatentAttention(
        heads=_heads(c),
        q_lora_rank=c.count("q_lora_rank", default=0, least=0),
        kv_lora_rank=c.count("kv_lora_rank"),
        nope_head_dim=c.count("qk_nope_head_dim"),
        rope_head_dim=c.count("qk_rope_head_dim"),
        v_head_dim=c.count("v_head_dim"),
        index_heads=c.count("index_n_heads", default=0, least=0) if own else 0,
        index_head_dim=c.count("index_head_dim", default=0, least=0) if own else 0,
        index_tokens=c.count("index_topk", default=0, least=0),
    )


def gated_delta(c: Fields, hidden: int) -> Recurrence:
    """A gated delta network (Qwen3-Next): h (2 k + 2 v + 2 heads) in, v h out; state of k-size x v-size per head."""
    key_dim, value_dim = c.count("linear_key_head_dim"), c.count("linear_value_head_dim")
    key_heads, value_heads = c.count("linear_num_key_heads"), c.count("linear_num_value_heads")
    keys, values = key_dim * key_heads, value_dim * value_heads
    convolved = (2 * keys + values) * c.count("linear_conv_kernel_dim", default=4)
    return Recurrence(
        matmul_params=hidden * (2 * keys + 2 * values + 2 * value_heads) + values * hidden,
        other_params=convolved + 2 * value_heads + value_dim,
        state_elements=value_heads * key_dim * value_dim,
        kind="linear",
    )


def _feed(c: Fields, t: Traits, hidden: int, mixed: bool) -> FeedForward | Experts:
    experts = _experts(c)
    bias = c.flag("mlp_bias", "use_bias", "bias", default=False) if t.mlp_bias is None else t.mlp_bias
    if not mixed:
        size = c.count("intermediate_size_mlp", "intermediate_size", *DENSE_SIZE, default=4 * hidden)
        return FeedForward(size=size, gated=t.gated, bias=bias)
    own = c.get("moe_intermediate_size", "expert_ffn_hidden_size") is not None
    size = c.count("moe_intermediate_size", "expert_ffn_hidden_size") if own else c.count("intermediate_size")
    return Experts(
        experts=experts,
        per_token=c.count(*PER_TOKEN, default=min(2, experts), most=experts),
        size=size,
        gated=t.gated,
        shared_size=_shared_size(c, t, size),
        shared_gate=t.shared_gate,
        router_bias=t.router_bias,
        bias=t.expert_bias,
    )


DENSE_SIZE = ("n_inner", "ffn_dim", "ffn_hidden_size")
PER_TOKEN = ("num_experts_per_tok", "num_experts_per_token", "moe_topk", "moe_top_k", "moe_k")
EXPERTS = ("num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts")
SHARED = ("n_shared_experts", "num_shared_experts", "moe_num_shared_experts")


def _shared_size(c: Fields, t: Traits, size: int) -> int:
    if c.get("attention_chunk_size"):
        return size
    given = c.count("shared_expert_intermediate_size", "shared_intermediate_size", default=0, least=0)
    return given or size * c.count(*SHARED, default=0, least=0)


def _experts(c: Fields) -> int:
    return c.count(*EXPERTS, default=0, least=0)


def _has_experts(c: Fields, t: Traits, n: int) -> bool:
    """A layer has experts: an explicit list wins over counts, which win over the family's habit."""
    if not _experts(c):
        return False
    said = _said_of_layer(c, n)
    if said is not None:
        return said
    first = c.count("first_k_dense_replace", "num_dense_layers", default=t.dense_first, least=0)
    start = c.get("moe_layer_start_index")
    if start is not None:
        last = c.get("moe_layer_end_index")
        within = n >= int(start) and (last in (None, -1) or n <= int(last))
        return within and (n + 1) % c.count("moe_layer_interval", default=1) == 0
    return n >= first and (n + 1) % c.count("decoder_sparse_step", "interleave_moe_layer_step", default=1) == 0


def _said_of_layer(c: Fields, n: int) -> bool | None:
    """What a list of the file says of one layer's experts; None where none does."""
    words = c.listed("mlp_layer_types")
    if words is not None and n < len(words):
        return bool(words[n] != "dense")
    listed = c.listed("moe_layer_freq") if isinstance(c.get("moe_layer_freq"), list) else None
    if listed is not None and n < len(listed):
        return bool(listed[n])
    if n in (c.listed("mlp_only_layers") or []):
        return False
    named = c.listed("moe_layers")
    return n in named if named else None


GPT2 = Traits(norm=2, qkv_bias=True, out_bias=True, mlp_bias=True, gated=False, tied=True, positions=0)
_QWEN2 = Traits(qkv_bias=True, out_bias=False, window="late")
_QWEN3 = Traits(qk_norm="head", window="late")
_PLAIN = Traits(qkv_bias=False, out_bias=False, mlp_bias=False)
_GEMMA_TEXT = (("vocab_size", 262208), ("num_attention_heads", 8), ("num_key_value_heads", 4), ("head_dim", 256))
_GPTJ = Traits(norm=2, norms=1, qkv_bias=False, out_bias=False, mlp_bias=True, head_bias=True, gated=False)
_PERSIMMON = Traits(
    norm=2, qkv_bias=True, out_bias=True, mlp_bias=True, gated=False,
    qk_norm="head", qk_norm_flag=("qk_layernorm",), qk_norm_size=2,
)  # fmt: skip
_GLM4_MOE = Traits(out_bias=False, qk_norm="head", qk_norm_flag=("use_qk_norm",))

FAMILIES: dict[str, Traits] = {
    "llama": Traits(),
    "cwm": Traits(window="every_fourth_full"),
    "eurobert": Traits(),
    "internlm3": Traits(),
    "exaone": Traits(),
    "helium": Traits(out_bias=False),
    "jais2": Traits(norm=2, gated=False),
    "mistral": Traits(window="all"),
    "ministral": Traits(window="all"),
    "mixtral": Traits(window="all"),
    "granite": Traits(tied=True),
    "granitemoe": Traits(tied=True),
    "smollm3": Traits(tied=True),
    "seed_oss": Traits(qkv_bias=None),
    "arcee": Traits(gated=False),
    "exaone4": Traits(qkv_bias=False, out_bias=False, qk_norm="head", window="every_fourth_full"),
    "exaone_moe": Traits(qkv_bias=False, out_bias=False, qk_norm="head", window="every_fourth_full", dense_first=1),
    "olmo": Traits(norm=0),
    "olmo2": Traits(qk_norm="full"),
    "olmo3": Traits(qk_norm="full", window="every_fourth_full"),
    "olmoe": Traits(qk_norm="full"),
    "flex_olmo": Traits(qk_norm="full"),
    "olmo_hybrid": Traits(qk_norm="full"),
    "qwen2": _QWEN2,
    "qwen2_moe": Traits(qkv_bias=None, out_bias=False, shared_gate=True, window="late"),
    "qwen3": _QWEN3,
    "qwen3_moe": _QWEN3,
    "qwen3_next": Traits(qk_norm="head", output_gate=True, shared_gate=True),
    "qwen3_5_text": Traits(qk_norm="head", output_gate=True),
    "qwen3_5_moe_text": Traits(qk_norm="head", output_gate=True, shared_gate=True),
    "gemma": Traits(tied=True, defaults=(("head_dim", 256),)),
    "gemma2": Traits(tied=True, norms=4, window="alternate", defaults=(("head_dim", 256),)),
    "vaultgemma": Traits(tied=True, window="alternate", defaults=(("head_dim", 256),)),
    "gemma3_text": Traits(tied=True, norms=4, qk_norm="head", window="every_sixth_full", defaults=_GEMMA_TEXT),
    "phi": Traits(
        norm=2,
        norms=1,
        qkv_bias=True,
        out_bias=True,
        mlp_bias=True,
        head_bias=True,
        gated=False,
        qk_norm="head",
        qk_norm_flag=("qk_layernorm",),
        qk_norm_size=2,
    ),
    "phi3": Traits(qkv_bias=False, out_bias=False, window="all"),
    "phimoe": Traits(norm=2, window="all"),
    "persimmon": _PERSIMMON,
    "deepseek_v2": Traits(),
    "deepseek_v3": Traits(),
    "kimi_k2": Traits(),
    "mistral4": Traits(),
    "sarvam_mla": Traits(),
    "deepseek_v32": Traits(dense_first=3),
    "glm_moe_dsa": Traits(dense_first=3),
    "glm4_moe_lite": Traits(dense_first=1),
    "axk1": Traits(dense_first=1),
    "youtu": Traits(mlp_bias=False),
    "minicpm3": Traits(),
    "glm": Traits(out_bias=False),
    "glm4": Traits(out_bias=False, norms=4),
    "glm4_moe": _GLM4_MOE,
    "sarvam_moe": _GLM4_MOE,
    "glm4v_text": Traits(qkv_bias=True, out_bias=False, norms=4),
    "glm4v_moe_text": Traits(out_bias=False),
    "solar_open": Traits(out_bias=False),
    "dots1": Traits(qk_norm="head", window="late"),
    "hy_v3": Traits(qk_norm="head", dense_first=1),
    "laguna": Traits(qk_norm="head", router_bias=True, dense_first=1),
    "minimax_m2": Traits(qkv_bias=False, out_bias=False, qk_norm="full"),
    "gpt_oss": Traits(sinks=True, router_bias=True, expert_bias=True, window="alternate"),
    "hunyuan_v1_dense": Traits(qk_norm="head"),
    "hunyuan_v1_moe": Traits(qk_norm="head"),
    "ernie4_5": Traits(tied=True),
    "ernie4_5_moe": Traits(tied=True, router_bias=True),
    "llama4_text": Traits(),
    "falcon": Traits(norm=2, gated=False, tied=True),
    "gpt2": GPT2,
    "gpt_bigcode": GPT2,
    "gpt_neo": Traits(norm=2, qkv_bias=False, out_bias=True, mlp_bias=True, gated=False, tied=True, positions=0),
    "gptj": _GPTJ,
    "codegen": _GPTJ,
    "gpt_neox": Traits(norm=2, mlp_bias=True, gated=False),
    "bloom": Traits(norm=2, qkv_bias=True, out_bias=True, mlp_bias=True, gated=False, tied=True, embedding_norm=True),
    "opt": Traits(norm=2, gated=False, tied=True, positions=2),
    "xglm": Traits(norm=2, qkv_bias=True, out_bias=True, mlp_bias=True, gated=False, tied=True),
    "starcoder2": Traits(norm=2, gated=False, tied=True, window="all"),
    "mpt": Traits(norm=1, qkv_bias=False, out_bias=False, mlp_bias=False, gated=False, tied=True),
    "cohere": Traits(norms=1, tied=True, qk_norm="full", qk_norm_flag=("use_qk_norm",)),
    "cohere2": Traits(norms=1, tied=True, window="every_fourth_full"),
    "cohere2_moe": Traits(norms=1, tied=True, window="every_fourth_full"),
    "stablelm": Traits(norm=2, out_bias=False, qk_norm="full", qk_norm_flag=("qk_layernorm",)),
    "nemotron": Traits(norm=2, gated=False),
    "apertus": Traits(gated=False, qk_norm="head"),
    "bitnet": Traits(),
    "nanochat": Traits(norm=0, gated=False),
    "diffllama": Traits(),
    "doge": Traits(qk_norm="head"),
    "ctrl": GPT2,
}


def more(stack: Stack, params: int) -> Stack:
    """The same model with so many parameters more, that no token is multiplied with."""
    return replace(stack, other_params=stack.other_params + params)


def falcon(c: Fields) -> Stack:
    """Falcon: one norm where attention and feed-forward are parallel, two in its newer decoder; MQA unless said."""
    heads = _heads(c)
    newer = c.flag("new_decoder_architecture", default=False)
    one = c.flag("multi_query", default=True) and not newer
    kv_heads = 1 if one else c.count("num_kv_heads", "n_head_kv", default=heads)
    parallel = c.flag("parallel_attn", default=True)
    norms = 2 if newer and c.count("num_ln_in_parallel_attn", default=2) == 2 else 1 if parallel else 2
    traits = Traits(norm=2, norms=norms, gated=False, tied=True)
    return decoder(c.replaced(num_key_value_heads=kv_heads), traits)


def bigcode(c: Fields) -> Stack:
    """GPT-BigCode: GPT-2 with one key-value head."""
    one = c.flag("multi_query", default=True)
    return decoder(c.replaced(num_key_value_heads=1 if one else _heads(c)), GPT2)


def mllama_text(c: Fields) -> Stack:
    """Llama 3.2 Vision's text model: in some layers attention to the image stands for attention to the text.

    Their keys are made once an image: such layers keep no cache of the text, and count as a recurrence without state.
    """
    stack = decoder(c, FAMILIES["llama"])
    (block,) = stack.blocks
    assert isinstance(block.mixer, Attention)
    said = c.counts("cross_attention_layers") if c.get("cross_attention_layers") else []
    crossed = len({n for n in said if n < stack.layers})
    across = Recurrence(
        matmul_params=projection_params(stack.hidden_size, block.mixer), other_params=2 * block.mixer.head_dim + 2
    )
    blocks = (replace(block, count=block.count - crossed), replace(block, count=crossed, mixer=across))
    return more(replace(stack, blocks=tuple(b for b in blocks if b.count)), 8 * stack.hidden_size)


def opt(c: Fields) -> Stack:
    """OPT: biases and norms' weights as two flags say; a last norm unless norms come after or it is removed."""
    bias, weights = c.flag("enable_bias", default=True), c.flag("layer_norm_elementwise_affine", default=True)
    t = replace(FAMILIES["opt"], norm=2 if weights else 0, qkv_bias=bias, out_bias=bias, mlp_bias=bias)
    last = c.flag("do_layer_norm_before", default=True) and not c.flag("_remove_final_layer_norm", default=False)
    stack = decoder(c, t)
    return stack if last else more(stack, -t.norm * stack.hidden_size)


def gpt2(c: Fields) -> Stack:
    """GPT-2, with attention to an encoder where it is asked for."""
    return _crossed(c, decoder(c, GPT2))


def xglm(c: Fields) -> Stack:
    """XGLM, with attention to an encoder where it is asked for."""
    return _crossed(c, decoder(c, FAMILIES["xglm"]))


def _crossed(c: Fields, stack: Stack) -> Stack:
    """Each layer with attention to an encoder, where the file asks for it."""
    if not c.flag("add_cross_attention", default=False):
        return stack
    h, heads = stack.hidden_size, _heads(c)
    cross = Attention(heads=heads, kv_heads=heads, head_dim=h // heads, qkv_bias=True, out_bias=True)
    return replace(
        stack, blocks=tuple(replace(b, cross=cross, norm_params=b.norm_params + 2 * h) for b in stack.blocks)
    )


def stablelm(c: Fields) -> Stack:
    """StableLM: one norm a layer where attention and feed-forward are parallel."""
    parallel = c.flag("use_parallel_residual", default=False)
    return decoder(c, replace(FAMILIES["stablelm"], norms=1 if parallel else 2))


def helium(c: Fields) -> Stack:
    """Helium: the way out is as wide as the model, whatever the heads are."""
    stack = decoder(c, FAMILIES["helium"])
    wide = _heads(c) * c.count("head_dim", default=stack.hidden_size // _heads(c))
    return more(stack, stack.layers * stack.hidden_size * (stack.hidden_size - wide))


def mpt(c: Fields) -> Stack:
    """MPT: a feed-forward of four hidden sizes, whatever `expansion_ratio` says."""
    c.divided(c.count("d_model"), c.count("n_heads"), "n_heads")
    return decoder(c.replaced(intermediate_size=4 * c.count("d_model")), FAMILIES["mpt"])


def axk1(c: Fields) -> Stack:
    """A.X-K1: a norm after the experts."""
    stack = decoder(c, FAMILIES["axk1"])
    mixed = sum(block.count for block in stack.blocks if isinstance(block.feed, Experts))
    return more(stack, mixed * stack.hidden_size)


def apertus(c: Fields) -> Stack:
    """Apertus: two parameters in each layer's activation."""
    return more(decoder(c, FAMILIES["apertus"]), 2 * c.layers("num_hidden_layers"))


def bitnet(c: Fields) -> Stack:
    """BitNet: a norm before each projection back."""
    stack = decoder(c, FAMILIES["bitnet"])
    return more(stack, stack.layers * (stack.hidden_size + c.count("intermediate_size")))


def diffllama(c: Fields) -> Stack:
    """DiffLlama: four vectors of a head's size that weigh the two attentions."""
    stack = decoder(c, FAMILIES["diffllama"])
    return more(stack, stack.layers * 4 * c.count("head_dim", default=stack.hidden_size // _heads(c)))


def doge(c: Fields) -> Stack:
    """Doge: residual scales, a mask learned from values; its experts are two tables of single neurons."""
    traits = FAMILIES["doge"]
    stack = decoder(c.replaced(num_experts=0), traits)
    h, kv = stack.hidden_size, c.count("num_key_value_heads", default=_heads(c))
    each = 2 * h + kv + kv * kv * (h // _heads(c))
    if c.flag("is_moe", default=False):
        experts = c.count("num_experts")
        each += 2 * h * isqrt(experts) + 2 * experts * h
    return more(stack, stack.layers * each)


def laguna(c: Fields) -> Stack:
    """Laguna: each layer may have heads of its own number, gated one by one or in each of their channels."""
    heads = c.listed("num_attention_heads_per_layer")
    if heads and len(set(map(str, heads))) > 1:
        raise OutOfDomain(
            "layers differ in their heads", pointer=c.at("num_attention_heads_per_layer"), hint="give architecture",
            code="unsupported-architecture",
        )  # fmt: skip
    given = c.replaced(num_attention_heads=heads[0]) if heads else c
    whole = c.get("gating") not in (True, "per-head")
    stack = decoder(given, replace(FAMILIES["laguna"], head_gate=not whole))
    wide = _heads(given) * given.count("head_dim", default=stack.hidden_size // _heads(given))
    return more(stack, whole * stack.layers * stack.hidden_size * wide)


def ctrl(c: Fields) -> Stack:
    """CTRL: GPT-2 with computed positions and a bias on its logits."""
    c.divided(c.count("n_embd"), c.count("n_head"), "n_head")
    return decoder(c.replaced(n_inner=c.get("dff")), replace(GPT2, positions=None, head_bias=True))


def olmo_hybrid(c: Fields) -> Stack:
    """OLMo hybrid: as many linear heads as others, keys of three quarters of a head's share, values of twice that."""
    heads = _heads(c)
    linear_heads = c.count("linear_num_key_heads", default=heads)
    key = c.count("linear_key_head_dim", default=3 * c.count("hidden_size") // (4 * linear_heads))
    usual = {"linear_num_key_heads": linear_heads, "linear_num_value_heads": heads, "linear_key_head_dim": key}
    return decoder(c.with_defaults(**usual, linear_value_head_dim=2 * key), FAMILIES["olmo_hybrid"])


def eurobert(c: Fields) -> Stack:
    """EuroBERT: Llama that sees both ways; before its classes a product."""
    stack = decoder(c, FAMILIES["eurobert"])
    before = (stack.hidden_size + 1) * stack.hidden_size + labels(c) if "SequenceClassification" in c.named else 0
    return more(stack, before)


SPECIAL: dict[str, Callable[[Fields], Stack]] = {
    "eurobert": eurobert,
    "olmo_hybrid": olmo_hybrid,
    "falcon": falcon,
    "gpt_bigcode": bigcode,
    "gpt2": gpt2,
    "xglm": xglm,
    "opt": opt,
    "stablelm": stablelm,
    "mpt": mpt,
    "helium": helium,
    "axk1": axk1,
    "apertus": apertus,
    "bitnet": bitnet,
    "diffllama": diffllama,
    "doge": doge,
    "laguna": laguna,
    "ctrl": ctrl,
}
