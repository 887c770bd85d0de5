"""What loss does a budget buy, and what does a loss cost? One law answers, the others of its form stand beside it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mlquote.catalog.rows import ScalingLaw
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.scaling.laws import coefficients_of, fitting, given_coefficients, law_of
from mlquote.estimators.scaling.operations import answered, check_fields
from mlquote.estimators.scaling.question import ScalingQuestion
from mlquote.kit.errors import OutOfDomain
from mlquote.kit.provenance import Answer, Trail


def scaling_estimate(question: ScalingQuestion, catalog: Snapshot, now: datetime) -> Answer:
    """The operation's figures under one law, and beside them the same under every other law of its form.

    Raises: Malformed for fields missing or meaningless here; UnknownName for a law; OutOfDomain for a loss out of reach
    """
    moment, trail = question.moment(now), Trail()
    check_fields(question)
    law = None if question.coefficients is not None else law_of(question, catalog, moment)
    row = law.told(trail) if law is not None else None
    k = question.flops_per_param_token
    coefficients = given_coefficients(question) if row is None else coefficients_of(row, question.op, k)
    result = answered(question, coefficients)
    if row is not None:
        _warn_outside(trail, row, result, question)
    others = _others(question, catalog, moment, row)
    if "loss" in result or question.loss or question.loss_to:
        trail.warn("loss-not-comparable", f"{_unit(row)} of the law's own corpus and tokenizer: refit before comparing")
    counting = coefficients.counting
    result |= {
        "coefficients": dict(coefficients.of),
        "counting": {"flop_per_param_token": counting.per_param_token, "flop_per_token": counting.per_token},
        "laws": others,
    }
    filled = question.filled(as_of=moment, release=catalog.release.id, law=row.id if row else None)
    trail.assumptions[:0] = filled.readings
    return trail.answer(filled, result, catalog.catalog_ref(moment))


def _unit(row: ScalingLaw | None) -> str:
    """What one unit of a law's loss is."""
    return row.loss_unit if row is not None and row.loss_unit else "nats per token"


def _others(
    question: ScalingQuestion, catalog: Snapshot, moment: datetime, row: ScalingLaw | None
) -> list[dict[str, Any]]:
    """The same question under every other law of the same form; a law that cannot answer says why."""
    if question.op == "power_law_loss":
        return []  # laws of different variables
    found, k = [], question.flops_per_param_token
    for other in fitting(question.op, catalog, moment):
        if (row is not None and other.id == row.id) or other.loss_unit not in {"", _unit(row)}:
            continue  # a loss of another unit is no answer to the same question
        try:
            found.append({"law": other.id, **answered(question, coefficients_of(other, question.op, k))})
        except OutOfDomain as error:
            found.append({"law": other.id, "no_answer": error.detail})
    return found


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
