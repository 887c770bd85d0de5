"""Energy, carbon and water of accelerator-hours at a place: what training and serving share.

A `Site` is where (PUE, grid intensity, water); a `Draw` is what one accelerator takes from its rack. PUE multiplies IT
energy once, here and nowhere else.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mlquote.catalog.rows import Accelerator, Embodied
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure, fitted_or_none, found, given, unknown, warned
from mlquote.estimators.machines.site import Site
from mlquote.formulas.carbon import embodied_kgco2e, operational_kgco2e
from mlquote.formulas.energy import facility_energy_kwh, grid_water_l, it_energy_kwh, site_water_l
from mlquote.formulas.uncertainty import Uncertain, between, doubtful, known
from mlquote.kit.provenance import Trail, Warning

PowerScope = Literal["chip", "system"]


@dataclass(frozen=True, slots=True)
class Draw:
    """Watts of one accelerator: rated chip power (TDP), and the whole system's mean draw per accelerator."""

    nameplate_w: Uncertain | None
    system_w: Uncertain | None


@dataclass(frozen=True, slots=True)
class Footprint:
    """What accelerator-hours leave behind; None where a figure it needs is unknown."""

    it_energy_kwh: Uncertain | None
    energy_kwh: Uncertain | None
    energy_kwh_nameplate: Uncertain | None
    location_based_kgco2e: Uncertain | None
    location_based_nameplate_kgco2e: Uncertain | None
    market_based_kgco2e: Uncertain | None
    embodied_kgco2e: Uncertain | None
    total_kgco2e: Uncertain | None
    water_l: Uncertain | None
    """Evaporated on site."""
    grid_water_l: Uncertain | None
    """Used by the power stations: a ledger apart."""


def draw_of(
    accelerator: Accelerator,
    catalog: Snapshot,
    when: datetime,
    trail: Trail,
    *,
    power_w: float | None = None,
    power_scope: PowerScope = "system",
) -> Draw:
    """The watts of one accelerator at work: given, or rated and measured figures of the catalogue.

    A given `chip` power takes the place of the TDP and the host's share comes on top; a given `system` power is taken
    as it is.
    """
    rated, system = _book(catalog).power(accelerator)
    if power_w is None:
        return Draw(rated.told(trail), system.told(trail))
    if power_scope == "system":
        whole = given("power_w", power_w, "W per accelerator, whole system").told(trail)
        return Draw(rated.told(trail), whole)
    chip = given("power_w", power_w, "W per accelerator, chip").told(trail)
    overhead = _host_overhead(rated.value, system).told(trail)
    return Draw(chip, chip * overhead if chip and overhead else None)


def _host_overhead(rated: Uncertain | None, system: Figure) -> Figure:
    """What the host adds to a chip's own draw: the measured system's over the rated chip's, never below 1."""
    if rated is None or system.value is None:
        return unknown("no-host-overhead", "no measured system power stands behind this part: plug energy is unknown")
    ratio = max(system.value.median / rated.median, 1.0)
    value = Uncertain(ratio, {"host_overhead": system.value.log_sd})
    return found(
        "host_overhead", value, "ratio", basis="derived", rows=system.rows, why="system draw over rated chip power"
    )


def footprint_of(hours: Uncertain, draw: Draw, site: Site, embodied_kg_per_hour: Uncertain | None) -> Footprint:
    """Accelerator-hours through rack, meter and grid.

    Args:    hours: accelerator-hours; draw, site: as found
             embodied_kg_per_hour: carbon of making, per accelerator-hour, or None
    """
    it = it_energy_kwh(hours, draw.system_w) if draw.system_w else None
    energy = facility_energy_kwh(it, site.pue) if it else None
    nameplate = facility_energy_kwh(it_energy_kwh(hours, draw.nameplate_w), site.pue) if draw.nameplate_w else None
    location = operational_kgco2e(energy, site.kgco2e_per_kwh) if energy else None
    market = site.market_kgco2e_per_kwh
    made = hours * embodied_kg_per_hour if embodied_kg_per_hour else None
    return Footprint(
        it_energy_kwh=it,
        energy_kwh=energy,
        energy_kwh_nameplate=nameplate,
        location_based_kgco2e=location,
        location_based_nameplate_kgco2e=operational_kgco2e(nameplate, site.kgco2e_per_kwh) if nameplate else None,
        market_based_kgco2e=operational_kgco2e(energy, market) if energy and market else None,
        embodied_kgco2e=made,
        total_kgco2e=location + made if location and made else None,
        water_l=site_water_l(it, site.wue_l_per_kwh) if it and site.wue_l_per_kwh else None,
        grid_water_l=grid_water_l(energy, site.grid_l_per_kwh) if energy and site.grid_l_per_kwh else None,
    )


def embodied_of(accelerator: Accelerator, catalog: Snapshot, trail: Trail) -> Uncertain | None:
    """Carbon of making one accelerator and its share of the server, per hour of use; None where nobody published it.

    The range is the disagreement between methods (vendor footprints, die-area models) and between lives of 3 to 6
    years at 50 to 90 % use.
    """
    return _book(catalog).embodied(accelerator).told(trail)


def _book(catalog: Snapshot) -> "_Book":
    return catalog.derived(_Book)


class _Book:
    """What one snapshot says about the power and the making of devices, worked out once for each part."""

    def __init__(self, catalog: Snapshot) -> None:
        self._catalog = catalog
        self._power: dict[str, tuple[Figure, Figure]] = {}
        self._embodied: dict[str, Figure] = {}

    def power(self, accelerator: Accelerator) -> tuple[Figure, Figure]:
        """The rated power of one accelerator, and what its whole system draws per accelerator."""
        if accelerator.id not in self._power:
            self._power[accelerator.id] = _rated(accelerator, self._catalog), _system(accelerator, self._catalog)
        return self._power[accelerator.id]

    def embodied(self, accelerator: Accelerator) -> Figure:
        """Making-of carbon per accelerator-hour."""
        if accelerator.id not in self._embodied:
            self._embodied[accelerator.id] = _embodied(accelerator, self._catalog)
        return self._embodied[accelerator.id]


