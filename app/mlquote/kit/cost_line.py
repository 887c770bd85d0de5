"""One line of any bill, whatever names its answer gives it: what whoever adds up bills reads."""

from decimal import Decimal

from mlquote.kit.records import quick_record


@quick_record
class CostLine:
    """So many of an item at a price; dollars are None where nobody publishes the price."""

    item: str
    quantity: int | float | Decimal
    unit: str | None
    usd_per_unit: Decimal | None
    usd: Decimal | None
