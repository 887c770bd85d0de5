"""mlquote keys: made, listed and revoked in this machine's own database."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran


def test_a_key_is_shown_once_listed_and_revoked(mlquote: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLQUOTE_DATABASE_URL", "sqlite:///keys.sqlite3")
    key = mlquote("keys", "create", "ci", "--scope", "budgets:reserve:nlp-*", "--days", "30").out.strip()
    _, key_id, secret = key.split("_", 2)
    listed = mlquote("keys", "list").out
    assert key_id in listed
    assert secret not in listed
    assert mlquote("keys", "revoke", key_id).code == 0
    assert "revoked" in mlquote("keys", "list").out
    assert mlquote("keys", "revoke", "nobody").code == 2
    assert "nearest: budgets:write" in mlquote("keys", "create", "ci", "--scope", "budget:write").err


def test_a_key_is_rotated_and_the_list_says_until_when_the_old_secret_opens(
    mlquote: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLQUOTE_DATABASE_URL", "sqlite:///keys.sqlite3")
    first = mlquote("keys", "create", "ci", "--scope", "read").out.strip()
    second = mlquote("keys", "rotate", first.split("_")[1], "--overlap-hours", "12").out.strip()
    assert first != second and first.split("_")[:2] == second.split("_")[:2]
    listed = mlquote("keys", "list").out
    assert "old secret until" in listed and "never" in listed
    assert mlquote("keys", "rotate", "nobody").code == 2


def test_what_was_written_is_printed_for_eyes_and_for_machines(
    mlquote: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLQUOTE_DATABASE_URL", "sqlite:///keys.sqlite3")
    _, key_id, secret = mlquote("keys", "create", "=ci", "--scope", "budgets:reserve").out.strip().split("_", 2)
    mlquote("keys", "revoke", key_id)
    shown = mlquote("audit", "--subject", "key").out.splitlines()
    assert [line.split()[2:4] for line in shown] == [["command-line", "create"], ["command-line", "revoke"]]
    assert all(line.endswith(f"key:{key_id}") for line in shown)
    entries = [json.loads(line) for line in mlquote("audit", "--format", "ndjson").out.splitlines()]
    assert [entry["after"]["revoked_at"] is None for entry in entries] == [True, False]
    table = list(csv.reader(mlquote("audit", "--format", "csv", "--by", "command-line").out.splitlines()))
    assert table[0] == ["id", "at", "by", "act", "subject", "before", "after"] and len(table) == 3
    assert mlquote("audit", "--since", "2999-01-01").out == ""
    assert secret not in str(entries) + str(table)


@pytest.mark.parametrize("command", [("keys", "list"), ("catalog", "releases"), ("audit",)], ids=" ".join)
def test_reading_makes_no_database_and_says_where_it_looked(
    mlquote: Callable[..., Ran], tmp_path: Path, command: tuple[str, ...]
) -> None:
    ran = mlquote(*command)
    assert ran.code == 3 and str(tmp_path) in ran.err and "database" in ran.err
    assert not list(tmp_path.iterdir())


def test_a_command_says_which_database_it_touches(mlquote: Callable[..., Ran], tmp_path: Path) -> None:
    made = mlquote("keys", "create", "ci", "--scope", "read")
    assert made.code == 0 and made.err.startswith("database: sqlite:///") and "database" not in made.out
    assert mlquote("keys", "list").code == 0
