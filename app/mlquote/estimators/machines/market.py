"""What the market asks for an hour of an accelerator at a date: a quote, and what runs pay over it.

The market's price is the median over providers of each one's price in effect, times a fitted discount (big runs do not
pay list). A part without any price takes its sibling's, or that of its maker's nearest part by memory; all that stands
in widens the range and says so by a warning code.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from math import hypot, log
from statistics import median, pstdev

from mlquote.catalog.rows import Accelerator
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.spells import changes_of, spell_of
from mlquote.estimators.asking.finding import Figure, fitted_or_none, found, unknown
from mlquote.estimators.asking.selecting import Chosen, StandIn
from mlquote.estimators.machines.memory import UNIFIED
from mlquote.estimators.machines.offers import RATE, Offer, Offers, Wanted
from mlquote.estimators.machines.parts import contemporaries, kin
from mlquote.formulas.uncertainty import Uncertain, doubtful

HYPERSCALERS = frozenset({"aws", "azure", "gcp", "oci", "oracle cloud", "ibm"})
OPEN_SELLERS = 3
"""So many sellers beside the hyperscalers make an open market."""
SHOWN_ROWS = 8
NAMED_SELLER = "a named seller"
"""Under which the fit says how far bills of a seller lie from the price that it lists."""


@dataclass(frozen=True, slots=True)
class Priced:
    """What is priced in place of what is wanted: itself, or a part and terms that stand in."""

    part: str
    price_model: str
    why: str = ""
    stands_in: tuple[StandIn, ...] = ()
    factor: float = 1.0
    """On the price: a part of another generation counts by its memory."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What is asked for one part at a date: the median over providers, their spread, and which kind of market it is."""

    usd: float
    log_spread: float
    market: str
    """`open` (three sellers or more beside the hyperscalers), `hyperscalers`, or `export` (parts made for China)."""
    who: str
    chosen: Chosen[Offer]


@dataclass(frozen=True, slots=True)
class Discount:
    """What published runs paid over what providers quote, or other terms over on demand."""

    factor: float = 1.0
    log_sd: float = 0.0
    words: str = ""


class Market:
    """Every rental price of one snapshot, and what it makes an hour cost."""

    def __init__(self, catalog: Snapshot) -> None:
        self._catalog = catalog
        self._offers = Offers(catalog)
        self.sellers = self._offers.sellers

    def quote(self, accelerator: Accelerator, when: datetime) -> Quote | None:
        """What the market asks on demand for this very part, before any discount; for the fit of the discounts."""
        wanted = Wanted(accelerator, when, "on_demand", None, None)
        for priced in _near(wanted, self._catalog):
            chosen = self._offers.chosen(priced.part, priced.price_model, wanted)
            if chosen is not None:
                return _quote(chosen, priced.price_model, wanted)
        return None

    def rate(self, wanted: Wanted) -> Figure:
        """What an hour costs, whatever must stand in for it; None, with a warning, where nothing can."""
        for priced in chain(_near(wanted, self._catalog), _distant(wanted, self._catalog)):
            chosen = self._offers.chosen(priced.part, priced.price_model, wanted)
            if chosen is not None:
                return self._found(wanted, priced, _quote(chosen, priced.price_model, wanted))
        at = f" at {wanted.provider}" if wanted.provider else ""
        return unknown("no-rental-price", f"no rental price of {wanted.accelerator.id} is known{at}")

    def _found(self, wanted: Wanted, priced: Priced, quote: Quote) -> Figure:
        discount = self._discount(wanted, priced, quote)
        chosen = Chosen(quote.chosen.rows, (*quote.chosen.stands_in, *priced.stands_in))
        shown = sorted(chosen.rows, key=lambda o: (o.days_away, o.row.provider, o.row.sku, o.row.region))[:SHOWN_ROWS]
        told = f"{quote.who} at the date, {quote.usd:.4g} $/h{discount.words}"
        return found(
            RATE, self._with_doubt(wanted, priced, quote, discount, chosen), "$/h",
            basis="catalog" if wanted.provider else "derived", warnings=chosen.warnings,
            why=f"{told}; {priced.why}" if priced.why else told,
            rows=tuple(self._catalog.ref("rental_prices", offer.row) for offer in shown),
        )  # fmt: skip

    def _with_doubt(
        self, wanted: Wanted, priced: Priced, quote: Quote, discount: Discount, chosen: Chosen[Offer]
    ) -> Uncertain:
        """The price with the spread of what is asked, its age, and the doubt of all that stands in."""
        spread = quote.log_spread
        if wanted.provider is None:
            share = self._catalog.default("market_spread_share", wanted.when).value
            assert share is not None
            spread *= share
        listed = wanted.provider or not all(offer.holds for offer in chosen.rows)
        drift = 0.0 if listed else self._offers.drift_log_sd(min(offer.days_away for offer in chosen.rows))
        billed = fitted_or_none("rental_price", NAMED_SELLER, self._catalog) if wanted.provider else None
        least = billed.log_sd if billed is not None else self._catalog.doubt(RATE, "least")
        log_sd = hypot(max(least, discount.log_sd, spread), drift, chosen.log_sd)
        return doubtful(quote.usd * priced.factor * discount.factor, log_sd, RATE)

    def _discount(self, wanted: Wanted, priced: Priced, quote: Quote) -> Discount:
        discount = Discount()
        listed = wanted.provider is not None or wanted.price_model != "on_demand"
        row = None if listed else fitted_or_none("rental_price", quote.market, self._catalog)
        if row is not None:
            words = f" x {row.value:g} (what {row.runs} published runs paid over quotes; {quote.market} market)"
            discount = Discount(row.value, row.log_sd, words)
        other_terms = priced.price_model != wanted.price_model
        row = fitted_or_none("price_model", wanted.price_model, self._catalog) if other_terms else None
        if row is not None:
            words = f"{discount.words} x {row.value:g} ({wanted.price_model} over on demand)"
            discount = Discount(discount.factor * row.value, hypot(discount.log_sd, row.log_sd), words)
        return discount


