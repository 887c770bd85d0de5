"""Does a training run fit: bytes on the most loaded accelerator, how surely, the fewest that hold it, a layout."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from math import gcd
from typing import TypeAlias

from mlquote.catalog.rows import Accelerator
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding, fitted_or_none
from mlquote.estimators.machines.memory import visible_bytes_of
from mlquote.estimators.models.resolved import Resolved
from mlquote.estimators.training.filling import load_of_run, plan_of
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.steps import way_of
from mlquote.formulas.training.layouts import Fitting, smallest_layout, suggested_layout
from mlquote.formulas.training.memory import (
    FUSED_LOGIT_BYTES,
    OPTIMIZERS,
    Parallelism,
    Trained,
    TrainingMemory,
    ZeroStage,
    deepspeed_bytes,
)
from mlquote.formulas.uncertainty import Uncertain, doubtful, fraction_below, known, margin
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.provenance import Assumption, Range, Warning

SURE = 0.8
"""How probable it must be that a run fits to say that it does."""


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

    bytes: Range | None
    """All parts together, and how far published peaks lie from such sums."""
    bytes_per_accelerator: float | None
    """The middle of `bytes`."""
    weights_bytes: float | None
    gradients_bytes: float | None
    optimizer_bytes: float | None
    activations_bytes: float | None
    optimizer_step_bytes: float | None
    """What the optimizer's step holds beyond the activations, which are gone by then."""
    shared_bytes: float | None
    """Of gradients that come as activations go, where each step frees them: counted in both, held once."""
    reserve_bytes: float | None
    """Runtime, allocator and kernels' workspaces."""
    host_bytes: float | None
    """Kept in the host's memory for this accelerator: paged or offloaded optimizer states."""
    beside_bytes: float | None
    """Other models than the one trained: reference, reward, value, teacher."""
    capacity_bytes: float | None
    """What a program sees of the accelerator's memory."""
    fits: bool | None
    """At least four chances in five that it does."""
    fits_probability: float | None
    min_accelerators: int | None
    """The fewest that hold it: everything sharded (ZeRO stage 3) and every layer recomputed."""
    layout: Split | None
    """The layout counted: the one given, or the plainest that fits the accelerators there are."""
    convention: str


Memory: TypeAlias = Finding[MemoryNeed | None]
"""What is kept on an accelerator, as it was found; None without a model."""


@dataclass(frozen=True, slots=True)
class Room:
    """What an accelerator has for a run, and how surely a sum of bytes tells what one takes."""

    capacity_bytes: float
    """What a program sees of the memory; 0 where nobody says."""
    reserve_bytes: float
    log_sd: float

    @property
    def tensor_bytes(self) -> float:
        """What tensors may fill so that the whole surely fits; 0 where the capacity is unknown."""
        return max(0.0, self.capacity_bytes / margin(SURE, self.log_sd) - self.reserve_bytes)

    def of(self, tensor_bytes: float) -> Uncertain:
        """Tensors and reserve, with their doubt."""
        return doubtful(tensor_bytes + self.reserve_bytes, self.log_sd, "memory_bytes")


def room_of(
    question: TrainingQuestion, resolved: Resolved | None, accelerator: Accelerator, catalog: Snapshot, when: datetime
) -> Finding[Room]:
    """What an accelerator has for a run: its memory as a program sees it, less what the runtime holds beside tensors.

    The reserve is fitted on published peaks, and its doubt is that of the whole sum; releases that do not say it, and
    DeepSpeed's convention, have none.
    """
    if resolved is None:
        return Finding(Room(0.0, 0.0, 0.0))
    visible = visible_bytes_of(accelerator, catalog, when)
    capacity = visible.of(visible.value or 0.0)
    row = fitted_or_none("memory", "reserve_bytes", catalog) if question.memory_convention == "parts" else None
    if row is None:
        return capacity.of(Room(capacity.value, 0.0, 0.0))
    why = f"runtime, allocator, workspaces: what {row.runs} published peaks hold beyond the parts counted of them"
    said = Assumption("memory_reserve_bytes", row.value, "bytes", basis="derived", why=why, source_url=row.source_url)
    spread = fitted_or_none("memory", way_of(question.adapted), catalog) or row
    room = Room(capacity.value, row.value, spread.log_sd)
    rows = (*capacity.rows, catalog.ref("fitted_factors", row))
    return Finding(room, (*capacity.assumptions, said), rows, capacity.warnings)


