"""The OpenAPI file is one: valid, bounded, with every way a call can fail, and names that stay."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fastapi import FastAPI
from openapi_spec_validator import OpenAPIV31SpecValidator

from mlquote.estimators.kinds import ESTIMATORS
from mlquote.web.guards.otlp_faults import PATH as EXPORTED_TO
from mlquote.web.openapi.bounds import in_json_schema
from mlquote.web.openapi.document import whole
from mlquote.web.openapi.operations import TAGS, operation_id
from tests.web.conftest import Client


@pytest.fixture(scope="module")
def document(service: FastAPI) -> dict[str, Any]:
    return service.openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            yield method, path, told


def nodes(node: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(node, Mapping):
        yield node
        for each in node.values():
            yield from nodes(each)
    elif isinstance(node, list):
        for each in node:
            yield from nodes(each)


def test_the_validator_finds_nothing(document: dict[str, Any]) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []
    assert document["openapi"].startswith("3.1")


def test_bounds_have_the_names_that_tools_read(document: dict[str, Any]) -> None:
    wrong = [node for node in nodes(document) if {"ge", "gt", "le", "lt"} & node.keys() and "title" in node]
    assert wrong == []
    asked = document["components"]["schemas"]["TrainingQuestion"]["properties"]
    assert asked["goodput_fraction"]["anyOf"][0]["maximum"] == 1
    assert asked["params"]["anyOf"][0]["exclusiveMinimum"] == 0


def test_the_document_is_made_whole_once(service: FastAPI) -> None:
    assert service.openapi() is service.openapi()


def test_a_name_is_renamed_where_it_is_a_word_of_the_schema_and_not_where_it_is_data() -> None:
    schema = {"type": "array", "maxLength": 3, "items": {"type": "string", "maxLength": 5}, "default": {"ge": 1}}
    assert in_json_schema({"properties": {"ge": schema}}) == {
        "properties": {
            "ge": {"type": "array", "maxItems": 3, "items": {"type": "string", "maxLength": 5}, "default": {"ge": 1}}
        }
    }


def test_every_operation_has_one_id_and_a_known_subject(document: dict[str, Any]) -> None:
    ids = [told["operationId"] for _, _, told in operations(document)]
    assert len(ids) == len(set(ids))
    assert all(each.isidentifier() for each in ids)
    assert {tag for _, _, told in operations(document) for tag in told["tags"]} <= {tag.name for tag in TAGS}
    assert operation_id("GET", "/v1/catalog/{table}/{key:path}/history") == "get_catalog_table_key_history"


def test_every_operation_says_how_it_fails_and_that_it_is_a_problem(document: dict[str, Any]) -> None:
    for method, path, told in operations(document):
        failing = {status for status in told["responses"] if status >= "4"}
        assert "500" in failing, (method, path)
        if path == EXPORTED_TO:
            kinds = {kind for status in failing for kind in told["responses"][status]["content"]}
            assert "422" not in failing and "400" in failing
            assert kinds == {"application/json", "application/x-protobuf"}
            continue
        for status in failing - {"503"}:
            assert told["responses"][status] == {"$ref": f"#/components/responses/Problem{status}"}
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for answer in document["components"]["responses"].values():
        assert list(answer["content"]) == ["application/problem+json"]


def test_a_name_that_is_a_deed_is_said_to_be_posted_to(document: dict[str, Any], service: FastAPI) -> None:
    """GET /v1/losses/evaluate reads no loss of that name: 405, which its operation says."""
    for path in ("/v1/losses", "/v1/regularizers"):
        answer = Client(service).get(f"{path}/evaluate")
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST, OPTIONS")
        assert "405" in document["paths"][path + "/{name}"]["get"]["responses"]
    assert "Allow" in document["components"]["responses"]["Problem405"]["headers"]


def test_every_parameter_of_an_estimate_has_a_type_and_words(document: dict[str, Any]) -> None:
    for member in ESTIMATORS.values():
        told = document["paths"][member.address]["get"]["parameters"]
        own = {each["name"]: each for each in told if "name" in each}
        assert all(each["schema"] for each in own.values())
        assert set(own) >= {"as_of", "release"}
        assert {"$ref": "#/components/parameters/Format"} in told and {"$ref": "#/components/parameters/Detail"} in told
        assert not {name for name in own if name not in member.question.model_fields} - _lifted(member.question)


def _lifted(question: Any) -> set[str]:
    names: set[str] = set()
    for part in question.lifted:
        for each in question.model_fields[part].annotation.__args__:
            names |= set(getattr(each, "model_fields", ()))
    return names


def test_a_number_on_get_may_be_written_as_people_do(document: dict[str, Any]) -> None:
    told = document["paths"]["/v1/estimates/training"]["get"]["parameters"]
    (tokens,) = [each for each in told if each.get("name") == "tokens"]
    assert {"$ref": "#/components/schemas/WrittenNumber"} in tokens["schema"]["anyOf"]
    (modules,) = [each for each in told if each.get("name") == "target_modules"]
    assert modules["explode"] is False, "commas between the members"


def test_who_may_ask_is_said(document: dict[str, Any]) -> None:
    assert set(document["components"]["securitySchemes"]) == {"bearer", "apiKey"}
    assert {} in document["paths"]["/v1/estimates/training"]["get"]["security"]
    assert {} not in document["paths"]["/v1/keys"]["post"]["security"]
    assert document["paths"]["/healthz"]["get"]["security"] == []


def test_a_closed_service_says_so() -> None:
    plain = {"paths": {"/v1/codes": {"get": {"responses": {"200": {"content": {"application/json": {}}}}}}}}
    assert whole(plain, closed=True)["paths"]["/v1/codes"]["get"]["security"] == [{"bearer": []}, {"apiKey": []}]


def test_a_number_has_one_lower_bound_and_no_word_that_is_none_of_the_schema() -> None:
    """A tokens count is above 0 and at least 1e-30: the second is the narrower; pydantic's digits have no word."""
    both = {"type": "number", "exclusiveMinimum": 0, "minimum": 1e-30, "max_digits": 20, "decimal_places": 9}
    assert in_json_schema(both) == {"type": "number", "minimum": 1e-30}
    other = {"type": "number", "exclusiveMaximum": 1.0, "maximum": 5.0}
    assert in_json_schema(other) == other
