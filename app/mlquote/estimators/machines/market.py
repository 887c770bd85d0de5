"""What the market asks for an hour of an accelerator at a date: offers in effect, what stands in, and their spread.

The market's price is the median over providers of each one's price in effect, times a fitted discount (big runs do not
pay list). A part without a price at a date takes the nearest date's, a part without any takes its sibling's, or
that of its maker's nearest part by memory; all widen the range and say so by a warning code.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import log
from statistics import median, pstdev

from mlquote.catalog.rows import Accelerator, RentalPrice
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import (
    MOST_REMEMBERED,
    Figure,
    changes_of,
    fitted_or_none,
    found,
    spell_of,
    unknown,
    warned,
)
from mlquote.estimators.machines.parts import contemporaries, kin
from mlquote.formulas.uncertainty import doubtful
from mlquote.kit.provenance import Warning

RATE = "usd_per_accelerator_hour"
STALE_DAYS = 550
"""A price seen longer ago than this, or first seen after the run, is another date's price."""
DRIFT_LOG_SD_PER_YEAR = 0.18
"""How far prices of one part move in a year: H100 on demand fell by a third in 2025 and rose again in 2026."""
MOST_DRIFT_LOG_SD = 0.6
LEAST_LOG_SD = 0.05
SIBLING_LOG_SD = 0.25
"""How far a sibling's price is from a part's own: H100 and H200, A100 40 and 80 GB differ by 10 to 40 %."""
DISTANT_LOG_SD = 0.78
"""The same for another generation's price per GB of memory: each of 40 priced parts foretold by its maker's part of
another generation nearest in date, on 2025-06-01. By memory bandwidth it is 0.96, unscaled 1.43."""
HYPERSCALERS = frozenset({"aws", "azure", "gcp", "oci", "oracle cloud", "ibm"})
ENOUGH_SELLERS = 3
"""So many sellers with a price in effect make a market; fewer are helped out by prices that were yet to come."""
MARKET_SHARE = 0.75
"""Share of the spread between providers that remains a buyer's doubt: nobody pays the dearest list price for months."""
SHOWN_ROWS = 8
NOT_A_WHOLE_PRICE = frozenset({"accelerator_only", "index", "tco_model"})
"""A card without the machine around it, an index of others' prices, a modelled cost: nobody offers an hour at these."""
ANYWHERE = frozenset({"", "unspecified", "global"})
EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be rented: which part, when, on which terms, from whom (None: whoever sells it), where."""

    accelerator: Accelerator
    when: datetime
    price_model: str
    provider: str | None
    region: str | None


@dataclass(frozen=True, slots=True)
class Offer:
    """One provider's price of one part at the moment that was asked."""

    row: RentalPrice
    days_away: float
    begun: bool


