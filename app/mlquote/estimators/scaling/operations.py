"""The operations on a law of loss: what each needs, what else it looks at, and its figures."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mlquote.estimators.scaling.question import Op, ScalingQuestion
from mlquote.formulas.scaling import parametric
from mlquote.formulas.scaling.parametric import ParametricLaw, Run
from mlquote.kit.errors import Fault, Malformed, OutOfDomain
from mlquote.kit.money import plain

PARAMETRIC = ("E", "A", "B", "alpha", "beta")
_TRAINED = ("flops_per_param_token",)
_SERVED = ("flops_per_param_token", "inference_flops_per_param_token")


@dataclass(frozen=True, slots=True)
class Coefficients:
    """The numbers one operation works with, wherever they came from."""

    of: Mapping[str, float]

    @property
    def law(self) -> ParametricLaw:
        """As L(N, D)."""
        return ParametricLaw(*(self.of[name] for name in PARAMETRIC))


@dataclass(frozen=True, slots=True)
class LawOperation:
    """One operation: its figures, the fields it cannot do without, those it looks at too, and its coefficients."""

    figures: Callable[[ScalingQuestion, Coefficients], dict[str, Any]]
    needs: tuple[str, ...]
    takes: tuple[str, ...] = ()
    coefficients: tuple[str, ...] = PARAMETRIC


def check_fields(question: ScalingQuestion) -> None:
    """Every field the operation needs, and none that it would not look at.

    Raises: Malformed naming each
    """
    operation = OPERATIONS[question.op]
    takes = f"it takes {', '.join((*operation.needs, *operation.takes))}"
    faults = [
        Fault(f"/{name}", f"{question.op} needs {name}", takes)
        for name in operation.needs
        if getattr(question, name) is None
    ]
    faults += [
        Fault(f"/{name}", f"{question.op} does not look at {name}", takes)
        for name in _VARIABLES
        if name not in (*operation.needs, *operation.takes) and _is_given(question, name)
    ]
    if question.law is not None and question.coefficients is not None:
        faults.append(Fault("/coefficients", "both a law and coefficients are given", "give one of them"))
    if question.mfu == 0.0:
        faults.append(Fault("/mfu", "nothing is computed at an MFU of 0", "above 0"))
    if faults:
        raise Malformed(faults[0].detail, faults=faults)


def _is_given(question: ScalingQuestion, name: str) -> bool:
    return bool(getattr(question, name) != ScalingQuestion.model_fields[name].default)


def answered(question: ScalingQuestion, coefficients: Coefficients) -> dict[str, Any]:
    """The operation's figures.

    Raises: OutOfDomain where one is not finite, or the law cannot reach the loss that is asked for
    """
    try:
        found = OPERATIONS[question.op].figures(question, coefficients)
    except (ArithmeticError, ValueError) as error:
        pointer = f"/{OPERATIONS[question.op].needs[0]}"
        raise OutOfDomain("the law gives no finite number here", pointer=pointer, hint="a smaller exponent") from error
    for name, value in found.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise OutOfDomain(f"{name} is not finite here", pointer=f"/{OPERATIONS[question.op].needs[0]}")
    return found


def _loss(q: ScalingQuestion, c: Coefficients) -> dict[str, Any]:
    return {"loss": parametric.predicted_loss(c.law, _f(q.N), _f(q.D))}


def _compute_optimal(q: ScalingQuestion, c: Coefficients) -> dict[str, Any]:
    return _run(parametric.compute_optimal(c.law, _f(q.C), q.flops_per_param_token))


def _compute_for_loss(q: ScalingQuestion, c: Coefficients) -> dict[str, Any]:
    return _run(parametric.compute_for_loss(c.law, _f(q.loss), q.flops_per_param_token))


def _for_params(q: ScalingQuestion, c: Coefficients) -> dict[str, Any]:
    return _run(parametric.compute_optimal_for_params(c.law, _f(q.N), q.flops_per_param_token))


def _tokens_for_loss(q: ScalingQuestion, c: Coefficients) -> dict[str, Any]:
    return {"D": parametric.tokens_for_loss(c.law, _f(q.N), _f(q.loss))}


def _inference_optimal(q: ScalingQuestion, c: Coefficients) -> dict[str, Any]:
    k, k_inference, asked = q.flops_per_param_token, q.inference_flops_per_param_token, _f(q.inference_tokens)
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


def _data_constrained(q: ScalingQuestion, c: Coefficients) -> dict[str, Any]:
    stars = {name: c.of[name] for name in ("r_d_star", "r_n_star")}
    return {"loss": parametric.data_constrained_loss(c.law, _f(q.N), _f(q.D), _f(q.unique_tokens), **stars)}


def _kaplan_joint(q: ScalingQuestion, c: Coefficients) -> dict[str, Any]:
    names = {"n_c": "N_c", "d_c": "D_c", "alpha_n": "alpha_N", "alpha_d": "alpha_D"}
    return {"loss": parametric.kaplan_joint_loss(_f(q.N), _f(q.D), **{to: c.of[name] for to, name in names.items()})}


def _power_law(q: ScalingQuestion, c: Coefficients) -> dict[str, Any]:
    return {"loss": parametric.power_law_loss(_f(q.x), c.of["x_c"], c.of["alpha"])}


def _dollars_for_loss(q: ScalingQuestion, c: Coefficients) -> dict[str, Any]:
    parametric.above_floor(c.law, _f(q.loss_from), "/loss_from")
    parametric.above_floor(c.law, _f(q.loss_to), "/loss_to")
    flop = [
        parametric.compute_for_loss(c.law, _f(loss), q.flops_per_param_token).training_flop
        for loss in (q.loss_from, q.loss_to)
    ]
    usd = [
        parametric.accelerator_hours(amount, _f(q.peak_flops), _f(q.mfu)) * _f(q.usd_per_gpu_hour) for amount in flop
    ]
    return {
        "C_from": flop[0],
        "C_to": flop[1],
        "usd_from": _usd(usd[0]),
        "usd_to": _usd(usd[1]),
        "delta_usd": _usd(usd[1] - usd[0]),
    }


def _usd(amount: float) -> Decimal:
    """Dollars of a what-if, with all the digits physics gives: two of them are subtracted from each other."""
    return plain(Decimal(repr(amount)))


def _f(value: float | None) -> float:
    """A field that `_check_fields` has seen to be given."""
    assert value is not None
    return value


def _run(run: Run) -> dict[str, Any]:
    return {"C": run.training_flop, "N": run.n_params, "D": run.n_tokens, "loss": run.loss}


OPERATIONS: Mapping[Op, LawOperation] = {
    "loss": LawOperation(_loss, ("N", "D")),
    "compute_optimal": LawOperation(_compute_optimal, ("C",), _TRAINED),
    "compute_for_loss": LawOperation(_compute_for_loss, ("loss",), _TRAINED),
    "chinchilla_for_params": LawOperation(_for_params, ("N",), _TRAINED),
    "tokens_for_loss": LawOperation(_tokens_for_loss, ("N", "loss")),
    "inference_optimal": LawOperation(_inference_optimal, ("loss", "inference_tokens"), _SERVED),
    "data_constrained_loss": LawOperation(
        _data_constrained, ("N", "D", "unique_tokens"), coefficients=(*PARAMETRIC, "r_d_star", "r_n_star")
    ),
    "kaplan_joint_loss": LawOperation(_kaplan_joint, ("N", "D"), coefficients=("N_c", "D_c", "alpha_N", "alpha_D")),
    "power_law_loss": LawOperation(_power_law, ("x",), coefficients=("x_c", "alpha")),
    "dollars_for_loss": LawOperation(
        _dollars_for_loss, ("loss_from", "loss_to", "peak_flops", "mfu", "usd_per_gpu_hour"), _TRAINED
    ),
}

_VARIABLES = sorted({name for operation in OPERATIONS.values() for name in (*operation.needs, *operation.takes)})
