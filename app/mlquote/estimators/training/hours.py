"""How long a training run takes: hours of its arithmetic at an efficiency, and what failures do to them."""

from mlquote.estimators.machines.peaks import Peaks
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.rollouts import Rollouts
from mlquote.estimators.training.work import Work
from mlquote.formulas.training.goodput import (
    CHECKPOINT_S,
    RESTART_S,
    goodput_fraction,
    mean_hours_between_interruptions,
    optimal_checkpoint_interval_s,
)
from mlquote.formulas.uncertainty import Uncertain
from mlquote.kit.errors import Malformed
from mlquote.kit.records import quick_record
from mlquote.kit.units import SECONDS_PER_HOUR

USUAL_COUNT = 300
"""Accelerators of a run that does not say how many: the size at which the fitted terms are zero."""


@quick_record
class Goodput:
    """What failures do to the schedule, from Llama 3's rate of interruptions; already inside a fitted MFU."""

    interruptions: float | None
    hours_between_interruptions: float
    checkpoint_interval_s: float
    goodput_fraction: float


@quick_record
class Pace:
    """Accelerator-hours of the final run and its whole-job MFU: one follows from the other."""

    hours: Uncertain
    mfu: Uncertain | None


def pace_of(
    question: TrainingQuestion, work: Work, peaks: Peaks | None, hours: Uncertain | None, efficiency: Uncertain | None
) -> Pace:
    """Hours and MFU of the final run.

    Args:    hours: where they are given; else efficiency: HFU where the question gives one, else MFU, and `peaks`
    Raises:  Malformed for an HFU where hardware FLOP are unknown
    """
    if hours is not None:
        return Pace(hours, _implied_mfu(work.model_flop, hours, peaks) if work.model_flop and peaks else None)
    assert work.model_flop is not None and efficiency is not None and peaks is not None
    goodput = question.goodput_fraction
    if question.hfu is not None:
        if work.hardware_flop is None:
            hint = "give mfu, or the model instead of training_flop"
            raise Malformed("hfu needs hardware FLOP", pointer="/hfu", hint=hint)
        hours = hours_of(work.hardware_flop, peaks.own, efficiency * (goodput or 1.0))
        return Pace(hours, _implied_mfu(work.model_flop, hours, peaks))
    if question.mfu is not None:
        mfu = efficiency * (goodput or 1.0)
    else:
        mfu = efficiency if goodput is None else efficiency * (goodput / _usual_goodput(question.accelerator_count))
    return Pace(hours_of(work.model_flop, peaks.own, mfu), mfu)


def with_rollouts(pace: Pace, work: Work, peaks: Peaks | None, rollouts: Rollouts | None) -> Pace:
    """The pace of updates, with the hours of generating what they learn from, and the MFU of both together.

    Args:    pace: as if generation went at the update's efficiency, which it does not
    """
    hours = rollouts.hours if rollouts is not None else None
    if hours is None or work.model_flop is None:
        return pace
    whole = pace.hours * (1 - work.generated_fraction) + hours
    return Pace(whole, _implied_mfu(work.model_flop, whole, peaks) if peaks else None)


def hours_of(flop: Uncertain, rate_flop_per_s: float, utilisation: Uncertain) -> Uncertain:
    """Accelerator-hours of a number of FLOP.

    H = C / (peak * u * 3600)
    """
    return flop / utilisation / (rate_flop_per_s * SECONDS_PER_HOUR)


def goodput_of(accelerator_count: int, wall_clock_hours: float | None) -> Goodput:
    """What failures do to a job of so many accelerators, and how often they come in so many hours."""
    between = mean_hours_between_interruptions(accelerator_count)
    interval = optimal_checkpoint_interval_s(CHECKPOINT_S, between * SECONDS_PER_HOUR)
    share = goodput_fraction(interval, CHECKPOINT_S, RESTART_S, between * SECONDS_PER_HOUR)
    return Goodput(wall_clock_hours / between if wall_clock_hours else None, between, interval, share)


def _implied_mfu(model_flop: Uncertain, hours: Uncertain, peaks: Peaks) -> Uncertain:
    return model_flop / hours / (peaks.own * SECONDS_PER_HOUR)


def _usual_goodput(accelerator_count: int | None) -> float:
    """What a fitted MFU already holds of failures, at this size."""
    return goodput_of(accelerator_count or USUAL_COUNT, None).goodput_fraction
