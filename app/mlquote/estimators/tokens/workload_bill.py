"""The bill of a workload: what the period costs, what it would have cost at list price, and what would make it cheaper.

Shares of requests (hits, stretches of time) are fractions, so an amount here is exact to 1e-12 dollars and no further.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from mlquote.estimators.tokens.bill import ContextTier, InferenceLine, UsdPerMtok, at_bound, context_tier, is_disputed
from mlquote.estimators.tokens.charges import Cost
from mlquote.estimators.tokens.explaining import explain
from mlquote.estimators.tokens.levers import Lever, levers_of
from mlquote.estimators.tokens.price_list import STANDARD, Rate, row_ref, sheet_for
from mlquote.estimators.tokens.rate_cards import CardCost
from mlquote.estimators.tokens.workload import (
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
from mlquote.kit.provenance import Range, Trail
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


def workload_bill(
    workload: Workload, around: Circumstances, discount: Decimal, trail: Trail, now: datetime
) -> WorkloadCost:
    """Price every slice of a workload and add them up.

    cost_usd = (1 - discount) * sum over slices of requests * cost of one

    Args: workload; around: model, moment and mode; discount: negotiated fraction; trail: collects; now: for warnings
    """
    slices = slices_of(workload, around)
    kept, listed = 1 - discount, total_usd(slices_of(uncached(workload), _at_list_price(around)))
    before = total_usd(slices)
    total = None if before is None else times(before, kept)
    _explain(trail, workload, around, slices, now)
    caching, tokens = caching_of(workload), workload.input_tokens + workload.output_tokens
    ladder = around.card.ladder(around.moment, around.processing, around.region, around.facts)
    sheet = sheet_for(ladder, workload.input_tokens)
    return WorkloadCost(
        cost_usd=_money(total),
        cost_per_request_usd=_over(total, workload.requests),
        cost_per_day_usd=_over(total, Decimal(workload.days)),
        cost_per_month_usd=_over(None if total is None else times(total, _MONTH_DAYS), Decimal(workload.days)),
        cost_range_usd=_disputed(slices, total, kept),
        requests=plain(workload.requests),
        cost_lines=(*_lines(slices), *_discount(before, discount, workload)),
        list_cost_usd=_money(listed),
        savings_usd=None if listed is None or total is None else _money(listed - total),
        usd_per_mtok=UsdPerMtok(
            _rate(sheet.rates.get("input_tokens"), kept),
            _rate(sheet.rates.get("output_tokens"), kept),
            _over(None if total is None else times(total, Decimal(TOKENS_PER_MTOK)), workload.requests * tokens),
        ),
        context_tier=context_tier(workload.input_tokens, ladder, sheet),
        cache_hit_fraction=plain(caching.hit_fraction.quantize(_STEP)),
        cached_input_fraction=_over(caching.read_tokens, Decimal(workload.input_tokens)) or Decimal(0),
        rate_card=_both_bills(workload, around, before),
        levers=() if before is None else levers_of(workload, around, before),
    )


def _both_bills(workload: Workload, around: Circumstances, laid: Decimal | None) -> CardCost | None:
    """The period at public prices beside the period under the rate card."""
    if around.rate_card is None:
        return None
    public = total_usd(slices_of(workload, replace(around, rate_card=None)))
    difference = None if public is None or laid is None else _money(laid - public)
    name, digest = around.rate_card.name, around.rate_card.card.digest()
    return CardCost(name, digest, _money(public), _money(laid), difference, ())


def _at_list_price(around: Circumstances) -> Circumstances:
    return Circumstances(around.card, around.moment, STANDARD, around.region, around.facts)


def _lines(slices: list[Slice]) -> list[InferenceLine]:
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
    row, also = (*(row_ref(row).key for row in rate.rows), None, None)[:2]
    amount = plain(quantity.quantize(Decimal("1e-6"), context=EXACT))
    return InferenceLine(meter, amount, rate.unit, plain(rate.usd_per_unit), _money(usd), row, also)


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


def _explain(trail: Trail, workload: Workload, around: Circumstances, slices: list[Slice], now: datetime) -> None:
    seen: set[tuple[str, Rate | None]] = set()
    for part in slices:
        new = tuple(line for line in part.cost.lines if (line.meter, line.rate) not in seen)
        seen |= {(line.meter, line.rate) for line in new}
        explain(trail, around.card, Cost(None, new, part.cost.sheet), moment=around.moment, now=now)
    if not around.card.knows_holidays(end := around.moment + timedelta(days=workload.days)):
        trail.warn("holidays-unknown", f"the holidays of {end.year} that decide peak hours are not in this release")
    caching = caching_of(workload)
    if caching.prefix_tokens:
        why = "the part of every prompt that is the same, from the cached share and the hit rate"
        trail.assume("shared_prefix_tokens", caching.prefix_tokens, unit="tokens", basis="derived", why=why)
        reads = "cache_read_tokens"
        if not any(line.meter == reads for part in slices for line in part.cost.lines):
            trail.warn(
                "no-cache-price", f"{around.card.model} has no price for cache reads; nothing is taken as cached"
            )
        elif workload.batch_fraction and not any(reads in part.counts for part in slices if part.processing == "batch"):
            trail.warn("no-cache-price", "cache reads have no price in a batch; its requests are taken as uncached")
    if caching.derived:
        why = f"1 - exp(-requests per second * lifetime of {caching.ttl}): random arrivals, renewed by every hit"
        trail.assume("cache_hit_fraction", plain(caching.hit_fraction), unit="fraction", basis="derived", why=why)
    if not workload.cache_ttl and caching.prefix_tokens:
        trail.assume("cache_ttl", caching.ttl, why="the shortest lifetime that providers sell")


def _rate(rate: Rate | None, kept: Decimal) -> Decimal | None:
    return None if rate is None else plain(times(rate.usd_per_unit, kept))


def _over(total: Decimal | None, count: Decimal) -> Decimal | None:
    return None if total is None or not count else _money(EXACT.divide(total, count))


def _money(usd: Decimal | None) -> Decimal | None:
    return None if usd is None else plain(usd.quantize(_STEP, context=EXACT))
