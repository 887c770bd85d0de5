"""What loss does a budget buy, and what does a loss cost? One law of loss against parameters, tokens and compute."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, get_args

from mlquote.catalog.rows import ScalingLaw
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.question import Fraction, Name, Positive, Question
from mlquote.formulas import scaling
from mlquote.formulas.scaling import ParametricLaw, Run
from mlquote.kit.errors import Fault, Malformed, OutOfDomain, nearest, unknown_name
from mlquote.kit.money import plain
from mlquote.kit.provenance import Answer, Trail

Op = Literal[
    "loss",
    "compute_optimal",
    "compute_for_loss",
    "chinchilla_for_params",
    "tokens_for_loss",
    "inference_optimal",
    "data_constrained_loss",
    "kaplan_joint_loss",
    "power_law_loss",
    "dollars_for_loss",
]
DEFAULT_LAW: Mapping[str, str] = {
    "data_constrained_loss": "muennighoff2023",
    "kaplan_joint_loss": "kaplan2020-joint",
    "power_law_loss": "kaplan2020-params",
}
"""The law asked when the question names none; every other operation asks besiroglu2024."""
GENERAL_LAW = "besiroglu2024"
PARAMETRIC = ("E", "A", "B", "alpha", "beta")


class ScalingQuestion(Question):
    """One operation under one law: a catalogue law by name, or coefficients of your own."""

    op: Op
    """What is asked: a loss, the best split of a budget, what a loss takes in compute, tokens or dollars."""
    law: Name | None = None
    """A law of the catalogue (scaling_laws); default besiroglu2024, or the one law of the operation's form."""
    coefficients: Mapping[str, float] | None = None
    """Coefficients of your own: E, A, B, alpha, beta (r_d_star, r_n_star; N_c, D_c, alpha_N, alpha_D; x_c, alpha)."""
    N: Positive | None = None
    """Parameters."""
    D: Positive | None = None
    """Training tokens, repeats counted."""
    C: Positive | None = None
    """Training FLOP."""
    x: Positive | None = None
    """What a one-variable power law is a law of: parameters, tokens or PF-days."""
    loss: Positive | None = None
    """Nats per token."""
    loss_from: Positive | None = None
    """Loss today, nats per token."""
    loss_to: Positive | None = None
    """Loss wanted, nats per token."""
    unique_tokens: Positive | None = None
    """Tokens before any repeat."""
    inference_tokens: Positive | None = None
    """Tokens read and written over the model's life."""
    flops_per_param_token: Positive = scaling.FLOP_PER_PARAM_TOKEN
    """Training FLOP per parameter and token."""
    inference_flops_per_param_token: Positive = scaling.INFERENCE_FLOP_PER_PARAM_TOKEN
    """Inference FLOP per parameter and token."""
    peak_flops: Positive | None = None
    """Dense peak of one accelerator, FLOP/s."""
    mfu: Fraction | None = None
    """Share of that peak reached."""
    usd_per_gpu_hour: Positive | None = None
    """Price of one accelerator-hour, dollars."""


@dataclass(frozen=True, slots=True)
class Coefficients:
    """The numbers one operation works with, wherever they came from."""

    of: Mapping[str, float]

    @property
    def law(self) -> ParametricLaw:
        """As L(N, D)."""
        return ParametricLaw(*(self.of[name] for name in PARAMETRIC))


Operation = Callable[[ScalingQuestion, Coefficients], dict[str, Any]]


def _loss(q: ScalingQuestion, c: Coefficients) -> dict[str, Any]:
    return {"loss": scaling.predicted_loss(c.law, _f(q.N), _f(q.D))}


def _compute_optimal(q: ScalingQuestion, c: Coefficients) -> dict[str, Any]:
    return _run(scaling.compute_optimal(c.law, _f(q.C), q.flops_per_param_token))


def _compute_for_loss(q: ScalingQuestion, c: Coefficients) -> dict[str, Any]:
    return _run(scaling.compute_for_loss(c.law, _f(q.loss), q.flops_per_param_token))


def _for_params(q: ScalingQuestion, c: Coefficients) -> dict[str, Any]:
    return _run(scaling.compute_optimal_for_params(c.law, _f(q.N), q.flops_per_param_token))


def _tokens_for_loss(q: ScalingQuestion, c: Coefficients) -> dict[str, Any]:
    return {"D": scaling.tokens_for_loss(c.law, _f(q.N), _f(q.loss))}


def _inference_optimal(q: ScalingQuestion, c: Coefficients) -> dict[str, Any]:
    k, k_inference, asked = q.flops_per_param_token, q.inference_flops_per_param_token, _f(q.inference_tokens)
    best = scaling.inference_optimal(c.law, _f(q.loss), asked, k, k_inference)
    plain_run = scaling.compute_for_loss(c.law, _f(q.loss), k)
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
    return {"loss": scaling.data_constrained_loss(c.law, _f(q.N), _f(q.D), _f(q.unique_tokens), **stars)}


