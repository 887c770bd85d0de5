"""Does the network bound a training step: what its data-parallel ranks send, against the time the step has."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from mlquote.catalog.rows import Accelerator
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure, Finding, given, unknown, warned
from mlquote.estimators.asking.question import LATEST
from mlquote.estimators.models.resolved import Resolved
from mlquote.estimators.training.filling import QLORA_WEIGHT_BYTES, USUAL_NODE, load_of_run
from mlquote.estimators.training.memory import MemoryNeed, Split
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.rows import row_of
from mlquote.estimators.training.work import Work
from mlquote.formulas.training.communication import collective_bytes_per_s, data_parallel_bytes
from mlquote.formulas.training.memory import OPTIMIZERS, Trained
from mlquote.formulas.uncertainty import Uncertain, known
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.provenance import Assumption
from mlquote.kit.units import BYTES_PER_GB, SECONDS_PER_HOUR

GBIT_PER_GB = 8
SAME_BATCH = 0.02
"""Two ways of saying a batch agree where they differ by no more than rounding."""
TPU = "TPU"


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
    memory: MemoryNeed | None,
    hours: Uncertain,
    network_gb_per_s: Uncertain | None,
) -> Finding[Communication | None]:
    """The traffic of one step of `batch_tokens`; None where nobody asked or, with a warning, where it is unknown.

    Args:    memory: how the model is spread; hours: accelerator-hours of the final run
             network_gb_per_s: one direction between nodes, for each accelerator, as `network_of` found it
    Raises:  OutOfDomain for a batch larger than the training set
    """
    count = question.accelerator_count
    if not asks_traffic(question):
        return Finding(None)
    lacking = lacking_of(question, accelerator, work.resolved, work.tokens)
    if lacking or work.resolved is None or work.tokens is None or memory is None or memory.layout is None:
        detail = f"what a step of batch_tokens sends is not estimated: {lacking or 'the model is unknown'}"
        return unknown("communication-unknown", detail)
    batch = _batch_tokens(question, work.resolved, memory.layout, work.tokens)
    assert count is not None
    sent = _sent_bytes(load_of_run(question, work.resolved), memory.layout, question)
    sending_s = sent / _bytes_per_s(accelerator, memory.layout, count, network_gb_per_s)
    step_s = hours.median * SECONDS_PER_HOUR / count * (batch / work.tokens)
    told = Finding(Communication(sent, sending_s, step_s, sending_s > step_s))
    if sending_s <= step_s:
        return told
    detail = f"a step sends for {sending_s:.3g} s and lasts {step_s:.3g} s at this efficiency"
    advice = "expect a lower MFU, or take a larger batch or a faster network"
    return warned(told, "communication-bound", f"{detail}: {advice}")


def asks_traffic(question: TrainingQuestion) -> bool:
    """The question says how much one optimizer step is."""
    return question.batch_tokens is not None or question.gradient_accumulation_steps is not None


def _batch_tokens(question: TrainingQuestion, resolved: Resolved, layout: Split, tokens: float) -> float:
    """Tokens of one optimizer step: given, or those of its micro-batches on all data-parallel ranks.

    Raises:  OutOfDomain where both are given and differ, or the batch exceeds the training set
    """
    batch, steps = question.batch_tokens, question.gradient_accumulation_steps
    if steps is not None:
        added = float(steps * question.micro_batch_size * row_of(question, resolved).held_tokens * layout.data_parallel)
        if batch is not None and abs(batch / added - 1) > SAME_BATCH:
            detail = f"{steps} micro-batches on {layout.data_parallel} ranks are {added:g} tokens, not {batch:g}"
            raise OutOfDomain(detail, pointer="/gradient_accumulation_steps", hint="leave one of the two out")
        batch = added if batch is None else batch
    assert batch is not None
    if batch > tokens:
        raise OutOfDomain(
            f"a batch of {batch:g} tokens exceeds the {tokens:g} trained on",
            pointer="/batch_tokens" if question.batch_tokens is not None else "/gradient_accumulation_steps",
            hint="tokens of one optimizer step, over all accelerators",
        )
    return batch


def lacking_of(
    question: TrainingQuestion, accelerator: Accelerator, resolved: Resolved | None, tokens: float | None
) -> str:
    """What is missing to tell a step's traffic, or nothing."""
    if question.accelerator_count is None or question.accelerator_count < 2:
        return "it needs an accelerator_count of 2 or more"
    if tokens is None or resolved is None:
        return "it needs a model and its training tokens"
    if accelerator.interconnect_gb_per_s is None:
        return f"no link rate of {accelerator.id} is published"
    return ""


