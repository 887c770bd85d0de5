"""Reading a question: every field by name, every fault with its pointer, arrays in every form they come in."""

import math
from typing import Any

import numpy as np
import pytest

from mlquote.kit.errors import Fault, Malformed, OutOfDomain
from mlquote.losses.reading import Interval, Reader, as_array, as_number, whole_numbers


def array(value: Any, **options: Any) -> tuple[Any, list[Fault]]:
    faults: list[Fault] = []
    return as_array(value, "/p", faults, **options), faults


@pytest.mark.parametrize(
    ("value", "number"),
    [(1, 1.0), (2.5, 2.5), ("Infinity", math.inf), ("-Infinity", -math.inf), (np.int64(3), 3.0), (10**400, None),
     (True, None), ("1", None), (None, None), ([1], None), (np.bool_(1), None)],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_a_number_is_a_number_and_nothing_that_looks_like_one(value: Any, number: float | None) -> None:
    assert as_number(value) == number


def test_nan_is_read_and_is_no_number_of_an_interval() -> None:
    nan = as_number("NaN")
    assert nan is not None
    assert math.isnan(nan)
    assert nan not in Interval()


@pytest.mark.parametrize(
    ("interval", "words", "inside", "outside"),
    [
        (Interval(), "(any finite one)", [-1e300, 0.0, 1e300], [math.inf, -math.inf, math.nan]),
        (Interval(0.0), ">= 0", [0.0, 1.0], [-1e-300]),
        (Interval(0.0, 1.0, open_low=True, open_high=True), "> 0 and < 1", [0.5], [0.0, 1.0]),
        (Interval(high=2.0), "<= 2", [2.0, -5.0], [2.1]),
    ],
    ids=["all", "from", "open", "to"],
)
def test_an_interval_holds_its_ends_as_it_says(
    interval: Interval, words: str, inside: list[float], outside: list[float]
) -> None:
    assert str(interval) == words
    assert all(number in interval for number in inside)
    assert not any(number in interval for number in outside)


@pytest.mark.parametrize(
    "value",
    [[1, 2.5], (1, 2.5), [1.0, "Infinity"], np.array([1, 0]), np.array([True, False]), np.array([1.5], dtype="<f4"),
     [[1], [2]], []],
    ids=str,
)  # fmt: skip
def test_arrays_come_as_lists_or_as_numbers_of_any_plain_type(value: Any) -> None:
    found, faults = array(value, infinite="unchecked")
    assert faults == []
    assert found.dtype == np.float64


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ([[1.0], [2.0, 3.0]], "/p"),
        ([1.0, "two"], "/p/1"),
        ([[1.0, 2.0], [3.0, None]], "/p/1/1"),
        ([1.0, True, "x"], "/p/1"),
        (3.0, "/p"),
        ([1.0, "NaN"], "/p/1"),
        ([1.0, "-Infinity"], "/p/1"),
        ([1.0, 10**400], "/p/1"),
        (["a", ["b"]], "/p"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_the_entry_at_fault_is_named(value: Any, pointer: str) -> None:
    found, faults = array(value)
    assert found is None
    assert faults[0].pointer.startswith(pointer)


def test_minus_infinity_is_let_by_where_it_means_a_masked_class() -> None:
    found, faults = array([1.0, "-Infinity"], infinite="negative")
    assert (found.tolist(), faults) == ([1.0, -math.inf], [])
    assert array([1.0, "Infinity"], infinite="negative")[1][0].pointer == "/p/1"


def test_whole_numbers_are_whole() -> None:
    faults: list[Fault] = []
    assert whole_numbers(np.array([1.0, -2.0]), "/p", faults) is not None
    assert whole_numbers(np.array([1.0, 2.5]), "/p", faults) is None
    assert faults[0].pointer == "/p/1"


def test_an_unknown_field_is_refused_with_the_nearest_one() -> None:
    reader = Reader({"reduction": "mean", "redution": "sum"})
    reader.word("reduction", ("mean", "sum"))
    with pytest.raises(OutOfDomain) as refusal:
        reader.finish()
    assert list(refusal.value.faults) == [Fault("/redution", "unknown field 'redution'", "nearest: reduction")]


def test_faults_are_kept_until_the_end_and_told_together() -> None:
    reader = Reader({"a": -1.0, "b": "x", "c": 1, "d": 1.5, "e": [1.0]})
    reader.number("a", low=0.0)
    reader.word("b", ("y",))
    reader.flag("c", False)
    reader.whole("d")
    reader.object("e")
    reader.number("f")
    reader.matrix("e")
    with pytest.raises(OutOfDomain, match="7 faults; the first: a is -1") as refusal:
        reader.finish()
    assert [fault.pointer for fault in refusal.value.faults] == ["/a", "/b", "/c", "/d", "/e", "/f", "/e"]


def test_a_missing_field_is_one_fault_not_two() -> None:
    reader = Reader({})
    assert math.isnan(reader.number("lambda"))
    assert [fault.detail for fault in reader.faults] == ["lambda is required"]


def test_nested_objects_share_the_faults_and_lengthen_the_pointer() -> None:
    reader = Reader({"weights": {"sample": 3}})
    inner = reader.object("weights")
    assert inner is not None
    inner.array("sample")
    assert reader.faults[0].pointer == "/weights/sample"


@pytest.mark.parametrize(("value", "length"), [([[1.0]], None), ([], None), ([1.0, 2.0], 3)], ids=str)
def test_a_vector_has_one_axis_and_its_length(value: Any, length: int | None) -> None:
    reader = Reader({"v": value})
    assert reader.vector("v", length=length) is None
    assert reader.faults[0].pointer == "/v"


def test_what_is_no_object_is_malformed() -> None:
    with pytest.raises(Malformed, match="an object is expected here, not list"):
        Reader([1])
