"""What do these API calls cost? One request's usage, priced exactly, times how many."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding, unknown
from mlquote.estimators.asking.telling import Envelope, told
from mlquote.estimators.tokens.bill import Billed, InferenceCost, Terms, base_tier, bill, reported_bill, together
from mlquote.estimators.tokens.charges import Cost, cost_of, uncached
from mlquote.estimators.tokens.explaining import told_of
from mlquote.estimators.tokens.facts import CallFacts, Rates, facts_of
from mlquote.estimators.tokens.price_list import Card
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.estimators.tokens.rate_cards import NamedCard, compared, lay_over
from mlquote.estimators.tokens.sellers import GLOBAL
from mlquote.estimators.tokens.unused import unused_beside_charge, unused_in_call, unused_in_workload
from mlquote.estimators.tokens.workload import Circumstances, slices_of
from mlquote.estimators.tokens.workload_bill import WorkloadCost, told_of_workload, workload_bill
from mlquote.formulas.pricing import times
from mlquote.kit.money import EXACT, plain
from mlquote.kit.provenance import Answer


def inference_estimate(question: ApiUsage, catalog: Snapshot, now: datetime, card: NamedCard | None = None) -> Answer:
    """The exact cost of `question.requests` requests like the one given, each line with the row that prices it.

    Args:   card: the rate card that `question.rate_card` names, found by whoever can reach the store
    Raises: Malformed where model or usage is missing; UnknownName for a provider, model or region not in the catalogue;
            OutOfDomain for a processing mode or region that the model is not sold in, and for contradictory counts
    """
    facts = facts_of(question, catalog, question.moment(now), now=now, card=card)
    billed = bill_of(question, facts)
    envelope = Envelope(_understood(question, facts, catalog), catalog.catalog_ref(facts.moment))
    return told(envelope, billed.result, facts, billed.told)


def bill_of(question: ApiUsage, facts: CallFacts) -> Billed[InferenceCost] | Billed[WorkloadCost]:
    """The bill of a question on its facts, and what there is to say of it.

    Raises: OutOfDomain for a fact (an image's size) that no price of the model knows
    """
    card, rates = facts.card.value, facts.rates
    if card is None or rates is None:
        return _as_reported(question, facts)
    if question.workload is None:
        return _call(question, facts, card, rates)
    asked = facts.asked
    around = Circumstances(card, facts.moment, asked.processing, rates.region, asked.facts, facts.laid)
    slices = slices_of(question.workload, around)
    result = workload_bill(question.workload, around, slices, facts.terms.discount_fraction)
    said = told_of_workload(question.workload, around, slices, facts.now)
    return Billed(result, (*said, *unused_in_workload(question, around, slices, result)))


def _call(question: ApiUsage, facts: CallFacts, card: Card, rates: Rates) -> Billed[InferenceCost]:
    """The bill of so many requests with the same counts."""
    result, said, cost = _of_one(facts, card, rates)
    bills = [(card.model, result)]
    for other in facts.others:
        if other.card.value is not None and other.rates is not None:
            one, more, _ = _of_one(other, other.card.value, other.rates)
            bills.append((other.card.value.model, one))
            said += more
    if len(bills) > 1:
        result = together(bills)
    asked = facts.asked
    result = _beside_reported(result, asked.reported_usd, facts.terms)
    if asked.read_as is not None:
        result = replace(result, read_as=asked.read_as)
    return Billed(result, (*said, *unused_in_call(question, facts, rates, cost, result), *_differs(result)))


def _of_one(facts: CallFacts, card: Card, rates: Rates) -> tuple[InferenceCost, list[Finding[Any]], Cost]:
    """The bill of one call on its own rates, and what there is to say of them."""
    asked, laid = facts.asked, facts.laid
    cost = cost_of(asked.counts, rates.ladder)
    for line in cost.lines:
        if line.rate is None:
            card.refuse_unknown(line.meter, asked.facts)
    plainly = uncached(asked.counts)
    standard = cost if plainly == asked.counts and rates.standard is rates.ladder else cost_of(plainly, rates.standard)
    said: list[Finding[Any]] = [*told_of(card, cost, moment=facts.moment, now=facts.now)]
    if laid is None:
        result = bill(asked.counts, rates.ladder, cost, standard, facts.terms)
    else:
        negotiated, changes = lay_over(cost, laid)
        result = bill(asked.counts, rates.ladder, negotiated, standard, facts.terms)
        both = compared(laid.named, cost, negotiated, changes, facts.terms.requests)
        result = replace(result, rate_card=both)
    if asked.at_base_tier:
        whole = card.ladder(facts.moment, asked.processing, rates.region, asked.facts)
        result = replace(result, context_tier=base_tier(whole))
    return result, said, cost


def _as_reported(question: ApiUsage, facts: CallFacts) -> Billed[InferenceCost]:
    """The provider's own charge, where the catalogue has no price."""
    result = reported_bill(facts.asked.reported_usd or Decimal(0), facts.terms)
    said = [
        unknown("charge-as-reported", "the catalogue has no price for this; the cost is what the provider reported")
    ]
    if facts.rate_card is not None:
        said.append(
            unknown(
                "rate-card-not-applied",
                f"{facts.rate_card.name} has no lines to apply to: only the charge is known",
            )
        )
    return Billed(replace(result, read_as=facts.asked.read_as), (*said, *unused_beside_charge(question)))


def _beside_reported(result: InferenceCost, reported: Decimal | None, terms: Terms) -> InferenceCost:
    """The bill beside what the provider itself reported, for as many requests."""
    if reported is None:
        return result
    total = plain(times(reported, Decimal(terms.requests)))
    if result.cost_usd is None:
        return replace(result, reported_usd=total)
    difference = plain(EXACT.subtract(result.cost_usd, total))
    return replace(result, reported_usd=total, reported_difference_usd=difference)


def _differs(result: InferenceCost) -> Iterator[Finding[None]]:
    if result.reported_difference_usd:
        told = f"the provider reported {result.reported_usd} USD; the list price comes to "
        yield unknown("differs-from-reported", f"{told}{result.reported_difference_usd:+}")


def _understood(question: ApiUsage, facts: CallFacts, catalog: Snapshot) -> dict[str, Any]:
    """The question as it was understood: resolved names, defaults filled in."""
    usage = None if question.usage is None else question.usage.given()
    card, asked = facts.card.value, facts.asked
    return question.filled(
        as_of=facts.moment,
        release=catalog.release.id,
        usage=usage,
        provider=facts.provider,
        model=asked.model if card is None else card.model,
        processing=asked.processing,
        region=(asked.region or GLOBAL) if card is None else facts.place.value,
        rate_card=None if facts.rate_card is None else facts.rate_card.name,
    )
