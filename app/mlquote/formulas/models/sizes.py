"""A model as flat numbers, each of them optional: what people publish and what questions give."""

from dataclasses import dataclass, fields
from typing import Any


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
