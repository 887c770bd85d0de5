"""What a place means: overhead (PUE), carbon per kWh by both accountings, water of the site and of the grid.

Fallbacks go site -> region -> fleet -> published runs, and each answer names the level it reached.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from mlquote.catalog.rows import Facility, GridIntensity, Region
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import (
    MOST_REMEMBERED,
    Figure,
    Finding,
    changes_of,
    fitted,
    found,
    given,
    spell_of,
    unknown,
)
from mlquote.estimators.machines.place import Place
from mlquote.formulas.uncertainty import Uncertain, doubtful, known
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.provenance import Basis, RowRef, Warning
from mlquote.kit.units import GRAMS_PER_KILOGRAM

DEFAULT_ZONE = "USA"
UNPLACED_LOG_SD = 0.45
"""Spread of grid intensity when not even the country is known: national averages of 2024 where clusters stand run from
about 40 (France) to 580 g/kWh (China), and most published runs stood in the United States."""
COUNTRY_LOG_SD = 0.22
"""Spread of a cluster's grid around its country's average, and between datasets of one country and year (USA 2023: 393
lifecycle, 350 eGRID; its subregions 120 to 630)."""
REGION_LOG_SD = 0.08
GIVEN_LOG_SD = 0.01
"""A given PUE or (twice this) intensity is a rounded average of a year or a site, not a meter reading of the run."""
PUE_LOG_SD = {"region": 0.02, "fleet": 0.03, "published runs": 0.05, "industry": 0.12}
"""Site-to-site spread around a figure of each level (AWS regions 2024: 1.07 to 1.46; Google sites 1.06 to 1.14)."""
GRID_WATER_LOG_SD = 0.4
"""Doubt of a national water intensity: hydropower's evaporation alone is told apart by a factor 2 between studies."""
FIRST_MODERN_YEAR = 2019
"""Until then published runs quote the industry survey (Strubell et al. 2019 take 1.58); since then, their own site."""
_SMALL_ZONES = frozenset({"us_state", "egrid_subregion", "bidding_zone", "cloud_region"})
_BOUNDARY = {"lifecycle": 2, "mixed": 1, "direct": 0}


@dataclass(frozen=True, slots=True)
class Site:
    """What a place means, each figure as it was found: overhead, carbon per kWh by both accountings, water."""

    pue: Finding[Uncertain]
    """Facility energy over IT energy; its level is "given", "region", "fleet", "industry" or "published runs"."""
    kgco2e_per_kwh: Finding[Uncertain]
    """Location-based intensity of the grid."""
    market_kgco2e_per_kwh: Figure
    """Market-based intensity: what the provider reports after its contracts; never estimated."""
    wue_l_per_kwh: Figure
    """Water evaporated on site per IT kWh."""
    grid_l_per_kwh: Figure
    """Water that power stations use per kWh."""
    zone: str | None
    """The grid zone that answered; None where an intensity was given."""


def site_of(
    place: Place,
    catalog: Snapshot,
    when: datetime,
    *,
    pue: float | None = None,
    kgco2e_per_kwh: float | None = None,
    fleet: str = "",
) -> Site:
    """The figures of a place at a moment, every fallback said in its finding.

    Args:    place: as `place_of` resolved it; when: the moment of the run
             pue, kgco2e_per_kwh: figures that were given, before all others
             fleet: the provider to whom an accelerator that nobody else owns belongs (TPU: "gcp"), or ""
    Raises:  OutOfDomain where no location-based intensity of the zone is known
    """
    return catalog.derived(_Sites).site(_Asked(place, pue, kgco2e_per_kwh, fleet), when)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A place and what was given of it."""

    place: Place
    pue: float | None
    kgco2e_per_kwh: float | None
    fleet: str


def _site(asked: _Asked, when: datetime, catalog: Snapshot) -> Site:
    provider = asked.place.provider or asked.fleet
    region = catalog.region(provider, asked.place.region, when) if asked.place.region else None
    intensity, zone = _intensity(asked, region, catalog, when)
    country = (region.country if region is not None and zone == region.zone else "") or zone
    return Site(
        pue=_pue(asked, provider, region, catalog, when),
        kgco2e_per_kwh=intensity,
        market_kgco2e_per_kwh=_market(provider, region, catalog, when),
        wue_l_per_kwh=_wue(provider, region, catalog, when),
        grid_l_per_kwh=_grid_water(country, catalog) if country else Finding(None),
        zone=zone,
    )


class _Sites:
    """What one snapshot says about places and grids, worked out once for each that is asked."""

    def __init__(self, catalog: Snapshot) -> None:
        self._catalog = catalog
        self._changes = changes_of(catalog, "regions", "facilities", "aliases")
        self._grid: dict[tuple[str, int, bool], Finding[Uncertain]] = {}
        self._sites: dict[tuple[_Asked, datetime], Site] = {}

    def grid(self, zone: str, year: int, *, placed: bool) -> Finding[Uncertain]:
        """Location-based intensity of a zone in a year; not `placed` when the zone itself is a guess."""
        key = (zone, year, placed)
        if key not in self._grid:
            self._grid[key] = _grid(zone, year, self._catalog, placed=placed)
        return self._grid[key]

    def site(self, asked: _Asked, when: datetime) -> Site:
        """A place at a moment; figures of the question's own make a new one each, so only so many are kept."""
        key = (asked, spell_of(when, self._changes))
        if key not in self._sites:
            if len(self._sites) >= MOST_REMEMBERED:
                self._sites.clear()
            self._sites[key] = _site(asked, key[1], self._catalog)
        return self._sites[key]


