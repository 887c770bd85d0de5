"""Decoders whose layers differ in kind: state space, linear attention or short convolutions beside attention.

Each family says which of its layers is which (`layer_types`, a period, a list of indices); the mixers are few.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil, floor

from mlquote.estimators.models.hugging_face.decoders import Layer, decoder_ends, grouped, latent
from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.formulas.models.layers import Attention, Experts, FeedForward, LatentAttention, Layers, Recurrence, Stack
from mlquote.kit.errors import OutOfDomain

STATE_SPACE = frozenset({"mamba", "linear_attention", "linear", "conv", "recurrent", "M"})
"""Words for a layer that is no attention."""


def mamba1_mixer(c: Fields, hidden: int, inner: int, *, norms: bool = False) -> Recurrence:
    """Mamba: h 2m in, m (t + 2s) to step and state, t m back to channels, m h out.

    Args:
        c: the config.
        hidden: h.
        inner: m, channels.
        norms: three norms on step, B and C (Jamba).

    Source: Gu and Dao 2023; the families' modelling code.
    """
    state = c.count("state_size", "mamba_d_state", "d_state", default=16)
    given = c.get("time_step_rank", "mamba_dt_rank")
    rank = ceil(hidden / 16) if given in (None, "auto") else c.count("time_step_rank", "mamba_dt_rank")
    bias = c.flag("use_bias", "mamba_proj_bias", default=False)
    convolution = c.count("conv_kernel", "mamba_d_conv", default=4) + c.flag(
        "use_conv_bias", "mamba_conv_bias", default=True
    )
    return Recurrence(
        matmul_params=2 * hidden * inner + inner * (rank + 2 * state) + rank * inner + inner * hidden,
        other_params=inner * (convolution + 1 + state + 1) + bias * (2 * inner + hidden) + norms * (rank + 2 * state),
        state_elements=inner * state,
    )


def mamba2_mixer(
    c: Fields, hidden: int, *, inner: int, heads: int, state: int, norm: bool = True, out_bias: bool | None = None
) -> Recurrence:
    """Mamba-2: h (2m + 2 g s + heads) in, m h out; a convolution over m + 2 g s, three numbers a head, a gated norm.

    Args:
        c: the config, for groups, convolution and biases.
        hidden: h.
        inner: m, channels.
        heads: heads.
        state: s.
        norm: the gated norm is there.
        out_bias: bias on the way out, where it is not that of the way in.

    Source: Dao and Gu 2024; the families' modelling code.
    """
    groups = c.count("n_groups", "mamba_n_groups", "mamba_ngroups", default=8)
    convolved = inner + 2 * groups * state
    kernel = c.count("conv_kernel", "mamba_d_conv", default=4) + c.flag(
        "use_conv_bias", "mamba_conv_bias", default=True
    )
    bias = c.flag("mamba_proj_bias", "use_bias", "add_bias_linear", default=False)
    back = bias if out_bias is None else out_bias
    return Recurrence(
        matmul_params=hidden * (inner + convolved + heads) + inner * hidden,
        other_params=convolved * kernel + 3 * heads + norm * inner + bias * (inner + convolved + heads) + back * hidden,
        state_elements=inner * state,
    )


def kimi_delta(c: Fields, hidden: int, *, low_rank: bool) -> Recurrence:
    """Kimi's delta attention: q, k, v of all heads' width w, a decay for each channel, a gate on the way out.

    Args:
        low_rank: decay and gate pass a head's width (Kimi Linear), or are of full rank (Ling).
    """
    heads, size = c.count("linear_num_heads"), c.count("linear_head_dim")
    wide = heads * size
    side = hidden * size + size * wide if low_rank else hidden * wide
    return Recurrence(
        matmul_params=4 * hidden * wide + 2 * side + hidden * heads,
        other_params=3 * wide * c.count("linear_conv_kernel_dim", default=4) + wide + heads + size,
        state_elements=heads * size * size,
        kind="linear",
    )


def grouped_attention(c: Fields, hidden: int, *, bias: bool = False, norms: int = 0, window: int = 0) -> Attention:
    """Plain grouped-query attention; `norms` parameters per channel of a head on queries and keys each."""
    heads = c.count("num_attention_heads")
    head_dim = c.count("head_dim", default=max(1, hidden // heads))
    return Attention(
        heads=heads,
        kv_heads=c.count("num_key_value_heads", default=heads),
        head_dim=head_dim,
        qkv_bias=bias,
        out_bias=bias,
        window=window,
        extra_params=2 * norms * head_dim,
    )


def gated(c: Fields, *, bias: bool = False) -> FeedForward:
    """The dense feed-forward of most decoders."""
    return FeedForward(size=c.count("intermediate_size"), gated=True, bias=bias)


def experts(c: Fields, number: int, size: int, *, shared: int = 0) -> Experts:
    """Gated experts in every token's way."""
    per_token = c.count("num_experts_per_tok", "num_experts_per_token", default=min(2, number), most=number)
    return Experts(experts=number, per_token=per_token, size=size, shared_size=shared)


