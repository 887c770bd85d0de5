"""Does a training run fit: bytes on the most loaded accelerator, the fewest that hold it, a layout to start from."""

from dataclasses import dataclass, replace
from math import gcd
from typing import Literal

from mlquote.catalog.rows import Accelerator
from mlquote.estimators.models.flop import ADAPTED, DEFAULT_LORA_RANK, Method
from mlquote.estimators.models.resolved import Resolved
from mlquote.formulas.models.compute import Recompute
from mlquote.formulas.models.stacks import adapter_params
from mlquote.formulas.training.layouts import USABLE_FRACTION, Plan, smallest_layout, suggested_layout
from mlquote.formulas.training.memory import (
    OPTIMIZERS,
    Layout,
    Load,
    TrainingMemory,
    ZeroStage,
    deepspeed_bytes,
    load_of,
    load_of_params,
)
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.provenance import Trail
from mlquote.kit.units import BYTES_PER_GB

Optimizer = Literal["adam", "adam_bf16_gradients", "adam_fp32", "adam_8bit", "muon", "sgd"]
MemoryConvention = Literal["parts", "deepspeed"]

QLORA_WEIGHT_BYTES = 0.52
"""4-bit NormalFloat with double quantisation: 4.127 bits a weight (Dettmers et al. 2023, section 3)."""


@dataclass(frozen=True, slots=True)
class Split:
    """How a model is spread over accelerators."""

    tensor_parallel: int
    pipeline_parallel: int
    expert_parallel: int
    data_parallel: int
    zero_stage: ZeroStage


@dataclass(frozen=True, slots=True)
class MemoryNeed:
    """Bytes on the most loaded accelerator, part by part, and whether that fits; null where it cannot be known."""

    bytes_per_accelerator: float | None
    weights_bytes: float | None
    gradients_bytes: float | None
    optimizer_bytes: float | None
    activations_bytes: float | None
    fits: bool | None
    min_accelerators: int | None
    """The fewest that hold it: everything sharded (ZeRO stage 3) and every layer recomputed."""
    layout: Split | None
    """The layout counted: the one given, or the plainest that fits the accelerators there are."""
    convention: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryWish:
    """What a question says about memory; None where it leaves the choice to us."""

    accelerator_count: int | None = None
    tensor_parallel: int | None = None
    pipeline_parallel: int | None = None
    expert_parallel: int | None = None
    zero_stage: ZeroStage | None = None
    micro_batch_size: int = 1
    sequence_length: int | None = None
    optimizer: Optimizer = "adam"
    recompute: Recompute = "none"
    fused_attention: bool = True
    method: Method = "pretrain"
    lora_rank: int | None = None
    convention: MemoryConvention = "parts"

    @property
    def spread(self) -> bool:
        """The question itself says how the model is spread."""
        said = (self.tensor_parallel, self.pipeline_parallel, self.expert_parallel, self.zero_stage)
        return any(part is not None for part in said)


def memory_need(resolved: Resolved, accelerator: Accelerator, wish: MemoryWish, trail: Trail) -> MemoryNeed:
    """What training `resolved` keeps on each accelerator.

    Args:
        resolved: the model.
        accelerator: its memory size decides whether it fits.
        wish: what the question says of layout, optimizer and recomputation.
        trail: takes the layout and the conventions as assumptions.

    Returns: a `MemoryNeed`; without a memory size, `fits` and `min_accelerators` are null and a warning says so.

    Raises:
        OutOfDomain: the splits do not divide the accelerators.

    Source: `mlquote.formulas.memory`.
    """
    load = load_of_run(resolved, wish)
    length = wish.sequence_length or resolved.training_sequence_tokens or 4096
    capacity = (accelerator.memory_gb or 0.0) * BYTES_PER_GB
    plan = Plan(
        capacity_bytes=capacity,
        micro_batch_tokens=float(wish.micro_batch_size * length),
        sequence_tokens=float(length),
        recompute=wish.recompute,
        states=OPTIMIZERS[wish.optimizer],
        fused_attention=wish.fused_attention,
        frozen_weight_bytes=QLORA_WEIGHT_BYTES if wish.method == "qlora" else None,
        accelerators_per_node=accelerator.accelerators_per_node or 8,
    )
    if not capacity:
        trail.warn("memory-unknown", f"the memory of {accelerator.id} is not in the catalogue")
    if resolved.stack is None:
        trail.warn("activations-not-counted", "only parameters are known: activations are left out of the memory")
    if wish.convention == "deepspeed":
        return _as_deepspeed(resolved, plan, wish)
    smallest = smallest_layout(load, replace(plan, recompute="full")) if capacity else None
    layout = _layout(load, plan, wish)
    _tell(wish, layout, trail)
    return _need(plan.memory(load, layout), plan, layout, smallest)


