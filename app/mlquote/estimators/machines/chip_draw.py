"""What the accelerators alone draw at work: the boundary of nvidia-smi, Zeus and a GPU tracker."""

from mlquote.catalog.rows import Accelerator, AcceleratorPower
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure, Finding, found
from mlquote.estimators.asking.question import LATEST
from mlquote.estimators.machines.own_part import own_tdp_w
from mlquote.formulas.uncertainty import Uncertain, doubtful

CHIPS = "accelerator_power_w"
OVER = "server_over_accelerators"


def chips_of(
    accelerator: Accelerator, system: Uncertain | None, catalog: Snapshot, *, measured: bool = False
) -> Figure:
    """Mean draw of one accelerator at work, W, without its host: measured on the part, else its share of the system's.

    Args:    system: whole-system draw per accelerator, W; None leaves the chip's unknown, unless it was measured
             measured: the system's draw is the question's own, so that no mean of another run stands beside it
    """
    row = None if measured or own_tdp_w(accelerator) is not None else _mean_row(accelerator, catalog)
    if row is not None and (system is None or row.watts / row.accelerator_count < system.median):
        return found(
            CHIPS, doubtful(row.watts / row.accelerator_count, catalog.doubt(CHIPS), CHIPS), "W per accelerator",
            basis="catalog", rows=(catalog.ref("accelerator_power", row),),
            why=f"mean draw of {accelerator.id} without its host, {row.workload}",
        )  # fmt: skip
    if system is None:
        return Finding(None)
    default = catalog.default(OVER, LATEST)
    assert default.value is not None
    why = f"the whole system's draw over {default.value:g}: what host, memory, network and fans add"
    return found(
        CHIPS, system / doubtful(default.value, catalog.doubt(OVER), OVER), "W per accelerator", basis="default",
        why=why, rows=(catalog.ref("defaults", default),),
    )  # fmt: skip


def _mean_row(accelerator: Accelerator, catalog: Snapshot) -> AcceleratorPower | None:
    """A measured mean of the chip alone."""
    rows = [
        row
        for row in catalog.power(accelerator.id)
        if row.statistic == "mean" and row.claim == "measured" and row.scope in ("chip", "board")
    ]
    return rows[-1] if rows else None
