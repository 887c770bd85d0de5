"""Gemma 4's config: two widths of attention, shared keys, experts beside a dense feed-forward."""

from mlquote.estimators.models.hugging_face.decoders import Layer, grouped, head_of
from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.formulas.models.layers import Attention, Experts, FeedForward, Stack


def gemma4(c: Fields) -> Stack:
    """Gemma 4: wider heads in full layers, whose keys give the values; dense and experts side by side; last layers
    may share keys and values with earlier ones; small models read a second embedding in every layer.
    """
    hidden, depth = c.count("hidden_size"), c.layers("num_hidden_layers")
    types = c.listed("layer_types", depth) or [
        "full_attention" if (n + 1) % 6 == 0 or n + 1 == depth else "sliding_attention" for n in range(depth)
    ]
    shared = c.count("num_kv_shared_layers", default=0, least=0, most=depth)
    per_layer = c.count("hidden_size_per_layer_input", default=0, least=0)
    mixture = c.flag("enable_moe_block", default=False)
    norm = hidden * (4 + 3 * mixture) + (hidden + c.count("num_experts") if mixture else 0)
    norm += 2 * hidden * per_layer + hidden if per_layer else 0
    layers: list[Layer] = []
    for n, word in enumerate(types):
        reused = n >= depth - shared
        mixer = _gemma4_attention(c, full=word == "full_attention", reused=reused)
        layers.append((mixer, _gemma4_feed(c, mixture=mixture, reused=reused), norm))
    vocabulary = c.count("vocab_size", default=262144, most=10**8)
    second = c.count("vocab_size_per_layer_input", default=vocabulary, most=10**8) * depth * per_layer
    joined = hidden * depth * per_layer + per_layer
    head = head_of(c)
    return Stack(
        hidden_size=hidden,
        vocab_size=vocabulary,
        blocks=grouped(layers),
        tied_embeddings=c.flag("tie_word_embeddings", default=True),
        has_head=head.logits,
        other_params=hidden + second + joined + head.beside(hidden),
    )


def _gemma4_attention(c: Fields, *, full: bool, reused: bool) -> Attention:
    heads = c.count("num_attention_heads", default=8)
    kv_heads = c.count("num_key_value_heads", default=4, most=heads)
    head_dim = c.count("head_dim", default=256)
    bias = c.flag("attention_bias", default=False)
    same = full and c.flag("attention_k_eq_v", default=False)
    if full:
        head_dim = c.count("global_head_dim", default=512)
        kv_heads = c.count("num_global_key_value_heads", default=kv_heads, most=heads) if same else kv_heads
    return Attention(
        heads=heads,
        kv_heads=0 if reused else kv_heads,
        head_dim=head_dim,
        qkv_bias=bias,
        out_bias=bias,
        window=0 if full else c.count("sliding_window", default=512),
        values_from_keys=same,
        extra_params=head_dim * (1 if reused else 2),
    )


def _gemma4_feed(c: Fields, *, mixture: bool, reused: bool) -> FeedForward | Experts:
    size = c.count("intermediate_size") * (2 if reused and c.flag("use_double_wide_mlp", default=False) else 1)
    if not mixture:
        return FeedForward(size=size, gated=True)
    experts = c.count("num_experts")
    per_token = c.count("top_k_experts", "num_experts_per_tok", most=experts)
    return Experts(experts=experts, per_token=per_token, size=c.count("moe_intermediate_size"), shared_size=size)
