"""Which rental offers of a part count at a moment and a place: those in effect there, and what stands in for them.

A price holds from its first day to its end; where nobody says an end, until it was last seen `STALE_DAYS` ago. One that
has ended or is yet to come counts only where its seller has nothing in effect, and the answer says so.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from mlquote.catalog.intervals import begins
from mlquote.catalog.rows import Accelerator, RentalPrice
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.selecting import Chosen, StandIn, first_with_rows
from mlquote.kit.units import DAYS_PER_YEAR

RATE = "usd_per_accelerator_hour"
STALE_DAYS = 550
"""A price without an end that was seen longer ago than this, is another date's price."""
UNSEEN_DAYS = 180
"""Prices in effect of which at least half were last seen longer ago than this, are old ones, and the answer says so."""
TOGETHER_DAYS = 90
"""Of prices of another date the nearest counts, and those no more than this much farther."""
ENOUGH_SELLERS = 3
"""So many sellers with a price in effect make a market; fewer are helped out by prices of another date."""
NOT_A_WHOLE_PRICE = frozenset({"accelerator_only", "index", "tco_model"})
"""A card without the machine around it, an index of others' prices, a modelled cost: nobody offers an hour at these."""
DEPLOYMENT = "deployment"
"""An hour of a machine that serves one's own model: a price of the seller that is named, and no part of a market."""
EVERYWHERE = frozenset({"", "global"})
"""What a row says that holds in every region of its seller."""
NOT_SAID = "unspecified"
"""What a row says whose source leaves the region open."""


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
    """One provider's price of one part, and how it stands to the moment that was asked."""

    row: RentalPrice
    days_away: float
    """Days since it was last seen or has ended, or until it begins; 0 on the days on which it was seen."""
    holds: bool
    """It is in effect: begun, not ended, and seen not too long ago."""


Rung: TypeAlias = tuple[list[Offer], tuple[StandIn, ...]]
"""Offers that may answer, and what they stand in for."""


class Offers:
    """What is offered of each part on each terms in one snapshot."""

    def __init__(self, catalog: Snapshot) -> None:
        self._catalog = catalog
        self._drift = tuple(catalog.doubt(RATE, level) for level in ("per_year_away", "most_years_away"))
        sold = catalog.indexed("rental_prices", "provider", "basis")
        self.sellers = frozenset(provider for provider, basis in sold if basis not in NOT_A_WHOLE_PRICE)
        """Who rents accelerators out; others have data centres only."""

    def drift_log_sd(self, days: float) -> float:
        """How far a price may have moved in so many days."""
        per_year, most = self._drift
        return min(per_year * days / DAYS_PER_YEAR, most)

    def chosen(self, part: str, price_model: str, wanted: Wanted) -> Chosen[Offer] | None:
        """The offers of a part on these terms that count; None where there never was any.

        Args:    part, price_model: what is priced, which may stand in for what is wanted
        """
        offers = [
            offer_at(rows, wanted.when)
            for rows in self._catalog.remembered(offered_versions, (part, price_model))
            if (rows[0].provider == wanted.provider if wanted.provider else rows[0].basis != DEPLOYMENT)
        ]
        what = f"{price_model} price of {part}"
        if wanted.provider is None:
            return _with_age(self._of_the_market(offers, what), what)
        return _with_age(first_with_rows(self._of_a_seller(offers, what, wanted)), what)

    def _of_the_market(self, offers: Sequence[Offer], what: str) -> Chosen[Offer] | None:
        """Offers in effect; where too few sellers have any, with those of other dates of the sellers that have none."""
        held = [offer for offer in offers if offer.holds]
        sellers = {offer.row.provider for offer in held}
        rest = [offer for offer in offers if offer.row.provider not in sellers]
        if len(sellers) >= ENOUGH_SELLERS or (held and not rest):
            return Chosen(tuple(held))
        helping = [offer for offer in rest if offer.days_away <= STALE_DAYS] or ([] if held else _nearest(rest))
        if helping:
            return Chosen((*held, *helping), (self._another_date(what, held, helping),))
        return Chosen(tuple(held)) if held else None

    def _of_a_seller(self, offers: Sequence[Offer], what: str, wanted: Wanted) -> Iterator[Rung]:
        """In effect before ended, and within each the narrowest place before the wider."""
        held = [offer for offer in offers if offer.holds]
        yield from _by_place(held, what, wanted, self._catalog)
        for rows, elsewhere in _by_place([offer for offer in offers if not offer.holds], what, wanted, self._catalog):
            near = _nearest(rows)
            yield near, (*elsewhere, self._another_date(what, [], near)) if near else ()

    def _another_date(self, what: str, held: Sequence[Offer], others: Sequence[Offer]) -> StandIn:
        """Prices of another date stand in, alone or beside those in effect."""
        nearest = min(offer.days_away for offer in others) / DAYS_PER_YEAR
        mean = sum(offer.days_away for offer in others) / (len(held) + len(others))
        detail = f"no {what} is in effect at that date: one of {nearest:.1f} years away stands in"
        if held:
            sellers = {offer.row.provider for offer in held}
            many = f"{len(sellers)} of {len(sellers | {offer.row.provider for offer in others})} sellers"
            detail = f"{many} have an {what} in effect at that date: the others' nearest help out"
        return StandIn("price-from-another-date", detail, self.drift_log_sd(mean))


