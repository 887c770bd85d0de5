"""One line of any bill, whatever names its answer gives it: what whoever adds up bills reads."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CostLine:
    """So many of an item at a price; dollars are None where nobody publishes the price."""

    item: str
    quantity: int | float | Decimal
    unit: str | None
    usd_per_unit: Decimal | None
    usd: Decimal | None
