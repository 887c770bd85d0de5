"""What an accelerator draws: rated, at work with its share of the host, and in the hours in which it stands idle."""

from dataclasses import dataclass, replace
from typing import Literal

from mlquote.catalog.rows import Accelerator, AcceleratorPower, FittedFactor
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure, Finding, fitted_or_none, found, given, unknown, warned
from mlquote.estimators.asking.question import LATEST
from mlquote.estimators.machines.chip_draw import chips_of
from mlquote.estimators.machines.own_part import own_tdp_w
from mlquote.formulas.energy import mean_draw_fraction
from mlquote.formulas.uncertainty import Uncertain, doubtful, known
from mlquote.kit.provenance import Assumption, Warning

PowerScope = Literal["chip", "system"]

IDLE = "idle_draw_fraction"
_NOT_ASKED: Finding[None] = Finding(None)
_NO_HOST = "no measured system power stands behind this part: plug energy is unknown"


@dataclass(frozen=True, slots=True)
class Draw:
    """Watts of one accelerator, each as it was found; `nameplate_w` and `system_w` are what energy is counted from."""

    nameplate: Figure
    """Rated chip power (TDP), or a chip's power that was given in its place."""
    system: Figure
    """The whole system's mean draw per accelerator at work."""
    overhead: Figure = _NOT_ASKED
    """What the host adds to a given chip's power, as a ratio; already in `system`."""
    idle_fraction: Figure = _NOT_ASKED
    """Share of the paid hours in which nothing runs, where the question says there are any."""
    idle_share: Figure = _NOT_ASKED
    """Draw of an idle system over its draw at work."""
    chips: Figure = _NOT_ASKED
    """The accelerator's own mean draw at work, without its host."""

    @property
    def nameplate_w(self) -> Uncertain | None:
        """Rated power: the convention of a nameplate knows no idle hours."""
        return self.nameplate.value

    @property
    def system_w(self) -> Uncertain | None:
        """The mean draw over all paid hours: less than at work where some are idle."""
        return self._over_paid_hours(self.system.value)

    @property
    def accelerators_w(self) -> Uncertain | None:
        """The accelerator's own mean draw over all paid hours, as far down in idle ones as its system."""
        return self._over_paid_hours(self.chips.value)

    def _over_paid_hours(self, work: Uncertain | None) -> Uncertain | None:
        share, idle = self.idle_fraction.value, self.idle_share.value
        if work is None or share is None or idle is None:
            return work
        mean = mean_draw_fraction(share.median, idle.median)
        weight = share.median * idle.median / mean
        return work * Uncertain(mean, {name: weight * load for name, load in idle.loads.items()})


def draw_of(
    accelerator: Accelerator,
    catalog: Snapshot,
    *,
    power_w: float | None = None,
    power_scope: PowerScope = "system",
    idle_fraction: float | None = None,
) -> Draw:
    """The watts of one accelerator: given, or rated and measured figures of the catalogue.

    A given `chip` power takes the place of the TDP and the host's share comes on top; a given `system` power is taken
    as it is.

    Args:    power_w: mean draw at work, W; idle_fraction: share of the paid hours in which nothing runs
    """
    rated, system = rated_of(accelerator, catalog), system_of(accelerator, catalog)
    if power_w is None:
        draw = Draw(rated, system, chips=chips_of(accelerator, system.value, catalog))
    elif power_scope == "system":
        whole = given("power_w", power_w, "W per accelerator, whole system")
        draw = Draw(rated, whole, chips=chips_of(accelerator, whole.value, catalog, measured=True))
    else:
        chip = given("power_w", power_w, "W per accelerator, chip")
        overhead = overhead_of(rated, system)
        whole_w = chip.value * overhead.value if overhead.value else None
        draw = Draw(chip, Finding(whole_w), overhead, chips=Finding(chip.value))
    return _with_idle_hours(draw, idle_fraction, accelerator, catalog) if idle_fraction else draw


def rated_of(accelerator: Accelerator, catalog: Snapshot) -> Figure:
    """Rated power of one accelerator, W: the vendor's TDP; where there is none, what others assume, said and in doubt.

    `no-tdp` where nobody says; `assumed-tdp` where the maker does not.
    """
    return catalog.remembered(_rated, accelerator)


def system_of(accelerator: Accelerator, catalog: Snapshot) -> Figure:
    """Whole-system draw per accelerator at work, W: measured on the part, else its kin's ratio to TDP.

    The doubt of a TDP that is only assumed goes with it.
    """
    return catalog.remembered(_system, accelerator)


def overhead_of(rated: Figure, system: Figure) -> Figure:
    """What the host adds to a chip's own draw: the measured system's over the rated chip's, never below 1."""
    if rated.value is None or system.value is None:
        return unknown("no-host-overhead", _NO_HOST)
    ratio = system.value / rated.value
    value = Uncertain(max(ratio.median, 1.0), {"host_overhead": ratio.log_sd})
    return found(
        "host_overhead", value, "ratio", basis="derived", rows=system.rows, why="system draw over rated chip power"
    )


