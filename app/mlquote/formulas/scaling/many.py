"""The parametric law of many runs at once: losses, tokens for a loss, and what one more token is worth.

Where only so many tokens are new, repeats and parameters beyond what these can teach count less (Muennighoff et al.
2023, equations 5 and 6): `data_constrained_loss` for arrays.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlquote.formulas.scaling.parametric import ParametricLaw

Floats = NDArray[np.float64]
_HALVINGS = 80


@dataclass(frozen=True, slots=True)
class Repeats:
    """How many tokens are new, and how soon what is seen again is worth less."""

    unique_tokens: float
    r_d_star: float
    """Repeats of tokens after which more are worth 1/e."""
    r_n_star: float
    """The same of parameters beyond what the unique tokens can teach."""


def losses(law: ParametricLaw, params: Floats, tokens: Floats, repeats: Repeats | None = None) -> Floats:
    """L(N, D), or L(N', D') where tokens are repeated.

    Args:    params, tokens: shapes that broadcast, > 0; repeats: None where every token is new
    Returns: nats per token
    Source:  Hoffmann et al. 2022, equation 2; Muennighoff et al. 2023, equations 5 and 6
    """
    if repeats is not None:
        params, tokens = _useful(law, params, tokens, repeats)
    found: Floats = law.E + law.A / params**law.alpha + law.B / tokens**law.beta
    return found


def tokens_for(law: ParametricLaw, params: Floats, loss: float, repeats: Repeats | None = None) -> Floats:
    """Tokens that models of these sizes need to reach a loss; infinite where none are enough.

    Without repeats (B / (l - E - A/N^alpha))^(1/beta), with them by bisection on ln D.

    Args:    params: > 0; loss: nats per token
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        left = loss - law.E - law.A / params**law.alpha
        fresh = np.where(left > 0, (law.B / np.where(left > 0, left, 1.0)) ** (1 / law.beta), np.inf)
    if repeats is None:
        return fresh
    low, high = np.zeros_like(params), np.full_like(params, np.log(repeats.unique_tokens * 1e6))
    reached = losses(law, params, np.exp(high), repeats) <= loss
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        enough = losses(law, params, np.exp(middle), repeats) <= loss
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(reached, np.exp(high), np.inf)


def loss_per_token(law: ParametricLaw, params: float, tokens: float, repeats: Repeats | None = None) -> float:
    """dL/dD at a run, < 0: -beta B / D^(beta+1) where every token is new; by a central difference where some are not.

    Returns: nats per token, per token
    """
    if repeats is None:
        return float(-law.beta * law.B / tokens ** (law.beta + 1.0))
    step, at = 1e-5, np.array([params])
    ends = [losses(law, at, np.array([tokens * factor]), repeats)[0] for factor in (1 + step, 1 - step)]
    return float((ends[0] - ends[1]) / (2 * step * tokens))


def _useful(law: ParametricLaw, params: Floats, tokens: Floats, repeats: Repeats) -> tuple[Floats, Floats]:
    """N' and D': what parameters and tokens are worth."""
    unique = np.minimum(repeats.unique_tokens, tokens)
    worth = unique - unique * repeats.r_d_star * np.expm1(-(tokens / unique - 1.0) / repeats.r_d_star)
    taught = np.minimum(params, law.balance * (unique * law.balance) ** (law.beta / law.alpha))
    size = taught - taught * repeats.r_n_star * np.expm1(-(params / taught - 1.0) / repeats.r_n_star)
    return size, worth
