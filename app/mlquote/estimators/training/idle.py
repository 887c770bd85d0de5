"""What accelerators draw in the paid hours in which they stand idle, where the question says there are any."""

from dataclasses import replace

from mlquote.catalog.rows import Accelerator, AcceleratorPower
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure, found
from mlquote.estimators.machines.footprint import Draw
from mlquote.formulas.energy import mean_draw_fraction
from mlquote.formulas.uncertainty import Uncertain, doubtful
from mlquote.kit.provenance import Trail

IDLE_DRAW_FRACTION = 0.3
"""Whole-system draw of an idle accelerator over its draw at work, where no idle draw of its kind is published: between
0.28 (a Hopper node by the rule below) and 0.37 (BLOOM on A100: 256,646 kWh idle and infrastructure beside 433,196)."""
IDLE_SOURCE = "https://arxiv.org/abs/2211.02001"
IDLE_LOG_SD = 0.3
"""0.2 to 0.44 around 0.3: wide enough for both, and for hosts that sleep or do not."""
IDLE = "idle_draw_fraction"


def with_idle_hours(
    draw: Draw, idle_fraction: float | None, accelerator: Accelerator, catalog: Snapshot, trail: Trail
) -> Draw:
    """The mean draw over all paid hours: less than at work where some are idle. The nameplate's convention stays."""
    if not idle_fraction or draw.system_w is None:
        return draw
    trail.assume("idle_fraction", idle_fraction, basis="given", why="share of the paid hours in which nothing runs")
    idle = _idle_share(accelerator, draw, draw.system_w, catalog).told(trail)
    assert idle is not None
    mean = mean_draw_fraction(idle_fraction, idle.median)
    weight = idle_fraction * idle.median / mean
    doubt = {name: weight * load for name, load in idle.loads.items()}
    return replace(draw, system_w=draw.system_w * Uncertain(mean, doubt))


def _idle_share(accelerator: Accelerator, draw: Draw, system_w: Uncertain, catalog: Snapshot) -> Figure:
    """Idle over working draw of the whole system: the host stays on, the chip falls to its own or its kin's idle."""
    row = _idle_row(accelerator, catalog)
    rated = _rated_w(row.accelerator, catalog) if row is not None else None
    if row is not None and rated and draw.nameplate_w is not None:
        asleep = row.watts / row.accelerator_count / rated
        share = 1 - (1 - asleep) * draw.nameplate_w.median / system_w.median
        if 0 < share < 1:
            return found(
                IDLE, doubtful(share, IDLE_LOG_SD, IDLE), "of the draw at work", basis="derived",
                rows=(catalog.ref("accelerator_power", row),),
                why=f"an idle {row.accelerator} draws {asleep:.0%} of its TDP, and its host goes on as at work",
            )  # fmt: skip
    value = doubtful(IDLE_DRAW_FRACTION, IDLE_LOG_SD, IDLE)
    why = "no idle draw of this kind is published: between a Hopper node and BLOOM's A100 nodes"
    finding = found(IDLE, value, "of the draw at work", basis="default", why=why)
    return replace(finding, assumptions=tuple(replace(a, source_url=IDLE_SOURCE) for a in finding.assumptions))


def _idle_row(accelerator: Accelerator, catalog: Snapshot) -> AcceleratorPower | None:
    """A measured idle draw of the chip, of this part or of one of its family."""
    family = {row.id for row in catalog.rows("accelerators") if row.family == accelerator.family}
    rows = [
        row
        for row in catalog.rows("accelerator_power")
        if row.statistic == "idle" and row.scope in ("chip", "board") and row.accelerator in family
    ]
    return min(rows, key=lambda row: row.accelerator != accelerator.id, default=None)


def _rated_w(accelerator: str, catalog: Snapshot) -> float | None:
    """The vendor's TDP of one chip."""
    rows = (row for row in catalog.power(accelerator) if row.statistic == "tdp" and row.scope in ("chip", "board"))
    return next((row.watts / row.accelerator_count for row in rows if row.claim == "rated"), None)