def idle_share_of(accelerator: Accelerator, nameplate: Figure, system: Figure, catalog: Snapshot) -> Figure:
    """Idle over working draw of the whole system: the host stays on, the chip falls to its own or its kin's idle."""
    row = _idle_row(accelerator, catalog)
    tdp = _tdp_row(row.accelerator, catalog) if row is not None else None
    log_sd = catalog.doubt(IDLE)
    if row is not None and tdp is not None and nameplate.value is not None and system.value is not None:
        asleep = _each_w(row) / _each_w(tdp)
        share = 1 - (1 - asleep) * nameplate.value.median / system.value.median
        if 0 < share < 1:
            detail = f"no idle draw of {accelerator.id} is published: {row.accelerator}'s, of its family, stands in"
            sibling = (Warning("idle-draw-from-sibling-part", detail),) if row.accelerator != accelerator.id else ()
            return found(
                IDLE, doubtful(share, log_sd, IDLE), "of the draw at work", basis="derived",
                rows=(catalog.ref("accelerator_power", row),), warnings=sibling,
                why=f"an idle {row.accelerator} draws {asleep:.0%} of its TDP, and its host goes on as at work",
            )  # fmt: skip
    default = catalog.default(IDLE, LATEST)
    assert default.value is not None
    why = "no idle draw of this kind is published: between a Hopper node and BLOOM's A100 nodes"
    return found(
        IDLE, doubtful(default.value, log_sd, IDLE), "of the draw at work", basis="default", why=why,
        rows=(catalog.ref("defaults", default),),
    )  # fmt: skip


def _with_idle_hours(draw: Draw, idle_fraction: float, accelerator: Accelerator, catalog: Snapshot) -> Draw:
    if draw.system.value is None:
        return draw
    why = "share of the paid hours in which nothing runs"
    said = Assumption("idle_fraction", idle_fraction, basis="given", why=why)
    share = idle_share_of(accelerator, draw.nameplate, draw.system, catalog)
    return replace(draw, idle_fraction=Finding(known(idle_fraction), (said,)), idle_share=share)


def _rated(catalog: Snapshot, accelerator: Accelerator) -> Figure:
    own_w = own_tdp_w(accelerator)
    if own_w is not None:
        return Finding(known(own_w))  # told with the part's other figures
    row = _tdp_row(accelerator.id, catalog)
    if row is None:
        return unknown("no-tdp", f"no rated power of {accelerator.id} is published: nameplate energy is unknown")
    watts, ref = _each_w(row), catalog.ref("accelerator_power", row)
    if row.claim == "rated":
        why = f"rated power of {accelerator.name}"
        return found("tdp_w", known(watts), "W per accelerator", basis="catalog", why=why, rows=(ref,))
    detail = f"the maker of {accelerator.id} publishes no TDP: {watts:g} W are what others assume"
    value = doubtful(watts, catalog.doubt("tdp_w", "assumed"), "tdp_w")
    assumed = found("tdp_w", value, "W per accelerator", basis="catalog", why=detail, rows=(ref,))
    return warned(assumed, "assumed-tdp", detail)


def _tdp_row(accelerator: str, catalog: Snapshot) -> AcceleratorPower | None:
    """The vendor's row of a chip's TDP, else the one that others assume."""
    tdps = [r for r in catalog.power(accelerator) if r.statistic == "tdp" and r.scope in ("chip", "board")]
    return next((r for claim in ("rated", "assumed") for r in tdps if r.claim == claim), None)


def _each_w(row: AcceleratorPower) -> float:
    return row.watts / row.accelerator_count


def _system(catalog: Snapshot, accelerator: Accelerator) -> Figure:
    measured = fitted_or_none("system_power_w", accelerator.id, catalog)
    if measured is not None and own_tdp_w(accelerator) is None:
        return found(
            "power_w", doubtful(measured.value, measured.log_sd, "power_w"), "W per accelerator, whole system",
            basis="catalog", rows=(catalog.ref("fitted_factors", measured),),
            why=f"mean measured draw with host, memory and network, {measured.runs} measurements",
        )  # fmt: skip
    for term in (accelerator.id, accelerator.family, "any"):
        ratio = fitted_or_none("system_power_ratio", term, catalog)
        if ratio is not None:
            return _by_ratio(accelerator, ratio, catalog)
    return unknown("no-power", f"no measured power stands behind {accelerator.id}")


def _by_ratio(accelerator: Accelerator, ratio: FittedFactor, catalog: Snapshot) -> Figure:
    """TDP times the measured whole-system draw over TDP of the part or its kin."""
    rated = rated_of(accelerator, catalog).value
    if rated is None:
        return unknown("no-power", f"neither a rated nor a measured power of {accelerator.id} is published")
    return found(
        "power_w", rated * doubtful(ratio.value, ratio.log_sd, "power_w"), "W per accelerator, whole system",
        basis="derived", rows=(catalog.ref("fitted_factors", ratio),),
        why=f"TDP x {ratio.value:g}: measured whole-system draw of {ratio.term} over TDP, {ratio.runs} measurements",
    )  # fmt: skip


def _idle_row(accelerator: Accelerator, catalog: Snapshot) -> AcceleratorPower | None:
    """A measured idle draw of the chip, of this part or of one of its family."""
    family = {row.id for row in catalog.versions("accelerators", family=accelerator.family)}
    rows = [
        row
        for row in catalog.versions("accelerator_power", statistic="idle")
        if row.scope in ("chip", "board") and row.accelerator in family
    ]
    return min(rows, key=lambda row: row.accelerator != accelerator.id, default=None)
