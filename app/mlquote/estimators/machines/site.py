"""What a place means: overhead (PUE), carbon per kWh by both accountings, water of the site and of the grid.

Fallbacks go site -> region -> fleet -> published runs, and each answer names the level it reached.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from mlquote.catalog.rows import Facility, Region
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.spells import changes_of, spell_of
from mlquote.estimators.asking.finding import Figure, Finding, fitted, found, given, unknown
from mlquote.estimators.asking.question import Premises
from mlquote.estimators.asking.selecting import from_another_time, said
from mlquote.estimators.machines.grid import DEFAULT_ZONE, Grid, grid_of, grid_water_of
from mlquote.estimators.machines.place import Place
from mlquote.estimators.machines.premises import AT_DATACENTRE, DATACENTRE, overhead_at
from mlquote.formulas.uncertainty import Uncertain, doubtful, known
from mlquote.kit.provenance import Basis, RowRef, Warning
from mlquote.kit.units import GRAMS_PER_KILOGRAM

FIRST_MODERN_YEAR = 2019
"""Until then published runs quote the industry survey (Strubell et al. 2019 take 1.58); since then, their own site."""


@dataclass(frozen=True, slots=True)
class Site:
    """What a place means, each figure as it was found: overhead, carbon per kWh by both accountings, water."""

    pue: Finding[Uncertain]
    """Facility energy over IT energy; its level is "given", "office", "home", "region", "fleet", "industry" or
    "published runs"."""
    kgco2e_per_kwh: Finding[Uncertain]
    """Location-based intensity of the grid."""
    market_kgco2e_per_kwh: Figure
    """Market-based intensity: what the provider reports after its contracts; never estimated."""
    wue_l_per_kwh: Figure
    """Water evaporated on site per IT kWh."""
    grid_l_per_kwh: Figure
    """Water that power stations use per kWh."""
    zone: str | None
    """The grid zone, by which electricity and its water are told; None where an intensity is given and no place."""
    premises: Finding[Premises] = AT_DATACENTRE
    """Whether a machine of one's own stands in a data centre, an office or a home."""


def site_of(
    place: Place,
    catalog: Snapshot,
    when: datetime,
    *,
    pue: float | None = None,
    kgco2e_per_kwh: float | None = None,
    fleet: str = "",
    premises: Finding[Premises] = AT_DATACENTRE,
) -> Site:
    """The figures of a place at a moment, every fallback said in its finding.

    Args:    place: as `place_of` resolved it; when: the moment of the run
             pue, kgco2e_per_kwh: figures that were given, before all others
             fleet: the provider to whom an accelerator that nobody else owns belongs (TPU: "gcp"), or ""
             premises: an office or a home has neither a provider's overhead nor its contracts and water
    Raises:  OutOfDomain where no location-based intensity of the zone is known
    """
    spell = spell_of(when, changes_of(catalog, "regions", "facilities", "aliases"))
    return catalog.remembered(_site, (_Asked(place, pue, kgco2e_per_kwh, fleet, premises), spell))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A place and what was given of it."""

    place: Place
    pue: float | None
    kgco2e_per_kwh: float | None
    fleet: str
    premises: Finding[Premises]


def _site(catalog: Snapshot, key: tuple[_Asked, datetime]) -> Site:
    asked, when = key
    place, provider = asked.place, asked.place.provider or asked.fleet
    region = catalog.region(provider, place.region, when) if place.region else None
    grid = place.grid
    if asked.premises.value != DATACENTRE:
        provider, region = "", None
    if asked.kgco2e_per_kwh is not None:
        log_sd = catalog.doubt("kgco2e_per_kwh", "given")
        intensity = given("kgco2e_per_kwh", asked.kgco2e_per_kwh, "kg CO2e/kWh", log_sd=log_sd)
    else:
        grid = grid or Grid(DEFAULT_ZONE, is_guess=True)
        intensity = grid_of(grid, catalog, when)
    return Site(
        pue=_pue(asked, provider, region, catalog, when),
        kgco2e_per_kwh=intensity,
        market_kgco2e_per_kwh=_market(provider, region, catalog, when),
        wue_l_per_kwh=_wue(provider, region, catalog, when),
        grid_l_per_kwh=grid_water_of(grid.zone, catalog, when) if grid else Finding(None),
        zone=grid.zone if grid else None,
        premises=asked.premises,
    )


def _pue(asked: _Asked, provider: str, region: Region | None, catalog: Snapshot, when: datetime) -> Finding[Uncertain]:
    if asked.pue is not None:
        log_sd = catalog.doubt("pue", "given") if asked.pue > 1 else 0.0
        return replace(given("pue", asked.pue, "ratio", log_sd=log_sd), level="given")
    if asked.premises.value != DATACENTRE:
        return overhead_at(asked.premises.value, catalog, when)
    if region is not None and region.pue is not None:
        value = doubtful(region.pue, catalog.doubt("pue", "region"), "pue")
        why = f"{region.provider} {region.region} {region.year or ''}: the region's own figure".replace("  ", " ")
        warnings = said(from_another_time("pue", region, when, year=region.year))
        return _pue_found("region", value, why, catalog.ref("regions", region), warnings)
    for level, rows in _pue_levels(provider, catalog, when):
        if rows:
            row = min(rows, key=lambda r: (abs((r.year or 0) - when.year), (r.year or 0) > when.year, r.name))
            value = doubtful(row.value, catalog.doubt("pue", level), "pue")
            warnings = said(from_another_time("pue", row, when, year=row.year))
            why = f"{row.name} {row.year}: {level} level"
            return _pue_found(level, value, why, catalog.ref("facilities", row), warnings)
    factor = fitted("pue", "published runs", catalog)
    value = doubtful(factor.value, factor.log_sd, "pue")
    nothing = f"{provider} publishes none" if provider else "no provider or region was given"
    why = f"median of the PUEs that {factor.runs} published training runs disclosed; {nothing}"
    return _pue_found("published runs", value, why, catalog.ref("fitted_factors", factor), basis="default")


def _pue_found(
    level: str, value: Uncertain, why: str, row: RowRef, warnings: tuple[Warning, ...] = (), *, basis: Basis = "catalog"
) -> Finding[Uncertain]:
    return replace(found("pue", value, "ratio", basis=basis, why=why, rows=(row,), warnings=warnings), level=level)


def _pue_levels(provider: str, catalog: Snapshot, when: datetime) -> list[tuple[str, tuple[Facility, ...]]]:
    """Fleet figures of the provider, and before 2019 (nobody had a modern cluster) the industry's."""
    fleet = catalog.versions("facilities", scope="provider", provider=provider, metric="pue") if provider else ()
    old = when.year < FIRST_MODERN_YEAR and not provider
    return [
        ("fleet", fleet),
        ("industry", catalog.versions("facilities", scope="industry", metric="pue") if old else ()),
    ]


