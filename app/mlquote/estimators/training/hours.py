"""How long a training run takes: its efficiency given or fitted, its hours, and what failures do to them."""

from dataclasses import dataclass
from datetime import datetime

from mlquote.catalog.rows import Accelerator
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.machines.peaks import Peaks
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.utilisation import given_mfu, hardware_class, hours_of, mfu_of, year_of
from mlquote.estimators.training.work import Work
from mlquote.formulas.training.efficiency import Job
from mlquote.formulas.training.goodput import (
    CHECKPOINT_S,
    RESTART_S,
    goodput_fraction,
    mean_hours_between_interruptions,
    optimal_checkpoint_interval_s,
)
from mlquote.formulas.uncertainty import Uncertain, known
from mlquote.kit.errors import Malformed, OutOfDomain
from mlquote.kit.provenance import Trail
from mlquote.kit.units import SECONDS_PER_HOUR


@dataclass(frozen=True, slots=True)
class Goodput:
    """What failures do to the schedule, from Llama 3's rate of interruptions; already inside a fitted MFU."""

    interruptions: float | None
    hours_between_interruptions: float
    checkpoint_interval_s: float
    goodput_fraction: float


def hours_and_mfu(
    question: TrainingQuestion,
    accelerator: Accelerator,
    work: Work,
    peaks: Peaks | None,
    catalog: Snapshot,
    when: datetime,
    trail: Trail,
) -> tuple[Uncertain, Uncertain | None]:
    """(accelerator-hours of the final run, its MFU): one follows from the other."""
    if question.mfu is not None and question.hfu is not None:
        raise Malformed("mfu and hfu both say how efficient", pointer="/hfu", hint="give one of the two")
    if question.accelerator_hours is not None:
        hours = known(question.accelerator_hours)
        trail.assume("accelerator_hours", question.accelerator_hours, unit="h", basis="given", why="given")
        for name in ("mfu", "hfu", "goodput_fraction"):
            if getattr(question, name) is not None:
                trail.warn("efficiency-not-used", f"accelerator_hours are given, so {name} changes nothing")
        return hours, _implied_mfu(work.model_flop, hours, peaks) if work.model_flop and peaks else None
    assert work.model_flop is not None
    if peaks is None:
        hint = "give accelerator_hours, or another accelerator"
        raise OutOfDomain(f"no dense peak rate of {accelerator.id} is published", pointer="/accelerator", hint=hint)
    goodput = question.goodput_fraction
    if question.hfu is not None:
        if work.hardware_flop is None:
            hint = "give mfu, or the model instead of training_flop"
            raise Malformed("hfu needs hardware FLOP", pointer="/hfu", hint=hint)
        rate = given_mfu("hfu", question.hfu, trail, goodput=goodput) * (goodput or 1.0)
        hours = hours_of(work.hardware_flop, peaks.own, rate)
        return hours, _implied_mfu(work.model_flop, hours, peaks)
    if question.mfu is not None:
        mfu = given_mfu("mfu", question.mfu, trail, goodput=goodput) * (goodput or 1.0)
    else:
        job = efficiency_job(question, accelerator, work, when)
        fitted = mfu_of(job, peaks, catalog).told(trail)
        assert fitted is not None
        mfu = fitted if goodput is None else fitted * (goodput / _usual_goodput(question.accelerator_count))
    return hours_of(work.model_flop, peaks.own, mfu), mfu


def _implied_mfu(model_flop: Uncertain, hours: Uncertain, peaks: Peaks) -> Uncertain:
    return model_flop / hours / (peaks.own * SECONDS_PER_HOUR)


def efficiency_job(question: TrainingQuestion, accelerator: Accelerator, work: Work, when: datetime) -> Job:
    """What is known of the run before it starts, as far as its efficiency depends on it."""
    resolved = work.resolved
    kind = _KINDS.get(question.method, "finetune")
    if kind == "pretrain" and question.run_kind != "production":
        kind = "benchmark" if question.run_kind == "benchmark" else "throughput"
    architecture = ("moe" if resolved.mixture else resolved.kind) if resolved else "transformer"
    return Job(
        hardware=hardware_class(accelerator),
        architecture=architecture,
        precision=question.precision or "bf16",
        kind=kind,
        params=resolved.active_params if resolved else None,
        accelerator_count=question.accelerator_count,
        tokens=work.tokens,
        year=year_of(when),
    )


_KINDS = {"pretrain": "pretrain", "lora": "lora", "qlora": "lora", "rlhf": "rl", "rl": "rl"}


def goodput_of(accelerator_count: int, wall_clock_hours: float | None) -> Goodput:
    """What failures do to a job of so many accelerators, and how often they come in so many hours."""
    between = mean_hours_between_interruptions(accelerator_count)
    interval = optimal_checkpoint_interval_s(CHECKPOINT_S, between * SECONDS_PER_HOUR)
    share = goodput_fraction(interval, CHECKPOINT_S, RESTART_S, between * SECONDS_PER_HOUR)
    return Goodput(wall_clock_hours / between if wall_clock_hours else None, between, interval, share)


def _usual_goodput(accelerator_count: int | None) -> float:
    """What a fitted MFU already holds of failures, at this size."""
    return goodput_of(accelerator_count or 300, None).goodput_fraction
