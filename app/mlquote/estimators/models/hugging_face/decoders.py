"""Decoder families of Hugging Face configs: what each adds to embeddings, attention, feed-forward and two norms.

Most decoders differ in a handful of traits (biases, norms, gates, windows, where experts are). Those stand in FAMILIES,
one line each; what has a shape of its own (latent attention, state space) is a function beside it. Read from the
families' modelling code and held by published parameter counts in the tests.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from mlquote.estimators.models.hugging_face.fields import Fields
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
    qk_norm: Literal["", "head", "full", "config"] = ""
    """Norms on queries and keys: of a head's size, of all heads' size, or as use_qk_norm says."""
    output_gate: bool = False
    sinks: bool = False
    tied: bool = False
    positions: int | None = None
    """Learned positions beyond max_position_embeddings; None: none are learned."""
    window: Literal["", "all", "alternate", "every_sixth_full", "every_fourth_full", "late"] = ""
    """Which layers are windowed where no layer_types says so."""
    router_bias: bool = False
    expert_bias: bool = False
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
    hidden = c.count("hidden_size", "n_embd", "d_model", "n_embed")
    depth = c.layers("num_hidden_layers", "n_layer", "n_layers", "num_layers")
    kinds = layer_kinds(c, depth, t)
    norm = t.norm * t.norms * hidden
    mixers = {kind: _mixer(c, t, hidden, kind) for kind in dict.fromkeys(kinds)}
    sparse = [_has_experts(c, n) for n in range(depth)]
    feeds = {mixed: _feed(c, t, hidden, mixed) for mixed in dict.fromkeys(sparse)}
    layers: list[Layer] = [(mixers[kind], feeds[mixed], norm) for kind, mixed in zip(kinds, sparse, strict=True)]
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
        head_params=0,
        other_params=positions * hidden
        + t.norm * hidden * (1 + t.embedding_norm)
        + t.head_bias * vocabulary
        + projections
        - (t.norm * hidden if not c.flag("do_layer_norm_before", default=True) else 0),
    )


def _context(c: Fields) -> int:
    return c.count("max_position_embeddings", "n_positions", "n_ctx", "seq_length", "max_seq_len", most=10**9)


def layer_kinds(c: Fields, depth: int, t: Traits) -> list[tuple[str, int]]:
    """Each layer's kind ("full", "window", "chunk", "linear") and window."""
    window = c.count("sliding_window", "sliding_window_size", "attention_chunk_size", default=0, least=0)
    types = c.listed("layer_types", depth)
    if types is not None:
        return [_named_kind(str(word), window, c) for word in types]
    interval = c.count("full_attention_interval", default=0, least=0)
    if interval and c.get("linear_num_value_heads"):
        return [("full", 0) if (n + 1) % interval == 0 else ("linear", 0) for n in range(depth)]
    if c.get("attention_chunk_size"):
        return [("full", 0) if (n + 1) % 4 == 0 else ("chunk", window) for n in range(depth)]
    return [("window", window) if window and _windowed(c, t, n) else ("full", 0) for n in range(depth)]


