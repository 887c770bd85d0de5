"""mlquote schema: a spec file as JSON Schema, so that an editor completes its fields and marks what is misspelt."""

from collections.abc import Mapping
from typing import Any

import typer

from mlquote.estimators.kinds import ESTIMATORS, Estimator
from mlquote.spend.budgets import Budget
from mlquote.spend.documents import indented
from mlquote.spend.spec import FILL
from mlquote.web.openapi.bounds import in_json_schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REF = "#/$defs/{model}"
_WRITTEN = {
    "type": "string",
    "pattern": "[0-9]",
    "not": {"pattern": f"^{FILL}"},
    "description": "A number as people write it: 15T, 1.5M, 1,000,000, 50%, $2.",
}
_HOURS = {
    "anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"$ref": _REF.format(model="WrittenNumber")}],
    "description": "How long it runs: 720 for 30 days.",
}


def schema() -> None:
    """Print the JSON Schema of a spec file (mlquote.toml), for editors."""
    typer.echo(indented(spec_schema()), nl=False)


def spec_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a spec file: what `check` refuses by its shape, this refuses too."""
    parts: dict[str, Any] = {"WrittenNumber": _WRITTEN}
    parts["budget"] = _without_parts(in_json_schema(Budget.model_json_schema(ref_template=_REF)), parts)
    own = {
        "labels": {"type": "object", "additionalProperties": {"type": "string"}, "description": "Whose work it is."},
        "budget": _ref("budget"),
        "budgets": {"type": "object", "additionalProperties": _ref("budget")},
    }
    for kind, member in ESTIMATORS.items():
        question = _question(member, parts)
        parts[kind] = question
        parts[f"{kind}-listed"] = _with(
            question, {"name": {"type": "string", "description": "Its name in the answer."}}
        )
        parts[f"{kind}-alone"] = _with(question, own)
        parts[f"{kind}-group"] = {"anyOf": [_ref(kind), {"type": "object", "additionalProperties": _ref(kind)}]}
    parts["question"] = _by_kind("")
    groups = {kind: _ref(f"{kind}-group") for kind in ESTIMATORS}
    named = {"type": "object", "properties": groups, "additionalProperties": _ref("question")}
    asked = {"anyOf": [named, {"type": "array", "items": _by_kind("-listed")}]}
    several = {"type": "object", "properties": {**own, **groups}, "additionalProperties": _ref("question")}
    return {
        "$schema": DIALECT,
        "title": "A spec of mlquote: what this repository spends, and what it may",
        "type": "object",
        "if": {"required": ["questions"]},
        "then": {"properties": {**own, "questions": asked}, "additionalProperties": False},
        "else": {"anyOf": [several, *(_ref(f"{kind}-alone") for kind in ESTIMATORS)]},
        "$defs": parts,
    }


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": _REF.format(model=name)}


def _question(member: Estimator, parts: dict[str, Any]) -> dict[str, Any]:
    """A kind's own fields, with `kind`, and with `hours` where its answer is a rate."""
    whole = _without_parts(in_json_schema(member.question.model_json_schema(ref_template=_REF)), parts)
    extra: dict[str, Any] = {"kind": {"const": member.kind}} | ({"hours": _HOURS} if member.is_rate else {})
    return {**whole, "properties": extra | whole["properties"]}


def _without_parts(whole: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    """The schema with its parts moved to where all are, and its numbers in figures or as people write them."""
    parts |= {name: _spelt(part) for name, part in whole.pop("$defs", {}).items()}
    spelt: dict[str, Any] = _spelt(whole)
    return spelt


def _spelt(node: Any) -> Any:
    if isinstance(node, list):
        return [_spelt(each) for each in node]
    if not isinstance(node, Mapping):
        return node
    if node.get("type") in ("number", "integer"):
        return {"anyOf": [dict(node), _ref("WrittenNumber")]}
    if node.get("type") == "string" and "enum" not in node and "const" not in node:
        return {**node, "not": {"pattern": f"^{FILL}"}}
    return {word: value if word in ("default", "enum", "const") else _spelt(value) for word, value in node.items()}


def _by_kind(variant: str) -> dict[str, Any]:
    """A question of the kind that it says, or of any that has its fields."""
    of = {kind: _ref(f"{kind}{variant}") for kind in ESTIMATORS}
    said = [
        {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": question}
        for kind, question in of.items()
    ]
    unsaid = {"if": {"not": {"required": ["kind"]}}, "then": {"anyOf": list(of.values())}}
    kinds = {"properties": {"kind": {"enum": list(of)}}}
    return {"type": "object", **kinds, "allOf": [*said, unsaid]}


def _with(question: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """A question with what may stand beside its fields."""
    return {**question, "properties": {**question["properties"], **more}}
