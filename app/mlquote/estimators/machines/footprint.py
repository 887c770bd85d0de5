"""Energy, carbon and water of accelerator-hours at a place: what training and serving share.

A `Site` is where (PUE, grid intensity, water); a `Draw` is what one accelerator takes from its rack. PUE multiplies IT
energy once, here and nowhere else.
"""

from mlquote.catalog.rows import Accelerator, Default, Embodied
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure, found, unknown
from mlquote.estimators.asking.question import LATEST
from mlquote.estimators.machines.power import Draw
from mlquote.estimators.machines.site import Site
from mlquote.formulas.carbon import embodied_kgco2e, operational_kgco2e
from mlquote.formulas.energy import facility_energy_kwh, grid_water_l, it_energy_kwh, site_water_l
from mlquote.formulas.uncertainty import Uncertain, between, doubtful, known
from mlquote.kit.provenance import Warning
from mlquote.kit.records import quick_record

_HOST_INCLUDED = frozenset({"gpu_with_host_share", "accelerator_with_host_and_building_share"})
_DEVICE_SHARES = {
    "gpu": 1, "gpu_baseboard": 8, "accelerator": 1, "gpu_with_host_share": 1,
    "accelerator_with_host_and_building_share": 1,
}  # fmt: skip
NAMED_ROWS = 8
USED = "embodied_utilisation_fraction"


@quick_record
class Footprint:
    """What accelerator-hours leave behind; None where a figure it needs is unknown."""

    accelerators_energy_kwh: Uncertain | None
    """What the accelerators alone draw: what nvidia-smi or a GPU tracker adds up."""
    it_energy_kwh: Uncertain | None
    """What whole nodes draw: a meter in the rack."""
    energy_kwh: Uncertain | None
    """Through the building's meter: IT energy times PUE."""
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


def footprint_of(hours: Uncertain, draw: Draw, site: Site, embodied_kg_per_hour: Uncertain | None) -> Footprint:
    """Accelerator-hours through rack, meter and grid.

    Args:    hours: accelerator-hours; draw, site: as found
             embodied_kg_per_hour: carbon of making, per accelerator-hour, or None
    """
    nameplate_w, system_w = draw.nameplate_w, draw.system_w
    pue, intensity, market = site.pue.value, site.kgco2e_per_kwh.value, site.market_kgco2e_per_kwh.value
    wue, grid_wet = site.wue_l_per_kwh.value, site.grid_l_per_kwh.value
    it = it_energy_kwh(hours, system_w) if system_w else None
    energy = facility_energy_kwh(it, pue) if it else None
    nameplate = facility_energy_kwh(it_energy_kwh(hours, nameplate_w), pue) if nameplate_w else None
    location = operational_kgco2e(energy, intensity) if energy else None
    made = hours * embodied_kg_per_hour if embodied_kg_per_hour else None
    chips_w = draw.accelerators_w
    return Footprint(
        accelerators_energy_kwh=it_energy_kwh(hours, chips_w) if chips_w else None,
        it_energy_kwh=it,
        energy_kwh=energy,
        energy_kwh_nameplate=nameplate,
        location_based_kgco2e=location,
        location_based_nameplate_kgco2e=operational_kgco2e(nameplate, intensity) if nameplate else None,
        market_based_kgco2e=operational_kgco2e(energy, market) if energy and market else None,
        embodied_kgco2e=made,
        total_kgco2e=location + made if location and made else None,
        water_l=site_water_l(it, wue) if it and wue else None,
        grid_water_l=grid_water_l(energy, grid_wet) if energy and grid_wet else None,
    )


def embodied_of(accelerator: Accelerator, catalog: Snapshot) -> Figure:
    """Carbon of making one accelerator and its share of the server, per hour of use; None where nobody published it.

    The range is the disagreement between methods (vendor footprints, die-area models) and between lives of 3 to 6
    years at 50 to 90 % use.
    """
    return catalog.remembered(_embodied, accelerator)


def _embodied(catalog: Snapshot, accelerator: Accelerator) -> Figure:
    rows, warnings = _devices(accelerator, catalog)
    if not rows:
        return unknown("no-embodied", f"nobody published the carbon of making a {accelerator.id}")
    host, life, share = (catalog.default(name, LATEST) for name in ("host_kgco2e", "lifetime_years", USED))
    assert share.value is not None
    ends = [_with_host(row, host) for row in rows]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    device, years = between(low, max(high, low * 1.5), "device"), between(*_ends(life), "life")
    hourly = embodied_kgco2e(device / years, known(1.0), 1.0, share.value)
    shortest, longest = _ends(life)
    return found(
        "embodied_kgco2e_per_hour", doubtful(hourly.median, hourly.log_sd, "embodied_kgco2e_per_hour"),
        "kg CO2e per accelerator-hour", basis="derived", warnings=warnings,
        rows=tuple(catalog.ref("embodied", row) for row in rows[:NAMED_ROWS]),
        why=f"{low:.0f} to {high:.0f} kg for one accelerator with its share of the host, over {shortest:g} to "
        f"{longest:g} years at {share.value:.0%} use; the methods disagree",
    )  # fmt: skip


def _devices(accelerator: Accelerator, catalog: Snapshot) -> tuple[list[Embodied], tuple[Warning, ...]]:
    """What was published of making this part; else of all other parts, said so."""
    rows = [row for row in catalog.versions("embodied", accelerator=accelerator.id) if row.item_kind in _DEVICE_SHARES]
    if rows:
        return rows, ()
    made = (row for kind in _DEVICE_SHARES for row in catalog.versions("embodied", item_kind=kind) if row.accelerator)
    others = sorted(made, key=lambda row: (row.item, row.item_kind))
    detail = f"nobody published the carbon of making a {accelerator.id}: the span of all other parts stands in"
    return others, (Warning("embodied-from-other-parts", detail),)


def _with_host(row: Embodied, host: Default) -> tuple[float, float]:
    """One accelerator with its share of the host, low and high; some figures hold the host already."""
    device = row.kgco2e / _DEVICE_SHARES[row.item_kind]
    if row.item_kind in _HOST_INCLUDED:
        return device, device
    low, high = _ends(host)
    return device + low, device + high


def _ends(default: Default) -> tuple[float, float]:
    assert default.low is not None
    assert default.high is not None
    return default.low, default.high
