"""Low-rank adapters (LoRA): which matrices of a model get one, and how many parameters that makes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mlquote.formulas.models.layers import (
    Attention,
    CompressedAttention,
    Experts,
    FeedForward,
    LatentAttention,
    Layers,
    Recurrence,
    Stack,
)

ALL_LINEAR = "all-linear"
"""Every matrix of every layer, table and head left out (Dettmers et al. 2023, section 4)."""
ENDS = ("embed_tokens", "lm_head")
_KEYS = ("q_proj", "k_proj", "v_proj")
_GATED = ("gate_proj", "up_proj")
_FUSED = {
    "qkv_proj": _KEYS, "query_key_value": _KEYS, "c_attn": _KEYS, "Wqkv": _KEYS, "W_pack": _KEYS, "qkv": _KEYS,
    "gate_up_proj": _GATED, "Wi": _GATED,
}  # fmt: skip
"""Names of one matrix that stands for several."""
_SAME = {
    "query": ("q_proj",), "q": ("q_proj",), "wq": ("q_proj",), "to_q": ("q_proj",), "q_lin": ("q_proj",),
    "key": ("k_proj",), "k": ("k_proj",), "wk": ("k_proj",), "to_k": ("k_proj",), "k_lin": ("k_proj",),
    "value": ("v_proj",), "v": ("v_proj",), "wv": ("v_proj",), "to_v": ("v_proj",), "v_lin": ("v_proj",),
    "o": ("o_proj",), "out_proj": ("o_proj",), "out_lin": ("o_proj",), "c_proj": ("o_proj", "down_proj"),
    "w1": ("gate_proj",), "w3": ("up_proj",), "w2": ("down_proj",), "wi_0": ("gate_proj",), "wi_1": ("up_proj",),
    "wi": ("up_proj",), "c_fc": ("up_proj",), "fc1": ("up_proj",), "fc_in": ("up_proj",), "lin1": ("up_proj",),
    "dense_h_to_4h": ("up_proj",), "fc2": ("down_proj",), "fc_out": ("down_proj",), "lin2": ("down_proj",),
    "dense_4h_to_h": ("down_proj",), "embeddings": ("embed_tokens",), "wte": ("embed_tokens",),
    "word_embeddings": ("embed_tokens",), "embed_out": ("lm_head",),
}  # fmt: skip
"""Other families' names of the same matrices; GPT-2 calls two of them `c_proj`."""
NAMES = (
    *_KEYS, "o_proj", "q_a_proj", "q_b_proj", "kv_a_proj_with_mqa", "kv_b_proj", "in_proj", *_GATED, "down_proj", *ENDS,
)  # fmt: skip
"""Matrices by the names that Llama's and DeepSeek's modules bear; a recurrent layer's are counted as one `in_proj`."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix of a model: how many there are of it, and how many of these one token passes."""

    name: str
    inputs: int
    outputs: int
    count: int
    used: int


@dataclass(frozen=True, slots=True)
class Adapters:
    """Adapters of one rank."""

    params: int
    """Trained and kept."""
    active_params: int
    """Of those, what one token is multiplied with: of a mixture the experts it uses, of a table nothing."""
    absent: tuple[str, ...] = ()
    """Targets of which the model has no matrix."""
    inputs: int = 0
    """Numbers that one token brings to them, each adapter's own."""


def adapters_of(stack: Stack, rank: int, targets: Sequence[str] = (ALL_LINEAR,)) -> Adapters:
    """Adapters on the targeted matrices: the sum of r (inputs + outputs), a fused matrix' inputs counted once.

    Args:
        stack: the model.
        rank: r, > 0.
        targets: names of modules as PEFT's `target_modules` takes them; of a path, the last part counts.

    Returns: an `Adapters`.

    Raises:
        KeyError: a name that stands for no matrix we know.

    Source: Hu et al. 2021 (LoRA), section 4.1.
    """
    held = list(_matrices(stack))
    params, active, inputs, absent = 0, 0, 0, []
    for target in dict.fromkeys(targets):
        groups = _groups(target)
        found = [[m for m in held if m.name in names] for names in groups]
        if not any(found):
            absent.append(target)
        for matrices in found:
            fused = target.rpartition(".")[2] in _FUSED
            total, used = _params(matrices, rank, fused=fused)
            params, active = params + total, active + used
            inputs += sum(m.inputs * m.used for m in matrices if not fused or m.name == matrices[0].name)
    return Adapters(params, active, tuple(absent), inputs)


