"""What training keeps in an accelerator's memory: weights, gradients, optimizer states, activations; and does it fit.

The most loaded rank is counted: the first pipeline stage, with an embedding table and the activations of every
micro-batch in flight. Buffers, fragmentation and the runtime are not counted; `fits` leaves room for them.
"""

from dataclasses import dataclass
from typing import Literal

from mlquote.formulas.models.compute import Recompute
from mlquote.formulas.models.layers import (
    Attention,
    CompressedAttention,
    Experts,
    LatentAttention,
    Layers,
    Recurrence,
    Stack,
)
from mlquote.formulas.models.parameters import block_params, inactive_params

ZeroStage = Literal[0, 1, 2, 3]


@dataclass(frozen=True, slots=True)
class StateBytes:
    """Bytes a parameter needs: the weight itself, and what training adds to it."""

    weight: float
    gradient: float
    optimizer: float


OPTIMIZERS: dict[str, StateBytes] = {
    "adam": StateBytes(2, 4, 12),
    "adam_bf16_gradients": StateBytes(2, 2, 12),
    "adam_fp32": StateBytes(4, 4, 8),
    "adam_8bit": StateBytes(2, 2, 6),
    "muon": StateBytes(2, 4, 8),
    "sgd": StateBytes(2, 4, 8),
}
"""adam: bf16 weights, fp32 gradients, fp32 master weights and two moments, 18 bytes in all (Megatron-LM,
theoretical_memory_usage.py); adam_8bit: moments of one byte (Dettmers et al. 2021); muon and sgd: one moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parallelism:
    """How a model is spread: `expert_parallel` ranks are taken out of the data-parallel ones."""

    tensor_parallel: int = 1
    pipeline_parallel: int = 1
    expert_parallel: int = 1
    data_parallel: int = 1
    zero_stage: ZeroStage = 0

    @property
    def accelerators(self) -> int:
        """How many accelerators the layout uses."""
        return self.tensor_parallel * self.pipeline_parallel * self.data_parallel


@dataclass(frozen=True, slots=True)
class TrainingMemory:
    """Bytes on the most loaded accelerator."""

    weights_bytes: float
    gradients_bytes: float
    optimizer_bytes: float
    activations_bytes: float

    @property
    def total_bytes(self) -> float:
        """All four."""
        return self.weights_bytes + self.gradients_bytes + self.optimizer_bytes + self.activations_bytes


@dataclass(frozen=True, slots=True)
class Trained:
    """A model as memory sees it: parameters by how they are split, bytes of activations per token."""

    layer_params: float
    """Parameters of all layers but the routed experts."""
    expert_params: float
    embedding_params: float
    head_params: float
    """A head of its own, beside the embedding table."""
    layers: int
    hidden_size: int
    vocab_size: int
    kept_bytes_per_token: float
    """Activations of all layers, attention scores apart."""
    score_bytes_per_pair: float
    """Attention scores of all layers, per token and token attended to."""
    frozen_fraction: float = 0.0
    """Share of the weights that gets no gradient."""
    adapter_params: float = 0.0


def load_of(stack: Stack, *, adapter_params: float = 0.0, frozen: bool = False) -> Trained:
    """A stack as memory sees it.

    Args:
        stack: the model.
        adapter_params: trained parameters beside frozen ones.
        frozen: the base weights get no gradient.

    Returns: a `Trained`.

    Source: Korthikanti et al. 2022, section 4.
    """
    h = stack.hidden_size
    blocks = (*stack.encoder, *stack.blocks)
    every = sum(block_params(h, block) for block in blocks)
    experts = sum(_expert_params(h, block) for block in blocks)
    return Trained(
        layer_params=every - experts + stack.other_params + stack.head_params,
        expert_params=experts,
        embedding_params=stack.embedding_params,
        head_params=stack.embedding_params if stack.has_head and not stack.tied_embeddings else 0,
        layers=sum(block.count for block in blocks),
        hidden_size=h,
        vocab_size=stack.vocab_size,
        kept_bytes_per_token=sum(block.count * kept_bytes_per_token(h, block) for block in blocks),
        score_bytes_per_pair=sum(block.count * 5.0 * _heads(block) for block in blocks),
        frozen_fraction=1.0 if frozen else 0.0,
        adapter_params=adapter_params,
    )


def load_of_params(params: float, *, adapter_params: float = 0.0, frozen: bool = False) -> Trained:
    """A model of which only the parameters are known: its activations are not counted.

    Args:
        params: all parameters.
        adapter_params: trained parameters beside frozen ones.
        frozen: the base weights get no gradient.

    Returns: a `Trained`.
    """
    return Trained(params, 0, 0, 0, 1, 0, 0, 0.0, 0.0, 1.0 if frozen else 0.0, adapter_params)


def _expert_params(hidden_size: int, block: Layers) -> float:
    feed = block.feed
    if not isinstance(feed, Experts) or feed.experts == feed.per_token:
        return 0.0
    return inactive_params(hidden_size, block) / (feed.experts - feed.per_token) * feed.experts


def _heads(block: Layers) -> int:
    return 0 if block.mixer is None or isinstance(block.mixer, Recurrence) else block.mixer.heads


def kept_bytes_per_token(hidden_size: int, block: Layers) -> float:
    """Activations one layer keeps for the backward pass of one token, scores apart: 34 h for a GPT.

    Attention 2 h + 2 q + 2 k + 2 v + 2 o + h, norms 4 h, feed-forward 3 h + 4 f (gated 3 h + 6 f); f summed over the
    experts a token uses. 16-bit activations, dropout masks of one byte.

    Args:
        hidden_size: h.
        block: the layers; one of them is counted.

    Returns: bytes.

    Source: Korthikanti et al. 2022, section 4.1, equation 1: s b h (34 + 5 a s / h).
    """
    h, mixer, feed = hidden_size, block.mixer, block.feed
    mixing = 3.0 * h
    if isinstance(mixer, Attention):
        mixing += 4.0 * mixer.head_dim * (mixer.heads + mixer.kv_heads)
    elif isinstance(mixer, LatentAttention):
        per_head = mixer.nope_head_dim + mixer.rope_head_dim
        mixing += 2.0 * mixer.heads * (2 * per_head + 2 * mixer.v_head_dim)
    elif isinstance(mixer, CompressedAttention):
        mixing += 4.0 * mixer.head_dim * (mixer.heads + 1) + 2.0 * (
            mixer.q_lora_rank + mixer.o_groups * mixer.o_lora_rank
        )
    elif mixer is not None:
        mixing += 2.0 * mixer.matmul_params / h
    feeding = 0.0
    if feed is not None:
        used = feed.size * feed.per_token + feed.shared_size if isinstance(feed, Experts) else feed.size
        inputs = feed.per_token if isinstance(feed, Experts) else 1
        feeding = h * (2.0 * inputs + 1.0) + (6.0 if feed.gated else 4.0) * used
    return mixing + 4.0 * h + feeding


def activation_bytes(
    load: Trained,
    *,
    micro_batch_tokens: float,
    sequence_tokens: float,
    tensor_parallel: int = 1,
    pipeline_parallel: int = 1,
    recompute: Recompute = "none",
    fused_attention: bool = True,
) -> float:
    """Activations on the first pipeline stage: L layers' worth, whatever the number of stages.

    none: s b (34 h + 5 a s) / t a layer; selective, or with fused attention: s b 34 h / t; full: 2 s b h / t a layer
    (its input, sharded too) and one layer's working set. Embedding: 8 s b p + s b h p; with one stage, logits:
    4 s b h (1 + V / h). All over t.

    Args:
        load: the model.
        micro_batch_tokens: s b, tokens of one micro-batch.
        sequence_tokens: s.
        tensor_parallel: t, with sequence parallelism beside it.
        pipeline_parallel: p; micro-batches in flight make up for layers elsewhere.
        recompute: what is computed again.
        fused_attention: scores are never stored (FlashAttention).

    Returns: bytes.

    Source: Korthikanti et al. 2022, table 2 and section 4.4; Megatron-LM, compute_activation_memory.
    """
    tokens, t, p, h = micro_batch_tokens, tensor_parallel, pipeline_parallel, load.hidden_size
    scored = 0.0 if fused_attention or recompute == "selective" else load.score_bytes_per_pair * sequence_tokens
    per_token = load.kept_bytes_per_token + scored
    layers = tokens * per_token / t
    if recompute == "full":
        layers = tokens * (2.0 * h * load.layers + per_token / load.layers) / t
    ends = tokens * p * (8.0 + h)
    if p == 1:
        ends += 4.0 * tokens * (h + load.vocab_size)
    return layers + ends / t


def rank_params(load: Trained, layout: Parallelism) -> tuple[float, float]:
    """(dense, expert) parameters on the most loaded rank: a stage's layers and one embedding table, over t.

    Args:
        load: the model.
        layout: how it is spread.

    Returns: parameters, before any sharding over data-parallel ranks.

    Source: Megatron-LM, compute_weight_and_optimizer_memory.
    """
    ends = load.embedding_params + (load.head_params if layout.pipeline_parallel == 1 else 0.0)
    dense = (load.layer_params / layout.pipeline_parallel + ends) / layout.tensor_parallel
    split = layout.pipeline_parallel * layout.tensor_parallel * layout.expert_parallel
    return dense, load.expert_params / split


def training_memory(
    load: Trained,
    layout: Parallelism,
    states: StateBytes,
    *,
    activations_bytes: float = 0.0,
    frozen_weight_bytes: float | None = None,
) -> TrainingMemory:
    """Bytes on the most loaded accelerator.

    Weights w P, gradients g P, optimizer o P; ZeRO shards the optimizer from stage 1, gradients from 2, weights from 3
    over the data-parallel ranks (of one expert: d / e of them).

    Args:
        load: the model.
        layout: how it is spread.
        states: bytes per parameter.
        activations_bytes: from `activation_bytes`.
        frozen_weight_bytes: bytes of a frozen weight (QLoRA: 0.52); default: as trained ones.

    Returns: a `TrainingMemory`.

    Source: Rajbhandari et al. 2020 (ZeRO), section 3; Megatron-LM (6 + 12 / d bytes).
    """
    dense, experts = rank_params(load, layout)
    d, e, stage = layout.data_parallel, layout.expert_parallel, layout.zero_stage
    replicas = max(1.0, d / e)
    trained = 1.0 - load.frozen_fraction
    adapters = load.adapter_params / (layout.tensor_parallel * layout.pipeline_parallel)
    weight = states.weight if frozen_weight_bytes is None or trained else frozen_weight_bytes

    def bytes_of(per_param: float, sharded_from: int, share: float) -> float:
        over_dense, over_experts = (d, replicas) if stage >= sharded_from else (1, 1.0)
        return per_param * share * (dense / over_dense + experts / over_experts)

    sharded = d if stage >= 1 else 1
    return TrainingMemory(
        weights_bytes=bytes_of(weight, 3, 1.0) + states.weight * adapters,
        gradients_bytes=bytes_of(states.gradient, 2, trained) + states.gradient * adapters,
        optimizer_bytes=bytes_of(states.optimizer, 1, trained) + states.optimizer * adapters / sharded,
        activations_bytes=activations_bytes,
    )


def deepspeed_bytes(
    params: float, accelerators: int, zero_stage: ZeroStage, *, largest_layer_params: float = 0
) -> float:
    """Bytes per accelerator as DeepSpeed's own estimators say: 4 P + 16 P / n (stages 1, 2); 4 L + 18 P / n (stage 3).

    Args:
        params: P.
        accelerators: n.
        zero_stage: 0 counts n = 1.
        largest_layer_params: L, gathered at once in stage 3.

    Returns: bytes, activations left out.

    Source: DeepSpeed 38327e07f, stage_1_and_2.py and stage3.py, estimate_*_model_states_mem_needs.
    """
    if zero_stage == 3:
        return 4 * largest_layer_params + 18 * params / accelerators
    return 4 * params + 16 * params / (accelerators if zero_stage else 1)
