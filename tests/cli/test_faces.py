"""What a person reads, compared with files under golden/: to rewrite them on purpose, MLQUOTE_REWRITE_GOLDEN=1."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from mlquote.catalog.release import Release
from mlquote.catalog.snapshot import Snapshot
from mlquote.cli.printing import pretty
from mlquote.render import changes as change_faces
from mlquote.render import verdicts
from mlquote.spend.amounts import Amount, Spent
from mlquote.spend.asking import Asked
from mlquote.spend.budgets import Budget
from mlquote.spend.changes import changes
from mlquote.spend.checks import quoted, report
from mlquote.spend.documents import plain
from mlquote.spend.spec import read_spec
from tests.spend.toys import TOYS

GOLDEN = Path(__file__).parent / "golden"
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
RELEASE = Release("2026-11-23-0a1b2c3d", AT.date(), "0a1b2c3d" * 8, {}, {})
CATALOG = Snapshot(RELEASE, {})
# the toys: a training token costs a millionth of a cent, so 5e9 are $50; an output token a tenth of a cent
BASE = """
[questions.finetune]
kind = "training"
model = "llama-3.1-8b"
tokens = 3e9

[questions.chat]
kind = "inference"
provider = "openai"
model = "gpt-4o"
usage = { input_tokens = 1_000, output_tokens = 2_000 }

[questions.old]
kind = "training"
tokens = 1e8
"""
HEAD = """
[questions.finetune]
kind = "training"
model = "llama-3.1-8b"
tokens = 5e9
mfu = 0.4

[questions.chat]
kind = "inference"
provider = "openai"
model = "gpt-4o"
usage = { input_tokens = 1_000, output_tokens = 2_000 }

[questions.new]
kind = "training"
model = "llama-3.1-70b"
"""
LIMITS = [
    {"figure": "cost_usd", "per": "month", "warn_above": 40, "fail_above": 100},
    {"figure": "cost_usd", "per": "check", "fail_above": 500},
]


def answers(text: str) -> list[Spent]:
    return [quote(asked) for asked in read_spec(text, "spec.toml", TOYS).questions]


def quote(asked: Asked) -> Spent:
    return quoted(asked, CATALOG, AT)


def checked(text: str, used: object) -> dict[str, Any]:
    budget = Budget.model_validate({"limits": LIMITS, "labels": {"team": "search"}})
    spent = {("cost_usd", "month:2026-11"): Amount(*[plain(used)] * 3)}
    return report("search", budget, answers(text), spent, AT, labels={"run": "7"})


def compare(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("MLQUOTE_REWRITE_GOLDEN"):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize(("verdict", "used"), [("pass", 0), ("warn", 45), ("fail", 68.5)])
@pytest.mark.parametrize(("face", "suffix"), [("text", "txt"), ("markdown", "md"), ("junit", "xml")])
def test_a_check_reads_as_in_its_golden_file(verdict: str, used: float, face: str, suffix: str) -> None:
    # base without `old`: $30 + $2 = $32 asked; with 0, 45 and 68.5 used of 100 (warn at 40): pass, warn, fail
    found = checked(BASE.partition("[questions.old]")[0], used)
    assert found["verdict"] == verdict
    compare(f"check_{verdict}.{suffix}", getattr(verdicts, face)(found))


@pytest.mark.parametrize(("face", "suffix"), [("text", "txt"), ("markdown", "md"), ("junit", "xml")])
def test_an_unknown_check_reads_as_in_its_golden_file(face: str, suffix: str) -> None:
    found = checked(HEAD, 0)
    assert found["verdict"] == "unknown"
    compare(f"check_unknown.{suffix}", getattr(verdicts, face)(found))


def test_the_junit_report_is_xml_with_a_case_for_each_limit() -> None:
    suite = ElementTree.fromstring(verdicts.junit(checked(BASE, 68.5)))
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "0")
    assert [len(case.findall("failure")) for case in suite] == [1, 0]


@pytest.mark.parametrize(
    ("face", "suffix"), [(change_faces.text, "txt"), (change_faces.markdown, "md"), (pretty, "json")]
)
def test_a_diff_reads_as_in_its_golden_file(face, suffix: str) -> None:
    base, head = (read_spec(text, "spec.toml", TOYS).questions for text in (BASE, HEAD))
    compare(f"diff.{suffix}", face(plain(changes(base, head, quote))))
