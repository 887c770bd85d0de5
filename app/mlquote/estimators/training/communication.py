"""Does the network bound a training step: what its data-parallel ranks send, against the time the step has."""

from dataclasses import dataclass
from datetime import date

from mlquote.catalog.rows import Accelerator
from mlquote.estimators.training.memory import QLORA_WEIGHT_BYTES, MemoryNeed, MemoryWish, Split, load_of_run
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.work import Work
from mlquote.formulas.training.communication import collective_bytes_per_s, data_parallel_bytes
from mlquote.formulas.training.memory import OPTIMIZERS, Load
from mlquote.formulas.uncertainty import Uncertain
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.provenance import Trail
from mlquote.kit.units import BYTES_PER_GB, SECONDS_PER_HOUR

NETWORK_GB_PER_S = 50.0
"""One direction of the network between nodes, per accelerator: a 400 Gb/s card for each GPU of a Hopper node."""
NETWORK_SOURCE = "https://imbue.com/research/70b-infrastructure/"
OLDER_NETWORK_GB_PER_S = 25.0
"""The same before Hopper: eight 200 Gb/s cards for the eight GPUs of a DGX A100."""
OLDER_NETWORK_SOURCE = "https://www.scribd.com/document/813087962/SuperPod-reference-architecture"
HOPPER_LAUNCH = date(2022, 3, 22)


@dataclass(frozen=True, slots=True)
class Communication:
    """What each accelerator sends in a step for gradients and sharded weights, and the time it has for that."""

    bytes_per_accelerator_per_step: float
    seconds_per_step: float
    compute_seconds_per_step: float
    """A step's share of the run's time, at the efficiency of this estimate."""
    bounds: bool
    """Sending alone takes longer than the step: it cannot be hidden behind arithmetic."""


def communication_of(
    question: TrainingQuestion,
    accelerator: Accelerator,
    work: Work,
    wish: MemoryWish,
    memory: MemoryNeed | None,
    hours: Uncertain,
    trail: Trail,
) -> Communication | None:
    """The traffic of one step of `batch_tokens`; None where nobody asked or, with a warning, where it is unknown.

    Args:    wish, memory: how the model is spread; hours: accelerator-hours of the final run
    Raises:  OutOfDomain for a batch larger than the training set
    """
    batch, count = question.batch_tokens, question.accelerator_count
    if batch is None:
        return None
    lacking = _lacking(accelerator, work, memory, count)
    if lacking or work.resolved is None or work.tokens is None or memory is None or memory.layout is None:
        trail.warn("communication-unknown", f"communication is not estimated: {lacking or 'the model is unknown'}")
        return None
    if batch > work.tokens:
        raise OutOfDomain(
            f"a batch of {batch:g} tokens exceeds the {work.tokens:g} trained on",
            pointer="/batch_tokens",
            hint="tokens of one optimizer step, over all accelerators",
        )
    assert count is not None
    sent = _sent_bytes(load_of_run(work.resolved, wish), memory.layout, question)
    sending_s = sent / _rate(accelerator, memory.layout, count, question.network_gb_per_s, trail)
    step_s = hours.median * SECONDS_PER_HOUR / count * (batch / work.tokens)
    if sending_s > step_s:
        detail = f"a step sends for {sending_s:.3g} s and lasts {step_s:.3g} s at this efficiency"
        trail.warn("communication-bound", f"{detail}: expect a lower MFU, or take a larger batch or a faster network")
    return Communication(sent, sending_s, step_s, sending_s > step_s)


def _lacking(accelerator: Accelerator, work: Work, memory: MemoryNeed | None, count: int | None) -> str:
    """What is missing to tell, or nothing."""
    if count is None or count < 2:
        return "it needs an accelerator_count of 2 or more"
    if work.tokens is None or work.resolved is None or memory is None or memory.layout is None:
        return "it needs a model and its training tokens"
    if accelerator.interconnect_gb_per_s is None:
        return f"no link rate of {accelerator.id} is published"
    return ""


def _sent_bytes(load: Load, layout: Split, question: TrainingQuestion) -> float:
    """Least bytes one accelerator sends in a step; tensor, pipeline and expert parallel traffic apart."""
    states, stage, dp = OPTIMIZERS[question.optimizer], layout.zero_stage, layout.data_parallel
    split = layout.tensor_parallel * layout.pipeline_parallel
    trained = 1.0 if question.trainable_fraction is None else question.trainable_fraction
    trained = 0.0 if load.frozen_fraction else trained
    gathered = 1.0 if stage == 3 else trained
    weight = QLORA_WEIGHT_BYTES if question.method == "qlora" else states.weight
    shared = (load.layer_params + load.embedding_params + load.head_params) / split
    experts = load.expert_params / split / layout.expert_parallel
    sent = sum(
        data_parallel_bytes(trained * states.gradient * params, gathered * weight * params, ranks, stage)
        for params, ranks in ((shared, dp), (experts, max(dp // layout.expert_parallel, 1)))
    )
    adapters = load.adapter_params / split
    return sent + data_parallel_bytes(states.gradient * adapters, states.weight * adapters, dp, stage)


def _rate(accelerator: Accelerator, layout: Split, count: int, given: float | None, trail: Trail) -> float:
    """Bytes per second that one accelerator sends; data sheets count both directions of a link, of which half sends."""
    assert accelerator.interconnect_gb_per_s is not None
    link = accelerator.interconnect_gb_per_s / 2
    node = accelerator.accelerators_per_node or 8
    one_node = count <= node
    network = given
    if not one_node and given is None:
        network, why, source = _network(accelerator, link)
        trail.assume("network_gb_per_s", network, unit="GB/s", why=why, source_url=source)
    elif given is not None:
        trail.assume("network_gb_per_s", given, unit="GB/s", basis="given", why="given in the question")
    ranks = max(min(layout.data_parallel, node // layout.tensor_parallel), 1)
    return collective_bytes_per_s(link, network or link, ranks, one_node=one_node) * BYTES_PER_GB


def _network(accelerator: Accelerator, link: float) -> tuple[float, str, str]:
    """(GB/s per accelerator and direction, why, source) of the network between nodes."""
    if accelerator.family == "TPU":
        return link, "a TPU's links reach through the pod", accelerator.source_url
    released = accelerator.release_date
    if released is not None and released < HOPPER_LAUNCH:
        return OLDER_NETWORK_GB_PER_S, "a 200 Gb/s card for each accelerator, one direction", OLDER_NETWORK_SOURCE
    return NETWORK_GB_PER_S, "a 400 Gb/s card for each accelerator, one direction", NETWORK_SOURCE
