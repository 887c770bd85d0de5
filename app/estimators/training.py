"""What a training run costs: FLOP, accelerator-hours, energy, carbon, water and dollars, each with how sure we are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.catalog.rows import Accelerator
from app.catalog.snapshot import Snapshot
from app.estimators.architecture import Resolved, resolve_architecture
from app.estimators.finding import with_shares
from app.estimators.flop import FlopBreakdown, TrainingFlop, image_training_flop, patch_tokens_of, training_flop
from app.estimators.footprint import Footprint, Place, draw_of, embodied_of, footprint_of, site_of
from app.estimators.question import utc
from app.estimators.training_cost import CostLine, Costs, costs_of, usd_range
from app.estimators.training_memory import MemoryNeed, MemoryWish, memory_need
from app.estimators.training_question import TrainingQuestion
from app.estimators.utilisation import Peaks, given_mfu, hardware_class, hours_of, mfu_of, peaks_of, year_of
from app.formulas.efficiency import Job
from app.formulas.goodput import (
    CHECKPOINT_S,
    RESTART_S,
    goodput_fraction,
    mean_hours_between_interruptions,
    optimal_checkpoint_interval_s,
)
from app.formulas.scaling import ParametricLaw, predicted_loss
from app.formulas.uncertainty import Uncertain, doubtful, known
from app.kit.errors import Malformed, OutOfDomain
from app.kit.provenance import Answer, Range, Trail
from app.kit.units import FLOP_PER_PETAFLOP_DAY, SECONDS_PER_HOUR, TOKENS_PER_MTOK


@dataclass(frozen=True, slots=True)
class Emissions:
    """kg CO2e by ledger; total = location_based + embodied, and market_based is never added to it."""

    location_based: Range | None
    location_based_nameplate: Range | None
    market_based: Range | None
    embodied: Range | None
    total: Range | None


@dataclass(frozen=True, slots=True)
class ThresholdVerdict:
    """Whether the run's compute reaches a regulatory amount; `likely` when its range straddles it."""

    name: str
    flop: float
    exceeded: str
    source_url: str


@dataclass(frozen=True, slots=True)
class Goodput:
    """What failures do to the schedule, from Llama 3's rate of interruptions; already inside a fitted MFU."""

    interruptions: float | None
    hours_between_interruptions: float
    checkpoint_interval_s: float
    goodput_fraction: float


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """See the API: every figure with its unit in its name, Ranges where a range is honest, null where unknown."""

    params: int | None
    active_params: int | None
    training_flop: Range | None
    hardware_flop: Range | None
    flop_breakdown: FlopBreakdown | None
    petaflop_days: Range | None
    mfu: Range | None
    accelerator_hours: Range
    wall_clock_hours: Range | None
    goodput: Goodput | None
    energy_kwh: Range | None
    energy_kwh_nameplate: Range | None
    emissions_kgco2e: Emissions
    sci_kgco2e_per_mtok: Range | None
    water_l: Range | None
    grid_water_l: Range | None
    cost_basis: str
    cost_usd: Range | None
    cost_usd_rental: Range | None
    cost_usd_amortised: Range | None
    cost_usd_hosting: Range | None
    cost_lines: tuple[CostLine, ...]
    memory: MemoryNeed | None
    predicted_loss: float | None
    thresholds: tuple[ThresholdVerdict, ...]
    variance_shares: dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Work:
    """How much arithmetic a run is, as far as the question says."""

    resolved: Resolved | None
    model_flop: Uncertain | None
    hardware_flop: Uncertain | None
    tokens: float | None
    counted: TrainingFlop | None = None


