"""Does a training run fit: bytes on the most loaded accelerator, the fewest that hold it, a layout to start from."""

from dataclasses import dataclass, replace
from functools import lru_cache
from math import gcd
from typing import TypeAlias

from mlquote.catalog.rows import Accelerator
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.models.flop import ADAPTED, DEFAULT_LORA_RANK, DEFAULT_SEQUENCE_TOKENS
from mlquote.estimators.models.resolved import Resolved
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.formulas.models.stacks import adapter_params
from mlquote.formulas.training.layouts import USABLE_FRACTION, Fitting, smallest_layout, suggested_layout
from mlquote.formulas.training.memory import (
    OPTIMIZERS,
    Parallelism,
    Trained,
    TrainingMemory,
    ZeroStage,
    deepspeed_bytes,
    load_of,
    load_of_params,
)
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.provenance import Assumption, Warning
from mlquote.kit.units import BYTES_PER_GB

USUAL_NODE = 8
"""Accelerators in one machine where nobody says."""
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


Memory: TypeAlias = Finding[MemoryNeed | None]
"""What is kept on an accelerator, as it was found; None without a model."""


def memory_of(question: TrainingQuestion, resolved: Resolved | None, accelerator: Accelerator) -> Memory:
    """What training `resolved` keeps on each accelerator, by the question's layout, optimizer and recomputation.

    Args:    accelerator: its memory size decides whether it fits
    Returns: a `MemoryNeed` with the layout and the conventions taken; None without a model; without a memory size,
             `fits` and `min_accelerators` are null and a warning says so
    Raises:  OutOfDomain: the splits do not divide the accelerators
    Source:  `mlquote.formulas.training.memory`
    """
    if resolved is None:
        return Finding(None)
    load, plan = load_of_run(question, resolved), _plan(question, resolved, accelerator)
    gaps = []
    if not plan.capacity_bytes:
        gaps.append(Warning("memory-unknown", f"the memory of {accelerator.id} is not in the catalogue"))
    if resolved.stack is None:
        detail = "only parameters are known: activations are left out of the memory"
        gaps.append(Warning("activations-not-counted", detail))
    if question.memory_convention == "deepspeed":
        return Finding(_as_deepspeed(question, resolved, plan), warnings=tuple(gaps))
    found = _parts(load, plan, _spread_of(question))
    return replace(found, warnings=tuple(gaps)) if gaps else found


@dataclass(frozen=True, slots=True)
class Spread:
    """What a question says about how the model is spread and its states are kept; None where the choice is ours."""

    accelerator_count: int | None
    tensor_parallel: int | None
    pipeline_parallel: int | None
    expert_parallel: int | None
    zero_stage: ZeroStage | None
    optimizer: str
    micro_batch_size: int

    @property
    def is_given(self) -> bool:
        """The question itself says how the model is split or sharded."""
        said = (self.tensor_parallel, self.pipeline_parallel, self.expert_parallel, self.zero_stage)
        return any(part is not None for part in said)


