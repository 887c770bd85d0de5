"""The parametric law: the loss of N parameters on D tokens, and what compute, tokens or dollars a loss takes.

    L(N, D) = E + A / N^alpha + B / D^beta        nats per token of the law's own corpus and tokenizer

Training compute is C = k N D with k = 6 by convention. With G = (alpha A / (beta B))^(1/(alpha+beta)) the split of C of
least loss is N* = G (C/k)^(beta/(alpha+beta)), D* = (C/k)^(alpha/(alpha+beta)) / G.
"""

import math
from dataclasses import dataclass

from mlquote.kit.errors import OutOfDomain

FLOP_PER_PARAM_TOKEN = 6.0
"""Forward and backward pass: 2 + 4 FLOP per parameter and token (Kaplan et al. 2020, section 2.1)."""
INFERENCE_FLOP_PER_PARAM_TOKEN = 2.0
"""Forward pass only."""
_BISECTIONS = 200
_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0
_GOLDEN_REACH, _GOLDEN_WIDTH = 12.0, 1e-9
"""In ln N: how far the best of repeated data may lie from that of fresh data, and how closely it is found."""


@dataclass(frozen=True, slots=True)
class ParametricLaw:
    """The five coefficients of L(N, D) = E + A/N^alpha + B/D^beta; all > 0."""

    E: float
    A: float
    B: float
    alpha: float
    beta: float

    @property
    def balance(self) -> float:
        """G = (alpha A / (beta B))^(1/(alpha+beta)): how compute is split between parameters and tokens."""
        return float((self.alpha * self.A / (self.beta * self.B)) ** (1.0 / (self.alpha + self.beta)))

    @property
    def elasticity(self) -> float:
        """k = (alpha+beta)/(alpha beta): percent more compute for one percent less reducible loss."""
        return (self.alpha + self.beta) / (self.alpha * self.beta)

    def reducible(self) -> float:
        """A G^-alpha + B G^beta: the reducible loss of one FLOP-per-k, split best."""
        return float(self.A * self.balance**-self.alpha + self.B * self.balance**self.beta)


@dataclass(frozen=True, slots=True)
class Run:
    """Parameters, training tokens, training FLOP and the loss they reach."""

    n_params: float
    n_tokens: float
    training_flop: float
    loss: float


def predicted_loss(law: ParametricLaw, n_params: float, n_tokens: float) -> float:
    """The loss of a training run.

        L = E + A / N^alpha + B / D^beta

    Args:    n_params > 0; n_tokens seen in training, > 0
    Returns: nats per token
    Source:  Hoffmann et al., Training compute-optimal large language models (2022), equation 2
    """
    return float(law.E + law.A / n_params**law.alpha + law.B / n_tokens**law.beta)


def compute_optimal(law: ParametricLaw, training_flop: float, k: float = FLOP_PER_PARAM_TOKEN) -> Run:
    """The run of least loss for a compute budget.

        N* = G (C/k)^(beta/(alpha+beta)),  D* = (C/k)^(alpha/(alpha+beta)) / G

    Args:    training_flop > 0; k FLOP per parameter and token
    Source:  Hoffmann et al. (2022), equation 4
    """
    total = law.alpha + law.beta
    n_params = law.balance * (training_flop / k) ** (law.beta / total)
    n_tokens = (training_flop / k) ** (law.alpha / total) / law.balance
    return Run(n_params, n_tokens, training_flop, predicted_loss(law, n_params, n_tokens))


def compute_for_loss(law: ParametricLaw, loss: float, k: float = FLOP_PER_PARAM_TOKEN) -> Run:
    """The cheapest run that reaches a loss.

        C = k ((l - E) / (A G^-alpha + B G^beta))^-((alpha+beta)/(alpha beta))

    Args:    loss, nats per token, > E
    Raises:  OutOfDomain for a loss at or below the irreducible one
    Source:  the inverse of Hoffmann et al. (2022), equation 4
    """
    above_floor(law, loss)
    run = compute_optimal(law, k * ((loss - law.E) / law.reducible()) ** -law.elasticity, k)
    return Run(run.n_params, run.n_tokens, run.training_flop, loss)


def compute_optimal_for_params(law: ParametricLaw, n_params: float, k: float = FLOP_PER_PARAM_TOKEN) -> Run:
    """The run for which a model of this size is compute-optimal.

        C = k (N/G)^((alpha+beta)/beta),  D = C / (k N)

    Args:    n_params > 0
    Source:  Hoffmann et al. (2022), equation 4, solved for C
    """
    flop = k * (n_params / law.balance) ** ((law.alpha + law.beta) / law.beta)
    n_tokens = flop / (k * n_params)
    return Run(n_params, n_tokens, flop, predicted_loss(law, n_params, n_tokens))


def tokens_for_loss(law: ParametricLaw, n_params: float, loss: float) -> float:
    """Training tokens a model of this size needs to reach a loss.

        D = (B / (l - E - A/N^alpha))^(1/beta)

    Raises: OutOfDomain where no number of tokens is enough
    """
    left = loss - law.E - law.A / n_params**law.alpha
    if left <= 0.0:
        floor = law.E + law.A / n_params**law.alpha
        detail = f"a model of {n_params:g} parameters does not reach {loss:g} on any number of tokens"
        raise OutOfDomain(detail, pointer="/loss", hint=f"above {floor:.6g} for this size, or more parameters")
    return float((law.B / left) ** (1.0 / law.beta))


