"""Following the gradient downhill, step by step: every theta on the way, the stability bound, and what it ends at."""

import math
from dataclasses import dataclass

import numpy as np

from mlquote.kit.errors import TooLarge
from mlquote.losses.blocks import ALONE, Machine
from mlquote.losses.diagnostics import remark
from mlquote.losses.reading import Answer, Array, Body, Reader
from mlquote.losses.uses.model import Objective, objective
from mlquote.losses.uses.optimizers import DECOUPLED, FIGURES, OPTIMIZERS, Settings
from mlquote.losses.uses.points import describe
from mlquote.losses.uses.schedules import Handling, Schedule, read_handling, read_schedule

MAX_STEPS = 10_000
MAX_WORK = 1_000_000_000
MAX_TRACED = 1_000_000

ALIASES = {
    "gradient_descent": "gd",
    "stochastic_gradient_descent": "sgd",
    "heavy_ball": "momentum",
    "rms_prop": "rmsprop",
    "adam_w": "adamw",
}
"""Other names of an optimizer."""
INTERVALS = {"momentum": (0.0, 1.0), "decay": (0.0, 1.0), "beta1": (0.0, 1.0), "beta2": (0.0, 1.0)}


@dataclass(frozen=True, slots=True)
class Way:
    """How a descent goes: optimiser, schedule, what is done to gradients, rows a step, and the seed of chance."""

    name: str
    settings: Settings
    steps: int
    schedule: Schedule
    handling: Handling
    batch_size: int
    seed: int


@np.errstate(all="ignore")
def descent(body: Body, machine: Machine = ALONE) -> Answer:
    """Answer `{model, loss, X, y, theta0, learning_rate, steps, optimizer ...}` with every theta and objective."""
    reader = Reader(body)
    way = _way(reader)
    J, theta = objective(reader, "theta0", machine, max_entries=MAX_WORK)
    if way.name == "muon" and theta.ndim != 2 and not reader.faults:
        reader.refuse("optimizer", "muon moves matrices, and theta is none", "model softmax, or another optimizer")
    reader.finish()
    if way.steps * J.X.size > MAX_WORK or (way.steps + 1) * theta.size > MAX_TRACED:
        detail = f"{way.steps} steps over {J.X.size} entries"
        raise TooLarge(detail, pointer="/steps", hint=f"steps x N x p <= {MAX_WORK:g}")
    trace = _run(J, theta, way)
    ends = {"starts_at": _place(J, trace["thetas"][0]), "ends_at": _place(J, trace["thetas"][-1])}
    return {**trace, **ends, **_stability(J, way, trace["objectives"]), "resolved": _resolved(J, way)}


def _way(reader: Reader) -> Way:
    default = "momentum" if "momentum" in reader else "gd"
    name = reader.word("optimizer", OPTIMIZERS, default, aliases=ALIASES) or "gd"
    settings = _settings(reader, name)
    steps = reader.whole("steps", low=0, high=MAX_STEPS)
    schedule, handling = read_schedule(reader, steps), read_handling(reader)
    batch_size = reader.whole("batch_size", 1, low=1) if name == "sgd" else 0
    seed = reader.whole("seed", 0) if batch_size or handling.noise else 0
    return Way(name, settings, steps, schedule, handling, batch_size, seed)


def _settings(reader: Reader, name: str) -> Settings:
    """The figures this optimiser uses."""
    found = Settings(reader.number("learning_rate", low=0.0, open_low=True))
    for figure, default in FIGURES[name].items():
        if isinstance(default, bool):
            setattr(found, figure, reader.flag(figure, default))
        elif figure in INTERVALS:
            setattr(found, figure, reader.number(figure, default, low=0.0, high=1.0, open_high=True))
        else:
            setattr(found, figure, reader.number(figure, default, low=0.0, open_low=True))
    found.weight_decay = reader.number("weight_decay", DECOUPLED.get(name, 0.0), low=0.0)
    return found


