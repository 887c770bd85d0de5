"""How long one micro-step of fine-tuning takes: its arithmetic, or what it cannot be faster than, and dequantisation.

A step of a few hundred tokens waits for launches and not for products, so batch, length and packing move the hours of
small runs; frozen weights of 4 bits are unpacked in every pass, whatever the tokens. Constants are fitted by
benchmarks/fit_training.py on measured steps and kept as catalogue rows.
"""

from dataclasses import dataclass
from math import log10

BLEND = 4.0
"""Launches and messages run beside arithmetic: the longest counts, and where they are alike a little more."""
REFERENCE_PARAMS = 1e10


@dataclass(frozen=True, slots=True, kw_only=True)
class MicroStep:
    """One forward and backward pass of one accelerator, as far as its time depends on it."""

    hardware_flop: float
    """Recomputation included."""
    layers: int
    trained_params: float
    """Of the base weights; 0 under adapters."""
    quantised_params: float
    """Frozen at 4 bits."""
    passes: int
    """Over the weights: forward, backward, and forward again where layers are recomputed."""
    active_params: float
    is_adapted: bool
    is_card: bool
    """A card that is sold alone, and not the part of a server of several."""


@dataclass(frozen=True, slots=True)
class StepCosts:
    """What a micro-step takes beside its arithmetic."""

    launch_s: float
    """Of the kernels of one layer, forward and backward."""
    trained_s: float
    """Of one trained parameter: its gradient is stored, added and walked over."""
    dequantised_s: float
    """Of one weight in one pass."""


def saturated_terms(step: MicroStep) -> dict[str, float]:
    """The regressors of a saturated step's utilisation; a factor f of a term counts f^value."""
    terms = {"base": 1.0, "params:per_decade": log10(step.active_params / REFERENCE_PARAMS)}
    if step.is_adapted:
        terms["adapters"] = 1.0
    if step.is_card:
        terms["card"] = 1.0
    return terms


def micro_step_s(step: MicroStep, costs: StepCosts, *, flop_per_s: float, sending_s: float = 0.0) -> float:
    """Seconds of one micro-step.

    t = ((C / R)^p + (a L + c P)^p + m^p)^(1/p) + b Q n

    Args:    step: C hardware FLOP, L layers, P trained and Q quantised parameters, n passes
             costs: a, c and b; flop_per_s: R, the rate of a saturated step; sending_s: m, of messages between ranks
    Returns: seconds
    """
    arithmetic = step.hardware_flop / flop_per_s
    floor = costs.launch_s * step.layers + costs.trained_s * step.trained_params
    blended = sum(part**BLEND for part in (arithmetic, floor, sending_s)) ** (1 / BLEND)
    return float(blended + costs.dequantised_s * step.quantised_params * step.passes)