def load_of_run(resolved: Resolved, wish: MemoryWish) -> Load:
    """The model's parameters as they are split and trained, to the last one of its stated count."""
    frozen = wish.method in ADAPTED
    if resolved.stack is None:
        return load_of_params(resolved.params, frozen=frozen)
    adapters = adapter_params(resolved.stack, wish.lora_rank or DEFAULT_LORA_RANK) if frozen else 0
    load = load_of(resolved.stack, adapter_params=adapters, frozen=frozen)
    counted = load.layer_params + load.expert_params + load.embedding_params + load.head_params
    rest = resolved.params - counted
    if load.expert_params:
        return replace(load, expert_params=max(0.0, load.expert_params + rest))
    return replace(load, layer_params=max(0.0, load.layer_params + rest))


def _layout(load: Load, plan: Plan, wish: MemoryWish) -> Layout:
    """The layout asked for; or the plainest that fits the accelerators there are; or that of the fewest that fit."""
    count = wish.accelerator_count
    if not wish.spread:
        found = None
        if plan.capacity_bytes:
            found = suggested_layout(load, plan, count) if count else smallest_layout(load, plan)
        return found or Layout(data_parallel=count or 1, zero_stage=3 if count else 0)
    t, p = wish.tensor_parallel or 1, wish.pipeline_parallel or 1
    e = wish.expert_parallel or 1
    if count is not None and count % (t * p):
        raise OutOfDomain(
            f"{count} accelerators cannot be split {t} x {p}",
            pointer="/accelerator_count",
            hint=f"a multiple of {t * p}",
        )
    d = count // (t * p) if count else e
    if gcd(d, e) != e:
        raise OutOfDomain(
            f"{d} data-parallel ranks cannot hold {e} expert-parallel ones",
            pointer="/expert_parallel",
            hint=f"1 to {d}",
        )
    stage = wish.zero_stage if wish.zero_stage is not None else 0
    return Layout(tensor_parallel=t, pipeline_parallel=p, expert_parallel=e, data_parallel=d, zero_stage=stage)


def _tell(wish: MemoryWish, layout: Layout, trail: Trail) -> None:
    states = OPTIMIZERS[wish.optimizer]
    trail.assume(
        "bytes_per_trained_param",
        states.weight + states.gradient + states.optimizer,
        unit="bytes",
        basis="default",
        why=f"{wish.optimizer}: {states.weight:g} weight, {states.gradient:g} gradient, {states.optimizer:g} optimizer",
    )
    spread = f"tp {layout.tensor_parallel}, pp {layout.pipeline_parallel}, dp {layout.data_parallel}"
    trail.assume(
        "memory_layout",
        f"{spread}, ZeRO {layout.zero_stage}",
        basis="given" if wish.spread else "derived",
        why=f"micro-batch of {wish.micro_batch_size}; tensors may fill {USABLE_FRACTION:.0%} of the memory",
    )


def _need(memory: TrainingMemory, plan: Plan, layout: Layout, smallest: Layout | None) -> MemoryNeed:
    fits = memory.total_bytes <= USABLE_FRACTION * plan.capacity_bytes if plan.capacity_bytes else None
    return MemoryNeed(
        bytes_per_accelerator=memory.total_bytes,
        weights_bytes=memory.weights_bytes,
        gradients_bytes=memory.gradients_bytes,
        optimizer_bytes=memory.optimizer_bytes,
        activations_bytes=memory.activations_bytes,
        fits=fits,
        min_accelerators=smallest.accelerators if smallest else None,
        layout=Split(
            layout.tensor_parallel,
            layout.pipeline_parallel,
            layout.expert_parallel,
            layout.data_parallel,
            layout.zero_stage,
        ),
        convention="most loaded rank: weights + gradients + optimizer states + activations",
    )


def _as_deepspeed(resolved: Resolved, plan: Plan, wish: MemoryWish) -> MemoryNeed:
    """Model states as DeepSpeed's estimators count them; no activations, no splitting of the model."""
    count, stage = wish.accelerator_count or 1, wish.zero_stage if wish.zero_stage is not None else 2
    largest = resolved.params / max(1, resolved.stack.layers) if resolved.stack else 0.0
    per_accelerator = deepspeed_bytes(resolved.params, count, stage, largest_layer_params=largest)
    usable = USABLE_FRACTION * plan.capacity_bytes
    return MemoryNeed(
        bytes_per_accelerator=per_accelerator,
        weights_bytes=None,
        gradients_bytes=None,
        optimizer_bytes=None,
        activations_bytes=None,
        fits=per_accelerator <= usable if usable else None,
        min_accelerators=None,
        layout=Split(1, 1, 1, count, stage),
        convention="DeepSpeed's estimator: 4 P + 16 P / n, stage 3 4 L + 18 P / n; model states only",
    )