def inference_optimal(
    law: ParametricLaw,
    loss: float,
    inference_tokens: float,
    k: float = FLOP_PER_PARAM_TOKEN,
    k_inference: float = INFERENCE_FLOP_PER_PARAM_TOKEN,
) -> Run:
    """The run that reaches a loss with least training and inference FLOP together: smaller, trained for longer.

        minimise k N D + k_inf N D_inf  subject to  L(N, D) = l

    Solved as the zero of the derivative along log N, by bisection above the least N that can reach l.

    Returns: the run; its total FLOP is training_flop + k_inf N D_inf
    Raises:  OutOfDomain for a loss at or below the irreducible one
    Source:  Sardana et al., Beyond Chinchilla-optimal (2023), equation 2
    """
    above_floor(law, loss)

    def slope(n_params: float) -> float:
        n_tokens = tokens_for_loss(law, n_params, loss)
        fall = (law.alpha * law.A / n_params ** (law.alpha + 1.0)) / (law.beta * law.B / n_tokens ** (law.beta + 1.0))
        return float(k * (n_tokens - n_params * fall) + k_inference * inference_tokens)

    low = math.log((law.A / (loss - law.E)) ** (1.0 / law.alpha)) + 1e-7
    high = math.log(compute_for_loss(law, loss, k).n_params)
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if slope(math.exp(middle)) > 0.0 else (middle, high)
    n_params = math.exp(high)
    n_tokens = tokens_for_loss(law, n_params, loss)
    return Run(n_params, n_tokens, k * n_params * n_tokens, loss)


def data_constrained_loss(
    law: ParametricLaw, n_params: float, n_tokens: float, unique_tokens: float, *, r_d_star: float, r_n_star: float
) -> float:
    """The loss when tokens are seen more than once: repeats count for less and less.

        D' = U + U R_D (1 - exp(-(D/U - 1)/R_D)),  U unique tokens, at most D
        N' = U_N + U_N R_N (1 - exp(-(N/U_N - 1)/R_N)),  U_N = min(N, G (U G)^(beta/alpha))

    Args:    unique_tokens > 0; r_d_star, r_n_star: repeats after which more are worth 1/e
    Returns: L(N', D'), nats per token
    Source:  Muennighoff et al., Scaling data-constrained language models (2023), equations 5 and 6
    """
    unique = min(unique_tokens, n_tokens)
    useful = min(n_params, law.balance * (unique * law.balance) ** (law.beta / law.alpha))
    tokens = saturated(unique, n_tokens, r_d_star)
    params = saturated(useful, n_params, r_n_star)
    return predicted_loss(law, params, tokens)


def data_constrained_optimal(
    law: ParametricLaw,
    training_flop: float,
    unique_tokens: float,
    k: float = FLOP_PER_PARAM_TOKEN,
    *,
    r_d_star: float,
    r_n_star: float,
) -> Run:
    """The run of least loss for a compute budget when only so many tokens are new.

        minimise L(N', D')  over N, with D = C / (k N)

    Solved on ln N by golden section: the loss falls and then rises along a budget.

    Source: Muennighoff et al. 2023, section 3; their published answers are the best of a coarse grid
    """

    def loss_of(log_n: float) -> float:
        n_params = math.exp(log_n)
        n_tokens = training_flop / (k * n_params)
        return data_constrained_loss(law, n_params, n_tokens, unique_tokens, r_d_star=r_d_star, r_n_star=r_n_star)

    middle = math.log(compute_optimal(law, training_flop, k).n_params)
    low, high = middle - _GOLDEN_REACH, middle + _GOLDEN_REACH
    while high - low > _GOLDEN_WIDTH:
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        low, high = (low, right) if loss_of(left) <= loss_of(right) else (left, high)
    n_params = math.exp(0.5 * (low + high))
    return Run(n_params, training_flop / (k * n_params), training_flop, loss_of(0.5 * (low + high)))


def saturated(unique: float, total: float, r_star: float) -> float:
    """What `total` is worth when only `unique` of it is new: U + U R (1 - exp(-(total/U - 1)/R))."""
    return unique - unique * r_star * math.expm1(-(total / unique - 1.0) / r_star)


def power_law_loss(x: float, x_c: float, exponent: float) -> float:
    """L(x) = (x_c / x)^exponent, nats per token.

    Source: Kaplan et al., Scaling laws for neural language models (2020), equations 1.1 to 1.3
    """
    return float((x_c / x) ** exponent)


def kaplan_joint_loss(
    n_params: float, n_tokens: float, *, n_c: float, d_c: float, alpha_n: float, alpha_d: float
) -> float:
    """L(N, D) = ((N_c/N)^(alpha_N/alpha_D) + D_c/D)^alpha_D, nats per token; N without embeddings.

    Source: Kaplan et al. (2020), equation 1.5 with the coefficients of its own fit (table 2)
    """
    return float(((n_c / n_params) ** (alpha_n / alpha_d) + d_c / n_tokens) ** alpha_d)


def accelerator_hours(training_flop: float, peak_flop_per_s: float, mfu: float) -> float:
    """Hours of one accelerator at a share `mfu` of its peak."""
    return training_flop / (peak_flop_per_s * mfu * 3600.0)


def above_floor(law: ParametricLaw, loss: float, pointer: str = "/loss") -> None:
    """Refuse a loss no compute reaches."""
    if loss <= law.E:
        detail = f"no compute reaches {loss:g}: the law's irreducible loss is {law.E:g}"
        raise OutOfDomain(detail, pointer=pointer, hint=f"above {law.E:g} nats per token")
