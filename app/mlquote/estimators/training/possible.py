"""What cannot be: a run faster than its machines, or larger than their memory, has no hours and no dollars."""

from collections.abc import Iterator

from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.machines.peaks import Peaks
from mlquote.estimators.training.hours import Pace
from mlquote.estimators.training.memory import MemoryNeed
from mlquote.estimators.training.methods import kept_beside, recipe_of
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.kit.provenance import Warning
from mlquote.kit.units import BYTES_PER_GB


def impossible(
    question: TrainingQuestion, pace: Pace, peaks: Peaks | None, reachable_fraction: float, memory: MemoryNeed | None
) -> Finding[None]:
    """Why the run cannot be as it was asked; nothing where it can.

    Args:    reachable_fraction: of a dense peak, what the best kernels reach
    """
    return Finding(
        None, warnings=(*_too_fast(question, pace, peaks, reachable_fraction), *_too_large(question, memory))
    )


def _too_fast(
    question: TrainingQuestion, pace: Pace, peaks: Peaks | None, reachable_fraction: float
) -> Iterator[Warning]:
    said = [(name, value) for name in ("mfu", "hfu") if (value := getattr(question, name)) is not None]
    if question.accelerator_hours is None and said:
        name, value = said[0]
        if value > reachable_fraction:
            detail = (
                f"{name} {value:g} is beyond the {reachable_fraction:g} of a dense peak that the best kernels reach"
            )
            yield Warning("mfu-above-reachable", detail)
        return
    if pace.mfu is None or peaks is None or pace.mfu.median <= reachable_fraction:
        return
    detail = (
        f"these hours mean an MFU of {pace.mfu.median:,.4g} of the dense {peaks.own_dtype} peak, beyond the "
        f"{reachable_fraction:g} that the best kernels reach: the work does not belong to the hours, count or part"
    )
    yield Warning("mfu-above-reachable", detail)


def _too_large(question: TrainingQuestion, memory: MemoryNeed | None) -> Iterator[Warning]:
    if memory is None or memory.fits is not False or memory.bytes_per_accelerator is None:
        return
    count, fewest = question.accelerator_count, memory.min_accelerators
    detail = f"{memory.bytes_per_accelerator / BYTES_PER_GB:.3g} GB on the most loaded accelerator"
    if memory.beside_bytes:
        others = " and ".join((*kept_beside(question), *recipe_of(question.method).also_trained))
        detail += f" ({memory.beside_bytes / BYTES_PER_GB:.3g} of them for {others})"
    detail += " exceed what it holds"
    if fewest is None:
        detail += "; no number of them is known to hold the run"
    elif count is None or count < fewest:
        detail += f"; {fewest} accelerators hold the run, everything sharded and recomputed"
    else:
        detail += f"; with recompute full and zero_stage 3, {fewest} would hold the run"
    yield Warning("does-not-fit", detail)
