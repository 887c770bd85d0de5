"""Whether an answer has the shape that the document says, and nothing beside it."""

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator

OPEN = {"UsageTotal", "UsageCost", "ScalingQuestionAnswer"}
"""Schemas beside whose fields stand others: groups that the question chose, the result's figures once more."""


def closed(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document's schemas, those with fields of their own refusing any other field."""
    schemas = document["components"]["schemas"]
    return {name: schema if name in OPEN else _closed(schema) for name, schema in schemas.items()}


def faults(schema: Mapping[str, Any], schemas: Mapping[str, Any], answer: Any) -> list[str]:
    """What an answer has against its schema, in words."""
    whole = {**schema, "components": {"schemas": schemas}}
    found = Draft202012Validator(whole).iter_errors(answer)
    return [f"{error.json_path}: {error.message[:200]}" for error in found]


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    inner = {word: _closed(value) if word != "properties" else value for word, value in schema.items()}
    if "properties" not in schema or not isinstance(schema["properties"], Mapping):
        return inner
    inner["properties"] = {name: _closed(each) for name, each in schema["properties"].items()}
    return {"additionalProperties": False, **inner}
