"""What each limit of a plan is worth: which binds, the loss of one unit more, and of a step either way."""

from collections.abc import Iterator
from math import inf, isnan

import numpy as np

from mlquote.estimators.planning.choices import Limits
from mlquote.estimators.planning.search import Found, Ground, TriedCells, search
from mlquote.estimators.planning.settling import Settled, settled
from mlquote.estimators.planning.telling_plan import loss_at
from mlquote.estimators.planning.training_question import TrainingPlan
from mlquote.estimators.planning.training_result import Constraint, MovedLimit
from mlquote.formulas.scaling.many import loss_per_token

STEP = 0.1
"""How far a limit is moved either way."""
MORE = 2.0
"""How many times a limit is taken to say what more of it would bring."""
BINDS = 1e-4
"""A limit of which no more than this share is left binds."""
HOPED = 2.6
"""No choice sees more than so many times its tokens where one limit is doubled."""


def binding_of(found: Settled, limits: Limits) -> str | None:
    """The limit of which least is left; None where no limit is near."""
    room = {name: limit / found.used[name] for name, limit in limits.given().items() if not isnan(found.used[name])}
    name = min(room, key=lambda each: room[each], default=None)
    return name if name is not None and room[name] <= 1.0 + BINDS else None


def constraints_of(found: Found, best: Settled) -> tuple[Constraint, ...]:
    """Every limit that was given: its use, its slack, and where it binds its price."""
    budgets = (_constraint(found, best, name, limit) for name, limit in found.limits.given().items())
    return (*budgets, *_bounds(found.ground, best))


def _bounds(ground: Ground, best: Settled) -> Iterator[Constraint]:
    """Limits of sizes, counts and tokens that are no budget: whether the plan stands at them."""
    asked, sizes = ground.question, ground.family.params
    params, count = float(sizes[best.shape]), float(ground.choices.count[best.pair])
    beside = float(sizes[min(best.shape + 1, len(sizes) - 1)]), float(sizes[max(best.shape - 1, 0)])
    rows = (
        ("max_params", asked.max_params, params, params < (asked.max_params or inf) < beside[0]),
        ("min_params", asked.min_params, params, beside[1] < (asked.min_params or 0) <= params),
        ("max_accelerators", asked.max_accelerators, count, count * 1.5 > (asked.max_accelerators or inf)),
        ("min_tokens", asked.min_tokens, best.tokens, best.tokens <= (asked.min_tokens or 0) * (1 + BINDS)),
    )
    for field, given, used, binds in rows:
        if given is not None:
            slack = max(0.0, 1.0 - used / given) if field.startswith("max") else max(0.0, 1.0 - given / used)
            yield Constraint(field, float(given), used, slack, binds, None, None, None, None)


def _constraint(found: Found, best: Settled, name: str, limit: float) -> Constraint:
    ground, used = found.ground, best.used[name]
    field, unit = _field(ground.question, name)
    slack = None if isnan(used) else max(0.0, 1.0 - used / limit)
    told_use = None if isnan(used) else used / unit
    if slack is None or slack > BINDS:
        price = None if slack is None else 0.0
        return Constraint(field, limit / unit, told_use, slack, False, price, None, None, None)
    here = loss_at(ground, 0, best)
    more, less = (_step(found, name, factor) for factor in (1.0 + STEP, 1.0 - STEP))
    return Constraint(
        field, limit / unit, told_use, slack, True, _price(ground, best, name, limit) * unit, STEP,
        None if more is None else min(0.0, more - here), None if less is None else max(0.0, less - here),
    )  # fmt: skip


def _field(question: TrainingPlan, name: str) -> tuple[str, float]:
    """The field that sets a limit, and how many of the limit's units one of the field's is."""
    if name == "deadline_h":
        return ("deadline_days", 24.0) if question.deadline_days is not None else ("deadline_hours", 1.0)
    if name == "tokens":
        seen = (question.unique_tokens or 0.0) * (question.max_epochs or 0.0)
        most = question.max_tokens
        if most is None or 0.0 < seen < most:
            return "max_epochs", question.unique_tokens or 1.0
        return "max_tokens", 1.0
    return name, 1.0


def _price(ground: Ground, best: Settled, name: str, limit: float) -> float:
    """dL/dR, the choice kept: dL/dD D / (R (1 - e)), e the elasticity of the efficiency to the tokens."""
    slope = loss_per_token(ground.laws[0].law, float(ground.family.params[best.shape]), best.tokens, ground.repeats[0])
    moved = 1e-3
    ends = [ground.speed(best.pair, best.shape, best.tokens * factor) for factor in (1 + moved, 1 - moved)]
    elastic = 0.0 if name in ("tokens", "training_flop") else float(np.log(ends[0] / ends[1]) / (2 * moved))
    return slope * best.tokens / (limit * (1.0 - elastic))


def _step(found: Found, name: str, factor: float) -> float | None:
    """The loss with a limit moved, everything chosen anew; None where nothing is left."""
    moved = found.limits.times(name, factor)
    best = _best(search(found.ground, moved, found.cells))
    return None if best is None else loss_at(found.ground, 0, best)


def _best(found: Found) -> Settled | None:
    cell = found.best[0]
    if cell is None:
        return None
    pair, shape, tokens = (int(found.cells.pair[cell]), int(found.cells.shape[cell]), float(found.cells.tokens[cell]))
    return settled(found.ground, found.limits, pair, shape, tokens)


def what_if(found: Found, best: Settled) -> Iterator[MovedLimit]:
    """The plan with each limit doubled, everything chosen anew."""
    ground, here = found.ground, loss_at(found.ground, 0, best)
    hoped = ground.losses(found.every, 0, HOPED) <= here
    among = _with(found, found.every.only(np.flatnonzero(hoped)))
    for name, limit in found.limits.given().items():
        moved = found.limits.times(name, MORE)
        other = _best(search(ground, moved, among))
        if other is None:
            continue
        field, unit = _field(ground.question, name)
        seller = ground.choices.sellers[int(ground.choices.offer[other.offer])]
        loss = min(here, loss_at(ground, 0, other))
        yield MovedLimit(
            f"{field}={limit * MORE / unit:g}", loss, loss - here, int(other.result.params or 0), other.tokens,
            seller.part.id, int(ground.choices.count[other.pair]), seller.sale.provider or None, seller.sale.region,
            seller.sale.price_model, other.result.cost_usd, other.result.wall_clock_hours,
        )  # fmt: skip


def _with(found: Found, some: TriedCells) -> TriedCells:
    """Some cells, or those that may win where none is hoped for."""
    return some if len(some.pair) else found.cells