def _kinds(c: Fields, depth: int, *names: str) -> list[str]:
    for name in names:
        said = c.listed(name)
        if said:
            if len(said) < depth:
                raise OutOfDomain(f"{name} has {len(said)} items", pointer=c.at(name), hint=f"one a layer: {depth}")
            return [str(word) for word in said[:depth]]
    return []


def granitemoehybrid(c: Fields) -> Stack:
    """Granite 4: Mamba-2 or attention, then experts (none in the dense ones) beside a shared feed-forward."""
    hidden, depth = c.count("hidden_size"), c.layers("num_hidden_layers")
    kinds = _kinds(c, depth, "layer_types", "layers_block_type") or ["mamba"] * depth
    inner = c.count("mamba_expand", default=2) * hidden
    heads, state = c.count("mamba_n_heads", default=128), c.count("mamba_d_state", default=256)
    mixer = mamba2_mixer(c, hidden, inner=inner, heads=heads, state=state)
    attention = grouped_attention(c, hidden, bias=c.flag("attention_bias", default=False))
    number, shared = c.count("num_local_experts", default=0, least=0), c.count("shared_intermediate_size", least=0)
    size = c.count("intermediate_size")
    feed = experts(c, number, size, shared=shared) if number else FeedForward(size=shared, gated=True)
    layers: list[Layer] = [(mixer if k in STATE_SPACE else attention, feed, 2 * hidden) for k in kinds]
    return decoder_ends(c, hidden, grouped(layers))


def granitemoeshared(c: Fields) -> Stack:
    """Granite's experts beside a shared feed-forward, attention in every layer."""
    hidden, depth = c.count("hidden_size"), c.layers("num_hidden_layers")
    attention = grouped_attention(c, hidden, bias=c.flag("attention_bias", default=False))
    shared = c.count("shared_intermediate_size", default=0, least=0)
    feed = experts(c, c.count("num_local_experts"), c.count("intermediate_size"), shared=shared)
    return decoder_ends(c, hidden, grouped([(attention, feed, 2 * hidden)] * depth))


def jamba(c: Fields) -> Stack:
    """Jamba: attention and experts each at a period of their own, Mamba and dense feed-forwards between."""
    hidden, depth = c.count("hidden_size"), c.layers("num_hidden_layers")
    mixer = mamba1_mixer(c, hidden, c.count("mamba_expand") * hidden, norms=True)
    attention, dense = grouped_attention(c, hidden), gated(c)
    number = c.count("num_experts")
    mixture = experts(c, number, dense.size) if number > 1 else dense
    attends = (c.count("attn_layer_period"), c.count("attn_layer_offset", least=0))
    mixes = (c.count("expert_layer_period"), c.count("expert_layer_offset", least=0))
    layers: list[Layer] = [
        (
            attention if n % attends[0] == attends[1] else mixer,
            mixture if n % mixes[0] == mixes[1] else dense,
            2 * hidden,
        )
        for n in range(depth)
    ]
    return decoder_ends(c, hidden, grouped(layers))


