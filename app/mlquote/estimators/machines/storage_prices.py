"""What a gigabyte costs, kept or sent: list prices of object storage and of the way out."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from math import hypot, log
from statistics import median

from mlquote.catalog.rows import CostFactor
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure, found, given, unknown
from mlquote.estimators.asking.selecting import StandIn, said
from mlquote.estimators.machines.cost_factors import cost_factor_by_subject
from mlquote.estimators.machines.offers import RATE
from mlquote.estimators.machines.place import Place
from mlquote.formulas.uncertainty import Z80, doubtful

STORAGE, EGRESS = "storage_usd_per_gb_month", "egress_usd_per_gb"
LISTED_IN = "USA"
"""Where the catalogue's prices of storage and egress are asked: each provider's regions in this country."""
_UNITS = {STORAGE: "$/GB-month", EGRESS: "$/GB"}


def price_per_gb(factor: str, own: Decimal | None, place: Place, catalog: Snapshot, when: datetime) -> Figure:
    """A price of your own, the provider's, or without a provider what the catalogue's providers ask, in $ per GB.

    Args:    factor: STORAGE (per GB-month) or EGRESS; place: whose price, and where
    """
    unit, provider = _UNITS[factor], place.provider
    if own is not None:
        return given(factor, float(own), unit)
    rows = cost_factor_by_subject(factor, catalog, when)
    if provider is not None:
        rows = {provider: rows[provider]} if provider in rows else {}
    if not rows:
        detail = f"no {factor} of {provider or 'any provider'} is known: give a price of your own"
        return unknown("no-storage-or-egress-price", detail)
    stands_in = (*_another_region(factor, place, catalog, when), *_another_date(factor, rows.values(), when))
    log_sd = hypot(_log_sd(list(rows.values()), catalog), *(each.log_sd for each in stands_in))
    return found(
        factor, doubtful(median(row.value for row in rows.values()), log_sd, factor), unit,
        basis="default" if provider is None else "catalog", why=_why(rows),
        rows=tuple(catalog.ref("cost_factors", row) for row in rows.values()), warnings=said(stands_in),
    )  # fmt: skip


def _another_region(factor: str, place: Place, catalog: Snapshot, when: datetime) -> tuple[StandIn, ...]:
    """Said of a region outside the country whose list prices are known."""
    if place.provider is None or place.region is None:
        return ()
    country = catalog.region(place.provider, place.region, when).country
    if country == LISTED_IN:
        return ()
    detail = f"{factor} of {place.provider} is known in {LISTED_IN}: it stands in for {place.region} in {country}"
    return (StandIn("price-from-another-region", detail, catalog.doubt(RATE, "another_region")),)


def _another_date(factor: str, rows: Iterable[CostFactor], when: datetime) -> tuple[StandIn, ...]:
    """Said of prices that were not in effect yet, or are no more."""
    late = [row.effective_from for row in rows if row.effective_from is not None and row.effective_from > when]
    if late:
        detail = f"{factor} is known from {max(late):%Y-%m-%d} on: it stands in for an earlier date"
        return (StandIn("price-from-another-date", detail),)
    ended = [row.effective_to for row in rows if row.effective_to is not None and row.effective_to <= when]
    if not ended:
        return ()
    detail = f"{factor} is known until {min(ended):%Y-%m-%d}: it stands in for a later date"
    return (StandIn("price-from-another-date", detail),)


def _log_sd(rows: list[CostFactor], catalog: Snapshot) -> float:
    """The doubt of the median price: it reaches from the cheapest volume tier of any to the dearest."""
    middle = median(row.value for row in rows)
    ranges = [(row.low, row.high) for row in rows if row.low is not None and row.high is not None]
    values = [row.value for row in rows]
    low, high = min([low for low, _ in ranges] + values), max([high for _, high in ranges] + values)
    widest = max(log(high / middle), log(middle / low)) / Z80 if low > 0 else 0.0
    return widest or catalog.doubt("list_price")


def _why(rows: dict[str, CostFactor]) -> str:
    asked = ", ".join(f"{name} {row.value:g}" for name, row in rows.items())
    method = next(iter(rows.values())).method
    return f"{method}: {asked}" + ("; their median, as no provider is given" if len(rows) > 1 else "")
