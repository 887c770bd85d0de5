"""Which rental price an hour of an accelerator has: given, a provider's own, or what the market asks at that date."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from mlquote.catalog.rows import Accelerator
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure, Finding, warned
from mlquote.estimators.machines.market import Market, rate_in_market
from mlquote.estimators.machines.offers import RATE, Wanted
from mlquote.estimators.machines.place import Place
from mlquote.formulas.uncertainty import known
from mlquote.kit.provenance import Assumption

PriceModel = Literal[
    "on_demand", "spot", "capacity_block", "reserved_1m", "reserved_3m", "reserved_6m", "reserved_1y", "reserved_3y"
]
"""Terms of renting; `owned` is none of them."""


def rate_of(
    accelerator: Accelerator,
    place: Place,
    catalog: Snapshot,
    when: datetime,
    *,
    price_model: PriceModel = "on_demand",
    usd_per_accelerator_hour: Decimal | None = None,
) -> Figure:
    """Dollars per accelerator-hour at a moment; value None (and a warning) where nobody ever published a price.

    Args:    place: whose price, and where: a provider without prices of its own is told, and the market's stands in
             usd_per_accelerator_hour: a price that was given, before all others
    """
    if usd_per_accelerator_hour is not None:
        value = known(float(usd_per_accelerator_hour))
        return Finding(value, (Assumption(RATE, usd_per_accelerator_hour, "$/h", basis="given", why="given"),))
    if place.provider is None or place.provider in catalog.derived(Market).sellers:
        return rate_in_market(Wanted(accelerator, when, price_model, place.provider, place.region), catalog)
    detail = f"{place.provider} rents nothing out that the catalogue knows: the market's price stands in"
    others = rate_in_market(Wanted(accelerator, when, price_model, None, None), catalog)
    return warned(others, "provider-without-prices", detail)