def _run(J: Objective, theta: Array, way: Way) -> Answer:
    """Every theta, objective and gradient norm; stops where the numbers overflow."""
    draw, settings = np.random.default_rng(way.seed), way.settings
    order, rate = np.arange(0), settings.learning_rate
    value, gradient = J.value_and_gradient(theta)
    thetas, objectives, norms = [theta], [value], [float(np.linalg.norm(gradient))]
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(way.steps):
            settings.step += 1
            settings.learning_rate = rate * way.schedule.factor(step)
            if way.batch_size:
                if len(order) < way.batch_size:
                    order = np.concatenate([order, draw.permutation(len(J.X))])
                rows, order = order[: way.batch_size], order[way.batch_size :]
                gradient = J.value_and_gradient(theta, rows)[1]
            theta = _moved(theta, way.handling.handled(gradient, draw), way)
            if not np.isfinite(J.network.scores(theta)).all():
                break
            value, gradient = J.value_and_gradient(theta)
            thetas.append(theta)
            objectives.append(value)
            norms.append(float(np.linalg.norm(gradient)))
    settings.learning_rate = rate
    return {"thetas": np.array(thetas), "objectives": np.array(objectives), "gradient_norms": np.array(norms)}


def _moved(theta: Array, gradient: Array, way: Way) -> Array:
    """One step; decoupled decay shrinks theta beside it, coupled decay is part of the gradient."""
    settings = way.settings
    if settings.weight_decay and way.name not in DECOUPLED:
        gradient = gradient + settings.weight_decay * theta
    moved = OPTIMIZERS[way.name](theta, gradient, settings)
    if settings.weight_decay and way.name in DECOUPLED:
        moved = moved - settings.learning_rate * settings.weight_decay * theta
    return moved


def _place(J: Objective, theta: Array) -> Answer | None:
    """What the objective is like at one end, where it has few coefficients."""
    if theta.size > MAX_DESCRIBED:
        return None
    found = describe(J, theta)
    return {name: found[name] for name in ("objective", "gradient_norm", "verdict", "curvature_signs")}


MAX_DESCRIBED = 32
"""Coefficients beyond which the ends of a descent are not looked at."""


def _stability(J: Objective, way: Way, objectives: Array) -> Answer:
    """The bound 2/L on the step of plain gradient descent, and whether this descent went wrong."""
    settings, largest = way.settings, J.smoothness()
    bound = None if not largest else 2.0 / largest
    plain = way.name == "gd" and not settings.momentum
    last = float(objectives[-1])
    diverged = len(objectives) <= settings.step or not math.isfinite(last) or last > float(objectives[0])
    found: Answer = {"stability_bound": bound, "largest_curvature": largest, "diverged": bool(diverged)}
    said = []
    if plain and bound is not None and settings.learning_rate > bound:
        message = f"learning_rate {settings.learning_rate:g} exceeds 2/L = {bound:g}: gradient descent is not stable"
        said.append(remark("above_stability_bound", message))
    if plain and J.question.reduction == "sum" and len(J.X) > 1:
        message = f"reduction sum: a step is {len(J.X)} times that of the mean, and grows with the rows"
        said.append(remark("sum_scales_the_step", message))
    if diverged:
        said.append(remark("diverged"))
    if settings.nesterov and not settings.momentum:
        said.append(remark("field_not_used", "nesterov has no say here: it acts only beside momentum"))
    return found | {"diagnostics": said}


def _resolved(J: Objective, way: Way) -> Answer:
    settings, handling, question = way.settings, way.handling, J.question
    chance = {"seed": way.seed} if way.batch_size or handling.noise else {}
    return {
        "optimizer": way.name,
        "learning_rate": settings.learning_rate,
        **{figure: getattr(settings, figure) for figure in FIGURES[way.name]},
        "weight_decay": settings.weight_decay,
        "weight_decay_kind": "decoupled" if way.name in DECOUPLED else "coupled",
        **way.schedule.resolved(),
        "clip_norm": handling.clip_norm,
        "clip_value": handling.clip_value,
        "noise": handling.noise,
        **({"batch_size": way.batch_size} if way.batch_size else {}),
        **chance,
        "loss": question.loss.name,
        "input_form": question.batch.form,
        "params": dict(question.batch.params),
        "reduction": question.reduction,
        "regularization": J.penalty_bodies,
    }
