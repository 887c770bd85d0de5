"""Losses of signals in time: the scale-invariant ratio of signal to distortion."""

import math

import numpy as np

from mlquote.losses.loss import Array, Block, row_dots, steep


def si_sdr(block: Block) -> Array:
    """Minus the scale-invariant ratio of signal to distortion, in decibels.

        L = -10 log10( |s|^2 / |p - s|^2 ),  s = (p.t / t.t) t;  zero_mean takes each signal's mean off first

    Gradient: 10/log 10 (dE/E - dS/S) with S = (p.t)^2 / t.t, E = p.p - S, dS = 2 (p.t / t.t) t and dE = 2 p - dS.
    Domain: signals along the last axis; t not all 0, p neither 0 nor at right angles to t.
    Aligned with: the direction of the target; not its loudness.
    Pitfalls: it falls without bound as the estimate becomes exact; SNR keeps the scale, this does not.
    Source: Le Roux et al., SDR - half-baked or well done? (2019), equation 3.
    """
    p, t = block.p, block.y
    if block["zero_mean"]:
        p, t = p - p.mean(axis=1, keepdims=True), t - t.mean(axis=1, keepdims=True)
    power = row_dots(t, t)
    block.require("targets", power > 0.0, "is silent", "a target that is not all 0")
    along = row_dots(p, t)
    signal = along * along / power
    rest = np.maximum(row_dots(p, p) - signal, 0.0)
    if block.wants():
        moved = (2.0 * along / power)[:, None] * t
        slope = (10.0 / math.log(10.0)) * ((2.0 * p - moved) / rest[:, None] - moved / signal[:, None])
        block.give(slope - slope.mean(axis=1, keepdims=True) if block["zero_mean"] else slope)
    values: Array = (10.0 / math.log(10.0)) * (np.log(rest) - np.log(signal))
    return values


si_sdr_properties = steep("the direction of the target", below=None, differentiable=True)
