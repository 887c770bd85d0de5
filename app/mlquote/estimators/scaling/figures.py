"""The figures of each operation under a law of each form: formulas alone, every field already seen to be given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import sqrt
from typing import Any

from mlquote.estimators.scaling.question import ScalingQuestion
from mlquote.formulas.scaling import allocations, parametric
from mlquote.formulas.scaling.allocations import RATIO_FLOP, Counting
from mlquote.formulas.scaling.parametric import ParametricLaw, Run
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.money import plain

PARAMETRIC = ("E", "A", "B", "alpha", "beta")
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Coefficients:
    """The numbers one operation works with, wherever they came from, and how their law counts compute."""

    of: Mapping[str, float]
    form: str = "parametric"
    counting: Counting = field(default_factory=Counting)

    @property
    def law(self) -> ParametricLaw:
        """As L(N, D)."""
        return ParametricLaw(*(self.of[name] for name in PARAMETRIC))


def loss(q: ScalingQuestion, c: Coefficients) -> Figures:
    """L(N, D)."""
    return {"loss": parametric.predicted_loss(c.law, _f(q.N), _f(q.D))}


def compute_optimal(q: ScalingQuestion, c: Coefficients) -> Figures:
    """The split of C of least loss."""
    return _run(parametric.compute_optimal(c.law, _f(q.C), c.counting.per_param_token))


def allocated(q: ScalingQuestion, c: Coefficients) -> Figures:
    """N and D that an allocation gives a budget; the side that is not published follows from C."""
    return _split(_f(q.C), c)


def allocated_for_params(q: ScalingQuestion, c: Coefficients) -> Figures:
    """The budget for which an allocation gives this N."""
    n_params = _f(q.N)
    if "n_c" in c.of:
        return _split((n_params / c.of["n_c"]) ** (1.0 / c.of["alpha_n"]), c)
    scale = n_params * c.counting.per_param_token * c.of["d_c"]
    return _split(scale ** (1.0 / (1.0 - c.of["alpha_d"])), c)


def ratio_split(q: ScalingQuestion, c: Coefficients) -> Figures:
    """N and D of the budget at the law's tokens a parameter."""
    return _by_ratio(_f(q.C), c)


def ratio_for_params(q: ScalingQuestion, c: Coefficients) -> Figures:
    """The budget at which the law's tokens a parameter give this N: C^(1 + eta) = k N^2 (6e18)^eta / K^2."""
    eta = c.of["alpha_n"]
    left = c.counting.per_param_token * _f(q.N) ** 2 / c.of["x_c"] * RATIO_FLOP**eta
    return _by_ratio(left ** (1.0 / (1.0 + eta)), c)


def compute_for_loss(q: ScalingQuestion, c: Coefficients) -> Figures:
    """The cheapest run that reaches a loss."""
    return _run(parametric.compute_for_loss(c.law, _f(q.loss), c.counting.per_param_token))


def offset_compute(q: ScalingQuestion, c: Coefficients) -> Figures:
    """Compute at which an offset law has this loss: x_c (l - E)^(-1/alpha)."""
    left = _f(q.loss) - c.of["E"]
    if left <= 0.0:
        detail = f"no compute reaches {q.loss:g}: the law's irreducible loss is {c.of['E']:g}"
        raise OutOfDomain(detail, pointer="/loss", hint=f"above {c.of['E']:g} nats per token")
    return {"C": c.of["x_c"] * left ** (-1.0 / c.of["alpha"])}


def loss_at_compute(q: ScalingQuestion, c: Coefficients) -> Figures:
    """The least loss of a budget."""
    return {"loss": parametric.compute_optimal(c.law, _f(q.C), c.counting.per_param_token).loss}


def offset_at_compute(q: ScalingQuestion, c: Coefficients) -> Figures:
    """The same under a law of compute alone."""
    return {"loss": allocations.offset_loss(_f(q.C), c.of["x_c"], c.of["alpha"], c.of["E"])}


def for_params(q: ScalingQuestion, c: Coefficients) -> Figures:
    """The run for which this many parameters are best."""
    return _run(parametric.compute_optimal_for_params(c.law, _f(q.N), c.counting.per_param_token))


