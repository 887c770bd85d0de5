"""One input under every framework's defaults: the value, its divisor, and the reason for each gap."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from mlquote.kit.errors import QuoteError
from mlquote.losses.blocks import ALONE, Machine
from mlquote.losses.conventions import CONVENTIONS, Convention
from mlquote.losses.names import read_loss, read_narrowing
from mlquote.losses.objective import evaluate
from mlquote.losses.reading import Answer, Body, Reader

SHARED = ("loss", "predictions", "targets", "input_form", "weights", "mask")
DIVISORS = {
    "none": "nothing: one value per example",
    "sum": "nothing: a sum",
    "mean": "the number of kept examples",
    "weighted_mean": "the sum of weights",
    "element_mean": "the number of prediction entries",
}


def compare(body: Body, machine: Machine = ALONE) -> Answer:
    """Answer an `evaluate` question without reduction as each framework would, beside the plain mean.

    Parameters that are given hold for every framework; those left out take each framework's default.
    """
    shared, given = _shared(Reader(body))
    plain = evaluate({**shared, "params": given}, machine)
    name = str(shared["loss"])
    entries = [
        _entry(framework, rule, shared, given, plain, machine) for framework, rule in CONVENTIONS.get(name, {}).items()
    ]
    return {
        "loss": name,
        "reference": {
            "value": plain["cost"],
            "divisor": plain["denominator"],
            "divided_by": DIVISORS["mean"],
            "resolved": plain["resolved"],
        },
        "frameworks": entries,
        "values_differ": len({_rounded(e["value"]) for e in entries if e["value"] is not None}) > 1,
        "diagnostics": plain["diagnostics"],
    }


def _shared(reader: Reader) -> tuple[Answer, Answer]:
    """The fields every framework is asked with, the loss by its id, and the parameters that were given."""
    named = read_loss(reader)
    for field in SHARED:
        reader.raw(field)
    params = reader.object("params", None)
    given = {} if params is None else dict(params.body)
    if named is not None:
        given = {**named.params, **given}
        read_narrowing(reader, named, given)
    form = reader.body.get("input_form")
    if named is not None and named.form not in {None, form or named.form}:
        reader.refuse("input_form", f"{reader.body['loss']} takes {named.form}", "drop it")
    reader.finish()
    assert named is not None  # a fault otherwise
    shared = {field: reader.body[field] for field in SHARED if reader.body.get(field) is not None}
    shared["loss"] = named.loss.name
    return shared if named.form is None else shared | {"input_form": named.form}, given


def _rounded(value: float) -> str:
    return f"{value:.9g}"


def _entry(
    framework: str,
    rule: Convention,
    shared: Body,
    params: Body,
    plain: Body,
    machine: Machine,
) -> Answer:
    """One framework's answer, or why it has none."""
    found: Answer = {"framework": framework, "spelling": rule.spelling, "value": None}
    form = shared.get("input_form")
    if form is not None and rule.forms and form not in rule.forms:
        return found | {"reasons": [f"takes {' or '.join(rule.forms)}, not {form}"]}
    fixed = dict(params)
    for name, value in rule.params.items():
        acts = name != "clamp" or form in {None, "probabilities"}
        if (
            name not in fixed
            and name != "class_axis"
            and acts
            and not (name == "normalize_probabilities" and form != "probabilities")
        ):
            fixed[name] = value
    try:
        answer = evaluate({**shared, "params": fixed, "reduction": rule.reduction}, machine)
    except QuoteError as error:
        return found | {"reasons": [f"refuses this input: {error.detail}"]}
    value = answer["cost"]
    values = answer.get("per_example")
    if rule.reduction == "none" and values is not None:
        value = None if not np.size(values) else float(np.mean(values))
    return found | {
        "value": value,
        "mean_taken_here": rule.reduction == "none",
        "divisor": answer["denominator"],
        "divided_by": DIVISORS[rule.reduction],
        "clamp": answer["resolved"]["params"].get("clamp"),
        "params": answer["resolved"]["params"],
        "difference": _difference(value, plain["cost"]),
        "reasons": _reasons(rule, form, answer, plain, value),
    }


def _difference(value: float | None, reference: float | None) -> float | None:
    if value is None or reference is None or not (math.isfinite(value) and math.isfinite(reference)):
        return None
    return value - reference


def _reasons(rule: Convention, form: str | None, answer: Body, plain: Body, value: float | None) -> list[str]:
    """Every choice that differs from the plain mean's, in words."""
    reasons = []
    mine, theirs = plain["resolved"]["params"], answer["resolved"]["params"]
    for name, choice in theirs.items():
        if not np.array_equal(choice, mine.get(name)):
            reasons.append(f"{name} is {_said(choice)} by default, {_said(mine.get(name))} in the reference")
    if answer["denominator"] != plain["denominator"] and rule.reduction != "none":
        reasons.append(
            f"divides by {DIVISORS[rule.reduction]}, {_said(answer['denominator'])}, not {_said(plain['denominator'])}"
        )
    if rule.form is not None and form is not None and form != rule.form:
        reasons.append(f"expects {rule.form} unless told otherwise: it would take these {form} for {rule.form}")
    if rule.gaps:
        reasons.append(rule.gaps)
    return reasons


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value["kind"]) + (f" {value['value']:g}" if "value" in value else "")
    return f"{value:g}" if isinstance(value, float) else str(value)
