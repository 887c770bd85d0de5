"""A fine-tuning run as the micro-steps it is made of, and the efficiency that these reach.

Up to one node the utilisation is that of a saturated step, fitted on measured steps; beyond it, and for tuned
benchmarks, that of whole published jobs. Either way no step is faster than its launches, messages and dequantisation.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from mlquote.catalog.rows import Accelerator, FittedFactor
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure, fitted_or_none, found
from mlquote.estimators.machines.peaks import Peaks
from mlquote.estimators.models.flop import Regime, training_flop
from mlquote.estimators.models.resolved import Resolved
from mlquote.estimators.training.filling import load_of_run
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.rows import PRETRAINING, TextRow, row_of
from mlquote.estimators.training.work import reads_images, regime_of
from mlquote.formulas.training.communication import data_parallel_bytes
from mlquote.formulas.training.efficiency import ONE_NODE, Job, efficiency_terms, fitted_mfu, reachable_mfu
from mlquote.formulas.training.memory import OPTIMIZERS, Trained, ZeroStage
from mlquote.formulas.training.steps import REFERENCE_BALANCE, MicroStep, StepCosts, micro_step_s, saturated_terms
from mlquote.formulas.uncertainty import Uncertain, doubtful
from mlquote.kit.units import BYTES_PER_GB, BYTES_PER_GIB

QUANTITY = "step"
"""Under which the fit of measured steps stands among the fitted factors."""


def way_of(adapted: str | None) -> str:
    """Under which the fit says how far steps of one way of training lie from the rule: QLoRA's are not LoRA's."""
    return f"spread:{adapted or 'full'}"


_COSTS = ("launch_s_per_layer", "trained_passes", "dequantised_s_per_weight", "trained_s_per_param")
_RUN_KINDS = ("kind:throughput", "precision:8bit", "precision:32bit")
"""What whole jobs tell of tuning and precision, and measured steps do not."""


@dataclass(frozen=True, slots=True)
class TunedStep:
    """A micro-step, its rows, their model FLOP, and how long its messages take."""

    micro: MicroStep
    row: TextRow
    model_flop: float
    """Of the tokens that its texts hold."""
    padded_model_flop: float
    """The same with padding."""
    sending_s: float
    adapted: str | None


def is_stepped(question: TrainingQuestion, job: Job, resolved: Resolved | None) -> bool:
    """The run is fine-tuning whose micro-steps can be told: a shape is known, and no rollouts come between."""
    if resolved is None or resolved.stack is None or reads_images(resolved) or question.training_flop is not None:
        return False
    is_tuned = question.method not in PRETRAINING or question.adapted is not None
    return is_tuned and job.kind.split("/")[0] != "rl"


def step_of(
    question: TrainingQuestion,
    resolved: Resolved,
    accelerator: Accelerator,
    peaks: Peaks,
    catalog: Snapshot,
    when: datetime,
) -> TunedStep:
    """One micro-step of `micro_batch_size` sequences on one accelerator."""
    row, batch = row_of(question, resolved), float(question.micro_batch_size)
    regime, load = regime_of(question), load_of_run(question, resolved)
    flop = training_flop(resolved, batch * row.computed_tokens, _as_computed(regime, row)).value
    held = training_flop(resolved, batch * row.held_tokens, regime).value if row.is_padded else flop
    base = load.layer_params + load.expert_params + load.embedding_params + load.head_params
    is_adapted = question.adapted is not None
    trained = 0.0 if is_adapted else regime.trained * base
    bandwidth = accelerator.memory_bandwidth_gb_per_s
    micro = MicroStep(
        hardware_flop=flop.hardware_flop,
        layers=load.layers,
        trained_params=trained,
        trained_bytes=OPTIMIZERS[question.optimizer].total * trained,
        memory_bytes_per_s=bandwidth * BYTES_PER_GB if bandwidth else peaks.sixteen_bit / REFERENCE_BALANCE,
        peak_flop_per_s=peaks.sixteen_bit,
        quantised_params=load.layer_params + load.expert_params if question.adapted == "qlora" else 0.0,
        passes=3 if question.recompute == "full" else 2,
        active_params=float(resolved.active_params),
        is_adapted=is_adapted,
        is_card=accelerator.accelerators_per_node is None,
        is_fused=bool(question.fused_loss),
    )
    sending_s = _sending_s(question, load, base, accelerator, catalog, when)
    return TunedStep(micro, row, held.model_flop, flop.model_flop, sending_s, question.adapted)


def _as_computed(regime: Regime, row: TextRow) -> Regime:
    """Padding attends as text does."""
    return replace(regime, document_tokens=(), sequence_tokens=row.computed_tokens) if row.is_padded else regime


def _sending_s(
    question: TrainingQuestion, load: Trained, base: float, accelerator: Accelerator, catalog: Snapshot, when: datetime
) -> float:
    """Time of the gradients of one micro-step between the cards of one machine, by their links or over PCIe."""
    count, states = question.accelerator_count or 1, OPTIMIZERS[question.optimizer]
    if count == 1 or count > ONE_NODE:
        return 0.0
    link = accelerator.interconnect_gb_per_s or catalog.default("pcie_gb_per_s", when).value
    trained = 0.0 if load.frozen_fraction else base
    stage: ZeroStage = 0
    if states.total * trained + states.weight * (base - trained) > (accelerator.memory_gb or 0.0) * BYTES_PER_GIB:
        stage = 3
    steps = question.gradient_accumulation_steps or 1
    gathered = states.weight * base if stage == 3 else 0.0
    sent = data_parallel_bytes(2.0 * (trained + load.adapter_params) / steps, gathered, count, stage)
    assert link is not None
    return sent / (link / 2 * BYTES_PER_GB)


def tuned_mfu(step: TunedStep, job: Job, peaks: Peaks, whole_job: Figure, catalog: Snapshot, ceiling: float) -> Figure:
    """MFU of a fine-tuning run: of its micro-steps, against the dense peak of its own precision.

    Args:    whole_job: what published jobs like it reach; ceiling: the most a machine does
    Returns: `whole_job` itself in releases without measured steps
    """
    fit = {row.term: row for row in catalog.versions("fitted_factors", quantity=QUANTITY)}
    if whole_job.value is None or not fit:
        return whole_job
    costs = StepCosts(*(fit[name].value if name in fit else 0.0 for name in _COSTS))
    spread = fit.get(way_of(step.adapted), fit["base"])
    if (job.accelerator_count or 1) <= ONE_NODE and "benchmark" not in job.kind:
        rate, saturated = _saturated(step, job, peaks, fit, catalog, ceiling)
        value, why = doubtful(rate, spread.log_sd, "mfu"), f"a saturated step's {saturated:.2f} of hardware FLOP"
    else:
        value, why = whole_job.value, whole_job.assumptions[0].why
        rate = value.median * peaks.own * step.micro.hardware_flop / step.padded_model_flop
    seconds = micro_step_s(step.micro, costs, flop_per_s=rate, sending_s=step.sending_s)
    floor = micro_step_s(replace(step.micro, hardware_flop=0.0), costs, flop_per_s=rate, sending_s=step.sending_s)
    mfu = Uncertain(step.model_flop / seconds / peaks.own, value.loads)
    rows = (catalog.ref("fitted_factors", fit["base"]), *peaks.rows)
    told = f"{seconds:.3g} s a micro-step, {floor:.3g} s of them at the least; {why}{_padding(step.row)}"
    return found("mfu", mfu, f"fraction of the dense {peaks.own_dtype} peak", basis="derived", why=told, rows=rows)


def _padding(row: TextRow) -> str:
    if not row.is_padded:
        return ""
    return f"; rows of {row.computed_tokens:,.4g} tokens hold {row.held_tokens:,.4g}, the rest is padding"


def _saturated(
    step: TunedStep, job: Job, peaks: Peaks, fit: dict[str, FittedFactor], catalog: Snapshot, ceiling: float
) -> tuple[float, float]:
    """(FLOP/s, share of the 16-bit peak) of a step long enough to hide its launches."""
    factors = {name: row.value for name, row in fit.items()}
    terms, whole = saturated_terms(step.micro), efficiency_terms(job)
    for term in _RUN_KINDS:
        row = fitted_or_none("mfu", term, catalog)
        if row is not None and term in whole:
            factors[term], terms[term] = row.value, whole[term]
    share = reachable_mfu(fitted_mfu(factors, terms), ceiling * peaks.own / peaks.sixteen_bit)
    return share * peaks.sixteen_bit, share
