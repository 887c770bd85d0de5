"""What a run's storage and egress cost, where the question asks: list prices of object storage and of the way out."""

from datetime import datetime
from decimal import Decimal

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure, Finding
from mlquote.estimators.machines.place import Place
from mlquote.estimators.machines.storage_prices import EGRESS, STORAGE, price_per_gb
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.kit.errors import Malformed


def storage_rate(question: TrainingQuestion, place: Place, catalog: Snapshot, when: datetime) -> Figure:
    """Dollars per GB-month of object storage; None where the question stores nothing, or nobody publishes a price.

    Raises:  Malformed for a price without anything to pay it for
    """
    amount, own = question.storage_gb_months, question.usd_per_gb_month
    _check_amount(amount, own, pointer="/storage_gb_months")
    return price_per_gb(STORAGE, own, place, catalog, when) if amount else Finding(None)


def egress_rate(question: TrainingQuestion, place: Place, catalog: Snapshot, when: datetime) -> Figure:
    """Dollars per GB sent out to the internet; None where nothing is sent, or nobody publishes a price.

    Raises:  Malformed for a price without anything to pay it for
    """
    amount, own = question.egress_gb, question.usd_per_egress_gb
    _check_amount(amount, own, pointer="/egress_gb")
    return price_per_gb(EGRESS, own, place, catalog, when) if amount else Finding(None)


def _check_amount(amount: float | None, price: Decimal | None, *, pointer: str) -> None:
    if price is not None and amount is None:
        raise Malformed("a price without an amount", pointer=pointer, hint=f"give {pointer.removeprefix('/')}")