def tokens_for_loss(q: ScalingQuestion, c: Coefficients) -> Figures:
    """Tokens this many parameters need."""
    return {"D": parametric.tokens_for_loss(c.law, _f(q.N), _f(q.loss))}


def inference_optimal(q: ScalingQuestion, c: Coefficients) -> Figures:
    """The run of least FLOP over a life, beside the one of least training FLOP."""
    k, k_inference, asked = c.counting.per_param_token, q.inference_flops_per_param_token, _f(q.inference_tokens)
    best = parametric.inference_optimal(c.law, _f(q.loss), asked, k, k_inference)
    plain_run = parametric.compute_for_loss(c.law, _f(q.loss), k)
    return {
        "N": best.n_params,
        "D": best.n_tokens,
        "total_flops": best.training_flop + k_inference * best.n_params * asked,
        "chinchilla_N": plain_run.n_params,
        "chinchilla_D": plain_run.n_tokens,
        "chinchilla_total_flops": plain_run.training_flop + k_inference * plain_run.n_params * asked,
    }


def data_constrained_loss(q: ScalingQuestion, c: Coefficients) -> Figures:
    """L(N', D') with repeats."""
    return {"loss": parametric.data_constrained_loss(c.law, _f(q.N), _f(q.D), _f(q.unique_tokens), **_stars(c))}


def data_constrained_optimal(q: ScalingQuestion, c: Coefficients) -> Figures:
    """The split of C of least loss when only so many tokens are new."""
    k, unique = c.counting.per_param_token, _f(q.unique_tokens)
    run = parametric.data_constrained_optimal(c.law, _f(q.C), unique, k, **_stars(c))
    return _run(run) | {"epochs": run.n_tokens / unique}


def effective_unique_tokens(q: ScalingQuestion, c: Coefficients) -> Figures:
    """What passes over the same tokens are worth in fresh ones."""
    worth = allocations.worth_of_repeats(_f(q.epochs), c.of["r_d_star"])
    return {"effective_multiple": worth, "effective_tokens": worth * q.unique_tokens if q.unique_tokens else None}


def deadweight_compute(q: ScalingQuestion, c: Coefficients) -> Figures:
    """Compute that an allocation wastes."""
    k, n_params, n_tokens = c.counting.per_param_token, _f(q.N), _f(q.D)
    spent = k * n_params * n_tokens if q.C is None else q.C
    lost = allocations.flop_lost(c.law, n_params, n_tokens, spent, k)
    return {
        "loss": parametric.predicted_loss(c.law, n_params, n_tokens),
        "C": spent,
        "equivalent_flop_lost": lost,
        "fraction_lost": lost / spent,
    }


def parametric_exponents(_: ScalingQuestion, c: Coefficients) -> Figures:
    """N ~ C^a, D ~ C^b: a = beta / (alpha + beta)."""
    share = c.law.beta / (c.law.alpha + c.law.beta)
    return _exponents(share, 1.0 - share)


def allocation_exponents(_: ScalingQuestion, c: Coefficients) -> Figures:
    """The exponents as published; where one side alone is, the other is 1 less it."""
    a, b = c.of.get("alpha_n"), c.of.get("alpha_d")
    return _exponents(1.0 - _f(b) if a is None else a, 1.0 - _f(a) if b is None else b)


def ratio_exponents(_: ScalingQuestion, c: Coefficients) -> Figures:
    """N / D ~ C^eta: a = (1 + eta) / 2."""
    return _exponents((1.0 + c.of["alpha_n"]) / 2.0, (1.0 - c.of["alpha_n"]) / 2.0)


def tokens_per_param(q: ScalingQuestion, c: Coefficients) -> Figures:
    """D / N of the best split of C."""
    run = parametric.compute_optimal(c.law, _f(q.C), c.counting.per_param_token)
    return {"tokens_per_param": run.n_tokens / run.n_params}


def allocated_per_param(q: ScalingQuestion, c: Coefficients) -> Figures:
    """The same of an allocation."""
    found = _split(_f(q.C), c)
    return {"tokens_per_param": found["D"] / found["N"]}


