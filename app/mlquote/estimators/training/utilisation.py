"""How many accelerator-hours a number of FLOP takes: peak, MFU with its doubt, goodput."""

from dataclasses import replace
from datetime import datetime
from math import exp

from mlquote.catalog.rows import Accelerator, EfficiencyAnchor
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import MOST_REMEMBERED, Figure, fitted, found, given
from mlquote.estimators.machines.peaks import Peaks
from mlquote.formulas.training.efficiency import (
    REFERENCE_YEAR,
    Job,
    Kernel,
    Neighbours,
    efficiency_terms,
    fitted_mfu,
    reachable_mfu,
)
from mlquote.formulas.uncertainty import Uncertain, doubtful
from mlquote.kit.provenance import Trail
from mlquote.kit.units import SECONDS_PER_HOUR

PRINTED_MFU_LOG_SD = 0.13
"""A printed MFU is a good step's, not the run's: implied over printed has quartiles 0.76 and 0.91 in published runs."""


def hardware_class(accelerator: Accelerator) -> str:
    """The class of hardware whose efficiency was fitted together."""
    generation = accelerator.family.split(" (")[0]
    if generation == "TPU":
        return "tpu_early" if accelerator.id in ("tpu-v2", "tpu-v3") else "tpu"
    return _CLASSES.get(generation, "other" if accelerator.vendor != "NVIDIA" else "pre_ampere")


_CLASSES = {
    "Ampere": "ampere", "Ada": "ada", "Hopper": "hopper", "Grace Hopper": "hopper", "Blackwell": "blackwell",
    "Grace Blackwell": "blackwell", "Blackwell Ultra": "blackwell", "Grace Blackwell Ultra": "blackwell",
}  # fmt: skip


def mfu_of(job: Job, peaks: Peaks, catalog: Snapshot) -> Figure:
    """Whole-job MFU of a job nobody measured, against the dense peak of its own precision."""
    return catalog.derived(_MfuRule).mfu(job, peaks)


REACHABLE_FRACTION = 0.9
"""Share of a dense peak that the best kernels reach on whole jobs (measured matrix products: 0.6 to 0.9 of peak)."""
NAMED_NEIGHBOURS = 3


class _MfuRule:
    """The fitted factors of one release, and the published runs around them."""

    def __init__(self, catalog: Snapshot) -> None:
        rows = [row for row in catalog.rows("fitted_factors") if row.quantity == "mfu"]
        self.factors = {row.term: row.value for row in rows}
        base = fitted("mfu", "base", catalog)
        self._runs, self._row = base.runs, catalog.ref("fitted_factors", base)
        self._anchors = catalog.rows("efficiency_anchors")
        self._asked: dict[tuple[Job, str, float, float], Figure] = {}
        years = [row.year for row in self._anchors] or [REFERENCE_YEAR]
        self.years = min(years), max(years) + 1
        """The years the trend was seen in, and one more: beyond them it stands still."""
        self._refs = {row.run: catalog.ref("efficiency_anchors", row) for row in self._anchors}
        self._neighbours = Neighbours(
            [job_of(row) for row in self._anchors], [row.log_residual for row in self._anchors], _kernel(catalog)
        )

    def mfu(self, job: Job, peaks: Peaks) -> Figure:
        """The MFU of a job; quotes of one job at many places and prices ask once."""
        key = (job, peaks.own_dtype, peaks.own, peaks.sixteen_bit)
        if key not in self._asked:
            if len(self._asked) >= MOST_REMEMBERED:
                self._asked.clear()
            self._asked[key] = self._mfu(job, peaks)
        return self._asked[key]

    def _mfu(self, job: Job, peaks: Peaks) -> Figure:
        job = replace(job, year=min(max(job.year, self.years[0]), self.years[1]))
        terms = efficiency_terms(job)
        moved, log_sd, like = self._neighbours.expected(job)
        near = [self._anchors[i] for i in like.argsort()[::-1][:NAMED_NEIGHBOURS] if like[i] > LIKE_ENOUGH]
        ceiling = REACHABLE_FRACTION * peaks.own / peaks.sixteen_bit
        sixteen = reachable_mfu(fitted_mfu(self.factors, terms) * exp(moved), ceiling)
        used = ", ".join([f"{t} x{self.factors[t] ** x:.2f}" for t, x in terms.items() if t in self.factors])
        likest = f"; x{exp(moved):.2f} for the likest: {', '.join([row.run for row in near])}" if near else ""
        return found(
            "mfu", doubtful(sixteen * peaks.sixteen_bit / peaks.own, log_sd, "mfu"),
            f"fraction of the dense {peaks.own_dtype} peak", basis="derived",
            rows=(self._row, *peaks.rows, *[self._refs[row.run] for row in near]),
            why=f"whole-job utilisation fitted on {self._runs} published runs: {used}{likest}",
        )  # fmt: skip


LIKE_ENOUGH = 0.01
"""Covariance below which a published run is not worth naming (its pull is then under a sixth of its residual)."""


def _kernel(catalog: Snapshot) -> Kernel:
    said = {row.term: row.value for row in catalog.rows("fitted_factors") if row.quantity == "mfu_kernel"}
    scales = {name: said[f"scale:{name}"] for name in ("params", "tokens", "count", "year")}
    penalties = {name: said[f"penalty:{name}"] for name in ("hardware", "kind", "architecture", "precision")}
    return Kernel(scales, penalties, said["signal"], said["noise"])


def job_of(row: EfficiencyAnchor) -> Job:
    """A published run as a job."""
    return Job(
        row.hardware, row.architecture, row.precision, row.kind, row.params, row.accelerator_count, row.tokens, row.year
    )


def hours_of(flop: Uncertain, rate_flop_per_s: float, utilisation: Uncertain) -> Uncertain:
    """Accelerator-hours of a number of FLOP.

    H = C / (peak * u * 3600)
    """
    return flop / utilisation / (rate_flop_per_s * SECONDS_PER_HOUR)


def given_mfu(name: str, value: float, trail: Trail, *, goodput: float | None) -> Uncertain:
    """An efficiency the question brings: taken as the whole run's when no goodput comes with it."""
    said = given(name, value, "fraction of the dense peak").told(trail)
    if goodput is not None:
        return said
    trail.warn(
        "mfu-taken-as-whole-run",
        f"{name} is taken as the whole run's; printed values are a good step's, and the published runs that print one "
        "reached 0.83 of it at the median: give goodput_fraction to say so",
    )
    return doubtful(value, PRINTED_MFU_LOG_SD, name)


def year_of(moment: datetime) -> float:
    """A moment as a year with its fraction."""
    return moment.year + (moment.timetuple().tm_yday - 1) / 365.25
