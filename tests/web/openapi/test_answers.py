"""Answers have the shapes that the document gives them, where no example shows it: rows, faults, long lists."""

from typing import Any

import pytest
from fastapi import FastAPI

from mlquote.catalog.tables import TABLE
from mlquote.web.openapi.answers import ANSWERS, ROWS, schemas
from tests.web.conftest import Client
from tests.web.openapi import shapes


@pytest.fixture(scope="module")
def closed(service: FastAPI) -> dict[str, Any]:
    return shapes.closed(service.openapi())


def test_no_answer_in_json_is_left_without_a_shape(service: FastAPI) -> None:
    bare = [
        (method, path, status)
        for path, methods in service.openapi()["paths"].items()
        for method, told in methods.items()
        for status, answer in told["responses"].items()
        if status < "3" and "application/json" in answer.get("content", {})
        and not answer["content"]["application/json"].get("schema")
    ]  # fmt: skip
    assert bare == []


def test_every_shape_belongs_to_an_operation_and_no_name_means_two(service: FastAPI) -> None:
    document = service.openapi()
    operations = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert set(ANSWERS) <= operations
    kept = document["components"]["schemas"]
    assert [name for name, schema in schemas().items() if kept[name] != schema] == []


@pytest.mark.parametrize("table", ROWS)
def test_every_row_of_a_table_has_the_shape_of_its_table(client: Client, closed: dict[str, Any], table: str) -> None:
    assert table in TABLE
    answer = client.get(f"/v1/catalog/{table}", limit=200).json()
    row = {"$ref": f"#/components/schemas/{ROWS[table]}"}
    assert shapes.faults({"type": "array", "items": row}, closed, answer["rows"]) == []


@pytest.mark.parametrize("kind", ["losses", "regularizers"])
def test_every_loss_and_penalty_has_the_shape_of_its_kind(client: Client, closed: dict[str, Any], kind: str) -> None:
    schema = {"$ref": f"#/components/schemas/{ANSWERS['GET', f'/v1/{kind}'].__name__}"}
    assert shapes.faults(schema, closed, client.get(f"/v1/{kind}").json()) == []


def test_a_log_of_bad_lines_has_the_shape_of_a_bill(client: Client, closed: dict[str, Any]) -> None:
    """More bad lines than are told in full: the rest by their numbers."""
    good = '{"timestamp": "2026-11-20", "provider": "openai", "model": "gpt-4o", "usage": {"input_tokens": 1000}}\n'
    body = good + '{"provider": "openai", "model": "no-such-model", "usage": {"input_tokens": 5}}\n' * 1100 + "{\n"
    answer = client.request("POST", "/v1/usage/cost?by=day,model", content=body).json()
    assert answer["further_malformed_lines"]
    assert shapes.faults({"$ref": "#/components/schemas/UsageCost"}, closed, answer) == []


def test_money_is_said_to_be_exact_where_it_is(service: FastAPI) -> None:
    parts = service.openapi()["components"]["schemas"]
    assert parts["InferenceCost"]["properties"]["cost_usd"]["anyOf"][0]["format"] == "decimal"
    assert parts["Range"]["properties"]["low"]["type"] == "number"
