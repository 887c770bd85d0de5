"""Figures for eyes: estimates in two significant digits and one unit, exact money whole, durations in days."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from math import floor, isfinite, log10

NARROW = "\u00a0"
"""Between a number and its unit: no line breaks there."""
MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Measure:
    """How every figure of one chart is written: one unit for all of them."""

    per: float = 1.0
    """What one written unit is worth in the figure's own."""
    before: str = ""
    after: str = ""
    rate: str = ""
    """What the amount is for: /Mtok, /h."""
    digits: int = 2
    """Significant digits of an estimate."""

    @property
    def unit(self) -> str:
        """What follows a number."""
        return f"{NARROW + self.after if self.after else ''}{self.rate}"

    def figure(self, value: float, digits: int = 0) -> str:
        """The number alone, in so many significant digits."""
        return significant(value / self.per, digits or self.digits)

    def told(self, value: float, digits: int = 0) -> str:
        """The number with its unit."""
        return self.around(self.figure(value, digits))

    def around(self, figure: str) -> str:
        """A written number with its unit; the sign stands before a currency."""
        sign, figure = (MINUS, figure[1:]) if figure.startswith(MINUS) else ("", figure)
        return f"{sign}{self.before}{figure}{self.unit}"

    def between(self, low: float, high: float) -> str:
        """Two ends, the unit said once: $0.72 to 3.4 M."""
        first, last = self.figure(low), self.figure(high)
        return f"{self.before}{first} to {self.before}{last}{self.unit}"


def measure(unit: str, like: float) -> Measure:
    """How figures of a unit are written where their centre is `like`."""
    size = abs(like)
    if unit.startswith("$"):
        rest = unit[1:].strip()
        steps = ((1e12, "T"), (1e9, "B"), (1e5, "M")) if not rest else ()
        per, after = next(((1e6 if each == "M" else least, each) for least, each in steps if size >= least), (1.0, ""))
        return Measure(per, "$", after, rest)
    if unit in _LADDERS:
        ladder = _LADDERS[unit]
        per, after = next(((per, after) for per, after in ladder if size >= per * _LEAST.get(after, 1)), ladder[-1])
        return Measure(per, after=after)
    if unit == "fraction":
        return Measure(0.01, after="%")
    per, letter = next(((per, letter) for least, per, letter in _COUNTS if least <= size < _POWERS), (1.0, ""))
    return Measure(per, after=f"{letter}{NARROW if letter and unit else ''}{unit}")


_COUNTS = ((1e12, 1e12, "T"), (1e9, 1e9, "B"), (1e6, 1e6, "M"), (1e5, 1e3, "k"))
"""From which size on, what the letter stands for, and the letter."""
_POWERS = 1e15
"""From here on numbers are written as powers of ten: 8.1 × 10²³."""
_LADDERS: dict[str, tuple[tuple[float, str], ...]] = {
    "h": ((8766.0, "years"), (24.0, "days"), (1.0, "h"), (1 / 60, "min"), (1 / 3600, "s"), (1 / 3.6e6, "ms")),
    "s": ((8766.0 * 3600, "years"), (86400.0, "days"), (3600.0, "h"), (60.0, "min"), (1.0, "s"), (1e-3, "ms")),
    "ms": ((3.6e6, "h"), (6e4, "min"), (1e3, "s"), (1.0, "ms")),
    "kWh": ((1e9, "TWh"), (1e6, "GWh"), (1e3, "MWh"), (1.0, "kWh"), (1e-3, "Wh")),
    "kg CO2e/Mtok": ((1.0, "kg CO₂e/Mtok"), (1e-3, "g CO₂e/Mtok")),
    "kg CO2e": ((1e6, "kt CO₂e"), (1e3, "t CO₂e"), (1.0, "kg CO₂e"), (1e-3, "g CO₂e")),
    "W": ((1e6, "MW"), (1e3, "kW"), (1.0, "W")),
    "bytes": ((1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1.0, "bytes")),
    "l": ((1e6, "Ml"), (1e3, "m³"), (1.0, "l"), (1e-3, "ml")),
}
_LEAST = {"years": 2, "days": 2, "h": 2, "min": 2}
"""A duration stands in the largest unit of which there are two."""


def telling(written: Measure, values: Iterable[float]) -> Measure:
    """The measure with as many digits as tell different values apart: two, and at most four."""
    known = set(values)
    for digits in (2, 3, 4):
        if len({written.figure(value, digits) for value in known}) == len(known):
            break
    return replace(written, digits=digits)


def significant(value: float, digits: int = 2) -> str:
    """A number in so many significant digits, thousands with commas, never in e-notation below 10^15."""
    if not isfinite(value):
        return "∞" if value > 0 else f"{MINUS}∞" if value < 0 else "?"
    if value == 0:
        return "0"
    places = digits - 1 - floor(log10(abs(value)))
    told = round(value, places)
    if floor(log10(abs(told))) > floor(log10(abs(value))):
        places -= 1
    if abs(told) >= 1e15 or abs(told) < 1e-9:
        return power_of_ten(told, digits)
    return f"{told:,.{max(places, 0)}f}".replace("-", MINUS)


def power_of_ten(value: float, digits: int) -> str:
    """8.1 × 10²³."""
    lead, _, power = f"{value:.{digits - 1}e}".partition("e")
    raised = str(int(power)).translate(_RAISED)
    return f"{lead.replace('-', MINUS)}{NARROW}×{NARROW}10{raised}"


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def money(amount: Decimal) -> str:
    """Exact dollars: every cent up to 100,000, every digit below a cent."""
    sign = MINUS if amount < 0 else ""
    amount = abs(amount)
    if amount >= 100_000:
        return f"{sign}${amount.quantize(Decimal(1), ROUND_HALF_EVEN):,f}"
    cents = amount.quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    if cents == amount or amount >= 1:
        return f"{sign}${cents:,f}"
    return f"{sign}${amount.quantize(Decimal(1).scaleb(amount.adjusted() - 3)).normalize():f}"


def price(amount: Decimal | float) -> str:
    """A price of a million tokens or an hour: at least two decimals, and every digit that there is."""
    exact = amount if isinstance(amount, Decimal) else Decimal(repr(amount))
    places = max(2, -int(exact.normalize().as_tuple().exponent))
    return f"${exact:,.{places}f}"


def percent(fraction: float) -> str:
    """A share, whole; what is not nothing is never 0 %."""
    if 0 < fraction < 0.01:
        return f"<{NARROW}1{NARROW}%"
    return f"{100 * fraction:.0f}{NARROW}%".replace("-", MINUS)
