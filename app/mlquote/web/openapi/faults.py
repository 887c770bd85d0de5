"""Problems (RFC 9457) as OpenAPI tells of them: one schema, and one response for each status."""

from typing import Any

from mlquote.web.guards.problems import PROBLEM_JSON

_TEXT = {"type": "string"}
_FAULT = {
    "type": "object",
    "required": ["pointer", "detail", "hint"],
    "properties": {
        "pointer": _TEXT | {"description": "Where: a JSON pointer into the question, or a parameter's name."},
        "detail": _TEXT | {"description": "What is wrong there."},
        "hint": _TEXT | {"description": "What would be right: the nearest name, the bound; may be empty."},
    },
}
SCHEMAS: dict[str, Any] = {
    "Fault": _FAULT | {"description": "One thing that the caller can mend."},
    "Problem": {
        "type": "object",
        "description": "What went wrong (RFC 9457), every fault of the question at once.",
        "required": ["type", "title", "status", "detail", "code", "errors"],
        "properties": {
            "type": _TEXT | {"description": "`urn:mlquote:problem:` and the code, or `about:blank`."},
            "title": _TEXT | {"description": "The status in words."},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": _TEXT | {"description": "A sentence for people."},
            "code": _TEXT | {"description": "Stable, kebab-case; `/v1/codes` says what to do about each."},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
            "try": _TEXT | {"description": "One GET address with every fault mended, which is answered; where found."},
        },
    },
}
_WORDS = {
    401: "No API key where one is needed, or none of ours",
    403: "The key's scopes do not reach this",
    404: "A name or id that is not known, with the nearest ones",
    405: "Another method answers here: `Allow` names it",
    409: "It does not go with what is there",
    415: "The body is packed in a way that is not read; Accept-Encoding says which are",
    413: "More than one request may bring",
    422: "Malformed, or outside what can be computed: each fault with its place",
    429: "Too often, or too many at once; `Retry-After` says when to come back",
    500: "A fault of ours; the log holds it under `x-request-id`",
    503: "Something this needs cannot be reached",
}
_AGAIN = {"Retry-After": {"description": "Seconds until it is worth trying again.", "schema": {"type": "integer"}}}

_ALLOWED = {"Allow": {"description": "The methods that answer this path.", "schema": {"type": "string"}}}


def response_name(status: int) -> str:
    """What the response of a status is called among the components."""
    return f"Problem{status}"


def status_of_export(status: int) -> dict[str, Any]:
    """What an exporter of OpenTelemetry is answered with: a Status in its own content type, 400 in the place of 422."""
    fields = {"code": {"type": "integer", "description": "gRPC's code."}, "message": _TEXT}
    said: dict[str, Any] = {
        "description": _WORDS.get(status, "What was sent cannot be decoded"),
        "content": {
            "application/json": {"schema": {"type": "object", "required": ["code", "message"], "properties": fields}},
            "application/x-protobuf": {"schema": {"type": "string", "format": "binary"}},
        },
    }
    return said | ({"headers": _AGAIN} if status in (429, 503) else {})


def responses() -> dict[str, Any]:
    """Every problem as a response, by its name."""
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    found: dict[str, Any] = {
        response_name(status): {"description": words, "content": content} for status, words in _WORDS.items()
    }
    found[response_name(405)]["headers"] = _ALLOWED
    for status in (429, 503):
        found[response_name(status)]["headers"] = _AGAIN
    return found
