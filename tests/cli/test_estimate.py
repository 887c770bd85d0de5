"""mlquote estimate: the same fields and the same answer as GET /v1/estimates/KIND."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Live, Ran

FIELDS = ("provider=openai", "model=gpt-4o", "input_tokens=1e6", "as_of=2026-06-01")


def test_an_estimate_is_the_servers_own(mlquote: Callable[..., Ran], live: Live) -> None:
    own = mlquote("estimate", "inference", *FIELDS, "--format", "json")
    assert (own.code, json.loads(own.out)["result"]["cost_usd"]) == (0, 2.5)
    served = mlquote("estimate", "inference", *FIELDS, "--format", "json", "--server", live.url)
    told = {name: value for name, value in json.loads(served.out).items() if name != "links"}
    assert told == json.loads(own.out)
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


def test_a_comparison_and_a_law_of_loss_are_asked_from_the_shell(mlquote: Callable[..., Ran]) -> None:
    ranked = mlquote("compare", "provider=openai", "model=gpt-4o,gpt-4o-mini", "input_tokens=1,000,000")
    assert [line.split()[:2] for line in ranked.out.splitlines()[1:3]] == [
        ["1", "model=gpt-4o-mini"],
        ["2", "model=gpt-4o"],
    ]
    law = mlquote("scaling", "op=loss", "params=7b", "tokens=1T")
    assert law.code == 0 and law.out.startswith("loss  2.0") and "nats/token" in law.out


@pytest.mark.parametrize("text", ['{"per": "mtok"}', 'per = "mtok"', "per: mtok"], ids=["json", "toml", "yaml"])
def test_a_question_is_read_from_standard_input(
    mlquote: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    ran = mlquote("estimate", "inference", *FIELDS[:2], "-", "--format", "json")
    assert json.loads(ran.out)["result"]["cost_usd"] == 12.5


def test_a_refusal_is_told_once_with_a_command_that_is_answered(mlquote: Callable[..., Ran]) -> None:
    ran = mlquote("estimate", "training", "model=llama-70b", "tokens=1T", "gpus=8")
    lines = ran.err.splitlines()
    assert ran.code == 2 and len(lines) == len(set(lines)) == 4
    assert lines[0] == "error: 2 faults"
    assert lines[-1] == "try: mlquote estimate training model=llama-3.3-70b tokens=1T gpus=8 accelerator=h100-sxm"
    assert mlquote(*lines[-1].split()[2:]).code == 0


def test_text_is_one_screen_and_all_of_it_where_asked(mlquote: Callable[..., Ran]) -> None:
    fields = ("estimate", "training", "params=7b", "tokens=1T", "accelerator=8xh100")
    assert len(mlquote(*fields).out.splitlines()) <= 15 < len(mlquote(*fields, "--detail", "full").out.splitlines())
