"""What training keeps in an accelerator's memory: weights, gradients, optimizer states, activations; and does it fit.

The most loaded rank is counted: the first pipeline stage, with an embedding table and the activations of every
micro-batch in flight. Megatron-LM's kernels are fused, PyTorch's own keep fp32 copies (`Kernels`). What the runtime and
its allocator hold beside tensors is not counted here.
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
    host: float = 0.0
    """Kept in the host's memory: what is paged or offloaded."""
    step: float = 0.0
    """Held only while the optimizer steps, where its kernels are not fused: one copy of a moment."""
    cast: float = 0.0
    """Held with the activations: 16-bit copies that autocast makes of wide weights."""
    in_backward: bool = False
    """Each parameter is stepped as soon as its gradient is there: no gradient is kept, none can be accumulated."""

    @property
    def total(self) -> float:
        """All that stays on the accelerator."""
        return self.weight + self.gradient + self.optimizer


OPTIMIZERS: dict[str, StateBytes] = {
    "adam": StateBytes(2, 4, 12, step=4),
    "adam_bf16_gradients": StateBytes(2, 2, 12, step=4),
    "adam_fp32": StateBytes(4, 4, 8, cast=2),
    "adam_bf16": StateBytes(2, 2, 4),
    "adam_bf16_in_backward": StateBytes(2, 0, 4, in_backward=True),
    "adam_8bit": StateBytes(2, 2, 6),
    "adam_8bit_bf16": StateBytes(2, 2, 2),
    "adam_8bit_in_backward": StateBytes(2, 0, 2, in_backward=True),
    "adam_paged": StateBytes(2, 2, 0, host=8),
    "adam_8bit_paged": StateBytes(2, 2, 0, host=2),
    "adam_8bit_paged_in_backward": StateBytes(2, 0, 0, host=2, in_backward=True),
    "adam_offloaded": StateBytes(2, 2, 0, host=16),
    "muon": StateBytes(2, 4, 8),
    "sgd": StateBytes(2, 4, 8),
}
"""adam: bf16 weights, fp32 gradients, fp32 master weights and two moments, 18 bytes in all (Megatron-LM,
theoretical_memory_usage.py); adam_8bit: moments of one byte (Dettmers et al. 2021); muon and sgd: one moment. Pure bf16
keeps no master copy: two 16-bit moments (torchtune, LLaMA-Factory pure_bf16), or two of one byte (bitsandbytes). Paged
moments live in unified memory and are counted with the host (Dettmers et al. 2023, section 3); offloaded: ZeRO-Offload
keeps fp32 weights, gradients and moments on the host (Ren et al. 2021). `step`: kernels that are not fused hold a copy
of the second moment while they step; bitsandbytes' and torch's fused AdamW, the Trainer's since torch 2.8, hold none
(docs/measured.md)."""


@dataclass(frozen=True, slots=True)
class Kernels:
    """What the forward and backward pass keep beyond the sums of the papers, by how they are run."""

    logit_bytes: float = 4.0
    """Of each logit at the end of the forward pass."""
    eager: bool = False
    """Plain PyTorch: RMSNorms in fp32, each step of a gate kept, no dropout; adapters as PEFT keeps them."""
    gradients_freed: bool = False
    """Gradients are freed after each step, so those of one step come as its activations go."""
    steps_fused: bool = True
    """The optimizer steps without a copy of its own."""
    attention_fused: bool = True
    """Scores are never stored (FlashAttention)."""