def memory_of(
    question: TrainingQuestion,
    resolved: Resolved | None,
    accelerator: Accelerator,
    room: Room,
    teacher: Resolved | None = None,
) -> Memory:
    """What training `resolved` keeps on each accelerator, by the question's layout, optimizer and recomputation.

    Args:    room: the accelerator's memory decides whether it fits; teacher: what a distilled model learns from
    Returns: a `MemoryNeed` with the layout and the conventions taken; None without a model; without a memory size,
             `fits` and `min_accelerators` are null and a warning says so
    Raises:  OutOfDomain: the splits do not divide the accelerators
    Source:  `mlquote.formulas.training.memory`
    """
    if resolved is None:
        return Finding(None)
    load = load_of_run(question, resolved, teacher)
    plan = plan_of(question, resolved, accelerator, room.tensor_bytes)
    gaps = []
    if not room.capacity_bytes:
        gaps.append(Warning("memory-unknown", f"the memory of {accelerator.id} is not in the catalogue"))
    if resolved.stack is None:
        detail = "only parameters are known: activations are left out of the memory"
        gaps.append(Warning("activations-not-counted", detail))
    if question.memory_convention == "deepspeed":
        return Finding(_as_deepspeed(question, resolved, room), warnings=tuple(gaps))
    found = _parts(load, plan, _spread_of(question), room)
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
def _parts(load: Trained, plan: Fitting, spread: Spread, room: Room) -> Memory:
    """Memory part by part; quotes of one run at many places, prices and dates reckon it once."""
    smallest = smallest_layout(load, replace(plan, recompute="full")) if room.capacity_bytes else None
    layout = _layout(spread, load, plan)
    return Finding(_need(plan.memory(load, layout), room, layout, smallest), _conventions(spread, load, layout, plan))


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


def _conventions(asked: Spread, load: Trained, layout: Parallelism, plan: Fitting) -> tuple[Assumption, ...]:
    """Bytes of a parameter, a logit and what is not quantised, and the layout that was counted."""
    states = OPTIMIZERS[asked.optimizer]
    parts = f"{states.weight:g} weight, {states.gradient:g} gradient, {states.optimizer:g} optimizer"
    host = f", {states.host:g} on the host" if states.host else ""
    spread = f"tp {layout.tensor_parallel}, pp {layout.pipeline_parallel}, dp {layout.data_parallel}"
    why = f"{asked.optimizer}: {parts}{host}"
    return (
        Assumption("bytes_per_trained_param", states.total, "bytes", basis="default", why=why),
        Assumption(
            "memory_layout",
            f"{spread}, ZeRO {layout.zero_stage}",
            basis="given" if asked.is_given else "derived",
            why=f"micro-batch of {asked.micro_batch_size}; fits where {SURE:.0%} sure to",
        ),
        *_ends(load, layout, plan),
    )


def _ends(load: Trained, layout: Parallelism, plan: Fitting) -> Iterator[Assumption]:
    """How the two ends of a model are held, where that is a choice."""
    if load.vocab_size and layout.pipeline_parallel == 1:
        why = (
            "the loss in place or in chunks"
            if plan.kernels.logit_bytes == FUSED_LOGIT_BYTES
            else "logits and gradients"
        )
        yield Assumption("logit_bytes", plan.kernels.logit_bytes, "bytes", why=why)
    if plan.frozen is not None:
        why = "embedding table and head, which QLoRA does not quantise"
        yield Assumption("embedding_bytes_per_param", plan.frozen.ends, "bytes", why=why)


def _need(memory: TrainingMemory, room: Room, layout: Parallelism, smallest: Parallelism | None) -> MemoryNeed:
    whole = room.of(memory.total_bytes)
    chance = fraction_below(whole, room.capacity_bytes) if room.capacity_bytes else None
    return MemoryNeed(
        bytes=whole.range(),
        bytes_per_accelerator=whole.median,
        weights_bytes=memory.weights_bytes,
        gradients_bytes=memory.gradients_bytes,
        optimizer_bytes=memory.optimizer_bytes,
        activations_bytes=memory.activations_bytes,
        optimizer_step_bytes=memory.step_bytes,
        shared_bytes=memory.shared_bytes,
        reserve_bytes=room.reserve_bytes,
        host_bytes=memory.host_bytes,
        beside_bytes=memory.beside_bytes,
        capacity_bytes=room.capacity_bytes or None,
        fits=memory.total_bytes <= room.tensor_bytes if room.capacity_bytes else None,
        fits_probability=chance,
        min_accelerators=smallest.accelerators if smallest else None,
        layout=Split(
            layout.tensor_parallel,
            layout.pipeline_parallel,
            layout.expert_parallel,
            layout.data_parallel,
            layout.zero_stage,
        ),
        convention="most loaded rank: weights + gradients + optimizer states + activations or step + reserve",
    )


def _as_deepspeed(question: TrainingQuestion, resolved: Resolved, room: Room) -> MemoryNeed:
    """Model states as DeepSpeed's estimators count them; no activations, no reserve, no splitting of the model."""
    count = question.accelerator_count or 1
    stage = question.zero_stage if question.zero_stage is not None else 2
    largest = resolved.params / max(1, resolved.stack.layers) if resolved.stack else 0.0
    states = deepspeed_bytes(resolved.params, count, stage, largest_layer_params=largest)
    return MemoryNeed(
        bytes=known(states).range(),
        bytes_per_accelerator=states,
        weights_bytes=None,
        gradients_bytes=None,
        optimizer_bytes=None,
        activations_bytes=None,
        optimizer_step_bytes=None,
        shared_bytes=None,
        reserve_bytes=None,
        host_bytes=None,
        beside_bytes=None,
        capacity_bytes=room.capacity_bytes or None,
        fits=states <= room.tensor_bytes if room.capacity_bytes else None,
        fits_probability=None,
        min_accelerators=None,
        layout=Split(1, 1, 1, count, stage),
        convention="DeepSpeed's estimator: 4 P + 16 P / n, stage 3 4 L + 18 P / n; model states only",
    )
