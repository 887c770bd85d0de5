"""A machine's hourly price as another table lists it, in our keys."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from mlquote.upstreams.listing import Draft, Listed
from mlquote.upstreams.names import SoldHere

NO_PRICE: Final = frozenset({Decimal(0), Decimal(700)})
"""What some tables print where they have no price."""


class Offers:
    """The hourly prices of one seller, while a table is read."""

    def __init__(self, draft: Draft, sold: SoldHere, seller: str, page: str) -> None:
        """Args: page: where the seller prints these prices."""
        self._draft, self._sold, self._seller = draft, sold, seller
        self._page = page

    def add(self, sku: str, region: str, price_model: str, printed: str, part: tuple[str, int] | None = None) -> None:
        """One price; of a machine that is held, or whose `part` and count the table itself names."""
        machine = self._sold.machine(self._seller, sku) or part
        usd = _usd(printed)
        if machine is None:
            self._draft.unread["a machine without accelerators, or one that is not held"] += 1
        elif usd is None or usd in NO_PRICE:
            self._draft.unread["no price"] += 1
        else:
            accelerator, count = machine
            key = (self._seller, sku, accelerator, count, region, price_model, "", "instance")
            self._draft.add(Listed("rental_prices", key, usd, self._page))


def part_of(row: Mapping[str, str], sold: SoldHere, name: str, memory: str, count: str) -> tuple[str, int] | None:
    """The part and the whole count that a table's columns name: "A100" of 80 GB before "A100"; None where either fails.

    Args:    name, memory, count: the columns; memory in GB, or ""
    """
    named, many = row.get(name) or "", _usd(row.get(count) or "")
    if not named or many is None or many < 1 or many != int(many):
        return None
    size = _usd(row.get(memory) or "")
    sized = sold.part(f"{named} {int(size)}GB") if size is not None else None
    found = sized or sold.part(named)
    return (found, int(many)) if found else None


def _usd(printed: str) -> Decimal | None:
    try:
        value = Decimal(printed.strip())
    except InvalidOperation:
        return None
    return value.normalize() if value.is_finite() and value >= 0 else None
