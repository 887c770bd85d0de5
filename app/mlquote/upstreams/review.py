"""How listings stand beside a release: what changed, what is new, what left, who agrees, and what smells."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal, TypeAlias

from mlquote.catalog.checks import MOST_PRICE_DECIMALS
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.tables import TABLE
from mlquote.upstreams.listing import FIGURE, Figure, Listed, Listing, Upstream

Place: TypeAlias = tuple[str, tuple[Any, ...]]
Kind: TypeAlias = Literal["changed", "new", "new-seller", "retired", "gone"]

AGREE: Final = 2
"""Lineages that must list the same figure, none another one, before it is proposed; fewer are listed only."""
_SOLD: Final = ("token_prices", "rental_prices")
"""Tables whose key begins with a seller: whether one joins the catalogue, a person decides."""
JUMP: Final = 3
"""A price that moves by more than this factor is looked at by a person, whoever agrees."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One difference: the figure held, the figure listed, who lists it, who lists another, and what smells."""

    kind: Kind
    table: str
    key: tuple[Any, ...]
    held: Figure | None
    listed: Figure | None
    agreeing: tuple[Upstream, ...]
    against: tuple[Upstream, ...]
    since: date
    """The first day on which an upstream was seen to list what it did not list before."""
    source_url: str
    suspicions: tuple[str, ...] = ()
    rest: Mapping[str, Any] = field(default_factory=dict)
    """What else a new row would say."""

    @property
    def proposed(self) -> bool:
        """Whether it may be taken unless a person objects: lineages agree, none disagrees, nothing smells.

        Whether a seller joins the catalogue, and whether a price is gone, a person decides.
        """
        lineages = {upstream.lineage for upstream in self.agreeing}
        doubtful = self.kind in ("gone", "new-seller") or self.against or self.suspicions
        return not doubtful and len(lineages) >= AGREE

    @property
    def percent(self) -> Decimal | None:
        """By how much a figure moves; None where there is none before and after, or a day."""
        before, after = _number(self.held), _number(self.listed)
        return ((after / before - 1) * 100).quantize(Decimal("0.1")) if before and after is not None else None

    @property
    def label(self) -> str:
        """The fact's key as one readable string."""
        return "/".join(str(part) for part in self.key if part not in ("", None))


def _number(figure: Figure | None) -> Decimal | None:
    return None if figure is None or isinstance(figure, date) else Decimal(str(figure))


@dataclass(frozen=True, slots=True)
class Review:
    """Every difference, in order; how many facts agree with ours, and how many differences are as they were."""

    proposals: tuple[Proposal, ...]
    same: int
    standing: int
    unread: Mapping[str, Mapping[str, int]]


def review_of(
    catalog: Snapshot, when: datetime, listings: Sequence[Listing], *, before: Sequence[Listing] = ()
) -> Review:  # fmt: skip
    """The differences between a release at `when` and what the listings list, retirements of what is sold here only.

    Args:    listings: one a lineage
             before: older versions of the same lineages; what they list alike is no news, and counted as standing,
                     as is all that a version lists of a seller whose rows say already that it was read
    """
    listed = _by_place(listings)
    older = {listing.upstream.lineage: listing for listing in before}
    sellers = {table: {row.provider for row in catalog.effective(table, when)} for table in _SOLD}
    sold = {(row.provider, row.model) for row in catalog.rows("token_prices")}
    reviewed = {(row.provider, name) for row in catalog.rows("token_prices") for name in row.read_from.split("; ")}
    counts: Counter[str] = Counter()
    proposals = []
    for place in sorted(listed, key=str):
        held = _held(catalog, place, when)
        if place[0] == "model_lifecycles" and place[1] not in sold:
            continue
        if all(fact.figure == held for fact in listed[place].values()):
            counts["same"] += 1
        elif not (news := _news(place, {u: f for u, f in listed[place].items() if f.figure != held}, older, reviewed)):
            counts["standing"] += 1
        else:
            proposals.append(_difference(place, held, listed[place], news, sellers))
    proposals += _gone(catalog, when, listings, older)
    unread = {listing.upstream.name: listing.unread for listing in listings}
    return Review(_with_suspicions(proposals, catalog, when), counts["same"], counts["standing"], unread)


def _by_place(listings: Sequence[Listing]) -> Mapping[Place, Mapping[Upstream, Listed]]:
    listed: dict[Place, dict[Upstream, Listed]] = defaultdict(dict)
    for listing in listings:
        for place, fact in listing.facts.items():
            listed[place][listing.upstream] = fact
    return listed


def _held(catalog: Snapshot, place: Place, when: datetime) -> Figure | None:
    """The figure in effect; of a grid, where this release of a dataset is not held, that of its newest one that is."""
    table, key = place
    row = catalog.held(table, *key, moment=when)
    if row is None and table == "grid_intensity":
        zone, dataset, _, *basis = key
        vintages = (r for r in catalog.grid(zone) if [r.dataset, r.boundary, r.accounting, r.flow] == [dataset, *basis])
        row = max(vintages, key=lambda r: (r.year, r.dataset_release), default=None)
    figure: Figure | None = None if row is None else getattr(row, FIGURE[table])
    return figure