def network_of(
    question: TrainingQuestion,
    accelerator: Accelerator,
    resolved: Resolved | None,
    tokens: float | None,
    catalog: Snapshot,
) -> Figure:
    """GB/s between nodes, one direction, for each accelerator: given, or what machines of its time have.

    None where nothing is asked that depends on it.
    """
    if not asks_traffic(question) or lacking_of(question, accelerator, resolved, tokens):
        return Finding(None)
    if question.network_gb_per_s is not None:
        return given("network_gb_per_s", question.network_gb_per_s, "GB/s")
    count, node = question.accelerator_count, accelerator.accelerators_per_node or USUAL_NODE
    if count is None or count <= node or accelerator.interconnect_gb_per_s is None:
        return Finding(None)
    if accelerator.generation == TPU:
        return _told(
            accelerator.interconnect_gb_per_s / 2, "a TPU's links reach through the pod", accelerator.source_url
        )
    row = catalog.default("network_gb_per_s", _released(accelerator))
    if row.value is None:
        return Finding(None)
    why = f"a {row.value * GBIT_PER_GB:g} Gb/s card for each accelerator, one direction"
    return replace(_told(row.value, why, row.source_url), rows=(catalog.ref("defaults", row),))


def _told(gb_per_s: float, why: str, source: str) -> Figure:
    said = Assumption("network_gb_per_s", gb_per_s, "GB/s", why=why, source_url=source)
    return Finding(known(gb_per_s), (said,))


def _released(accelerator: Accelerator) -> datetime:
    """The day the part came out; as of a part still to come where nobody says."""
    day = accelerator.release_date
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day is not None else LATEST


def _sent_bytes(load: Trained, layout: Split, question: TrainingQuestion) -> float:
    """Least bytes one accelerator sends in a step; tensor, pipeline and expert parallel traffic apart."""
    states, stage, dp = OPTIMIZERS[question.optimizer], layout.zero_stage, layout.data_parallel
    split = layout.tensor_parallel * layout.pipeline_parallel
    trained = 1.0 if question.trainable_fraction is None else question.trainable_fraction
    trained = 0.0 if load.frozen_fraction else trained
    gathered = 1.0 if stage == 3 else trained
    weight = QLORA_WEIGHT_BYTES if question.adapted == "qlora" else states.weight
    shared = (load.layer_params + load.embedding_params + load.head_params) / split
    experts = load.expert_params / split / layout.expert_parallel
    sent = sum(
        data_parallel_bytes(trained * states.gradient * params, gathered * weight * params, ranks, stage)
        for params, ranks in ((shared, dp), (experts, max(dp // layout.expert_parallel, 1)))
    )
    adapters = load.adapter_params / split
    return sent + data_parallel_bytes(states.gradient * adapters, states.weight * adapters, dp, stage)


def _bytes_per_s(accelerator: Accelerator, layout: Split, count: int, network_gb_per_s: Uncertain | None) -> float:
    """Bytes per second that one accelerator sends; data sheets count both directions of a link, of which half sends."""
    assert accelerator.interconnect_gb_per_s is not None
    link = accelerator.interconnect_gb_per_s / 2
    node = accelerator.accelerators_per_node or USUAL_NODE
    network = network_gb_per_s.median if network_gb_per_s is not None else link
    rate = collective_bytes_per_s(link, network, _ranks_in_node(accelerator, layout), one_node=count <= node)
    return rate * BYTES_PER_GB


def is_bound_by_network(accelerator: Accelerator, layout: Split, network_gb_per_s: float) -> bool:
    """What leaves a node is slower than the links inside it."""
    link = (accelerator.interconnect_gb_per_s or 0.0) / 2
    return _ranks_in_node(accelerator, layout) * network_gb_per_s < link


def _ranks_in_node(accelerator: Accelerator, layout: Split) -> int:
    node = accelerator.accelerators_per_node or USUAL_NODE
    return max(min(layout.data_parallel, node // layout.tensor_parallel), 1)