def _named_kind(word: str, window: int, c: Fields) -> tuple[str, int]:
    kinds = {
        "full_attention": ("full", 0),
        "attention": ("full", 0),
        "indexed_attention": ("full", 0),
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
        return latent(c)
    if kind[0] == "linear":
        return gated_delta(c, hidden)
    heads = _heads(c)
    head_dim = c.count("head_dim", default=max(1, hidden // heads))
    kv_heads = c.count("num_key_value_heads", "num_kv_heads", "multi_query_group_num", default=heads, most=heads)
    bias = c.flag("attention_bias", "qkv_bias", "use_qkv_bias", "use_bias", "bias", default=False)
    said = 2 * head_dim * c.flag("use_qk_norm", default=False) if t.qk_norm == "config" else 0
    norms = {"": 0, "head": 2 * head_dim, "full": (heads + kv_heads) * head_dim, "config": said}[t.qk_norm]
    return Attention(
        heads=heads,
        kv_heads=kv_heads,
        head_dim=head_dim,
        window=kind[1],
        chunked=kind[0] == "chunk",
        qkv_bias=bias if t.qkv_bias is None else t.qkv_bias,
        out_bias=bias if t.out_bias is None else t.out_bias,
        output_gate=t.output_gate,
        extra_params=norms + t.sinks * heads,
    )


def _heads(c: Fields) -> int:
    return c.count("num_attention_heads", "n_head", "n_heads", "num_heads")


def latent(c: Fields) -> LatentAttention:
    """Multi-head latent attention, as DeepSeek-V2's."""
    return LatentAttention(
        heads=_heads(c),
        q_lora_rank=c.count("q_lora_rank", default=0, least=0),
        kv_lora_rank=c.count("kv_lora_rank"),
        nope_head_dim=c.count("qk_nope_head_dim"),
        rope_head_dim=c.count("qk_rope_head_dim"),
        v_head_dim=c.count("v_head_dim"),
        index_heads=c.count("index_n_heads", default=0, least=0),
        index_head_dim=c.count("index_head_dim", default=0, least=0),
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
        size = c.count(
            "intermediate_size_mlp", "intermediate_size", "n_inner", "ffn_dim", "ffn_hidden_size", default=4 * hidden
        )
        return FeedForward(size=size, gated=t.gated, bias=bias)
    size = c.count("moe_intermediate_size", "expert_ffn_hidden_size", "intermediate_size")
    return Experts(
        experts=experts,
        per_token=c.count("num_experts_per_tok", "num_experts_per_token", "moe_topk", "moe_top_k", most=experts),
        size=size,
        gated=t.gated,
        shared_size=_shared_size(c, size),
        shared_gate=t.shared_gate,
        router_bias=t.router_bias,
        bias=t.expert_bias,
    )


def _shared_size(c: Fields, size: int) -> int:
    if c.get("attention_chunk_size"):
        return size
    given = c.count("shared_expert_intermediate_size", "shared_intermediate_size", default=0, least=0)
    return given or size * c.count("n_shared_experts", "num_shared_experts", default=0, least=0)


def _experts(c: Fields) -> int:
    return c.count("num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts", default=0, least=0)


def _has_experts(c: Fields, n: int) -> bool:
    if not _experts(c):
        return False
    if n < c.count("first_k_dense_replace", default=0, least=0):
        return False
    if n in (c.listed("mlp_only_layers") or []):
        return False
    return (n + 1) % c.count("decoder_sparse_step", "interleave_moe_layer_step", default=1) == 0


GPT2 = Traits(norm=2, qkv_bias=True, out_bias=True, mlp_bias=True, gated=False, tied=True, positions=0)
_QWEN3 = Traits(qkv_bias=None, qk_norm="head", window="late")
_DEEPSEEK3 = Traits(router_bias=True)
_GEMMA_TEXT = (("vocab_size", 262208), ("num_attention_heads", 8), ("num_key_value_heads", 4), ("head_dim", 256))

FAMILIES: dict[str, Traits] = {
    "llama": Traits(),
    "mistral": Traits(window="all"),
    "ministral": Traits(window="all"),
    "mixtral": Traits(window="all"),
    "granite": Traits(tied=True),
    "granitemoe": Traits(tied=True),
    "smollm3": Traits(tied=True),
    "seed_oss": Traits(qkv_bias=True),
    "arcee": Traits(gated=False),
    "exaone4": Traits(qk_norm="head", window="every_fourth_full"),
    "olmo": Traits(norm=0),
    "olmo2": Traits(qk_norm="full"),
    "olmo3": Traits(qk_norm="full", window="every_fourth_full"),
    "olmoe": Traits(qk_norm="full"),
    "qwen2": Traits(qkv_bias=True, out_bias=False, window="late"),
    "qwen2_moe": Traits(qkv_bias=True, out_bias=False, shared_gate=True, window="late"),
    "qwen3": _QWEN3,
    "qwen3_moe": _QWEN3,
    "qwen3_next": Traits(qk_norm="head", output_gate=True, shared_gate=True),
    "qwen3_5_text": Traits(qk_norm="head", output_gate=True),
    "qwen3_5_moe_text": Traits(qk_norm="head", output_gate=True, shared_gate=True),
    "gemma": Traits(tied=True, defaults=(("head_dim", 256),)),
    "gemma2": Traits(tied=True, norms=4, window="alternate", defaults=(("head_dim", 256),)),
    "gemma3_text": Traits(tied=True, norms=4, qk_norm="head", window="every_sixth_full", defaults=_GEMMA_TEXT),
    "phi": Traits(norm=2, norms=1, qkv_bias=True, out_bias=True, mlp_bias=True, head_bias=True, gated=False),
    "phi3": Traits(window="all"),
    "phimoe": Traits(norm=2, qkv_bias=True, out_bias=True, head_bias=True, window="all"),
    "deepseek_v2": Traits(),
    "deepseek_v3": _DEEPSEEK3,
    "kimi_k2": _DEEPSEEK3,
    "glm4_moe": Traits(qkv_bias=None, out_bias=False, router_bias=True, qk_norm="config"),
    "minimax_m2": Traits(qk_norm="full", router_bias=True),
    "gpt_oss": Traits(qkv_bias=True, out_bias=True, sinks=True, router_bias=True, expert_bias=True, window="alternate"),
    "llama4_text": Traits(),
    "falcon": Traits(norm=2, gated=False, tied=True),
    "gpt2": GPT2,
    "gpt_bigcode": GPT2,
    "gpt_neo": Traits(norm=2, qkv_bias=False, out_bias=True, mlp_bias=True, gated=False, tied=True, positions=0),
    "gptj": Traits(norm=2, norms=1, qkv_bias=False, out_bias=False, mlp_bias=True, head_bias=True, gated=False),
    "gpt_neox": Traits(norm=2, qkv_bias=True, out_bias=True, mlp_bias=True, gated=False),
    "bloom": Traits(norm=2, qkv_bias=True, out_bias=True, mlp_bias=True, gated=False, tied=True, embedding_norm=True),
    "opt": Traits(norm=2, qkv_bias=True, out_bias=True, mlp_bias=True, gated=False, tied=True, positions=2),
    "starcoder2": Traits(norm=2, qkv_bias=True, out_bias=True, mlp_bias=True, gated=False, tied=True, window="all"),
    "mpt": Traits(norm=1, qkv_bias=False, out_bias=False, mlp_bias=False, gated=False, tied=True),
    "cohere": Traits(norms=1, tied=True),
    "cohere2": Traits(norms=1, tied=True, window="every_fourth_full"),
    "stablelm": Traits(norm=2, qkv_bias=None, out_bias=False),
    "nemotron": Traits(norm=2, gated=False),
    "apertus": Traits(gated=False, qk_norm="head"),
}


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


SPECIAL: dict[str, Callable[[Fields], Stack]] = {"falcon": falcon, "gpt_bigcode": bigcode}
