"""The document put together: FastAPI's own, with true bounds, problems, ids, subjects, keys, faces and examples."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from mlquote.web.guards.otlp_faults import PATH as EXPORTED_TO
from mlquote.web.openapi import answers, faults, parameters
from mlquote.web.openapi.bounds import in_json_schema
from mlquote.web.openapi.examples import EXAMPLES, Example
from mlquote.web.openapi.naming import named_apart
from mlquote.web.openapi.operations import SCHEMES, TAGS, operation_id, problems_of, security, tag

_OF_FASTAPI = ("HTTPValidationError", "ValidationError")
_TEXTS = ("text/plain", "text/markdown", "text/csv")
_UNSHOWN = (
    "/batch",
    "/export",
    "/healthz",
    "/readyz",
    "/metrics",
    "/v1/otlp",
    "/v1/charts/",
    "/v1/badges/",
    "/v1/views/",
)
"""Paths, or ends of them, whose answers have one face."""


def install(app: FastAPI, *, closed: bool) -> None:
    """Let `app.openapi()` give the whole document; `closed` where nobody without a key is answered."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None or "servers" not in app.openapi_schema:
            app.openapi_schema = whole(plain(), closed=closed)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's own way of extending it


def whole(plain: dict[str, Any], *, closed: bool = False) -> dict[str, Any]:
    """FastAPI's document made whole."""
    found: dict[str, Any] = named_apart(in_json_schema(plain))
    for method, path, operation in _operations(found):
        _complete(operation, method, path, closed=closed)
    components = found.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in _OF_FASTAPI:
        schemas.pop(name, None)
    schemas |= faults.SCHEMAS | parameters.SCHEMAS
    schemas |= {name: schema for name, schema in answers.schemas().items() if name not in schemas}
    components |= {
        "responses": faults.responses(),
        "parameters": parameters.COMPONENTS,
        "securitySchemes": SCHEMES,
    }
    found["servers"] = [{"url": "/", "description": "The service that this file came from"}]
    found["tags"] = [{"name": each.name, "description": each.description} for each in TAGS if each.description]
    return found


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _complete(operation: dict[str, Any], method: str, path: str, *, closed: bool) -> None:
    """One operation: what FastAPI cannot know of it, and without what it only guesses."""
    operation["operationId"], operation["tags"] = operation_id(method, path), [tag(path)]
    operation["security"] = security(method, path, closed=closed)
    told = operation["responses"]
    for parameter in operation.get("parameters", []):
        if parameter.get("in") == "path":
            parameter["schema"] = _said(parameter["schema"])
    answers.describe(operation, method, path)
    if method == "PUT":
        told["201"] = {**told["200"], "description": "It is new"}
    for status in problems_of(method, path):
        told[str(status)] = {"$ref": f"#/components/responses/{faults.response_name(status)}"}
    if path == EXPORTED_TO:
        del told["422"]
        statuses = [400, *(status for status in problems_of(method, path) if status != 422)]
        told |= {str(status): faults.status_of_export(status) for status in statuses}
    if not path.endswith(_UNSHOWN) and not path.startswith(_UNSHOWN):
        _faced(operation)
    if (example := EXAMPLES.get((method, path))) is not None:
        _exemplify(operation, example)


def _said(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of what is always said: a part of a path is never null."""
    kinds = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    return {**{word: value for word, value in schema.items() if word != "anyOf"}, **kinds[0]} if kinds else schema


def _faced(operation: dict[str, Any]) -> None:
    """The answer's other faces, and the parameter that asks for one."""
    taken = operation.setdefault("parameters", [])
    own = [each for each in taken if each.get("name") != "format"]
    operation["parameters"] = own if parameters.SHOWN[0] in own else [*own, parameters.SHOWN[0]]
    for status, answer in operation["responses"].items():
        if status.startswith("2") and "application/json" in answer.get("content", {}):
            answer["content"] |= {kind: {"schema": {"type": "string"}} for kind in _TEXTS}


def _exemplify(operation: dict[str, Any], example: Example) -> None:
    """A call that runs, piece by piece at its parameters and its body."""
    given = {**example.path, **example.query}
    for parameter in operation.get("parameters", []):
        if parameter.get("name") in given:
            parameter["example"] = given[parameter["name"]]
    if example.body is not None:
        operation["requestBody"]["content"][example.kind]["example"] = example.body
