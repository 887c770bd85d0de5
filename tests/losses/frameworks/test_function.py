"""How a framework's function is named, and which one a question means."""

import pytest

from mlquote.losses.frameworks.function import Outline, choose, key_of, of_kind, shortened
from mlquote.losses.frameworks.keras import FUNCTIONS as KERAS
from mlquote.losses.registry import LOSSES


def test_a_spelling_is_known_with_its_module_with_less_of_it_and_bare() -> None:
    assert shortened("torch.nn.functional.mse_loss") == [
        "torch.nn.functional.mse_loss", "nn.functional.mse_loss", "functional.mse_loss", "mse_loss", "F.mse_loss",
    ]  # fmt: skip
    assert shortened("SGDClassifier(loss='a.b')") == ["SGDClassifier(loss='a.b')"]


@pytest.mark.parametrize(
    ("spelling", "key"),
    [("KLDivLoss()", "kldivloss"), ("SGDClassifier(loss='hinge')", "sgdclassifier(hinge)"), ("log-loss", "log_loss")],
)
def test_spellings_are_compared_without_case_quotes_and_empty_brackets(spelling: str, key: str) -> None:
    assert key_of(spelling) == key


def test_of_functions_that_take_the_form_the_first_that_fits_is_meant() -> None:
    functions = tuple(each for each in KERAS if each.loss.name == "cross_entropy")
    hard = Outline(form="probabilities", params={}, soft=False, rank=2)
    soft = Outline(form="probabilities", params={}, soft=True, rank=2)
    logs = Outline(form="log_probabilities", params={}, soft=False, rank=2)
    meant = [choose(functions, asked, LOSSES["cross_entropy"]).function for asked in (hard, soft, logs)]
    assert [None if each is None else each.spelling for each in meant] == [
        "keras.losses.SparseCategoricalCrossentropy", "keras.losses.CategoricalCrossentropy", None,
    ]  # fmt: skip
    assert "not log_probabilities" in choose(functions, logs, LOSSES["cross_entropy"]).reason


def test_a_kind_that_is_not_given_is_any() -> None:
    outline = Outline(form=None, params={"kind": "binary"}, soft=False, rank=1)
    assert of_kind("binary")(outline) and not of_kind("categorical")(outline)
    assert of_kind("categorical")(Outline(form=None, params={}, soft=False, rank=1))