def bamba(c: Fields) -> Stack:
    """Bamba: Mamba-2 with a gated feed-forward, attention where it is listed."""
    hidden, depth = c.count("hidden_size"), c.layers("num_hidden_layers")
    inner = c.count("mamba_expand") * hidden
    mixer = mamba2_mixer(c, hidden, inner=inner, heads=c.count("mamba_n_heads"), state=c.count("mamba_d_state"))
    attention = grouped_attention(c, hidden, bias=c.flag("attention_bias", default=False))
    feed = gated(c, bias=c.flag("mlp_bias", default=False))
    attends = set(c.counts("attn_layer_indices")) if c.get("attn_layer_indices") else set()
    layers: list[Layer] = [(attention if n in attends else mixer, feed, 2 * hidden) for n in range(depth)]
    return decoder_ends(c, hidden, grouped(layers))


def falcon_h1(c: Fields) -> Stack:
    """Falcon-H1: attention and Mamba-2 side by side in every layer, then a gated feed-forward."""
    hidden, depth = c.count("hidden_size"), c.layers("num_hidden_layers")
    inner = c.count("mamba_d_ssm", default=c.count("mamba_expand", default=2) * hidden)
    mixer = mamba2_mixer(
        c,
        hidden,
        inner=inner,
        heads=c.count("mamba_n_heads"),
        state=c.count("mamba_d_state"),
        norm=c.flag("mamba_rms_norm", default=False),
        out_bias=c.flag("projectors_bias", default=False),
    )
    attention = grouped_attention(c, hidden, bias=c.flag("attention_bias", default=False))
    feed = gated(c, bias=c.flag("mlp_bias", default=False))
    whole = Layers(count=depth, mixer=attention, feed=feed, norm_params=2 * hidden)
    return decoder_ends(c, hidden, (whole, Layers(count=depth, mixer=mixer, feed=None, beside=True)))


