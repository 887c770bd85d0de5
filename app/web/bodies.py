"""Bodies read with exact decimals: JSON in, a checked model out, and the same model's schema for OpenAPI."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from app.estimators.faults import malformed
from app.kit.errors import Malformed
from app.spend.documents import from_json

M = TypeVar("M", bound=BaseModel)


def json_body(body: bytes) -> Any:
    """A request's JSON, its fractions as exact decimals.

    Raises: Malformed
    """
    try:
        return from_json(body)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"the body is no JSON: {error}", hint="send one JSON object, UTF-8") from error


def read(model: type[M], body: Any) -> M:
    """The model that a body spells.

    Raises: Malformed with a fault for each field
    """
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise malformed(error, model) from error


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """A body's schema for `openapi_extra`, complete in itself."""
    schema = model.model_json_schema()
    parts = schema.pop("$defs", {})

    def inlined(node: Any) -> Any:
        if isinstance(node, dict):
            if "$ref" in node:
                return inlined(parts[node["$ref"].rpartition("/")[2]]) | {k: v for k, v in node.items() if k != "$ref"}
            return {key: inlined(value) for key, value in node.items()}
        return [inlined(value) for value in node] if isinstance(node, list) else node

    return {"requestBody": {"required": True, "content": {"application/json": {"schema": inlined(schema)}}}}
