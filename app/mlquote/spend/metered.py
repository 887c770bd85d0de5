"""What a priced line used, meter by meter, at list price and at the price paid: what a charge of a bill is made of."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from mlquote.estimators.tokens.price_list import Rate
from mlquote.formulas.pricing import charge, dollars, times
from mlquote.kit.money import EXACT, plain
from mlquote.kit.provenance import Answer, RowRef
from mlquote.spend.usage_prices import Priced

REPORTED: Final = "reported_charge"
"""The meter of what a provider itself reports that a call cost, where the catalogue has no price: dollars."""
DOLLARS: Final = "usd"
"""Its unit."""
_DISCOUNT: Final = "negotiated_discount"


class Metered(NamedTuple):
    """One meter of a line: how many, at which price a unit, and what they cost."""

    meter: str
    quantity: int | Decimal
    unit: str
    """As a price's row has it: per_million_tokens; `usd` of a charge that is reported in dollars."""
    list_usd_per_unit: Decimal | None
    """The public price; None where only a negotiated one is known."""
    usd_per_unit: Decimal
    """The price paid: after a rate card and a discount."""
    usd: Decimal
    rows: tuple[RowRef, ...]
    """The price's row, then a regional multiplier's, if any."""


def metered_lines(priced: Priced) -> list[Metered]:
    """The meters of a priced line, which add up to its dollars exactly; none where the line has no price.

    Whole 1e-18 dollars that rounding of seconds to hours leaves over are the last meter's.
    """
    total = priced.usd
    if total is None:
        return []
    lines = _at_rates(priced, priced.rates) if priced.rates is not None else list(_in_full(priced.answer, total))
    left = EXACT.subtract(total, _sum(lines))
    if lines and left:
        lines[-1] = lines[-1]._replace(usd=EXACT.add(lines[-1].usd, left))
    return lines


def _at_rates(priced: Priced, rates: Mapping[str, Rate]) -> list[Metered]:
    """Of a line that was priced from compiled rates."""
    found = []
    for meter, quantity in priced.quantities:
        rate = rates[meter]
        usd = dollars(charge(quantity, rate.amount, rate.divisor))
        price = plain(rate.usd_per_unit)
        found.append(Metered(meter, quantity, rate.unit, price, price, usd, rate.refs))
    return found


def _in_full(answer: Answer | None, total: Decimal) -> Iterator[Metered]:
    """Of a line that took the road of the single question."""
    if answer is None:
        return
    question, result = answer.question, answer.result
    if not result.cost_lines:
        yield Metered(REPORTED, total, DOLLARS, Decimal(1), Decimal(1), total, ())
        return
    kept = 1 - Decimal(question.get("discount_fraction") or 0)
    card = {} if result.rate_card is None else {line.meter: line for line in result.rate_card.lines}
    refs = {ref.key: ref for ref in answer.rows}
    for line in result.cost_lines:
        if line.meter == _DISCOUNT or line.usd is None or line.usd_per_unit is None:
            continue
        laid = card.get(line.meter)
        yield Metered(
            line.meter,
            line.quantity,
            line.unit or "",
            line.usd_per_unit if laid is None else laid.list_usd_per_unit,
            plain(times(line.usd_per_unit, kept)),
            times(line.usd, kept),
            tuple(refs[key] for key in (line.row, line.multiplier_row) if key in refs),
        )


def _sum(lines: list[Metered]) -> Decimal:
    total = Decimal(0)
    for line in lines:
        total = EXACT.add(total, line.usd)
    return total
