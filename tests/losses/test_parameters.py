"""What a loss may be asked to vary: every domain walked to its ends, and every condition in words."""

import math
from typing import Any

import pytest

from mlquote.losses.parameters import (
    MOST,
    Param,
    beside,
    both,
    choice,
    clamp,
    flag,
    maybe_flag,
    number_or_array,
    on,
    where,
    whole,
    with_array,
    without,
)
from mlquote.losses.reading import Reader
from mlquote.losses.registry import LOSSES

NUMBERS = [(loss.name, param) for loss in LOSSES.values() for param in loss.params if param.interval is not None]


def read(param: Param, value: Any) -> tuple[Any, list[str]]:
    """What a parameter makes of a value, and the faults it finds."""
    reader = Reader({param.name: value}, "/params")
    return param.value(reader, {}), [fault.pointer for fault in reader.faults]


def shown(value: object) -> str:
    """A case's name: a parameter by its domain, any value as it is written."""
    return value.domain if isinstance(value, Param) else str(value)


@pytest.mark.parametrize(("loss", "param"), NUMBERS, ids=[f"{loss} {param.name}" for loss, param in NUMBERS])
def test_a_domain_is_accepted_up_to_its_ends_and_refused_beyond(loss: str, param: Param) -> None:
    domain = param.interval
    assert domain is not None
    for end, is_open, outward in ((domain.low, domain.open_low, -math.inf), (domain.high, domain.open_high, math.inf)):
        edge = end if math.isfinite(end) else math.copysign(MOST, end)
        taken = not is_open if math.isfinite(end) else True
        assert (read(param, edge)[1] == []) is taken
        assert read(param, math.nextafter(edge, outward))[1] == [f"/params/{param.name}"]
        assert read(param, math.nextafter(edge, -outward))[1] == []
    for wrong in ("one", True, [1.0], "NaN", "Infinity"):
        assert read(param, wrong)[1] == [f"/params/{param.name}"]


@pytest.mark.parametrize(("loss", "param"), NUMBERS, ids=[f"{loss} {param.name}" for loss, param in NUMBERS])
def test_null_is_a_value_only_where_the_domain_says_so(loss: str, param: Param) -> None:
    assert (read(param, None)[1] == []) is param.domain.endswith("or null")


@pytest.mark.parametrize("loss", LOSSES)
def test_every_default_lies_in_its_own_domain(loss: str) -> None:
    reader = Reader({}, "/params")
    for param in LOSSES[loss].params:
        assert param.value(reader, {}) == param.default
    assert reader.faults == []


@pytest.mark.parametrize(
    ("param", "value", "found"),
    [
        (whole("n", 0, "", low=0), 3, 3),
        (whole("n", None, "", nullable=True), None, None),
        (choice("word", ("a", "b"), ""), "b", "b"),
        (flag("yes", True, ""), False, False),
        (maybe_flag("maybe", ""), None, None),
        (number_or_array("alpha", "", low=0.0), 2, 2.0),
        (clamp(), {"kind": "log_floor"}, {"kind": "log_floor", "value": -100.0}),
        (clamp(), {"kind": "prob_eps"}, {"kind": "prob_eps", "value": 1e-7}),
        (clamp(), {"kind": "none", "value": None}, {"kind": "none"}),
        (clamp(), None, {"kind": "none"}),
    ],
    ids=shown,
)
def test_a_parameter_is_read_as_what_it_is(param: Param, value: Any, found: Any) -> None:
    assert read(param, value) == (found, [])


@pytest.mark.parametrize(
    ("param", "value"),
    [
        (whole("n", 0, "", low=0), 1.5),
        (whole("n", 0, "", low=0), -1),
        (choice("n", ("a", "b"), ""), "c"),
        (flag("n", True, ""), 1),
        (number_or_array("n", "", low=0.0), [1.0, -1.0]),
        (number_or_array("n", "", low=0.0), -1.0),
    ],
    ids=shown,
)
def test_a_value_outside_the_domain_is_a_fault(param: Param, value: Any) -> None:
    assert read(param, value)[1][0].startswith("/params/n")


@pytest.mark.parametrize(
    ("clamped", "pointer"),
    [({"kind": "soft"}, "/params/clamp/kind"), ({"kind": "log_floor", "value": 0.0}, "/params/clamp/value"),
     ({"kind": "prob_eps", "value": 0.5}, "/params/clamp/value"), ({"kind": "none", "x": 1}, "/params/clamp/x"),
        ({"kind": "none", "value": 3}, "/params/clamp/value"),
     (3, "/params/clamp")],
    ids=shown,
)  # fmt: skip
def test_a_clamp_without_meaning_is_a_fault(clamped: Any, pointer: str) -> None:
    assert pointer in read(clamp(), clamped)[1]


@pytest.mark.parametrize(
    ("condition", "words", "holds", "fails"),
    [
        (where("kind", "a", "b"), "with kind a or b", ({"kind": "b"}, None, ()), ({"kind": "c"}, None, ())),
        (beside("width"), "beside width", ({"width": 0.5}, None, ()), ({"width": 0.0}, None, ())),
        (beside("width"), "beside width", ({"width": [1]}, None, ()), ({"width": None}, None, ())),
        (without("taus"), "without taus", ({"taus": None}, None, ()), ({"taus": 1}, None, ())),
        (on("rate"), "on rate", ({}, "rate", ()), ({}, "log_rate", ())),
        (with_array("values"), "where values are given", ({}, None, {"values"}), ({}, None, {"logp"})),
        (both(on("rate"), without("x")), "on rate and without x", ({"x": None}, "rate", ()), ({"x": 1}, "rate", ())),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_condition_says_when_it_holds(condition: Any, words: str, holds: Any, fails: Any) -> None:
    assert condition.words == words
    assert condition.holds(*holds)
    assert not condition.holds(*fails)
