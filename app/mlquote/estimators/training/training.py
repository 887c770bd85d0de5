"""What a training run costs: FLOP, accelerator-hours, energy, carbon, water and dollars, each with how sure we are."""

from dataclasses import dataclass
from datetime import datetime

from mlquote.catalog.rows import Accelerator
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.money import usd_range
from mlquote.estimators.asking.question import utc
from mlquote.estimators.asking.telling import add_shares, mean_shares, shares_of, write
from mlquote.estimators.machines.footprint import Footprint, embodied_of, footprint_of
from mlquote.estimators.machines.parts import sole_provider
from mlquote.estimators.machines.peaks import peaks_of
from mlquote.estimators.machines.place import place_of
from mlquote.estimators.machines.power import draw_of
from mlquote.estimators.machines.site import site_of
from mlquote.estimators.models.flop import FlopBreakdown
from mlquote.estimators.training.communication import Communication, communication_of
from mlquote.estimators.training.cost import CostLine, Costs, costs_of
from mlquote.estimators.training.hours import Goodput, goodput_of, hours_and_mfu
from mlquote.estimators.training.memory import MemoryNeed, MemoryWish, memory_need
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.work import Work, training_work
from mlquote.formulas.scaling import ParametricLaw, predicted_loss
from mlquote.formulas.uncertainty import Uncertain
from mlquote.kit.provenance import Answer, Range, Trail
from mlquote.kit.units import FLOP_PER_PETAFLOP_DAY, TOKENS_PER_MTOK


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
    jurisdiction: str
    status: str
    scope: str
    flop: float
    exceeded: str
    source_url: str


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
    communication: Communication | None
    predicted_loss: float | None
    thresholds: tuple[ThresholdVerdict, ...]
    variance_shares: dict[str, dict[str, float]]


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
    peaks = peaks_of(accelerator, question.precision or DEFAULT_PRECISION, catalog).value
    final_hours, mfu = hours_and_mfu(question, accelerator, work, peaks, catalog, when, trail)
    hours = final_hours * question.experiments_multiplier
    place = place_of(
        catalog, when, provider=question.provider, region=question.region, grid_zone=question.grid_zone
    ).told(trail)
    site = site_of(
        place, catalog, when,
        pue=question.pue, kgco2e_per_kwh=question.kgco2e_per_kwh, fleet=sole_provider(accelerator),
    )  # fmt: skip
    draw = draw_of(
        accelerator, catalog,
        power_w=question.power_w, power_scope=question.power_scope, idle_fraction=question.idle_fraction,
    )  # fmt: skip
    write(trail, site, draw)
    marks = footprint_of(hours, draw, site, embodied_of(accelerator, catalog).told(trail))
    costs = costs_of(
        question, accelerator, hours, marks.energy_kwh, marks.it_energy_kwh, place, site.zone, catalog, when, trail
    )
    _warn_of_gaps(question, marks, trail)
    left_out = "staff and data" if question.storage_gb_months else "staff, data and storage"
    trail.warn("staff-not-included", f"research and engineering {left_out} are not in these dollars")
    spreads = _spreads(hours, marks, costs)
    add_shares(trail, mean_shares(spreads))
    wish = _memory_wish(question)
    memory = memory_need(work.resolved, accelerator, wish, trail) if work.resolved else None
    sent = communication_of(question, accelerator, work, wish, memory, final_hours, trail)
    loss = _loss(question, work, catalog, trail)
    verdicts = _thresholds(question, work.model_flop, catalog, when)
    result = _result(question, work, mfu, hours, final_hours, marks, costs, spreads, memory, sent, loss, verdicts)
    echoed = question.filled(
        as_of=moment,
        release=catalog.release.id,
        date=when,
        cost_basis=costs.basis,
        precision=question.precision or DEFAULT_PRECISION,
    )
    return trail.answer(echoed, result, catalog.catalog_ref(moment))


DEFAULT_PRECISION = "bf16"


def _warn_of_gaps(question: TrainingQuestion, marks: Footprint, trail: Trail) -> None:
    """Say why a figure is null, where no look-up has said so already."""
    if question.accelerator_count is None:
        trail.warn("no-accelerator-count", "without accelerator_count the wall-clock time is unknown")
    if marks.market_based_kgco2e is None:
        trail.warn("no-market-based-factor", "no market-based carbon factor is published for this place")


def _check_released(accelerator: Accelerator, when: datetime, trail: Trail) -> None:
    """Warn of a run dated before anyone could have had the part."""
    if accelerator.release_date is not None and when.date() < accelerator.release_date:
        detail = f"{accelerator.id} came out on {accelerator.release_date}, after the date of this run"
        trail.warn("accelerator-not-yet-released", detail)


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


def _spreads(hours: Uncertain, marks: Footprint, costs: Costs) -> dict[str, dict[str, float]]:
    """Headline result -> source of doubt -> share of its variance."""
    named = {
        "accelerator_hours": hours,
        "energy_kwh": marks.energy_kwh,
        "emissions_kgco2e": marks.total_kgco2e or marks.location_based_kgco2e,
        "cost_usd": costs.chosen,
    }
    return shares_of(named)


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
    sent: Communication | None,
    loss: float | None,
    verdicts: tuple[ThresholdVerdict, ...],
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
        goodput=goodput_of(count, wall.median) if count and wall else None,
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
        communication=sent,
        predicted_loss=loss,
        thresholds=verdicts,
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


def _thresholds(
    question: TrainingQuestion, flop: Uncertain | None, catalog: Snapshot, when: datetime
) -> tuple[ThresholdVerdict, ...]:
    """Every amount in some law or guideline at a moment; those on modifying a model only where one is modified."""
    if flop is None:
        return ()
    interval = flop.range()
    modified = question.method != "pretrain"
    return tuple(
        ThresholdVerdict(row.name, row.jurisdiction, row.status, row.scope, row.flop, verdict, row.source_url)
        for row in sorted(catalog.effective("thresholds", when), key=lambda row: (row.flop, row.id))
        if modified or row.applies_to != "modification"
        for verdict in ["no" if interval.high < row.flop else "yes" if interval.low >= row.flop else "likely"]
    )
