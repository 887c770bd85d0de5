"""Every word of a question is known in any case, with `-` or a space for `_`, and under its other names."""

from collections.abc import Callable
from typing import Any

import pytest

from mlquote.kit.errors import OutOfDomain, UnknownName
from mlquote.losses.glossary import one_loss
from mlquote.losses.names import FRAMEWORK_ALIASES
from mlquote.losses.objective import evaluate
from mlquote.losses.penalty_pages import catalogue
from mlquote.losses.question import FORM_ALIASES, REDUCTION_ALIASES, REDUCTIONS
from mlquote.losses.reading import OPERATION_FIELDS
from mlquote.losses.regularizers import ALIASES as PENALTY_ALIASES
from mlquote.losses.regularizers import PENALTIES, regularizer
from mlquote.losses.uses import closed_form as solving
from mlquote.losses.uses import descent as descending
from mlquote.losses.uses import model as modelling
from mlquote.losses.uses.closed_form import closed_form
from mlquote.losses.uses.descent import descent
from mlquote.losses.uses.thresholds import threshold
from mlquote.losses.weighting import class_weights

MSE: dict[str, Any] = {"loss": "mse", "predictions": [[1.0, 2.0]], "targets": [[0.0, 0.0]]}
LINE: dict[str, Any] = {"X": [[1.0], [2.0]], "y": [1.0, 3.0]}
STEP: dict[str, Any] = {**LINE, "theta0": [0.0], "learning_rate": 0.1, "steps": 2}


def written(word: str) -> tuple[str, ...]:
    """Ways of writing a word."""
    return word, word.upper(), word.replace("_", "-").title(), f" {word.replace('_', ' ')} "


def same_under(names: tuple[str, ...], ask: Callable[[str], Any], wanted: str) -> None:
    """Every name answers as the wanted one does."""
    answer = repr(ask(wanted))
    for name in names:
        for way in written(name):
            assert repr(ask(way)) == answer, way


@pytest.mark.parametrize("reduction", [name for name in REDUCTIONS if name != "constant"])
def test_reductions(reduction: str) -> None:
    names = (reduction, *(alias for alias, meant in REDUCTION_ALIASES.items() if meant == reduction))
    same_under(names, lambda name: evaluate({**MSE, "reduction": name}), reduction)


@pytest.mark.parametrize("form", ["logits", "probabilities", "log_probabilities"])
def test_input_forms(form: str) -> None:
    body = {"loss": "cross_entropy", "predictions": [[0.25, 0.75]], "targets": [1]}
    if form == "log_probabilities":
        body["predictions"] = [[-1.0, -0.5]]
    names = (form, *(alias for alias, meant in FORM_ALIASES.items() if meant == form))
    same_under(names, lambda name: evaluate({**body, "input_form": name}), form)


def test_words_among_parameters() -> None:
    body = {"loss": "hinge", "predictions": [0.5], "targets": [1]}
    same_under(("zero_one",), lambda name: evaluate({**body, "params": {"label_encoding": name}}), "zero_one")
    probabilities = {"loss": "bce", "input_form": "probabilities", "predictions": [0.0], "targets": [1]}
    clamped = lambda name: evaluate({**probabilities, "params": {"clamp": {"kind": name, "value": 1e-7}}})  # noqa: E731
    same_under(("prob_eps",), clamped, "prob_eps")


@pytest.mark.parametrize("framework", ["pytorch", "keras", "optax", "sklearn", "transformers"])
def test_frameworks(framework: str) -> None:
    names = (framework, *(alias for alias, meant in FRAMEWORK_ALIASES.items() if meant == framework))
    same_under(names, lambda name: evaluate({**MSE, "convention": name}), framework)


@pytest.mark.parametrize("kind", PENALTIES)
def test_penalties_under_every_name_the_catalogue_prints(kind: str) -> None:
    (entry,) = [each for each in catalogue() if each["name"] == kind]
    assert entry["aliases"] == [alias for alias, meant in PENALTY_ALIASES.items() if meant == kind]
    fields = {
        "group_lasso": {"groups": [[0], [1]]},
        "elastic_net": {"l1_ratio": 0.5},
        "dropout_linear": {"rate": 0.5, "X": [[1.0, 2.0]]},
    }.get(kind, {})
    theta: Any = [[1.0, 2.0]] if kind.endswith("norm") else [1.0, 2.0]
    body = {"lambda": 0.1, "theta": theta, **fields}
    same_under((kind, *entry["aliases"]), lambda name: regularizer({"penalties": [{**body, "type": name}]}), kind)


@pytest.mark.parametrize("optimizer", descending.OPTIMIZERS)
def test_optimizers(optimizer: str) -> None:
    names = (optimizer, *(alias for alias, meant in descending.ALIASES.items() if meant == optimizer))
    body: dict[str, Any] = {**STEP, "model": "linear"}
    if optimizer == "muon":  # it moves matrices
        body |= {"model": "softmax", "y": [0, 1], "theta0": [[0.0, 0.0]]}
    same_under(names, lambda name: descent({**body, "optimizer": name}), optimizer)


@pytest.mark.parametrize("alias", [name for name, meant in modelling.MODEL_ALIASES.items() if meant == "linear"])
def test_models(alias: str) -> None:
    same_under((alias,), lambda name: descent({**STEP, "model": name}), "linear")


@pytest.mark.parametrize("problem", solving.PROBLEMS)
def test_problems(problem: str) -> None:
    body = {**LINE, "convention": "Mean"} | ({} if problem == "ols" else {"lambda": 0.1})
    body |= {"l1_ratio": 0.5} if problem == "elastic_net" else {}
    names = (problem, *(alias for alias, meant in solving.ALIASES.items() if meant == problem))
    same_under(names, lambda name: closed_form({**body, "problem": name}), problem)


@pytest.mark.parametrize("field", OPERATION_FIELDS)
def test_one_word_for_one_thing(field: str) -> None:
    """`op`, `problem`, `scheme` and `type` all say which operation is asked for."""
    assert closed_form({**LINE, field: "OLS"})["problem"] == "ols"
    assert class_weights({field: "balanced", "labels": [0, 1, 1]})["scheme"] == "balanced"
    shift = {"base_rate": 0.5, "new_base_rate": 0.1, "probability": 0.5}
    assert threshold({field: "base-rate-shift", **shift})["op"] == "base_rate_shift"
    assert regularizer({"penalties": [{field: "ridge", "lambda": 2.0, "theta": [1.0]}]})["penalty"] == 1.0


def test_two_words_for_one_thing_are_one_too_many() -> None:
    with pytest.raises(OutOfDomain, match="says already which problem"):
        closed_form({**LINE, "op": "ols", "problem": "ridge"})


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("sofmax", "softmax"), ("hindge", "hinge"), ("BCELos", "bce"), ("tripplet", "triplet")],
)
def test_an_unknown_loss_is_told_the_nearest_names(wrong: str, near: str) -> None:
    with pytest.raises(UnknownName) as unknown:
        one_loss(wrong)
    assert near in unknown.value.faults[0].hint
    with pytest.raises(OutOfDomain) as refused:
        evaluate({**MSE, "loss": wrong})
    assert near in refused.value.faults[0].hint