def _grid_water(zone: str, catalog: Snapshot) -> Figure:
    """Water that the power stations of a zone's country use per kWh; unknown without a word where nobody says."""
    american = zone.startswith("US-") or any(row.zone_kind == "egrid_subregion" for row in catalog.grid(zone))
    country = "USA" if american else zone
    row = next((r for r in catalog.rows("facilities") if r.metric == "grid_water" and r.name == country), None)
    if row is None:
        return Finding(None)
    return found(
        "grid_water_l_per_kwh", doubtful(row.value, GRID_WATER_LOG_SD, "grid_water_l_per_kwh"), "l/kWh",
        basis="catalog", why=f"{row.name} {row.year}: {row.statistic} of power stations, beside the site's own water",
        rows=(catalog.ref("facilities", row),),
    )  # fmt: skip


def _grid(zone: str, year: int, catalog: Snapshot, *, placed: bool) -> Finding[Uncertain]:
    rows = [r for r in catalog.grid(zone) if r.accounting == "location"]
    if not rows:
        hint = "give kgco2e_per_kwh"
        raise OutOfDomain(f"no location-based intensity of {zone} is known", pointer="/grid_zone", hint=hint)
    best = _nearest(rows, year)
    trend, told = _national_trend(best, year, catalog)
    drift = min(0.02 * abs(best.year - year), 0.3)
    spread = (REGION_LOG_SD if best.zone_kind in _SMALL_ZONES else COUNTRY_LOG_SD) if placed else UNPLACED_LOG_SD
    median = best.gco2e_per_kwh / GRAMS_PER_KILOGRAM * trend
    value = doubtful(median, (spread**2 + drift**2) ** 0.5, "kgco2e_per_kwh")
    source = f"{best.dataset} {best.dataset_release}"
    why = f"{best.zone_name or zone} {best.year}, {source}: {best.boundary}, location-based{told}"
    warnings: tuple[Warning, ...] = ()
    if not placed:
        why += "; no place was given, and most published runs stood there"
        detail = f"no grid_zone, region or kgco2e_per_kwh given: {zone} is assumed, with a wide range"
        warnings = (Warning("grid-zone-assumed", detail),)
    return found(
        "kgco2e_per_kwh", value, "kg CO2e/kWh", basis="catalog" if placed else "default", why=why,
        rows=(catalog.ref("grid_intensity", best),), warnings=warnings,
    )  # fmt: skip


def _nearest(rows: list[GridIntensity], year: int) -> GridIntensity:
    """The row of the nearest year (of two as near, the earlier), lifecycle before direct, the newest release."""
    return max(rows, key=lambda r: (-abs(r.year - year), r.year <= year, _BOUNDARY[r.boundary], r.dataset_release))


def _national_trend(row: GridIntensity, year: int, catalog: Snapshot) -> tuple[float, str]:
    """What an American state's or subregion's figure of another year is multiplied by: the national change between."""
    national = [r for r in catalog.grid("USA") if r.accounting == "location"]
    if row.zone_kind not in ("us_state", "egrid_subregion") or row.year == year or not national:
        return 1.0, ""
    then, seen = _nearest(national, year), _nearest(national, row.year)
    if then.dataset != seen.dataset or not seen.gco2e_per_kwh:
        return 1.0, ""
    ratio = then.gco2e_per_kwh / seen.gco2e_per_kwh
    return ratio, f"; x {ratio:.3g}, the national change from {seen.year} to {then.year} ({then.dataset})"


