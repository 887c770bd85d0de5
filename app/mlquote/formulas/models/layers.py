"""What a transformer is made of, as numbers: mixers (attention, recurrence), feed-forwards, blocks and the stack.

Every formula of `compute`, `parameters` and `memory` is a sum over `Stack.blocks`. A block is one kind of layer and how
often it comes; a model of one kind of layer has one block, Gemma 3 has two (windowed, full), DeepSeek-V3 two (dense,
experts), Nemotron-H three (attention, recurrence, feed-forward). The price is a little more reading than a flat list
of sizes; what it buys is that no architecture needs a formula of its own.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """Softmax attention of `heads` queries sharing `kv_heads` keys and values: MHA, GQA or MQA."""

    heads: int
    kv_heads: int
    head_dim: int
    window: int = 0
    """Tokens seen back, where the layer is windowed or chunked; 0 sees all."""
    chunked: bool = False
    """Windows do not slide: a token sees only its own chunk."""
    qkv_bias: bool = False
    out_bias: bool = False
    output_gate: bool = False
    """The query projection is doubled, one half gating the output (Qwen3-Next)."""
    values_from_keys: bool = False
    """The key projection serves as value projection too (Gemma 4's full layers)."""
    value_dim: int = 0
    """Size of a head's values, where it is not that of its keys (MiMo-V2); 0: the same."""
    input_size: int = 0
    """Width of what queries, keys and values are projected from (Zamba: twice the hidden size); 0: the hidden size."""
    extra_params: int = 0
    """Query and key norms, sinks, relative position tables: small, never multiplied with a token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentAttention:
    """Multi-head latent attention (DeepSeek-V2): queries and keys through low-rank latents, one shared rope key."""

    heads: int
    q_lora_rank: int
    """0: the query has no latent."""
    kv_lora_rank: int
    nope_head_dim: int
    rope_head_dim: int
    v_head_dim: int
    index_heads: int = 0
    """Heads of the indexer that picks what is attended to (DeepSeek-V3.2); 0: everything is."""
    index_head_dim: int = 0
    index_tokens: int = 0
    """Tokens the indexer picks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompressedAttention:
    """Attention to a window and to compressed entries of all before it, one key-value for all heads (DeepSeek-V4)."""

    heads: int
    head_dim: int
    q_lora_rank: int
    o_lora_rank: int
    o_groups: int
    window: int
    ratio: int = 0
    """Tokens in one compressed entry; 0: the window is all there is."""
    index_heads: int = 0
    """Heads of the indexer that picks entries; 0: every entry is attended to."""
    index_head_dim: int = 0
    index_entries: int = 0
    """Entries the indexer picks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """A linear-attention or state-space layer: its weights and the state it carries from token to token."""

    matmul_params: int
    """Weights of its projections: each costs a multiply and an add per token."""
    other_params: int = 0
    """Convolution, decay, norm: counted as parameters, not as matrix products."""
    state_elements: int = 0
    """Numbers in the state of one sequence in one layer."""
    kind: Literal["mamba", "linear"] = "mamba"


Softmax = Attention | LatentAttention | CompressedAttention
"""What attends with a softmax."""
Mixer = Softmax | Recurrence
"""What mixes tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedForward:
    """Two matrices (`gated` three) between the hidden size and `size`."""

    size: int
    gated: bool
    bias: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Experts:
    """A mixture: `experts` feed-forwards of `size`, `per_token` of them used, and a shared one of `shared_size`."""

    experts: int
    per_token: int
    size: int
    gated: bool = True
    shared_size: int = 0
    """Intermediate size of all shared experts together; 0 for none."""
    shared_gate: bool = False
    """One more column decides how much of the shared expert is let through (Qwen2-MoE)."""
    router_bias: bool = False
    bias: bool = False
    latent_size: int = 0
    """Routed experts work on a projection of the hidden state to this size (Nemotron 3); 0: on the state itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """`count` equal layers: something that mixes tokens, something that does not, and their norms."""

    count: int
    mixer: Mixer | None
    feed: FeedForward | Experts | None
    cross: Attention | None = None
    """Attention to an encoder's output."""
    norm_params: int = 0
    stored: int | None = None
    """How many of these layers have weights of their own, the others running them again (Zamba); None: each has."""
    beside: bool = False
    """These stand inside layers that are counted already (Falcon-H1's second mixer)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A whole model: embeddings, blocks, head. Encoders have `causal=False`; `encoder` is an encoder before it."""

    hidden_size: int
    vocab_size: int
    blocks: tuple[Layers, ...]
    encoder: tuple[Layers, ...] = ()
    tied_embeddings: bool = False
    causal: bool = True
    has_head: bool = True
    """Logits over the vocabulary are computed for every token."""
    embedding_size: int = 0
    """Width of the token embedding, where it is not the hidden size."""
    mtp_layers: int = 0
    """Layers that predict a token further ahead (DeepSeek-V3), each with the shared head; counted in `blocks`."""
    head_params: int = 0
    """Dense layers before the logits (BERT's transform), multiplied with every token."""
    other_params: int = 0
    """Positions, final norms, biases, vision tower, ...: in the parameter count, not in the token's products."""

    @property
    def layers(self) -> int:
        """Layers of the decoder (or of the only stack), those that predict further ahead left out."""
        return sum(block.count for block in self.blocks if not block.beside) - self.mtp_layers

    @property
    def embedding_params(self) -> int:
        """The token embedding table: looked up, not multiplied."""
        return self.vocab_size * (self.embedding_size or self.hidden_size)
