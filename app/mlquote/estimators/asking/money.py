"""Uncertain amounts as money: rounded once, on the way out."""

from math import exp

from mlquote.formulas.uncertainty import Z80, Uncertain
from mlquote.kit.money import estimated_usd
from mlquote.kit.provenance import Range


def usd_range(value: Uncertain | None) -> Range | None:
    """The 80 % interval and the median as dollars; None where the amount is unknown."""
    if value is None:
        return None
    median = estimated_usd(value.median)
    if not value.loads:
        return Range(median, median, median)
    spread = exp(Z80 * value.log_sd)
    return Range(estimated_usd(value.median / spread), median, estimated_usd(value.median * spread))