def _zamba(c: Fields, hidden: int, mixer: Recurrence, kinds: Sequence[str], *, rank: int, blocks: int) -> Stack:
    """A shared block of attention over twice the width and a feed-forward, run at each hybrid layer, stored `blocks`
    times; a product of the hidden size and low-rank adapters of its own at each place."""
    depth, hybrids = len(kinds), sum(kind == "hybrid" for kind in kinds)
    heads = c.count("num_attention_heads")
    wide = c.count("attention_hidden_size", default=2 * hidden)
    size = c.count("intermediate_size")
    attention = Attention(
        heads=heads,
        kv_heads=c.count("num_key_value_heads", default=heads),
        head_dim=c.count("attention_head_dim", default=wide // heads),
        input_size=wide,
    )
    tied = c.flag("tie_word_embeddings", default=True)
    shared = Layers(
        count=hybrids,
        mixer=attention,
        feed=FeedForward(size=size, gated=True, bias=c.flag("add_bias_linear", default=False)),
        norm_params=wide + hidden,
        stored=min(blocks, hybrids) if tied else hybrids,
        beside=True,
    )
    own = hidden * rank + rank * 2 * size
    if rank and c.flag("use_shared_attention_adapter", default=False):
        own += 3 * 2 * wide * rank
    place = Layers(count=hybrids, mixer=Recurrence(matmul_params=hidden * hidden + own), feed=None, beside=True)
    every = Layers(count=depth, mixer=mixer, feed=None, norm_params=hidden)
    stack = decoder_ends(c, hidden, (every, shared, place) if hybrids else (every,))
    # Untied, every place holds a block of its own, with the adapters of all places whose turn it shares.
    turns = 0 if tied else sum(n % blocks == m % blocks for n in range(hybrids) for m in range(hybrids)) - hybrids
    return replace(stack, other_params=stack.other_params + turns * own)


def zamba(c: Fields) -> Stack:
    """Zamba: Mamba in every layer, one shared block at the hybrid ones."""
    hidden, depth = c.count("hidden_size"), c.layers("num_hidden_layers")
    kinds = _kinds(c, depth, "layers_block_type", "layer_types")
    if not kinds:
        period, offset = c.count("attn_layer_period", default=6), c.count("attn_layer_offset", default=4, least=0)
        late = ["hybrid" if n % period == offset else "mamba" for n in range(depth - 3)]
        kinds = ["mamba", "mamba", "hybrid", *late][:depth]
    mixer = mamba1_mixer(c, hidden, c.count("mamba_expand") * hidden)
    return _zamba(c, hidden, mixer, kinds, rank=0, blocks=1)


def zamba2(c: Fields) -> Stack:
    """Zamba 2: Mamba-2 in every layer, so many shared blocks in turn, adapted at each place."""
    hidden, depth = c.count("hidden_size"), c.layers("num_hidden_layers")
    kinds = _kinds(c, depth, "layers_block_type", "layer_types")
    if not kinds:
        attends = {n for n in range(depth) if n >= 6 and n % 6 == 0}
        kinds = ["hybrid" if n in attends else "mamba" for n in range(depth)]
    inner = c.count("mamba_expand") * hidden
    mixer = mamba2_mixer(c, hidden, inner=inner, heads=c.count("n_mamba_heads"), state=c.count("mamba_d_state"))
    rank = c.count("adapter_rank", default=128)
    return _zamba(c, hidden, mixer, kinds, rank=rank, blocks=c.count("num_mem_blocks", default=1))


def _short_convolution(c: Fields, hidden: int) -> Recurrence:
    width, bias = c.count("conv_L_cache", default=3), c.flag("conv_bias", default=False)
    return Recurrence(
        matmul_params=4 * hidden * hidden,
        other_params=width * hidden + bias * 5 * hidden,
        state_elements=(width - 1) * hidden,
        kind="linear",
    )


def lfm2(c: Fields) -> Stack:
    """LFM2 and 3: short convolutions and attention; dense, or experts after the first layers."""
    hidden, depth = c.count("hidden_size"), c.layers("num_hidden_layers")
    kinds = _kinds(c, depth, "layer_types")
    attends = c.counts("full_attn_idxs") if c.get("full_attn_idxs") else range(depth)
    third = c.kind.startswith("lfm3")
    usual = [_lfm3_kind(n) if third else "full_attention" if n in attends else "conv" for n in range(depth)]
    kinds = kinds or usual
    attention = grouped_attention(c, hidden, norms=1, bias=third and c.flag("attention_bias", default=False))
    if third and c.flag("use_attention_gate", default=True):
        attention = replace(attention, extra_params=attention.extra_params + hidden * attention.heads)
    window = replace(attention, window=c.count("sliding_window", default=0, least=0) if third else 0)
    mixers = {"full_attention": attention, "sliding_attention": window}
    convolution, norms = _short_convolution(c, hidden), 4 if third and c.flag("use_sandwich_norm", default=True) else 2
    number = c.count("num_experts", default=0, least=0) if c.kind == "lfm2_moe" else 0
    dense = FeedForward(size=c.count("intermediate_size") if number or third else _lfm2_size(c, hidden), gated=True)
    mixture = experts(c, number, c.count("moe_intermediate_size")) if number else dense
    first = c.count("num_dense_layers", default=2, least=0)
    layers: list[Layer] = [
        (mixers.get(kind, convolution), dense if n < first else mixture, norms * hidden) for n, kind in enumerate(kinds)
    ]
    return decoder_ends(c, hidden, grouped(layers))


def _lfm3_kind(n: int) -> str:
    """LFM3 where the file names no layers: all and near every fourth, convolutions else."""
    return {2: "full_attention", 0: "sliding_attention" if n else "conv"}.get(n % 4, "conv")


def _lfm2_size(c: Fields, hidden: int) -> int:
    """The feed-forward: two thirds of what is said, times a multiplier, up to a multiple."""
    size = c.count("block_ff_dim", "intermediate_size")
    if not c.flag("block_auto_adjust_ff_dim", default=True):
        return size
    step = c.count("block_multiple_of", default=256)
    thirds = int(2 * size / 3)
    scale = c.get("block_ffn_dim_multiplier")
    return step * ceil((int(scale * thirds) if isinstance(scale, int | float) else thirds) / step)


def minimax(c: Fields) -> Stack:
    """MiniMax-Text-01: lightning attention or full, experts in every layer."""
    hidden, depth = c.count("hidden_size"), c.layers("num_hidden_layers")
    old = c.listed("attn_type_list")
    kinds = _kinds(c, depth, "layer_types") or [
        ("linear_attention", "full_attention")[bool(word)] for word in (old or [1 - n % 2 for n in range(depth)])
    ]
    attention = grouped_attention(c, hidden)
    wide = attention.heads * attention.head_dim
    lightning = Recurrence(
        matmul_params=5 * hidden * wide,
        other_params=wide,
        state_elements=attention.heads * attention.head_dim**2,
        kind="linear",
    )
    feed = experts(c, c.count("num_local_experts"), c.count("intermediate_size"))
    layers: list[Layer] = [(lightning if k in STATE_SPACE else attention, feed, 2 * hidden) for k in kinds]
    return decoder_ends(c, hidden, grouped(layers))


def kimi_linear(c: Fields) -> Stack:
    """Kimi Linear and Ling's hybrid: delta attention three layers of four, latent attention between, experts."""
    hidden, depth = c.count("hidden_size"), c.layers("num_hidden_layers")
    ling = c.kind == "bailing_hybrid"
    old = c.part("linear_attn_config")
    if old is not None:
        c = c.with_defaults(
            linear_num_heads=old.get("num_heads"),
            linear_head_dim=old.get("head_dim"),
            linear_conv_kernel_dim=old.get("short_conv_kernel_size"),
        )
    kinds = _kinds(c, depth, "layer_types") or _delta_kinds(c, old, depth)
    delta, full = kimi_delta(c, hidden, low_rank=not ling), latent(c)
    bias = full.q_lora_rank + full.kv_lora_rank + full.rope_head_dim + hidden
    beside = ling * hidden * full.heads + c.flag("attention_bias", default=False) * bias
    sparse = _kinds(c, depth, "mlp_layer_types")
    first = c.count("first_k_dense_replace", default=1, least=0)
    size = c.count("moe_intermediate_size")
    shared = size * c.count("num_shared_experts", "n_shared_experts", default=0, least=0)
    mixture = experts(c, c.count("num_experts", "num_local_experts"), size, shared=shared)
    layers: list[Layer] = []
    for n, kind in enumerate(kinds):
        mixer: Recurrence | LatentAttention = delta if kind in STATE_SPACE else full
        dense = sparse[n] == "dense" if sparse else n < first
        layers.append((mixer, gated(c) if dense else mixture, 2 * hidden + (beside if mixer is full else 0)))
    return decoder_ends(c, hidden, grouped(layers))


def _delta_kinds(c: Fields, old: Fields | None, depth: int) -> list[str]:
    if old is not None and old.get("kda_layers"):
        delta = {n - 1 for n in old.counts("kda_layers")}
    elif c.kind == "kimi_linear":
        delta = {n for n in range(depth) if n == 0 or n % 4}
    else:
        group = c.count("layer_group_size", default=4)
        delta = {n for n in range(depth) if (n + 1) % group != 0}
    return ["linear_attention" if n in delta else "full_attention" for n in range(depth)]


def mimo_v2_flash(c: Fields) -> Stack:
    """MiMo-V2: windowed layers with twice the key-value heads and sinks, values smaller than keys, experts."""
    hidden, depth = c.count("hidden_size"), c.layers("num_hidden_layers")
    window = c.count("sliding_window_size", "sliding_window", default=128)
    pattern = c.listed("hybrid_layer_pattern")
    said = _kinds(c, depth, "layer_types")
    if not said and pattern:
        said = [("full_attention", "sliding_attention")[bool(v)] for v in pattern[:depth]]
    kinds = said or ["full_attention" if n == 0 or (n + 1) % 6 == 0 else "sliding_attention" for n in range(depth)]
    bias = c.flag("attention_bias", default=False)
    full = replace(grouped_attention(c, hidden), value_dim=c.count("v_head_dim"), qkv_bias=bias)
    near = replace(
        full,
        kv_heads=c.count("swa_num_key_value_heads", default=2 * full.kv_heads),
        window=window,
        extra_params=full.heads,
    )
    number, size = c.count("n_routed_experts", "num_experts", "num_local_experts"), c.count("moe_intermediate_size")
    freq, words = c.listed("moe_layer_freq"), _kinds(c, depth, "mlp_layer_types")
    mixture, dense = experts(c, number, size), gated(c)
    layers: list[Layer] = []
    for n, kind in enumerate(kinds):
        plain = words[n] == "dense" if words else not freq[n] if freq else n == 0
        layers.append((full if kind == "full_attention" else near, dense if plain else mixture, 2 * hidden))
    return decoder_ends(c, hidden, grouped(layers))


def longcat_flash(c: Fields) -> Stack:
    """LongCat-Flash: two attentions and two dense feed-forwards in a layer, experts beside both; zero experts have a
    row of the router and no weights."""
    hidden, depth = c.count("hidden_size"), c.layers("num_layers", "num_hidden_layers")
    full = latent(c)
    dense = FeedForward(size=c.count("ffn_hidden_size"), gated=True)
    number, zero = c.count("n_routed_experts"), c.count("zero_expert_num", default=0, least=0)
    mixture = Experts(
        experts=number,
        per_token=c.count("moe_topk", most=number + zero),
        size=c.count("expert_ffn_hidden_size"),
    )
    bias = c.flag("attention_bias", default=False) * (
        full.q_lora_rank + full.kv_lora_rank + full.rope_head_dim + hidden
    )
    halves = Layers(count=2 * depth, mixer=full, feed=dense, norm_params=2 * hidden + bias)
    sides = Layers(count=depth, mixer=None, feed=mixture, norm_params=zero * hidden, beside=True)
    return decoder_ends(c, hidden, (halves, sides))


def recurrent_gemma(c: Fields) -> Stack:
    """RecurrentGemma: two gated linear recurrences for each windowed attention; a feed-forward of half the size."""
    hidden, depth = c.count("hidden_size"), c.layers("num_hidden_layers")
    wide, heads = c.count("lru_width", default=hidden), c.count("num_attention_heads")
    blocks = c.listed("block_types", None) or ["recurrent", "recurrent", "attention"]
    recurrence = Recurrence(
        matmul_params=3 * hidden * wide + 2 * wide * wide // heads,
        other_params=2 * wide + hidden + wide * (c.count("conv1d_width", default=4) + 1) + wide + 2 * wide,
        state_elements=wide,
        kind="linear",
    )
    attention = replace(
        grouped_attention(c, hidden, window=c.count("attention_window_size", default=2048)),
        qkv_bias=c.flag("attention_bias", default=False),
        out_bias=True,
    )
    feed = FeedForward(size=c.count("intermediate_size") // 2, gated=True, bias=True)
    layers: list[Layer] = [
        (recurrence if blocks[n % len(blocks)] == "recurrent" else attention, feed, 2 * hidden) for n in range(depth)
    ]
    return decoder_ends(c, hidden, grouped(layers))


def jetmoe(c: Fields) -> Stack:
    """JetMoE: experts of queries and outputs over shared keys and values, experts of feed-forwards."""
    hidden, depth = c.count("hidden_size"), c.layers("num_hidden_layers")
    kv_heads, size, number = c.count("num_key_value_heads"), c.count("kv_channels"), c.count("num_local_experts")
    per_token = c.count("num_experts_per_tok", most=number)
    heads = kv_heads * per_token
    extra = hidden * number + hidden + 2 * (number - per_token) * hidden * kv_heads * size
    attention = Attention(heads=heads, kv_heads=kv_heads, head_dim=size, extra_params=extra)
    feed = experts(c, number, c.count("intermediate_size"))
    return decoder_ends(c, hidden, grouped([(attention, feed, 3 * hidden)] * depth))


def xlstm(c: Fields) -> Stack:
    """xLSTM: a matrix memory in each of its heads, then a gated feed-forward; never tied."""
    hidden, depth = c.count("hidden_size"), c.layers("num_blocks", "num_hidden_layers")
    heads, bias = c.count("num_heads"), c.flag("use_bias", default=False)
    keys = floor(hidden * c.number("qk_dim_factor", 0.5))
    values = floor(hidden * c.number("v_dim_factor", 1.0))
    step = c.count("ffn_round_up_to_multiple_of", default=64)
    size = step * ((floor(hidden * c.number("ffn_proj_factor", 2.667)) + step - 1) // step)
    mixer = Recurrence(
        matmul_params=hidden * (2 * keys + 2 * values + 2 * heads) + values * hidden,
        other_params=2 * heads + values + bias * (2 * keys + 2 * values + values + hidden),
        state_elements=keys * values // heads,
        kind="linear",
    )
    feed = FeedForward(size=size, gated=True, bias=bias)
    last = c.flag("add_out_norm", default=True)
    layers: list[Layer] = [(mixer, feed, 2 * hidden + bias * 2 * hidden)] * depth
    stack = decoder_ends(c.replaced(tie_word_embeddings=False), hidden, grouped(layers))
    width = c.count("embedding_dim", default=hidden)
    more = (width - hidden) * stack.vocab_size - (0 if last else hidden)
    return replace(stack, other_params=stack.other_params + more)


def rwkv(c: Fields) -> Stack:
    """RWKV-4: a decayed sum in each channel, a squared feed-forward with a gate of its own."""
    hidden, depth = c.count("hidden_size"), c.layers("num_hidden_layers")
    wide, size = c.count("attention_hidden_size", default=hidden), c.count("intermediate_size", default=4 * hidden)
    mixer = Recurrence(
        matmul_params=4 * hidden * wide + hidden * hidden,
        other_params=2 * wide + 5 * hidden,
        state_elements=5 * hidden,
        kind="linear",
    )
    stack = decoder_ends(c, hidden, grouped([(mixer, FeedForward(size=size, gated=False), 4 * hidden)] * depth))
    return replace(stack, other_params=stack.other_params + 3 * hidden)


def zaya(c: Fields) -> Stack:
    """ZAYA: attention convolved over time, a small network for a router that keeps its state from layer to layer."""
    hidden, depth = c.count("hidden_size"), c.layers("num_hidden_layers")
    plain = grouped_attention(c, hidden)
    channels = (plain.heads + plain.kv_heads) * plain.head_dim
    grouped_taps = channels * plain.head_dim * c.count("cca_time1")
    taps = channels * c.count("cca_time0") + channels + grouped_taps + channels + plain.kv_heads
    bias = c.flag("attention_bias", default=False)
    attention = replace(plain, qkv_bias=bias, out_bias=bias, extra_params=taps)
    number, wide = c.count("num_experts"), c.count("router_hidden_size")
    router = hidden * wide + wide + wide + 2 * (wide * wide + wide) + (number + 1) * wide - number * hidden
    feed = experts(c, number, c.count("moe_intermediate_size"))
    stack = decoder_ends(c, hidden, grouped([(attention, feed, 10 * hidden + router)] * depth))
    beside = 2 * hidden + (depth - 1) * wide + c.flag("lm_head_bias", default=False) * stack.vocab_size
    return replace(stack, other_params=stack.other_params + beside)


def gemma3n(c: Fields) -> Stack:
    """Gemma 3n: four residual streams, a low-rank side path, a table of its own for every layer; the last layers use
    keys and values of earlier ones."""
    hidden, depth = c.count("hidden_size"), c.layers("num_hidden_layers")
    streams, low, each = (
        c.count("altup_num_inputs", default=4),
        c.count("laurel_rank", default=64),
        c.count("hidden_size_per_layer_input", default=256),
    )
    kinds = _kinds(c, depth, "layer_types") or [
        "full_attention" if (n + 1) % 5 == 0 else "sliding_attention" for n in range(depth)
    ]
    sizes = c.counts("intermediate_size", length=depth)
    shared = c.count("num_kv_shared_layers", default=15, least=0)
    beside = 4 * hidden + hidden + streams**2 + streams**3 + streams * hidden + hidden
    beside += 2 * hidden * low + hidden + 2 * hidden * each + hidden
    layers: list[Layer] = []
    for n, kind in enumerate(kinds):
        window = 0 if kind == "full_attention" else c.count("sliding_window", default=512)
        own = n < depth - shared
        plain = grouped_attention(c, hidden, window=window, bias=c.flag("attention_bias", default=False))
        attention = replace(
            plain, kv_heads=plain.kv_heads if own else 0, extra_params=plain.head_dim * (2 if own else 1)
        )
        layers.append((attention, FeedForward(size=sizes[n], gated=True), beside))
    stack = decoder_ends(c, hidden, grouped(layers))
    rows = c.count("vocab_size_per_layer_input", default=262144, most=10**8)
    tables = rows * depth * each + hidden * depth * each + each + 2 * (streams - 1) * hidden**2
    return replace(stack, other_params=stack.other_params + tables)