def training_estimate(question: TrainingQuestion, catalog: Snapshot, now: datetime) -> Answer:
    """Answer a `TrainingQuestion` from one snapshot.

    Raises:  Malformed when nothing says how much is trained; UnknownName for names the catalogue lacks; OutOfDomain
             for figures that contradict each other
    """
    moment = question.moment(now)
    when = utc(question.date) if question.date is not None else moment
    trail = Trail()
    accelerator = catalog.accelerator(question.accelerator, when)
    trail.use(catalog.ref("accelerators", accelerator))
    _check_released(accelerator, when, trail)
    work = training_work(question, catalog, when, trail)
    peaks = peaks_of(accelerator, question.precision or "bf16", catalog)
    final_hours, mfu = _hours(question, accelerator, work, peaks, catalog, when, trail)
    hours = final_hours * question.experiments_multiplier
    place = Place(question.provider, question.region, question.grid_zone, question.kgco2e_per_kwh, question.pue)
    fleet = "gcp" if accelerator.family == "TPU" else ""
    site = site_of(place, catalog, when, trail, fleet=fleet)
    draw = draw_of(accelerator, catalog, when, trail, power_w=question.power_w, power_scope=question.power_scope)
    marks = footprint_of(hours, draw, site, embodied_of(accelerator, catalog, trail))
    costs = costs_of(
        question, accelerator, hours, marks.energy_kwh, marks.it_energy_kwh, site.zone, catalog, when, trail
    )
    trail.warn("staff-not-included", "research and engineering staff, data and storage are not in these dollars")
    spreads = _spreads(hours, marks, costs)
    trail.assumptions = with_shares(trail.assumptions, _mean_shares(spreads))
    memory = memory_need(work.resolved, accelerator, _memory_wish(question), trail) if work.resolved else None
    loss = _loss(question, work, catalog, trail)
    result = _result(question, work, mfu, hours, final_hours, marks, costs, spreads, memory, loss, catalog)
    echoed = question.filled(as_of=moment, release=catalog.release.id, date=when, cost_basis=costs.basis)
    return trail.answer(echoed, result, catalog.catalog_ref(moment))


def _check_released(accelerator: Accelerator, when: datetime, trail: Trail) -> None:
    """Warn of a run dated before anyone could have had the part."""
    if accelerator.release_date is not None and when.date() < accelerator.release_date:
        detail = f"{accelerator.id} came out on {accelerator.release_date}, after the date of this run"
        trail.warn("accelerator-not-yet-released", detail)


def training_work(question: TrainingQuestion, catalog: Snapshot, when: datetime, trail: Trail) -> Work:
    """Model and hardware FLOP: counted, given, or unknown where only hours are known."""
    said = (question.model, question.params, question.architecture, question.hf_config)
    if all(part is None for part in said):
        if question.training_flop is None and question.accelerator_hours is None:
            hint = "give model, params, architecture or hf_config; or training_flop; or accelerator_hours"
            raise Malformed("nothing says what is trained", pointer="/model", hint=hint)
        if question.training_flop is None:
            trail.warn("flop-unknown", "neither a model nor training_flop is given: FLOP and MFU are unknown")
            return Work(None, None, None, question.tokens)
        flop = known(question.training_flop)
        return Work(None, flop, flop if question.recompute == "none" else None, question.tokens)
    try:
        resolved = resolve_architecture(
            catalog=catalog, moment=when, trail=trail, model=question.model, params=question.params,
            active_params=question.active_params, architecture=question.architecture, hf_config=question.hf_config,
            sequence_tokens=question.sequence_length,
        )  # fmt: skip
    except Malformed as fault:
        if question.accelerator_hours is None or not fault.faults[0].pointer.endswith("/params"):
            raise
        trail.warn("flop-unknown", f"{fault.detail}: FLOP and MFU are unknown")
        return Work(None, None, None, question.tokens)
    images = resolved.image is not None or resolved.kind in {"cnn", "diffusion"}
    seen = _samples(question, resolved) if images else _tokens(question, resolved, trail)
    tokens = None if images else seen
    if question.training_flop is not None:
        flop = known(question.training_flop)
        return Work(resolved, flop, flop if question.recompute == "none" else None, tokens)
    if seen is None or (images and resolved.image is None and question.accelerator_hours is not None):
        if question.accelerator_hours is None:
            pointer, hint = ("/samples", "give samples") if images else ("/tokens", "give tokens or samples")
            raise Malformed("nothing says how much is trained", pointer=pointer, hint=hint)
        trail.warn("flop-unknown", "neither tokens nor training_flop is given: FLOP and MFU are unknown")
        return Work(resolved, None, None, None)
    counted = (_counted_images if images else _counted_tokens)(question, resolved, seen, trail)
    model = doubtful(counted.model_flop, _flop_log_sd(resolved, counted.convention), "training_flop")
    interval = model.range()
    trail.assume(
        "training_flop", counted.model_flop, unit="FLOP", low=interval.low, high=interval.high, basis="derived",
        why="model FLOP, without recomputation",
    )  # fmt: skip
    hardware = Uncertain(counted.hardware_flop, model.loads)
    return Work(resolved, model, hardware, tokens, counted)