def _kaplan_joint(q: ScalingQuestion, c: Coefficients) -> dict[str, Any]:
    names = {"n_c": "N_c", "d_c": "D_c", "alpha_n": "alpha_N", "alpha_d": "alpha_D"}
    return {"loss": scaling.kaplan_joint_loss(_f(q.N), _f(q.D), **{to: c.of[name] for to, name in names.items()})}


def _power_law(q: ScalingQuestion, c: Coefficients) -> dict[str, Any]:
    return {"loss": scaling.power_law_loss(_f(q.x), c.of["x_c"], c.of["alpha"])}


def _dollars_for_loss(q: ScalingQuestion, c: Coefficients) -> dict[str, Any]:
    scaling.above_floor(c.law, _f(q.loss_from), "/loss_from")
    scaling.above_floor(c.law, _f(q.loss_to), "/loss_to")
    flop = [
        scaling.compute_for_loss(c.law, _f(loss), q.flops_per_param_token).training_flop
        for loss in (q.loss_from, q.loss_to)
    ]
    usd = [scaling.accelerator_hours(amount, _f(q.peak_flops), _f(q.mfu)) * _f(q.usd_per_gpu_hour) for amount in flop]
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


OPERATIONS: Mapping[str, tuple[Operation, tuple[str, ...], tuple[str, ...]]] = {
    "loss": (_loss, ("N", "D"), PARAMETRIC),
    "compute_optimal": (_compute_optimal, ("C",), PARAMETRIC),
    "compute_for_loss": (_compute_for_loss, ("loss",), PARAMETRIC),
    "chinchilla_for_params": (_for_params, ("N",), PARAMETRIC),
    "tokens_for_loss": (_tokens_for_loss, ("N", "loss"), PARAMETRIC),
    "inference_optimal": (_inference_optimal, ("loss", "inference_tokens"), PARAMETRIC),
    "data_constrained_loss": (_data_constrained, ("N", "D", "unique_tokens"), (*PARAMETRIC, "r_d_star", "r_n_star")),
    "kaplan_joint_loss": (_kaplan_joint, ("N", "D"), ("N_c", "D_c", "alpha_N", "alpha_D")),
    "power_law_loss": (_power_law, ("x",), ("x_c", "alpha")),
    "dollars_for_loss": (
        _dollars_for_loss,
        ("loss_from", "loss_to", "peak_flops", "mfu", "usd_per_gpu_hour"),
        PARAMETRIC,
    ),
}
"""Each operation with the fields it needs and the coefficients it works with."""

_VARIABLES = frozenset(name for _, needed, _ in OPERATIONS.values() for name in needed)
_COLUMNS = {"E": "e", "A": "a", "B": "b", "N_c": "n_c", "D_c": "d_c", "alpha_N": "alpha_n", "alpha_D": "alpha_d"}
"""A coefficient's column in scaling_laws, where it is not its own name."""


def scaling_estimate(question: ScalingQuestion, catalog: Snapshot, now: datetime) -> Answer:
    """The operation's figures under one law, and beside them the same under every other law of its form.

    Raises: Malformed for fields missing or meaningless here; UnknownName for a law; OutOfDomain for a loss out of reach
    """
    moment, trail = question.moment(now), Trail()
    _check_fields(question)
    row = None if question.coefficients is not None else _row(question, catalog, moment)
    coefficients = _given(question) if row is None else _of_row(row, question.op)
    result = _answered(question, coefficients)
    if row is not None:
        trail.use(catalog.ref("scaling_laws", row))
        _assume(trail, row, named=question.law is not None)
        _warn_outside(trail, row, result, question)
    others = _others(question, catalog, moment, row)
    trail.warn("loss-not-comparable", "nats per token of the law's own corpus and tokenizer: refit before comparing")
    result |= {"coefficients": dict(coefficients.of), "laws": others}
    filled = question.filled(as_of=moment, release=catalog.release.id, law=row.id if row else None)
    return trail.answer(filled, result, catalog.catalog_ref(moment))


def _check_fields(question: ScalingQuestion) -> None:
    """Every field the operation needs, and none that it would not look at."""
    needed = OPERATIONS[question.op][1]
    faults = [
        Fault(f"/{name}", f"{question.op} needs {name}", f"it takes {', '.join(needed)}")
        for name in needed
        if getattr(question, name) is None
    ]
    faults += [
        Fault(f"/{name}", f"{question.op} does not look at {name}", f"it takes {', '.join(needed)}")
        for name in sorted(_VARIABLES - set(needed))
        if getattr(question, name) is not None
    ]
    if question.law is not None and question.coefficients is not None:
        faults.append(Fault("/coefficients", "both a law and coefficients are given", "give one of them"))
    if question.mfu == 0.0:
        faults.append(Fault("/mfu", "nothing is computed at an MFU of 0", "above 0"))
    if faults:
        raise Malformed(faults[0].detail, faults=faults)


