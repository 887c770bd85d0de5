"""What accelerators can be rented at a moment: which part, from whom, where, on which terms, and how many at once.

An offer counts while it is in effect. A seller's machines of one part are joined only where it lists whole nodes of it:
a part with a network of its own between at least `JOINED` of them. Others are rented in the numbers that are listed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mlquote.catalog.rows import RentalPrice
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.spells import changes_of, spell_of
from mlquote.estimators.machines.offers import DEPLOYMENT, EVERYWHERE, NOT_SAID, offer_at, offered_versions

JOINED = 4
"""Accelerators of one machine from which on machines of it are sold with a network between them."""
NOT_FOR_TRAINING = frozenset({"Inferentia"})
"""Generations of parts whose maker sells them for inference alone."""


@dataclass(frozen=True, slots=True)
class Sale:
    """One part at one seller, in one region (None where it names none), on one kind of terms."""

    part: str
    provider: str
    region: str | None
    price_model: str
    listed: tuple[int, ...]
    """How many one machine has, of each that is listed; ascending."""
    node: int | None
    """Accelerators of a whole machine of which many can be had together; None where machines stand alone."""

    def sells(self, count: int) -> bool:
        """So many can be had at once: one machine that is listed, or whole nodes."""
        return count in self.listed or (self.node is not None and count % self.node == 0)


def on_sale(catalog: Snapshot, when: datetime) -> tuple[Sale, ...]:
    """All that is rented out at a moment and can train, sorted by part, seller, region and terms."""
    return catalog.remembered(_on_sale, spell_of(when, changes_of(catalog, "rental_prices", "accelerators")))


def _on_sale(catalog: Snapshot, when: datetime) -> tuple[Sale, ...]:
    listed: dict[tuple[str, str, str, str], set[int]] = {}
    for row in _in_effect(catalog, when):
        region = "" if row.region in EVERYWHERE or row.region == NOT_SAID else row.region
        listed.setdefault((row.accelerator, row.provider, region, row.price_model), set()).add(row.accelerator_count)
    found = []
    for (part, provider, region, terms), counts in sorted(listed.items()):
        known = [each for each in catalog.history("accelerators", part) if each.generation not in NOT_FOR_TRAINING]
        if not known:
            continue
        whole = known[-1].accelerators_per_node or 0
        nodes = [count for count in counts if JOINED <= whole <= count]
        found.append(Sale(part, provider, region or None, terms, tuple(sorted(counts)), min(nodes, default=None)))
    return tuple(found)


def _in_effect(catalog: Snapshot, when: datetime) -> Iterator[RentalPrice]:
    for of in catalog.indexed("rental_prices", "accelerator", "price_model"):
        for rows in catalog.remembered(offered_versions, of):
            offer = offer_at(rows, when)
            if offer.holds and offer.row.basis != DEPLOYMENT:
                yield offer.row