COUNTED_LOG_SD = 0.005
"""Doubt of FLOP counted from a known shape: what the convention leaves out (norms, router, softmax) is below 1 %."""
SIX_ND_LOG_SD = 0.04
"""Doubt of 6 N D: exact counts of published shapes are 1.00 to 1.10 times it."""
HALVED_LOG_SD = 0.35
"""Doubt where tokens split between encoder and decoder in unknown shares: 3 to 6 N D."""


def _flop_log_sd(resolved: Resolved, convention: str) -> float:
    if resolved.kind == "encoder_decoder" and not resolved.counted:
        return HALVED_LOG_SD
    return SIX_ND_LOG_SD if convention == "6nd" else COUNTED_LOG_SD


def _memory_wish(question: TrainingQuestion) -> MemoryWish:
    return MemoryWish(
        accelerator_count=question.accelerator_count,
        tensor_parallel=question.tensor_parallel,
        pipeline_parallel=question.pipeline_parallel,
        expert_parallel=question.expert_parallel,
        zero_stage=question.zero_stage,
        micro_batch_size=question.micro_batch_size,
        sequence_length=question.sequence_length,
        optimizer=question.optimizer,
        recompute=question.recompute,
        fused_attention=question.fused_attention,
        method=question.method,
        lora_rank=question.lora_rank,
        convention=question.memory_convention,
    )


def _tokens(question: TrainingQuestion, resolved: Resolved, trail: Trail) -> float | None:
    """Tokens seen: per pass times epochs; a known model's own training set where nothing is said."""
    if question.tokens is not None and question.samples is not None:
        raise Malformed("tokens and samples both say how much", pointer="/samples", hint="give one of the two")
    if question.tokens is not None:
        return question.tokens * question.epochs
    if question.samples is not None:
        length = question.sequence_length or resolved.training_sequence_tokens
        if length is None:
            hint = "give sequence_length: tokens in one sample"
            raise Malformed("samples need a length in tokens", pointer="/sequence_length", hint=hint)
        return question.samples * length * question.epochs
    own = resolved.training_tokens
    if own is None or question.accelerator_hours is not None or question.method != "pretrain":
        return None
    trail.assume("tokens", own, unit="tokens", basis="catalog", why=f"what {resolved.name} was trained on")
    return own * question.epochs


def _samples(question: TrainingQuestion, resolved: Resolved) -> float | None:
    """Images seen; a vision transformer's tokens are so many patches an image."""
    if question.tokens is not None and question.samples is not None:
        raise Malformed("tokens and samples both say how much", pointer="/samples", hint="give one of the two")
    if question.samples is not None:
        return question.samples * question.epochs
    if question.tokens is None:
        return None
    if resolved.kind != "vit":
        raise Malformed(f"a {resolved.kind} reads images, not tokens", pointer="/tokens", hint="give samples")
    return question.tokens * question.epochs / patch_tokens_of(resolved)


def _counted_tokens(question: TrainingQuestion, resolved: Resolved, tokens: float, trail: Trail) -> TrainingFlop:
    return training_flop(
        resolved,
        tokens,
        trail=trail,
        sequence_tokens=question.sequence_length,
        document_tokens=question.document_lengths or (),
        convention=question.flop_convention,
        method=question.method,
        lora_rank=question.lora_rank,
        trainable_fraction=question.trainable_fraction,
        recompute=question.recompute,
    )


def _counted_images(question: TrainingQuestion, resolved: Resolved, samples: float, trail: Trail) -> TrainingFlop:
    return image_training_flop(
        resolved,
        samples,
        trail=trail,
        method=question.method,
        trainable_fraction=question.trainable_fraction,
        recompute=question.recompute,
    )


