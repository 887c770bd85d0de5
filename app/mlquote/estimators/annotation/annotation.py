"""What do these labels cost? Counted, priced by whoever sells them, timed, and compared with a model's help."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.annotation.answer import AnnotationResult, LabelOffer, LabelSeconds
from mlquote.estimators.annotation.bill import LabelBill, PricedLabels, bill_of, spanned
from mlquote.estimators.annotation.prices import (
    LabelPrice,
    MarketFee,
    Prices,
    fee_of,
    no_price,
    prices_of,
    provider_of,
)
from mlquote.estimators.annotation.question import AnnotationQuestion
from mlquote.estimators.annotation.time import Labour, labour_of
from mlquote.estimators.annotation.unused import AskedLabels, unused_in
from mlquote.estimators.annotation.ways import Helped, helped_of, over, ways_of
from mlquote.estimators.annotation.work import LabelWork, work_of
from mlquote.estimators.asking.finding import Finding, unknown
from mlquote.estimators.asking.money import usd_range
from mlquote.estimators.asking.telling import Envelope, told
from mlquote.formulas.uncertainty import Uncertain
from mlquote.kit.provenance import Answer, Range


@dataclass(frozen=True, slots=True)
class LabelFacts:
    """All that is known about what is asked."""

    work: Finding[LabelWork]
    labour: Finding[Labour]
    prices: Prices
    fees: tuple[Finding[MarketFee | None], ...]
    """Of each price's seller."""
    helped: Helped


def annotation_estimate(question: AnnotationQuestion, catalog: Snapshot, now: datetime) -> Answer:
    """Answer an `AnnotationQuestion` from one snapshot.

    Raises:  UnknownName for a seller or a model that is not in the catalogue
    """
    moment = question.moment(now)
    provider = provider_of(question, catalog, moment)
    facts = _facts(question, provider, catalog, now)
    bills = [_bill(question, facts, at) for at in range(len(facts.prices))]
    known = [bill for bill in bills if bill is not None]
    bill = spanned(known) if known and len(known) == len(bills) else None
    result = _result(question, facts, bills, bill)
    envelope = Envelope(
        question.filled(as_of=moment, release=catalog.release.id, provider=provider), catalog.catalog_ref(moment)
    )
    asked = AskedLabels(question, [price.value for price in facts.prices], facts.fees, facts.labour.value)
    return told(envelope, result, facts, tuple(_words(question, provider, facts, bill)), unused_in(asked))


def _facts(question: AnnotationQuestion, provider: str | None, catalog: Snapshot, now: datetime) -> LabelFacts:
    moment = question.moment(now)
    work = work_of(question)
    labour = labour_of(question, work.value, catalog, moment)
    prices = prices_of(question, provider, catalog, moment)
    fees = tuple(fee_of(price.value.provider, catalog, moment) for price in prices)
    return LabelFacts(work, labour, prices, fees, helped_of(question, labour.value, catalog, moment, now))


def _bill(question: AnnotationQuestion, facts: LabelFacts, at: int) -> LabelBill | None:
    hours = facts.labour.value.hours
    return bill_of(PricedLabels(question, facts.work.value, hours, facts.prices[at].value, facts.fees[at].value))


def _result(
    question: AnnotationQuestion, facts: LabelFacts, bills: list[LabelBill | None], bill: LabelBill | None
) -> AnnotationResult:
    work, labour = facts.work.value, facts.labour.value
    offers = tuple(_offer(price.value, each, labour.hours) for price, each in zip(facts.prices, bills, strict=True))
    return AnnotationResult(
        cost_usd=None if bill is None else bill.cost_usd,
        usd_per_item=None if bill is None else over(bill.cost_usd, work.items),
        usd_per_worker_hour=_wage(bill, labour.hours),
        worker_hours=None if labour.hours is None else labour.hours.range(),
        basis=offers[0].basis if offers else None,
        unit=work.unit,
        units=work.by_unit.units,
        labels=work.by_unit.labels,
        reviews=work.by_unit.reviews,
        votes=work.votes,
        verdict_accuracy=work.verdict_accuracy,
        pairs=work.pairs,
        seconds_per_unit=_seconds(labour),
        time_parts=labour.parts,
        cost_lines=() if bill is None else bill.lines,
        ways=ways_of(question, bill, labour, facts.helped),
        offers=offers,
    )


def _seconds(labour: Labour) -> LabelSeconds | None:
    label = labour.label
    return None if label is None else LabelSeconds(label.seconds.range(), label.median_s)


def _offer(price: LabelPrice, bill: LabelBill | None, hours: Uncertain | None) -> LabelOffer:
    basis = "hourly" if price.per == "hour" else "per_unit"
    cost = None if bill is None else bill.cost_usd
    return LabelOffer(price.provider, price.annotator, price.unit, basis, price.stated, cost, _wage(bill, hours))


def _wage(bill: LabelBill | None, hours: Uncertain | None) -> Range | None:
    return None if bill is None or hours is None or not hours.median else usd_range(bill.doubted / hours)


def _words(
    question: AnnotationQuestion, provider: str | None, facts: LabelFacts, bill: LabelBill | None
) -> Iterator[Finding[None]]:
    """What must be said beside the figures."""
    work = facts.work.value
    if not facts.prices:
        yield no_price(question, provider)
    elif bill is None:
        yield unknown("no-label-price", "an hour has a price, and nobody knows how many hours: give seconds_per_unit")
    if len(facts.prices) > 1:
        sellers = ", ".join(dict.fromkeys(str(price.value.provider) for price in facts.prices))
        yield unknown("several-label-prices", f"no seller is named: the range spans {sellers}; see offers")
    if any(price.value.stated == "reported" for price in facts.prices):
        yield unknown("label-price-reported", "what somebody reports of a market, not a price that anybody is held to")
    yield from _beyond(question, facts)
    if question.vote_margin is not None or work.verdict_accuracy is not None:
        yield unknown(
            "votes-independent", "verdict_accuracy holds where votes err independently: people agree in error"
        )
    if facts.labour.value.hours is None and bill is not None:
        yield unknown("implied-wage-unknown", _unknown_wage(facts))


def _beyond(question: AnnotationQuestion, facts: LabelFacts) -> Iterator[Finding[None]]:
    """That a month holds more than a price list tells of."""
    work = facts.work.value
    for price, fee in zip(facts.prices, facts.fees, strict=True):
        ends, is_by_item = price.value.list_ends, fee.value is not None and fee.value.per_item is not None
        each_month = ceil((work.items if is_by_item else work.by_unit.labels) / question.months)
        if ends is not None and each_month > ends:
            detail = f"the price list of {price.value.provider} that was read ends at {ends:,} a month"
            yield unknown("beyond-price-list", detail)


def _unknown_wage(facts: LabelFacts) -> str:
    each = facts.prices[0].value.central[0][1]
    seconds = float(each) * 3600 / 7.25
    return f"{each} USD a label is 7.25 USD an hour (the US federal minimum) only if it takes {seconds:.3g} s"
