"""What the work costs at one price: labour, review, what a platform takes and set-up, exact where the price is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil
from statistics import median

from mlquote.estimators.annotation.prices import LabelPrice, MarketFee, Tiers
from mlquote.estimators.annotation.question import AnnotationQuestion
from mlquote.estimators.annotation.work import Counted, LabelWork
from mlquote.estimators.asking.money import usd_range
from mlquote.formulas.labelling import assignment_fee_usd, monthly_usd
from mlquote.formulas.uncertainty import Uncertain, between, known
from mlquote.kit.cost_line import CostLine
from mlquote.kit.money import EXACT, exact, plain
from mlquote.kit.provenance import Range

NOTHING = Decimal(0)
RATE = "label_price"


@dataclass(frozen=True, slots=True)
class LabelBill:
    """Dollars of the labels themselves and of everything else, at each end, and the lines at the centre."""

    labour: Range
    other: Range
    """Review at a price of its own, fees, set-up."""
    doubted: Uncertain
    """The labour with its doubt, for what is divided by hours."""
    lines: tuple[CostLine, ...] = field(default=())

    @property
    def cost_usd(self) -> Range:
        """All of it."""
        return added(self.labour, self.other)


@dataclass(frozen=True, slots=True)
class PricedLabels:
    """What is priced: the question, its work, its hours, and the terms of one seller."""

    question: AnnotationQuestion
    work: LabelWork
    hours: Uncertain | None
    price: LabelPrice
    fee: MarketFee | None

    @property
    def counted(self) -> Counted:
        """Labels as the price counts them."""
        return self.work.by_item if self.price.per == "item" else self.work.by_unit

    @property
    def charged(self) -> int:
        """Labels at the seller's price: looking over one is one more, unless it has a price of its own."""
        own = self.question.review_usd_per_unit is not None
        return self.counted.labels + (0 if own else self.counted.reviews)


def bill_of(priced: PricedLabels) -> LabelBill | None:
    """The bill at one price; None by the hour where nobody knows the hours."""
    labour = _hourly(priced) if priced.price.per == "hour" else _by_units(priced)
    if labour is None:
        return None
    span, doubted, line = labour
    others = [*_reviews(priced), *_fees(priced, span), *_setup(priced.question)]
    other = Range(
        _sum(each.low for each in others), _sum(each.central for each in others), _sum(each.high for each in others)
    )
    return LabelBill(span, other, doubted, (line, *(each.line for each in others)))


def _by_units(priced: PricedLabels) -> tuple[Range, Uncertain, CostLine]:
    price, count = priced.price, priced.charged
    low, central, high = (monthly_usd(count, priced.question.months, t) for t in (price.low, price.central, price.high))
    each = price.central[0][1] if len(price.central) == 1 else None
    unit = price.unit if price.stated != "given" else priced.work.unit
    span = Range(plain(low), plain(central), plain(high))
    return span, doubted_span(span), CostLine("labels", count, unit, each, plain(central))


def _hourly(priced: PricedLabels) -> tuple[Range, Uncertain, CostLine] | None:
    """hours * rate / productive share: what is not spent on labels is paid all the same."""
    if priced.hours is None:
        return None
    low, central, high = (tiers[0][1] for tiers in (priced.price.low, priced.price.central, priced.price.high))
    share = exact(priced.question.productive_fraction) or Decimal(1)
    paid = priced.hours / float(share)
    hours = exact(priced.hours.median) or NOTHING
    rate = known(float(central)) if low == high else between(float(low), float(high), RATE, median=float(central))
    doubted = paid * rate
    usd = plain(EXACT.divide(EXACT.multiply(hours, central), share).quantize(Decimal("1e-12"), context=EXACT))
    told = usd_range(doubted)
    span = Range(usd, usd, usd) if not doubted.loads or told is None else told
    return span, doubted, CostLine("labour", paid.median, "hours", central, exact(span.central))


@dataclass(frozen=True, slots=True)
class OtherCost:
    """One line beside the labels, at each end."""

    low: Decimal
    central: Decimal
    high: Decimal
    line: CostLine


def _exactly(item: str, quantity: int, unit: str, each: Decimal | None, usd: Decimal) -> OtherCost:
    return OtherCost(usd, usd, usd, CostLine(item, quantity, unit, each, plain(usd)))


def _reviews(priced: PricedLabels) -> list[OtherCost]:
    usd, count = priced.question.review_usd_per_unit, priced.counted.reviews
    if usd is None or not count or priced.price.per == "hour":
        return []
    cost = EXACT.multiply(Decimal(count), usd)
    return [_exactly("review", count, "labels", usd, cost)]


def _setup(question: AnnotationQuestion) -> list[OtherCost]:
    usd = question.setup_usd
    return [] if usd is None else [_exactly("set-up", 1, "times", usd, usd)]


def _fees(priced: PricedLabels, labour: Range) -> list[OtherCost]:
    fee, items = priced.fee, priced.work.items
    if fee is None:
        return []
    if fee.per_item is not None:
        usd = monthly_usd(items, priced.question.months, fee.per_item)
        each = fee.per_item[0][1] if len(fee.per_item) == 1 else None
        return [_exactly("platform fee", items, "objects", each, usd)]
    share = fee.share(ceil(priced.work.votes))
    if priced.price.per == "hour":
        low, central, high = (EXACT.multiply(exact(end) or NOTHING, share) for end in ends_of(labour))
        return [OtherCost(low, central, high, CostLine("platform fee", 1, "times", None, plain(central)))]
    units = priced.question.units_per_assignment or 1
    assignments = -(-priced.charged // units)
    per = [_fee_each(tiers, units, share, fee) for tiers in (priced.price.low, priced.price.central, priced.price.high)]
    low, central, high = (EXACT.multiply(Decimal(assignments), usd) for usd in per)
    line = CostLine("platform fee", assignments, "assignments", per[1], plain(central))
    return [OtherCost(low, central, high, line)]


def _fee_each(tiers: Tiers, units: int, share: Decimal, fee: MarketFee) -> Decimal:
    reward = EXACT.multiply(tiers[0][1], Decimal(units))
    return assignment_fee_usd(reward, share, fee.least_usd or NOTHING)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    total = NOTHING
    for amount in amounts:
        total = EXACT.add(total, amount)
    return plain(total)


def ends_of(span: Range) -> tuple[object, object, object]:
    """Low, central, high."""
    return span.low, span.central, span.high


def added(one: Range, other: Range) -> Range:
    """End by end, exactly."""
    pairs = zip(ends_of(one), ends_of(other), strict=True)
    return Range(*(plain(EXACT.add(exact(a) or NOTHING, exact(b) or NOTHING)) for a, b in pairs))


def doubted_span(span: Range) -> Uncertain:
    """A range of dollars as a quantity in doubt."""
    low, central, high = (float(exact(end) or 0) for end in ends_of(span))
    return known(central) if low == high or low <= 0 else between(low, high, RATE, median=central)


def spanned(bills: Sequence[LabelBill]) -> LabelBill:
    """From the lowest end of any bill to the highest, around the middle one: of several sellers nobody chose."""
    if len(bills) == 1:
        return bills[0]
    labour, other = (
        Range(
            min(exact(span.low) or NOTHING for span in spans),
            median(exact(span.central) or NOTHING for span in spans),
            max(exact(span.high) or NOTHING for span in spans),
        )
        for spans in ([bill.labour for bill in bills], [bill.other for bill in bills])
    )
    return LabelBill(labour, other, doubted_span(labour))
