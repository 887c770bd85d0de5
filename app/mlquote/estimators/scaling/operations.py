"""The operations on a law of loss: what each needs, what else it looks at, and which forms of law answer it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mlquote.estimators.scaling import figures
from mlquote.estimators.scaling.figures import PARAMETRIC, Coefficients, Figures
from mlquote.estimators.scaling.question import Op, ScalingQuestion
from mlquote.kit.errors import Fault, Malformed, OutOfDomain

_TRAINED = ("flops_per_param_token",)
_SERVED = ("flops_per_param_token", "inference_flops_per_param_token")
_REPEATED = (*PARAMETRIC, "r_d_star", "r_n_star")


@dataclass(frozen=True, slots=True)
class FormOfLaw:
    """How laws of one form answer an operation: the coefficients that each must have, and the figures they give."""

    figures: Callable[[ScalingQuestion, Coefficients], Figures]
    form: str = "parametric"
    coefficients: tuple[str, ...] = PARAMETRIC
    any_of: tuple[tuple[str, str], ...] = ()
    """Pairs of coefficients of which a law has at least one."""


@dataclass(frozen=True, slots=True)
class LawOperation:
    """One operation: the fields it cannot do without, those it looks at too, and the forms of law that answer it."""

    ways: tuple[FormOfLaw, ...]
    needs: tuple[str, ...]
    takes: tuple[str, ...] = ()

    def way(self, form: str) -> FormOfLaw | None:
        """How a form of law answers it; None where it does not."""
        return next((way for way in self.ways if way.form == form), None)


def check_fields(question: ScalingQuestion) -> None:
    """Every field the operation needs, and none that it would not look at under any law.

    Raises: Malformed naming each
    """
    operation = OPERATIONS[question.op]
    looks_at = (*operation.needs, *operation.takes)
    takes = f"it takes {', '.join(looks_at)}"
    faults = [
        Fault(f"/{name}", f"{question.op} needs {name}", takes)
        for name in operation.needs
        if getattr(question, name) is None
    ]
    faults += [
        Fault(f"/{name}", f"{question.op} does not look at {name}", takes)
        for name in _VARIABLES
        if name not in looks_at and _is_given(question, name)
    ]
    if question.law is not None and question.coefficients is not None:
        faults.append(Fault("/coefficients", "both a law and coefficients are given", "give one of them"))
    if question.mfu == 0.0:
        faults.append(Fault("/mfu", "nothing is computed at an MFU of 0", "above 0"))
    if question.op == "effective_params" and not any(getattr(question, name) is not None for name in BITS):
        faults.append(Fault("/weight_bits", f"{question.op} needs one of {', '.join(BITS)}"))
    if faults:
        raise Malformed(faults[0].detail, faults=faults)


def _is_given(question: ScalingQuestion, name: str) -> bool:
    return bool(getattr(question, name) != ScalingQuestion.model_fields[name].default)


def answered(question: ScalingQuestion, coefficients: Coefficients) -> Figures:
    """The operation's figures.

    Raises: OutOfDomain where one is not finite, or the law cannot reach the loss that is asked for
    """
    operation = OPERATIONS[question.op]
    way = operation.way(coefficients.form)
    assert way is not None  # a law of this form would not have been taken
    pointer = f"/{operation.needs[0]}" if operation.needs else "/law"
    try:
        found = way.figures(question, coefficients)
    except (ArithmeticError, ValueError) as error:
        raise OutOfDomain("the law gives no finite number here", pointer=pointer, hint="a smaller exponent") from error
    for name, value in found.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise OutOfDomain(f"{name} is not finite here", pointer=pointer)
    return found


BITS = ("weight_bits", "activation_bits", "cache_bits")
_SIDES = (("n_c", "alpha_n"), ("d_c", "alpha_d"))
_RATIO = ("x_c", "alpha_n")
_OFFSET = ("E", "x_c", "alpha")


def _only(plain: Callable[[ScalingQuestion, Coefficients], Figures]) -> tuple[FormOfLaw, ...]:
    return (FormOfLaw(plain),)


def _allocating(
    plain: Callable[[ScalingQuestion, Coefficients], Figures],
    allocated: Callable[[ScalingQuestion, Coefficients], Figures],
    by_ratio: Callable[[ScalingQuestion, Coefficients], Figures],
) -> tuple[FormOfLaw, ...]:
    """What laws of loss and laws of allocation answer alike."""
    return (
        FormOfLaw(plain),
        FormOfLaw(allocated, "allocation", (), _SIDES),
        FormOfLaw(by_ratio, "allocation_ratio", _RATIO),
    )


OPERATIONS: Mapping[Op, LawOperation] = {
    "loss": LawOperation(_only(figures.loss), ("N", "D")),
    "compute_optimal": LawOperation(
        _allocating(figures.compute_optimal, figures.allocated, figures.ratio_split), ("C",), _TRAINED
    ),
    "compute_for_loss": LawOperation(
        (FormOfLaw(figures.compute_for_loss), FormOfLaw(figures.offset_compute, "power_law_offset", _OFFSET)),
        ("loss",),
        _TRAINED,
    ),
    "loss_at_compute": LawOperation(
        (FormOfLaw(figures.loss_at_compute), FormOfLaw(figures.offset_at_compute, "power_law_offset", _OFFSET)),
        ("C",),
        _TRAINED,
    ),
    "chinchilla_for_params": LawOperation(
        _allocating(figures.for_params, figures.allocated_for_params, figures.ratio_for_params), ("N",), _TRAINED
    ),
    "allocation_exponent": LawOperation(
        _allocating(figures.parametric_exponents, figures.allocation_exponents, figures.ratio_exponents), ()
    ),
    "tokens_per_param": LawOperation(
        _allocating(figures.tokens_per_param, figures.allocated_per_param, figures.ratio_per_param), ("C",), _TRAINED
    ),
    "tokens_for_loss": LawOperation(_only(figures.tokens_for_loss), ("N", "loss")),
    "inference_optimal": LawOperation(_only(figures.inference_optimal), ("loss", "inference_tokens"), _SERVED),
    "deadweight_compute": LawOperation(_only(figures.deadweight_compute), ("N", "D"), ("C", *_TRAINED)),
    "data_constrained_loss": LawOperation(
        (FormOfLaw(figures.data_constrained_loss, coefficients=_REPEATED),), ("N", "D", "unique_tokens")
    ),
    "data_constrained_optimal": LawOperation(
        (FormOfLaw(figures.data_constrained_optimal, coefficients=_REPEATED),), ("C", "unique_tokens"), _TRAINED
    ),
    "effective_unique_tokens": LawOperation(
        (FormOfLaw(figures.effective_unique_tokens, coefficients=("r_d_star",)),), ("epochs",), ("unique_tokens",)
    ),
    "effective_params": LawOperation(
        (FormOfLaw(figures.effective_params, "precision", ("gamma_weights", "gamma_activations", "gamma_cache")),),
        ("N",),
        BITS,
    ),
    "kaplan_joint_loss": LawOperation(
        (FormOfLaw(figures.kaplan_joint, "kaplan_joint", ("N_c", "D_c", "alpha_N", "alpha_D")),), ("N", "D")
    ),
    "power_law_loss": LawOperation((FormOfLaw(figures.power_law, "power_law", ("x_c", "alpha")),), ("x",)),
    "dollars_for_loss": LawOperation(
        _only(figures.dollars_for_loss), ("loss_from", "loss_to", "peak_flops", "mfu", "usd_per_gpu_hour"), _TRAINED
    ),
}

_VARIABLES = sorted({name for operation in OPERATIONS.values() for name in (*operation.needs, *operation.takes)})
