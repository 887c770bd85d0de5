"""The bill of a workload: what the period costs, what it would have cost at list price, and what would make it cheaper.

Shares of requests (hits, stretches of time) are fractions, so an amount here is exact to 1e-12 dollars and no further.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from mlquote.estimators.asking.finding import Finding, unknown
from mlquote.estimators.tokens.bill import (
    ContextTier,
    InferenceLine,
    UsdPerMtok,
    at_bound,
    context_tier,
    is_disputed,
)
from mlquote.estimators.tokens.charges import Cost
from mlquote.estimators.tokens.explaining import told_of, unknown_holidays
from mlquote.estimators.tokens.levers import Lever, levers_of
from mlquote.estimators.tokens.price_list import STANDARD, Rate, Sheet, sheet_for
from mlquote.estimators.tokens.rate_cards import CardCost
from mlquote.estimators.tokens.workload import (
    Caching,
    Circumstances,
    Slice,
    Workload,
    caching_of,
    slices_of,
    total_usd,
    uncached,
)
from mlquote.formulas.pricing import times
from mlquote.kit.money import EXACT, plain
from mlquote.kit.provenance import Assumption, Range
from mlquote.kit.units import TOKENS_PER_MTOK

_STEP = Decimal("1e-12")
_MONTH_DAYS = Decimal("30.4375")
"""A twelfth of 365.25 days."""


@dataclass(frozen=True, slots=True)
class WorkloadCost:
    """The bill of the whole period; `levers` are changes that would make it smaller, each by itself."""

    cost_usd: Decimal | None
    cost_per_request_usd: Decimal | None
    cost_per_day_usd: Decimal | None
    cost_per_month_usd: Decimal | None
    cost_range_usd: Range | None
    requests: Decimal
    cost_lines: tuple[InferenceLine, ...]
    list_cost_usd: Decimal | None
    savings_usd: Decimal | None
    usd_per_mtok: UsdPerMtok
    context_tier: ContextTier
    cache_hit_fraction: Decimal
    cached_input_fraction: Decimal
    levers: tuple[Lever, ...]
    reported_usd: None = None
    rate_card: CardCost | None = None


def workload_bill(workload: Workload, around: Circumstances, slices: list[Slice], discount: Decimal) -> WorkloadCost:
    """The sum of a workload's slices, and what it would have been otherwise.

    cost_usd = (1 - discount) * sum over slices of requests * cost of one

    Args: workload; around: model, moment and mode; slices: of it, as asked; discount: negotiated fraction
    """
    kept, listed = 1 - discount, total_usd(slices_of(uncached(workload), _at_list_price(around)))
    before = total_usd(slices)
    total = None if before is None else times(before, kept)
    caching = caching_of(workload)
    ladder = around.card.ladder(around.moment, around.processing, around.region, around.facts)
    sheet = sheet_for(ladder, workload.input_tokens)
    return WorkloadCost(
        cost_usd=_money(total),
        cost_per_request_usd=_over(total, workload.requests),
        cost_per_day_usd=_over(total, Decimal(workload.days)),
        cost_per_month_usd=_over(None if total is None else times(total, _MONTH_DAYS), Decimal(workload.days)),
        cost_range_usd=_disputed(slices, total, kept),
        requests=plain(workload.requests),
        cost_lines=(*lines_of(slices), *_discount(before, discount, workload)),
        list_cost_usd=_money(listed),
        savings_usd=None if listed is None or total is None else _money(listed - total),
        usd_per_mtok=_usd_per_mtok(workload, sheet, total, kept),
        context_tier=context_tier(workload.input_tokens, ladder, sheet),
        cache_hit_fraction=plain(caching.hit_fraction.quantize(_STEP)),
        cached_input_fraction=_over(caching.read_tokens, Decimal(workload.input_tokens)) or Decimal(0),
        rate_card=_both_bills(workload, around, before),
        levers=() if before is None else levers_of(workload, around, before),
    )


def _usd_per_mtok(workload: Workload, sheet: Sheet, total: Decimal | None, kept: Decimal) -> UsdPerMtok:
    tokens = workload.input_tokens + workload.output_tokens
    return UsdPerMtok(
        _rate(sheet.rates.get("input_tokens"), kept),
        _rate(sheet.rates.get("output_tokens"), kept),
        _over(None if total is None else times(total, Decimal(TOKENS_PER_MTOK)), workload.requests * tokens),
    )


def _both_bills(workload: Workload, around: Circumstances, laid: Decimal | None) -> CardCost | None:
    """The period at public prices beside the period under the rate card."""
    if around.laid is None:
        return None
    public = total_usd(slices_of(workload, replace(around, laid=None)))
    difference = None if public is None or laid is None else _money(laid - public)
    named = around.laid.named
    return CardCost(named.name, named.card.digest(), _money(public), _money(laid), difference, ())


def _at_list_price(around: Circumstances) -> Circumstances:
    return Circumstances(around.card, around.moment, STANDARD, around.region, around.facts)


def lines_of(slices: list[Slice]) -> list[InferenceLine]:
    """One line for every meter at every rate, in the order in which they first appear."""
    added: dict[tuple[str, Rate | None], tuple[Decimal, Decimal | None]] = {}
    for part in slices:
        for line in part.cost.lines:
            quantity, usd = added.get((line.meter, line.rate), (Decimal(0), Decimal(0)))
            more = None if line.usd is None or usd is None else usd + times(line.usd, part.requests)
            added[line.meter, line.rate] = (quantity + line.quantity * part.requests, more)
    return [_line(meter, rate, quantity, usd) for (meter, rate), (quantity, usd) in added.items()]


def _line(meter: str, rate: Rate | None, quantity: Decimal, usd: Decimal | None) -> InferenceLine:
    if rate is None or usd is None:
        return InferenceLine(meter, plain(quantity), None, None, None, None)
    row, also = (*(ref.key for ref in rate.refs), None, None)[:2]
    amount = plain(quantity.quantize(Decimal("1e-6"), context=EXACT))
    return InferenceLine(meter, amount, rate.unit, plain(rate.usd_per_unit), _money(usd), row, also, rate.confidence)


def _discount(before: Decimal | None, discount: Decimal, workload: Workload) -> tuple[InferenceLine, ...]:
    if before is None or not discount:
        return ()
    off = _money(times(before, -discount))
    return (InferenceLine("negotiated_discount", plain(workload.requests), "per_request", None, off, None),)


def _disputed(slices: list[Slice], total: Decimal | None, kept: Decimal) -> Range | None:
    """The period at the lowest and at the highest figures that public tables give for the rows used."""
    lines = [(line, part.requests) for part in slices for line in part.cost.lines]
    if total is None or all(not is_disputed(line.rate) for line, _ in lines):
        return None
    low = sum((times(at_bound(line, "usd_low"), n) for line, n in lines), Decimal(0))
    high = sum((times(at_bound(line, "usd_high"), n) for line, n in lines), Decimal(0))
    return Range(*(plain(usd.quantize(_STEP, context=EXACT)) for usd in (low * kept, total, high * kept)))


def told_of_workload(
    workload: Workload, around: Circumstances, slices: list[Slice], now: datetime
) -> Iterator[Finding[Any]]:
    """Every rate behind the bill once, and what was taken for the cache."""
    seen: set[tuple[str, Rate | None]] = set()
    for part in slices:
        new = tuple(line for line in part.cost.lines if (line.meter, line.rate) not in seen)
        seen |= {(line.meter, line.rate) for line in new}
        yield from told_of(around.card, Cost(None, new, part.cost.sheet), moment=around.moment, now=now)
    if not around.card.knows_holidays(end := around.moment + timedelta(days=workload.days)):
        yield unknown_holidays(end)
    caching = caching_of(workload)
    if caching.prefix_tokens:
        yield _prefix(caching)
        yield from _not_cached(workload, around, slices)
    if caching.derived:
        why = f"1 - exp(-requests per second * lifetime of {caching.ttl}): random arrivals, renewed by every hit"
        hit = plain(caching.hit_fraction)
        yield Finding(hit, (Assumption("cache_hit_fraction", hit, "fraction", basis="derived", why=why),))
    if not workload.cache_ttl and caching.prefix_tokens:
        why = "the shortest lifetime that providers sell"
        yield Finding(caching.ttl, (Assumption("cache_ttl", caching.ttl, why=why),))


def _prefix(caching: Caching) -> Finding[int]:
    why = "the part of every prompt that is the same, from the cached share and the hit rate"
    told = Assumption("shared_prefix_tokens", caching.prefix_tokens, "tokens", basis="derived", why=why)
    return Finding(caching.prefix_tokens, (told,))


def _not_cached(workload: Workload, around: Circumstances, slices: list[Slice]) -> Iterator[Finding[None]]:
    """That nothing of the prefix is read from a cache, or nothing in a batch, because no price says what that costs."""
    reads = "cache_read_tokens"
    if not any(line.meter == reads for part in slices for line in part.cost.lines):
        yield unknown("no-cache-price", f"{around.card.model} has no price for cache reads; nothing is taken as cached")
    elif workload.batch_fraction and not any(reads in part.counts for part in slices if part.processing == "batch"):
        yield unknown("no-cache-price", "cache reads have no price in a batch; its requests are taken as uncached")


def _rate(rate: Rate | None, kept: Decimal) -> Decimal | None:
    return None if rate is None else plain(times(rate.usd_per_unit, kept))


def _over(total: Decimal | None, count: Decimal) -> Decimal | None:
    return None if total is None or not count else _money(EXACT.divide(total, count))


def _money(usd: Decimal | None) -> Decimal | None:
    return None if usd is None else plain(usd.quantize(_STEP, context=EXACT))
