"""What comes nearest where no plan is within the limits, and the cheapest plan that has a loss."""

from dataclasses import dataclass, replace
from math import inf

import numpy as np

from mlquote.estimators.planning.choices import Floats, Limits
from mlquote.estimators.planning.search import Ground, TriedCells, picked
from mlquote.estimators.planning.settling import Settled, asked
from mlquote.formulas.scaling.many import tokens_for


@dataclass(frozen=True, slots=True)
class Raised:
    """The limit that is raised, None for all of them, and how many times."""

    limit: str | None
    times: float


@dataclass(frozen=True, slots=True)
class Nearest:
    """The plan that would be possible with least more, and with how much."""

    settled: Settled
    raised: Raised


@dataclass(frozen=True, slots=True)
class Cheapest:
    """The plan of least dollars for training and use together, at one loss."""

    settled: Settled
    usd_per_token: float
    """Of use."""


def nearest_of(ground: Ground, limits: Limits) -> Nearest | None:
    """The plan for which one limit has to be raised least, all others kept; where none alone is enough, the one for
    which all have to be raised least. None where no size fits anywhere, or none reaches the loss that is wanted."""
    cells = _needed(ground, ground.question.loss_to)
    if not len(cells.pair):
        return None
    hours = ground.hours(cells)
    ways = [(name, limits.times(name, inf), _times(ground, limits, name, cells, hours)) for name in limits.given()]
    found = [(name, times, picked(ground, relaxed, cells, times)) for name, relaxed, times in ways]
    alone = [(float(times[best]), name, best) for name, times, best in found if best is not None]
    if not alone:
        return _all_raised(ground, limits, cells, hours)
    times, name, best = min(alone)
    return _nearest(ground, limits.times(name, times * (1 + 1e-6)), cells, best, Raised(name, times))


def _times(ground: Ground, limits: Limits, name: str, cells: TriedCells, hours: Floats) -> Floats:
    """How many times one limit has to be raised for each cell; infinite where another is in the way."""
    choices, others = ground.choices, limits.times(name, inf)
    flop = ground.family.flop_per_token[cells.shape] * cells.tokens
    inside = (flop <= others.training_flop) & (cells.tokens <= others.tokens)
    held, alone = choices.hours_at(others), choices.hours_at(replace(Limits(), **{name: getattr(limits, name)}))
    edges = np.searchsorted(cells.pair, np.arange(choices.pairs + 1))
    found = np.full(len(hours), inf)
    for pair in range(choices.pairs):
        some, of = choices.offers(pair), slice(edges[pair], edges[pair + 1])
        with np.errstate(divide="ignore"):
            times = hours[None, of] / alone[some, None]
        times[held[some, None] < hours[None, of] * (1 - 1e-9)] = inf
        found[of] = times.min(axis=0, initial=inf)
    beside = {"training_flop": flop / limits.training_flop, "tokens": cells.tokens / limits.tokens}.get(name)
    if beside is not None:
        found = np.where(found < inf, beside, inf)
    return np.where(inside, found, inf)


def _all_raised(ground: Ground, limits: Limits, cells: TriedCells, hours: Floats) -> Nearest | None:
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
    return _nearest(ground, wide, cells, best, Raised(None, float(times[best])))


def _nearest(ground: Ground, wide: Limits, cells: TriedCells, best: int, raised: Raised) -> Nearest:
    some = cells.only(np.array([best]))
    pair, shape = int(some.pair[0]), int(some.shape[0])
    offer = ground.choices.cheapest(pair, wide, float(ground.hours(some)[0]))
    return Nearest(asked(ground, pair, shape, offer, float(np.ceil(some.tokens[0]))), raised)


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
