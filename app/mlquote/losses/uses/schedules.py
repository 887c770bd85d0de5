"""How the learning rate and the gradient are changed on the way: schedules, warm-up, clipping, noise."""

import math
from dataclasses import dataclass

import numpy as np

from mlquote.losses.reading import Array, Reader

SCHEDULES = ("constant", "linear", "cosine", "exponential", "step", "inverse_sqrt")
SCHEDULE_ALIASES = {"cosine_annealing": "cosine", "cosine_decay": "cosine", "multi_step": "step", "poly": "linear"}
RATED = frozenset({"exponential", "step"})
"""Schedules with a rate of decay."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The factor on the learning rate at each step, from 0 on.

    linear        falls to `end` over the steps          cosine       along half a cosine, to `end`
    exponential   rate^t                                  step         rate^floor(t / every)
    inverse_sqrt  1 / sqrt(t + 1)                         warm-up      (t + 1) / warmup first, the schedule after it
    """

    kind: str
    steps: int
    warmup: int = 0
    end: float = 0.0
    rate: float = 1.0
    every: int = 1

    def factor(self, step: int) -> float:
        """The factor at one step."""
        if step < self.warmup:
            return (step + 1) / self.warmup
        t, span = step - self.warmup, max(self.steps - self.warmup, 1)
        if self.kind == "linear":
            return 1.0 - (1.0 - self.end) * t / span
        if self.kind == "cosine":
            return self.end + (1.0 - self.end) * 0.5 * (1.0 + math.cos(math.pi * t / span))
        if self.kind in RATED:
            return float(self.rate ** (t if self.kind == "exponential" else t // self.every))
        return 1.0 / math.sqrt(t + 1) if self.kind == "inverse_sqrt" else 1.0

    def resolved(self) -> dict[str, float | int | str]:
        """What the schedule rests on."""
        found: dict[str, float | int | str] = {"schedule": self.kind, "warmup_steps": self.warmup}
        if self.kind in {"linear", "cosine"}:
            found["end_fraction"] = self.end
        if self.kind in RATED:
            found["decay_rate"] = self.rate
        return found | ({"decay_every": self.every} if self.kind == "step" else {})


def read_schedule(reader: Reader, steps: int) -> Schedule:
    """The schedule asked for; only the fields that this one has."""
    kind = reader.word("schedule", SCHEDULES, "constant", aliases=SCHEDULE_ALIASES) or "constant"
    warmup = reader.whole("warmup_steps", 0)
    end = reader.number("end_fraction", 0.0, low=0.0, high=1.0) if kind in {"linear", "cosine"} else 0.0
    rate = reader.number("decay_rate", 0.1 if kind == "step" else 0.99, low=0.0, high=1.0) if kind in RATED else 1.0
    return Schedule(kind, steps, warmup, end, rate, reader.whole("decay_every", 1, low=1) if kind == "step" else 1)


@dataclass(frozen=True, slots=True)
class Handling:
    """What is done to a gradient before the step: clipped by its length or by the entry, noise added."""

    clip_norm: float | None
    clip_value: float | None
    noise: float

    def handled(self, gradient: Array, draw: np.random.Generator) -> Array:
        """The gradient as the optimiser sees it: clipped entry by entry, then by its length, then with noise."""
        if self.clip_value is not None:
            gradient = np.clip(gradient, -self.clip_value, self.clip_value)
        if self.clip_norm is not None:
            length = float(np.linalg.norm(gradient))
            gradient = gradient * (self.clip_norm / length) if length > self.clip_norm else gradient
        return gradient + draw.normal(scale=self.noise, size=gradient.shape) if self.noise else gradient


def read_handling(reader: Reader) -> Handling:
    """Bounds > 0 where given; a standard deviation >= 0."""
    norm = reader.number("clip_norm", low=0.0, open_low=True) if reader.raw("clip_norm") is not None else None
    value = reader.number("clip_value", low=0.0, open_low=True) if reader.raw("clip_value") is not None else None
    return Handling(norm, value, reader.number("noise", 0.0, low=0.0))