def _with_age(chosen: Chosen[Offer] | None, what: str) -> Chosen[Offer] | None:
    """What was chosen, with a word where most of it is in effect only for want of a later look."""
    ages = sorted(offer.days_away for offer in chosen.rows if offer.holds) if chosen is not None else []
    if chosen is None or not ages or ages[len(ages) // 2] <= UNSEEN_DAYS:
        return chosen
    detail = f"the {what} was last seen {ages[len(ages) // 2]:.0f} days before that date"
    return replace(chosen, stands_in=(*chosen.stands_in, StandIn("price-unseen-for", detail)))


def offered_versions(catalog: Snapshot, of: tuple[str, str]) -> tuple[tuple[RentalPrice, ...], ...]:
    """The versions of each offer of a part on some terms: of one seller's product in one region."""
    part, price_model = of
    offers: dict[tuple[str, str, str, int], list[RentalPrice]] = {}
    for row in catalog.versions("rental_prices", accelerator=part, price_model=price_model):
        if row.basis not in NOT_A_WHOLE_PRICE:
            offers.setdefault((row.provider, row.region, row.sku, row.accelerator_count), []).append(row)
    return tuple(tuple(sorted(rows, key=begins)) for rows in offers.values())


def offer_at(rows: Sequence[RentalPrice], when: datetime) -> Offer:
    """One offer's price in effect at a moment; where there is none, the one that ended or begins nearest to it.

    Args:    rows: at least one, the versions of one offer sorted by their beginning
    """
    held = bisect_right(rows, when, key=begins) - 1
    begun = Offer(rows[held], _days_since(rows[held], when), _holds(rows[held], when)) if held >= 0 else None
    if begun is not None and (begun.holds or held == len(rows) - 1):
        return begun
    coming = Offer(rows[held + 1], (begins(rows[held + 1]) - when).days, False)
    return coming if begun is None or coming.days_away < begun.days_away else begun


def _by_place(offers: list[Offer], what: str, wanted: Wanted, catalog: Snapshot) -> Iterator[Rung]:
    """Offers of the region, of everywhere, of a place nobody says, of the other regions."""
    if wanted.region is None:
        yield offers, ()
        return
    yield [offer for offer in offers if offer.row.region == wanted.region], ()
    yield [offer for offer in offers if offer.row.region in EVERYWHERE], ()
    unsaid = [offer for offer in offers if offer.row.region == NOT_SAID]
    log_sd = catalog.doubt(RATE, "another_region_spot" if wanted.price_model == "spot" else "another_region")
    for rows, which in ((unsaid, "one whose source names no region stands"), (offers, "the provider's others stand")):
        detail = f"no {what} in {wanted.region} is known: {which} in"
        yield rows, (StandIn("price-from-another-region", detail, log_sd),)


def _nearest(offers: Sequence[Offer]) -> list[Offer]:
    nearest = min((offer.days_away for offer in offers), default=0.0)
    return [offer for offer in offers if offer.days_away <= nearest + TOGETHER_DAYS]


def _holds(row: RentalPrice, when: datetime) -> bool:
    """Of a row that has begun: it has not ended, or was not last seen too long ago where nobody says an end."""
    return when < row.effective_to if row.effective_to is not None else _days_since(row, when) <= STALE_DAYS


def _days_since(row: RentalPrice, when: datetime) -> float:
    """Days since a row that has begun was last known to hold."""
    if row.effective_to is not None:
        return max((when - row.effective_to).days, 0)
    return max((when.date() - (row.checked_on or begins(row).date())).days, 0)
