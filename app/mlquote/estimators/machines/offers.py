"""Which rental offers of a part count at a moment and a place: those in effect there, and what stands in for them.

A price holds from its first day to its end; where nobody says an end, until it was last seen `STALE_DAYS` ago. One that
has ended or is yet to come counts only where its seller has nothing in effect, and the answer says so.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from mlquote.catalog.rows import Accelerator, RentalPrice
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.selecting import Chosen, StandIn, first_with_rows
from mlquote.kit.units import DAYS_PER_YEAR

RATE = "usd_per_accelerator_hour"
STALE_DAYS = 550
"""A price without an end that was seen longer ago than this, is another date's price."""
TOGETHER_DAYS = 90
"""Of prices of another date the nearest counts, and those no more than this much farther."""
OTHER_REGION_LOG_SD = 0.15
"""A region's price around the median of the same seller's others, left out in turn: rms of 486 region prices on demand
(one year 0.15, three years 0.16)."""
OTHER_REGION_SPOT_LOG_SD = 0.36
"""The same for spot, 83 region prices."""
ENOUGH_SELLERS = 3
"""So many sellers with a price in effect make a market; fewer are helped out by prices of another date."""
NOT_A_WHOLE_PRICE = frozenset({"accelerator_only", "index", "tco_model"})
"""A card without the machine around it, an index of others' prices, a modelled cost: nobody offers an hour at these."""
EVERYWHERE = frozenset({"", "global"})
"""What a row says that holds in every region of its seller."""
NOT_SAID = "unspecified"
"""What a row says whose source leaves the region open."""
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
    """One provider's price of one part, and how it stands to the moment that was asked."""

    row: RentalPrice
    days_away: float
    """Days since it was last seen or has ended, or until it begins; 0 on the days on which it was seen."""
    holds: bool
    """It is in effect: begun, not ended, and seen not too long ago."""


Rung: TypeAlias = tuple[list[Offer], tuple[StandIn, ...]]
"""Offers that may answer, and what they stand in for."""


class Offers:
    """Every rental price of one snapshot by part and price model."""

    def __init__(self, catalog: Snapshot) -> None:
        self._offers: dict[tuple[str, str], dict[tuple[str, str, str, int], list[RentalPrice]]] = {}
        rented = [row for row in catalog.rows("rental_prices") if row.basis not in NOT_A_WHOLE_PRICE]
        for row in rented:
            sold_by = self._offers.setdefault((row.accelerator, row.price_model), {})
            sold_by.setdefault((row.provider, row.region, row.sku, row.accelerator_count), []).append(row)
        for sold_by in self._offers.values():
            for rows in sold_by.values():
                rows.sort(key=_begins)
        self.sellers = frozenset(row.provider for row in rented)
        """Who rents accelerators out; others have data centres only."""
        self._drift = tuple(catalog.doubt(RATE, level) for level in ("per_year_away", "most_years_away"))

    def drift_log_sd(self, days: float) -> float:
        """How far a price may have moved in so many days."""
        per_year, most = self._drift
        return min(per_year * days / DAYS_PER_YEAR, most)

    def chosen(self, part: str, price_model: str, wanted: Wanted) -> Chosen[Offer] | None:
        """The offers of a part on these terms that count; None where there never was any.

        Args:    part, price_model: what is priced, which may stand in for what is wanted
        """
        sold_by = self._offers.get((part, price_model), {})
        offers = [
            offer_at(rows, wanted.when)
            for (seller, _, _, _), rows in sold_by.items()
            if wanted.provider is None or seller == wanted.provider
        ]
        what = f"{price_model} price of {part}"
        if wanted.provider is None:
            return self._of_the_market(offers, what)
        return first_with_rows(self._of_a_seller(offers, what, wanted))

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
        yield from _by_place(held, what, wanted)
        for rows, elsewhere in _by_place([offer for offer in offers if not offer.holds], what, wanted):
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


def offer_at(rows: Sequence[RentalPrice], when: datetime) -> Offer:
    """One offer's price in effect at a moment; where there is none, the one that ended or begins nearest to it.

    Args:    rows: at least one, the versions of one offer sorted by their beginning
    """
    held = bisect_right(rows, when, key=_begins) - 1
    begun = Offer(rows[held], _days_since(rows[held], when), _holds(rows[held], when)) if held >= 0 else None
    if begun is not None and (begun.holds or held == len(rows) - 1):
        return begun
    coming = Offer(rows[held + 1], (_begins(rows[held + 1]) - when).days, False)
    return coming if begun is None or coming.days_away < begun.days_away else begun


def _by_place(offers: list[Offer], what: str, wanted: Wanted) -> Iterator[Rung]:
    """Offers of the region, of everywhere, of a place nobody says, of the other regions."""
    if wanted.region is None:
        yield offers, ()
        return
    yield [offer for offer in offers if offer.row.region == wanted.region], ()
    yield [offer for offer in offers if offer.row.region in EVERYWHERE], ()
    unsaid = [offer for offer in offers if offer.row.region == NOT_SAID]
    log_sd = OTHER_REGION_SPOT_LOG_SD if wanted.price_model == "spot" else OTHER_REGION_LOG_SD
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
    return max((when.date() - (row.checked_on or _begins(row).date())).days, 0)


def _begins(row: RentalPrice) -> datetime:
    return row.effective_from or EARLIEST
