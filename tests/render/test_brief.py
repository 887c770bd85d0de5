"""The first screen of every answer there is: 80 columns, fifteen lines, units, and nothing lost without a word."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mlquote.render import markdown, text, values
from mlquote.render.brief import COLUMNS, LINES, brief, fitted, headline
from tests.render.sample import ANSWER

ANSWERS = Path(__file__).parents[1] / "golden" / "answers"


def kept() -> dict[str, Any]:
    """Every golden answer that is a mapping, by name."""
    told = {path.stem: json.loads(path.read_text()) for path in sorted(ANSWERS.glob("*.json"))}
    bodies = {name: answer["body"] for name, answer in told.items() if isinstance(answer, dict) and "body" in answer}
    return {name: body for name, body in bodies.items() if isinstance(body, dict)}


ESTIMATES = {name: answer for name, answer in kept().items() if "catalog" in answer and "question" in answer}
LOSSES = {name: answer for name, answer in kept().items() if name.startswith(("loss", "regularizers", "descent"))}


@pytest.mark.parametrize("name", ESTIMATES)
def test_every_estimate_fits_a_screen(name: str) -> None:
    lines = text.rendered(ESTIMATES[name], detail="brief").splitlines()
    assert 2 <= len(lines) <= LINES
    assert max(map(len, lines)) <= COLUMNS
    assert lines[-1].startswith("release ") and "detail=full" in lines[-1]
    codes = {warning["code"] for warning in ESTIMATES[name]["warnings"]}
    assert not codes or any(line.startswith("! ") for line in lines)


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_fits_a_screen(name: str) -> None:
    lines = values.brief(LOSSES[name]).splitlines()
    assert len(lines) <= LINES and max(map(len, lines)) <= COLUMNS


def test_every_kind_is_among_them() -> None:
    kinds = ("training", "serving", "inference", "comparison", "scaling", "response")
    assert all(sum(name.startswith(kind) for name in ESTIMATES) >= 2 for kind in kinds) and len(LOSSES) >= 5


def test_the_screen_of_the_sample() -> None:
    read = {"name": "read-as", "value": "x=1", "why": "y=1 is read as x=1"}
    doubt = {"name": "mfu", "value": 0.4, "low": 0.3, "high": 0.5, "unit": "fraction", "share_of_variance": 0.9}
    assert brief(ANSWER | {"assumptions": [doubt, read]}) == (
        "            low  central        high  unit\n"
        "cost_usd         1,234.5              $\n"
        "energy_kwh    1      2.5  10,000,000  kWh\n"
        "meter  unit   quantity  usd_per_unit  usd\n"
        "input  -     1,000,000             -    5\n"
        "= read-as x=1: y=1 is read as x=1\n"
        "?  90% of the doubt: mfu 0.4 (0.3 to 0.5) fraction\n"
        "! no-water-figure: nobody published it\n"
        "release 2026-11-23-abcdef01, 2026-11-23, 80 % ranges; all of it: detail=full\n"
    )


def test_warnings_that_do_not_fit_are_named() -> None:
    warnings = [{"code": code, "detail": "x"} for code in ("a", "b", "c", "c", "d")]
    lines = brief(ANSWER | {"warnings": warnings}).splitlines()
    assert lines[-4:-1] == ["! a: x", "! b: x", "! and 3 more: c, d"]


def test_exact_dollars_keep_their_digits() -> None:
    assert brief({"result": {"cost_usd": Decimal("0.0123456789")}}) == "cost_usd  0.0123456789  $\n"


def test_a_line_that_is_cut_says_so() -> None:
    assert fitted("x" * 81) == "x" * 77 + "..." and fitted("x" * 80) == "x" * 80


def test_markdown_is_one_bold_sentence_and_the_rest_folded() -> None:
    assert headline(ANSWER) == "cost_usd 1,234.5 $"
    lines = markdown.rendered(ANSWER).splitlines()
    assert lines[0] == "**cost_usd 1,234.5 $** (1 warning)"
    assert "<details><summary>Figures and warnings</summary>" in lines
    assert markdown.rendered(ANSWER, detail="brief").count("\n") == 3
