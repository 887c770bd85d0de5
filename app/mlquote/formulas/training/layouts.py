"""Where a run fits: the fewest accelerators that hold it, and the plainest way to spread it over those there are."""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, log2

from mlquote.formulas.models.compute import Recompute
from mlquote.formulas.training.memory import (
    FUSED,
    FrozenBytes,
    Kernels,
    Parallelism,
    StateBytes,
    Trained,
    TrainingMemory,
    ZeroStage,
    activation_bytes,
    training_memory,
)

MOST_TENSOR_PARALLEL = 8
"""Tensor parallelism stays inside one node: 8 accelerators in most."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """What a run needs beside the model: its micro-batch, its memory, its ways of saving."""

    capacity_bytes: float
    """What one accelerator may be filled with, room for doubt and the runtime already left."""
    micro_batch_tokens: float
    sequence_tokens: float
    recompute: Recompute
    states: StateBytes
    frozen: FrozenBytes | None = None
    kernels: Kernels = FUSED
    accelerators_per_node: int = MOST_TENSOR_PARALLEL

    def memory(self, load: Trained, layout: Parallelism) -> TrainingMemory:
        """What `layout` puts on the most loaded accelerator."""
        kept = activation_bytes(
            load,
            micro_batch_tokens=self.micro_batch_tokens,
            sequence_tokens=self.sequence_tokens,
            tensor_parallel=layout.tensor_parallel,
            pipeline_parallel=layout.pipeline_parallel,
            recompute=self.recompute,
            kernels=self.kernels,
        )
        return training_memory(
            load, layout, self.states, activations_bytes=kept, frozen=self.frozen, kernels=self.kernels
        )

    def fits(self, load: Trained, layout: Parallelism) -> bool:
        """The most loaded accelerator holds it."""
        return self.memory(load, layout).total_bytes <= self.capacity_bytes


def _powers_of_two(most: int) -> list[int]:
    return [2**n for n in range(int(log2(most)) + 1)] if most >= 1 else [1]


@lru_cache(maxsize=4096)
def smallest_layout(load: Trained, plan: Fitting) -> Parallelism | None:
    """The fewest accelerators that hold the model, everything sharded (ZeRO stage 3).

    For each tensor and pipeline split (powers of two) the data-parallel degree is what the sharded bytes need beside
    the activations; the least product wins.

    Args:
        load: the model.
        plan: micro-batch, memory and savings.

    Returns: a layout, or None where no number of accelerators is enough.

    Source: `training_memory`, solved for the data-parallel degree.
    """
    best: Parallelism | None = None
    for p in _powers_of_two(min(load.layers, 64)):
        for t in _powers_of_two(min(plan.accelerators_per_node, MOST_TENSOR_PARALLEL)):
            alone = plan.memory(load, Parallelism(tensor_parallel=t, pipeline_parallel=p))
            room = plan.capacity_bytes - alone.activations_bytes
            if room <= 0:
                continue
            shards = max(1, ceil((alone.total_bytes - alone.activations_bytes - alone.step_bytes) / room))
            for d in (shards, shards + 1, 2 * shards):  # what a step holds shrinks with its shards too
                found = Parallelism(tensor_parallel=t, pipeline_parallel=p, data_parallel=d, zero_stage=3)
                if (best is None or found.accelerators < best.accelerators) and plan.fits(load, found):
                    best = found
    return best


@lru_cache(maxsize=4096)
def suggested_layout(load: Trained, plan: Fitting, accelerators: int) -> Parallelism | None:
    """The plainest layout on `accelerators` that fits: least splitting of the model first, then least sharding.

    Args:
        load: the model.
        plan: micro-batch, memory and savings.
        accelerators: how many there are.

    Returns: a layout, or None where none fits.

    Source: Narayanan et al. 2021, section 3 (split inside a node before across, and only as far as memory asks).
    """
    tensor = _powers_of_two(min(plan.accelerators_per_node, MOST_TENSOR_PARALLEL, accelerators))
    pipeline = _powers_of_two(min(load.layers, 64, accelerators))
    splits = sorted((t * p, p, t) for t in tensor for p in pipeline if accelerators % (t * p) == 0)
    stages: tuple[ZeroStage, ...] = (0, 1, 2, 3)
    for split, p, t in splits:
        for stage in stages:
            layout = Parallelism(
                tensor_parallel=t, pipeline_parallel=p, data_parallel=accelerators // split, zero_stage=stage
            )
            if plan.fits(load, layout):
                return layout
    return None
