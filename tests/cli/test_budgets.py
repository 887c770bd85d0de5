"""mlquote budgets: the same words from a database of this machine and from a service."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mlquote.store.api_keys import SCOPES, create_key
from tests.cli.conftest import Live, Ran

SPEC = """
[questions.chat]
kind = "inference"
provider = "openai"
model = "gpt-4o"
input_tokens = "1M"
"""


@pytest.fixture(params=["database", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, live: Live) -> list[str]:
    """Where the budgets are: `--database` or `--server`."""
    if request.param == "database":
        return ["--database", f"sqlite:///{tmp_path}/budgets.sqlite3"]
    key = create_key(live.app.state.engine, "budgets", list(SCOPES), now=datetime.now(UTC), by="test")[1]
    monkeypatch.setenv("MLQUOTE_API_KEY", key)
    return ["--url", live.url]


def test_a_budget_is_put_shown_checked_and_its_ledger_read(
    mlquote: Callable[..., Ran], place: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if place[0] == "--url":
        monkeypatch.setenv("MLQUOTE_SERVER", place[1])  # the variable says it as well as the option
    (tmp_path / "mlquote.toml").write_text(SPEC)
    made = mlquote("budgets", "put", "shell", "--fail-above", "$2.60", "--per", "month", *place)
    assert made.out == "shell: version 1, $2.60 of cost_usd per month\n"
    assert ("database: sqlite:///" in made.err) is (place[0] == "--database")
    assert "shell   $2.60 of cost_usd per month" in mlquote("budgets", "list", *place).out
    passed = mlquote("budgets", "check", "shell", "mlquote.toml", "--reserve", *place)
    assert (passed.code, passed.out.splitlines()[0]) == (0, "PASS: within budget (shell)")  # 2.50 $ of 2.60 $
    assert mlquote("budgets", "check", "shell", "mlquote.toml", *place).code == 1
    shown = mlquote("budgets", "show", "shell", *place).out
    assert "$2.50  $0.10" in shown and "held: $2.50 (cost_usd)" in shown
    entries = mlquote("budgets", "ledger", "shell", *place).out.splitlines()
    assert [line.split()[2:] for line in entries[1:]] == [
        ["reserve", "free", "cost_usd", "-$2.50"], ["reserve", "held", "cost_usd", "$2.50"],
    ]  # fmt: skip
    told = json.loads(mlquote("budgets", "show", "shell", "--format", "json", *place).out)
    assert told["standing"][0]["remaining"] == 0.1
    assert all(len(line) <= 80 for line in (shown + "\n".join(entries)).splitlines())


def test_a_file_of_limits_is_put(mlquote: Callable[..., Ran], place: list[str], tmp_path: Path) -> None:
    limits = '{"limits": [{"figure": "cost_usd", "per": "day", "fail_above": "1k"}], "labels": {"team": "nlp"}}'
    (tmp_path / "budget.json").write_text(limits)
    assert "$1,000.00 of cost_usd per day" in mlquote("budgets", "put", "filed", "budget.json", *place).out
    assert "team=nlp" in mlquote("budgets", "list", *place).out


@pytest.mark.parametrize("command", [["list"], ["show", "x"], ["ledger", "x"]], ids=" ".join)
def test_reading_makes_no_database(mlquote: Callable[..., Ran], tmp_path: Path, command: list[str]) -> None:
    file = tmp_path / "nowhere.sqlite3"
    ran = mlquote("budgets", *command, "--database", f"sqlite:///{file}")
    assert ran.code == 3
    assert str(file) in ran.err
    assert not file.exists()


def test_what_is_wrong_is_said(mlquote: Callable[..., Ran], place: list[str]) -> None:
    assert "--fail-above" in mlquote("budgets", "put", "x", *place).err
    wrong = mlquote("budgets", "put", "x", "--fail-above", "much", *place)
    assert wrong.code == 2 and "fail_above" in wrong.err
    assert mlquote("budgets", "put", "x", "--fail-above", "1", "--per", "fortnight", *place).code == 2
    mlquote("budgets", "put", "there", "--fail-above", "1", *place)
    assert mlquote("budgets", "show", "nobody", *place).code == 2
