"""Models that answer in whole passes instead of token by token: an image, a vector, a score, a transcript."""

from math import ceil

WINDOW_S = 30.0
"""Seconds of sound that a speech encoder reads at once; shorter ones are filled up with silence."""
WINDOW_POSITIONS = 1500
"""Positions of one such window in the encoder: 3,000 frames of 10 ms, halved by a convolution."""


def image_flop(denoiser_flop: float, steps: float, passes_per_step: float) -> float:
    """One image: the denoiser at each noise level, once more each where guidance asks it without the text.

    F = s g F_denoiser

    Args:    denoiser_flop: forward FLOP at one noise level; steps: s, noise levels; passes_per_step: g, 2 with
             classifier-free guidance, 1 without or where it is distilled into the model
    Returns: FLOP; text encoder and image decoder left out
    Source:  Ho and Salimans 2022, Classifier-Free Diffusion Guidance, algorithm 2
    """
    return steps * passes_per_step * denoiser_flop


def speech_windows(audio_s: float) -> int:
    """Windows of 30 s that a recording takes, the last one filled up.

    Source:  Radford et al. 2022, Robust Speech Recognition via Large-Scale Weak Supervision, section 2.2
    """
    return max(1, ceil(audio_s / WINDOW_S))


def units_per_s(accelerators: float, flop_per_s: float, flop_per_unit: float) -> float:
    """What accelerators would deliver at their data sheet's rate: R = n F / F_unit.

    Args:    accelerators: n; flop_per_s: F, dense peak of one; flop_per_unit: > 0
    Returns: units per second
    """
    return accelerators * flop_per_s / flop_per_unit
