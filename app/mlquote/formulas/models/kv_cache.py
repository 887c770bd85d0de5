"""What a sequence keeps while it is being generated: keys and values, latents, recurrent state."""

from mlquote.formulas.models.layers import (
    Attention,
    CompressedAttention,
    LatentAttention,
    Layers,
    Mixer,
    Recurrence,
    Stack,
)


def cached_elements_per_token(mixer: Mixer | None) -> float:
    """Numbers that one layer keeps of one token.

    Grouped: k (d + v), v the size of values (usually d); latent: c + r, one compressed vector and one rotated key for
    all heads, and an indexer's key;
    compressed: (d + j) / r, an entry of each r tokens; recurrence: 0.

    Args:
        mixer: what mixes tokens in the layer.

    Returns: elements.

    Source: Shazeer 2019 (MQA); Ainslie et al. 2023 (GQA); DeepSeek-V2 2024, section 2.1.4.
    """
    if isinstance(mixer, Attention):
        return mixer.kv_heads * (mixer.head_dim + (mixer.value_dim or mixer.head_dim))
    if isinstance(mixer, LatentAttention):
        return mixer.kv_lora_rank + mixer.rope_head_dim + mixer.index_head_dim
    if isinstance(mixer, CompressedAttention) and mixer.ratio:
        return (mixer.head_dim + mixer.index_head_dim) / mixer.ratio
    return 0


def _kept(block: Layers, sequence_tokens: float) -> float:
    window = block.mixer.window if isinstance(block.mixer, Attention) else 0
    return min(sequence_tokens, window) if window else sequence_tokens


def state_elements(stack: Stack) -> int:
    """Numbers in the recurrent states of one sequence, whatever its length.

    Args:
        stack: the model.

    Returns: elements; usually kept in 32 bits.

    Source: Dao and Gu 2024 (Mamba-2): state size N for each of d channels.
    """
    return sum(b.count * b.mixer.state_elements for b in stack.blocks if isinstance(b.mixer, Recurrence))


def attended_flop_per_token(stack: Stack, context_tokens: float) -> float:
    """FLOP of the attention core when one more token is generated after `context_tokens`: 2 a (d_qk + d_v) s a layer.

    Args:
        stack: the model.
        context_tokens: s, tokens in the cache.

    Returns: FLOP per generated token, the products with weights apart.

    Source: Pope et al. 2022, section 2.
    """
    flop = 0.0
    for block in stack.blocks:
        kept, mixer = _kept(block, context_tokens), block.mixer
        if isinstance(mixer, Attention):
            flop += block.count * 2 * mixer.heads * (mixer.head_dim + (mixer.value_dim or mixer.head_dim)) * kept
        elif isinstance(mixer, LatentAttention):
            per_head = mixer.nope_head_dim + mixer.rope_head_dim + mixer.v_head_dim
            chosen = min(kept, mixer.index_tokens) if mixer.index_tokens else kept
            flop += block.count * 2 * mixer.heads * per_head * chosen
            flop += block.count * 2 * mixer.index_heads * mixer.index_head_dim * kept
        elif isinstance(mixer, CompressedAttention):
            entries = kept / mixer.ratio if mixer.ratio else 0.0
            chosen = min(entries, mixer.index_entries) if mixer.index_entries else entries
            near = min(kept, mixer.window)
            flop += block.count * 4 * mixer.heads * mixer.head_dim * (near + chosen)
            flop += block.count * 2 * mixer.index_heads * mixer.index_head_dim * entries
    return flop
