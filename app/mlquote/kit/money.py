"""Exact dollars: where they are rounded, and how they are written."""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from math import isfinite
from typing import Any

EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
"""Wide enough that no product of a count and a list price is ever rounded."""


def plain(amount: Decimal) -> Decimal:
    """The same amount with no trailing zeros and no exponent: Decimal("3E+1") and Decimal("30.00") become 30."""
    if not amount:
        return Decimal(0)
    trimmed = amount.normalize(EXACT)
    if trimmed.adjusted() < 1:  # below ten nothing is written with an exponent, and this is the cheaper test
        return trimmed
    exponent = trimmed.as_tuple().exponent
    return trimmed.quantize(Decimal(1), context=EXACT) if isinstance(exponent, int) and exponent > 0 else trimmed


def exact(number: Any) -> Decimal | None:
    """A finite number as the decimal that its digits say; None for anything else."""
    if isinstance(number, bool) or not isinstance(number, int | float | Decimal):
        return None
    if isinstance(number, Decimal):
        return plain(number) if number.is_finite() else None
    return plain(Decimal(repr(number))) if isfinite(number) else None


def estimated_usd(amount: float) -> Decimal:
    """Dollars that come out of a physical estimate: to the cent, below a dollar to twelve places.

    Physics is float; this is the one place where it becomes money.

    Raises:  OverflowError for what is no finite number of dollars
    """
    if not isfinite(amount):
        raise OverflowError("an amount of money beyond what a float holds")
    digits = f"{amount:.12f}" if -1 < amount < 1 else f"{amount:.2f}"
    trimmed = digits.rstrip("0").rstrip(".")
    return Decimal(trimmed if trimmed != "-0" else "0")
