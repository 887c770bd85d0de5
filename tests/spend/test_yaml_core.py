"""YAML 1.2's core schema: a scalar is what it looks like (https://yaml.org/spec/1.2.2/#103-core-schema)."""

from decimal import Decimal
from typing import Any

import pytest

from mlquote.spend.bounds import MOST_NODES, Unbounded
from mlquote.spend.yaml_core import NotYaml, read_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("010", 10), ("0o10", 8), ("0x1F", 31), ("-3", -3), ("1e9", Decimal(10) ** 9), ("1.50", Decimal("1.50")),
        ("15:00:00", "15:00:00"), ("1:30", "1:30"), ("no", "no"), ("on", "on"), ("2026-01-01", "2026-01-01"),
        ("true", True), ("False", False), ("~", None), ("", None), ("'010'", "010"), ('"~"', "~"), ("!!str 5", "5"),
        ("1_000", "1_000"), ("[1, two]", [1, "two"]),
    ],
)  # fmt: skip
def test_a_scalar_is_what_it_looks_like(text: str, value: Any) -> None:
    found = read_yaml(f"x: {text}\n")[0]["x"]
    assert found == value and type(found) is type(value)


def test_a_key_is_its_text_and_has_a_line() -> None:
    data, lines = read_yaml("1: 2\ntrue: x\n2024-01-01: 3\n")
    assert data == {"1": 2, "true": "x", "2024-01-01": 3} and lines[("true",)] == 2


def test_a_mapping_is_merged_behind_what_it_sets_itself() -> None:
    assert read_yaml("a: &a {p: 1, q: 2}\nb:\n  <<: *a\n  q: 3\n")[0]["b"] == {"p": 1, "q": 3}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", 3), ("a: !!bool zz\n", 1), ("a: !!int ''\n", 1), ("a: !!set {b}\n", 1),
        ("a: !foo 3\n", 1),
        ("? [a]\n: 2\n", 1), ("a: *b\n", 1), ("a: \0\n", 1), ("a: [1\nb: 2\n", 2), ("a: !!python/object:x {}\n", 1),
        ("a: 1\n---\nb: 2\n", 2), ("a: &a [*a]\n", 1),
    ],
)  # fmt: skip
def test_what_is_none_of_it_is_refused_at_its_line(text: str, line: int) -> None:
    with pytest.raises(NotYaml) as error:
        read_yaml(text)
    assert error.value.line == line


def test_what_grows_or_goes_deep_is_refused_before_it_is_kept() -> None:
    bomb = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
        f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
    )
    with pytest.raises(NotYaml, match="deeply"):
        read_yaml(bomb)
    with pytest.raises(Unbounded, match="deeply"):
        read_yaml("[" * 5000)
    with pytest.raises(Unbounded, match="more than"):
        read_yaml("- 1\n" * (2 * MOST_NODES + 1))
