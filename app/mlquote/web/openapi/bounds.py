"""Schemas in JSON Schema's own words: the bounds of a field as every tool reads them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

_BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
_LENGTHS = {"minLength": "minItems", "maxLength": "maxItems"}
_DIGITS = frozenset({"max_digits", "decimal_places"})
"""Bounds of pydantic that JSON Schema has no word for."""
_DATA = frozenset({"default", "example", "examples", "enum", "const"})
"""Words of a schema under which stands data, which is left as it is."""


def in_json_schema(node: Any) -> Any:
    """The same schema, pydantic's `ge`, `gt`, `le`, `lt` and lengths by JSON Schema's names, lists with items."""
    if isinstance(node, list):
        return [in_json_schema(each) for each in node]
    if not isinstance(node, Mapping):
        return node
    is_list = node.get("type") == "array"
    renamed = _BOUNDS | (_LENGTHS if is_list else {})
    found = {renamed.get(word, word): _inside(word, value) for word, value in node.items() if word not in _DIGITS}
    for open_end, end, sign in (("exclusiveMinimum", "minimum", 1), ("exclusiveMaximum", "maximum", -1)):
        if open_end in found and end in found and sign * found[end] > sign * found[open_end]:
            del found[open_end]  # the other is the narrower
    return {"items": {}} | found if is_list else found


def _inside(word: str, value: Any) -> Any:
    if word in _DATA:
        return value
    if word in _BOUNDS:
        return float(value) if isinstance(value, str | Decimal) else value  # dollars are bounded in Decimal
    if word in ("properties", "patternProperties", "$defs") and isinstance(value, Mapping):
        return {name: in_json_schema(schema) for name, schema in value.items()}
    return in_json_schema(value)
