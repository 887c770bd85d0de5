"""Which place a region's name means at a seller, and which wider places hold it."""

from datetime import datetime
from typing import Final, NamedTuple

from mlquote.catalog.rows import Region
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.tokens.sellers import GLOBAL, NO_PLACE, SELLERS, seller_of
from mlquote.kit.errors import UnknownName, nearest


class Place(NamedTuple):
    """A place by its id, and the zones that hold it, the narrowest first: ("us-east-1", ("us-east-1", "us"))."""

    name: str
    around: tuple[str, ...]


NOWHERE: Final = Place("", ())
"""No place was named."""


class Regions:
    """The regions of every seller that rents its places from a provider of machines."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._ids = {provider: _ids(snapshot, seller.landlord) for provider, seller in SELLERS.items()}

    def place(self, provider: str, word: str | None, moment: datetime) -> Place:
        """The place that a word means at a seller: a zone, a region's id, or an alias of it, in any case.

        A seller whose places only its rows name keeps the word as it is: its cards know it, or refuse it.

        Raises: UnknownName for a region that the seller's landlord does not have
        """
        folded = "" if word is None else word.strip().casefold()
        if folded in NO_PLACE:
            return NOWHERE
        seller = seller_of(provider)
        if folded in seller.zones:
            return Place(folded, (folded,))
        if folded == GLOBAL:
            return NOWHERE
        if not seller.landlord:
            return Place(folded, (folded,))
        region = self._region(provider, folded, moment)
        return Place(region.region, seller.wider(region.region, region.country))

    def in_name(self, provider: str, name: str) -> tuple[str, str]:
        """(place, model) of a folded id that says where it runs, ("", the id) of any other."""
        seller = seller_of(provider)
        return seller.split(name, self._ids[provider]) if seller.joints else ("", name)

    def agree(self, provider: str, said: str, place: Place) -> bool:
        """Whether an id that says where it runs may be asked for in a place: one holds the other.

        A global id may be called from any region but those of a zone apart (GovCloud), where the price of `everywhere`
        does not hold either.
        """
        seller = seller_of(provider)
        within = said in place.around or place.name in seller.wider(said)
        called_from = said == GLOBAL and place.name not in seller.zones and not seller.apart & set(place.around)
        inside = said == seller.everywhere and seller.holds_everywhere(place.around)
        around = place.name == seller.everywhere and seller.holds_everywhere((said,))
        return within or called_from or inside or around

    def _region(self, provider: str, folded: str, moment: datetime) -> Region:
        landlord = SELLERS[provider].landlord
        known = self._snapshot.resolve("region", folded, moment, scope=landlord)
        versions: tuple[Region, ...] = self._snapshot.history("regions", landlord, known)
        if not versions:
            names = sorted({*self._ids[provider], *SELLERS[provider].zones, *self._snapshot.names("region", landlord)})
            hint = nearest(folded, names) or f"known: {', '.join(sorted(self._ids[provider])[:12])}, ..."
            raise UnknownName(
                f"{provider} runs in no region named {folded!r}", pointer="/region", hint=hint, code="unknown-region"
            )
        return versions[-1]


def _ids(snapshot: Snapshot, landlord: str) -> frozenset[str]:
    return frozenset(row.region for row in snapshot.versions("regions", provider=landlord))
