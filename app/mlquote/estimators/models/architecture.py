"""What a question says about a model: a catalogue id, a count of parameters, sizes one by one, or a config.json."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Protocol, Self

from pydantic import BeforeValidator, Field

from mlquote.estimators.asking.question import Count, Part, Positive, PositiveCount, Word
from mlquote.estimators.models.image_layers import ConvLayer

Kind = Literal["transformer", "encoder", "encoder_decoder", "vit", "cnn", "diffusion", "ssm", "other"]

_Small = Annotated[PositiveCount, Field(le=10**7)]
_SmallOrNone = Annotated[Count, Field(le=10**7)]
_ATTENTION = r"^(mha|gqa|mqa|mla|hybrid-linear|hybrid-mamba)(\+swa|\+chunked)?$"


class Architecture(Part):
    """A model's sizes, each optional: what is missing is derived, and the answer's assumptions say how."""

    kind: Annotated[Kind, BeforeValidator(lambda v: v.strip().casefold() if isinstance(v, str) else v)] = "transformer"
    """Decoder (`transformer`), `encoder`, `encoder_decoder`, `vit`, `cnn`, `diffusion`, `ssm`, or `other`."""
    params: PositiveCount | None = None
    """All stored parameters, tied ones once."""
    active_params: PositiveCount | None = None
    """Parameters that one token uses, where experts are chosen."""
    layers: _Small | None = None
    """Decoder layers (of an encoder: its layers)."""
    hidden_size: _Small | None = None
    """Width of the residual stream."""
    heads: _Small | None = None
    """Query heads."""
    kv_heads: _Small | None = None
    """Key-value heads: as many as `heads` (MHA), fewer (GQA) or one (MQA)."""
    head_dim: _Small | None = None
    """Size of one head."""
    ffn_size: _Small | None = None
    """Intermediate size of the feed-forward; of one expert, where there are experts and no `expert_ffn_size`."""
    ffn_gated: bool | None = None
    """Three matrices (SwiGLU, GeGLU) instead of two."""
    vocab_size: _SmallOrNone | None = None
    """Rows of the embedding table, padding included."""
    tied_embeddings: bool | None = None
    """Input and output embeddings are one table."""
    attention: Annotated[Word, Field(pattern=_ATTENTION)] | None = None
    """`mha|gqa|mqa|mla|hybrid-linear|hybrid-mamba`, with `+swa` or `+chunked`."""
    full_attention_layers: _SmallOrNone | None = None
    """Layers that see the whole sequence; the others are windowed, chunked or recurrent."""
    sliding_window: _SmallOrNone | None = None
    """Tokens seen back by a windowed or chunked layer."""
    experts: Annotated[Count, Field(le=10**6)] | None = None
    """Routed experts per layer."""
    experts_per_token: Annotated[Count, Field(le=10**6)] | None = None
    """Routed experts one token uses."""
    shared_experts: Annotated[Count, Field(le=10**6)] | None = None
    """Experts every token uses."""
    dense_layers: _SmallOrNone | None = None
    """Layers of a mixture that have one dense feed-forward instead of experts."""
    expert_ffn_size: _Small | None = None
    """Intermediate size of one expert, where it differs from the dense layers' `ffn_size`."""
    q_lora_rank: _SmallOrNone | None = None
    """Rank of the query's latent (MLA); 0 for none."""
    kv_lora_rank: _Small | None = None
    """Rank of the key-value latent (MLA)."""
    qk_rope_head_dim: _Small | None = None
    """Rotated part of a head (MLA)."""
    qk_nope_head_dim: _Small | None = None
    """Part of a head without rotation (MLA)."""
    v_head_dim: _Small | None = None
    """Size of a head's value (MLA)."""
    state_elements_per_layer: Annotated[Count, Field(le=10**10)] | None = None
    """Numbers in one sequence's recurrent state in one layer (linear attention, Mamba)."""
    encoder_layers: _Small | None = None
    """Encoder layers of an encoder-decoder; default: as many as the decoder has."""
    mtp_layers: Annotated[Count, Field(le=100)] | None = None
    """Layers that predict tokens further ahead in training (DeepSeek-V3: 1), beside `layers`."""
    positions: _SmallOrNone | None = None
    """Rows of a table of learned positions; 0 where positions are computed."""
    patch_size: Annotated[PositiveCount, Field(le=10**4)] | None = None
    """Side of an image patch in pixels (ViT, DiT)."""
    image_size: Annotated[PositiveCount, Field(le=10**5)] | None = None
    """Side of a square image in pixels."""
    conv_layers: Annotated[tuple[ConvLayer, ...], Field(min_length=1, max_length=2000)] | None = None
    """A convolutional network, layer by layer, on an image of three channels."""
    forward_flop_per_sample: Positive | None = None
    """Forward FLOP of one sample, where you know it (2 per multiply-add)."""


class Describing(Protocol):
    """A question about a model."""

    @property
    def model(self) -> str | None: ...
    @property
    def params(self) -> int | None: ...
    @property
    def active_params(self) -> int | None: ...
    @property
    def architecture(self) -> Architecture | None: ...
    @property
    def hf_config(self) -> Mapping[str, Any] | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """Which model is meant, as a question says it."""

    model: str | None = None
    """Catalogue id or alias; its sizes may be overridden by the fields below."""
    params: int | None = None
    """All parameters."""
    active_params: int | None = None
    """Parameters that one token uses."""
    architecture: Architecture | None = None
    """Sizes given one by one."""
    hf_config: Mapping[str, Any] | None = None
    """A Hugging Face config.json as it is; not together with `model`."""

    @classmethod
    def of(cls, question: Describing) -> Self:
        """What a question says about its model."""
        return cls(
            model=question.model,
            params=question.params,
            active_params=question.active_params,
            architecture=question.architecture,
            hf_config=question.hf_config,
        )

    @property
    def names_alone(self) -> bool:
        """Whether a model is named and nothing else is said about it."""
        others = (self.params, self.active_params, self.architecture, self.hf_config)
        return self.model is not None and others == (None, None, None, None)

    @property
    def says_something(self) -> bool:
        """Whether a model is meant at all; a count of active parameters alone is none."""
        return any(part is not None for part in (self.model, self.params, self.architecture, self.hf_config))
