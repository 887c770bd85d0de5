"""Which law of loss answers: the one that is named, or the newest published by then; what its coefficients are."""

import math
from collections.abc import Collection
from datetime import datetime

from mlquote.catalog.rows import ScalingLaw
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.scaling.figures import Coefficients
from mlquote.estimators.scaling.operations import OPERATIONS, FormOfLaw
from mlquote.estimators.scaling.question import Op, ScalingQuestion
from mlquote.formulas.scaling.allocations import Counting
from mlquote.formulas.scaling.parametric import FLOP_PER_PARAM_TOKEN, ParametricLaw
from mlquote.kit.errors import Fault, Malformed, OutOfDomain, nearest, unknown_name
from mlquote.kit.provenance import Assumption, Basis

GENERAL_LAWS = ("besiroglu2024", "hoffmann2022-printed")
"""Where none is named, the first of these that was published by then answers: the replication, then what it mends."""
DEFAULT_LAWS: dict[Op, tuple[str, ...]] = {
    "data_constrained_loss": ("muennighoff2023",),
    "data_constrained_optimal": ("muennighoff2023",),
    "effective_unique_tokens": ("muennighoff2023",),
    "effective_params": ("kumar2024-precision",),
    "kaplan_joint_loss": ("kaplan2020-joint",),
    "power_law_loss": ("kaplan2020-params",),
}
"""The same for operations that ask for a law of another form."""
COUNTED = {
    "non_embedding": "parameters without embeddings",
    "active": "parameters that one token uses",
    "flop_per_token": "the FLOP of a token",
}
"""What N counts where it is not all parameters."""
_COLUMNS = {"E": "e", "A": "a", "B": "b", "N_c": "n_c", "D_c": "d_c", "alpha_N": "alpha_n", "alpha_D": "alpha_d"}
"""A coefficient's column in scaling_laws, where it is not its own name."""


def loss_law(catalog: Snapshot, when: datetime) -> Finding[ParametricLaw | None]:
    """The law that foretells a loss where none is named; None before the first was published.

    Args:    when: what was known then; a law is knowledge, so the moment of the prices, not the day of a run
    """
    row = _general(catalog, when)
    if row is None:
        return Finding(None)
    said = Assumption("loss_law", row.id, source_url=row.source_url, why=f"{row.name}, on {row.dataset}")
    return Finding(coefficients_of(row, "loss").law, (said,), (catalog.ref("scaling_laws", row),))


def law_of(question: ScalingQuestion, catalog: Snapshot, when: datetime) -> Finding[ScalingLaw]:
    """The law that answers a question.

    Raises: UnknownName where it is not known by then; OutOfDomain where its form is another than the operation needs
    """
    row = _named(question, catalog, when)
    known = [law.id for law in fitting(question.op, catalog, when)]
    if row is None:
        name = question.law or DEFAULT_LAWS.get(question.op, GENERAL_LAWS)[-1]
        raise unknown_name("law", name, known, pointer="/law", table="scaling_laws")
    if row.id not in known:
        detail = f"{row.id} is a law of another form than {question.op} needs"
        raise OutOfDomain(detail, pointer="/law", hint=f"one of: {', '.join(known)}")
    why = f"{row.name}; fitted on {row.dataset}"
    if row.counts in COUNTED:
        why += f"; N is {COUNTED[row.counts]}"
    basis: Basis = "given" if question.law is not None else "default"
    said = Assumption("law", row.id, basis=basis, why=why, source_url=row.source_url)
    return Finding(row, (said,), (catalog.ref("scaling_laws", row),))


def _named(question: ScalingQuestion, catalog: Snapshot, when: datetime) -> ScalingLaw | None:
    if question.law is not None:
        rows = {row.id: row for row in catalog.effective("scaling_laws", when)}
        return rows.get(law_named(question.law, rows))
    return _general(catalog, when, DEFAULT_LAWS.get(question.op, GENERAL_LAWS))


def law_named(name: str, ids: Collection[str]) -> str:
    """The id that a name means: its own, or the only one of the study that it names (`cerebras2023`)."""
    said = name.casefold()
    of_study = [each for each in ids if each.startswith(f"{said}-")]
    return of_study[0] if said not in ids and len(of_study) == 1 else said


def _general(catalog: Snapshot, when: datetime, names: tuple[str, ...] = GENERAL_LAWS) -> ScalingLaw | None:
    held = (catalog.held("scaling_laws", name, moment=when) for name in names)
    return next((row for row in held if row is not None), None)


def fitting(op: Op, catalog: Snapshot, when: datetime) -> list[ScalingLaw]:
    """The laws known by then that have every coefficient an operation needs of their form."""
    return [row for row in catalog.effective("scaling_laws", when) if _way(row, op) is not None]


def _way(row: ScalingLaw, op: Op) -> FormOfLaw | None:
    way = OPERATIONS[op].way(row.form)
    if way is None or any(_held(row, name) is None for name in way.coefficients):
        return None
    sides = [all(_held(row, name) is not None for name in pair) for pair in way.any_of]
    return way if not sides or any(sides) else None


def _held(row: ScalingLaw, name: str) -> float | None:
    value: float | None = getattr(row, _COLUMNS.get(name, name))
    return value


def coefficients_of(row: ScalingLaw, op: Op, flop_per_param_token: float | None = None) -> Coefficients:
    """A law's numbers, as an operation names them, and its own count of compute unless another is given."""
    way = _way(row, op)
    assert way is not None  # `fitting` has seen it
    names = (*way.coefficients, *(name for pair in way.any_of for name in pair))
    said = {name: value for name in names if (value := _held(row, name)) is not None}
    own = Counting(row.flop_per_param_token or FLOP_PER_PARAM_TOKEN, row.flop_per_token or 0.0)
    as_own = flop_per_param_token in {None, own.per_param_token}
    return Coefficients(said, row.form, own if as_own else Counting(flop_per_param_token or FLOP_PER_PARAM_TOKEN))


def given_coefficients(question: ScalingQuestion) -> Coefficients:
    """The caller's own coefficients: exactly those of the operation, all positive and finite."""
    way = OPERATIONS[question.op].ways[0]
    names = way.coefficients
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
    return Coefficients(given, way.form, Counting(question.flops_per_param_token or FLOP_PER_PARAM_TOKEN))


def _one_variable(given: dict[str, float]) -> dict[str, float]:
    """A power law's coefficients under whichever of Kaplan's names: N_c and alpha_N, D_c and alpha_D, x_c and alpha."""
    names = {name: "alpha" if name.casefold().startswith(("alpha", "exponent")) else "x_c" for name in given}
    spelt = set(names.values()) == {"alpha", "x_c"} and len(names) == 2
    return {names[name]: value for name, value in given.items()} if spelt else given
