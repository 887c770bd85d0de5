"""From a few published sizes to a whole shape: what is missing is derived by a stated rule, and named.

The rules are regularities of published models, good for memory and for the attention term, never for a parameter
count that somebody will quote: whoever gives all sizes gets exactly those.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from app.formulas.compute import feed_forward_params, projection_params
from app.formulas.layers import Attention, Block, Experts, FeedForward, LatentAttention, Recurrence, Stack
from app.formulas.parameters import stack_params

ASPECT_RATIO = 128
"""Hidden size over layers: 128 in GPT-3 175B and Llama 2 7B, 102 in Llama 2 70B, 130 in Llama 3.1 405B."""
LATENT = {"q_lora_rank": 1536, "kv_lora_rank": 512, "qk_rope_head_dim": 64, "qk_nope_head_dim": 128, "v_head_dim": 128}
"""DeepSeek-V3's latent sizes, taken where multi-head latent attention is said and no rank is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """A transformer as flat numbers, each of them optional: the fields of API.md's `architecture`."""

    kind: str = "transformer"
    params: int | None = None
    active_params: int | None = None
    layers: int | None = None
    hidden_size: int | None = None
    heads: int | None = None
    kv_heads: int | None = None
    head_dim: int | None = None
    ffn_size: int | None = None
    ffn_gated: bool | None = None
    vocab_size: int | None = None
    tied_embeddings: bool | None = None
    attention: str | None = None
    full_attention_layers: int | None = None
    sliding_window: int | None = None
    experts: int | None = None
    experts_per_token: int | None = None
    shared_experts: int | None = None
    dense_layers: int | None = None
    expert_ffn_size: int | None = None
    q_lora_rank: int | None = None
    kv_lora_rank: int | None = None
    qk_rope_head_dim: int | None = None
    qk_nope_head_dim: int | None = None
    v_head_dim: int | None = None
    state_elements_per_layer: int | None = None
    encoder_layers: int | None = None
    mtp_layers: int | None = None
    positions: int | None = None
    """Rows of the table of learned positions; 0 where positions are computed."""

    def known(self) -> dict[str, Any]:
        """The fields that somebody gave."""
        return {name: value for name in NAMES if (value := getattr(self, name)) is not None}


NAMES = tuple(f.name for f in fields(Sizes))


class Contradiction(ValueError):
    """Given sizes that cannot all hold; `field` is the one to look at, `hint` what would be right."""

    def __init__(self, field: str, detail: str, hint: str) -> None:
        super().__init__(detail)
        self.field = field
        self.hint = hint


@dataclass(slots=True)
class _Draft:
    """Sizes on their way to being whole, and why each derived one is what it is."""

    sizes: dict[str, Any]
    why: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.sizes.get(name)

    def derive(self, name: str, value: Any, why: str) -> None:
        """Set a size nobody gave."""
        if name not in self.sizes:
            self.sizes[name] = value
            self.why[name] = why


def filled(given: Sizes, *, sequence_tokens: int = 2048) -> tuple[Sizes, Mapping[str, str]]:
    """The sizes with every blank derived, and the reason of each derived one.

    Args:
        given: at least `params`, or `layers` and `hidden_size`.
        sequence_tokens: training context, taken as the number of learned positions where a model has them.

    Returns: sizes (only `params` and `active_params` may stay blank) and {field: reason}.

    Raises:
        Contradiction: too little is given, or sizes contradict each other.

    Source: rules stated in the reasons; see ASPECT_RATIO and LATENT.
    """
    draft = _Draft(given.known())
    only_params = "hidden_size" not in draft.sizes and "heads" not in draft.sizes
    _derive_width(draft)
    _derive_heads(draft, grouped=only_params)
    _derive_attention(draft)
    _derive_experts(draft)
    _derive_embeddings(draft, modern=only_params, sequence_tokens=sequence_tokens)
    _derive_feed_forward(draft)
    return Sizes(**draft.sizes), draft.why


def _derive_width(s: _Draft) -> None:
    size = s["active_params"] or s["params"]
    if size is None and not (s["layers"] and s["hidden_size"]):
        missing = "hidden_size" if s["layers"] else "layers"
        raise Contradiction(missing, f"{missing} is missing", "params, or both layers and hidden_size")
    if s["hidden_size"] is None:
        deep = s["layers"] + (s["encoder_layers"] or 0) if s["layers"] else None
        root = (size / (12 * deep)) ** (1 / 2) if deep else (size * ASPECT_RATIO / 12) ** (1 / 3)
        step = 128 if root >= 512 else 64
        s.derive("hidden_size", max(64, round(root / step) * step), "P = 12 L h^2, h = 128 L if L is not given either")
    if s["layers"] is None:
        s.derive("layers", max(1, round(size / (12 * s["hidden_size"] ** 2))), "P = 12 L h^2")
    if s["kind"] == "encoder_decoder":
        s.derive("encoder_layers", s["layers"], "as many as the decoder has")


def _derive_heads(s: _Draft, *, grouped: bool) -> None:
    hidden = s["hidden_size"]
    base = (s["attention"] or "").split("+")[0]
    if base == "mla" or s["kv_lora_rank"]:
        s.derive("heads", max(1, hidden // 56), "as in DeepSeek-V3: 128 heads at a hidden size of 7168")
        for name, size in LATENT.items():
            s.derive(name, size, "DeepSeek-V3's")
        s.derive("head_dim", s["qk_nope_head_dim"], "the part of the head without rotation")
        s.derive("kv_heads", 1, "one latent for all heads")
    usual = 128 if hidden >= 2048 and hidden % 128 == 0 else 64
    s.derive(
        "head_dim", max(1, hidden // s["heads"]) if s["heads"] else usual, "hidden size over heads, else 128 or 64"
    )
    s.derive("heads", max(1, hidden // s["head_dim"]), "hidden size over head size")
    if base == "mqa":
        s.derive("kv_heads", 1, "multi-query attention")
    elif base in {"gqa", "hybrid-linear", "hybrid-mamba"} or (grouped and not base):
        s.derive("kv_heads", min(8, s["heads"]), "8, as most models since 2023 group their heads")
    s.derive("kv_heads", s["heads"], "one for each head: no grouping was given")


def _derive_attention(s: _Draft) -> None:
    base = "mla" if s["kv_lora_rank"] else "mha" if s["kv_heads"] == s["heads"] else "gqa"
    base = "mqa" if s["kv_heads"] == 1 and base == "gqa" else base
    s.derive("attention", base + ("+swa" if s["sliding_window"] else ""), "from heads, key-value heads and window")
    attention = s["attention"]
    local = "swa" in attention or "chunked" in attention
    s.derive("sliding_window", 4096 if local else 0, "4096 as in Mistral 7B" if local else "no windowed layer")
    layers = s["layers"]
    if s["kind"] == "ssm":
        s.derive("full_attention_layers", 0, "state space in every layer")
    elif "hybrid-mamba" in attention:
        s.derive("full_attention_layers", max(1, layers // 8), "an eighth, beside Mamba layers")
    elif "hybrid-linear" in attention or "chunked" in attention:
        s.derive("full_attention_layers", max(1, layers // 4), "a quarter, beside linear or chunked layers")
    s.derive("full_attention_layers", 0 if local else layers, "none, all are windowed" if local else "all")
    hybrid = "hybrid" in attention or s["kind"] == "ssm"
    s.derive("state_elements_per_layer", 128 * s["hidden_size"] if hybrid else 0, "128 per channel where recurrent")
    if s["full_attention_layers"] > layers:
        raise Contradiction(
            "full_attention_layers", f"{s['full_attention_layers']} of {layers} layers", f"0 to {layers}"
        )


def _derive_experts(s: _Draft) -> None:
    s.derive("experts", 0, "no mixture")
    mixture = s["experts"] > 0
    s.derive("experts_per_token", min(2, s["experts"]), "2, as in Mixtral" if mixture else "no mixture")
    s.derive("shared_experts", 0, "none was given")
    s.derive("dense_layers", 0 if mixture else s["layers"], "every layer has experts" if mixture else "no mixture")
    if s["experts_per_token"] > s["experts"]:
        raise Contradiction(
            "experts_per_token", f"{s['experts_per_token']} of {s['experts']} experts", "at most experts"
        )
    if s["dense_layers"] > s["layers"]:
        raise Contradiction("dense_layers", f"{s['dense_layers']} of {s['layers']} layers", "at most layers")
    if s["params"] and s["active_params"] and s["active_params"] > s["params"]:
        raise Contradiction("active_params", "more active parameters than parameters", "at most params")


def _derive_embeddings(s: _Draft, *, modern: bool, sequence_tokens: int) -> None:
    hidden, ffn = s["hidden_size"], s["ffn_size"]
    grouped = s["kv_heads"] < s["heads"] or s["experts"] > 0
    odd = ffn is not None and ffn != 4 * hidden
    decoder = s["kind"] == "transformer"
    s.derive(
        "ffn_gated", decoder and (modern or grouped or odd), "gated unless it looks like a GPT: MHA, 4 h, one size"
    )
    gpt = not s["ffn_gated"]
    large = (s["params"] or 0) >= 3_000_000_000
    if s["kind"] == "vit":
        s.derive("vocab_size", 0, "patches, not words")
    s.derive("vocab_size", 128256 if modern and large else 50257, "Llama 3's in large models, GPT-2's in others")
    s.derive("tied_embeddings", gpt or (modern and not large), "GPT and small models share input and output embeddings")
    s.derive("positions", sequence_tokens if gpt and s["kind"] != "ssm" else 0, "GPT models learn their positions")


WIDEST_FEED_FORWARD = 128
"""Feed-forward size over hidden size beyond which parameters and depth contradict each other (T5-11B has 64)."""


def _derive_feed_forward(s: _Draft) -> None:
    hidden, gated = s["hidden_size"], s["ffn_gated"]
    if s["experts"] and s["ffn_size"] is not None:
        s.derive("expert_ffn_size", s["ffn_size"], "the feed-forward size given is one expert's")
    usual = round(8 * hidden / 3 / 256) * 256 or 256
    if s["ffn_size"] is None and s["expert_ffn_size"] is None:
        solved = _solved_ffn(s)
        if s["experts"]:
            s.derive("expert_ffn_size", solved or usual, "what the parameters leave" if solved else "8/3 h")
        else:
            s.derive("ffn_size", solved or (usual if gated else 4 * hidden), "what params leave, else 8/3 h or 4 h")
    s.derive("ffn_size", usual if gated else 4 * hidden, "8/3 h where gated, else 4 h")
    s.derive("expert_ffn_size", 0, "no mixture")


def _solved_ffn(s: _Draft) -> int | None:
    """The feed-forward size that makes the count come out at the given (active, else all) parameters, or None."""
    target = s["active_params"] or s["params"]
    if not target or s["kind"] == "ssm" or "hybrid" in s["attention"]:
        return None
    left = target - _without_feed_forward(s)
    if left <= 0 and "vocab_size" in s.why:
        s.sizes["vocab_size"] = max(1, min(s["vocab_size"], target // (4 * s["hidden_size"])))
        left = target - _without_feed_forward(s)
    used = (s["experts_per_token"] if s["active_params"] else s["experts"]) + s["shared_experts"] if s["experts"] else 1
    wide = s["layers"] + (s["encoder_layers"] or 0) - (s["dense_layers"] if s["experts"] else 0)
    each = (3 if s["ffn_gated"] else 2) * s["hidden_size"] * wide * used
    size = round(left / each) if each else 0
    said = "hidden_size" not in s.why and "layers" not in s.why
    if said and not 0 < size <= WIDEST_FEED_FORWARD * s["hidden_size"]:
        relation = "fewer than the attention alone has" if size <= 0 else "far more than they can hold"
        detail = f"{target} parameters in so many layers of this width: {relation}"
        raise Contradiction("params", detail, "other params, layers or hidden_size")
    return size if size > 0 else None


def _without_feed_forward(s: _Draft) -> int:
    return stack_params(stack_of(Sizes(**{**s.sizes, "ffn_size": 0, "expert_ffn_size": 0}))).total


def stack_of(sizes: Sizes) -> Stack:
    """The stack that filled sizes describe.

    Gated models are taken as Llama's (RMSNorm, no biases), others as GPT's (LayerNorm, biases, learned positions).

    Args:
        sizes: no blanks but `params` and `active_params`.

    Returns: a stack; recurrent layers hold what the active parameters leave for them.
    """
    s = sizes
    assert s.hidden_size is not None and s.layers is not None and s.vocab_size is not None
    decoder = _blocks(s, s.layers, cross=s.kind == "encoder_decoder")
    ahead = s.mtp_layers or 0
    if ahead:
        decoder = (*decoder[:-1], replace(decoder[-1], count=decoder[-1].count + ahead))
    gpt = not s.ffn_gated
    stack = Stack(
        hidden_size=s.hidden_size,
        vocab_size=s.vocab_size,
        blocks=decoder,
        encoder=_encoder(s) if s.kind == "encoder_decoder" else (),
        tied_embeddings=bool(s.tied_embeddings),
        causal=s.kind not in {"encoder", "vit"},
        has_head=s.vocab_size > 0,
        mtp_layers=ahead,
        other_params=s.hidden_size * ((2 if gpt else 1) + (s.positions or 0)),
    )
    return _with_recurrence(stack, sizes)


def _attention_of(s: Sizes, window: int) -> Attention | LatentAttention:
    assert s.heads and s.kv_heads and s.head_dim and s.attention
    if s.attention.startswith("mla"):
        assert s.qk_nope_head_dim is not None and s.qk_rope_head_dim is not None
        assert s.q_lora_rank is not None and s.kv_lora_rank is not None and s.v_head_dim is not None
        return LatentAttention(
            heads=s.heads,
            q_lora_rank=s.q_lora_rank,
            kv_lora_rank=s.kv_lora_rank,
            nope_head_dim=s.qk_nope_head_dim,
            rope_head_dim=s.qk_rope_head_dim,
            v_head_dim=s.v_head_dim,
        )
    gpt = not s.ffn_gated
    return Attention(
        heads=s.heads,
        kv_heads=s.kv_heads,
        head_dim=s.head_dim,
        window=window,
        chunked="chunked" in s.attention,
        qkv_bias=gpt,
        out_bias=gpt,
    )


def _blocks(s: Sizes, layers: int, *, cross: bool) -> tuple[Block, ...]:
    """Layers by mixer (full, local) and by feed-forward (dense, experts); the two are taken as independent."""
    full = min(s.full_attention_layers or 0, layers)
    recurrent = s.kind == "ssm" or "hybrid" in (s.attention or "")
    state = s.state_elements_per_layer or 0
    named: Literal["mamba", "linear"] = "linear" if "hybrid-linear" in (s.attention or "") else "mamba"
    local = Recurrence(matmul_params=0, state_elements=state, kind=named) if recurrent else None
    mixers = [(full, _attention_of(s, 0)), (layers - full, local or _attention_of(s, s.sliding_window or 0))]
    dense = min(s.dense_layers or 0, layers) if s.experts else layers
    blocks: list[Block] = []
    for count, mixer in mixers:
        take = min(dense, count)
        dense -= take
        for number, feed in ((take, _dense(s)), (count - take, _mixture(s))):
            if number:
                blocks.append(_block(s, number, mixer, feed, cross=cross))
    return tuple(blocks)


def _block(s: Sizes, count: int, mixer: Any, feed: FeedForward | Experts | None, *, cross: bool) -> Block:
    assert s.hidden_size
    norm = (2 if not s.ffn_gated else 1) * s.hidden_size * (1 + (feed is not None) + cross)
    attended = _attention_of(s, 0) if cross else None
    assert not isinstance(attended, LatentAttention)
    return Block(count=count, mixer=mixer, feed=feed, cross=attended, norm_params=norm)


def _dense(s: Sizes) -> FeedForward | None:
    if s.kind == "ssm":
        return None
    return FeedForward(size=s.ffn_size or 0, gated=bool(s.ffn_gated), bias=not s.ffn_gated)


def _mixture(s: Sizes) -> Experts:
    size = s.expert_ffn_size or 0
    return Experts(
        experts=s.experts or 0,
        per_token=s.experts_per_token or 0,
        size=size,
        gated=bool(s.ffn_gated),
        shared_size=(s.shared_experts or 0) * size,
    )


def _encoder(s: Sizes) -> tuple[Block, ...]:
    return (_block(s, s.encoder_layers or 0, _attention_of(s, 0), _dense(s), cross=False),)


def _with_recurrence(stack: Stack, sizes: Sizes) -> Stack:
    """Recurrent layers given the weights that the active parameters leave, or 6 h^2 each (Mamba: d_in = 2 h)."""
    recurrent = sum(block.count for block in stack.blocks if isinstance(block.mixer, Recurrence))
    if not recurrent:
        return stack
    target = sizes.active_params or sizes.params
    left = (target - stack_params(stack).active) // recurrent if target else 6 * stack.hidden_size**2
    blocks = tuple(
        replace(b, mixer=replace(b.mixer, matmul_params=max(left, 0))) if isinstance(b.mixer, Recurrence) else b
        for b in stack.blocks
    )
    return replace(stack, blocks=blocks)


def matmul_params(stack: Stack) -> int:
    """Weights one token is multiplied with, head included, look-ups and norms left out.

    Args:
        stack: the model.

    Returns: parameters.

    Source: Kaplan et al. 2020, section 2.1 (N without embeddings), plus the output head.
    """
    weights = stack.hidden_size * stack.vocab_size * stack.has_head + stack.head_params
    for block in (*stack.encoder, *stack.blocks):
        mixer = block.mixer
        mixing = mixer.matmul_params if isinstance(mixer, Recurrence) else 0
        if isinstance(mixer, Attention | LatentAttention):
            mixing = projection_params(stack.hidden_size, mixer)
        crossing = projection_params(stack.hidden_size, block.cross) if block.cross else 0
        weights += block.count * (mixing + crossing + feed_forward_params(stack.hidden_size, block.feed, active=True))
    return weights


def adapter_params(stack: Stack, rank: int) -> int:
    """Parameters of low-rank adapters of `rank` on every projection and feed-forward matrix of every layer.

    Sum over matrices of r (inputs + outputs); experts are adapted one by one only where a token uses them.

    Args:
        stack: the model.
        rank: r, > 0.

    Returns: parameters.

    Source: Hu et al. 2021 (LoRA), section 4.1.
    """
    h = stack.hidden_size
    total = 0
    for block in (*stack.encoder, *stack.blocks):
        sides = 0
        if isinstance(block.mixer, Attention):
            heads, keys = block.mixer.heads * block.mixer.head_dim, block.mixer.kv_heads * block.mixer.head_dim
            sides += 2 * (h + heads) + 2 * (h + keys)
        elif isinstance(block.mixer, LatentAttention):
            sides += 2 * (h + block.mixer.heads * block.mixer.v_head_dim)
        if isinstance(block.feed, FeedForward):
            sides += (3 if block.feed.gated else 2) * (h + block.feed.size)
        elif isinstance(block.feed, Experts):
            sides += (3 if block.feed.gated else 2) * (h + block.feed.size) * block.feed.per_token
        total += block.count * rank * sides
    return total


def sizes_of(stack: Stack, kind: str) -> Sizes:
    """The flat sizes of a stack; where layers differ, those of the first of their sort.

    Args:
        stack: the model.
        kind: its kind of architecture.

    Returns: sizes; latent attention counts as one key-value head, a hybrid's recurrent layers by their state.
    """
    blocks = stack.blocks
    mixers = [(block.count, block.mixer) for block in blocks]
    attention = next((m for _, m in mixers if isinstance(m, Attention)), None)
    latent = next((m for _, m in mixers if isinstance(m, LatentAttention)), None)
    recurrent = next((m for _, m in mixers if isinstance(m, Recurrence)), None)
    dense = next((b.feed for b in blocks if isinstance(b.feed, FeedForward)), None)
    mixture = next((b.feed for b in blocks if isinstance(b.feed, Experts)), None)
    whole = sum(n for n, m in mixers if isinstance(m, LatentAttention) or (isinstance(m, Attention) and not m.window))
    local = next((m for _, m in mixers if isinstance(m, Attention) and m.window), None)
    count = stack_params(stack)
    gated = (dense or mixture).gated if dense or mixture else False  # type: ignore[union-attr]  # one of them is there
    return Sizes(
        kind=kind,
        params=count.total,
        active_params=count.active,
        layers=stack.layers,
        hidden_size=stack.hidden_size,
        heads=attention.heads if attention else latent.heads if latent else None,
        kv_heads=attention.kv_heads if attention else 1 if latent else None,
        head_dim=attention.head_dim if attention else latent.nope_head_dim if latent else None,
        ffn_size=dense.size if dense else None,
        ffn_gated=gated,
        vocab_size=stack.vocab_size,
        tied_embeddings=stack.tied_embeddings,
        attention=_attention_word(attention, latent, recurrent, local),
        full_attention_layers=whole,
        sliding_window=local.window if local else 0,
        experts=mixture.experts if mixture else 0,
        experts_per_token=mixture.per_token if mixture else 0,
        shared_experts=round(mixture.shared_size / mixture.size) if mixture else 0,
        dense_layers=sum(b.count for b in blocks if isinstance(b.feed, FeedForward)),
        expert_ffn_size=mixture.size if mixture else 0,
        q_lora_rank=latent.q_lora_rank if latent else None,
        kv_lora_rank=latent.kv_lora_rank if latent else None,
        qk_rope_head_dim=latent.rope_head_dim if latent else None,
        qk_nope_head_dim=latent.nope_head_dim if latent else None,
        v_head_dim=latent.v_head_dim if latent else None,
        state_elements_per_layer=recurrent.state_elements if recurrent else 0,
        encoder_layers=sum(b.count for b in stack.encoder) or None,
    )


def _attention_word(
    attention: Attention | None, latent: LatentAttention | None, recurrent: Recurrence | None, local: Attention | None
) -> str:
    if recurrent is not None:
        return f"hybrid-{recurrent.kind}" if attention else ""
    if latent is not None:
        return "mla"
    if attention is None:
        return ""
    one = attention.kv_heads == 1 and attention.heads > 1
    base = "mha" if attention.kv_heads == attention.heads else "mqa" if one else "gqa"
    return base + (("+chunked" if local.chunked else "+swa") if local else "")