def ratio_per_param(q: ScalingQuestion, c: Coefficients) -> Figures:
    """The same of a ratio law."""
    return {"tokens_per_param": allocations.tokens_per_param(c.of["x_c"], c.of["alpha_n"], _f(q.C))}


def effective_params(q: ScalingQuestion, c: Coefficients) -> Figures:
    """Parameters that count at so few bits."""
    asked = {"weights": q.weight_bits, "activations": q.activation_bits, "cache": q.cache_bits}
    bits = {name: width for name, width in asked.items() if width is not None}
    gammas = {name: c.of[f"gamma_{name}"] for name in bits}
    effective = allocations.effective_params(_f(q.N), bits, gammas)
    return {"effective_params": effective, "effective_fraction": effective / _f(q.N)}


def kaplan_joint(q: ScalingQuestion, c: Coefficients) -> Figures:
    """Kaplan's L(N, D)."""
    names = {"n_c": "N_c", "d_c": "D_c", "alpha_n": "alpha_N", "alpha_d": "alpha_D"}
    terms = {to: c.of[name] for to, name in names.items()}
    return {"loss": parametric.kaplan_joint_loss(_f(q.N), _f(q.D), **terms)}


def power_law(q: ScalingQuestion, c: Coefficients) -> Figures:
    """A law of one variable."""
    return {"loss": parametric.power_law_loss(_f(q.x), c.of["x_c"], c.of["alpha"])}


def dollars_for_loss(q: ScalingQuestion, c: Coefficients) -> Figures:
    """What it takes to come from one loss to another, frontier to frontier."""
    parametric.above_floor(c.law, _f(q.loss_from), "/loss_from")
    parametric.above_floor(c.law, _f(q.loss_to), "/loss_to")
    k = c.counting.per_param_token
    flop = [parametric.compute_for_loss(c.law, _f(each), k).training_flop for each in (q.loss_from, q.loss_to)]
    hours = [parametric.accelerator_hours(amount, _f(q.peak_flops), _f(q.mfu)) for amount in flop]
    usd = [each * _f(q.usd_per_gpu_hour) for each in hours]
    return {
        "C_from": flop[0],
        "C_to": flop[1],
        "usd_from": _usd(usd[0]),
        "usd_to": _usd(usd[1]),
        "delta_usd": _usd(usd[1] - usd[0]),
    }


def _split(training_flop: float, c: Coefficients) -> Figures:
    params = allocations.power(c.of["n_c"], c.of["alpha_n"], training_flop) if "n_c" in c.of else None
    tokens = allocations.power(c.of["d_c"], c.of["alpha_d"], training_flop) if "d_c" in c.of else None
    if params is None:
        params = c.counting.params(training_flop, _f(tokens))
    if tokens is None:
        tokens = c.counting.tokens(training_flop, params)
    return {"C": training_flop, "N": params, "D": tokens}


def _by_ratio(training_flop: float, c: Coefficients) -> Figures:
    ratio = allocations.tokens_per_param(c.of["x_c"], c.of["alpha_n"], training_flop)
    params = sqrt(training_flop / (c.counting.per_param_token * ratio))
    return {"C": training_flop, "N": params, "D": ratio * params}


def _exponents(of_params: float, of_tokens: float) -> Figures:
    return {
        "exponent_params": of_params,
        "exponent_tokens": of_tokens,
        "exponent_of_ratio": of_params - of_tokens,
    }


def _stars(c: Coefficients) -> dict[str, float]:
    return {name: c.of[name] for name in ("r_d_star", "r_n_star")}


def _usd(amount: float) -> Decimal:
    """Dollars of a what-if, with all the digits physics gives: two of them are subtracted from each other."""
    return plain(Decimal(repr(amount)))


def _f(value: float | None) -> float:
    """A field that `check_fields` has seen to be given."""
    assert value is not None
    return value


def _run(run: Run) -> Figures:
    return {"C": run.training_flop, "N": run.n_params, "D": run.n_tokens, "loss": run.loss}
