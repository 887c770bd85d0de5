"""How much of its peak a run reaches: given, or fitted on published runs, with its doubt."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from mlquote.catalog.rows import Accelerator, EfficiencyAnchor
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure, Finding, fitted, found, given, warned
from mlquote.estimators.machines.peaks import Peaks
from mlquote.estimators.models.resolved import Resolved
from mlquote.estimators.training.question import DEFAULT_PRECISION, TrainingQuestion
from mlquote.estimators.training.speed import SPEEDS
from mlquote.formulas.training.efficiency import (
    NARROW,
    REFERENCE_PARAMS,
    REFERENCE_YEAR,
    Job,
    Kernel,
    Neighbours,
    efficiency_terms,
    fitted_mfu,
    reachable_mfu,
)
from mlquote.formulas.uncertainty import doubtful
from mlquote.kit.errors import Malformed, OutOfDomain
from mlquote.kit.provenance import Warning

Floats = NDArray[np.float64]
TPU = "TPU"
EARLY_TPUS = frozenset({"tpu-v2", "tpu-v3"})
NAMED_NEIGHBOURS = 3
"""So many published runs are named as the likest."""
LIKE_ENOUGH = 0.01
"""Covariance below which a published run is not worth naming (its pull is then under a sixth of its residual)."""
_CLASSES = {
    "Ampere": "ampere", "Orin": "ampere", "Ada": "ada", "Hopper": "hopper", "Grace Hopper": "hopper",
    "Blackwell": "blackwell", "Grace Blackwell": "blackwell", "Blackwell Ultra": "blackwell",
    "Grace Blackwell Ultra": "blackwell", "GB10": "blackwell", "Thor": "blackwell",
}  # fmt: skip
_KINDS = {"pretrain": "pretrain", "rlhf": "rl", "rl": "rl"}
"""Method of a question -> kind of job whose efficiency was fitted; the others are fine-tuning, of adapters or not."""


def efficiency_of(
    question: TrainingQuestion, accelerator: Accelerator, peaks: Peaks | None, job: Job, catalog: Snapshot
) -> Figure:
    """MFU (or HFU) as it is given, else the MFU of such a job; none where the hours are known already.

    Raises:  Malformed for both at once; OutOfDomain where no peak of the part is known to count it against
    """
    if question.mfu is not None and question.hfu is not None:
        raise Malformed("mfu and hfu both say how efficient", pointer="/hfu", hint="give one of the two")
    if question.is_measured:
        return Finding(None, warnings=tuple(_not_used(question)))
    if peaks is None:
        hint = "give accelerator_figures.peak_tflop_per_s, accelerator_hours, or another accelerator"
        detail = f"no dense rate of {accelerator.id} at 16 or 32 bits is published"
        raise OutOfDomain(detail, pointer="/accelerator", hint=hint)
    if question.hfu is not None:
        return _given("hfu", question.hfu, question, catalog)
    if question.mfu is not None:
        return _given("mfu", question.mfu, question, catalog)
    return mfu_of(job, peaks, catalog)


def _given(name: str, value: float, question: TrainingQuestion, catalog: Snapshot) -> Figure:
    """An efficiency the question brings: taken as the whole run's, in doubt, when no goodput comes with it."""
    said = given(name, value, "fraction of the dense peak")
    if question.goodput_fraction is not None:
        return said
    detail = (
        f"{name} is taken as the whole run's; printed values are a good step's, and the published runs that print one "
        "reached 0.83 of it at the median: give goodput_fraction to say so"
    )
    return warned(said.of(doubtful(value, catalog.doubt("mfu", "printed"), name)), "mfu-taken-as-whole-run", detail)


def efficiency_job(
    question: TrainingQuestion,
    accelerator: Accelerator,
    resolved: Resolved | None,
    tokens: float | None,
    when: datetime,
    peaks: Peaks | None,
) -> Job:
    """What is known of the run before it starts, as far as its efficiency depends on it.

    Args:    tokens: that are seen; when: date of the run; peaks: the precision that the part has a rate of decides
    """
    kind = _KINDS.get(question.method, "finetune" if question.adapted is None else "lora")
    if question.run_kind != "production":
        tuned = "benchmark" if question.run_kind == "benchmark" else "throughput"
        kind = tuned if kind == "pretrain" else f"{kind}/{tuned}"
    architecture = ("moe" if resolved.mixture else resolved.kind) if resolved else "transformer"
    return Job(
        hardware=hardware_class(accelerator),
        architecture=architecture,
        precision=_computed_in(question.precision or DEFAULT_PRECISION, peaks),
        kind=kind,
        params=resolved.active_params if resolved else None,
        accelerator_count=question.accelerator_count,
        tokens=tokens,
        year=year_of(when),
    )


def _computed_in(precision: str, peaks: Peaks | None) -> str:
    """The precision whose speed is seen: a narrow one that the part multiplies no faster than 16 bits gains nothing."""
    gains = peaks is not None and peaks.own > peaks.sixteen_bit
    return precision if gains or precision not in NARROW else DEFAULT_PRECISION


def hardware_class(accelerator: Accelerator) -> str:
    """The class of hardware whose efficiency was fitted together."""
    if accelerator.generation == TPU:
        return "tpu_early" if accelerator.id in EARLY_TPUS else "tpu"
    return _CLASSES.get(accelerator.generation, "other" if accelerator.vendor != "NVIDIA" else "pre_ampere")


