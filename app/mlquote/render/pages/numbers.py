"""Plain numbers as tables of a page tell them; amounts with units are told by `render.charts.amounts`."""

from math import isfinite, isnan
from typing import Any

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
NOTHING = 1e-12
"""Below it a figure is what rounding left of nothing."""


def told_number(value: Any, digits: int = 4) -> str:
    """A number in at most so many significant digits, with a true minus; `none` where there is none."""
    if value is None:
        return "none"
    number = float(value)
    if not isfinite(number):
        return "no number" if isnan(number) else "\N{MINUS SIGN}∞" if number < 0 else "∞"
    size = abs(number)
    if size < NOTHING:
        return "0"
    if 1e-4 <= size < 1e6:
        text = f"{number:.{digits}g}" if size < 10**digits else f"{number:,.0f}"
    else:
        mantissa, _, exponent = f"{number:.{digits - 1}e}".partition("e")
        text = f"{mantissa} × 10{str(int(exponent)).translate(_RAISED)}"
    return text.replace("-", "\N{MINUS SIGN}")