def _spread_of(question: TrainingQuestion) -> Spread:
    return Spread(
        question.accelerator_count, question.tensor_parallel, question.pipeline_parallel, question.expert_parallel,
        question.zero_stage, question.optimizer, question.micro_batch_size,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _parts(load: Trained, plan: Fitting, spread: Spread) -> Memory:
    """Memory part by part; quotes of one run at many places, prices and dates reckon it once."""
    smallest = smallest_layout(load, replace(plan, recompute="full")) if plan.capacity_bytes else None
    layout = _layout(spread, load, plan)
    return Finding(_need(plan.memory(load, layout), plan, layout, smallest), _conventions(spread, layout))


def _plan(question: TrainingQuestion, resolved: Resolved, accelerator: Accelerator) -> Fitting:
    """What one accelerator may hold, and how the run fills it."""
    length = question.sequence_length or resolved.training_sequence_tokens or DEFAULT_SEQUENCE_TOKENS
    return Fitting(
        capacity_bytes=(accelerator.memory_gb or 0.0) * BYTES_PER_GB,
        micro_batch_tokens=float(question.micro_batch_size * length),
        sequence_tokens=float(length),
        recompute=question.recompute,
        states=OPTIMIZERS[question.optimizer],
        fused_attention=question.fused_attention,
        frozen_weight_bytes=QLORA_WEIGHT_BYTES if question.method == "qlora" else None,
        accelerators_per_node=accelerator.accelerators_per_node or USUAL_NODE,
    )


def load_of_run(question: TrainingQuestion, resolved: Resolved) -> Trained:
    """The model's parameters as they are split and trained, to the last one of its stated count."""
    frozen = question.method in ADAPTED
    if resolved.stack is None:
        return load_of_params(resolved.params, frozen=frozen)
    adapters = adapter_params(resolved.stack, question.lora_rank or DEFAULT_LORA_RANK) if frozen else 0
    load = load_of(resolved.stack, adapter_params=adapters, frozen=frozen)
    counted = load.layer_params + load.expert_params + load.embedding_params + load.head_params
    rest = resolved.params - counted
    if load.expert_params:
        return replace(load, expert_params=max(0.0, load.expert_params + rest))
    return replace(load, layer_params=max(0.0, load.layer_params + rest))


def _layout(spread: Spread, load: Trained, plan: Fitting) -> Parallelism:
    """The layout asked for; or the plainest that fits the accelerators there are; or that of the fewest that fit."""
    count = spread.accelerator_count
    if not spread.is_given:
        found = None
        if plan.capacity_bytes:
            found = suggested_layout(load, plan, count) if count else smallest_layout(load, plan)
        return found or Parallelism(data_parallel=count or 1, zero_stage=3 if count else 0)
    t, p, e = (spread.tensor_parallel or 1, spread.pipeline_parallel or 1, spread.expert_parallel or 1)
    if count is not None and count % (t * p):
        detail, hint = f"{count} accelerators cannot be split {t} x {p}", f"a multiple of {t * p}"
        raise OutOfDomain(detail, pointer="/accelerator_count", hint=hint)
    d = count // (t * p) if count else e
    if gcd(d, e) != e:
        detail = f"{d} data-parallel ranks cannot hold {e} expert-parallel ones"
        raise OutOfDomain(detail, pointer="/expert_parallel", hint=f"1 to {d}")
    stage = spread.zero_stage if spread.zero_stage is not None else 0
    return Parallelism(tensor_parallel=t, pipeline_parallel=p, expert_parallel=e, data_parallel=d, zero_stage=stage)


def _conventions(asked: Spread, layout: Parallelism) -> tuple[Assumption, ...]:
    """Bytes of a parameter under the optimizer, and the layout that was counted."""
    states = OPTIMIZERS[asked.optimizer]
    whole = states.weight + states.gradient + states.optimizer
    parts = f"{states.weight:g} weight, {states.gradient:g} gradient, {states.optimizer:g} optimizer"
    spread = f"tp {layout.tensor_parallel}, pp {layout.pipeline_parallel}, dp {layout.data_parallel}"
    return (
        Assumption("bytes_per_trained_param", whole, "bytes", basis="default", why=f"{asked.optimizer}: {parts}"),
        Assumption(
            "memory_layout",
            f"{spread}, ZeRO {layout.zero_stage}",
            basis="given" if asked.is_given else "derived",
            why=f"micro-batch of {asked.micro_batch_size}; tensors may fill {USABLE_FRACTION:.0%} of the memory",
        ),
    )


def _need(memory: TrainingMemory, plan: Fitting, layout: Parallelism, smallest: Parallelism | None) -> MemoryNeed:
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


def _as_deepspeed(question: TrainingQuestion, resolved: Resolved, plan: Fitting) -> MemoryNeed:
    """Model states as DeepSpeed's estimators count them; no activations, no splitting of the model."""
    count = question.accelerator_count or 1
    stage = question.zero_stage if question.zero_stage is not None else 2
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
