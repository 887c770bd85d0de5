"""What frameworks do is said of losses, reductions, forms and parameters there are."""

import numpy as np
import pytest

from mlquote.losses.conventions import CONVENTIONS, FRAMEWORKS, Convention
from mlquote.losses.objective import evaluate
from mlquote.losses.question import REDUCTIONS
from mlquote.losses.reading import Reader
from mlquote.losses.registry import LOSSES

RULES = [(loss, framework) for loss, rules in CONVENTIONS.items() for framework in rules]


def rule_of(loss: str, framework: str) -> Convention:
    return CONVENTIONS[loss][framework]


@pytest.mark.parametrize(("loss", "framework"), RULES)
def test_a_framework_s_way_is_one_that_can_be_asked(loss: str, framework: str) -> None:
    rule, known = rule_of(loss, framework), {param.name: param for param in LOSSES[loss].params}
    assert framework in FRAMEWORKS
    assert rule.reduction in REDUCTIONS
    assert {rule.form, *rule.forms} - {None} <= set(LOSSES[loss].forms)
    assert rule.form is None or rule.form in rule.forms
    reader = Reader({}, "/params")
    for name in rule.params:
        known[name].value(reader, rule.params)
    assert reader.faults == []


@pytest.mark.parametrize(("loss", "framework"), RULES)
def test_a_spelling_s_functions_stand_in_it(loss: str, framework: str) -> None:
    """Each function of a spelling that holds several is found in it by its last word."""
    rule = rule_of(loss, framework)
    for function, form in rule.functions.items():
        assert function.rsplit(".", maxsplit=1)[-1] in rule.spelling
        assert form is None or form in rule.forms


@pytest.mark.parametrize(
    ("framework", "value"),
    [("pytorch", 4.0), ("keras", 4.0), ("optax", None), ("sklearn", 0.445)],
)
def test_one_residual_under_each_framework_s_huber(framework: str, value: float | None) -> None:
    """r = 4.5 at delta 1: 4.5 - 0.5; scikit-learn's delta 0.1: 0.1 (4.5 - 0.05) = 0.445; optax reduces nothing."""
    answer = evaluate({"loss": "huber", "predictions": [4.5, 4.5], "targets": [0.0, 0.0], "convention": framework})
    assert answer["cost"] == (None if value is None else pytest.approx(value))
    np.testing.assert_allclose(answer["per_example"], answer["per_example"][0])


def test_a_mean_of_weighted_rows_is_torch_s_or_keras_s() -> None:
    """Class weights 1 and 3 at logits 0: PyTorch divides 4 log 2 by 4, Keras by 2."""
    body = {"loss": "cross_entropy", "predictions": [[0.0, 0.0]] * 2, "targets": [0, 1], "input_form": "logits",
            "weights": {"class": [1.0, 3.0]}}  # fmt: skip
    costs = {name: evaluate({**body, "convention": name})["cost"] for name in ("pytorch", "keras")}
    assert costs == {"pytorch": pytest.approx(np.log(2)), "keras": pytest.approx(2 * np.log(2))}