def _news(
    place: Place, listed: Mapping[Upstream, Listed], older: Mapping[str, Listing], reviewed: set[tuple[str, str]]
) -> set[Upstream]:
    """The upstreams that did not list this figure before; those of which rows name this very version said it then."""
    return {
        upstream
        for upstream, fact in listed.items()
        if (place[1][0], upstream.name) not in reviewed
        and (
            upstream.lineage not in older
            or (was := older[upstream.lineage].facts.get(place)) is None
            or was.figure != fact.figure
        )
    }


def _difference(
    place: Place,
    held: Figure | None,
    listed: Mapping[Upstream, Listed],
    news: set[Upstream],
    sellers: Mapping[str, set[str]],
) -> Proposal:
    """The figure that most list (of as many, the one in the news, then the lowest), and who lists it."""
    votes: dict[Any, list[Upstream]] = defaultdict(list)
    for upstream, fact in listed.items():
        if fact.figure != held:
            votes[fact.figure].append(upstream)
    figure = max(sorted(votes), key=lambda f: (len(votes[f]), any(upstream in news for upstream in votes[f])))
    agreeing = tuple(sorted(votes[figure], key=lambda u: u.name))
    against = tuple(sorted((u for u in listed if u not in agreeing), key=lambda u: u.name))
    table, key = place
    kind: Kind = "changed" if held is not None else "new"
    if table == "model_lifecycles":
        kind = "retired"
    elif held is None and table in sellers and key[0] not in sellers[table]:
        kind = "new-seller"
    fact = listed[agreeing[0]]
    since = min(upstream.day for upstream in news.intersection(agreeing) or agreeing)
    if "year" in fact.rest:
        since = date(fact.rest["year"], 1, 1)
    return Proposal(kind, table, key, held, figure, agreeing, against, since, fact.source_url, rest=fact.rest)


def _gone(
    catalog: Snapshot, when: datetime, listings: Sequence[Listing], older: Mapping[str, Listing]
) -> Iterator[Proposal]:
    """Facts held here that an older version listed and no upstream lists any longer."""
    now = {place for listing in listings for place in listing.facts}
    left: dict[Place, list[Upstream]] = defaultdict(list)
    for listing in listings:
        if (was := older.get(listing.upstream.lineage)) is not None:
            for place in was.facts:
                if place[0] != "model_lifecycles":
                    left[place].append(listing.upstream)
    for place in sorted(left.keys() - now, key=str):
        held = _held(catalog, place, when)
        if held is not None:
            since = min(upstream.day for upstream in left[place])
            yield Proposal("gone", *place, held, None, tuple(left[place]), (), since, "")


def _with_suspicions(proposals: Sequence[Proposal], catalog: Snapshot, when: datetime) -> tuple[Proposal, ...]:
    coming = {(p.table, p.key): p.listed for p in proposals if isinstance(p.listed, Decimal)}

    def price_of(key: tuple[Any, ...], column: str, value: str) -> Decimal | None:
        place = TABLE["token_prices"].key.index(column)
        sibling = ("token_prices", (*key[:place], value, *key[place + 1 :]))
        found = coming.get(sibling) or _held(catalog, sibling, when)
        return found if isinstance(found, Decimal) else None

    return tuple(
        replace(p, suspicions=(*_jumps(p.held, p.listed), *_smells(p.key, p.listed, price_of)))
        if p.table == "token_prices" and isinstance(p.listed, Decimal)
        else replace(p, suspicions=tuple(_jumps(p.held, p.listed)))
        for p in proposals
    )


def _jumps(held: Figure | None, listed: Figure | None) -> Iterator[str]:
    """A figure that moves by more than a price or a grid does between two looks."""
    before, after = _number(held), _number(listed)
    if before and after and not before / JUMP <= after <= before * JUMP:
        yield f"moves by a factor of {float(max(after / before, before / after)):.3g}"


def _smells(key: tuple[Any, ...], usd: Decimal, price_of: Callable[[tuple[Any, ...], str, str], Any]) -> Iterator[str]:
    """What a person looks at before this price is taken."""
    named = dict(zip(TABLE["token_prices"].key, key, strict=True))
    exponent = usd.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > MOST_PRICE_DECIMALS:
        yield "more decimals than a list price has"
    if named["meter"] == "cache_read":
        full = price_of(key, "meter", "input")
        if full is not None and usd > full:
            yield f"a cache read above the input price of {full}"
    standard = None if named["processing"] == "standard" else price_of(key, "processing", "standard")
    if standard is not None and not standard / 10 <= usd <= standard * 10:
        yield f"{float(usd / standard):.3g} of the standard price"
    if named["processing"] == "batch" and standard is not None and usd >= standard:
        yield "a batch price that is no discount"
