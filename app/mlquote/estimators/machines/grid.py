"""What a kilowatt-hour carries at a grid zone and year: carbon, and the water of its power stations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import hypot

from mlquote.catalog.rows import Facility, GridIntensity
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure, Finding, found
from mlquote.estimators.asking.selecting import StandIn, from_another_time, said
from mlquote.formulas.uncertainty import Uncertain, doubtful
from mlquote.kit.errors import OutOfDomain, UnknownName
from mlquote.kit.units import GRAMS_PER_KILOGRAM

DEFAULT_ZONE = "USA"
_SMALL_ZONES = frozenset({"egrid_subregion", "bidding_zone", "cloud_region"})
_STATE = "us_state"
_STATES = frozenset({_STATE, "province"})
"""Their figures are of their own power stations, whatever they draw from their neighbours."""
_AMERICAN_ZONES = frozenset({_STATE, "egrid_subregion"})
_BOUNDARY = {"lifecycle": 2, "mixed": 1, "direct": 0}


@dataclass(frozen=True, slots=True)
class Grid:
    """A zone whose figure answers, and how it stands to what was asked."""

    zone: str
    within: str = ""
    """The finer zone that was asked and of which nobody has a figure: `zone` stands in for it."""
    is_guess: bool = False
    """No place was given at all."""


def grid_of(grid: Grid, catalog: Snapshot, when: datetime) -> Finding[Uncertain]:
    """Location-based intensity of a zone at a moment, kg CO2e/kWh.

    Raises:  OutOfDomain where no location-based intensity of the zone is known
    """
    return catalog.remembered(_intensity, (grid, when))


def grid_water_of(zone: str, catalog: Snapshot, when: datetime) -> Figure:
    """Water that the power stations of a zone's country use, l/kWh; unknown without a word where nobody says."""
    country = country_of(zone, catalog)
    row: Facility | None = next(iter(catalog.versions("facilities", metric="grid_water", name=country)), None)
    if row is None:
        return Finding(None)
    return found(
        "grid_water_l_per_kwh",
        doubtful(row.value, catalog.doubt("grid_water_l_per_kwh"), "grid_water_l_per_kwh"), "l/kWh", basis="catalog",
        why=f"{row.name} {row.year}: {row.statistic} of power stations, beside the site's own water",
        rows=(catalog.ref("facilities", row),), warnings=said(from_another_time("grid_water_l_per_kwh", row, when)),
    )  # fmt: skip


def country_of(zone: str, catalog: Snapshot) -> str:
    """The country a zone lies in, as the catalogue names it; the zone itself where it is one."""
    return catalog.remembered(_country, zone)


def _intensity(catalog: Snapshot, asked: tuple[Grid, datetime]) -> Finding[Uncertain]:
    grid, when = asked
    year = when.year
    rows = [row for row in catalog.grid(grid.zone) if row.accounting == "location"]
    if not rows:
        hint = "give kgco2e_per_kwh"
        raise OutOfDomain(f"no location-based intensity of {grid.zone} is known", pointer="/grid_zone", hint=hint)
    best = _nearest(rows, year)
    trend, told, told_of = _national_trend(best, year, catalog)
    stands_in = _stand_ins(grid, best, when, year=told_of)
    why = f"{best.zone_name or grid.zone} {best.year}, {best.dataset} {best.dataset_release}: "
    why += f"{best.boundary}, location-based{told}"
    if grid.is_guess:
        why += "; no place was given, and most published runs stood there"
    median = best.gco2e_per_kwh / GRAMS_PER_KILOGRAM * trend
    return found(
        "kgco2e_per_kwh", doubtful(median, _log_sd(grid, best, year, catalog), "kgco2e_per_kwh"), "kg CO2e/kWh",
        basis="default" if grid.is_guess else "catalog", why=why, rows=(catalog.ref("grid_intensity", best),),
        warnings=said(stands_in),
    )  # fmt: skip


def _log_sd(grid: Grid, best: GridIntensity, year: int, catalog: Snapshot) -> float:
    """Spread around a figure of this kind of zone, and its age."""
    level = "region" if best.zone_kind in _SMALL_ZONES else _STATE if best.zone_kind in _STATES else "country"
    spread = catalog.doubt("kgco2e_per_kwh", "unplaced" if grid.is_guess else "wider_zone" if grid.within else level)
    per_year, most = (catalog.doubt("kgco2e_per_kwh", level) for level in ("per_year_away", "most_years_away"))
    return hypot(spread, min(per_year * abs(best.year - year), most))


def _stand_ins(grid: Grid, best: GridIntensity, when: datetime, *, year: int) -> tuple[StandIn, ...]:
    """What stands in for what was asked; `year` is the one that the figure was carried to."""
    stands_in = from_another_time("kgco2e_per_kwh", best, when, year=year)
    if grid.is_guess:
        detail = f"no grid_zone, region or kgco2e_per_kwh given: {grid.zone} is assumed, with a wide range"
        return (StandIn("grid-zone-assumed", detail), *stands_in)
    if grid.within:
        detail = f"no figure of {grid.within} is known: {grid.zone} stands in, with a wide range"
        return (StandIn("grid-from-wider-zone", detail), *stands_in)
    return stands_in


def _nearest(rows: Sequence[GridIntensity], year: int) -> GridIntensity:
    """The row of the nearest year (of two as near, the earlier), lifecycle before direct, the newest release."""
    return max(rows, key=lambda r: (-abs(r.year - year), r.year <= year, _BOUNDARY[r.boundary], r.dataset_release))


def _national_trend(row: GridIntensity, year: int, catalog: Snapshot) -> tuple[float, str, int]:
    """What an American state's or subregion's figure of another year is multiplied by: the national change between.

    Returns: the factor, how an answer tells it, and the year that the figure is then of
    """
    national = [r for r in catalog.grid("USA") if r.accounting == "location"]
    if row.zone_kind not in _AMERICAN_ZONES or row.year == year or not national:
        return 1.0, "", row.year
    then, seen = _nearest(national, year), _nearest(national, row.year)
    if then.dataset != seen.dataset or not seen.gco2e_per_kwh:
        return 1.0, "", row.year
    ratio = then.gco2e_per_kwh / seen.gco2e_per_kwh
    told = f"; x {ratio:.3g}, the national change from {seen.year} to {then.year} ({then.dataset})"
    return ratio, told, then.year


def _country(catalog: Snapshot, zone: str) -> str:
    kinds = {row.zone_kind for row in catalog.grid(zone)}
    if kinds & _AMERICAN_ZONES:
        return "USA"
    if "cloud_region" in kinds:
        provider, _, region = zone.partition(":")
        versions = catalog.versions("regions", provider=provider, region=region)
        return str(versions[-1].country) if versions else zone
    return _country_by_code(catalog, zone) if kinds & {"bidding_zone", "province"} else zone


def _country_by_code(catalog: Snapshot, zone: str) -> str:
    """Bidding zones (NO1, SE3) and provinces (CA-AB) begin with their country's ISO 3166-1 alpha-2 code."""
    begun = catalog.grid(zone)[-1].effective_from
    try:
        return catalog.zone(zone[:2], begun) if begun is not None else zone
    except UnknownName:
        return zone
