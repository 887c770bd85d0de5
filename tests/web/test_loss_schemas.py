"""OpenAPI describes a question of each loss, and every example of every loss operation is answered."""

from collections.abc import Iterator
from typing import Any

import pytest

from mlquote.losses.loss_schemas import COMPARE, EVALUATE, OTHER, PREFIX
from mlquote.losses.registry import LOSSES
from tests.web.conftest import Client

Schema = dict[str, Any]
PATHS = [EVALUATE, COMPARE]


@pytest.fixture(scope="module")
def described(client: Client) -> Schema:
    found: Schema = client.get("/openapi.json").json()
    return found


def question(described: Schema, path: str) -> Schema:
    found: Schema = described["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    return found


def at(described: Schema, reference: str) -> Schema:
    """What a reference names; a name alone is a schema's."""
    kind, name = ["schemas", *reference.split("/")][-2:]
    found: Schema = described["components"][kind][name]
    return found


@pytest.mark.parametrize("path", PATHS)
def test_there_is_one_schema_a_loss_told_apart_by_its_name(described: Schema, path: str) -> None:
    asked = question(described, path)
    assert asked["discriminator"]["propertyName"] == "loss"
    assert list(asked["discriminator"]["mapping"]) == list(LOSSES)
    assert len(asked["anyOf"]) == len(LOSSES) + 1
    for name, reference in asked["discriminator"]["mapping"].items():
        assert at(described, reference)["properties"]["loss"]["const"] == name
    assert asked["anyOf"][-1]["$ref"].endswith(PREFIX[path] + OTHER)


@pytest.mark.parametrize("path", PATHS)
def test_every_example_of_every_loss_is_answered(client: Client, described: Schema, path: str) -> None:
    for reference in question(described, path)["discriminator"]["mapping"].values():
        schema = at(described, reference)
        for example in schema["examples"]:
            assert set(schema["required"]) <= set(example) <= set(schema["properties"])
            response = client.post(path, example)
            assert response.status_code == 200, (example, response.text)


def test_a_loss_of_its_schema_says_its_parameters(described: Schema) -> None:
    params = at(described, f"{PREFIX[EVALUATE]}focal")["properties"]["params"]["properties"]
    assert params["gamma"] == {
        "type": "number",
        "minimum": 0.0,
        "default": 2.0,
        "description": params["gamma"]["description"],
    }
    assert params["kind"]["enum"] == ["binary", "categorical"]
    weights = at(described, f"{PREFIX[EVALUATE]}mse")["properties"]["weights"]["properties"]
    assert list(weights) == ["sample"]
    assert at(described, f"{PREFIX[EVALUATE]}cross_entropy")["required"] == [
        "loss",
        "predictions",
        "targets",
        "input_form",
    ]
    assert "input_form" not in at(described, f"{PREFIX[EVALUATE]}dice")["required"]


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def test_every_reference_of_the_losses_is_there(described: Schema) -> None:
    losses = {path: each for path, each in described["paths"].items() if path.startswith(("/v1/losses", "/v1/reg"))}
    named = {name: each for name, each in described["components"]["schemas"].items() if name.startswith("Loss")}
    for reference in {*references(losses), *references(named)}:
        assert at(described, reference)


def test_every_example_of_every_operation_is_answered(client: Client, described: Schema) -> None:
    asked = 0
    for path, methods in described["paths"].items():
        if "post" not in methods or not path.startswith(("/v1/losses", "/v1/regularizers")):
            continue
        schema = question(described, path)
        many = path.endswith("/batch")
        for example in (schema["items"] if many else schema)["examples"]:
            response = client.post(path, [example] if many else example)
            assert response.status_code == 200, (path, response.text)
            asked += 1
    assert asked >= 9
