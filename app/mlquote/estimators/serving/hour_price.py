"""What an hour of an accelerator costs at a place, rented or owned, under each price model."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from mlquote.catalog.rows import Accelerator, PriceModel
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure, Finding
from mlquote.estimators.asking.question import Premises
from mlquote.estimators.machines.ownership import capital_of
from mlquote.estimators.machines.place import Place
from mlquote.estimators.machines.premises import DATACENTRE
from mlquote.estimators.machines.rental import rate_of
from mlquote.estimators.machines.tariffs import electricity_of

COMPARED: tuple[PriceModel, ...] = ("on_demand", "reserved_1y", "reserved_3y", "spot")
"""Price models under which hosting is compared with an API, beside the one that is asked."""


@dataclass(frozen=True, slots=True)
class Lessor:
    """Which hour is paid for: of what, where, and at what price if that was given."""

    accelerator: Accelerator
    place: Place
    zone: str | None
    """Grid zone whose electricity an owner pays for."""
    usd_per_accelerator_hour: Decimal | None
    premises: Premises = DATACENTRE
    """Where an owner's machine stands."""


@dataclass(frozen=True, slots=True)
class HourPrice:
    """Dollars of one accelerator-hour under one price model."""

    price_model: PriceModel
    rate: Figure
    """The rent, or an owner's capital."""
    electricity: Figure
    """Dollars per kWh that an owner pays on top; None where it is in the rent."""

    @property
    def is_of_its_zone(self) -> bool:
        """The electricity that is paid for is priced where the machine stands, not where another zone stands in."""
        strange = any(each.code == "electricity-price-from-another-zone" for each in self.electricity.warnings)
        return self.electricity.value is not None and not strange


def hour_price_of(price_model: PriceModel, lessor: Lessor, catalog: Snapshot, when: datetime) -> HourPrice:
    """The price of an hour: given, rented at the market, or owned."""
    part, given = lessor.accelerator, lessor.usd_per_accelerator_hour
    if price_model != "owned":
        rent = rate_of(part, lessor.place, catalog, when, price_model=price_model, usd_per_accelerator_hour=given)
        return HourPrice(price_model, rent, Finding(None))
    electricity = electricity_of(lessor.zone, catalog, when, lessor.premises)
    if given is not None:
        return HourPrice(
            price_model, rate_of(part, lessor.place, catalog, when, usd_per_accelerator_hour=given), electricity
        )
    capital = capital_of(part, catalog, when, lessor.premises)
    return HourPrice(price_model, capital.of(capital.value.usd_per_hour if capital.value else None), electricity)


def other_prices_of(asked: PriceModel, lessor: Lessor, catalog: Snapshot, when: datetime) -> tuple[HourPrice, ...]:
    """The same hour under the price models that were not asked; none where the price was given."""
    if lessor.usd_per_accelerator_hour is not None:
        return ()
    others = (hour_price_of(each, lessor, catalog, when) for each in COMPARED if each != asked)
    return tuple(replace(each, rate=replace(each.rate, assumptions=())) for each in others)
