"""The catalogue of losses says everything of each, in words made from the code."""

import pytest

from mlquote.kit.errors import UnknownName
from mlquote.losses.aliases import ALIASES, NARROWER
from mlquote.losses.glossary import PROPERTIES, losses, one_loss, regularizers, terms
from mlquote.losses.loss import PROPERTY_NAMES
from mlquote.losses.objective import evaluate
from mlquote.losses.occasions import USES
from mlquote.losses.registry import LOSSES

MSE = {"loss": "mse", "predictions": [1.0], "targets": [0.0], "regularization": []}


def test_every_loss_has_an_entry_with_its_names_and_parameters() -> None:
    entries = {entry["name"]: entry for entry in losses()["losses"]}
    assert list(entries) == list(LOSSES)
    assert {alias for entry in entries.values() for alias in entry["aliases"]} == set(ALIASES)
    narrower = {each["name"] for entry in entries.values() for each in entry["narrower_names"]}
    assert narrower == set(NARROWER)
    for name, entry in entries.items():
        assert [param["name"] for param in entry["parameters"]] == [param.name for param in LOSSES[name].params]


def test_a_parameter_says_where_it_has_a_say() -> None:
    acts = {param["name"]: param["acts"] for param in one_loss("triplet")["parameters"]}
    assert (acts["margin"], acts["p"]) == (None, "with distance lp")


def test_every_property_of_an_answer_has_its_meaning() -> None:
    assert set(PROPERTIES) == set(PROPERTY_NAMES) - {"note"}


def test_a_term_that_is_a_field_names_one_of_an_answer() -> None:
    fields = {term["field"] for term in terms()["terms"]} - {None}
    assert fields <= set(evaluate(MSE))


def test_a_penalty_says_its_formula_and_source() -> None:
    for entry in regularizers()["regularizers"]:
        assert all(entry[part] for part in ("about", "formula", "gradient", "properties", "source"))


@pytest.mark.parametrize(("name", "nearest"), [("hubr", "huber"), ("pinbal", "pinball"), ("supcn", "supcon")])
def test_a_misspelt_name_is_answered_with_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(UnknownName) as unknown:
        one_loss(name)
    assert nearest in unknown.value.faults[0].hint


def test_every_loss_has_its_family_scope_use_and_pitfalls() -> None:
    assert list(USES) and set(USES) == set(LOSSES)
    for entry in losses()["losses"]:
        assert all(entry[field] for field in ("family", "scope", "typical_use", "pitfalls")), entry["name"]


def test_an_example_is_what_the_loss_folds() -> None:
    scopes = {name: one_loss(name)["scope"] for name in ("mse", "cross_entropy", "triplet", "infonce", "ddpm")}
    assert scopes == {
        "mse": "one entry of the predictions",
        "cross_entropy": "one row of classes",
        "triplet": "one vector along the last axis",
        "infonce": "rows that depend on each other: the whole batch",
        "ddpm": "one sample: all axes but the first",
    }


def test_a_term_says_what_it_is_of_and_its_formula() -> None:
    found = {term["term"]: term for term in terms()["terms"]}
    assert found["objective"]["formula"] == "J(theta) = (1/N) sum_i w_i L(yhat_i, y_i) + lambda R(theta)"
    assert all(term["scope"] and term["meaning"] for term in found.values())
    assert found["true_risk"]["scope"] == "the distribution the data came from"
