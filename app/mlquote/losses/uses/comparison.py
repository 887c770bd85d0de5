"""One input under every framework's own function: the value, its divisor, and the reason for each gap.

Each value is that function's, the same as `evaluate` gives under `convention`. What a framework's function cannot do
has no value and says so.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from mlquote.kit.errors import OutOfDomain, QuoteError
from mlquote.losses.blocks import ALONE, Machine
from mlquote.losses.frameworks.function import Function, choose
from mlquote.losses.frameworks.table import FUNCTIONS, VERSIONS
from mlquote.losses.names import Named, asked_of, read_loss, read_narrowing
from mlquote.losses.objective import answer, evaluate
from mlquote.losses.question import Question, read
from mlquote.losses.reading import Answer, Body, Reader
from mlquote.losses.reduction import solve

SHARED = ("loss", "predictions", "targets", "classes", "input_form", "weights", "mask")
DIVISORS = {
    "none": "nothing: one value per example",
    "sum": "nothing: a sum",
    "mean": "the number of kept examples",
    "weighted_mean": "the sum of weights",
    "element_mean": "the number of prediction entries",
    "batchmean": "the size of axis 0",
    "sequence_mean": "each row's kept examples, then the rows",
    "sequence_sum_mean": "the rows, of each row's sum",
    "constant": "a number the loss or the framework says",
}


def compare(body: Body, machine: Machine = ALONE) -> Answer:
    """Answer an `evaluate` question without reduction as each framework would, beside the plain mean.

    Parameters that are given are asked of every framework; those left out take each framework's default. The plain
    mean is null, with its reason, where it refuses an input that some framework takes.

    Raises: OutOfDomain, the plain mean's refusal, where no framework has an answer either
    """
    named, shared, given = _shared(Reader(body))
    plain: Answer = {}
    refusal: OutOfDomain | None = None
    try:
        plain = evaluate({**shared, "params": given}, machine)
    except OutOfDomain as error:
        refusal = error
    entries = [
        _entry(framework, functions, named, {**shared, "params": given}, plain, machine)
        for framework, functions in FUNCTIONS.get(named.loss.name, {}).items()
    ]
    if refusal is not None and all(entry["value"] is None and not entry["answers"] for entry in entries):
        raise refusal
    return {
        "loss": named.loss.name,
        "reference": {
            "value": plain.get("cost"),
            "divisor": plain.get("denominator"),
            "divided_by": DIVISORS["mean"],
            "resolved": plain.get("resolved"),
            "refused": None if refusal is None else refusal.detail,
        },
        "frameworks": entries,
        "values_differ": len({_rounded(e["value"]) for e in entries if e["value"] is not None}) > 1,
        "diagnostics": plain.get("diagnostics", []),
    }


def _shared(reader: Reader) -> tuple[Named, Answer, Answer]:
    """The loss, the fields every framework is asked with, the loss by its id, and the parameters that were given."""
    named = read_loss(reader)
    for field in SHARED:
        reader.raw(field)
    params = reader.object("params", None)
    given = {} if params is None else dict(params.body)
    if named is not None:
        given = {**named.params, **given}
        read_narrowing(reader, named, given)
    own = {function.form for function in named.functions} if named is not None else set()
    form = own.pop() if len(own) == 1 else None
    said = asked_of(reader.body).form
    if named is not None and form is not None and said not in {None, form} and len(named.functions) == 1:
        forms = named.functions[0].loss.forms
        if said not in forms:
            reader.refuse("input_form", f"{reader.body['loss']} takes {' or '.join(forms)}", "drop it")
    reader.finish()
    assert named is not None  # a fault otherwise
    shared = {field: reader.body[field] for field in SHARED if reader.body.get(field) is not None}
    shared["loss"] = named.loss.name
    return named, shared if said is not None or form is None else shared | {"input_form": form}, given


def _rounded(value: float) -> str:
    return f"{value:.9g}"


def _entry(
    framework: str, functions: tuple[Function, ...], named: Named, asked: Body, plain: Body, machine: Machine
) -> Answer:
    """One framework's answer, or why it has none."""
    found = choose(functions, asked_of(asked), named.loss)
    mine = found.function
    entry: Answer = {
        "framework": framework,
        "checked_with": VERSIONS[framework],
        "spelling": (mine or functions[0]).spelling,
        "value": None,
        "answers": False,
    }
    if mine is None:
        return entry | {"reasons": [found.reason]}
    try:
        question = read({**asked, "convention": framework})
        told = _told(question, machine)
    except QuoteError as error:
        faults = getattr(error, "faults", ())
        return entry | {"reasons": [fault.detail for fault in faults] or [f"refuses this input: {error.detail}"]}
    value, values = told["cost"], told.get("per_example")
    if question.reduction == "none" and values is not None:
        value = None if not np.size(values) else float(np.mean(values))
    return entry | {
        "value": value,
        "answers": True,
        "mean_taken_here": question.reduction == "none",
        "divisor": told["denominator"],
        "divided_by": DIVISORS[question.reduction],
        "clamp": told["resolved"]["params"].get("clamp"),
        "params": told["resolved"]["params"],
        "difference": _difference(value, plain.get("cost")),
        "reasons": _reasons(question, told, plain, asked),
    }


@np.errstate(all="ignore")
def _told(question: Question, machine: Machine) -> Answer:
    return answer(question, solve(question, machine))


def _difference(value: float | None, reference: float | None) -> float | None:
    if value is None or reference is None or not (math.isfinite(value) and math.isfinite(reference)):
        return None
    return value - reference


def _reasons(question: Question, told: Body, plain: Body, asked: Body) -> list[str]:
    """Every choice that differs from the plain mean's, in words."""
    reasons, function = [], question.function
    assert function is not None  # compared under a framework
    theirs = told["resolved"]["params"]
    mine = plain["resolved"]["params"] if plain else theirs
    for name, choice in theirs.items():
        if not np.array_equal(choice, mine.get(name)):
            by = "there" if name in function.fixed else "by default"
            reasons.append(f"{name} is {_said(choice)} {by}, {_said(mine.get(name))} in the reference")
    if plain and told["denominator"] != plain["denominator"] and question.reduction != "none":
        divisor = f"divides by {DIVISORS[question.reduction]}, {_said(told['denominator'])}"
        reasons.append(f"{divisor}, not {_said(plain['denominator'])}")
    form = question.batch.form if asked.get("input_form") is not None else None
    if function.form is not None and form is not None and form != function.form:
        reasons.append(f"expects {function.form} unless told otherwise: it would take these {form} for {function.form}")
    if function.differs:
        reasons.append(function.differs)
    return reasons


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value["kind"]) + (f" {value['value']:g}" if "value" in value else "")
    return f"{value:g}" if isinstance(value, float) else str(value)
