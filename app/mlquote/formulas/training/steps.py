"""How long one micro-step of fine-tuning takes: its arithmetic, or what it cannot be faster than, and dequantisation.

A step of a few hundred tokens waits for launches and not for products, so batch, length and packing move the hours of
small runs; frozen weights of 4 bits are unpacked in every pass, whatever the tokens. Constants are fitted by
benchmarks/fit_training.py on measured steps and kept as catalogue rows.
"""

from dataclasses import dataclass
from math import log, log10

BLEND = 4.0
"""Launches and messages run beside arithmetic: the longest counts, and where they are alike a little more."""
REFERENCE_PARAMS = 1e10
REFERENCE_BALANCE = 150.0
"""FLOP for each byte of memory traffic: an A100's dense 16-bit peak over its bandwidth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MicroStep:
    """One forward and backward pass of one accelerator, as far as its time depends on it."""

    hardware_flop: float
    """Recomputation included."""
    layers: int
    trained_params: float
    """Of the base weights; 0 under adapters."""
    trained_bytes: float
    """Weights, gradients and optimizer states of these."""
    memory_bytes_per_s: float
    peak_flop_per_s: float
    """Dense, 16 bits."""
    quantised_params: float
    """Frozen at 4 bits."""
    passes: int
    """Over the weights: forward, backward, and forward again where layers are recomputed."""
    active_params: float
    is_adapted: bool
    is_card: bool
    """A card that is sold alone, and not the part of a server of several."""
    is_fused: bool = False
    """Its kernels are compiled or written by hand, as where the loss is (torchtune, Liger, Unsloth)."""

    @property
    def balance(self) -> float:
        """FLOP of its peak for each byte of memory traffic."""
        return self.peak_flop_per_s / self.memory_bytes_per_s


@dataclass(frozen=True, slots=True)
class StepCosts:
    """What a micro-step takes beside its arithmetic."""

    launch_s: float
    """Of the kernels of one layer, forward and backward."""
    trained_passes: float
    """Over the states of trained parameters, at the memory's bandwidth: gradients stored and added, weights stepped."""
    dequantised_s: float
    """Of one weight in one pass."""
    trained_s: float = 0.0
    """Of one trained parameter, whatever the memory: how releases before 2026-11-27 say it."""


def saturated_terms(step: MicroStep) -> dict[str, float]:
    """The regressors of a saturated step's utilisation; a factor f of a term counts f^value."""
    terms = {
        "base": 1.0,
        "params:per_decade": log10(step.active_params / REFERENCE_PARAMS),
        "balance": log(step.balance / REFERENCE_BALANCE),
    }
    if step.is_adapted:
        terms["adapters"] = 1.0
    if step.is_card:
        terms["card"] = 1.0
    if step.is_fused:
        terms["fused"] = 1.0
    return terms


def micro_step_s(step: MicroStep, costs: StepCosts, *, flop_per_s: float, sending_s: float = 0.0) -> float:
    """Seconds of one micro-step.

    t = ((C / R)^p + (a L + c S / B)^p + m^p)^(1/p) + b Q n

    Args:    step: C hardware FLOP, L layers, S bytes of trained states, B bytes/s of memory, Q quantised parameters,
             n passes; costs: a, c and b
             flop_per_s: R, the rate of a saturated step; sending_s: m, of messages between ranks
    Returns: seconds
    """
    arithmetic = step.hardware_flop / flop_per_s
    floor = costs.launch_s * step.layers + costs.trained_s * step.trained_params
    floor += costs.trained_passes * step.trained_bytes / step.memory_bytes_per_s
    blended = sum(part**BLEND for part in (arithmetic, floor, sending_s)) ** (1 / BLEND)
    return float(blended + costs.dequantised_s * step.quantised_params * step.passes)
