"""Fields of an API question that change nothing: each is named in a warning, none is dropped in silence."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from mlquote.estimators.asking.finding import Finding, unknown
from mlquote.estimators.tokens.bill import InferenceCost
from mlquote.estimators.tokens.charges import Cost, cost_of
from mlquote.estimators.tokens.facts import CallFacts, Rates
from mlquote.estimators.tokens.meters import variant_of
from mlquote.estimators.tokens.price_list import STANDARD, Card, Rate
from mlquote.estimators.tokens.question import ApiUsage
from mlquote.estimators.tokens.sellers import GLOBAL
from mlquote.estimators.tokens.usage import FACTS, Usage, in_millions
from mlquote.estimators.tokens.workload import (
    Circumstances,
    Slice,
    Workload,
    caching_of,
    slices_of,
)
from mlquote.estimators.tokens.workload_bill import WorkloadCost, lines_of


def unused(field: str, why: str) -> Finding[None]:
    """The warning that names a field which changes nothing."""
    return unknown("field-not-used", f"{field}: {why}")


def unused_beside_charge(question: ApiUsage) -> Iterator[Finding[None]]:
    """Fields that change no charge which the provider itself reported, defaults that an answer echoes left out."""
    for name, default in (("processing", STANDARD), ("region", GLOBAL), ("discount_fraction", None)):
        if getattr(question, name) and getattr(question, name) != default:
            yield unused(name, "the cost is what the provider reported")


def unused_in_call(
    question: ApiUsage, facts: CallFacts, rates: Rates, cost: Cost, result: InferenceCost
) -> Iterator[Finding[None]]:
    """Fields of a question about like requests that change nothing of their bill."""
    card = facts.card.value
    if question.usage is not None and card is not None:
        yield from _unused_facts(question.usage, card, cost)
    if question.processing and facts.asked.processing != STANDARD:
        plain = cost_of(facts.asked.counts, rates.standard)
        if plain.lines == cost.lines:
            yield _same_processing(facts.asked.processing)
    if question.per and question.usage is not None and not _has_tiers(facts, card):
        yield unused("per", "one price for every prompt length")
    if question.discount_fraction and _knows_nothing(result):
        yield _no_price_to_discount()
    if question.usage is not None and result.context_tier.from_tokens and in_millions(question.usage.counts()):
        yield unknown("context-tier-by-size", f"one prompt is priced: {result.context_tier.why}")
    if result.rate_card is not None and not result.rate_card.lines:
        yield _idle_card(result.rate_card.name)


def unused_in_workload(
    question: ApiUsage, around: Circumstances, slices: list[Slice], result: WorkloadCost
) -> Iterator[Finding[None]]:
    """Fields of a workload that change nothing of its bill."""
    workload = question.workload
    if workload is None:
        return

    def is_same(other: Workload, elsewhere: Circumstances) -> bool:
        return lines_of(slices_of(other, elsewhere)) == lines_of(slices)

    if not caching_of(workload).prefix_tokens:
        yield from _unused_caching(workload)
    elif workload.cache_ttl is not None:
        other = workload.model_copy(update={"cache_ttl": "5m" if workload.cache_ttl == "1h" else "1h"})
        if caching_of(other).hit_fraction == caching_of(workload).hit_fraction and is_same(other, around):
            yield unused("cache_ttl", "as many requests hit, and writing costs the same, for either lifetime")
    if workload.batch_fraction and is_same(workload.model_copy(update={"batch_fraction": Decimal(0)}), around):
        yield unused("batch_fraction", "a batch has no other price here")
    apart = question.processing and around.processing != STANDARD
    if apart and is_same(workload, replace(around, processing=STANDARD)):
        yield _same_processing(around.processing)
    if question.discount_fraction and _knows_nothing(result):
        yield _no_price_to_discount()
    if result.rate_card is not None and is_same(workload, replace(around, laid=None)):
        yield _idle_card(result.rate_card.name)


def _has_tiers(facts: CallFacts, card: Card | None) -> bool:
    """Whether a longer prompt would have another price."""
    region = "" if facts.rates is None else facts.rates.region
    return card is not None and len(card.ladder(facts.moment, facts.asked.processing, region, facts.asked.facts)) > 1


def _unused_facts(usage: Usage, card: Card, cost: Cost) -> Iterator[Finding[None]]:
    """Facts that no price of what was counted depends on, and reasoning that is billed as the output it is part of."""
    for field, fact in FACTS.items():
        if getattr(usage, field) is None:
            continue
        if not any(fact in _told_apart_by(line.rate, card, line.meter) for line in cost.lines):
            yield unused(field, "no price of what is counted here depends on it")
    if usage.reasoning_tokens and all(line.meter != "reasoning_tokens" for line in cost.lines):
        yield unused("reasoning_tokens", f"{card.model} bills reasoning as the output it is a part of")


def _told_apart_by(rate: Rate | None, card: Card, meter: str) -> tuple[str, ...]:
    if rate is None or not rate.rows:
        return card.told_apart_by(meter)
    return tuple(name for row in rate.rows for name in variant_of(row))


def _unused_caching(workload: Workload) -> Iterator[Finding[None]]:
    for name in ("cache_hit_fraction", "cache_ttl"):
        if getattr(workload, name) is not None:
            yield unused(name, "nothing is cached: cached_input_fraction or shared_prefix_tokens says what is")


def _same_processing(processing: str) -> Finding[None]:
    return unused("processing", f"nothing of this bill has a price of its own as {processing}")


def _no_price_to_discount() -> Finding[None]:
    return unused("discount_fraction", "nothing of this bill has a known price")


def _idle_card(name: str) -> Finding[None]:
    return unused("rate_card", f"no rule of {name} is about this bill")


def _knows_nothing(result: InferenceCost | WorkloadCost) -> bool:
    prices = result.usd_per_mtok
    return result.cost_usd is None and prices.input is None and prices.output is None
