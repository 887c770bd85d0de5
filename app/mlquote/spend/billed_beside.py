"""What a seller billed beside what the catalogue's prices make of it: each difference with its cause, exactly.

A line of a bill is walked from what was billed to our price of the same quantity at the same moment, and every step
that is not nothing has a cause: paid ahead, a discount that the bill tells, another tier, mode, region, day or kind of
token whose price it is exactly. What no price explains is told as unexplained, and nothing is spread over lines.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, NamedTuple

from mlquote.catalog.rows import TokenPrice
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.tables import TABLE
from mlquote.estimators.tokens.price_list import STANDARD, Card, Rate
from mlquote.estimators.tokens.token_models import Named, price_list
from mlquote.formulas.pricing import charge, dollars, scaled_usd, times
from mlquote.kit.errors import QuoteError
from mlquote.kit.money import EXACT, plain
from mlquote.kit.units import PRICE_UNITS
from mlquote.spend.billed_names import MeterWords, readings_of
from mlquote.spend.delivered.records import BilledLine, Charge

_MOST_WHYS: Final = 50
"""Reasons told apart in a group; further ones of a cause stand together."""
_EVEN_LINES, _EVEN_SKUS = 3, 2
"""Lines, and meters among them, whose bill must be the same share of ours before that is called a discount."""
_SHARE_DIGITS: Final = Decimal("1e-6")
_MOST_SHARE: Final = 1000
"""A bill of more times our price is of something else."""
_DUST: Final = Decimal("1e-14")
_CENT: Final = Decimal("0.01")
_INSTANT: Final = timedelta(microseconds=1)
_LAST_DIGIT: Final = "within the last digit of the bill"
_NOTHING: Final = Decimal(0)


class Cause(StrEnum):
    """Why a bill is not what our prices make of it."""

    TAX = "tax"
    FEE = "fee"
    CREDIT = "credit"
    REFUND = "refund"
    ADJUSTMENT = "adjustment"
    COMMITMENT = "commitment"
    DISCOUNT = "negotiated-discount"
    TIER = "context-tier"
    PROCESSING = "processing"
    REGION = "region"
    DATE = "price-of-another-date"
    CACHE = "another-kind-of-token"
    EVEN = "even-share"
    ROUNDING = "rounding"
    NO_PRICE = "no-price"
    NO_QUANTITY = "no-quantity"
    NOT_METERED = "not-metered"
    MACHINES = "machine-hours"
    USAGE = "other-usage"
    UNEXPLAINED = "unexplained"


class Step(NamedTuple):
    """One difference of one line."""

    cause: Cause
    why: str
    usd: Decimal
    share: Decimal | None = None
    """Of an unexplained one: what was billed, as a share of our price."""


class Explained(NamedTuple):
    """A line of a bill beside our price; the steps add up to billed less priced."""

    billed: Decimal
    priced: Decimal
    steps: tuple[Step, ...]


class _Meant(NamedTuple):
    """Which model a line is for, in which mode, and what was assumed on the way."""

    named: Named
    processing: str | None
    note: str


class _Other(NamedTuple):
    """A price of the same model that is not the one asked for, and what would make it so."""

    cause: Cause
    why: str
    rate: Rate


def rows_by_key(snapshot: Snapshot) -> Mapping[str, tuple[TokenPrice, ...]]:
    """The token prices that an answer names so, one after another in time."""
    found: dict[str, list[TokenPrice]] = {}
    for row in snapshot.rows("token_prices"):
        found.setdefault(TABLE["token_prices"].label(row), []).append(row)
    return {key: tuple(rows) for key, rows in found.items()}


class BillPrices:
    """Prices lines of bills from one snapshot."""

    def __init__(self, catalog: Snapshot) -> None:
        self._prices = catalog.derived(price_list)
        self._rows = catalog.derived(rows_by_key)

    def explained(self, line: BilledLine, at: datetime) -> Explained | None:
        """A line beside our price at its moment; None for one that is not in dollars."""
        if line.currency != "USD":
            return None
        billed, steps = EXACT.add(line.amount, line.credits), list[Step]()
        if line.credits:
            steps.append(Step(Cause.CREDIT, "credits told beside the amount", line.credits))
        if line.charge is not Charge.USAGE:
            steps.append(Step(Cause(line.charge.value), f"a {line.charge.value}, which is no usage", line.amount))
            return Explained(billed, _NOTHING, tuple(steps))
        priced, more = self._usage(line, at)
        return Explained(billed, priced, tuple(step for step in (*steps, *more) if step.usd))

    def _usage(self, line: BilledLine, at: datetime) -> tuple[Decimal, list[Step]]:
        if line.model is None or line.meter is None:
            is_machine = line.accelerator is not None or line.instance is not None
            why = "hours of machines: their prices are ranges" if is_machine else "no meter of a model is told"
            return _NOTHING, [Step(Cause.MACHINES if is_machine else Cause.NOT_METERED, why, line.amount)]
        if line.quantity is None:
            return _NOTHING, [Step(Cause.NO_QUANTITY, "the bill tells no quantity", line.amount)]
        rate, named, note = self._own(line, at), None, ""
        if rate is None:
            try:
                named, processing, note = self._meant(line, at)
                line = line._replace(processing=processing)
                rate = _rate(named.card, line.meter or "", at, processing, named.region)
            except QuoteError as error:
                return _NOTHING, [Step(Cause.NO_PRICE, error.detail[:200], line.amount)]
        if rate is None:
            why = f"no price is known of {line.meter} of {line.model} at {line.provider} then{note}"
            return _NOTHING, [Step(Cause.NO_PRICE, why, line.amount)]
        priced = _cost(rate, line.quantity or _NOTHING)
        return priced, [one._replace(why=one.why + note) for one in self._walk(line, at, named, priced)]

    def _walk(self, line: BilledLine, at: datetime, named: Named | None, priced: Decimal) -> Iterator[Step]:
        """From what was billed to our price."""
        held = line.amount
        told = (
            (line.contracted, Cause.COMMITMENT, "billed otherwise than at the contracted price: paid ahead, or later"),
            (line.listed, Cause.DISCOUNT, "what the bill asks beside the list price that it tells"),
        )
        for amount, cause, why in told:
            if amount is not None:
                step = EXACT.subtract(held, amount)
                yield Step(cause, why, step) if abs(step) > _DUST else Step(Cause.ROUNDING, _LAST_DIGIT, step)
                held = amount
        left, room = EXACT.subtract(held, priced), _rounded_by(held)
        if abs(left) <= room:
            yield Step(Cause.ROUNDING, _LAST_DIGIT, left)
            return
        others = () if named is None else _others(named.card, line, at, named.region)
        fits = [one for one in others if abs(EXACT.subtract(held, _of(one, line))) <= room]
        if fits:
            cost = _of(fits[0], line)
            yield Step(fits[0].cause, _whys(fits), EXACT.subtract(cost, priced))
            yield Step(Cause.ROUNDING, _LAST_DIGIT, EXACT.subtract(held, cost))
            return
        share = EXACT.divide(held, priced) if priced else None
        share = share.quantize(_SHARE_DIGITS, context=EXACT) if share is not None and abs(share) < _MOST_SHARE else None
        why = f"{line.meter} of {line.model} at {line.provider}: no price of ours is the one billed"
        yield Step(Cause.UNEXPLAINED, why, left, share)

    def _meant(self, line: BilledLine, at: datetime) -> "_Meant":
        """The model that a line is for, as it is spelled or as its meter's words may be read.

        Raises: UnknownName
        """
        readings = (MeterWords(line.model or ""), *readings_of(line.model or ""))
        faults: list[QuoteError] = []
        for provider, region, note in (
            (line.provider, line.region, ""),
            (line.provider, None, f"; of no region: {line.region} is not priced"),
            (None, None, f"; priced as its maker's: {line.provider} is not known to sell it"),
        ):
            for place, reading in enumerate(readings):
                try:
                    named = self._prices.find(provider, reading.model, at, region)
                except QuoteError as error:
                    faults.append(error)
                    continue
                read_as = f"; {line.model!r} is read as {named.card.model}" if place else ""
                return _Meant(named, line.processing or reading.processing, read_as + note)
        raise faults[0]

    def _own(self, line: BilledLine, at: datetime) -> Rate | None:
        """The rate of the rows that the line names as ours; None where it names none, or none that holds then."""
        found = [row for key in line.rows for row in self._rows.get(key, ()) if _holds(row, at)]
        if not found or len(found) != len(line.rows):
            return None
        usd = found[0].usd
        for multiplier in found[1:]:
            usd = times(usd, multiplier.usd)
        _, things, divisor = PRICE_UNITS[found[0].unit]
        return Rate(scaled_usd(usd, things), divisor, found[0].unit, usd, tuple(found))


def _holds(row: TokenPrice, at: datetime) -> bool:
    begun = row.effective_from is None or row.effective_from <= at
    return begun and (row.effective_to is None or at < row.effective_to)


def _rate(card: Card, meter: str, at: datetime, processing: str | None, region: str) -> Rate | None:
    return card.ladder(at, processing or STANDARD, region)[0].rates.get(meter)


def _of(other: _Other, line: BilledLine) -> Decimal:
    return _cost(other.rate, line.quantity or _NOTHING)


def _whys(fits: list[_Other]) -> str:
    """What was billed, in words; where prices of other causes are the same, they are named too."""
    also = {one.cause: one.why for one in reversed(fits) if one.cause is not fits[0].cause}
    return "; or it is ".join([f"what was billed is {fits[0].why}", *also.values()])


def _cost(rate: Rate, quantity: Decimal) -> Decimal:
    return dollars(charge(quantity, rate.amount, rate.divisor))


def _rounded_by(amount: Decimal) -> Decimal:
    """Half of the last digit that a bill writes: half a cent at most, and what sums of lines of 1e-18 may be off."""
    exponent = amount.as_tuple().exponent
    return max(min(Decimal(1).scaleb(int(exponent)), _CENT) / 2, _DUST)


def _others(card: Card, line: BilledLine, at: datetime, region: str) -> Iterator[_Other]:
    """Every other price of a model that might be the one billed, the likeliest cause first."""
    meter, mode = line.meter or "", line.processing or STANDARD
    ladder = card.ladder(at, mode, region)
    for sheet in ladder[1:]:
        if meter in sheet.rates:
            yield _Other(Cause.TIER, f"the price of prompts from {sheet.from_tokens} tokens", sheet.rates[meter])
    for other in card.processings:
        for sheet in card.ladder(at, other, region) if other != mode else ():
            if meter in sheet.rates:
                yield _Other(Cause.PROCESSING, f"the price of {other} processing", sheet.rates[meter])
    for place in ("", *card.regions):
        rate = _rate(card, meter, at, mode, place) if place != region else None
        if rate is not None:
            yield _Other(Cause.REGION, f"the price of {place or 'no particular region'}", rate)
    for kind, rate in ladder[0].rates.items():
        if kind != meter and kind.endswith("_tokens"):
            yield _Other(Cause.CACHE, f"the price of {kind}", rate)
    for change in sorted(card.changes, key=lambda change: abs(change - at)):
        for moment in (change - _INSTANT, change):
            rate = _rate(card, meter, moment, mode, region)
            if rate is not None:
                day = change.date().isoformat()
                when = f"before {day}" if moment < change else f"from {day} on"
                yield _Other(Cause.DATE, f"the price of {meter} of {card.model} {when}", rate)


@dataclass(slots=True)
class _Sum:
    """Differences of one cause and reason."""

    usd: Decimal = _NOTHING
    lines: int = 0
    first_line: int = 0

    def add(self, usd: Decimal, lines: int, line: int) -> None:
        self.usd = EXACT.add(self.usd, usd)
        self.lines += lines
        self.first_line = self.first_line or line


@dataclass(slots=True)
class Comparison:
    """Lines of bills beside our prices, folded together as they come."""

    billed: Decimal = _NOTHING
    priced: Decimal = _NOTHING
    _sums: dict[tuple[Cause, str], _Sum] = field(default_factory=dict)
    _shares: dict[tuple[str, Decimal], tuple[_Sum, set[tuple[str, str]]]] = field(default_factory=dict)
    """Seller and share -> unexplained lines of which our price times it was billed, and their models and meters."""

    def add(self, line: BilledLine, explained: Explained) -> None:
        """Fold one line in."""
        self.billed = EXACT.add(self.billed, explained.billed)
        self.priced = EXACT.add(self.priced, explained.priced)
        for step in explained.steps:
            key = (line.provider or "", step.share) if step.share is not None else None
            if key is not None and (key in self._shares or len(self._shares) < _MOST_WHYS):
                found, skus = self._shares.setdefault(key, (_Sum(), set()))
                found.add(step.usd, 1, line.line)
                if len(skus) < _EVEN_SKUS:
                    skus.add((line.model or "", line.meter or ""))
            else:
                _put(self._sums, step.cause, step.why, step.usd, 1, line.line)

    def told(self, logged: Decimal | None = None) -> dict[str, Any]:
        """As an answer gives it.

        Args: logged: what the calls of the same group cost at our prices, where there are any: the bill is then beside
              them, and what it counts otherwise than they do is a cause too
        """
        sums = {key: _Sum(one.usd, one.lines, one.first_line) for key, one in self._sums.items()}
        for (seller, share), (found, skus) in self._shares.items():
            told, kind = f"{plain(share):f} of our price", "discount" if share < 1 else "surcharge"
            cause, why = Cause.UNEXPLAINED, f"{seller} billed {told}, and no price of ours is that"
            if found.lines >= _EVEN_LINES and len(skus) >= _EVEN_SKUS:
                cause, why = Cause.EVEN, f"{seller} billed {told} on each of them: a {kind} of that would do it"
            _put(sums, cause, why, found.usd, found.lines, found.first_line)
        priced = self.priced
        if logged is not None:
            _beside_log(sums, EXACT.subtract(self.priced, logged))
            priced = logged
        causes = [
            {"cause": cause.value, "usd": plain(one.usd), "lines": one.lines, "first_line": one.first_line, "why": why}
            for (cause, why), one in sorted(sums.items(), key=_size)
            if one.usd
        ]
        difference = plain(EXACT.subtract(self.billed, priced))
        return {
            "billed_usd": plain(self.billed),
            "priced_usd": plain(priced),
            "difference_usd": difference,
            "unexplained_usd": plain(_total(one for (cause, _), one in sums.items() if cause in _UNKNOWN)),
            "causes": causes,
        }


_UNKNOWN: Final = (Cause.UNEXPLAINED, Cause.NO_PRICE, Cause.NO_QUANTITY, Cause.NOT_METERED)
"""Causes that say why a difference is not explained."""


def _size(difference: tuple[tuple[Cause, str], _Sum]) -> tuple[Decimal, str]:
    """The place of a difference in an answer: the largest first."""
    return -abs(difference[1].usd), difference[0][0]


def _beside_log(sums: dict[tuple[Cause, str], _Sum], usage: Decimal) -> None:
    """Say what a bill counts otherwise than the log beside it; without quantities, usage and price are one."""
    untold = [key for key in sums if key[0] is Cause.NO_QUANTITY]
    found, why = _Sum(usage), "the bill counts other usage than the log, at our prices"
    for key in untold:
        one = sums.pop(key)
        found.add(one.usd, one.lines, one.first_line)
        why = "the bill tells no quantity: other usage than the log's and other prices are not told apart"
    sums[Cause.USAGE, why] = found


def _put(
    sums: dict[tuple[Cause, str], _Sum], cause: Cause, why: str, usd: Decimal, lines: int, first_line: int
) -> None:
    key = (cause, why)
    if key not in sums and len(sums) >= _MOST_WHYS:
        key = (cause, "other reasons of this cause")
    sums.setdefault(key, _Sum()).add(usd, lines, first_line)


def _total(sums: Iterator[_Sum]) -> Decimal:
    total = _NOTHING
    for one in sums:
        total = EXACT.add(total, one.usd)
    return total
