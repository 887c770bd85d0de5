"""Every name that a GET of the losses prints works in every POST that takes it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from mlquote.losses.reading import OPERATION_FIELDS
from mlquote.losses.uses.schedules import RATED
from mlquote.losses.weighting import SCHEMES
from tests.losses.test_names import example
from tests.web.conftest import Client

Body = dict[str, Any]
EVALUATE, COMPARE = "/v1/losses/evaluate", "/v1/losses/compare"
LINE: Body = {"X": [[0.5, 1.0], [1.0, -1.0], [2.0, 0.5]], "y": [1.0, 3.0, 2.0]}
MODEL: Body = {**LINE, "model": "linear"}
MODELS: dict[str, Body] = {
    "linear": {},
    "ridge": {"lambda": 0.5, "convention": "sum"},
    "logistic": {"y": [0, 1, 1]},
    "softmax": {"y": [0, 1, 1], "theta": [[0.1, 0.2], [0.0, 0.3]]},
    "two_layer_linear": {"theta": [0.1, 0.2, 0.3]},
    "mlp": {"theta": [0.1, 0.2, 0.3, 0.1, 0.2]},
}
STEPS = {"learning_rate": 0.1, "steps": 2}
GRID = {"grid": [[0.0, 0.5]]}
COSTS = {"tp": 0.0, "fp": 1.0, "fn": 4.0, "tn": 0.0}
PENALTY: dict[str, Body] = {
    "group_lasso": {"groups": [[0], [1]]},
    "elastic_net": {"l1_ratio": 0.5},
    "dropout_linear": {"rate": 0.5, "X": [[1.0, 2.0]]},
    "spectral_norm": {"theta": [[1.0, 2.0]]},
    "nuclear_norm": {"theta": [[1.0, 2.0]]},
}
FULL: dict[str, dict[str, Body]] = {
    "problem": {
        "ols": {},
        "ridge": {"lambda": 0.1, "convention": "mean"},
        "lasso": {"lambda": 0.1, "convention": "mean"},
        "elastic_net": {"lambda": 0.1, "convention": "mean", "l1_ratio": 0.5},
    },
    "scheme": {"effective_number": {"beta": 0.5}, "custom": {"weights": {"0": 1.0, "1": 2.0}}},
    "op": {
        "optimal": {"costs": COSTS, "probabilities": [0.1, 0.7]},
        "empirical": {"costs": COSTS, "probabilities": [0.1, 0.7], "labels": [0, 1]},
        "multiclass": {"cost_matrix": [[0, 1], [2, 0]], "cost_matrix_axes": ["actual", "predicted"],
                       "probabilities": [[0.4, 0.6]]},
        "base_rate_shift": {"probability": 0.5, "base_rate": 0.5, "new_base_rate": 0.1},
        "rebalance": {"current_threshold": 0.5, "target_threshold": 0.2},
    },
}  # fmt: skip
"""By field and word, what a full question says beside it."""


def plain(value: Any) -> Any:
    """Arrays as lists, infinities as the strings that JSON has for them."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    return value


def ways(name: str) -> tuple[str, ...]:
    return name, name.upper(), name.replace("_", "-")


def same_answers(client: Client, path: str, bodies: list[Body]) -> None:
    """Every body is answered, and as the first is, echoes of the words themselves apart."""
    answers = []
    for body in bodies:
        response = client.post(path, plain(body))
        assert response.status_code == 200, (path, body, response.text)
        answers.append(response.json())
    for body, answer in zip(bodies, answers, strict=True):
        assert answer == answers[0], body


@pytest.fixture(scope="module")
def entries(client: Client) -> list[Body]:
    listed: list[Body] = client.get("/v1/losses").json()["losses"]
    return listed


def test_every_name_of_a_loss_works_in_every_post_of_a_loss(client: Client, entries: list[Body]) -> None:
    for entry in entries:
        body = {**example(entry["name"]), "gradient": False}
        names = [way for alias in (entry["name"], *entry["aliases"]) for way in ways(alias)]
        for path in (EVALUATE, COMPARE):
            asked = {name: value for name, value in body.items() if path == EVALUATE or name != "gradient"}
            same_answers(client, path, [{**asked, "loss": name} for name in names])
        for narrow in entry["narrower_names"]:
            form = example(entry["name"], **narrow["params"])
            rest = {name: value for name, value in form["params"].items() if name not in narrow["params"]}
            names = ways(narrow["name"])
            wanted = [{**form, "params": {**rest, **narrow["params"]}}]
            same_answers(client, EVALUATE, wanted + [{**form, "loss": name, "params": rest} for name in names])


def test_a_loss_of_one_number_a_row_is_descended_under_every_name(client: Client, entries: list[Body]) -> None:
    """Those that a linear model can be fitted with; what one name is refused for, all are."""
    for entry in entries:
        if entry["scope"] != "one entry of the predictions" or entry["predictions"] != ["predictions"]:
            continue
        for path, rest in (("descent", {**STEPS, "theta0": [0.1, 0.2]}), ("surface", {**GRID, "theta": [0.1, 0.2]})):
            body = {**MODEL, **rest, "y": [1.0, 1.0, 1.0]}
            body |= {"input_form": entry["input_forms"][0]} if entry["input_forms"] else {}
            found = [
                client.post(f"/v1/losses/{path}", {**body, "loss": name})
                for name in (entry["name"], *entry["aliases"], entry["name"].upper())
            ]
            assert {response.status_code for response in found} in ({200}, {422}), entry["name"]
            assert all(response.json() == found[0].json() for response in found if response.status_code == 200)
            refused = [fault["pointer"] for response in found if response.status_code == 422
                       for fault in response.json()["errors"]]  # fmt: skip
            assert "/loss" not in refused


