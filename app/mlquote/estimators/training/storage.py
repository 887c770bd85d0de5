"""What a run's storage and egress cost, where the question asks: list prices of object storage and of the way out."""

from datetime import datetime
from decimal import Decimal
from math import log
from statistics import median

from mlquote.catalog.rows import CostFactor
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure, Finding, found, given, unknown, warned
from mlquote.estimators.machines.cost_factors import cost_factor_by_subject
from mlquote.estimators.machines.place import Place
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.formulas.uncertainty import Z80, Uncertain, doubtful
from mlquote.kit.errors import Malformed

STORAGE, EGRESS = "storage_usd_per_gb_month", "egress_usd_per_gb"
_UNITS = {STORAGE: "$/GB-month", EGRESS: "$/GB"}


def storage_rate(question: TrainingQuestion, place: Place, catalog: Snapshot, when: datetime) -> Figure:
    """Dollars per GB-month of object storage; None where the question stores nothing, or nobody publishes a price.

    Raises:  Malformed for a price without anything to pay it for
    """
    amount, own = question.storage_gb_months, question.usd_per_gb_month
    _check_amount(amount, own, pointer="/storage_gb_months")
    return _rate(STORAGE, own, place.provider, catalog, when) if amount else Finding(None)


def egress_rate(question: TrainingQuestion, place: Place, catalog: Snapshot, when: datetime) -> Figure:
    """Dollars per GB sent out to the internet; None where nothing is sent, or nobody publishes a price.

    Raises:  Malformed for a price without anything to pay it for
    """
    amount, own = question.egress_gb, question.usd_per_egress_gb
    _check_amount(amount, own, pointer="/egress_gb")
    return _rate(EGRESS, own, place.provider, catalog, when) if amount else Finding(None)


def _check_amount(amount: float | None, price: Decimal | None, *, pointer: str) -> None:
    if price is not None and amount is None:
        raise Malformed("a price without an amount", pointer=pointer, hint=f"give {pointer.removeprefix('/')}")


def _rate(factor: str, own: Decimal | None, provider: str | None, catalog: Snapshot, when: datetime) -> Figure:
    """A price of your own, the provider's, or without a provider what the catalogue's providers ask."""
    unit = _UNITS[factor]
    if own is not None:
        return given(factor, float(own), unit)
    rows = cost_factor_by_subject(factor, catalog, when)
    if provider is not None:
        rows = {provider: rows[provider]} if provider in rows else {}
    if not rows:
        detail = f"no {factor} of {provider or 'any provider'} is known: give a price of your own"
        return unknown("no-storage-or-egress-price", detail)
    finding = found(
        factor, _price(factor, list(rows.values()), catalog), unit, basis="default" if provider is None else "catalog",
        why=_why(rows), rows=tuple(catalog.ref("cost_factors", row) for row in rows.values()),
    )  # fmt: skip
    late = [row for row in rows.values() if row.effective_from is not None and row.effective_from > when]
    if not late:
        return finding
    detail = f"{factor} is known from {max(row.effective_from for row in late if row.effective_from):%Y-%m-%d} on"
    return warned(finding, "price-from-another-date", f"{detail}: it stands in for an earlier date")


def _price(factor: str, rows: list[CostFactor], catalog: Snapshot) -> Uncertain:
    """The median price; its doubt reaches from the cheapest volume tier of any to the dearest."""
    middle = median(row.value for row in rows)
    ranges = [(row.low, row.high) for row in rows if row.low is not None and row.high is not None]
    values = [row.value for row in rows]
    low, high = min([low for low, _ in ranges] + values), max([high for _, high in ranges] + values)
    widest = max(log(high / middle), log(middle / low)) / Z80 if low > 0 else 0.0
    return doubtful(middle, widest or catalog.doubt("list_price"), factor)


def _why(rows: dict[str, CostFactor]) -> str:
    asked = ", ".join(f"{name} {row.value:g}" for name, row in rows.items())
    method = next(iter(rows.values())).method
    return f"{method}: {asked}" + ("; their median, as no provider is given" if len(rows) > 1 else "")
