"""What comes nearest where no plan is within the limits, and the cheapest plan that has a loss."""

from dataclasses import dataclass
from math import inf

import numpy as np

from mlquote.estimators.planning.choices import Floats, Limits
from mlquote.estimators.planning.search import Ground, TriedCells, picked
from mlquote.estimators.planning.settling import Settled, asked
from mlquote.formulas.scaling.many import tokens_for


@dataclass(frozen=True, slots=True)
class Nearest:
    """The plan that exceeds its limits least, and by how much."""

    settled: Settled
    times: float
    """As much of each limit would be enough."""


@dataclass(frozen=True, slots=True)
class Cheapest:
    """The plan of least dollars for training and use together, at one loss."""

    settled: Settled
    usd_per_token: float
    """Of use."""


def nearest_of(ground: Ground, limits: Limits) -> Nearest | None:
    """The choice whose least need, over what there is, is smallest; None where no size fits anywhere, or none reaches
    the loss that is wanted."""
    cells = _needed(ground, ground.question.loss_to)
    if not len(cells.pair):
        return None
    hours = ground.hours(cells)
    flop = ground.family.flop_per_token[cells.shape] * cells.tokens
    with np.errstate(divide="ignore"):
        held = ground.choices.most_hours(limits)[cells.pair]
        times = np.maximum(hours / held, np.maximum(flop / limits.training_flop, cells.tokens / limits.tokens))
    best = picked(ground, limits, cells, np.nan_to_num(times, nan=inf))
    if best is None:
        return None
    wide = limits
    for name in limits.given():
        wide = wide.times(name, float(times[best]) * (1 + 1e-6))
    pair, shape = int(cells.pair[best]), int(cells.shape[best])
    offer = ground.choices.cheapest(pair, wide, float(hours[best]))
    return Nearest(asked(ground, pair, shape, offer, float(np.ceil(cells.tokens[best]))), float(times[best]))


def cheapest_of(ground: Ground, limits: Limits, loss: float, inference_tokens: float) -> Cheapest | None:
    """The cheapest choice within the limits that has a loss under the law that decides."""
    cells = _needed(ground, loss)
    if not len(cells.pair):
        return None
    choices, hours = ground.choices, ground.hours(cells)
    flop = ground.family.flop_per_token[cells.shape]
    inside = (choices.most_hours(limits)[cells.pair] >= hours) & (flop * cells.tokens <= limits.training_flop)
    inside &= cells.tokens <= limits.tokens
    price = _cheapest_hour(ground)[cells.pair]
    used = flop / 3.0 / ground.flop_per_hour(cells) * price
    total = hours * choices.multiplier * price + used * inference_tokens
    best = picked(ground, limits, cells, np.where(inside, np.nan_to_num(total, nan=inf), inf))
    if best is None:
        return None
    pair, shape = int(cells.pair[best]), int(cells.shape[best])
    offer = choices.cheapest(pair, limits, float(hours[best]))
    found = asked(ground, pair, shape, offer, float(np.ceil(cells.tokens[best])))
    return Cheapest(found, usd_per_used_token(ground, found))


def usd_per_used_token(ground: Ground, found: Settled) -> float:
    """Dollars of one token in use: its forward pass, a third of training's FLOP, on the same machine as fast."""
    flop = ground.family.flop_per_token[found.shape] / 3.0
    return float(flop / ground.speed(found.pair, found.shape, found.tokens) * ground.choices.usd[found.offer])


def _needed(ground: Ground, loss: float | None) -> TriedCells:
    """Every cell with the fewest tokens that it needs; those that can do without end left out."""
    cells = ground.all_cells()
    least = ground.least_tokens(cells)
    tokens = least
    if loss is not None:
        of_shapes = tokens_for(ground.laws[0].law, ground.family.params, loss, ground.repeats[0])
        tokens = np.maximum(least, of_shapes[cells.shape])
    kept = np.flatnonzero(tokens < inf)
    return TriedCells(cells.pair[kept], cells.shape[kept], tokens[kept])


def _cheapest_hour(ground: Ground) -> Floats:
    """Dollars of an accelerator-hour of each pair at its cheapest seller."""
    return np.minimum.reduceat(np.nan_to_num(ground.choices.usd, nan=inf), ground.choices.start)
