"""The page of each penalty says its fields as the code reads them, and what frameworks mean by it."""

from typing import Any

import pytest

from mlquote.kit.errors import OutOfDomain, UnknownName
from mlquote.losses.glossary import one_regularizer
from mlquote.losses.penalty_pages import SETTINGS, SPELLINGS, catalogue
from mlquote.losses.regularizers import PENALTIES, regularizer

PAGES = {entry["name"]: entry for entry in catalogue()}
THETA: dict[str, Any] = {"spectral_norm": [[3.0, 0.0], [0.0, 4.0]], "nuclear_norm": [[3.0, 0.0], [0.0, 4.0]]}
FULL: dict[str, dict[str, Any]] = {
    "elastic_net": {"l1_ratio": 0.5},
    "group_lasso": {"groups": [[0, 1]]},
    "dropout_linear": {"rate": 0.5, "X": [[1.0, 2.0]]},
}


def asked(name: str, **fields: Any) -> dict[str, Any]:
    return {"type": name, "lambda": 2.0, "theta": THETA.get(name, [3.0, 4.0]), **FULL.get(name, {}), **fields}


def test_every_penalty_has_a_page() -> None:
    assert set(PAGES) == set(PENALTIES) == set(SETTINGS) == set(SPELLINGS)


@pytest.mark.parametrize("name", PENALTIES)
def test_a_page_lists_the_fields_that_are_read(name: str) -> None:
    """What is needed is asked for; what has a default is that where it is left out; nothing else is known."""
    fields = {each["name"]: each for each in PAGES[name]["parameters"]}
    with pytest.raises(OutOfDomain) as refused:
        regularizer({"penalties": [asked(name, strange=1)]})
    (hint,) = [fault.hint for fault in refused.value.faults]
    assert set(hint.removeprefix("known here: ").split(", ")) - {"type"} == set(fields)
    plain = regularizer({"penalties": [asked(name)]})["penalty"]
    for field, each in fields.items():
        if each["required"]:
            with pytest.raises(OutOfDomain):
                regularizer({"penalties": [{n: v for n, v in asked(name).items() if n != field}]})
        else:
            assert regularizer({"penalties": [asked(name, **{field: each["default"]})]})["penalty"] == plain


def test_keras_and_pytorch_mean_another_lambda() -> None:
    """Keras's L2(0.1) of (3, 4) is 2.5; PyTorch's weight_decay 0.1 is half of it."""
    means = {each["spelling"]: each["means"] for each in PAGES["l2"]["frameworks"]}
    assert "half false" in means["keras.regularizers.L2(l2)"]
    assert regularizer({"penalties": [asked("l2", half=False) | {"lambda": 0.1}]})["penalty"] == pytest.approx(2.5)
    assert regularizer({"penalties": [asked("l2") | {"lambda": 0.1}]})["penalty"] == pytest.approx(1.25)


def test_keras_l1l2_is_an_elastic_net_of_its_two_strengths() -> None:
    """0.2 (3 + 4) + 0.1 (9 + 16) = 3.9: lambda 0.2 + 2 x 0.1, l1_ratio 0.2 / 0.4."""
    body = {"type": "l1l2", "lambda": 0.4, "l1_ratio": 0.5, "theta": [3.0, 4.0]}
    assert regularizer({"penalties": [body]})["penalty"] == pytest.approx(3.9)


def test_a_penalty_is_found_by_each_of_its_names() -> None:
    assert one_regularizer("Tikhonov")["name"] == "l2"
    with pytest.raises(UnknownName, match="no penalty named"):
        one_regularizer("nothing of the kind")
