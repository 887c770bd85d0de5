"""API keys over HTTP: shown once, stored hashed, narrowed, revoked; and a service that is closed to strangers."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.store.api_keys import create_key, revoke_key
from tests.web.conftest import NOW, Client


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory):
    """A service that only answers callers with a key."""
    database: Path = tmp_path_factory.mktemp("keys") / "mlquote.sqlite3"
    app = create_app(Settings(database_url=f"sqlite:///{database}", require_key=True), now=lambda: NOW)
    yield app
    app.state.engine.dispose()


@pytest.fixture(scope="module")
def admin(closed: FastAPI) -> dict[str, str]:
    _, key = create_key(closed.state.engine, "admin", ["keys:write"], now=NOW, by="test")
    return {"X-API-Key": key}


def test_a_key_is_made_shown_once_and_stored_hashed(closed: FastAPI, admin) -> None:
    client = Client(closed)
    made = client.post("/v1/keys", {"name": "ci", "scopes": ["budgets:reserve:nlp"]}, headers=admin).json()
    assert made["key"].startswith(f"mlq_{made['id']}_")
    secret = made["key"].split("_", 2)[2]
    listed = client.request("GET", "/v1/keys", headers=admin)
    assert made["id"] in listed.text
    assert secret not in listed.text
    with closed.state.engine.connect() as connection:
        stored = connection.execute(text("SELECT * FROM api_keys WHERE id = :id"), {"id": made["id"]}).one()
    assert secret not in str(stored)
    own = client.request("GET", "/v1/keys/self", headers={"Authorization": f"Bearer {made['key']}"}).json()
    assert own["scopes"] == ["budgets:reserve:nlp"]


def test_a_key_whose_name_is_no_line_of_text_is_refused(closed: FastAPI, admin) -> None:
    answer = Client(closed).post("/v1/keys", {"name": "c\0i", "scopes": ["budgets:reserve"]}, headers=admin)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/name"


def test_a_closed_service_shows_strangers_only_its_health(closed: FastAPI, admin) -> None:
    client = Client(closed)
    for path in ("/v1/catalog", "/v1/budgets", "/openapi.json", "/", "/v1/estimates/inference?model=gpt-4o"):
        assert client.get(path).status_code == 401, path
    assert client.get("/healthz").status_code == 200
    assert client.request("GET", "/v1/catalog", headers=admin).status_code == 200


def test_a_revoked_or_expired_key_opens_nothing(closed: FastAPI, admin) -> None:
    client = Client(closed)
    body = {"name": "short", "scopes": ["budgets:reserve"]}
    made = client.post("/v1/keys", body, headers=admin).json()
    mine = {"X-API-Key": made["key"]}
    assert client.request("GET", "/v1/catalog", headers=mine).status_code == 200
    assert client.request("DELETE", f"/v1/keys/{made['id']}", headers=admin).json()["revoked_at"]
    assert client.request("GET", "/v1/catalog", headers=mine).status_code == 401
    _, over = create_key(closed.state.engine, "over", ["budgets:reserve"], now=NOW, by="test", expires_at=NOW)
    assert client.request("GET", "/v1/catalog", headers={"X-API-Key": over}).status_code == 401


def test_a_key_seen_a_moment_ago_still_writes_nothing_once_revoked_elsewhere(closed: FastAPI) -> None:
    client, body = Client(closed), {"name": "x", "scopes": ["budgets:reserve"]}
    made, text = create_key(closed.state.engine, "other", ["keys:write"], now=NOW, by="test")
    mine = {"X-API-Key": text}
    assert client.request("GET", "/v1/catalog", headers=mine).status_code == 200
    revoke_key(closed.state.engine, made.id, now=NOW, by="test")  # as another process would
    assert client.post("/v1/keys", body, headers=mine).status_code == 401
    closed.state.seen_keys.clear()  # the few seconds are over
    assert client.request("GET", "/v1/catalog", headers=mine).status_code == 401


@pytest.mark.parametrize(
    ("body", "pointer", "hint"),
    [
        ({"name": "x", "scopes": ["budget:write"]}, "/scopes/0", "nearest: budgets:write"),
        ({"name": "x", "scopes": []}, "/scopes", "one of"),
        ({"name": "x", "scope": ["budgets:write"]}, "/scope", "scopes"),
        ({"name": "x", "scopes": ["budgets:write"], "expires_at": "2020-01-01"}, "/expires_at", ""),
    ],
    ids=["scope", "none", "field", "past"],
)
def test_a_key_that_could_open_nothing_is_refused(closed: FastAPI, admin, body, pointer, hint) -> None:
    fault = Client(closed).post("/v1/keys", body, headers=admin).json()["errors"][0]
    assert fault["pointer"] == pointer
    assert hint in fault["hint"]


@pytest.mark.parametrize(
    "key", ["", "mlq", "mlq_", "mlq__", "mlq_0_", "mlq_%00_x", "mlq_" + "0" * 5000 + "_x", "Ω"], ids=range(8)
)
def test_what_is_no_key_is_unauthenticated(closed: FastAPI, key) -> None:
    answer = Client(closed).request("GET", "/v1/catalog", headers={"X-API-Key": key.encode()})
    assert answer.status_code == 401