def _pue(asked: _Asked, provider: str, region: Region | None, catalog: Snapshot, when: datetime) -> Finding[Uncertain]:
    if asked.pue is not None:
        return replace(given("pue", asked.pue, "ratio", log_sd=GIVEN_LOG_SD if asked.pue > 1 else 0.0), level="given")
    if region is not None and region.pue is not None:
        value = doubtful(region.pue, PUE_LOG_SD["region"], "pue")
        why = f"{region.provider} {region.region} {region.year or ''}: the region's own figure".replace("  ", " ")
        return _pue_found("region", value, why, catalog.ref("regions", region))
    for level, rows in _pue_levels(provider, catalog, when):
        if rows:
            row = min(rows, key=lambda r: (abs((r.year or 0) - when.year), (r.year or 0) > when.year, r.name))
            value = doubtful(row.value, PUE_LOG_SD[level], "pue")
            return _pue_found(level, value, f"{row.name} {row.year}: {level} level", catalog.ref("facilities", row))
    factor = fitted("pue", "published runs", catalog)
    value = doubtful(factor.value, factor.log_sd, "pue")
    why = f"median of the PUEs that {factor.runs} published training runs disclosed; no provider or region was given"
    return _pue_found("published runs", value, why, catalog.ref("fitted_factors", factor), basis="default")


def _pue_found(level: str, value: Uncertain, why: str, row: RowRef, *, basis: Basis = "catalog") -> Finding[Uncertain]:
    return replace(found("pue", value, "ratio", basis=basis, why=why, rows=(row,)), level=level)


def _pue_levels(provider: str, catalog: Snapshot, when: datetime) -> list[tuple[str, list[Facility]]]:
    """Fleet figures of the provider, and before 2019 (nobody had a modern cluster) the industry's."""
    known_pues = [r for r in catalog.rows("facilities") if r.metric == "pue"]
    fleet = [r for r in known_pues if provider and r.scope == "provider" and r.provider == provider]
    old = [r for r in known_pues if r.scope == "industry" and when.year < FIRST_MODERN_YEAR and not provider]
    return [("fleet", fleet), ("industry", old)]


def _intensity(
    asked: _Asked, region: Region | None, catalog: Snapshot, when: datetime
) -> tuple[Finding[Uncertain], str | None]:
    if asked.kgco2e_per_kwh is not None:
        return given("kgco2e_per_kwh", asked.kgco2e_per_kwh, "kg CO2e/kWh", log_sd=2 * GIVEN_LOG_SD), None
    if asked.place.zone is not None:
        zone = asked.place.zone
    elif region is not None:
        zone = region.zone
    else:
        return catalog.derived(_Sites).grid(DEFAULT_ZONE, when.year, placed=False), DEFAULT_ZONE
    return catalog.derived(_Sites).grid(zone, when.year, placed=True), zone


def _market(provider: str, region: Region | None, catalog: Snapshot, when: datetime) -> Figure:
    """Market-based intensity: the region's own, else the provider's fleet; never estimated."""
    if region is not None and region.market_based_gco2e_per_kwh is not None:
        value = doubtful(region.market_based_gco2e_per_kwh / GRAMS_PER_KILOGRAM, 0.0, "")
        why = f"{region.provider} {region.region} {region.year}: what the provider reports after its contracts"
        row: tuple[str, Region | Facility] = ("regions", region)
    else:
        rows = _facility(provider, "co2_market_based", catalog, when)
        if rows is None:
            return Finding(None)
        value, row = known(rows.value / GRAMS_PER_KILOGRAM), ("facilities", rows)
        why = f"{rows.name} {rows.year}: the fleet's market-based average"
    return found("market_kgco2e_per_kwh", value, "kg CO2e/kWh", basis="catalog", why=why, rows=(catalog.ref(*row),))


def _wue(provider: str, region: Region | None, catalog: Snapshot, when: datetime) -> Figure:
    """Site water: the region's, the fleet's; unknown where neither is published."""
    if region is not None and region.wue_l_per_kwh is not None:
        value, why = region.wue_l_per_kwh, f"{region.provider} {region.region} {region.year}"
        ref = catalog.ref("regions", region)
    else:
        row = _facility(provider, "wue", catalog, when)
        if row is None:
            return unknown("no-water-figure", "no water usage effectiveness is published for this place")
        value, why, ref = row.value, f"{row.name} {row.year}", catalog.ref("facilities", row)
    return found(
        "wue_l_per_kwh", doubtful(value, 0.25, "wue_l_per_kwh"), "l per kWh of IT energy", basis="catalog",
        why=f"{why}: evaporated on site for cooling; what power stations use is not in it", rows=(ref,),
    )  # fmt: skip


def _facility(provider: str, metric: str, catalog: Snapshot, when: datetime) -> Facility | None:
    rows = [r for r in catalog.rows("facilities") if provider and r.provider == provider and r.metric == metric]
    return min(rows, key=lambda r: (abs((r.year or 0) - when.year), r.name)) if rows else None
