"""Schemas of one name from two subjects, told apart by a short word before it and not by the modules they stand in."""

import re
from typing import Any

_OF_MODULE = re.compile(r"mlquote__(?:estimators__)?(?P<subject>[a-z]+)__[a-z_]*__(?P<name>[A-Z]\w*)")


def named_apart(document: dict[str, Any]) -> dict[str, Any]:
    """The document with `TokensUsdPerMtok` for `mlquote__estimators__tokens__bill__UsdPerMtok`, in titles too."""
    schemas = document.get("components", {}).get("schemas", {})
    found = [each for each in map(_OF_MODULE.fullmatch, schemas) if each is not None]
    found = [each for each in map(_OF_MODULE.fullmatch, schemas) if each is not None]
    new = {each[0]: f"{each['subject'].capitalize()}{each['name']}" for each in found}
    renamed: dict[str, Any] = _renamed(document, {f"#/components/schemas/{old}": name for old, name in new.items()})
    if new:
        kept = renamed["components"]["schemas"]
        told = {new[old]: kept.pop(old) | {"title": new[old]} for old in new}
        renamed["components"]["schemas"] = kept | told
    return renamed


def _renamed(node: Any, new: dict[str, str]) -> Any:
    if isinstance(node, list):
        return [_renamed(each, new) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        word: f"#/components/schemas/{new[value]}" if word == "$ref" and value in new else _renamed(value, new)
        for word, value in node.items()
    }
