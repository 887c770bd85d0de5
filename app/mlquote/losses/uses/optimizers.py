"""One step of each optimiser, from a gradient to the next theta, with what it remembers between steps."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from mlquote.losses.reading import Array

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
"""Coefficients of Muon's quintic iteration (Jordan, 2024), which takes singular values near 1 in five steps."""


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


def adagrad(theta: Array, gradient: Array, s: Settings) -> Array:
    """Steps scaled by the root of all squared gradients so far.

        a <- a + g^2;  theta <- theta - lr g / (sqrt(a) + eps)

    Source: Duchi, Hazan, Singer, Adaptive subgradient methods (2011), eps outside the root as in PyTorch
    """
    total = s.kept("total", theta)
    total += gradient * gradient
    return theta - s.learning_rate * gradient / (np.sqrt(total) + s.eps)


def adam(theta: Array, gradient: Array, s: Settings) -> Array:
    """Momentum and scaling with their starting bias removed.

        m <- b1 m + (1-b1) g;  v <- b2 v + (1-b2) g^2
        theta <- theta - lr (m / (1-b1^t)) / (sqrt(v / (1-b2^t)) + eps)

    Source: Kingma and Ba, Adam (2015), algorithm 1
    """
    first, second = s.kept("first", theta), s.kept("second", theta)
    first *= s.beta1
    first += (1.0 - s.beta1) * gradient
    second *= s.beta2
    second += (1.0 - s.beta2) * gradient * gradient
    mean, square = first / (1.0 - s.beta1**s.step), second / (1.0 - s.beta2**s.step)
    return theta - s.learning_rate * mean / (np.sqrt(square) + s.eps)


def lion(theta: Array, gradient: Array, s: Settings) -> Array:
    """Steps of one size, by the sign of a mean of gradients.

        theta <- theta - lr sign(b1 m + (1-b1) g);  m <- b2 m + (1-b2) g

    Source: Chen et al., Symbolic discovery of optimization algorithms (2023), program 1
    """
    mean = s.kept("mean", theta)
    step = np.sign(s.beta1 * mean + (1.0 - s.beta1) * gradient)
    mean *= s.beta2
    mean += (1.0 - s.beta2) * gradient
    return theta - s.learning_rate * step


def muon(theta: Array, gradient: Array, s: Settings) -> Array:
    """Momentum made nearly orthogonal, for matrices.

        m <- mu m + (1-mu) g;  u = (1-mu) g + mu m (Nesterov) or m
        theta <- theta - lr sqrt(max(1, rows / columns)) NS5(u)

    Source: Jordan, Muon (2024); PyTorch's torch.optim.Muon, its original rule of the step
    """
    velocity = s.kept("velocity", theta)
    velocity *= s.momentum
    velocity += (1.0 - s.momentum) * gradient
    update = (1.0 - s.momentum) * gradient + s.momentum * velocity if s.nesterov else velocity
    scale = np.sqrt(max(1.0, theta.shape[0] / theta.shape[1]))
    return theta - s.learning_rate * scale * orthogonal(update, s.eps)


def orthogonal(update: Array, eps: float) -> Array:
    """A matrix with its singular values taken near 1 by five steps of a quintic iteration.

        x <- a x + (b (x x') + c (x x')^2) x, from x = u / max(|u|, eps)

    Source: Jordan, Muon (2024); Bernstein and Newhouse (2024)
    """
    a, b, c = NEWTON_SCHULZ
    tall = update.shape[0] > update.shape[1]
    x = update.T if tall else update
    x = x / max(float(np.linalg.norm(x)), eps)
    for _ in range(5):
        square = x @ x.T
        x = a * x + (b * square + c * square @ square) @ x
    return x.T if tall else x


OPTIMIZERS: dict[str, Update] = {
    "gd": momentum,
    "sgd": momentum,
    "momentum": momentum,
    "rmsprop": rmsprop,
    "adagrad": adagrad,
    "adam": adam,
    "adamw": adam,
    "lion": lion,
    "muon": muon,
}
DECOUPLED = {"adamw": 0.01, "lion": 0.0, "muon": 0.1}
"""Optimisers whose weight decay shrinks theta by lr x weight_decay beside the step, and PyTorch's default of it (Lion's
paper leaves it open: 0); in the others it is added to the gradient, as an l2 penalty is."""
FIGURES: dict[str, dict[str, float | bool]] = {
    "gd": {},
    "sgd": {"momentum": 0.0, "nesterov": False},
    "momentum": {"momentum": 0.9, "nesterov": False},
    "rmsprop": {"decay": 0.99, "eps": 1e-8},
    "adagrad": {"eps": 1e-10},
    "adam": {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
    "adamw": {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
    "lion": {"beta1": 0.9, "beta2": 0.99},
    "muon": {"momentum": 0.95, "nesterov": True, "eps": 1e-7},
}
"""What each optimiser takes beside learning_rate and weight_decay, with its default: PyTorch's."""
