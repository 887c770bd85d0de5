"""Laws that say how compute is split, or what a loss is at a compute, without a loss of parameters and tokens.

Each counts compute in its own way: C = k N D + f D, with k FLOP a parameter and token and f FLOP a token beside it
(k = 6, f = 0 by convention; Hunyuan-Large counts 9.59 N D + 2.3e8 D, DeepSeek M D with M the FLOP of a token).
"""

from dataclasses import dataclass
from math import exp, expm1

from mlquote.formulas.scaling.parametric import FLOP_PER_PARAM_TOKEN, ParametricLaw, compute_for_loss, predicted_loss
from mlquote.kit.errors import OutOfDomain

RATIO_FLOP = 6e18
"""What compute is counted in where a ratio law has parameters and tokens in units of 10^9: 6 x 10^9 x 10^9."""


@dataclass(frozen=True, slots=True)
class Counting:
    """How a law counts the FLOP of a run: C = per_param_token N D + per_token D."""

    per_param_token: float = FLOP_PER_PARAM_TOKEN
    per_token: float = 0.0

    def flop(self, n_params: float, n_tokens: float) -> float:
        """FLOP of a run."""
        return (self.per_param_token * n_params + self.per_token) * n_tokens

    def tokens(self, training_flop: float, n_params: float) -> float:
        """Tokens that a budget buys for a model of N parameters."""
        return training_flop / (self.per_param_token * n_params + self.per_token)

    def params(self, training_flop: float, n_tokens: float) -> float:
        """Parameters of the model that a budget trains on D tokens.

        Raises: OutOfDomain where the FLOP beside the parameters are the whole budget
        """
        left = training_flop / n_tokens - self.per_token
        if left <= 0.0:
            raise OutOfDomain("this budget trains no parameters under the law's own count of FLOP", pointer="/C")
        return left / self.per_param_token


def power(coefficient: float, exponent: float, training_flop: float) -> float:
    """N = c C^a, or D = c C^b: one side of an allocation.

    Source: Hoffmann et al. 2022, section 3.1; Llama 3 2024, figure 3; Hunyuan-Large 2024, section 2
    """
    return float(coefficient * training_flop**exponent)


def tokens_per_param(ratio: float, exponent: float, training_flop: float) -> float:
    """Tokens a parameter of the best split.

        N / D = K^2 (C / 6)^eta, N and D in 10^9

    Args:    ratio: K^2; exponent: eta
    Source:  MiniCPM (Hu et al. 2024), section 4.5; its K^2 gives its 192 tokens a parameter in units of 10^9 alone
    """
    return float(1.0 / (ratio * (training_flop / RATIO_FLOP) ** exponent))


def offset_loss(x: float, x_c: float, exponent: float, floor: float) -> float:
    """L(x) = (x / x_c)^-alpha + E, nats per token.

    Source: Cerebras-GPT (Dey et al. 2023), equation 1: compute at 20 tokens a parameter
    """
    return float((x / x_c) ** -exponent + floor)


def effective_params(n_params: float, bits: dict[str, float], gammas: dict[str, float]) -> float:
    """Parameters that count when weights, activations or the KV cache are of few bits.

        N_eff = N prod_i (1 - exp(-P_i / gamma_i))

    Args:    bits: P of each of w, a, kv; one that is left out counts whole; gammas: the fitted gamma of each
    Source:  Kumar et al. 2024, Scaling laws for precision, equation 3
    """
    product = n_params
    for name, width in bits.items():
        product *= -expm1(-width / gammas[name])
    return product


def worth_of_repeats(epochs: float, r_star: float) -> float:
    """What so many passes over the same tokens are worth, in passes over fresh ones.

        1 + R (1 - exp(-(e - 1) / R))

    Source: Muennighoff et al. 2023, equation 5
    """
    return 1.0 + r_star * (1.0 - exp(-(epochs - 1.0) / r_star))


def flop_lost(law: ParametricLaw, n_params: float, n_tokens: float, training_flop: float, k: float) -> float:
    """Compute that an allocation wastes: what it took, less what reaches the same loss where it is split best.

    Returns: FLOP, >= 0 where training_flop = k N D
    """
    return training_flop - compute_for_loss(law, predicted_loss(law, n_params, n_tokens), k).training_flop
