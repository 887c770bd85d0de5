"""Where a machine stands: provider, region and grid zone, each name resolved once into the catalogue's own."""

import re
from dataclasses import dataclass
from datetime import datetime

from mlquote.catalog.rows import Region
from mlquote.catalog.snapshot import Snapshot, letters
from mlquote.catalog.spells import changes_of, spell_of
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.asking.unused import NOT_USED
from mlquote.estimators.machines.grid import Grid, country_of
from mlquote.estimators.machines.market import Market
from mlquote.kit.errors import Malformed, UnknownName, unknown_name
from mlquote.kit.provenance import Warning

WIDER_ZONE = "wider zone"
"""Basis of an alias whose target holds more than the zone it names: the country of a province without a figure."""


@dataclass(frozen=True, slots=True)
class Place:
    """Ids of the catalogue; None is not said."""

    provider: str | None = None
    """Who rents the machine out, or whose data centre it stands in."""
    region: str | None = None
    """A region of that provider."""
    grid: Grid | None = None
    """The grid zone that the question names, else the one its region lies in."""


def place_of(
    catalog: Snapshot,
    when: datetime,
    *,
    provider: str | None = None,
    region: str | None = None,
    grid_zone: str | None = None,
) -> Finding[Place]:
    """The place that names mean at a moment, whatever their case or alias.

    Raises:  UnknownName for a provider, region or zone the catalogue does not know; Malformed for a region without a
             provider
    """
    if not (provider or region or grid_zone):
        return _NOWHERE
    spell = spell_of(when, changes_of(catalog, "regions", "aliases"))
    return catalog.remembered(_place, ((provider, region, grid_zone), spell))


def landlord(name: str, catalog: Snapshot, when: datetime) -> str:
    """The provider of machines that a name means: "google" sells tokens, and rents machines out as gcp."""
    machines = catalog.resolve("provider", name, when, scope="rental")
    return machines if machines != name.strip().casefold() else catalog.resolve("provider", name, when)


_Names = tuple[str | None, str | None, str | None]


def _place(catalog: Snapshot, asked: tuple[_Names, datetime]) -> Finding[Place]:
    (provider, region, grid_zone), when = asked
    if region and not provider:
        hint = "give provider as well as region"
        raise Malformed("a region belongs to a provider", pointer="/provider", hint=hint)
    who = _provider(provider, catalog, when) if provider else None
    where = _region(who, region, catalog, when) if who and region else None
    named = _named_grid(grid_zone, catalog, when) if grid_zone else None
    own = _grid_of_region(where, catalog, when) if where else None
    place = Place(who, where.region if where else None, named or own)
    if where is None or named is None or own is None:
        return Finding(place)
    if _are_apart(named, own, where, catalog):
        stands = named.within or named.zone
        detail = (
            f"grid_zone {stands} is not where region {where.region} stands ({own.within or own.zone}): carbon and "
            f"electricity are of {stands}, price and PUE of {where.region}"
        )
        return Finding(place, warnings=(Warning("region-and-zone-differ", detail),))
    if named.zone == own.zone:
        return Finding(place)
    detail = (
        f"region changes nothing of the grid: grid_zone {named.zone} is given, and {where.region} lies in {own.zone}"
    )
    return Finding(place, warnings=(Warning(NOT_USED, detail),))


def _are_apart(named: Grid, own: Grid, region: Region, catalog: Snapshot) -> bool:
    """The named zone does not hold the region: another country, another part of one, or a state that it is not in."""
    if country_of(named.zone, catalog) != country_of(own.zone, catalog):
        return True
    kinds = [{row.zone_kind for row in catalog.grid(each)} for each in (named.zone, own.zone)]
    part = named.zone if _PROVINCE in kinds[0] else named.within
    if part and _CODE.match(part) and _CODE.match(region.source_zone):
        finer = [letters(each.casefold()) for each in (part, region.source_zone)]
        return not (finer[0].startswith(finer[1]) or finer[1].startswith(finer[0]))
    if named.zone == own.zone:
        return False
    if kinds[0] & kinds[1] & _PARTS:
        return True
    states = _states_in(region.location, catalog)
    return STATE in kinds[0] and bool(states) and named.zone not in states


STATE = "us_state"
_PROVINCE = "province"
_CODE = re.compile(r"[A-Za-z]{2}-\w")
"""A part of a country by its code, as both sides must write it to be told apart."""
_PARTS = frozenset({STATE, _PROVINCE, "egrid_subregion", "bidding_zone", "cloud_region"})
"""Kinds of zones of which no two of one kind share a place."""


def _states_in(location: str, catalog: Snapshot) -> frozenset[str]:
    """The American states that a region's location names: "US East (N. Virginia)" is in US-VA, and not in US-WV."""
    words, found = f" {re.sub(r'[^a-z]+', ' ', location.casefold())} ", set()
    for name, zone in catalog.derived(_state_names):
        if f" {name} " in words:
            found.add(zone)
            words = words.replace(f" {name} ", "  ")
    return frozenset(found)


def _state_names(catalog: Snapshot) -> tuple[tuple[str, str], ...]:
    """Names of states and their zones, the longest first: "west virginia" is no "virginia"."""
    rows = catalog.versions("grid_intensity", zone_kind=STATE)
    return tuple(sorted({(row.zone_name.casefold(), row.zone) for row in rows}, key=lambda each: (-len(each[0]), each)))


def _provider(name: str, catalog: Snapshot, when: datetime) -> str:
    """The provider that `name` means; UnknownName when nobody of that name sells hours or runs a data centre."""
    provider = landlord(name, catalog, when)
    known = catalog.derived(_providers)
    if provider not in known:
        raise unknown_name("provider", name, sorted(known), pointer="/provider")
    return provider


def _region(provider: str, name: str, catalog: Snapshot, when: datetime) -> Region:
    """The region that `name` means; where no region of the provider is known, the refusal says what to give instead."""
    if catalog.versions("regions", provider=provider):
        return catalog.region(provider, name, when)
    detail = f"no region of {provider} is in this catalogue release"
    raise UnknownName(detail, pointer="/region", hint="leave region out, or give grid_zone", code="unknown-region")


def _providers(catalog: Snapshot) -> frozenset[str]:
    tables = ("regions", "facilities")
    owners = {who for table in tables for (who,) in catalog.indexed(table, "provider") if who}
    return frozenset(owners) | catalog.derived(Market).sellers


def _named_grid(name: str, catalog: Snapshot, when: datetime) -> Grid:
    return Grid(catalog.zone(name, when), name if letters(name.casefold()) in catalog.derived(_finer_zones) else "")


def _grid_of_region(region: Region, catalog: Snapshot, when: datetime) -> Grid:
    """The region's own zone; where that is its whole country and it lies in a finer one, that one's figure."""
    if not catalog.grid(region.zone):
        return Grid(region.country, region.zone)
    if region.zone != region.country or not region.source_zone:
        return Grid(region.zone)
    try:
        return _named_grid(region.source_zone, catalog, when)
    except UnknownName:
        return Grid(region.zone, region.source_zone)


def _finer_zones(catalog: Snapshot) -> frozenset[str]:
    """Names of zones that have no figure of their own, and mean the wider one they lie in."""
    return frozenset(
        letters(row.alias.casefold()) for row in catalog.versions("aliases", kind="zone", basis=WIDER_ZONE)
    )


_NOWHERE = Finding(Place())
