"""How far measured serving is from its estimates: the doubt that a fitted rule keeps, and the ranges it gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, hypot, log
from typing import Literal, Self, get_args

from mlquote.estimators.asking.finding import Finding
from mlquote.formulas.uncertainty import Z80, Uncertain, doubtful
from mlquote.kit.provenance import Range

Quantity = Literal["output_tokens_per_s", "tpot_ms", "ttft_ms", "power_w", "joules_per_output_token"]
QUANTITIES: tuple[Quantity, ...] = get_args(Quantity)
NAMES: Mapping[Quantity, str] = {
    "output_tokens_per_s": "residual.throughput",
    "tpot_ms": "residual.tpot",
    "ttft_ms": "residual.ttft",
    "power_w": "residual.power",
    "joules_per_output_token": "residual.joules",
}
"""What assumptions and shares of variance call each residual."""


@dataclass(frozen=True, slots=True)
class Residual:
    """Measured over estimated of one quantity at the 10th and 90th percentile, in runs held out of the fit."""

    name: str
    """The source of doubt that it is, as assumptions and shares of variance name it."""
    low: float
    high: float
    log_sd: float
    """The log-sd whose 80 % interval is as wide."""

    @classmethod
    def between(cls, quantity: Quantity, low: float, high: float) -> Self:
        """The residual of a quantity: log_sd = ln(high / low) / (2 z), z the normal quantile at 0.9."""
        return cls(NAMES[quantity], low, high, log(high / low) / (2 * Z80))

    def of(self, median: float) -> Uncertain:
        """An estimate of the quantity, in doubt by the residual alone."""
        return doubtful(median, self.log_sd, self.name)

    def around(self, median: float) -> Range:
        """The 80 % interval around an estimate that nothing else puts in doubt: `range(of(median))`."""
        return Range(median * min(self.low, 1.0), median, median * max(self.high, 1.0))

    def range(self, value: Uncertain) -> Range:
        """The 80 % interval around an estimate: as lopsided as the held-out runs are, and wider by other doubts.

        low = m exp(-sqrt(ln(r_low)^2 + (z s)^2)), high alike, s being the log-sd of all doubt beside the residual
        """
        if self.name not in value.loads:
            return value.range()
        if len(value.loads) == 1:
            return self.around(value.median)
        low, high = min(self.low, 1.0), max(self.high, 1.0)
        beside = Z80 * hypot(*(load for name, load in value.loads.items() if name != self.name))
        low, high = exp(-hypot(log(low), beside)), exp(hypot(log(high), beside))
        return Range(value.median * low, value.median, value.median * high)


@dataclass(frozen=True, slots=True)
class Residuals:
    """The residuals that an answer rests on; None of a quantity that is given or unknown."""

    output_tokens_per_s: Finding[Residual]
    tpot_ms: Finding[Residual] | None
    ttft_ms: Finding[Residual] | None
    power_w: Finding[Residual] | None
    joules_per_output_token: Finding[Residual] | None
