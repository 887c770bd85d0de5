"""mlquote estimate: the same fields and the same answer as GET /v1/estimates/KIND."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Live, Ran

FIELDS = ("provider=openai", "model=gpt-4o", "input_tokens=1e6", "as_of=2026-06-01")


def test_an_estimate_is_the_servers_own(mlquote: Callable[..., Ran], live: Live) -> None:
    own = mlquote("estimate", "inference", *FIELDS, "--format", "json")
    assert (own.code, json.loads(own.out)["result"]["cost_usd"]) == (0, 2.5)
    served = mlquote("estimate", "inference", *FIELDS, "--format", "json", "--server", live.url)
    assert json.loads(served.out) == json.loads(own.out)
    table = mlquote("estimate", "inference", *FIELDS)
    assert table.out == mlquote("estimate", "inference", *FIELDS, "--server", live.url).out


@pytest.mark.parametrize("face", ["markdown", "csv"])
def test_an_estimate_has_the_other_formats(mlquote: Callable[..., Ran], face: str) -> None:
    ran = mlquote("estimate", "inference", *FIELDS, "--format", face)
    assert ran.code == 0
    assert "cost_usd" in ran.out


def test_a_nested_field_may_come_from_a_file(mlquote: Callable[..., Ran]) -> None:
    Path("usage.json").write_text('{"output_tokens": 1000000}', "utf-8")
    ran = mlquote("estimate", "inference", *FIELDS[:2], "usage=@usage.json", "--format", "json")
    assert json.loads(ran.out)["result"]["cost_usd"] == 10


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("inferense",), "nearest: inference"),
        (("inference", "modle=gpt-4o"), "nearest: model"),
        (("inference", "model"), "FIELD=VALUE"),
        (("inference", "model=a", "model=b"), "twice"),
        (("inference", "model=gpt-4oo", "input_tokens=1"), "gpt-4o"),
        (("inference", "usage=@none.json"), "cannot read"),
    ],
    ids=["kind", "field", "pair", "twice", "model", "file"],
)
def test_a_bad_question_exits_2_and_says_what_would_be_right(mlquote: Callable[..., Ran], arguments, said) -> None:
    ran = mlquote("estimate", *arguments)
    assert ran.code == 2
    assert said in ran.err
