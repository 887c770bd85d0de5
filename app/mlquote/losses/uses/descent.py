"""Following the gradient downhill, step by step: GD, SGD, momentum, RMSProp, Adam, AdamW, and the stability bound."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from mlquote.kit.errors import TooLarge
from mlquote.losses.blocks import ALONE, Machine
from mlquote.losses.diagnostics import remark
from mlquote.losses.reading import Answer, Array, Body, Reader
from mlquote.losses.uses.model import Objective, objective

MAX_STEPS = 10_000
MAX_WORK = 1_000_000_000
MAX_TRACED = 1_000_000


@dataclass(slots=True)
class Settings:
    """An optimiser's figures and what it remembers between steps."""

    learning_rate: float
    momentum: float = 0.0
    nesterov: bool = False
    decay: float = 0.9
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    weight_decay: float = 0.0
    memory: dict[str, Array] = field(default_factory=dict)
    step: int = 0

    def kept(self, name: str, like: Array) -> Array:
        """A remembered array, zeros at first."""
        return self.memory.setdefault(name, np.zeros_like(like))


Update = Callable[[Array, Array, Settings], Array]


def momentum(theta: Array, gradient: Array, s: Settings) -> Array:
    """Gradient descent, with PyTorch's momentum where mu > 0.

        v <- mu v + g;  theta <- theta - lr v   (Nesterov: theta - lr (g + mu v))

    Source: Polyak (1964); Sutskever et al., On the importance of initialization and momentum (2013)
    """
    if not s.momentum:
        return theta - s.learning_rate * gradient
    velocity = s.kept("velocity", theta)
    velocity *= s.momentum
    velocity += gradient
    return theta - s.learning_rate * (gradient + s.momentum * velocity if s.nesterov else velocity)


def rmsprop(theta: Array, gradient: Array, s: Settings) -> Array:
    """Steps scaled by a running mean of squared gradients.

        a <- rho a + (1-rho) g^2;  theta <- theta - lr g / (sqrt(a) + eps)

    Source: Tieleman and Hinton, lecture 6.5 (2012), eps outside the root as in PyTorch
    """
    average = s.kept("average", theta)
    average *= s.decay
    average += (1.0 - s.decay) * gradient * gradient
    return theta - s.learning_rate * gradient / (np.sqrt(average) + s.eps)


def adam(theta: Array, gradient: Array, s: Settings) -> Array:
    """Momentum and scaling with their starting bias removed; AdamW also shrinks theta by lr x weight_decay first.

        m <- b1 m + (1-b1) g;  v <- b2 v + (1-b2) g^2
        theta <- theta (1 - lr wd) - lr (m / (1-b1^t)) / (sqrt(v / (1-b2^t)) + eps)

    Source: Kingma and Ba, Adam (2015), algorithm 1; Loshchilov and Hutter, Decoupled weight decay (2019)
    """
    first, second = s.kept("first", theta), s.kept("second", theta)
    first *= s.beta1
    first += (1.0 - s.beta1) * gradient
    second *= s.beta2
    second += (1.0 - s.beta2) * gradient * gradient
    mean, square = first / (1.0 - s.beta1**s.step), second / (1.0 - s.beta2**s.step)
    return theta * (1.0 - s.learning_rate * s.weight_decay) - s.learning_rate * mean / (np.sqrt(square) + s.eps)


OPTIMIZERS: dict[str, Update] = {
    "gd": momentum,
    "sgd": momentum,
    "momentum": momentum,
    "rmsprop": rmsprop,
    "adam": adam,
    "adamw": adam,
}


ALIASES = {
    "gradient_descent": "gd",
    "stochastic_gradient_descent": "sgd",
    "heavy_ball": "momentum",
    "rms_prop": "rmsprop",
    "adam_w": "adamw",
}
"""Other names of an optimizer."""


@np.errstate(all="ignore")
def descent(body: Body, machine: Machine = ALONE) -> Answer:
    """Answer `{model, loss, X, y, theta0, learning_rate, steps, optimizer ...}` with every theta and objective."""
    reader = Reader(body)
    default = "momentum" if "momentum" in reader else "gd"
    name = reader.word("optimizer", OPTIMIZERS, default, aliases=ALIASES) or "gd"
    settings = _settings(reader, name)
    steps = reader.whole("steps", low=0, high=MAX_STEPS)
    batch_size, seed = _minibatch(reader, name)
    J, theta = objective(reader, "theta0", machine, max_entries=MAX_WORK)
    reader.finish()
    if steps * J.X.size > MAX_WORK or (steps + 1) * theta.size > MAX_TRACED:
        raise TooLarge(
            f"{steps} steps over {J.X.size} entries", pointer="/steps", hint=f"steps x N x p <= {MAX_WORK:g}"
        )
    trace = _run(J, theta, OPTIMIZERS[name], settings, steps=steps, batch_size=batch_size, seed=seed)
    return {
        **trace,
        **_stability(J, settings, name, trace["objectives"]),
        "resolved": _resolved(J, settings, name, batch_size, seed),
    }


