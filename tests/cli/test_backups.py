"""mlquote backup and restore, as an operator runs them."""

from collections.abc import Callable

import pytest

from tests.cli.conftest import Ran


def test_a_backup_is_written_checked_and_restored_where_nothing_is_lost(
    mlquote: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLQUOTE_DATABASE_URL", "sqlite:///a.sqlite3")
    assert mlquote("backup", "a.backup").code == 3, "there is no database yet, and none is made"
    mlquote("keys", "create", "ci", "--scope", "read")
    made = mlquote("backup", "a.backup")
    assert made.code == 0 and made.out.startswith("written: a.backup (")
    again = mlquote("backup", "a.backup")
    assert again.code == 2 and "--replace" in again.err
    assert mlquote("backup", "--check", "a.backup").out.removeprefix("whole") == made.out.removeprefix("written")
    monkeypatch.setenv("MLQUOTE_DATABASE_URL", "sqlite:///b.sqlite3")
    assert mlquote("restore", "a.backup").out.startswith("restored: a.backup (")
    assert " ci " in mlquote("keys", "list").out
    assert mlquote("restore", "a.backup").code == 2
    assert mlquote("restore", "a.backup", "--replace").code == 0
    assert mlquote("backup", "--check", "b.sqlite3").code == 2, "a database is no backup"