def mfu_of(job: Job, peaks: Peaks, catalog: Snapshot) -> Figure:
    """Whole-job MFU of a job nobody measured, against the dense peak of its own precision.

    Quotes of one job at many places and prices ask once.
    """
    return catalog.remembered(_mfu, (job, peaks))


def mfu_medians(job: Job, peaks: Peaks, params: Floats, counts: Floats, tokens: Floats, catalog: Snapshot) -> Floats:
    """The median that `mfu_of` has, of many jobs that differ in size, count and length alone.

    Args:    job: what they have in common; params, counts, tokens: of each, shape (m,)
    Returns: fraction of the dense peak of their precision, shape (m,)
    """
    rule = catalog.derived(_MfuRule)
    reachable = catalog.default("reachable_fraction", datetime(int(job.year), 1, 1, tzinfo=UTC)).value
    job = replace(job, year=rule.clamped(job.year))
    ceiling = (reachable or 1.0) * peaks.own / peaks.sixteen_bit
    fitted_logs = np.empty(len(params))
    for count in np.unique(counts):
        same = counts == count
        alone = replace(job, params=REFERENCE_PARAMS, accelerator_count=float(count))
        fitted_logs[same] = log(fitted_mfu(rule.factors, efficiency_terms(alone)))
    per_decade = log(rule.factors.get("params:per_decade", 1.0))
    fitted_logs += per_decade * np.log10(params / REFERENCE_PARAMS)
    moved = rule.neighbours.expected_means(job, params, counts, tokens)
    return reachable_mfu(np.exp(fitted_logs + moved), ceiling) * peaks.sixteen_bit / peaks.own


class _MfuRule:
    """The fitted factors of one release, and the published runs around them."""

    def __init__(self, catalog: Snapshot) -> None:
        self.factors = {row.term: row.value for row in catalog.versions("fitted_factors", quantity="mfu")}
        base = fitted("mfu", "base", catalog)
        self.runs, self.row = base.runs, catalog.ref("fitted_factors", base)
        self.anchors = catalog.versions("efficiency_anchors")
        years = [row.year for row in self.anchors] or [REFERENCE_YEAR]
        self.years = min(years), max(years) + 1
        """The years the trend was seen in, and one more: beyond them it stands still."""
        self.refs = {row.run: catalog.ref("efficiency_anchors", row) for row in self.anchors}
        self.neighbours = Neighbours(
            [job_of(row) for row in self.anchors], [row.log_residual for row in self.anchors], _kernel(catalog)
        )

    def clamped(self, year: float) -> float:
        """A year as the trend counts it."""
        return float(min(max(year, self.years[0]), self.years[1]))


def _mfu(catalog: Snapshot, asked: tuple[Job, Peaks]) -> Figure:
    rule, (job, peaks) = catalog.derived(_MfuRule), asked
    reachable = catalog.default("reachable_fraction", datetime(int(job.year), 1, 1, tzinfo=UTC)).value
    job = replace(job, year=rule.clamped(job.year))
    terms = efficiency_terms(job)
    moved, log_sd, like = rule.neighbours.expected(job)
    near = [rule.anchors[i] for i in like.argsort()[::-1][:NAMED_NEIGHBOURS] if like[i] > LIKE_ENOUGH]
    ceiling = (reachable or 1.0) * peaks.own / peaks.sixteen_bit
    sixteen = reachable_mfu(fitted_mfu(rule.factors, terms) * exp(moved), ceiling)
    used = ", ".join([f"{t} x{rule.factors[t] ** x:.2f}" for t, x in terms.items() if t in rule.factors])
    likest = f"; x{exp(moved):.2f} for the likest: {', '.join([row.run for row in near])}" if near else ""
    return found(
        "mfu", doubtful(sixteen * peaks.sixteen_bit / peaks.own, log_sd, "mfu"),
        f"fraction of the dense {peaks.own_dtype} peak", basis="derived",
        rows=(rule.row, *peaks.rows, *[rule.refs[row.run] for row in near]),
        why=f"whole-job utilisation fitted on {rule.runs} published runs: {used}{likest}",
    )  # fmt: skip


def _kernel(catalog: Snapshot) -> Kernel:
    said = {row.term: row.value for row in catalog.versions("fitted_factors", quantity="mfu_kernel")}
    scales = {name: said[f"scale:{name}"] for name in ("params", "tokens", "count", "year")}
    penalties = {name: said[f"penalty:{name}"] for name in ("hardware", "kind", "architecture", "precision")}
    return Kernel(scales, penalties, said["signal"], said["noise"])


def job_of(row: EfficiencyAnchor) -> Job:
    """A published run as a job."""
    return Job(
        row.hardware, row.architecture, row.precision, row.kind, row.params, row.accelerator_count, row.tokens, row.year
    )


def year_of(moment: datetime) -> float:
    """A moment as a year with its fraction."""
    return moment.year + (moment.toordinal() - date(moment.year, 1, 1).toordinal()) / 365.25


def _not_used(question: TrainingQuestion) -> Iterator[Warning]:
    if question.accelerator_hours is None:
        return
    for name in ("mfu", "hfu", "goodput_fraction", *SPEEDS):
        if getattr(question, name) is not None:
            yield Warning("efficiency-not-used", f"accelerator_hours are given, so {name} changes nothing")
