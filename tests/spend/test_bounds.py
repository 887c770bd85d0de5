"""Text from outside is read within bounds: nesting, names, digits, exponents, each name once."""

import json
from decimal import Decimal

import pytest

from mlquote.spend.bounds import MOST_NODES, Unbounded, members_json, names_once, outside_json


def test_fractions_keep_their_digits() -> None:
    assert outside_json(b'{"usd": 0.10, "n": 1e-350}') == {"usd": Decimal("0.10"), "n": Decimal("1e-350")}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"x": 1e9999999999999999999}', "beyond what can be computed"),
        ('{"x": 1e-9999999999999999999}', "beyond what can be computed"),
        ('{"x": 1e401}', "beyond what can be computed"),
        ('{"x": ' + "9" * 5000 + "}", "digits"),
        ('{"x": "\\ud800"}', "surrogate"),
        ('{"\\ud800": 1}', "surrogate"),
        ('{"x": NaN}', "no JSON number"),
        ('{"x": 1, "x": 2}', "set twice"),
        ('{"a": [{"x": 1, "x": 2}]}', "set twice"),
        ("[" * 100_000, "nested"),
        ('{"a":' * 41 + "1" + "}" * 41, "nested"),
        (json.dumps(list(range(MOST_NODES + 1))), "more than"),
    ],
)
def test_what_is_beyond_a_bound_is_refused(text: str, words: str) -> None:
    with pytest.raises(Unbounded, match=words):
        outside_json(text)


def test_brackets_in_a_string_are_no_nesting() -> None:
    assert outside_json(json.dumps({"x": "[{" * 1000}))["x"].startswith("[{[{")


def test_one_member_beyond_a_bound_costs_its_place_in_a_list() -> None:
    found = list(members_json(' [ {"a": 1.50}, {"a": 1, "a": 2}, {"b": 1e99999999999999} , 3 ] '))
    assert found[0] == {"a": Decimal("1.50")} and found[3] == 3
    assert [str(each).split()[-1] for each in found[1:3]] == ["twice", "computed"]


@pytest.mark.parametrize("text", ["[]", " [ ] ", "[[]]", '["]"]'])
def test_a_list_is_read_as_a_json_parser_reads_it(text: str) -> None:
    assert list(members_json(text)) == json.loads(text)


@pytest.mark.parametrize("text", ["", "{}", "[", "[1", "[1,]", "[,1]", "[[]", "[1] 2", "[1 2]"])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        list(members_json(text))


@pytest.mark.parametrize("raw", [b'{"a":1,"a":2}', b'{"a" : 1, "\\u0061": 2}', b'[{"b": {"a":1,"a":2}}]'])
def test_a_name_that_is_set_twice_is_found(raw: bytes) -> None:
    with pytest.raises(Unbounded, match="set twice"):
        names_once(raw)


@pytest.mark.parametrize(
    "raw", [b'{"a":{"n":1},"b":{"n":2}}', b'{"a": "\\"a\\": 1"}', b'{"a": 1', b"\xff", b'{"a":"x",":a":1}']
)
def test_a_name_in_two_objects_is_set_once_in_each(raw: bytes) -> None:
    names_once(raw)
