"""What it costs in hours that a spot instance may be taken away: those billed over those that are useful."""

from datetime import datetime

from mlquote.catalog.rows import Accelerator
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure, Finding
from mlquote.estimators.training.filling import USUAL_NODE
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.formulas.training.goodput import (
    CHECKPOINT_S,
    RESTART_S,
    optimal_checkpoint_interval_s,
    spot_overhead_factor,
)
from mlquote.formulas.uncertainty import doubtful
from mlquote.kit.provenance import Assumption
from mlquote.kit.units import HOURS_PER_MONTH, SECONDS_PER_HOUR

SPOT = "spot_interruptions_per_instance_month"


def spot_overhead_of(question: TrainingQuestion, part: Accelerator, catalog: Snapshot, when: datetime) -> Figure:
    """Billed hours per useful hour where any instance may be taken away: never below 1; None on other terms.

    All instances stop when one is taken; checkpoints come at the interval that loses least.
    """
    if question.price_model != "spot":
        return Finding(None)
    row = catalog.default(SPOT, when)
    assert row.value is not None
    instances = max((question.accelerator_count or 0) / (part.accelerators_per_node or USUAL_NODE), 1.0)
    per_hour = instances * row.value / HOURS_PER_MONTH
    interval = optimal_checkpoint_interval_s(CHECKPOINT_S, SECONDS_PER_HOUR / per_hour)
    factor = spot_overhead_factor(per_hour, interval, CHECKPOINT_S, RESTART_S)
    why = (
        f"the middle band of the AWS spot advisor; checkpoints every {interval:.0f} s: {factor:.3f} hours billed "
        "for each useful one"
    )
    value = doubtful(factor, catalog.doubt(SPOT) * (factor - 1) / factor, SPOT)
    said = Assumption(SPOT, row.value, why=why, source_url=row.source_url)
    return Finding(value, (said,), (catalog.ref("defaults", row),))
