"""What a plan of a training run answers: the run of lowest loss, what holds it back, and what else is as good."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlquote.estimators.training.memory import Split
from mlquote.kit.provenance import Number, Range


@dataclass(frozen=True, slots=True)
class LawLoss:
    """What one law foretells of a run."""

    law: str
    loss: Range
    """Nats per token; the range is that of the tokens that the budget buys, the law itself taken as it is."""
    regret: float
    """How far it lies above the best that this law says the budget buys."""
    percent_compute_lost: float | None
    """What the regret is worth: compute that this law's best run could do without; null where tokens are repeated."""
    beyond_fit: tuple[str, ...]
    """Which of size and compute lie beyond what the law was fitted on."""


@dataclass(frozen=True, slots=True)
class PlannedTraining:
    """A run as the training estimate has it, ready to be asked again."""

    params: int
    tokens: float
    """Seen, repeats included."""
    epochs: float | None
    """Passes over `unique_tokens`; null where nobody says how many there are."""
    tokens_per_param: float
    architecture: Mapping[str, Any]
    accelerator: str
    accelerator_count: int
    precision: str
    layout: Split | None
    """How the model is split over the accelerators, so that it fits."""
    provider: str | None
    region: str | None
    price_model: str
    losses: tuple[LawLoss, ...]
    worst_regret: float
    training_flop: Range | None
    accelerator_hours: Range
    wall_clock_hours: Range | None
    energy_kwh: Range | None
    emissions_kgco2e: Range | None
    cost_usd: Range | None
    mfu: Range | None
    memory_bytes_per_accelerator: float | None
    memory_fits_probability: float | None
    question: Mapping[str, Any]
    """What to ask `/v1/estimates/training` for these figures, to the last digit."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One limit: how much of it the plan takes, and what a little more of it would be worth."""

    limit: str
    """The field that sets it."""
    given: Number
    used: Number | None
    slack_fraction: float | None
    """Share of it that is left over; 0 where it binds."""
    is_binding: bool
    loss_per_unit: float | None
    """Nats of one unit more (a dollar, an hour, a day, a kWh, a kg, a FLOP, a token), the choice kept: at most 0; null
    for limits that only say what may be chosen."""
    step_fraction: float | None
    """How far the limit is moved for the two figures below, everything chosen anew."""
    loss_change_with_more: float | None
    loss_change_with_less: float | None


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """A plan within the limits that none beats in loss, dollars, days and kg at once."""

    loss: float
    cost_usd: Number | None
    wall_clock_days: float
    emissions_kgco2e: float | None
    params: int
    tokens: float
    accelerator: str
    accelerator_count: int
    precision: str
    provider: str | None
    region: str | None
    price_model: str


@dataclass(frozen=True, slots=True)
class Rival:
    """The best plan on another part or from another seller."""

    accelerator: str
    accelerator_count: int
    precision: str
    provider: str | None
    region: str | None
    price_model: str
    params: int
    tokens: float
    loss: float


@dataclass(frozen=True, slots=True)
class Ties:
    """Choices that cannot be told from the best one."""

    choices: int
    """Pairs of a part (with its precision) and a count that were compared."""
    within_range: int
    """Those whose own best loss is not above the upper end of the plan's loss range: nobody can rank them."""
    nearest: tuple[Rival, ...]
    """The best of the other parts among them."""


@dataclass(frozen=True, slots=True)
class MovedLimit:
    """The plan with one limit moved."""

    change: str
    loss: float
    loss_change: float
    params: int
    tokens: float
    accelerator: str
    accelerator_count: int
    provider: str | None
    region: str | None
    price_model: str
    cost_usd: Range | None
    wall_clock_hours: Range | None


@dataclass(frozen=True, slots=True)
class Lifetime:
    """The plan of the lowest cost of training and use together, at one loss."""

    loss: float
    inference_tokens: float
    training_usd: Number
    inference_usd: Number
    total_usd: Number
    usd_per_mtok: Number
    """Of use: the forward pass of a token on the machines that train, at their efficiency."""
    plan: PlannedTraining
    exceeded: tuple[str, ...]
    """Budgets that training it takes more of than is given: they are not held against it, deadline and tokens are."""
    best_plan_total_usd: Number | None
    """What the plan of lowest loss would cost with the same use."""


@dataclass(frozen=True, slots=True)
class Infeasible:
    """Why no plan is within the limits, and the one that comes nearest."""

    binding: str
    """The limit that has to be raised least, all others kept; or, where none alone is enough, that which the nearest
    plan exceeds most."""
    needed: Number
    given: Number
    times: float
    """What is needed over what is given."""
    is_enough: bool
    """Raising this limit alone is enough."""
    why: str
    nearest: PlannedTraining


@dataclass(frozen=True, slots=True)
class BestTraining:
    """The best plan, or why there is none."""

    feasible: bool
    decided_by: str
    """The law whose loss is lowest in `plan`."""
    plan: PlannedTraining | None
    least_regret: PlannedTraining | None
    """The plan whose worst regret over the laws is least; null under one law."""
    by_law: tuple[PlannedTraining, ...]
    """Each law's own best plan, in the order of the laws: their regrets under the others are the regret table."""
    laws_asked: int
    laws_that_reach: int | None
    """Laws under which the plan has `loss_to`; null where none is asked for."""
    constraints: tuple[Constraint, ...]
    frontier: tuple[FrontierPoint, ...]
    ties: Ties | None
    what_if: tuple[MovedLimit, ...]
    lifetime: Lifetime | None
    infeasible: Infeasible | None
    training_flop: Range | None
    accelerator_hours: Range | None
    energy_kwh: Range | None
    emissions_kgco2e: Range | None
    cost_usd: Range | None
    """Of the plan; null where there is none."""