def _hours(
    question: TrainingQuestion,
    accelerator: Accelerator,
    work: Work,
    peaks: Peaks | None,
    catalog: Snapshot,
    when: datetime,
    trail: Trail,
) -> tuple[Uncertain, Uncertain | None]:
    """(accelerator-hours of the final run, its MFU): one follows from the other."""
    if question.mfu is not None and question.hfu is not None:
        raise Malformed("mfu and hfu both say how efficient", pointer="/hfu", hint="give one of the two")
    if question.accelerator_hours is not None:
        hours = known(question.accelerator_hours)
        trail.assume("accelerator_hours", question.accelerator_hours, unit="h", basis="given", why="given")
        return hours, _implied_mfu(work.model_flop, hours, peaks) if work.model_flop and peaks else None
    assert work.model_flop is not None
    if peaks is None:
        hint = "give accelerator_hours, or another accelerator"
        raise OutOfDomain(f"no dense peak rate of {accelerator.id} is published", pointer="/accelerator", hint=hint)
    goodput = question.goodput_fraction
    if question.hfu is not None:
        if work.hardware_flop is None:
            hint = "give mfu, or the model instead of training_flop"
            raise Malformed("hfu needs hardware FLOP", pointer="/hfu", hint=hint)
        rate = given_mfu("hfu", question.hfu, trail, goodput=goodput) * (goodput or 1.0)
        hours = hours_of(work.hardware_flop, peaks.own, rate)
        return hours, _implied_mfu(work.model_flop, hours, peaks)
    if question.mfu is not None:
        mfu = given_mfu("mfu", question.mfu, trail, goodput=goodput) * (goodput or 1.0)
    else:
        job = efficiency_job(question, accelerator, work, when)
        fitted = mfu_of(job, peaks, catalog).told(trail)
        assert fitted is not None
        mfu = fitted if goodput is None else fitted * (goodput / _usual_goodput(question.accelerator_count))
    return hours_of(work.model_flop, peaks.own, mfu), mfu


def _implied_mfu(model_flop: Uncertain, hours: Uncertain, peaks: Peaks) -> Uncertain:
    return model_flop / hours / (peaks.own * SECONDS_PER_HOUR)


def efficiency_job(question: TrainingQuestion, accelerator: Accelerator, work: Work, when: datetime) -> Job:
    resolved = work.resolved
    kind = _KINDS.get(question.method, "finetune")
    if kind == "pretrain" and question.run_kind != "production":
        kind = "benchmark" if question.run_kind == "benchmark" else "throughput"
    architecture = ("moe" if resolved.mixture else resolved.kind) if resolved else "transformer"
    return Job(
        hardware=hardware_class(accelerator),
        architecture=architecture,
        precision=question.precision or "bf16",
        kind=kind,
        params=resolved.active_params if resolved else None,
        accelerator_count=question.accelerator_count,
        tokens=work.tokens,
        year=year_of(when),
    )


_KINDS = {"pretrain": "pretrain", "lora": "lora", "qlora": "lora", "rlhf": "rl", "rl": "rl"}


def _goodput(accelerator_count: int, wall_clock_hours: float | None) -> Goodput:
    between = mean_hours_between_interruptions(accelerator_count)
    interval = optimal_checkpoint_interval_s(CHECKPOINT_S, between * SECONDS_PER_HOUR)
    share = goodput_fraction(interval, CHECKPOINT_S, RESTART_S, between * SECONDS_PER_HOUR)
    return Goodput(wall_clock_hours / between if wall_clock_hours else None, between, interval, share)


def _usual_goodput(accelerator_count: int | None) -> float:
    """What a fitted MFU already holds of failures, at this size."""
    return _goodput(accelerator_count or 300, None).goodput_fraction


def _spreads(hours: Uncertain, marks: Footprint, costs: Costs) -> dict[str, dict[str, float]]:
    """Headline result -> source of doubt -> share of its variance."""
    named = {
        "accelerator_hours": hours,
        "energy_kwh": marks.energy_kwh,
        "emissions_kgco2e": marks.total_kgco2e or marks.location_based_kgco2e,
        "cost_usd": costs.chosen,
    }
    return {name: value.shares() for name, value in named.items() if value is not None}


