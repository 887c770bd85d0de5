"""A quick record is a value like a frozen dataclass: equal and hashed by its fields, with no field besides."""

import pytest

from mlquote.kit.records import quick_record


@quick_record
class Point:
    x: float
    y: float = 0.0


def test_it_is_equal_and_hashed_by_its_fields() -> None:
    assert Point(1.0) == Point(1.0, 0.0) != Point(1.0, 2.0)
    assert {Point(1.0), Point(1.0, 0.0)} == {Point(x=1.0)}


def test_it_has_no_other_field() -> None:
    with pytest.raises(AttributeError):
        Point(1.0).z = 3.0  # type: ignore[attr-defined]
