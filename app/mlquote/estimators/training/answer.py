"""What a training estimate answers: the figures of a run, each with its unit in its name."""

from mlquote.estimators.asking.money import usd_range
from mlquote.estimators.asking.telling import shares_of
from mlquote.estimators.machines.footprint import Footprint
from mlquote.estimators.models.flop import FlopBreakdown
from mlquote.estimators.training.communication import Communication
from mlquote.estimators.training.hours import Goodput
from mlquote.estimators.training.memory import MemoryNeed
from mlquote.estimators.training.methods import Pass
from mlquote.estimators.training.run import TrainingRun
from mlquote.estimators.training.thresholds import ThresholdVerdict
from mlquote.formulas.uncertainty import Uncertain
from mlquote.kit.cost_line import CostLine
from mlquote.kit.provenance import Range
from mlquote.kit.records import quick_record
from mlquote.kit.units import FLOP_PER_PETAFLOP_DAY


@quick_record
class Emissions:
    """kg CO2e by ledger; total = location_based + embodied, and market_based is never added to it."""

    location_based: Range | None
    location_based_nameplate: Range | None
    market_based: Range | None
    embodied: Range | None
    total: Range | None


@quick_record
class TrainingResult:
    """See the API: every figure with its unit in its name, Ranges where a range is honest, null where unknown."""

    params: int | None
    active_params: int | None
    training_flop: Range | None
    hardware_flop: Range | None
    flop_breakdown: FlopBreakdown | None
    passes: tuple[Pass, ...]
    petaflop_days: Range | None
    mfu: Range | None
    accelerator_hours: Range
    wall_clock_hours: Range | None
    goodput: Goodput | None
    energy_kwh_accelerators: Range | None
    energy_kwh_it: Range | None
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


def result_of(run: TrainingRun) -> TrainingResult:
    """The figures of a run as ranges."""
    work, marks, costs = run.work.value, run.footprint, run.costs
    resolved = work.resolved
    rental, amortised = usd_range(costs.rental), usd_range(costs.amortised)
    return TrainingResult(
        params=resolved.params if resolved else None,
        active_params=resolved.active_params if resolved else None,
        training_flop=_range(work.model_flop),
        hardware_flop=_range(work.hardware_flop),
        flop_breakdown=work.counted.breakdown() if work.counted else None,
        passes=work.passes,
        petaflop_days=_range(work.model_flop / FLOP_PER_PETAFLOP_DAY if work.model_flop else None),
        mfu=_range(run.pace.mfu),
        accelerator_hours=run.hours.range(),
        wall_clock_hours=_range(run.wall_clock_hours),
        goodput=run.goodput,
        energy_kwh_accelerators=_range(marks.accelerators_energy_kwh),
        energy_kwh_it=_range(marks.it_energy_kwh),
        energy_kwh=_range(marks.energy_kwh),
        energy_kwh_nameplate=_range(marks.energy_kwh_nameplate),
        emissions_kgco2e=_emissions(marks),
        sci_kgco2e_per_mtok=_range(run.sci_kgco2e_per_mtok),
        water_l=_range(marks.water_l),
        grid_water_l=_range(marks.grid_water_l),
        cost_basis=costs.basis,
        cost_usd=rental if costs.basis == "rental" else amortised,
        cost_usd_rental=rental,
        cost_usd_amortised=amortised,
        cost_usd_hosting=usd_range(costs.hosting),
        cost_lines=costs.lines,
        memory=run.memory.value,
        communication=run.communication.value,
        predicted_loss=run.predicted_loss,
        thresholds=run.thresholds,
        variance_shares=_shares(run),
    )


def _emissions(marks: Footprint) -> Emissions:
    return Emissions(
        location_based=_range(marks.location_based_kgco2e),
        location_based_nameplate=_range(marks.location_based_nameplate_kgco2e),
        market_based=_range(marks.market_based_kgco2e),
        embodied=_range(marks.embodied_kgco2e),
        total=_range(marks.total_kgco2e),
    )


def _shares(run: TrainingRun) -> dict[str, dict[str, float]]:
    """Headline result -> source of doubt -> share of its variance."""
    marks = run.footprint
    headlines = {
        "accelerator_hours": run.hours,
        "energy_kwh": marks.energy_kwh,
        "emissions_kgco2e": marks.total_kgco2e or marks.location_based_kgco2e,
        "cost_usd": run.costs.chosen,
    }
    return shares_of(headlines)


def _range(value: Uncertain | None) -> Range | None:
    return value.range() if value is not None else None
