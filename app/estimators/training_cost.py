"""Dollars of accelerator-hours: rented or owned, each on its own basis, never added."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.catalog.rows import Accelerator
from app.catalog.snapshot import Snapshot
from app.estimators.ownership import capital_of
from app.estimators.rental import PriceModel, rate_of
from app.estimators.training_question import TrainingQuestion
from app.formulas.ownership import electricity_usd_per_kwh
from app.formulas.uncertainty import Uncertain, doubtful
from app.kit.money import estimated_usd
from app.kit.provenance import Range, Trail

ELECTRICITY_LOG_SD = 0.25
"""Doubt of an electricity price: US industrial prices differ by state from 0.05 to 0.12 $/kWh around 0.08."""


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of the central figure: what, how much of it, at which price."""

    item: str
    quantity: float
    unit: str
    usd_per_unit: Decimal
    usd: Decimal


@dataclass(frozen=True, slots=True)
class Costs:
    """Dollars on both bases, the one that was asked for, and its lines."""

    basis: str
    chosen: Uncertain | None
    rental: Uncertain | None
    amortised: Uncertain | None
    lines: tuple[CostLine, ...]


def costs_of(
    question: TrainingQuestion,
    accelerator: Accelerator,
    hours: Uncertain,
    energy_kwh: Uncertain | None,
    catalog: Snapshot,
    when: datetime,
    trail: Trail,
) -> Costs:
    """What the hours cost, rented and owned.

    Args:    hours: all accelerator-hours; energy_kwh: their energy through the meter, for the owned basis
    """
    terms: PriceModel = "on_demand" if question.price_model == "owned" else question.price_model
    basis = question.cost_basis or ("amortised" if question.price_model == "owned" else "rental")
    rate = rate_of(
        accelerator, catalog, when, price_model=terms,
        provider=question.provider, region=question.region, usd_per_accelerator_hour=question.usd_per_accelerator_hour,
    ).told(trail)  # fmt: skip
    rental = hours * rate if rate else None
    finding, shares = capital_of(accelerator, catalog, when)
    capital = finding.told(trail)
    price = electricity_usd_per_kwh(when.year)
    amortised = None
    if capital is not None and energy_kwh is not None:
        power = doubtful(price, ELECTRICITY_LOG_SD, "usd_per_kwh")
        interval = power.range()
        trail.assume(
            "usd_per_kwh", price, unit="$/kWh", low=interval.low, high=interval.high,
            why="average US industrial electricity price of the year, of what an owner pays (EIA, table 5.3)",
        )  # fmt: skip
        amortised = hours * capital + energy_kwh * power
    if basis == "rental":
        rented = (_line("rental", hours.median, "accelerator-hour", rate.median),) if rate else ()
        return Costs(basis, rental, rental, amortised, rented)
    lines: tuple[CostLine, ...] = ()
    if shares is not None and energy_kwh is not None:
        lines = (
            _line("chips, value lost", hours.median, "accelerator-hour", shares.chips),
            _line("servers, value lost", hours.median, "accelerator-hour", shares.servers),
            _line("cluster network, value lost", hours.median, "accelerator-hour", shares.network),
            _line("electricity", energy_kwh.median, "kWh", price),
        )
    return Costs(basis, amortised, rental, amortised, lines)


def usd_range(value: Uncertain | None) -> Range | None:
    """The interval as money."""
    if value is None:
        return None
    interval = value.range()
    return Range(*(estimated_usd(float(amount)) for amount in (interval.low, interval.central, interval.high)))


def _line(item: str, quantity: float, unit: str, price: float) -> CostLine:
    return CostLine(item, quantity, unit, estimated_usd(price), estimated_usd(quantity * price))