FUSED = Kernels()
"""Megatron-LM's: fp32 logits in place of the 16-bit ones, norms that keep their input alone, fused Adam."""
SHARDS_GRADIENTS = 2
SHARDS_WEIGHTS = 3
"""The ZeRO stages from which gradients and weights are sharded."""
FROZEN_BESIDE_BYTES = 2.0
"""Of a weight of a model that is only read: bf16."""
FUSED_LOGIT_BYTES = 4.0
EAGER_LOGIT_BYTES = 12.0
"""Logits and their gradient in 16 bits, fp32 copies of both: 2 + 4 + 4 + 2."""
FP32_HEAD_LOGIT_BYTES = 8.0
"""A head in fp32 writes fp32 logits: they and their gradient, no 16-bit copy."""
ADAPTER_INPUT_BYTES = 2.0
"""Each adapter in fp32 keeps a 16-bit copy of its input, which autocast makes for it alone (PEFT; docs/measured.md)."""


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
    step_bytes: float = 0.0
    """What the optimizer's step holds beyond the activations, which are gone by then; 0 where they are more."""
    host_bytes: float = 0.0
    """In the host's memory, not in the sum."""
    beside_bytes: float = 0.0
    """Weights and states of other models than the one trained: reference, reward, value, teacher."""
    shared_bytes: float = 0.0
    """Of gradients that take the place of activations, where each step frees them: counted in both, held once."""

    @property
    def total_bytes(self) -> float:
        """All that is held at once."""
        kept = self.weights_bytes + self.gradients_bytes + self.optimizer_bytes
        return kept + self.activations_bytes + self.step_bytes + self.beside_bytes - self.shared_bytes


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
    eager_bytes_per_token: float = 0.0
    """Activations of all layers as plain PyTorch keeps them, what adapters keep included, scores apart."""
    frozen_beside_params: float = 0.0
    """Parameters of other models kept and never trained (reference, reward, teacher), 16 bits each."""
    trained_beside: int = 0
    """Other models of this size that are trained too (a value model)."""