def _groups(target: str) -> list[tuple[str, ...]]:
    """The matrices that a name stands for: each group is adapted as one where it is fused."""
    name = target.rpartition(".")[2]
    if name == ALL_LINEAR:
        return [tuple(name for name in NAMES if name not in ENDS)]
    if name in _FUSED:
        return [_FUSED[name]]
    same = _SAME.get(name) or ((name,) if name in NAMES else ())
    if not same:
        raise KeyError(target)
    return [same]


def _params(matrices: Sequence[Matrix], rank: int, *, fused: bool) -> tuple[int, int]:
    """(all parameters, those one token passes) of adapters on these."""
    first = matrices[0].name if matrices else ""
    sides = [(m.outputs + (0 if fused and m.name != first else m.inputs), m) for m in matrices]
    return rank * sum(side * m.count for side, m in sides), rank * sum(side * m.used for side, m in sides)


def _matrices(stack: Stack) -> Iterator[Matrix]:
    """Every matrix of a model that an adapter can stand beside."""
    h = stack.hidden_size
    for block in (*stack.encoder, *stack.blocks):
        yield from _mixing(h, block)
        if block.cross is not None:
            yield from _attention(h, block.cross, block.count, block.count)
        yield from _feeding(h, block)
    yield Matrix("embed_tokens", stack.vocab_size, h, 1, 0)
    if stack.has_head and stack.vocab_size:
        yield Matrix("lm_head", h, stack.vocab_size, 1, 1)


def _mixing(h: int, block: Layers) -> Iterator[Matrix]:
    mixer, count, used = block.mixer, block.count if block.stored is None else block.stored, block.count
    if isinstance(mixer, Attention):
        yield from _attention(h, mixer, count, used)
    elif isinstance(mixer, LatentAttention):
        queries, values = mixer.heads * (mixer.nope_head_dim + mixer.rope_head_dim), mixer.heads * mixer.v_head_dim
        if mixer.q_lora_rank:
            yield Matrix("q_a_proj", h, mixer.q_lora_rank, count, used)
            yield Matrix("q_b_proj", mixer.q_lora_rank, queries, count, used)
        else:
            yield Matrix("q_proj", h, queries, count, used)
        yield Matrix("kv_a_proj_with_mqa", h, mixer.kv_lora_rank + mixer.rope_head_dim, count, used)
        yield Matrix("kv_b_proj", mixer.kv_lora_rank, mixer.heads * mixer.nope_head_dim + values, count, used)
        yield Matrix("o_proj", values, h, count, used)
    elif isinstance(mixer, CompressedAttention):
        yield Matrix("q_proj", h, mixer.heads * mixer.head_dim, count, used)
        yield Matrix("o_proj", mixer.heads * mixer.head_dim, h, count, used)
    elif isinstance(mixer, Recurrence):
        yield Matrix("in_proj", h, mixer.matmul_params // h, count, used)


def _attention(h: int, mixer: Attention, count: int, used: int) -> Iterator[Matrix]:
    width, value_dim = mixer.input_size or h, mixer.value_dim or mixer.head_dim
    queries = mixer.heads * mixer.head_dim * (2 if mixer.output_gate else 1)
    yield Matrix("q_proj", width, queries, count, used)
    yield Matrix("k_proj", width, mixer.kv_heads * mixer.head_dim, count, used)
    if not mixer.values_from_keys:
        yield Matrix("v_proj", width, mixer.kv_heads * value_dim, count, used)
    yield Matrix("o_proj", mixer.heads * value_dim, h, count, used)


def _feeding(h: int, block: Layers) -> Iterator[Matrix]:
    feed, count, used = block.feed, block.count if block.stored is None else block.stored, block.count
    if isinstance(feed, FeedForward):
        yield from _feed(h, feed.size, count, used, gated=feed.gated)
    elif isinstance(feed, Experts):
        width = feed.latent_size or h
        yield from _feed(width, feed.size, count * feed.experts, used * feed.per_token, gated=feed.gated)
        if feed.shared_size:
            yield from _feed(h, feed.shared_size, count, used, gated=feed.gated)


def _feed(width: int, size: int, count: int, used: int, *, gated: bool) -> Iterator[Matrix]:
    if gated:
        yield Matrix("gate_proj", width, size, count, used)
    yield Matrix("up_proj", width, size, count, used)
    yield Matrix("down_proj", size, width, count, used)