def _settings(reader: Reader, name: str) -> Settings:
    """The figures this optimiser uses; PyTorch's defaults."""
    found = Settings(reader.number("learning_rate", low=0.0, open_low=True))
    if name in {"momentum", "sgd"}:
        default = 0.9 if name == "momentum" else 0.0
        found.momentum = reader.number("momentum", default, low=0.0, high=1.0, open_high=True)
        found.nesterov = reader.flag("nesterov", False)
    elif name == "rmsprop":
        found.decay = reader.number("decay", 0.99, low=0.0, high=1.0, open_high=True)
        found.eps = reader.number("eps", 1e-8, low=0.0, open_low=True)
    elif name in {"adam", "adamw"}:
        found.beta1 = reader.number("beta1", 0.9, low=0.0, high=1.0, open_high=True)
        found.beta2 = reader.number("beta2", 0.999, low=0.0, high=1.0, open_high=True)
        found.eps = reader.number("eps", 1e-8, low=0.0, open_low=True)
        found.weight_decay = reader.number("weight_decay", 0.01, low=0.0) if name == "adamw" else 0.0
    return found


def _minibatch(reader: Reader, name: str) -> tuple[int, int]:
    """Rows per step and the seed of their order, for SGD only."""
    if name != "sgd":
        return 0, 0
    return reader.whole("batch_size", 1, low=1), reader.whole("seed", 0)


def _run(
    J: Objective, theta: Array, update: Update, settings: Settings, *, steps: int, batch_size: int, seed: int
) -> Answer:
    """Every theta, objective and gradient norm; stops where the numbers overflow."""
    draw = np.random.default_rng(seed)
    order = np.arange(0)
    value, gradient = J.value_and_gradient(theta)
    thetas, objectives, norms = [theta], [value], [float(np.linalg.norm(gradient))]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            settings.step += 1
            if batch_size:
                if len(order) < batch_size:
                    order = np.concatenate([order, draw.permutation(len(J.X))])
                rows, order = order[:batch_size], order[batch_size:]
                gradient = J.value_and_gradient(theta, rows)[1]
            theta = update(theta, gradient, settings)
            if not np.isfinite(J.X @ theta).all():
                break
            value, gradient = J.value_and_gradient(theta)
            thetas.append(theta)
            objectives.append(value)
            norms.append(float(np.linalg.norm(gradient)))
    return {"thetas": np.array(thetas), "objectives": np.array(objectives), "gradient_norms": np.array(norms)}


def _stability(J: Objective, settings: Settings, name: str, objectives: Array) -> Answer:
    """The bound 2/L on the step of plain gradient descent, and whether this descent went wrong."""
    largest = J.smoothness()
    bound = None if not largest else 2.0 / largest
    plain = name == "gd" and not settings.momentum
    last = float(objectives[-1])
    diverged = len(objectives) <= settings.step or not math.isfinite(last) or last > float(objectives[0])
    found: Answer = {"stability_bound": bound, "largest_curvature": largest, "diverged": bool(diverged)}
    said = []
    if plain and bound is not None and settings.learning_rate > bound:
        message = f"learning_rate {settings.learning_rate:g} exceeds 2/L = {bound:g}: gradient descent is not stable"
        said.append(remark("above_stability_bound", message))
    if diverged:
        said.append(remark("diverged"))
    if settings.nesterov and not settings.momentum:
        said.append(remark("field_not_used", "nesterov has no say here: it acts only beside momentum"))
    return found | {"diagnostics": said}


def _resolved(J: Objective, settings: Settings, name: str, batch_size: int, seed: int) -> Answer:
    figures = {
        "gd": ("learning_rate",),
        "rmsprop": ("learning_rate", "decay", "eps"),
        "adam": ("learning_rate", "beta1", "beta2", "eps"),
        "adamw": ("learning_rate", "beta1", "beta2", "eps", "weight_decay"),
    }.get(name, ("learning_rate", "momentum", "nesterov"))
    question = J.question
    return {
        "optimizer": name,
        **{figure: getattr(settings, figure) for figure in figures},
        **({"batch_size": batch_size, "seed": seed} if batch_size else {}),
        "loss": question.loss.name,
        "input_form": question.batch.form,
        "params": dict(question.batch.params),
        "reduction": question.reduction,
        "regularization": J.penalty_bodies,
    }
