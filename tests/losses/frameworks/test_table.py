"""Every framework's function is one that can be asked, by its names, and says what it is."""

from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.frameworks.function import Function, key_of, shortened
from mlquote.losses.frameworks.table import FRAMEWORKS, FUNCTIONS, MODULES, SPELLINGS, VERSIONS
from mlquote.losses.glossary import losses
from mlquote.losses.names import FORMS, meanings
from mlquote.losses.objective import evaluate
from mlquote.losses.question import REDUCTIONS
from mlquote.losses.reading import Reader
from mlquote.losses.registry import LOSSES
from mlquote.losses.uses.comparison import compare

ALL = [function for module in MODULES.values() for function in module.functions]
named = pytest.mark.parametrize("function", ALL, ids=[f"{f.framework}-{f.loss.name}-{f.spelling[-40:]}" for f in ALL])


@named
def test_a_function_is_said_of_losses_parameters_and_forms_there_are(function: Function) -> None:
    known = {param.name: param for param in function.loss.params}
    assert function.framework in FRAMEWORKS
    assert function.reduction in {None, *REDUCTIONS}
    assert {*function.words.values()} <= set(REDUCTIONS)
    assert {function.form, *function.loss.forms} - {None} <= set(FORMS)
    assert set(function.loss.forms) <= set(LOSSES[function.loss.name].forms)
    assert function.form is None or function.form in function.loss.forms
    assert not set(function.has) & set(function.fixed)
    reader = Reader({}, "/params")
    for name in (*function.has, *function.fixed):
        known[name].value(reader, {**function.has, **function.fixed})
    assert reader.faults == []


@named
def test_a_function_is_found_by_each_of_its_names(function: Function) -> None:
    for spelling in function.spellings:
        assert function in SPELLINGS[key_of(spelling)]
        assert meanings(spelling)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_framework_says_the_version_it_was_checked_with(framework: str) -> None:
    assert any(character.isdigit() for character in VERSIONS[framework])


def test_a_name_is_shortened_from_the_left() -> None:
    assert shortened("torch.nn.functional.mse_loss") == [
        "torch.nn.functional.mse_loss", "nn.functional.mse_loss", "functional.mse_loss", "mse_loss", "F.mse_loss",
    ]  # fmt: skip
    assert shortened("svm.LinearSVC(loss='hinge')")[-1] == "LinearSVC(loss='hinge')"
    assert key_of("LinearSVC(loss = 'hinge')") == key_of("linearsvc(HINGE)")


def test_the_catalogue_prints_every_function() -> None:
    printed = [entry["spelling"] for loss in losses()["losses"] for entry in loss["frameworks"]]
    assert sorted(printed) == sorted(function.spelling for function in ALL)


@pytest.mark.parametrize(
    ("framework", "value"),
    [("pytorch", 4.0), ("keras", 4.0), ("optax", None), ("sklearn", 0.445)],
)
def test_one_residual_under_each_framework_s_huber(framework: str, value: float | None) -> None:
    """r = 4.5 at delta 1: 4.5 - 0.5; scikit-learn's delta 0.1: 0.1 (4.5 - 0.05) = 0.445; optax reduces nothing."""
    answer = evaluate({"loss": "huber", "predictions": [4.5, 4.5], "targets": [0.0, 0.0], "convention": framework})
    assert answer["cost"] == (None if value is None else pytest.approx(value))


def test_a_mean_of_class_weighted_rows_divides_by_the_weights_in_pytorch() -> None:
    """Class weights 1 and 3 at logits 0: 4 log 2 over 4; the word mean is PyTorch's own, and echoed as ours."""
    body = {"loss": "cross_entropy", "predictions": [[0.0, 0.0]] * 2, "targets": [0, 1], "input_form": "logits",
            "weights": {"class": [1.0, 3.0]}}  # fmt: skip
    assert evaluate(body)["cost"] == pytest.approx(2 * np.log(2))
    for reduction in ({}, {"reduction": "mean"}):
        answer = evaluate({**body, **reduction, "convention": "pytorch"})
        assert (answer["cost"], answer["resolved"]["reduction"]) == (pytest.approx(np.log(2)), "weighted_mean")


REFUSED: list[tuple[str, str, dict[str, Any]]] = [
    ("no such parameter in torch.nn.functional.mse_loss: scale is 1.0 there", "pytorch",
     {"loss": "mse", "predictions": [1.0], "targets": [0.0], "params": {"scale": 0.5}}),
    ("no such parameter in keras.losses.Hinge: margin", "keras",
     {"loss": "hinge", "predictions": [0.2], "targets": [1], "params": {"margin": 0.5}}),
    ("no such parameter in optax.losses.squared_error: sample weights", "optax",
     {"loss": "mse", "predictions": [1.0], "targets": [0.0], "weights": {"sample": [2.0]}}),
    ("takes logits, not probabilities", "optax",
     {"loss": "bce", "predictions": [0.5], "targets": [0], "input_form": "probabilities"}),
    ("optax has no mae", "optax", {"loss": "mae", "predictions": [1.0], "targets": [0.0]}),
    ("kind is binary there", "optax",
     {"loss": "focal", "predictions": [[1.0, 2.0]], "targets": [1], "input_form": "logits",
      "params": {"kind": "categorical"}}),
    ("per token", "trl",
     {"loss": "dpo", "params": {"variant": "ipo"},
      "predictions": {"policy_chosen_logps": [-1.0], "policy_rejected_logps": [-2.0]},
      "targets": {"reference_chosen_logps": [-1.0], "reference_rejected_logps": [-2.0]}}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "framework", "body"), REFUSED, ids=[words[:40] for words, _, _ in REFUSED])
def test_what_a_framework_has_not_is_refused_and_is_null_beside_others(
    words: str, framework: str, body: dict[str, Any]
) -> None:
    with pytest.raises(OutOfDomain) as refusal:
        evaluate({**body, "convention": framework})
    assert words in " ".join(fault.detail for fault in refusal.value.faults)
    beside = {entry["framework"]: entry for entry in compare(body)["frameworks"]}
    if framework in FUNCTIONS[evaluate(body)["loss"]]:
        assert beside[framework]["value"] is None
        assert words in " ".join(beside[framework]["reasons"])
