"""Flat sizes to a stack of layers and back, and the matrices that a token is multiplied with."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from mlquote.formulas.models.compute import feed_forward_params, projection_params
from mlquote.formulas.models.layers import (
    Attention,
    CompressedAttention,
    Experts,
    FeedForward,
    LatentAttention,
    Layers,
    Recurrence,
    Softmax,
    Stack,
)
from mlquote.formulas.models.parameters import stack_params
from mlquote.formulas.models.sizes import Sizes


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
    if s.attention.startswith("mla") or ("hybrid" in s.attention and s.kv_lora_rank):
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


def _blocks(s: Sizes, layers: int, *, cross: bool) -> tuple[Layers, ...]:
    """Layers by mixer (full, local) and by feed-forward (dense, experts); the two are taken as independent."""
    full = min(s.full_attention_layers or 0, layers)
    recurrent = s.kind == "ssm" or "hybrid" in (s.attention or "")
    state = s.state_elements_per_layer or 0
    named: Literal["mamba", "linear"] = "linear" if "hybrid-linear" in (s.attention or "") else "mamba"
    local = Recurrence(matmul_params=0, state_elements=state, kind=named) if recurrent else None
    mixers = [(full, _attention_of(s, 0)), (layers - full, local or _attention_of(s, s.sliding_window or 0))]
    dense = min(s.dense_layers or 0, layers) if s.experts else layers
    blocks: list[Layers] = []
    for count, mixer in mixers:
        take = min(dense, count)
        dense -= take
        for number, feed in ((take, _dense(s)), (count - take, _mixture(s))):
            if number:
                blocks.append(_block(s, number, mixer, feed, cross=cross))
    return tuple(blocks)


def _block(s: Sizes, count: int, mixer: Any, feed: FeedForward | Experts | None, *, cross: bool) -> Layers:
    assert s.hidden_size
    norm = (2 if not s.ffn_gated else 1) * s.hidden_size * (1 + (feed is not None) + cross)
    attended = _attention_of(s, 0) if cross else None
    assert not isinstance(attended, LatentAttention)
    return Layers(count=count, mixer=mixer, feed=feed, cross=attended, norm_params=norm)


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


def _encoder(s: Sizes) -> tuple[Layers, ...]:
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
        if isinstance(mixer, Recurrence):
            mixing = mixer.matmul_params
        else:
            mixing = projection_params(stack.hidden_size, mixer) if mixer is not None else 0
        crossing = projection_params(stack.hidden_size, block.cross) if block.cross else 0
        weights += block.count * (mixing + crossing + feed_forward_params(stack.hidden_size, block.feed, active=True))
    return weights


def sizes_of(stack: Stack, kind: str) -> Sizes:
    """The flat sizes of a stack; where layers differ, those of the first of their sort.

    Args:
        stack: the model.
        kind: its kind of architecture.

    Returns: sizes; latent attention counts as one key-value head, a hybrid's recurrent layers by their state.
    """
    parts = _parts_of(stack)
    return Sizes(
        kind=kind,
        layers=stack.layers,
        hidden_size=stack.hidden_size,
        vocab_size=stack.vocab_size,
        tied_embeddings=stack.tied_embeddings,
        encoder_layers=sum(b.count for b in stack.encoder) or None,
        **_counts_of(stack),
        **_attention_sizes(parts),
        **_feed_sizes(stack, parts),
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """The first of each sort of layer that a stack has."""

    attention: Attention | None
    latent: LatentAttention | None
    compressed: CompressedAttention | None
    recurrent: Recurrence | None
    local: Attention | None
    """Windowed or chunked."""
    dense: FeedForward | None
    mixture: Experts | None


def _parts_of(stack: Stack) -> _Parts:
    mixers = [block.mixer for block in stack.blocks]
    feeds = [block.feed for block in stack.blocks]
    attentions = [mixer for mixer in mixers if isinstance(mixer, Attention)]
    return _Parts(
        attention=next(iter(attentions), None),
        latent=next((m for m in mixers if isinstance(m, LatentAttention)), None),
        compressed=next((m for m in mixers if isinstance(m, CompressedAttention)), None),
        recurrent=next((m for m in mixers if isinstance(m, Recurrence)), None),
        local=next((m for m in attentions if m.window), None),
        dense=next((f for f in feeds if isinstance(f, FeedForward)), None),
        mixture=next((f for f in feeds if isinstance(f, Experts)), None),
    )


def _counts_of(stack: Stack) -> dict[str, Any]:
    count = stack_params(stack)
    whole = sum(b.count for b in stack.blocks if isinstance(b.mixer, Softmax) and _sees_all(b.mixer))
    return {"params": count.total, "active_params": count.active, "full_attention_layers": whole}


def _attention_sizes(parts: _Parts) -> dict[str, Any]:
    attention, latent, compressed = parts.attention, parts.latent, parts.compressed
    return {
        "heads": next((m.heads for m in (attention, latent, compressed) if m), None),
        "kv_heads": attention.kv_heads if attention else 1 if latent or compressed else None,
        "head_dim": latent.nope_head_dim if latent else next((m.head_dim for m in (attention, compressed) if m), None),
        "attention": _attention_word(parts),
        "sliding_window": next((m.window for m in (parts.local, compressed) if m), 0),
        "q_lora_rank": latent.q_lora_rank if latent else None,
        "kv_lora_rank": latent.kv_lora_rank if latent else None,
        "qk_rope_head_dim": latent.rope_head_dim if latent else None,
        "qk_nope_head_dim": latent.nope_head_dim if latent else None,
        "v_head_dim": latent.v_head_dim if latent else None,
        "state_elements_per_layer": parts.recurrent.state_elements if parts.recurrent else 0,
    }


def _feed_sizes(stack: Stack, parts: _Parts) -> dict[str, Any]:
    dense, mixture = parts.dense, parts.mixture
    feed = dense or mixture
    return {
        "ffn_size": dense.size if dense else None,
        "ffn_gated": feed.gated if feed else False,
        "experts": mixture.experts if mixture else 0,
        "experts_per_token": mixture.per_token if mixture else 0,
        "shared_experts": round(mixture.shared_size / mixture.size) if mixture else 0,
        "dense_layers": sum(b.count for b in stack.blocks if isinstance(b.feed, FeedForward)),
        "expert_ffn_size": mixture.size if mixture else 0,
    }


def _sees_all(mixer: Softmax) -> bool:
    if isinstance(mixer, CompressedAttention):
        return mixer.ratio > 0
    return isinstance(mixer, LatentAttention) or not mixer.window


def _attention_word(parts: _Parts) -> str:
    attention = parts.attention
    if parts.compressed is not None:
        return "mqa+swa"
    if parts.recurrent is not None:
        return f"hybrid-{parts.recurrent.kind}" if attention or parts.latent else ""
    if parts.latent is not None:
        return "mla"
    if attention is None:
        return ""
    one = attention.kv_heads == 1 and attention.heads > 1
    base = "mha" if attention.kv_heads == attention.heads else "mqa" if one else "gqa"
    return base + (("+chunked" if parts.local.chunked else "+swa") if parts.local else "")