class Market:
    """Every rental price of one snapshot, by part and price model, and what was already asked of it."""

    def __init__(self, catalog: Snapshot) -> None:
        self._catalog = catalog
        self._offers: dict[tuple[str, str], dict[tuple[str, str, str, int], list[RentalPrice]]] = {}
        self._asked: dict[tuple[str, datetime, str, str | None, str | None], Figure] = {}
        rented = [row for row in catalog.rows("rental_prices") if row.basis not in NOT_A_WHOLE_PRICE]
        for row in rented:
            sold_by = self._offers.setdefault((row.accelerator, row.price_model), {})
            sold_by.setdefault((row.provider, row.region, row.sku, row.accelerator_count), []).append(row)
        for sold_by in self._offers.values():
            for rows in sold_by.values():
                rows.sort(key=_begins)
        self._changes = changes_of(catalog, "rental_prices")
        self.sellers = frozenset(row.provider for row in rented)
        """Who rents accelerators out; others have data centres only."""

    def rate(self, wanted: Wanted) -> Figure:
        """The rate, worked out once for each combination that is asked."""
        wanted = replace(wanted, when=spell_of(wanted.when, self._changes))
        key = (wanted.accelerator.id, wanted.when, wanted.price_model, wanted.provider, wanted.region)
        if key not in self._asked:
            if len(self._asked) >= MOST_REMEMBERED:
                self._asked.clear()
            self._asked[key] = self._rate(wanted)
        return self._asked[key]

    def _rate(self, wanted: Wanted) -> Figure:
        for part, model, why in self._substitutes(wanted):
            for asked in (wanted, replace(wanted, region=None)) if wanted.region else (wanted,):
                offers = self._in_effect(part, model, asked)
                if offers:
                    elsewhere = f"no price of {part} in {wanted.region} is known: the provider's others stand in"
                    found_one = self._found(wanted, part, model, offers, why)
                    return found_one if asked is wanted else warned(found_one, "price-from-another-region", elsewhere)
        if wanted.provider is None and (distant := self._distant(wanted)) is not None:
            return distant
        at = f" at {wanted.provider}" if wanted.provider else ""
        return unknown("no-rental-price", f"no rental price of {wanted.accelerator.id} is known{at}")

    def _distant(self, wanted: Wanted) -> Figure | None:
        """A price per GB of memory, of the same maker's part nearest in date; None where that cannot be said."""
        for row in contemporaries(wanted.accelerator, self._catalog):
            offers = self._in_effect(row.id, "on_demand", wanted)
            if offers and wanted.accelerator.memory_gb and row.memory_gb:
                part, factor = wanted.accelerator.id, wanted.accelerator.memory_gb / row.memory_gb
                why = f"no price of {part} or its generation is known: {row.id}'s x {factor:.3g}, by memory, stands in"
                return self._found(wanted, row.id, "on_demand", offers, why, factor, DISTANT_LOG_SD)
        return None

    def _substitutes(self, wanted: Wanted) -> Iterable[tuple[str, str, str]]:
        """(part, price model, why it stands in): the part itself first, then on demand, then its siblings.

        Committed terms are quoted by too few sellers to make a market: without a provider they follow on demand.
        """
        accelerator, price_model = wanted.accelerator, wanted.price_model
        committed = price_model.startswith("reserved") and wanted.provider is None
        models = ["on_demand"] if committed else list(dict.fromkeys((price_model, "on_demand")))
        for part in (accelerator.id, *kin(accelerator, self._catalog)):
            for model in models:
                sibling = f"no price of {accelerator.id} is known: {part} stands in" if part != accelerator.id else ""
                terms = f"{price_model} follows from on demand" if model != price_model else ""
                yield part, model, "; ".join(filter(None, (sibling, terms)))

    def _in_effect(self, part: str, price_model: str, wanted: Wanted) -> list[Offer]:
        """For each provider and region the price begun last, or the first one to come, with its distance in days."""
        offers = []
        for (seller, place, _, _), rows in self._offers.get((part, price_model), {}).items():
            if wanted.provider is not None and seller != wanted.provider:
                continue
            if wanted.region is not None and place != wanted.region and place not in ANYWHERE:
                continue
            held = bisect_right(rows, wanted.when, key=_begins) - 1
            offers.append(Offer(rows[max(held, 0)], _days_away(rows, held, wanted.when), held >= 0))
        return offers

    def _found(
        self, wanted: Wanted, part: str, model: str, offers: list[Offer], why: str, factor: float = 1.0,
        sibling_log_sd: float = SIBLING_LOG_SD,
    ) -> Figure:  # fmt: skip
        quote = _quote(part, model, offers, wanted)
        discount, doubt, told = self._discount(wanted, model, quote)
        age = min(offer.days_away for offer in quote.offers)
        drift = (
            0.0
            if wanted.provider and age <= STALE_DAYS
            else min(DRIFT_LOG_SD_PER_YEAR * age / 365.25, MOST_DRIFT_LOG_SD)
        )
        stand_in = sibling_log_sd if part != wanted.accelerator.id else 0.0
        spread = quote.log_spread if wanted.provider else quote.log_spread * MARKET_SHARE
        log_sd = max(LEAST_LOG_SD, doubt, spread)
        warnings = list(quote.warnings)
        if part != wanted.accelerator.id:
            warnings.append(Warning("price-from-sibling-part", why))
        elif model != wanted.price_model:
            warnings.append(Warning("price-model-substituted", why))
        shown = sorted(quote.offers, key=lambda o: (o.days_away, o.row.provider, o.row.sku, o.row.region))[:SHOWN_ROWS]
        return found(
            RATE, doubtful(quote.usd * factor * discount, (log_sd**2 + drift**2 + stand_in**2) ** 0.5, RATE), "$/h",
            basis="catalog" if wanted.provider else "derived", warnings=tuple(warnings),
            why=f"{quote.who} at the date, {quote.usd:.4g} $/h{told}" + (f"; {why}" if why else ""),
            rows=tuple(self._catalog.ref("rental_prices", offer.row) for offer in shown),
        )  # fmt: skip

    def quote(self, accelerator: Accelerator, when: datetime) -> "Quote | None":
        """What the market asks on demand for this very part, before any discount; for the fit of the discounts."""
        wanted = Wanted(accelerator, when, "on_demand", None, None)
        for part, model, _ in self._substitutes(wanted):
            offers = self._in_effect(part, model, wanted)
            if offers:
                return _quote(part, model, offers, wanted)
        return None

    def _discount(self, wanted: Wanted, model: str, quote: "Quote") -> tuple[float, float, str]:
        """(factor on the quoted price, its log-sd, words): what published runs paid over what providers quoted."""
        factor, doubt, words = 1.0, 0.0, ""
        listed = wanted.provider is not None or wanted.price_model != "on_demand"
        row = None if listed else fitted_or_none("rental_price", quote.market, self._catalog)
        if row is not None:
            factor, doubt = row.value, row.log_sd
            words = f" x {row.value:g} (what {row.runs} published runs paid over quotes; {quote.market} market)"
        row = fitted_or_none("price_model", wanted.price_model, self._catalog) if model != wanted.price_model else None
        if row is not None:
            factor, doubt = factor * row.value, (doubt**2 + row.log_sd**2) ** 0.5
            words += f" x {row.value:g} ({wanted.price_model} over on demand)"
        return factor, doubt, words


