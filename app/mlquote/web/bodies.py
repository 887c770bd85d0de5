"""What a request brings: bodies read with exact decimals, known parameters only, and a body's schema for OpenAPI."""

from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from fastapi import Request
from pydantic import BaseModel, ValidationError

from mlquote.estimators.asking.faults import malformed
from mlquote.kit.errors import Malformed, TooLarge, nearest
from mlquote.spend.bounds import Unbounded, names_once, outside_json

MOST_NAMES = 20_000
"""Names (colons, to be exact) in the body of one question: a config file may name each of its modules."""
MOST_PARAMETERS = 300
M = TypeVar("M", bound=BaseModel)


def json_body(body: bytes) -> Any:
    """A request's JSON, its fractions as exact decimals.

    Raises: Malformed
    """
    try:
        return outside_json(body)
    except ValueError as error:
        raise Malformed(f"the body is no JSON: {error}", hint="send one JSON object, UTF-8") from error


def within(body: bytes) -> bytes:
    """The body of a question, where it holds no more names than a question may, and each once.

    Raises: TooLarge; Malformed
    """
    if body.count(b":") > MOST_NAMES:
        raise TooLarge(f"the body holds more than {MOST_NAMES} names", hint="one question")
    try:
        names_once(body)
    except Unbounded as error:
        raise Malformed(f"the body is no question: {error}", hint="give each field once") from error
    return body


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
    seen = set(often)
    if len(request.query_params) > MOST_PARAMETERS:
        raise TooLarge(f"more than {MOST_PARAMETERS} query parameters", hint="send a body")
    for twice, _ in request.query_params.multi_items():
        if twice not in seen or twice in often:
            seen.add(twice)
            continue
        raise Malformed(f"{twice[:80]} is given more than once", pointer=f"/{twice[:80]}", hint="give it once")


def parameters_once(request: Request) -> dict[str, str]:
    """The query parameters, each given once: a query without escapes is cut, and no object made of it.

    Raises: Malformed; TooLarge
    """
    query = request.scope["query_string"].decode("latin-1")
    if "%" in query or "+" in query:
        pairs = parse_qsl(query, keep_blank_values=True)
    else:
        pairs = [part.partition("=")[::2] for part in query.split("&") if part]
    found = dict(pairs)
    if len(found) != len(pairs) or len(found) > MOST_PARAMETERS:
        once(request)
    return found


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
