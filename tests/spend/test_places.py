"""Every key of a spec file has a line, whatever its format."""

import pytest

from mlquote.kit.errors import Malformed
from mlquote.spend.places import MOST_CHARACTERS, parsed

TOML = "[a]\nx = 1\n\n[a.b]\ny = { z = 2 }\n[[list]]\nn = 1\n[[list]]\nn = 2\n"
YAML = "a:\n  x: 1\n  b:\n    y: {z: 2}\nlist:\n  - n: 1\n  - n: 2\n"
JSON = '{"a": {"x": 1,\n "b": {"y": {"z": 2}}},\n"list": [\n {"n": 1},\n {"n": 2}]}'


@pytest.mark.parametrize(
    ("file", "text", "lines"),
    [("s.toml", TOML, (2, 5, 9)), ("s.yaml", YAML, (2, 4, 7)), ("s.json", JSON, (1, 2, 5))],
    ids=["toml", "yaml", "json"],
)
def test_a_key_is_found_on_its_line(file: str, text: str, lines: tuple[int, ...]) -> None:
    data, places = parsed(text, file)
    assert data == {"a": {"x": 1, "b": {"y": {"z": 2}}}, "list": [{"n": 1}, {"n": 2}]}
    paths: list[tuple[str | int, ...]] = [("a", "x"), ("a", "b", "y", "z"), ("list", 1, "n")]
    assert tuple(places.line(path) for path in paths) == lines


def test_a_key_that_is_not_there_stands_where_what_would_hold_it_stands() -> None:
    _, places = parsed(TOML, "s.toml")
    assert places.pointer(("a", "b", "missing")) == "s.toml:4:a.b.missing"


def test_a_fraction_keeps_its_digits() -> None:
    assert str(parsed('{"usd": 0.10}', "s.json")[0]["usd"]) == "0.10"


@pytest.mark.parametrize("file", ["s.toml", "s.yaml", "s.json"])
def test_a_text_too_large_or_too_deep_is_refused(file: str) -> None:
    deep = {"s.toml": "a = " + "[" * 5000, "s.yaml": "[" * 5000, "s.json": "[" * 100_000}[file]
    for text in ("#" * (MOST_CHARACTERS + 1), deep):
        with pytest.raises(Malformed):
            parsed(text, file)
