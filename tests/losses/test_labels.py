"""Classes by their names."""

from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.labels import are_words
from mlquote.losses.objective import evaluate
from mlquote.losses.uses.comparison import compare
from mlquote.losses.weighting import class_weights

LOGITS = {"loss": "cross_entropy", "input_form": "logits", "predictions": [[2.0, 0.0], [0.5, 1.0]], "gradient": True}
NAMED = {**LOGITS, "targets": ["cat", "dog"], "classes": ["dog", "cat"]}


def test_a_name_is_its_place_among_the_classes() -> None:
    found, wanted = evaluate(NAMED), evaluate({**LOGITS, "targets": [1, 0]})
    assert found["cost"] == wanted["cost"]
    assert found["gradient"]["predictions"].tolist() == wanted["gradient"]["predictions"].tolist()


def test_names_may_be_an_array_or_nested() -> None:
    assert evaluate({**NAMED, "targets": np.array(["cat", "dog"])})["cost"] == evaluate(NAMED)["cost"]
    nested = {**NAMED, "predictions": [LOGITS["predictions"]], "targets": [["cat", "dog"]]}
    assert evaluate(nested)["cost"] == evaluate(NAMED)["cost"]


def test_two_names_are_no_and_yes() -> None:
    """softplus(-1) = 0.31326: the second class is the positive one."""
    body = {"loss": "bce", "input_form": "logits", "predictions": [1.0], "targets": ["spam"]}
    assert evaluate({**body, "classes": ["ham", "spam"]})["cost"] == pytest.approx(0.31326, abs=1e-5)


def test_compare_takes_names() -> None:
    values = {
        entry["framework"]: entry["value"]
        for entry in compare({k: NAMED[k] for k in NAMED if k != "gradient"})["frameworks"]
    }
    assert values["pytorch"] == pytest.approx(evaluate(NAMED)["cost"], rel=1e-12)


def test_balanced_weights_of_names() -> None:
    """4 / (2 x 3) and 4 / (2 x 1)."""
    found = class_weights({"scheme": "balanced", "labels": ["cat", "dog", "cat", "cat"]})
    assert found["weights"].tolist() == pytest.approx([2 / 3, 2.0])
    assert found["classes"] == ["cat", "dog"]
    assert found["sample_weights"].tolist() == pytest.approx([2 / 3, 2.0, 2 / 3, 2 / 3])


def test_custom_weights_of_names() -> None:
    body = {"scheme": "custom", "labels": ["b", "a"], "weights": {"a": 3.0, "b": 1.0}}
    assert class_weights(body)["sample_weights"].tolist() == [1.0, 3.0]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"classes": None}, "/targets"),
        ({"targets": ["cat", "cow"]}, "/targets/1"),
        ({"classes": ["cat", "cat"]}, "/classes"),
        ({"classes": ["cat"]}, "/classes"),
        ({"classes": "cat"}, "/classes"),
        ({"targets": np.array([0, 1])}, "/classes"),
        ({"loss": "mse", "input_form": None, "predictions": [1.0, 2.0]}, "/classes"),
        ({"convention": "sklearn", "input_form": "probabilities", "predictions": [[0.5, 0.5]] * 2}, "/classes"),
    ],
    ids=["no classes", "unknown", "twice", "one", "text", "numbers", "no class", "scikit-learn sorts"],
)
def test_names_that_stand_for_nothing_are_refused(change: dict[str, Any], pointer: str) -> None:
    with pytest.raises(OutOfDomain) as refusal:
        evaluate({**NAMED, **change})
    assert pointer in [fault.pointer for fault in refusal.value.faults]


def test_mixed_labels_of_class_weights_are_refused() -> None:
    with pytest.raises(OutOfDomain):
        class_weights({"scheme": "balanced", "labels": ["cat", 1]})


def test_the_first_number_of_targets_says_that_they_are_no_words() -> None:
    looked_at = []

    class Watched(list):
        def __iter__(self):
            for entry in list.__iter__(self):
                looked_at.append(entry)
                yield entry

    assert not are_words(Watched([1.0] * 100_000)) and len(looked_at) == 1
    assert are_words([["cat", "dog"]]) and not are_words(["cat", "Infinity"]) and not are_words([])