def rate_in_market(wanted: Wanted, catalog: Snapshot) -> Figure:
    """The rate, worked out once for each combination that is asked."""
    when = spell_of(wanted.when, changes_of(catalog, "rental_prices"))
    wanted = Wanted(wanted.accelerator, when, wanted.price_model, wanted.provider, wanted.region)
    return catalog.remembered(_rate, wanted)


def _rate(catalog: Snapshot, wanted: Wanted) -> Figure:
    return catalog.derived(Market).rate(wanted)


def market_quote(accelerator: Accelerator, catalog: Snapshot, when: datetime) -> Quote | None:
    """What the market asks on demand for a part (or its sibling) at a date, before any discount."""
    return catalog.derived(Market).quote(accelerator, when)


def _near(wanted: Wanted, catalog: Snapshot) -> Iterator[Priced]:
    """The part itself first, then on demand, then its siblings.

    Committed terms are quoted by too few sellers to make a market: without a provider they follow on demand.
    """
    accelerator, price_model = wanted.accelerator, wanted.price_model
    committed = price_model.startswith("reserved") and wanted.provider is None
    models = ["on_demand"] if committed else list(dict.fromkeys((price_model, "on_demand")))
    for part in (accelerator.id, *kin(accelerator, catalog)):
        for model in models:
            yield _standing_in(part, model, wanted, catalog.doubt(RATE, "sibling"))


def _standing_in(part: str, model: str, wanted: Wanted, sibling_log_sd: float) -> Priced:
    """A part on some terms, and what they stand in for: a sibling's price is said before its terms."""
    accelerator, price_model = wanted.accelerator.id, wanted.price_model
    terms = f"{price_model} follows from on demand" if model != price_model else ""
    if part != accelerator:
        why = "; ".join(filter(None, (f"no price of {accelerator} is known: {part} stands in", terms)))
        return Priced(part, model, why, (StandIn("price-from-sibling-part", why, sibling_log_sd),))
    return Priced(part, model, terms, (StandIn("price-model-substituted", terms),) if terms else ())


def _distant(wanted: Wanted, catalog: Snapshot) -> Iterator[Priced]:
    """A price per GB of memory, of the same maker's parts, the nearest in date first; of no provider in particular.

    None for a part that shares its processor's memory: a GB of that is no GB of a card's.
    """
    if wanted.provider is not None or not wanted.accelerator.memory_gb or wanted.accelerator.form == UNIFIED:
        return
    for row in contemporaries(wanted.accelerator, catalog):
        if row.memory_gb:
            part, factor = wanted.accelerator.id, wanted.accelerator.memory_gb / row.memory_gb
            why = f"no price of {part} or its generation is known: {row.id}'s x {factor:.3g}, by memory, stands in"
            stand_in = StandIn("price-from-sibling-part", why, catalog.doubt(RATE, "distant"))
            yield Priced(row.id, "on_demand", why, (stand_in,), factor)


def _quote(chosen: Chosen[Offer], model: str, wanted: Wanted) -> Quote:
    by_seller: dict[str, list[float]] = {}
    for offer in chosen.rows:
        by_seller.setdefault(offer.row.provider, []).append(float(offer.row.usd_per_accelerator_hour))
    prices = [median(each) for each in by_seller.values()]
    asked = [price for each in by_seller.values() for price in each] if wanted.provider else prices
    market = "open" if sum(seller not in HYPERSCALERS for seller in by_seller) >= OPEN_SELLERS else "hyperscalers"
    if wanted.accelerator.export:
        market = "export"
    who = f"{wanted.provider}'s {model} price" if wanted.provider else f"median {model} price of {len(prices)} sellers"
    return Quote(median(prices), pstdev([log(price) for price in asked]), market, who, chosen)
