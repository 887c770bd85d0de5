"""From a few published sizes to a whole shape: what is missing is derived by a stated rule, and named.

The rules are regularities of published models, good for memory and for the attention term, never for a parameter
count that somebody will quote: whoever gives all sizes gets exactly those.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mlquote.formulas.models.parameters import stack_params
from mlquote.formulas.models.sizes import Sizes
from mlquote.formulas.models.stacks import stack_of

ASPECT_RATIO = 128
"""Hidden size over layers: 128 in GPT-3 175B and Llama 2 7B, 102 in Llama 2 70B, 130 in Llama 3.1 405B."""
LATENT = {"q_lora_rank": 1536, "kv_lora_rank": 512, "qk_rope_head_dim": 64, "qk_nope_head_dim": 128, "v_head_dim": 128}
"""DeepSeek-V3's latent sizes, taken where multi-head latent attention is said and no rank is."""


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
    if (base == "mla" or s["kv_lora_rank"]) and s["kind"] == "encoder_decoder":
        raise Contradiction("attention", "latent attention in an encoder-decoder", "mha, gqa or mqa")
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
    known = s["active_params"] or (s["params"] and not s["experts"])
    if "hybrid" in s["attention"] and known and s["ffn_size"] is None and s["expert_ffn_size"] is None:
        for name in ("ffn_size", "expert_ffn_size"):
            s.derive(name, 0, "not told apart: recurrent layers hold what attention and embeddings leave")
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
