"""mlquote keys: made, listed and revoked in this machine's own database."""

from collections.abc import Callable

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