def _market(provider: str, region: Region | None, catalog: Snapshot, when: datetime) -> Figure:
    """Market-based intensity: the region's own, else the provider's fleet; never estimated."""
    quantity = "market_kgco2e_per_kwh"
    if region is not None and region.market_based_gco2e_per_kwh is not None:
        grams, ref = region.market_based_gco2e_per_kwh, catalog.ref("regions", region)
        why = f"{region.provider} {region.region} {region.year}: what the provider reports after its contracts"
        stands_in = from_another_time(quantity, region, when, year=region.year)
    else:
        row = _facility(provider, "co2_market_based", catalog, when)
        if row is None:
            return Finding(None)
        grams, ref = row.value, catalog.ref("facilities", row)
        why = f"{row.name} {row.year}: the fleet's market-based average"
        stands_in = from_another_time(quantity, row, when, year=row.year)
    return found(
        quantity, known(grams / GRAMS_PER_KILOGRAM), "kg CO2e/kWh", basis="catalog", why=why, rows=(ref,),
        warnings=said(stands_in),
    )  # fmt: skip


def _wue(provider: str, region: Region | None, catalog: Snapshot, when: datetime) -> Figure:
    """Site water: the region's, the fleet's; unknown where neither is published."""
    if region is not None and region.wue_l_per_kwh is not None:
        value, why = region.wue_l_per_kwh, f"{region.provider} {region.region} {region.year}"
        ref, stands_in = catalog.ref("regions", region), from_another_time("wue", region, when, year=region.year)
    else:
        row = _facility(provider, "wue", catalog, when)
        if row is None:
            return unknown("no-water-figure", "no water usage effectiveness is published for this place")
        value, why = row.value, f"{row.name} {row.year}"
        ref, stands_in = catalog.ref("facilities", row), from_another_time("wue", row, when, year=row.year)
    log_sd = catalog.doubt("wue_l_per_kwh")
    return found(
        "wue_l_per_kwh", doubtful(value, log_sd, "wue_l_per_kwh"), "l per kWh of IT energy", basis="catalog",
        why=f"{why}: evaporated on site for cooling; what power stations use is not in it", rows=(ref,),
        warnings=said(stands_in),
    )  # fmt: skip


def _facility(provider: str, metric: str, catalog: Snapshot, when: datetime) -> Facility | None:
    """The whole fleet's figure of the nearest year; a part of it (AWS Asia Pacific) never stands for a provider."""
    scope = {"scope": "provider", "provider": provider, "metric": metric}
    rows: tuple[Facility, ...] = catalog.versions("facilities", **scope) if provider else ()
    return min(rows, key=lambda r: (abs((r.year or 0) - when.year), r.name), default=None)
