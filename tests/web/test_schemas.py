"""A dataclass that is answered is described: numbers as numbers, and its attributes' words as descriptions."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mlquote.web.schemas import envelope, schema_of_record


@dataclass(frozen=True, slots=True)
class Crate:
    """Apples in a crate."""

    apples: int
    """How many."""
    usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Stall:
    """Crates."""

    crates: tuple[Crate, ...]
    by_name: Mapping[str, Crate | None]


def properties(record: type[Any]) -> dict[str, Any]:
    found: dict[str, Any] = schema_of_record(record).model_json_schema(mode="serialization")["properties"]
    return found


def test_money_is_a_number_and_a_docstring_a_description() -> None:
    assert properties(Crate)["apples"] == {"title": "Apples", "type": "integer", "description": "How many."}
    assert properties(Crate)["usd"]["anyOf"] == [{"type": "number", "format": "decimal"}, {"type": "null"}]


def test_records_inside_tuples_and_mappings_are_described_too() -> None:
    found = properties(Stall)
    assert found["crates"]["items"] == {"$ref": "#/$defs/Crate"}
    assert found["by_name"]["additionalProperties"]["anyOf"][0] == {"$ref": "#/$defs/Crate"}


def test_an_envelope_says_which_results_there_may_be() -> None:
    result = envelope("MarketAnswer", (Crate, Stall)).model_json_schema()["properties"]["result"]
    assert [each["$ref"] for each in result["anyOf"]] == ["#/$defs/Crate", "#/$defs/Stall"]
    assert envelope("AnyAnswer", ()).model_json_schema()["properties"]["result"]["type"] == "object"


def test_a_brief_envelope_fits_its_description() -> None:
    schema = envelope("Brief", ()).model_json_schema(mode="serialization")
    assert schema["required"] == ["result", "catalog", "warnings", "links"]
    assert {"question", "assumptions", "rows", "trimmed"} <= schema["properties"].keys()