def _given(question: ScalingQuestion) -> Coefficients:
    """The caller's own coefficients: exactly those of the operation, all positive and finite."""
    names = OPERATIONS[question.op][2]
    given = dict(question.coefficients or {})
    if question.op == "power_law_loss":
        given = _one_variable(given)
    faults = [
        Fault(f"/coefficients/{name}", f"{question.op} needs the coefficient {name}", ", ".join(names))
        for name in names
        if name not in given
    ]
    faults += [
        Fault(f"/coefficients/{name}", f"{name} is no coefficient of {question.op}", nearest(name, names))
        for name in given
        if name not in names
    ]
    faults += [
        Fault(f"/coefficients/{name}", f"{name} is {value:g}", "> 0" if name != "E" else ">= 0")
        for name, value in given.items()
        if not math.isfinite(value) or value < 0.0 or (value == 0.0 and name != "E")
    ]
    if faults:
        raise Malformed(faults[0].detail, faults=faults)
    return Coefficients(given)


def _one_variable(given: dict[str, float]) -> dict[str, float]:
    """A power law's coefficients under whichever of Kaplan's names: N_c and alpha_N, D_c and alpha_D, x_c and alpha."""
    names = {name: "alpha" if name.casefold().startswith(("alpha", "exponent")) else "x_c" for name in given}
    spelt = set(names.values()) == {"alpha", "x_c"} and len(names) == 2
    return {names[name]: value for name, value in given.items()} if spelt else given


def _row(question: ScalingQuestion, catalog: Snapshot, moment: datetime) -> ScalingLaw:
    name = question.law or DEFAULT_LAW.get(question.op, GENERAL_LAW)
    row = catalog.held("scaling_laws", name.casefold(), moment=moment)
    known = [law.id for law in _fitting(question, catalog, moment)]
    if row is None:
        raise unknown_name("law", name, known, pointer="/law")
    if row.id not in known:
        detail = f"{row.id} is a law of another form than {question.op} needs"
        raise OutOfDomain(detail, pointer="/law", hint=f"one of: {', '.join(known)}")
    found: ScalingLaw = row
    return found


def _fitting(question: ScalingQuestion, catalog: Snapshot, moment: datetime) -> list[ScalingLaw]:
    """The catalogue's laws that have every coefficient the operation needs."""
    needed = OPERATIONS[question.op][2]
    rows = catalog.effective("scaling_laws", moment)
    return [row for row in rows if all(getattr(row, _COLUMNS.get(name, name)) is not None for name in needed)]


def _of_row(row: ScalingLaw, op: str) -> Coefficients:
    return Coefficients({name: getattr(row, _COLUMNS.get(name, name)) for name in OPERATIONS[op][2]})


def _answered(question: ScalingQuestion, coefficients: Coefficients) -> dict[str, Any]:
    """The operation's figures; a question whose figures overflow is out of the law's domain."""
    try:
        found = OPERATIONS[question.op][0](question, coefficients)
    except (ArithmeticError, ValueError) as error:
        pointer = f"/{OPERATIONS[question.op][1][0]}"
        raise OutOfDomain("the law gives no finite number here", pointer=pointer, hint="a smaller exponent") from error
    for name, value in found.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise OutOfDomain(f"{name} is not finite here", pointer=f"/{OPERATIONS[question.op][1][0]}")
    return found


def _others(
    question: ScalingQuestion, catalog: Snapshot, moment: datetime, row: ScalingLaw | None
) -> list[dict[str, Any]]:
    """The same question under every other law of the same form; a law that cannot answer says why."""
    if question.op == "power_law_loss":
        return []  # laws of different variables
    found = []
    for other in _fitting(question, catalog, moment):
        if row is not None and other.id == row.id:
            continue
        try:
            found.append({"law": other.id, **_answered(question, _of_row(other, question.op))})
        except OutOfDomain as error:
            found.append({"law": other.id, "no_answer": error.detail})
    return found


def _assume(trail: Trail, row: ScalingLaw, *, named: bool) -> None:
    why = f"{row.name}; fitted on {row.dataset}"
    if not row.embedding_params_counted:
        why += "; parameters without embeddings"
    trail.assume("law", row.id, basis="given" if named else "default", why=why, source_url=row.source_url)


def _warn_outside(trail: Trail, row: ScalingLaw, result: Mapping[str, Any], question: ScalingQuestion) -> None:
    """Say where the answer leaves the sizes and budgets the law was fitted on."""
    for name, low, high in (
        ("N", row.fitted_params_min, row.fitted_params_max),
        ("C", None, row.fitted_flop_max),
    ):
        value = result.get(name) or getattr(question, name)
        if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
            span = f"{low:g} to {high:g}" if low is not None and high is not None else f"up to {high:g}"
            trail.warn("extrapolated", f"{name} = {value:.3g} lies outside the fitted range, {span}")


assert set(get_args(Op)) == set(OPERATIONS)
assert {_COLUMNS.get(n, n) for _, _, names in OPERATIONS.values() for n in names} <= {
    f.name for f in fields(ScalingLaw)
}
