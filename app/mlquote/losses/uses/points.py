"""What a point of an objective is, by the signs of its curvatures, and where its stationary points are."""

import numpy as np

from mlquote.losses.reading import Answer, Array
from mlquote.losses.uses.model import Objective

STATIONARY = 1e-6
"""A gradient this small, relative to the objective's scale, is taken for 0."""
FLAT = 1e-8
"""A curvature this small, relative to the largest, is taken for 0: of models linear in theta."""
FLAT_NETWORK = 1e-6
"""The same of networks, whose Hessian is a difference of gradients that are not linear."""
MOST_COEFFICIENTS = 16
"""Coefficients up to which stationary points are looked for."""
NEWTON_STEPS = 60
APART = 1e-4
"""Points nearer than this, relative to their size, are one."""


def describe(J: Objective, theta: Array) -> Answer:
    """Objective, gradient norm, extreme curvatures and verdict at theta.

    minimum, maximum: all curvatures of one sign; saddle: both signs; degenerate: some curvature is 0 and the rest
    agree (a flat valley where they rise); slope: the gradient is not 0; unknown: too many coefficients for a Hessian.
    """
    value, gradient = J.value_and_gradient(theta)
    norm = float(np.linalg.norm(gradient))
    hessian = J.hessian(theta)
    found: Answer = {"objective": value, "gradient": gradient, "gradient_norm": norm, "_axes": None}
    if hessian is None:
        return found | {"hessian_min": None, "hessian_max": None, "verdict": "unknown", "curvature_signs": None}
    curvatures, axes = np.linalg.eigh(hessian)
    flat = FLAT if J.network.linear else FLAT_NETWORK
    verdict = "slope" if norm > STATIONARY * max(1.0, abs(value)) else classify(curvatures, flat)
    found |= {"hessian_min": float(curvatures[0]), "hessian_max": float(curvatures[-1]), "_axes": axes}
    return found | {"verdict": verdict, "curvature_signs": signs(curvatures, flat)}


def signs(curvatures: Array, flat: float) -> dict[str, int]:
    """How many directions rise, fall, and are flat to second order."""
    small = flat * max(float(np.abs(curvatures).max()), 1e-300)
    up, down = int((curvatures > small).sum()), int((curvatures < -small).sum())
    return {"up": up, "down": down, "flat": len(curvatures) - up - down}


def classify(curvatures: Array, flat: float = FLAT) -> str:
    """What a stationary point is, from its curvatures."""
    count = signs(curvatures, flat)
    if count["up"] and count["down"]:
        return "saddle"
    if count["flat"]:
        return "degenerate"
    return "minimum" if count["up"] else "maximum"


def search(J: Objective, starts: list[Array]) -> list[Answer]:
    """Stationary points found from some starts by damped Newton steps on the squared gradient, each once, lowest first.

    A point where all slopes vanish is found whatever its kind: minima, saddles and flat valleys alike.
    """
    found: list[Answer] = []
    for start in starts:
        theta = _stationary(J, start)
        if theta is None or any(_same(theta, np.asarray(each["theta"])) for each in found):
            continue
        said = describe(J, theta)
        kept = {name: said[name] for name in ("objective", "gradient_norm", "verdict", "curvature_signs")}
        found.append({"theta": theta, **kept, "kind": _kind(said)})
    return sorted(found, key=lambda each: float(each["objective"]))


def _kind(said: Answer) -> str:
    """The verdict in the words of surfaces: a degenerate point that rises elsewhere lies in a flat valley."""
    counts = said["curvature_signs"] or {}
    return "flat valley" if said["verdict"] == "degenerate" and counts.get("up") else str(said["verdict"])


def _same(one: Array, other: Array) -> bool:
    return bool(np.linalg.norm(one - other) <= APART * (1.0 + np.linalg.norm(one)))


def _stationary(J: Objective, start: Array) -> Array | None:
    """Where Levenberg-Marquardt steps on the gradient lead from a start; None where it does not vanish there."""
    theta, damping = start.copy(), 1e-3
    value, gradient = J.value_and_gradient(theta)
    for _ in range(NEWTON_STEPS):
        size = float(np.linalg.norm(gradient))
        if size <= 1e-3 * STATIONARY * max(1.0, abs(value)):
            break
        hessian = J.hessian(theta)
        if hessian is None or not np.isfinite(hessian).all():
            return None
        flat = gradient.ravel()
        step = np.linalg.solve(hessian @ hessian + damping * np.eye(len(flat)), hessian @ flat)
        there = theta - step.reshape(theta.shape)
        moved, slope = J.value_and_gradient(there)
        if np.linalg.norm(slope) < size:
            theta, value, gradient, damping = there, moved, slope, max(damping / 5.0, 1e-12)
        else:
            damping *= 10.0
    return theta if np.linalg.norm(gradient) <= STATIONARY * max(1.0, abs(value)) else None
