"""Money per counted unit, exactly: prices as scaled integers, a charge as a sum of products.

A list price has few digits, so dollars per single unit fit an integer of 1e-18 dollars without rounding. Sums and
products of integers are exact and an order of magnitude faster than Decimal; the Decimal is made once, on the way out.
The price of that: a list price with more digits than the scale holds is refused when the catalogue is compiled.
"""

from decimal import Decimal

from mlquote.kit.money import EXACT

SCALE_DIGITS = 18
"""An integer amount counts 1e-18 dollars."""


def scaled_usd(usd: Decimal, things: int) -> int:
    """The price of one thing in 1e-18 dollars, where `usd` buys `things` of them.

    rate = usd * 10^18 / things

    Args:    usd: list price, dollars, > 0
             things: how many counted things the price is for, >= 1
    Returns: 1e-18 dollars per thing
    Raises:  ArithmeticError where the price has more digits than the scale
    """
    scaled = EXACT.divide(usd.scaleb(SCALE_DIGITS, EXACT), Decimal(things))
    whole = int(scaled)
    if whole != scaled:
        raise ArithmeticError(f"{usd} per {things} has more than {SCALE_DIGITS} decimals per unit")
    return whole


def charge(count: int | Decimal, rate: int, divisor: int) -> int:
    """`count` things at `rate`, in 1e-18 dollars, rounded half to even where that is not whole.

    charge = count * rate / divisor

    Args:    count: things counted, >= 0; a fraction only of seconds
             rate: 1e-18 dollars per priced unit
             divisor: things per priced unit (3,600 seconds an hour), >= 1
    Returns: 1e-18 dollars
    """
    if divisor == 1 and isinstance(count, int):
        return count * rate
    exact = EXACT.divide(EXACT.multiply(Decimal(count), Decimal(rate)), Decimal(divisor))
    return int(exact.to_integral_value(context=EXACT))


def dollars(amount: int) -> Decimal:
    """An integer amount of 1e-18 dollars as exact dollars."""
    return Decimal(amount).scaleb(-SCALE_DIGITS, EXACT)


def times(amount: Decimal, factor: Decimal) -> Decimal:
    """`amount` times `factor`, unrounded."""
    return EXACT.multiply(amount, factor)
