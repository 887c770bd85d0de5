"""What a run's storage and egress cost, where the question asks: list prices of object storage and of the way out."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import log
from statistics import median

from mlquote.catalog.rows import CostFactor
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure, found, given, unknown, warned
from mlquote.estimators.machines.cost_factors import cost_factor_by_subject
from mlquote.estimators.machines.place import landlord
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.formulas.uncertainty import Z80, Uncertain, doubtful
from mlquote.kit.errors import Malformed
from mlquote.kit.provenance import Trail

LIST_LOG_SD = 0.1
"""Doubt of one provider's list price where its row gives no range: volume tiers and US regions move S3's 0.023 $ a
GB-month between 0.021 and 0.026 (AWS, 2016-12-01)."""


@dataclass(frozen=True, slots=True)
class Extra:
    """Something paid beside the hours: what, how much of it, at which price (None where nobody publishes one)."""

    item: str
    quantity: float
    unit: str
    rate: Uncertain | None

    @property
    def usd(self) -> Uncertain | None:
        """Dollars; None where the price is unknown."""
        return self.rate * self.quantity if self.rate is not None else None


def extras_of(question: TrainingQuestion, catalog: Snapshot, when: datetime, trail: Trail) -> tuple[Extra, ...]:
    """Storage and egress as far as the question asks for them: nothing, most of the time.

    Raises:  Malformed for a price without anything to pay it for
    """
    stored = question.storage_gb_months, question.usd_per_gb_month
    sent = question.egress_gb, question.usd_per_egress_gb
    _check_amount(*stored, pointer="/storage_gb_months")
    _check_amount(*sent, pointer="/egress_gb")
    extras = []
    if stored[0]:
        rate = _rate("storage_usd_per_gb_month", "$/GB-month", stored[1], question.provider, catalog, when)
        extras.append(Extra("storage", stored[0], "GB-month", rate.told(trail)))
    if sent[0]:
        rate = _rate("egress_usd_per_gb", "$/GB", sent[1], question.provider, catalog, when)
        extras.append(Extra("egress", sent[0], "GB", rate.told(trail)))
    return tuple(extras)


def _check_amount(amount: float | None, price: Decimal | None, *, pointer: str) -> None:
    if price is not None and amount is None:
        raise Malformed("a price without an amount", pointer=pointer, hint=f"give {pointer.removeprefix('/')}")


def _rate(
    factor: str, unit: str, own: Decimal | None, provider: str | None, catalog: Snapshot, when: datetime
) -> Figure:
    """A price of your own, the provider's, or without a provider what the catalogue's providers ask."""
    if own is not None:
        return given(factor, float(own), unit)
    rows = cost_factor_by_subject(factor, catalog, when)
    if provider is not None:
        seller = landlord(provider, catalog, when)
        rows = {seller: rows[seller]} if seller in rows else {}
    if not rows:
        detail = f"no {factor} of {provider or 'any provider'} is known: give a price of your own"
        return unknown("no-storage-or-egress-price", detail)
    finding = found(
        factor, _price(factor, list(rows.values())), unit, basis="default" if provider is None else "catalog",
        why=_why(rows), rows=tuple(catalog.ref("cost_factors", row) for row in rows.values()),
    )  # fmt: skip
    late = [row for row in rows.values() if row.effective_from is not None and row.effective_from > when]
    if not late:
        return finding
    detail = f"{factor} is known from {max(row.effective_from for row in late if row.effective_from):%Y-%m-%d} on"
    return warned(finding, "price-from-another-date", f"{detail}: it stands in for an earlier date")


def _price(factor: str, rows: list[CostFactor]) -> Uncertain:
    """The median price; its doubt reaches from the cheapest volume tier of any to the dearest."""
    middle = median(row.value for row in rows)
    ranges = [(row.low, row.high) for row in rows if row.low is not None and row.high is not None]
    values = [row.value for row in rows]
    low, high = min([low for low, _ in ranges] + values), max([high for _, high in ranges] + values)
    widest = max(log(high / middle), log(middle / low)) / Z80 if low > 0 else 0.0
    return doubtful(middle, widest or LIST_LOG_SD, factor)


def _why(rows: dict[str, CostFactor]) -> str:
    asked = ", ".join(f"{name} {row.value:g}" for name, row in rows.items())
    method = next(iter(rows.values())).method
    return f"{method}: {asked}" + ("; their median, as no provider is given" if len(rows) > 1 else "")