def _mean_shares(spreads: dict[str, dict[str, float]]) -> dict[str, float]:
    """Each source's share, averaged over the headline results that are in doubt: they add up to 1."""
    doubtful_ones = [shares for shares in spreads.values() if shares]
    mean: dict[str, float] = {}
    for shares in doubtful_ones:
        for name, share in shares.items():
            mean[name] = mean.get(name, 0.0) + share / len(doubtful_ones)
    return mean


def _result(
    question: TrainingQuestion,
    work: Work,
    mfu: Uncertain | None,
    hours: Uncertain,
    final_hours: Uncertain,
    marks: Footprint,
    costs: Costs,
    spreads: dict[str, dict[str, float]],
    memory: MemoryNeed | None,
    loss: float | None,
    catalog: Snapshot,
) -> TrainingResult:
    resolved, count = work.resolved, question.accelerator_count
    wall = final_hours / count if count else None
    per_mtok = marks.total_kgco2e / (work.tokens / TOKENS_PER_MTOK) if marks.total_kgco2e and work.tokens else None
    return TrainingResult(
        params=resolved.params if resolved else None,
        active_params=resolved.active_params if resolved else None,
        training_flop=_range(work.model_flop),
        hardware_flop=_range(work.hardware_flop),
        flop_breakdown=work.counted.breakdown() if work.counted else None,
        petaflop_days=_range(work.model_flop / FLOP_PER_PETAFLOP_DAY if work.model_flop else None),
        mfu=_range(mfu),
        accelerator_hours=hours.range(),
        wall_clock_hours=_range(wall),
        goodput=_goodput(count, wall.median) if count and wall else None,
        energy_kwh=_range(marks.energy_kwh),
        energy_kwh_nameplate=_range(marks.energy_kwh_nameplate),
        emissions_kgco2e=Emissions(
            location_based=_range(marks.location_based_kgco2e),
            location_based_nameplate=_range(marks.location_based_nameplate_kgco2e),
            market_based=_range(marks.market_based_kgco2e),
            embodied=_range(marks.embodied_kgco2e),
            total=_range(marks.total_kgco2e),
        ),
        sci_kgco2e_per_mtok=_range(per_mtok),
        water_l=_range(marks.water_l),
        grid_water_l=_range(marks.grid_water_l),
        cost_basis=costs.basis,
        cost_usd=usd_range(costs.chosen),
        cost_usd_rental=usd_range(costs.rental),
        cost_usd_amortised=usd_range(costs.amortised),
        cost_usd_hosting=usd_range(costs.hosting),
        cost_lines=costs.lines,
        memory=memory,
        predicted_loss=loss,
        thresholds=_thresholds(work.model_flop, catalog),
        variance_shares=spreads,
    )


LOSS_LAW = "besiroglu2024"


def _loss(question: TrainingQuestion, work: Work, catalog: Snapshot, trail: Trail) -> float | None:
    """Nats per token that a scaling law foretells, where it applies: a dense decoder, pretrained on fresh text."""
    resolved = work.resolved
    if resolved is None or work.tokens is None or resolved.kind != "transformer" or resolved.mixture:
        return None
    laws = catalog.history("scaling_laws", LOSS_LAW)
    if question.method != "pretrain" or question.epochs != 1 or not laws:
        return None
    row = laws[-1]
    trail.use(catalog.ref("scaling_laws", row))
    trail.assume("loss_law", row.id, basis="default", source_url=row.source_url, why=f"{row.name}, on {row.dataset}")
    law = ParametricLaw(row.e, row.a, row.b, row.alpha, row.beta)
    return predicted_loss(law, resolved.params, work.tokens)


def _range(value: Uncertain | None) -> Range | None:
    return value.range() if value is not None else None


def _thresholds(flop: Uncertain | None, catalog: Snapshot) -> tuple[ThresholdVerdict, ...]:
    if flop is None:
        return ()
    interval = flop.range()
    verdicts = []
    for row in catalog.derived(_by_flop):
        exceeded = "no" if interval.high < row.flop else "yes" if interval.low >= row.flop else "likely"
        verdicts.append(ThresholdVerdict(row.name, row.flop, exceeded, row.source_url))
    return tuple(verdicts)


def _by_flop(catalog: Snapshot) -> list[Any]:
    return sorted(catalog.rows("thresholds"), key=lambda row: (row.flop, row.id))
