"""What failures cost: how often many accelerators are interrupted, and how much of the time is useful work."""

from math import sqrt

from mlquote.kit.units import HOURS_PER_DAY

LLAMA3_INTERRUPTIONS = 419
LLAMA3_DAYS = 54
LLAMA3_ACCELERATORS = 16_384
"""Unexpected interruptions of the Llama 3 405B run. Source: Grattafiori et al. 2024, The Llama 3 Herd of Models,
section 3.3.4 and table 5."""

ACCELERATOR_MTBF_HOURS = LLAMA3_ACCELERATORS * LLAMA3_DAYS * HOURS_PER_DAY / LLAMA3_INTERRUPTIONS
"""Mean accelerator-hours between unexpected interruptions: 16,384 x 54 x 24 / 419 = 50,676 h."""

CHECKPOINT_S = 15.0
"""Seconds a job stands still for one checkpoint written aside; with RESTART_S this gives Llama 3 its "higher than 90 %
effective training time" (Grattafiori et al. 2024, section 3.3.4)."""
RESTART_S = 600.0
"""Seconds to notice a failure, replace the node and reload: minutes where it is automated (the same section)."""


def mean_hours_between_interruptions(
    accelerator_count: float, accelerator_mtbf_hours: float = ACCELERATOR_MTBF_HOURS
) -> float:
    """Mean time between interruptions of a job that stops when any one accelerator does.

    M = m / n

    Args:    accelerator_count: n, > 0
             accelerator_mtbf_hours: m, mean hours between interruptions per accelerator, > 0
    Returns: hours (Llama 3's 16,384 GPUs: 3.09 h)
    Source:  independent exponential failures; m from Grattafiori et al. 2024
    """
    return accelerator_mtbf_hours / accelerator_count


def optimal_checkpoint_interval_s(checkpoint_s: float, mean_s_between_interruptions: float) -> float:
    """Seconds of work between two checkpoints that lose the least time.

    tau = sqrt(2 d M) [1 + sqrt(d / 2M) / 3 + (d / 2M) / 9] - d   for d < 2M, else M

    Args:    checkpoint_s: d, seconds the job stands still for one checkpoint, > 0
             mean_s_between_interruptions: M, seconds, > 0
    Returns: seconds
    Source:  Young 1974 (first term); Daly 2006, A higher order estimate of the optimum checkpoint interval, eq. 37
    """
    d, m = checkpoint_s, mean_s_between_interruptions
    if d >= 2 * m:
        return m
    half = d / (2 * m)
    return sqrt(2 * d * m) * (1 + sqrt(half) / 3 + half / 9) - d


def goodput_fraction(
    interval_s: float, checkpoint_s: float, restart_s: float, mean_s_between_interruptions: float
) -> float:
    """Share of wall-clock time that moves the training forward.

    g = tau / (tau + d) * 1 / (1 + (R + (tau + d) / 2) / M)

    Each interval of tau seconds costs d more for its checkpoint; each interruption costs the restart and, on average,
    half an interval of lost work.

    Args:    interval_s: tau; checkpoint_s: d; restart_s: R (detect, restart, reload); all seconds
             mean_s_between_interruptions: M, seconds
    Returns: fraction, in (0, 1)
    Source:  first-order model of Daly 2006, section 2; Kokolis et al. 2024, Revisiting Reliability, eq. 1 (ETTR)
    """
    lost_per_interruption = restart_s + (interval_s + checkpoint_s) / 2
    return interval_s / (interval_s + checkpoint_s) / (1 + lost_per_interruption / mean_s_between_interruptions)


def spot_overhead_factor(
    interruptions_per_hour: float, interval_s: float, checkpoint_s: float, restart_s: float
) -> float:
    """Billed hours per useful hour on machines that may be taken away: at least 1.

    f = 1 / goodput_fraction at M = 3600 / rate

    Args:    interruptions_per_hour: of the whole job, >= 0
    Returns: factor on accelerator-hours
    """
    if interruptions_per_hour <= 0:
        return 1.0
    return 1 / goodput_fraction(interval_s, checkpoint_s, restart_s, 3600 / interruptions_per_hour)
