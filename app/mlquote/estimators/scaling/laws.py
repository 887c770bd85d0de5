"""Which law of loss answers: the one that is named, or the newest published by then; what its coefficients are."""

import math
from datetime import datetime

from mlquote.catalog.rows import ScalingLaw
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.scaling.operations import OPERATIONS, Coefficients
from mlquote.estimators.scaling.question import Op, ScalingQuestion
from mlquote.formulas.scaling.parametric import ParametricLaw
from mlquote.kit.errors import Fault, Malformed, OutOfDomain, nearest, unknown_name
from mlquote.kit.provenance import Assumption, Basis

GENERAL_LAWS = ("besiroglu2024", "hoffmann2022-printed")
"""Where none is named, the first of these that was published by then answers: the replication, then what it mends."""
DEFAULT_LAWS: dict[Op, tuple[str, ...]] = {
    "data_constrained_loss": ("muennighoff2023",),
    "kaplan_joint_loss": ("kaplan2020-joint",),
    "power_law_loss": ("kaplan2020-params",),
}
"""The same for operations that ask for a law of another form."""
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
    if not row.embedding_params_counted:
        why += "; parameters without embeddings"
    basis: Basis = "given" if question.law is not None else "default"
    said = Assumption("law", row.id, basis=basis, why=why, source_url=row.source_url)
    return Finding(row, (said,), (catalog.ref("scaling_laws", row),))


def _named(question: ScalingQuestion, catalog: Snapshot, when: datetime) -> ScalingLaw | None:
    if question.law is not None:
        named: ScalingLaw | None = catalog.held("scaling_laws", question.law.casefold(), moment=when)
        return named
    return _general(catalog, when, DEFAULT_LAWS.get(question.op, GENERAL_LAWS))


def _general(catalog: Snapshot, when: datetime, names: tuple[str, ...] = GENERAL_LAWS) -> ScalingLaw | None:
    held = (catalog.held("scaling_laws", name, moment=when) for name in names)
    return next((row for row in held if row is not None), None)


def fitting(op: Op, catalog: Snapshot, when: datetime) -> list[ScalingLaw]:
    """The laws known by then that have every coefficient an operation needs."""
    needed = OPERATIONS[op].coefficients
    rows = catalog.effective("scaling_laws", when)
    return [row for row in rows if all(getattr(row, _COLUMNS.get(name, name)) is not None for name in needed)]


def coefficients_of(row: ScalingLaw, op: Op) -> Coefficients:
    """A law's numbers, as an operation names them."""
    return Coefficients({name: getattr(row, _COLUMNS.get(name, name)) for name in OPERATIONS[op].coefficients})


def given_coefficients(question: ScalingQuestion) -> Coefficients:
    """The caller's own coefficients: exactly those of the operation, all positive and finite."""
    names = OPERATIONS[question.op].coefficients
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