@dataclass(frozen=True, slots=True)
class Quote:
    """What is asked for one part at a date: the median over providers, their spread, and which kind of market it is."""

    usd: float
    log_spread: float
    market: str
    """`open` (three sellers or more beside the hyperscalers), `hyperscalers`, or `export` (parts made for China)."""
    who: str
    offers: list[Offer]
    warnings: tuple[Warning, ...]


def _quote(part: str, model: str, offers: list[Offer], wanted: Wanted) -> Quote:
    current = [offer for offer in offers if offer.days_away <= STALE_DAYS]
    begun = [offer for offer in current if offer.begun]
    if len({offer.row.provider for offer in begun}) >= (1 if wanted.provider else ENOUGH_SELLERS):
        current = begun
    warnings: tuple[Warning, ...] = ()
    if not current:
        nearest = min(offer.days_away for offer in offers)
        current = [offer for offer in offers if offer.days_away <= nearest + 90]
        detail = f"no {model} price of {part} near that date: one of {nearest / 365.25:.1f} years away stands in"
        warnings = (Warning("price-from-another-date", detail),)
    by_seller: dict[str, list[float]] = {}
    for offer in current:
        by_seller.setdefault(offer.row.provider, []).append(float(offer.row.usd_per_accelerator_hour))
    prices = [median(each) for each in by_seller.values()]
    if wanted.provider is not None:
        spread = pstdev([log(float(offer.row.usd_per_accelerator_hour)) for offer in current])
    else:
        spread = pstdev([log(price) for price in prices])
    market = "open" if sum(seller not in HYPERSCALERS for seller in by_seller) >= 3 else "hyperscalers"
    if "export" in wanted.accelerator.family:
        market = "export"
    who = f"{wanted.provider}'s {model} price" if wanted.provider else f"median {model} price of {len(prices)} sellers"
    return Quote(median(prices), spread, market, who, current, warnings)


def market_quote(accelerator: Accelerator, catalog: Snapshot, when: datetime) -> Quote | None:
    """What the market asks on demand for a part (or its sibling) at a date, before any discount."""
    return catalog.derived(Market).quote(accelerator, when)


def _days_away(rows: list[RentalPrice], held: int, when: datetime) -> float:
    """How far the chosen price is from `when`: 0 from its first day to the last on which it was seen."""
    row = rows[max(held, 0)]
    if held < 0:
        return (_begins(row) - when).days
    if row.effective_to is not None:
        return max((when - row.effective_to).days, 0)
    if held < len(rows) - 1:
        return 0
    seen = row.checked_on or _begins(row).date()
    return max((when.date() - seen).days, 0)


def _begins(row: RentalPrice) -> datetime:
    return row.effective_from or EARLIEST
