"""What a request brings: bodies read with exact decimals, known parameters only, and a body's schema for OpenAPI."""

from collections.abc import Sequence
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from mlquote.estimators.asking.faults import malformed
from mlquote.kit.errors import Malformed, nearest
from mlquote.spend.documents import from_json

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


def once(request: Request, *often: str) -> None:
    """Refuse a query parameter that is given more than once, of which only one would be read, but for those `often`.

    Raises: Malformed
    """
    if not request.scope["query_string"]:
        return
    names = [name for name, _ in request.query_params.multi_items() if name not in often]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise Malformed(f"{twice[:80]} is given more than once", pointer=f"/{twice[:80]}", hint="give it once")


def only_parameters(request: Request, *known: str, often: Sequence[str] = (), hint: str = "") -> None:
    """Refuse a query parameter that nobody reads: a misspelt `fail_status` must not let a job pass.

    Args:   often: those that may be given more than once
    Raises: Malformed with `hint`, or the nearest one
    """
    if not request.scope["query_string"]:
        return
    known = (*known, *often)
    for name in request.query_params:
        if name not in known:
            helps = hint or nearest(name[:80], known) or f"one of {', '.join(known)}"
            raise Malformed(f"unknown query parameter {name[:80]!r}", pointer=f"/{name[:80]}", hint=helps)
    once(request, *often)


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
