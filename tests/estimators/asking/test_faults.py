"""What pydantic refuses, as faults with a pointer and the nearest field."""

import pytest
from pydantic import ValidationError

from mlquote.estimators.asking.faults import below, fields_at, malformed
from mlquote.estimators.asking.question import Part, Positive
from mlquote.kit.errors import Malformed


class Inner(Part):
    """A piece."""

    tokens: Positive = 1.0


class Outer(Part):
    """A question with a piece."""

    usage: Inner = Inner()
    hours: Positive = 1.0


def refused(fields: dict[str, object], prefix: str = "") -> Malformed:
    with pytest.raises(ValidationError) as error:
        Outer.model_validate(fields)
    return malformed(error.value, Outer, prefix)


def test_a_misspelt_field_is_told_the_nearest_and_comes_first() -> None:
    fault = refused({"hours": -1, "hour": 2}).faults[0]
    assert (fault.pointer, fault.hint) == ("/hour", "nearest: hours")


def test_a_field_within_is_pointed_at_by_its_path() -> None:
    assert refused({"usage": {"tokens": -1}}).faults[0].pointer == "/usage/tokens"


def test_a_prefix_and_a_list_move_every_pointer_below() -> None:
    assert refused({"hours": -1}, "/questions/0").faults[0].pointer == "/questions/0/hours"
    assert below(refused({"hours": -1}), "/a").faults[0].pointer == "/a/hours"


def test_the_fields_known_at_a_place() -> None:
    assert fields_at(Outer, []) == ["usage", "hours"]
    assert fields_at(Outer, ["usage"]) == ["tokens"]
    assert fields_at(Outer, ["elsewhere"]) == []
