"""One request's counts on a ladder of rates: lines and their exact sum.

This is the hot path that every quote, batch and usage log goes through, so it takes plain counts and returns tuples.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from mlquote.estimators.tokens.price_list import Ladder, Rate, Sheet, sheet_for
from mlquote.estimators.tokens.usage import PROMPT
from mlquote.formulas.pricing import charge, dollars
from mlquote.kit.money import EXACT

Counts = Mapping[str, int | Decimal]
"""Field of `usage` -> how many, zeros left out."""


_UNCACHED = {
    "cache_read_tokens": "input_tokens",
    "cache_write_tokens": "input_tokens",
    "cache_write_5m_tokens": "input_tokens",
    "cache_write_1h_tokens": "input_tokens",
    "cache_write_12h_tokens": "input_tokens",
    "explicit_cache_read_tokens": "input_tokens",
    "audio_cache_read_tokens": "audio_input_tokens",
    "audio_cache_write_tokens": "audio_input_tokens",
    "image_cache_read_tokens": "image_input_tokens",
    "video_cache_read_tokens": "video_input_tokens",
}


class CostLine(NamedTuple):
    """One meter of one request; `rate` and `usd` are None where no row prices it."""

    meter: str
    quantity: int | Decimal
    rate: Rate | None
    usd: Decimal | None


class Cost(NamedTuple):
    """What one request costs; `usd` is None as soon as one of its lines has no price."""

    usd: Decimal | None
    lines: tuple[CostLine, ...]
    sheet: Sheet


def cost_of(counts: Counts, ladder: Ladder) -> Cost:
    """The exact cost of one request.

    cost = sum over meters of count * rate, every rate from the one tier that the total prompt chose

    Args:    counts: field of `usage` -> how many; `reasoning_tokens` is a part of `output_tokens`
             ladder: the rates that hold (`Card.ladder`)
    Returns: the cost in dollars, one line a meter, and the sheet they were read from
    """
    sheet, counts = metered(counts, ladder)
    total: int | None = 0
    lines = []
    for meter, quantity in counts.items():
        rate = sheet.rates.get(meter)
        if rate is None:
            total = None
            lines.append(CostLine(meter, quantity, None, None))
            continue
        amount = charge(quantity, rate.amount, rate.divisor)
        if total is not None:
            total += amount
        lines.append(CostLine(meter, quantity, rate, dollars(amount)))
    return Cost(None if total is None else dollars(total), tuple(lines), sheet)


def amount_on(sheet: Sheet, counts: Counts) -> int | None:
    """What `metered` counts cost on their sheet, in 1e-18 dollars; None where a meter has no price."""
    rates, total = sheet.rates, 0
    for meter, quantity in counts.items():
        rate = rates.get(meter)
        if rate is None:
            return None
        if rate.divisor == 1 and type(quantity) is int:
            total += quantity * rate.amount
        else:
            total += charge(quantity, rate.amount, rate.divisor)
    return total


def metered(counts: Counts, ladder: Ladder) -> tuple[Sheet, Counts]:
    """The sheet that prices a request, and its counts by the meters of that sheet."""
    sheet = ladder[0] if len(ladder) == 1 else sheet_for(ladder, prompt_tokens(counts))
    rates = sheet.rates
    if "reasoning_tokens" in counts:
        counts = _reasoning_apart(counts, rates)
    if "request_fee" in rates and "web_searches" not in counts:  # where searches are priced, they are that fee
        counts = {**counts, "request_fee": 1}
    return sheet, counts


def units_in_dollars(units: int) -> Decimal:
    """So many 1e-18 dollars in dollars."""
    return dollars(units)


class ExactSum:
    """A sum of dollars: whole 1e-18 dollars as an integer, and what is not whole of them beside it."""

    __slots__ = ("_beyond", "_units")

    def __init__(self) -> None:
        """Nothing yet."""
        self._units, self._beyond = 0, Decimal(0)

    def add(self, amount: int | Decimal) -> None:
        """Add 1e-18 dollars as an integer, or dollars as a Decimal."""
        if isinstance(amount, int):
            self._units += amount
        else:
            self._beyond = EXACT.add(self._beyond, amount)

    def take(self, amount: int | Decimal) -> None:
        """Take off again what was added."""
        if isinstance(amount, int):
            self._units -= amount
        else:
            self._beyond = EXACT.subtract(self._beyond, amount)

    @property
    def usd(self) -> Decimal:
        """The sum in dollars, exact."""
        return EXACT.add(dollars(self._units), self._beyond)


def prompt_tokens(counts: Counts) -> int:
    """The whole prompt, cached or not: what chooses the long-context tier."""
    return int(sum(counts[name] for name in counts.keys() & PROMPT))


def _reasoning_apart(counts: Counts, rates: Mapping[str, Rate]) -> Counts:
    """Reasoning tokens leave the output where they have a price of their own, and are just output where not."""
    counts = dict(counts)
    reasoning = counts.pop("reasoning_tokens")
    if "reasoning_tokens" in rates and reasoning:
        counts["output_tokens"] -= reasoning
        counts["reasoning_tokens"] = reasoning
    return {name: count for name, count in counts.items() if count}


def uncached(counts: Counts) -> dict[str, int | Decimal]:
    """The same request with nothing cached: what was read from or written to a cache is plain input."""
    plain: dict[str, int | Decimal] = {}
    for name, count in counts.items():
        field = _UNCACHED.get(name, name)
        plain[field] = plain.get(field, 0) + count
    return plain
