"""Every word and every alias a listing prints is taken wherever it says, in any spelling, as the word it stands for."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import OutOfDomain
from mlquote.losses.glossary import losses
from mlquote.losses.objective import evaluate
from mlquote.losses.penalty_pages import catalogue
from mlquote.losses.reading import Body
from mlquote.losses.regularizers import regularizer
from mlquote.losses.uses.closed_form import closed_form
from mlquote.losses.uses.comparison import compare
from mlquote.losses.uses.descent import descent
from mlquote.losses.uses.slices import loss_slice
from mlquote.losses.uses.surface import surface
from mlquote.losses.uses.thresholds import threshold
from mlquote.losses.weighting import class_weights
from mlquote.losses.wordbook import reductions, words

LINE: Body = {"X": [[1.0], [2.0]], "y": [1.0, 2.0]}
LOSS: Body = {"loss": "mse", "predictions": [[0.5, 0.25]], "targets": [[0.0, 1.0]]}
USES: dict[str, tuple[Callable[[Body], Any], Body]] = {
    "/v1/losses/evaluate": (evaluate, LOSS),
    "/v1/losses/compare": (compare, LOSS),
    "/v1/losses/slice": (loss_slice, {"loss": "mse", "points": 3}),
    "/v1/losses/descent": (descent, {**LINE, "model": "linear", "theta0": [0.0], "learning_rate": 0.1, "steps": 2}),
    "/v1/losses/surface": (
        surface,
        {**LINE, "model": "linear", "theta": [0.0], "grid": [[0.0, 1.0]], "directions": [[1.0]]},
    ),
    "/v1/regularizers/evaluate": (regularizer, {}),
    "/v1/losses/closed-form": (closed_form, LINE),
    "/v1/losses/class-weights": (class_weights, {"labels": [0, 1, 1]}),
    "/v1/losses/decision-threshold": (
        threshold,
        {"base_rate": 0.5, "new_base_rate": 0.1, "probability": 0.5, "costs": {"fp": 1.0, "fn": 2.0}},
    ),
}
"""Where words are said: the operation and a question that the word completes, or that says what is missing of it."""
PRINTED = [
    (path, entry["field"], choice["name"], alias)
    for entry in words()["words"]
    for path in entry["paths"]
    for choice in entry["choices"]
    for alias in (choice["name"], *choice["aliases"])
]


def said(path: str, field: str, word: str) -> str:
    """What a word leads to: the answer, or the refusal of what it still lacks."""
    ask, body = USES[path]
    if field == "type":
        penalty = {"type": word, "lambda": 0.1, "theta": [1.0, 2.0]}
        inner = {"penalties": [penalty]} if path.startswith("/v1/regularizers") else {"regularization": [penalty]}
        question = {**body, **inner}
    elif field == "input_form":
        question = {**body, field: word, "loss": "poisson_nll" if "rate" in word.casefold() else "cross_entropy"}
    else:
        question = {**body, field: word}
    try:
        return repr(ask(question))
    except OutOfDomain as refusal:
        return repr([(fault.pointer, fault.detail, fault.hint) for fault in refusal.faults])


@pytest.mark.parametrize(("path", "field", "name", "alias"), PRINTED, ids=lambda each: str(each).rsplit("/", 1)[-1])
def test_a_printed_word_is_taken_where_it_says(path: str, field: str, name: str, alias: str) -> None:
    wanted = said(path, field, name)
    assert f"is not a known {field}" not in wanted and f"unknown field '{field}'" not in wanted
    for way in (alias, alias.upper(), alias.replace("_", "-").title(), f" {alias.replace('_', ' ')} "):
        assert said(path, field, way) == wanted


def test_every_path_of_the_listing_is_asked() -> None:
    assert {path for path, *_ in PRINTED} == set(USES)


def test_the_listings_print_the_same_names() -> None:
    """Reductions and penalties have pages of their own, which say no other names than the list of words."""
    printed = {
        (entry["field"], each["name"]): each["aliases"] for entry in words()["words"] for each in entry["choices"]
    }
    assert all(printed["reduction", each["name"]] == each["aliases"] for each in reductions()["reductions"])
    assert all(printed["type", each["name"]] == each["aliases"] for each in catalogue())


@pytest.mark.parametrize("path", ["/v1/losses/compare", "/v1/losses/descent", "/v1/losses/surface"])
def test_every_use_of_a_loss_takes_its_printed_names(path: str) -> None:
    """A loss that the question does not fit is refused under each of its names, for the same reason."""
    with np.errstate(all="ignore"):
        for entry in losses()["losses"]:
            wanted = said(path, "loss", entry["name"])
            assert "is not a known loss" not in wanted
            for alias in entry["aliases"]:
                assert said(path, "loss", alias) == wanted, alias
