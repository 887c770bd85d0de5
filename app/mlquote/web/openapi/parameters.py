"""Query parameters with their types: every field of a question that GET can spell, and how an answer is shown."""

from collections.abc import Iterator, Mapping
from typing import Any

from mlquote.estimators.asking.question import Part, Question
from mlquote.web.negotiation import DETAILS, MEDIA_TYPES
from mlquote.web.openapi.bounds import in_json_schema

WRITTEN = "WrittenNumber"
"""The schema of a number as people write it."""
COMPONENTS: dict[str, Any] = {
    "Format": {
        "name": "format",
        "in": "query",
        "description": "The face of the answer; it goes before `Accept`.",
        "schema": {"type": "string", "enum": list(MEDIA_TYPES)},
    },
    "Detail": {
        "name": "detail",
        "in": "query",
        "description": "`brief` leaves out the question, the assumptions and the rows, and says so in `trimmed`; "
        "text is brief by default, every other face full.",
        "schema": {"type": "string", "enum": list(DETAILS)},
    },
}
SHOWN = [{"$ref": f"#/components/parameters/{name}"} for name in COMPONENTS]
"""What every estimate takes beside its fields."""
SCHEMAS: dict[str, Any] = {
    WRITTEN: {
        "type": "string",
        "pattern": "[0-9]",
        "description": "A number as people write it; what may mean two things is refused with its readings.",
        "examples": ["15T", "1.5M", "7b", "1,000,000", "15e12", "50%", "$2"],
    }
}


def query_parameters(model: type[Question]) -> list[dict[str, Any]]:
    """The fields of `model` that a query can spell, and those of the parts it lifts; whole objects are for POST."""
    lifted = [part for name in model.lifted for part in _parts(model.model_fields[name].annotation)]
    told = {entry["name"]: entry for each in (model, *lifted) for entry in _entries(each)}
    return list(told.values())


def _entries(model: type[Part]) -> Iterator[dict[str, Any]]:
    whole = in_json_schema(model.model_json_schema())
    for name, field in whole["properties"].items():
        schema = _spelt({word: value for word, value in field.items() if word not in _TOLD}, whole.get("$defs", {}))
        if schema is None:
            continue
        listed = {"style": "form", "explode": False} if schema.get("type") == "array" else {}
        words = {"description": field["description"]} if "description" in field else {}
        needed = name in whole.get("required", ())
        yield {"name": name, "in": "query", "required": needed, **words, "schema": schema, **listed}


_TOLD = ("title", "description", "default")


def _spelt(schema: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Any] | None:
    """The schema of a value as a query spells it; None for an object. A list is its members with commas between."""
    if "$ref" in schema:
        return _spelt(parts[schema["$ref"].rpartition("/")[2]], parts)
    if "anyOf" in schema:
        members = [each for each in schema["anyOf"] if each.get("type") != "null"]
        spelt = [each for each in (_spelt(member, parts) for member in members) if each is not None]
        flat = [inner for each in spelt for inner in each.get("anyOf", [each])]
        return {"anyOf": flat} if len(flat) > 1 else flat[0] if flat else None
    if schema.get("type") in ("integer", "number"):
        return {"anyOf": [dict(schema), {"$ref": f"#/components/schemas/{WRITTEN}"}]}
    if schema.get("type") == "array":
        inner = _spelt(schema.get("items", {}), parts)
        return None if inner is None else {**schema, "items": inner}
    return None if schema.get("type") == "object" or not schema else dict(schema)


def _parts(annotation: Any) -> list[type[Part]]:
    alternatives = getattr(annotation, "__args__", None) or (annotation,)
    return [each for each in alternatives if isinstance(each, type) and issubclass(each, Part)]
