"""How many parameters a shape has, to the parameter, and how many of them one token uses."""

from dataclasses import dataclass

from mlquote.formulas.models.compute import feed_forward_params, projection_params
from mlquote.formulas.models.layers import (
    CompressedAttention,
    Experts,
    FeedForward,
    LatentAttention,
    Layers,
    Mixer,
    Recurrence,
    Stack,
)


@dataclass(frozen=True, slots=True)
class ParameterCount:
    """Parameters by where they sit; `active` is what one token passes, embeddings and head included."""

    embedding: int
    head: int
    layers: int
    other: int
    inactive: int
    """Parameters of the experts that a token does not use."""

    @property
    def total(self) -> int:
        """Every stored parameter, tied ones once."""
        return self.embedding + self.head + self.layers + self.other

    @property
    def active(self) -> int:
        """Total without the experts that one token does not use."""
        return self.total - self.inactive


def mixer_params(hidden_size: int, mixer: Mixer | None) -> int:
    """All parameters of one layer's attention or recurrence: projections, biases, inner norms.

    Args:
        hidden_size: h.
        mixer: what mixes tokens; None has none.

    Returns: parameters.

    Source: DeepSeek-V2 2024 (a norm on each latent); otherwise the sum of the named parts.
    """
    if mixer is None:
        return 0
    if isinstance(mixer, Recurrence):
        return mixer.matmul_params + mixer.other_params
    params = projection_params(hidden_size, mixer)
    if isinstance(mixer, CompressedAttention):
        return params + _compressed_rest(mixer)
    if isinstance(mixer, LatentAttention):
        return params + mixer.q_lora_rank + mixer.kv_lora_rank + 2 * mixer.index_head_dim
    keys = mixer.kv_heads * (mixer.head_dim + (mixer.value_dim or mixer.head_dim))
    bias = mixer.qkv_bias * (mixer.head_dim * mixer.heads + keys) + mixer.out_bias * hidden_size
    return params + bias + mixer.extra_params


def _compressed_rest(mixer: CompressedAttention) -> int:
    """Norms of the latent, of keys and of entries, one sink a head, a bias for each place in an entry."""
    d, j = mixer.head_dim, mixer.index_head_dim
    own = mixer.q_lora_rank + d + mixer.heads
    if not mixer.ratio:
        return own
    return own + d + mixer.ratio * d if not mixer.index_heads else own + d + j + 2 * mixer.ratio * (d + j)


def feed_params(hidden_size: int, feed: FeedForward | Experts | None) -> int:
    """All parameters of one layer's feed-forward: every expert, the router, biases.

    Args:
        hidden_size: h.
        feed: the feed-forward; None has none.

    Returns: parameters.

    Source: the sum of the named parts; a bias is one number per output of its matrix.
    """
    params = feed_forward_params(hidden_size, feed, active=False)
    if feed is None:
        return 0
    outputs = (2 if feed.gated else 1) * feed.size + hidden_size
    if isinstance(feed, FeedForward):
        return params + feed.bias * outputs
    router = feed.experts * (hidden_size + feed.router_bias) + feed.shared_gate * hidden_size
    return params + router + feed.bias * feed.experts * outputs


def block_params(hidden_size: int, block: Layers) -> int:
    """All parameters of `block.count` layers, cross attention and norms included.

    Args:
        hidden_size: h.
        block: the layers.

    Returns: parameters.

    Source: the sum of the named parts.
    """
    each = mixer_params(hidden_size, block.mixer) + feed_params(hidden_size, block.feed)
    each += mixer_params(hidden_size, block.cross) + block.norm_params
    return (block.count if block.stored is None else block.stored) * each


def inactive_params(hidden_size: int, block: Layers) -> int:
    """Parameters of the experts that one token does not use, over `block.count` layers.

    Args:
        hidden_size: h.
        block: the layers.

    Returns: parameters; 0 without experts.

    Source: Mixtral 2024, section 2.1.
    """
    feed = block.feed
    if not isinstance(feed, Experts):
        return 0
    outputs = (2 if feed.gated else 1) * feed.size + hidden_size
    each = (3 if feed.gated else 2) * (feed.latent_size or hidden_size) * feed.size + feed.bias * outputs
    return block.count * (feed.experts - feed.per_token) * each


def stack_params(stack: Stack) -> ParameterCount:
    """The parameters of a whole model.

    Args:
        stack: the model.

    Returns: a count by place, with the total and the active ones.

    Source: checked against the published counts in `tests/estimators/test_hf_config.py`.
    """
    blocks = (*stack.encoder, *stack.blocks)
    untied = stack.has_head and not stack.tied_embeddings
    return ParameterCount(
        embedding=stack.embedding_params,
        head=(stack.embedding_params if untied else 0) + stack.head_params,
        layers=sum(block_params(stack.hidden_size, block) for block in blocks),
        other=stack.other_params + stack.mtp_layers * stack.hidden_size * (2 * stack.hidden_size + 3),
        inactive=sum(inactive_params(stack.hidden_size, block) for block in blocks),
    )
