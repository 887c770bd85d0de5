"""Dollars of accelerator-hours: rented or owned, each on its own basis, never added."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mlquote.catalog.rows import Accelerator
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.machines.ownership import capital_of
from mlquote.estimators.machines.place import Place
from mlquote.estimators.machines.rental import PriceModel, rate_of
from mlquote.estimators.machines.tariffs import HOURS_PER_MONTH, electricity_of, hosting_of
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.storage import Extra, extras_of
from mlquote.formulas.training.goodput import (
    CHECKPOINT_S,
    RESTART_S,
    optimal_checkpoint_interval_s,
    spot_overhead_factor,
)
from mlquote.formulas.uncertainty import Uncertain, doubtful, total
from mlquote.kit.money import estimated_usd
from mlquote.kit.provenance import Trail
from mlquote.kit.units import SECONDS_PER_HOUR

SPOT_INTERRUPTIONS_PER_MONTH = 0.125
"""How often a spot instance is taken away: the middle of the advisor's bands (under 5 % to over 20 % a month)."""
SPOT_LOG_SD = 0.7
SPOT_SOURCE = "https://aws.amazon.com/ec2/spot/instance-advisor/"


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of the central figure: what, how much of it, at which price; null where nobody publishes one."""

    item: str
    quantity: float
    unit: str
    usd_per_unit: Decimal | None
    usd: Decimal | None


@dataclass(frozen=True, slots=True)
class Costs:
    """Dollars on both bases, the one that was asked for, and its lines."""

    basis: str
    chosen: Uncertain | None
    rental: Uncertain | None
    amortised: Uncertain | None
    hosting: Uncertain | None
    """Colocation, on top of the amortised figure (Epoch's method leaves it out)."""
    lines: tuple[CostLine, ...]


def costs_of(
    question: TrainingQuestion,
    accelerator: Accelerator,
    hours: Uncertain,
    energy_kwh: Uncertain | None,
    it_energy_kwh: Uncertain | None,
    place: Place,
    zone: str | None,
    catalog: Snapshot,
    when: datetime,
    trail: Trail,
) -> Costs:
    """What the hours cost, rented and owned, and on either basis the storage and egress that were asked for.

    Args:    hours: all accelerator-hours
             energy_kwh, it_energy_kwh: their energy through the meter and in the racks, for the owned basis
             place: whose prices, and where; zone: grid zone, for the price of electricity
    """
    terms: PriceModel = "on_demand" if question.price_model == "owned" else question.price_model
    basis = question.cost_basis or ("amortised" if question.price_model == "owned" else "rental")
    rate = rate_of(
        accelerator, place, catalog, when, price_model=terms,
        usd_per_accelerator_hour=question.usd_per_accelerator_hour,
    ).told(trail)  # fmt: skip
    billed = hours * _spot_overhead(question, accelerator, trail) if terms == "spot" else hours
    rental = billed * rate if rate else None
    capital = capital_of(accelerator, catalog, when).told(trail)
    power = electricity_of(zone, catalog, when)
    amortised = None
    if capital is not None and energy_kwh is not None:
        amortised = hours * capital.usd_per_hour + energy_kwh * power.told(trail)
    hosting = _hosting(it_energy_kwh, catalog, when, trail)
    extras = extras_of(question, catalog, when, trail)
    rental, amortised = _with_extras(rental, extras), _with_extras(amortised, extras)
    beside = tuple(_line(extra.item, extra.quantity, extra.unit, _median(extra.rate)) for extra in extras)
    if basis == "rental":
        rented = _split("rental", hours.median, question.experiments_multiplier, rate.median) if rate else ()
        if rate and billed.median > hours.median:
            again = billed.median - hours.median
            rented += (_line("hours lost to spot interruptions", again, "accelerator-hour", rate.median),)
        return Costs(basis, rental, rental, amortised, hosting, rented + beside)
    lines: tuple[CostLine, ...] = ()
    if capital is not None and energy_kwh is not None:
        shares = capital.shares
        lines = (
            _line("chips, value lost", hours.median, "accelerator-hour", shares.chips),
            _line("servers, value lost", hours.median, "accelerator-hour", shares.servers),
            _line("cluster network, value lost", hours.median, "accelerator-hour", shares.network),
            _line("electricity", energy_kwh.median, "kWh", power.value.median),
        )
    return Costs(basis, amortised, rental, amortised, hosting, lines + beside)


def _with_extras(cost: Uncertain | None, extras: tuple[Extra, ...]) -> Uncertain | None:
    """The cost with what is stored and sent out; unknown as soon as one part is."""
    if cost is None or not extras:
        return cost
    priced = [extra.usd for extra in extras if extra.usd is not None]
    return total((cost, *priced)) if len(priced) == len(extras) else None


def _median(rate: Uncertain | None) -> float | None:
    return rate.median if rate is not None else None


def _spot_overhead(question: TrainingQuestion, accelerator: Accelerator, trail: Trail) -> Uncertain:
    """Billed hours per useful hour where any instance may be taken away: never below 1."""
    instances = max((question.accelerator_count or 0) / (accelerator.accelerators_per_node or 8), 1.0)
    per_hour = instances * SPOT_INTERRUPTIONS_PER_MONTH / HOURS_PER_MONTH
    between_s = SECONDS_PER_HOUR / per_hour
    interval = optimal_checkpoint_interval_s(CHECKPOINT_S, between_s)
    factor = spot_overhead_factor(per_hour, interval, CHECKPOINT_S, RESTART_S)
    trail.assume(
        "spot_interruptions_per_instance_month", SPOT_INTERRUPTIONS_PER_MONTH, source_url=SPOT_SOURCE,
        why=f"the middle band of the AWS spot advisor; checkpoints every {interval:.0f} s: {factor:.3f} hours billed "
        "for each useful one",
    )  # fmt: skip
    return doubtful(factor, SPOT_LOG_SD * (factor - 1) / factor, "spot_interruptions_per_instance_month")


def _hosting(it_energy_kwh: Uncertain | None, catalog: Snapshot, when: datetime, trail: Trail) -> Uncertain | None:
    """Colocation of the racks for as long as they run: asked per kW of IT power and month, electricity apart."""
    return it_energy_kwh * hosting_of(catalog, when).told(trail) if it_energy_kwh is not None else None


def _split(item: str, hours: float, multiplier: float, price: float) -> tuple[CostLine, ...]:
    """The final run's hours, and apart from it those of experiments and failed runs."""
    final = _line(item, hours / multiplier, "accelerator-hour", price)
    if multiplier == 1:
        return (final,)
    rest = hours - hours / multiplier
    return final, _line(f"{item}, experiments and failed runs", rest, "accelerator-hour", price)


def _line(item: str, quantity: float, unit: str, price: float | None) -> CostLine:
    if price is None:
        return CostLine(item, quantity, unit, None, None)
    return CostLine(item, quantity, unit, estimated_usd(price), estimated_usd(quantity * price))