def _rated(accelerator: Accelerator, catalog: Snapshot) -> Figure:
    """The vendor's TDP; where the maker publishes none, what others assume, said so and in doubt."""
    tdps = [r for r in catalog.power(accelerator.id) if r.statistic == "tdp" and r.scope in ("chip", "board")]
    row = next((r for r in tdps if r.claim == "rated"), None) or next((r for r in tdps if r.claim == "assumed"), None)
    if row is None:
        return unknown("no-tdp", f"no rated power of {accelerator.id} is published: nameplate energy is unknown")
    watts, ref = row.watts / row.accelerator_count, catalog.ref("accelerator_power", row)
    if row.claim == "rated":
        why = f"rated power of {accelerator.name}"
        return found("tdp_w", known(watts), "W per accelerator", basis="catalog", why=why, rows=(ref,))
    detail = f"the maker of {accelerator.id} publishes no TDP: {watts:g} W are what others assume"
    value = doubtful(watts, ASSUMED_TDP_LOG_SD, "tdp_w")
    assumed = found("tdp_w", value, "W per accelerator", basis="catalog", why=detail, rows=(ref,))
    return warned(assumed, "assumed-tdp", detail)


ASSUMED_TDP_LOG_SD = 0.15


def _system(accelerator: Accelerator, catalog: Snapshot) -> Figure:
    """Whole-system watts per accelerator, measured on this part where anyone did; else its kin's ratio to TDP."""
    for quantity, term in (
        ("system_power_w", accelerator.id),
        ("system_power_ratio", accelerator.id),
        ("system_power_ratio", accelerator.family),
        ("system_power_ratio", "any"),
    ):
        row = fitted_or_none(quantity, term, catalog)
        if row is None:
            continue
        ref = catalog.ref("fitted_factors", row)
        if quantity == "system_power_w":
            value = doubtful(row.value, row.log_sd, "power_w")
            return found(
                "power_w", value, "W per accelerator, whole system", basis="catalog", rows=(ref,),
                why=f"mean measured draw with host, memory and network, {row.runs} measurements",
            )  # fmt: skip
        rated = _rated(accelerator, catalog).value
        if rated is None:
            return unknown("no-power", f"neither a rated nor a measured power of {accelerator.id} is published")
        value = doubtful(rated.median * row.value, row.log_sd, "power_w")
        return found(
            "power_w", value, "W per accelerator, whole system", basis="derived", rows=(ref,),
            why=f"TDP x {row.value:g}: measured whole-system draw of {term} over TDP, {row.runs} measurements",
        )  # fmt: skip
    return unknown("no-power", f"no measured power stands behind {accelerator.id}")


def _embodied(accelerator: Accelerator, catalog: Snapshot) -> Figure:
    devices = [r for r in catalog.rows("embodied") if r.accelerator and r.item_kind in _DEVICE_SHARES]
    rows = [r for r in devices if r.accelerator == accelerator.id]
    warnings: tuple[Warning, ...] = ()
    if not rows and devices:
        detail = f"nobody published the carbon of making a {accelerator.id}: the span of all other parts stands in"
        warnings, rows = (Warning("embodied-from-other-parts", detail),), devices
    if not rows:
        return unknown("no-embodied", f"nobody published the carbon of making a {accelerator.id}")
    ends = [_with_host(r) for r in rows]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    device, life = between(low, max(high, low * 1.5), "device"), between(*LIFE_YEARS, "life")
    hourly = embodied_kgco2e(device / life, known(1.0), 1.0, EMBODIED_UTILISATION)
    return found(
        "embodied_kgco2e_per_hour", doubtful(hourly.median, hourly.log_sd, "embodied_kgco2e_per_hour"),
        "kg CO2e per accelerator-hour", basis="derived", warnings=warnings,
        rows=tuple(catalog.ref("embodied", r) for r in rows[:8]),
        why=f"{low:.0f} to {high:.0f} kg for one accelerator with its share of the host, over {LIFE_YEARS[0]:g} to "
        f"{LIFE_YEARS[1]:g} years at {EMBODIED_UTILISATION:.0%} use; the methods disagree",
    )  # fmt: skip


def _with_host(row: Embodied) -> tuple[float, float]:
    """One accelerator with its share of the host, low and high; some figures hold the host already."""
    device = row.kgco2e / _DEVICE_SHARES[row.item_kind]
    if row.item_kind in _HOST_INCLUDED:
        return device, device
    return device + HOST_KGCO2E[0], device + HOST_KGCO2E[1]


_HOST_INCLUDED = frozenset({"gpu_with_host_share", "accelerator_with_host_and_building_share"})
_DEVICE_SHARES = {
    "gpu": 1, "gpu_baseboard": 8, "accelerator": 1, "gpu_with_host_share": 1,
    "accelerator_with_host_and_building_share": 1,
}  # fmt: skip
HOST_KGCO2E = (162.0, 713.0)
"""One accelerator's share of an 8-way host: 1,300 kg (NVIDIA, HGX B200 host) to 5,700 kg (EcoLogits), over 8."""
LIFE_YEARS = (3.0, 6.0)
"""Lives that cloud providers depreciate servers over: 3 (until 2019) to 6 years (from 2023)."""
EMBODIED_UTILISATION = 0.7