def test_every_spelling_of_a_framework_is_a_loss_there_is(client: Client, entries: list[Body]) -> None:
    for entry in entries:
        for function in entry["frameworks"]:
            for spelling in (function["spelling"], *function["also"]):
                body = {**example(entry["name"]), "params": {}, "loss": spelling, "convention": function["framework"]}
                response = client.post(EVALUATE, plain(body))
                faults = [] if response.status_code == 200 else response.json()["errors"]
                assert response.status_code in {200, 422}
                assert not {"/loss", "/convention"} & {fault["pointer"] for fault in faults}, (spelling, faults)


def questions(field: str, word: str) -> Iterator[tuple[str, Body]]:
    """Full questions that say a word, by path."""
    fit = {**MODEL, "theta": [0.1, 0.2]}
    if field == "reduction":
        body = example("mse") | {"gradient": False}
        yield EVALUATE, body | ({"reduction_constant": 2.0} if word == "constant" else {})
    elif field == "convention":
        loss = "dpo" if word == "trl" else "mse"
        yield EVALUATE, {**example(loss), "params": {}}
    elif field == "input_form":
        loss = "poisson_nll" if word.endswith("rate") else "cross_entropy"
        value = {"log_probabilities": [[-1.0, -2.0]]}.get(word, [[0.25, 0.75]])
        number: Body = {"loss": loss, "predictions": [0.5], "targets": [1.0]}
        row: Body = {"loss": loss, "predictions": value, "targets": [1]}
        for path in (EVALUATE, COMPARE):
            yield path, row if loss == "cross_entropy" else number
    elif field in {"optimizer", "schedule"}:
        matrix = {"model": "softmax", "y": [0, 1, 1], "theta0": [[0.0, 0.0], [0.1, 0.0]]}
        body = {**MODEL, **STEPS, "theta0": [0.1, 0.2]} | ({**matrix} if word == "muon" else {})
        yield "/v1/losses/descent", body | ({"decay_rate": 0.9} if word in RATED else {})
    elif field == "model":
        body = {**fit, **MODELS[word]}
        theta = body.pop("theta")
        yield "/v1/losses/descent", {**body, **STEPS, "theta0": theta}
        yield "/v1/losses/surface", {**body, **GRID, "theta": theta}
    elif field == "problem":
        yield "/v1/losses/closed-form", {**LINE, **FULL[field][word]}
    elif field == "scheme":
        yield "/v1/losses/class-weights", {"labels": [0, 1, 1], **FULL[field].get(word, {})}
    elif field == "op":
        yield "/v1/losses/decision-threshold", FULL[field][word]


def test_every_word_works_in_every_post_that_takes_it(client: Client) -> None:
    listed = client.get("/v1/losses/words").json()["words"]
    assert {each["field"] for each in listed} >= {"reduction", "convention", "optimizer", "model", "schedule", "op"}
    for each in (each for each in listed if each["field"] != "type"):
        for choice in each["choices"]:
            said = [way for name in (choice["name"], *choice["aliases"]) for way in ways(name)]
            for path, body in questions(each["field"], choice["name"]):
                assert path in each["paths"]
                same_answers(client, path, [{**body, each["field"]: name} for name in said])
                for field in each["also_said_in"]:
                    same_answers(client, path, [{**body, each["field"]: choice["name"]}, {**body, field: said[-1]}])


def test_every_penalty_works_under_every_name_everywhere(client: Client) -> None:
    for entry in client.get("/v1/regularizers").json()["regularizers"]:
        penalty = {"lambda": 0.1, "theta": [1.0, 2.0], **PENALTY.get(entry["name"], {})}
        names = [way for name in (entry["name"], *entry["aliases"]) for way in ways(name)]
        asked = [{**penalty, field: name} for name in names for field in ("type", "op")]
        same_answers(client, "/v1/regularizers/evaluate", [{"penalties": [each]} for each in asked])
        mse = {"loss": "mse", "predictions": [1.0], "targets": [0.0]}
        same_answers(client, EVALUATE, [{**mse, "regularization": [each]} for each in asked])
        for name in names:
            assert client.get(f"/v1/regularizers/{name}").json()["name"] == entry["name"]


def test_every_weighting_that_is_a_scheme_is_one(client: Client) -> None:
    printed = {each["name"] for each in client.get("/v1/losses").json()["weightings"]}
    assert set(SCHEMES) - {"custom"} <= printed
    assert set(OPERATION_FIELDS) >= {"op", "problem", "scheme", "type"}


@pytest.mark.parametrize("path", ["/v1/losses/evaluate", "/v1/losses/decision-threshold", "/v1/regularizers/evaluate"])
def test_an_operation_is_posted(client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["allow"]) == (405, "POST, OPTIONS")


def test_an_unknown_penalty_is_told_the_nearest(client: Client) -> None:
    response = client.get("/v1/regularizers/lassoo")
    assert response.status_code == 404
    assert "lasso" in response.text


def test_reductions_are_told_with_their_meaning_and_other_names(client: Client) -> None:
    found = {each["name"]: each for each in client.get("/v1/losses/reductions").json()["reductions"]}
    assert found["mean"]["aliases"] == ["sum_over_batch_size", "average", "token_mean"]
    assert "axis 0" in found["batchmean"]["meaning"]
