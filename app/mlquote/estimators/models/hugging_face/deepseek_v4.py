"""DeepSeek-V4's config: attention to compressed entries, and residual streams side by side."""

from mlquote.estimators.models.hugging_face.decoders import grouped
from mlquote.estimators.models.hugging_face.fields import Fields
from mlquote.formulas.models.layers import CompressedAttention, Experts, Stack
from mlquote.kit.errors import OutOfDomain


def deepseek_v4(c: Fields) -> Stack:
    """A window and, by the layer's ratio, entries of 4 tokens that an indexer picks or all entries of 128; experts in
    every layer; four residual streams, mixed before and after each half of a layer.
    """
    hidden, depth = c.count("hidden_size"), c.layers("num_hidden_layers")
    ratios = _ratios(c, depth)
    streams = c.count("hc_mult", default=4, most=64)
    mixing = (2 + streams) * streams * (streams * hidden + 1) + 3
    norm = 2 * hidden + 2 * mixing
    experts = c.count("n_routed_experts")
    size = c.count("moe_intermediate_size")
    feed = Experts(
        experts=experts,
        per_token=c.count("num_experts_per_tok", most=experts),
        size=size,
        shared_size=size * c.count("n_shared_experts", default=1, least=0),
    )
    mixers = {ratio: _compressed(c, ratio) for ratio in dict.fromkeys(ratios)}
    return Stack(
        hidden_size=hidden,
        vocab_size=c.count("vocab_size", most=10**8),
        blocks=grouped([(mixers[ratio], feed, norm) for ratio in ratios]),
        tied_embeddings=c.flag("tie_word_embeddings", default=False),
        other_params=hidden + streams * (streams * hidden + 1) + 1,
    )


def _ratios(c: Fields, depth: int) -> list[int]:
    """Tokens per compressed entry in each layer; a place more than layers belongs to the look-ahead layer."""
    given = (c.listed("compress_ratios") or [])[:depth]
    if len(given) != depth or not all(isinstance(r, int) and 0 <= r <= 10**6 for r in given):
        raise OutOfDomain(
            "compress_ratios is not one number a layer", pointer=c.at("compress_ratios"), hint="0, 4, 128"
        )
    return given


def _compressed(c: Fields, ratio: int) -> CompressedAttention:
    picked = 0 < ratio <= LARGEST_INDEXED_RATIO
    return CompressedAttention(
        heads=c.count("num_attention_heads"),
        head_dim=c.count("head_dim"),
        q_lora_rank=c.count("q_lora_rank"),
        o_lora_rank=c.count("o_lora_rank"),
        o_groups=c.count("o_groups"),
        window=c.count("sliding_window"),
        ratio=ratio,
        index_heads=c.count("index_n_heads") if picked else 0,
        index_head_dim=c.count("index_head_dim") if picked else 0,
        index_entries=c.count("index_topk") if picked else 0,
    )


LARGEST_INDEXED_RATIO = 4
"""Entries of four tokens are picked by an indexer; the few of 128 are all attended to."""