def load_of(stack: Stack, *, adapter_params: float = 0.0, adapter_inputs: float = 0.0, frozen: bool = False) -> Trained:
    """A stack as memory sees it.

    Args:
        stack: the model.
        adapter_params: trained parameters beside frozen ones.
        adapter_inputs: numbers that one token brings to all adapters.
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
        eager_bytes_per_token=ADAPTER_INPUT_BYTES * adapter_inputs
        + sum(block.count * eager_bytes_per_token(h, block, frozen=frozen) for block in blocks),
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
    h, feed = hidden_size, block.feed
    feeding = 0.0
    if feed is not None:
        used, inputs = _fed(block)
        feeding = h * (2.0 * inputs + 1.0) + (6.0 if feed.gated else 4.0) * used
    return 3.0 * h + _mixed_bytes(h, block) + 4.0 * h + feeding


def eager_bytes_per_token(hidden_size: int, block: Layers, *, frozen: bool) -> float:
    """The same as plain PyTorch keeps it of a layer with RMSNorms and a gate: 16 h + 4 (q + k) + 8 f.

    A norm keeps its input in fp32 (4 h) and, where its gain is trained, that scaled in 16 bits (2 h); attention 2 q +
    2 k + 2 v + 2 o; a gate its two products, the first's activation and, for a trained matrix, their product. A matrix
    keeps its input where it is trained, so frozen layers hold 8 h + 4 (q + k) + 6 f. Other layers as
    `kept_bytes_per_token`, less the inputs of frozen matrices.

    Args:
        hidden_size: h.
        block: the layers; one of them is counted.
        frozen: the base weights get no gradient.

    Returns: bytes.

    Source: transformers 5.17, modeling_llama.py; 13 of 18 peaks within 0.5 % of it (docs/measured.md).
    """
    h, feed = hidden_size, block.feed
    used, inputs = _fed(block)
    if feed is None or not feed.gated:
        unkept = 4.0 * h + 2.0 * used if frozen and feed is not None else 0.0
        return kept_bytes_per_token(h, block) - unkept
    gathered = 2.0 * h * (inputs - 1)
    if frozen:
        return 8.0 * h + _mixed_bytes(h, block) + gathered + 6.0 * used
    return 16.0 * h + _mixed_bytes(h, block) + gathered + 8.0 * used


def _fed(block: Layers) -> tuple[int, int]:
    """(width of the feed-forwards that one token passes, how many inputs they have)."""
    feed = block.feed
    if isinstance(feed, Experts):
        return feed.size * feed.per_token + feed.shared_size, feed.per_token
    return (feed.size if feed is not None else 0), 1


def _mixed_bytes(h: int, block: Layers) -> float:
    """Queries, keys, values and what attention makes of them, 16 bits each; of a recurrence its products."""
    mixer = block.mixer
    if isinstance(mixer, Attention):
        return 4.0 * mixer.head_dim * (mixer.heads + mixer.kv_heads)
    if isinstance(mixer, LatentAttention):
        per_head = mixer.nope_head_dim + mixer.rope_head_dim
        return 2.0 * mixer.heads * (2 * per_head + 2 * mixer.v_head_dim)
    if isinstance(mixer, CompressedAttention):
        groups = mixer.q_lora_rank + mixer.o_groups * mixer.o_lora_rank
        return 4.0 * mixer.head_dim * (mixer.heads + 1) + 2.0 * groups
    return 0.0 if mixer is None else 2.0 * mixer.matmul_params / h


def activation_bytes(
    load: Trained,
    *,
    micro_batch_tokens: float,
    sequence_tokens: float,
    tensor_parallel: int = 1,
    pipeline_parallel: int = 1,
    recompute: Recompute = "none",
    kernels: Kernels = FUSED,
) -> float:
    """Activations on the first pipeline stage: L layers' worth, whatever the number of stages.

    none: s b (34 h + 5 a s) / t a layer; selective, or with fused attention: s b 34 h / t; full: 2 s b h / t a layer
    (its input, sharded too) and one layer's working set. Embedding: 8 s b p + s b h p; with one stage, the final norm
    4 s b h and logits l s b V. All over t. Plain PyTorch keeps `eager_bytes_per_token`, and has let go of the logits by
    the time that it computes a layer again.

    Args:
        load: the model.
        micro_batch_tokens: s b, tokens of one micro-batch.
        sequence_tokens: s.
        tensor_parallel: t, with sequence parallelism beside it.
        pipeline_parallel: p; micro-batches in flight make up for layers elsewhere.
        recompute: what is computed again.
        kernels: l, whether scores are stored, and how layers are run.

    Returns: bytes.

    Source: Korthikanti et al. 2022, table 2 and section 4.4; Megatron-LM, compute_activation_memory.
    """
    tokens, t, p, h = micro_batch_tokens, tensor_parallel, pipeline_parallel, load.hidden_size
    scored = 0.0 if kernels.attention_fused or recompute == "selective" else load.score_bytes_per_pair * sequence_tokens
    eager = kernels.eager and load.eager_bytes_per_token > 0
    per_token = (load.eager_bytes_per_token if eager else load.kept_bytes_per_token) + scored
    logits = kernels.logit_bytes * load.vocab_size if p == 1 else 0.0
    inputs, working = per_token, 0.0
    if recompute == "full":
        inputs, working = 2.0 * h * load.layers, per_token / load.layers
    ends = p * (8.0 + h) + (4.0 * h if p == 1 else 0.0)
    last = max(working, logits) if eager else working + logits
    return tokens * (inputs + last + ends) / t


@dataclass(frozen=True, slots=True)
class RankParams:
    """Parameters on the most loaded rank, before any sharding over data-parallel ones."""

    layers: float
    """Of the layers of its stage, routed experts apart."""
    ends: float
    """Embedding table, and with one stage the head."""
    experts: float

    @property
    def dense(self) -> float:
        """All but the routed experts."""
        return self.layers + self.ends


def rank_params(load: Trained, layout: Parallelism) -> RankParams:
    """Parameters on the most loaded rank: a stage's layers and one embedding table, over t.

    Args:
        load: the model.
        layout: how it is spread.

    Returns: parameters, before any sharding over data-parallel ranks.

    Source: Megatron-LM, compute_weight_and_optimizer_memory.
    """
    ends = load.embedding_params + (load.head_params if layout.pipeline_parallel == 1 else 0.0)
    split = layout.pipeline_parallel * layout.tensor_parallel
    layers = load.layer_params / split
    return RankParams(layers, ends / layout.tensor_parallel, load.expert_params / (split * layout.expert_parallel))


@dataclass(frozen=True, slots=True)
class FrozenBytes:
    """Bytes of a weight that is not trained: of the layers, and of the embedding table and the head."""

    layers: float
    ends: float


def training_memory(
    load: Trained,
    layout: Parallelism,
    states: StateBytes,
    *,
    activations_bytes: float = 0.0,
    frozen: FrozenBytes | None = None,
    kernels: Kernels = FUSED,
) -> TrainingMemory:
    """Bytes on the most loaded accelerator.

    Weights w P, gradients g P, optimizer o P; ZeRO shards the optimizer from stage 1, gradients from 2, weights from 3
    over the data-parallel ranks (of one expert: d / e of them). What a step holds beside them comes after the
    activations are gone: the larger of both counts.

    Args:
        load: the model.
        layout: how it is spread.
        states: bytes per parameter.
        activations_bytes: from `activation_bytes`.
        frozen: bytes of frozen weights (QLoRA: 0.52 in the layers, 2 or 4 at the ends); default: as trained ones.
        kernels: whether the optimizer's step holds something of its own, and frees the gradients.

    Returns: a `TrainingMemory`.

    Source: Rajbhandari et al. 2020 (ZeRO), section 3; Megatron-LM (6 + 12 / d bytes).
    """
    rank = rank_params(load, layout)
    d, e, stage = layout.data_parallel, layout.expert_parallel, layout.zero_stage
    replicas = max(1.0, d / e)
    trained = 1.0 - load.frozen_fraction
    adapters = load.adapter_params / (layout.tensor_parallel * layout.pipeline_parallel)
    each = frozen if frozen is not None and not trained else FrozenBytes(states.weight, states.weight)

    def bytes_of(dense: float, experts: float, sharded_from: int) -> float:
        over_dense, over_experts = (d, replicas) if stage >= sharded_from else (1, 1.0)
        return dense / over_dense + experts / over_experts

    dense, experts = trained * rank.dense, trained * rank.experts
    held = 0.0 if kernels.steps_fused else states.step
    state_params = bytes_of(dense, experts, 1) + adapters / (d if stage >= 1 else 1)
    weights = bytes_of(each.layers * rank.layers + each.ends * rank.ends, each.layers * rank.experts, 3)
    weights += states.weight * adapters
    gradients = states.gradient * (bytes_of(dense, experts, 2) + adapters)
    kept = weights + gradients + states.optimizer * state_params
    if kernels.eager and stage < SHARDS_WEIGHTS:
        activations_bytes += states.cast * (dense + experts)
    shared = min(activations_bytes, gradients) if kernels.gradients_freed and _drops_gradients(layout) else 0.0
    return TrainingMemory(
        weights_bytes=weights,
        gradients_bytes=gradients,
        optimizer_bytes=states.optimizer * state_params,
        activations_bytes=activations_bytes,
        step_bytes=max(0.0, held * state_params - (activations_bytes - shared)),
        host_bytes=states.host * state_params * (1 + load.trained_beside),
        beside_bytes=load.trained_beside * kept + _frozen_beside_bytes(load, layout),
        shared_bytes=shared,
    )


def _drops_gradients(layout: Parallelism) -> bool:
    """No buckets of gradients outlive a step: there is one rank, or gradients are sharded."""
    return layout.data_parallel == 1 or layout.zero_stage >= SHARDS_GRADIENTS


def _frozen_beside_bytes(load: Trained, layout: Parallelism) -> float:
    """Weights of models that are only read, split as the trained one is and sharded with its weights."""
    ranks = layout.tensor_parallel * layout.pipeline_parallel
    ranks *= layout.data_parallel if layout.zero_stage >= SHARDS_WEIGHTS else 1
    return FROZEN_BESIDE_BYTES * load.frozen_beside_params / ranks


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
