"""API keys over HTTP: shown once, stored hashed, narrowed, revoked; and a service that is closed to strangers."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from mlquote.kit.errors import Conflict, Unauthenticated
from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.store.api_keys import create_key, list_keys, mark_used, revoke_key, rotate_key, verified
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
    _, key = create_key(
        closed.state.engine, "admin", ["keys:write", "budgets:write", "budgets:reserve"], now=NOW, by="test"
    )
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


def holding(app: FastAPI, *scopes: str, **options: Any) -> dict[str, str]:
    """The header of a key that holds these scopes."""
    return {"X-API-Key": create_key(app.state.engine, "some", scopes, now=NOW, by="test", **options)[1]}


@pytest.mark.parametrize(
    ("held", "asked", "status"),
    [
        ("budgets:write:nlp-*", "budgets:write:nlp-a", 201),
        ("budgets:write:nlp-*", "budgets:write:nlp-a*", 201),
        ("budgets:write:nlp-*", "budgets:write:nlp-*", 201),
        ("budgets:write:nlp-*", "budgets:write:nlp*", 403),
        ("budgets:write:nlp-*", "budgets:write:?lp-a", 403),
        ("budgets:write:nlp-*", "budgets:write", 403),
        ("budgets:write:nlp-?", "budgets:write:nlp-a", 201),
        ("budgets:write:nlp-?", "budgets:write:nlp-?*", 403),
        ("budgets:write", "budgets:write:a", 201),
        ("budgets:write", "budgets:reserve", 403),
        ("budgets:write", "catalog:write", 403),
        ("budgets:write", "read", 201),
        ("budgets:write", "estimate", 201),
        ("budgets:write", "keys:write", 201),
    ],
)
def test_a_key_makes_none_that_opens_more(closed: FastAPI, held: str, asked: str, status: int) -> None:
    maker = holding(closed, "keys:write", held)
    made = Client(closed).post("/v1/keys", {"name": "x", "scopes": [asked]}, headers=maker)
    assert made.status_code == status
    if status == 403:
        assert f"does not hold {asked}" in made.json()["detail"]


def test_a_key_neither_takes_nor_rotates_one_that_opens_more_and_does_both_with_itself(closed: FastAPI) -> None:
    client, small = Client(closed), holding(closed, "keys:write")
    great, _ = create_key(closed.state.engine, "great", ["catalog:write"], now=NOW, by="test")
    assert client.request("DELETE", f"/v1/keys/{great.id}", headers=small).status_code == 403
    assert client.post(f"/v1/keys/{great.id}/rotate", {}, headers=small).status_code == 403
    mine = holding(closed, "estimate")
    own = client.request("GET", "/v1/keys/self", headers=mine).json()["id"]
    assert client.request("DELETE", f"/v1/keys/{great.id}", headers=mine).status_code == 403
    renewed = client.request("POST", f"/v1/keys/{own}/rotate", headers=mine).json()
    assert renewed["key"].startswith(f"mlq_{own}_") and renewed["previous_until"] == "2026-11-24T12:00:00Z"
    assert client.request("DELETE", f"/v1/keys/{own}", headers={"X-API-Key": renewed["key"]}).status_code == 200
    assert client.request("GET", "/v1/keys/self", headers=mine).status_code == 401, "both secrets are gone"


def test_a_key_outlives_its_maker_nowhere(closed: FastAPI) -> None:
    client, ends = Client(closed), NOW + timedelta(days=1)
    maker = holding(closed, "keys:write", expires_at=ends)
    body: dict[str, Any] = {"name": "x", "scopes": ["read"]}
    assert client.post("/v1/keys", body, headers=maker).json()["expires_at"] == "2026-11-24T12:00:00Z"
    assert client.post("/v1/keys", body | {"expires_at": "2026-11-24T11:00:00Z"}, headers=maker).status_code == 201
    assert client.post("/v1/keys", body | {"expires_at": "2027-01-01"}, headers=maker).status_code == 403


def test_an_old_secret_opens_for_its_hours_and_then_no_more(closed: FastAPI) -> None:
    engine, day = closed.state.engine, timedelta(hours=24)
    key, first = create_key(engine, "ci", ["read"], now=NOW, by="test")
    _, second = rotate_key(engine, key.id, now=NOW, by="test", overlap=day)
    assert verified(engine, first, NOW + day - timedelta(seconds=1)).id == verified(engine, second, NOW).id == key.id
    with pytest.raises(Unauthenticated):
        verified(engine, first, NOW + day)
    _, third = rotate_key(engine, key.id, now=NOW, by="test", overlap=day)
    assert verified(engine, second, NOW) and verified(engine, third, NOW)
    with pytest.raises(Unauthenticated):
        verified(engine, first, NOW)
    _, fourth = rotate_key(engine, key.id, now=NOW, by="test", overlap=timedelta(0))
    with pytest.raises(Unauthenticated):
        verified(engine, third, NOW)
    revoke_key(engine, key.id, now=NOW, by="test")
    with pytest.raises(Unauthenticated):
        verified(engine, fourth, NOW)
    with pytest.raises(Conflict):
        rotate_key(engine, key.id, now=NOW, by="test", overlap=day)


def test_a_key_that_only_reads_reads_all_and_asks_nothing_and_the_other_way_round(closed: FastAPI) -> None:
    client, reader, asker = Client(closed), holding(closed, "read"), holding(closed, "estimate")
    quote, body = "/v1/estimates/inference?model=gpt-4o", {"loss": "mse", "predictions": [1.0], "targets": [1.0]}
    for path, read, asked in [
        ("/v1/catalog", 200, 200),
        ("/v1/budgets", 200, 403),
        ("/v1/rate-cards", 200, 403),
        ("/v1/reservations/res_none", 404, 403),
        (quote, 403, 422),  # read, and found to lack its usage
    ]:
        assert client.request("GET", path, headers=reader).status_code == read, path
        assert client.request("GET", path, headers=asker).status_code == asked, path
    assert client.post("/v1/losses/evaluate", body, headers=reader).status_code == 403
    assert client.post("/v1/losses/evaluate", body, headers=asker).status_code == 200
    for key in (reader, asker):
        assert client.request("PUT", "/v1/budgets/x", json={"limits": []}, headers=key).status_code == 403
        assert client.post("/v1/keys", {"name": "x", "scopes": ["read"]}, headers=key).status_code == 403


def test_what_is_spent_and_negotiated_is_read_with_a_key_once_there_is_one(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'mlquote.sqlite3'}"
    app = create_app(Settings(database_url=database), now=lambda: NOW)
    paths = (
        "/v1/budgets",
        "/v1/budgets/x/ledger",
        "/v1/rate-cards",
        "/v1/rate-cards/acme/history",
        "/v1/reservations/r",
    )
    assert [Client(app).get(path).status_code for path in paths] == [200, 404, 200, 404, 404]
    mine = holding(app, "read")
    assert {Client(app).get(path).status_code for path in paths} == {401}
    assert Client(app).request("HEAD", "/v1/budgets").status_code == 401
    assert [Client(app).request("GET", path, headers=mine).status_code for path in paths] == [200, 404, 200, 404, 404]
    assert Client(app).get("/v1/catalog").status_code == 200, "what is public stays open"
    assert Client(app).post("/v1/budgets/x/checks", {"question": {"kind": "inference"}}).status_code != 401
    app.state.engine.dispose()
    opened = create_app(Settings(database_url=database, open_reading=True), now=lambda: NOW)
    assert Client(opened).get("/v1/budgets").status_code == 200
    opened.state.engine.dispose()


def test_it_is_kept_to_the_hour_when_a_key_was_used(closed: FastAPI) -> None:
    engine = closed.state.engine
    key, text = create_key(engine, "used", ["read"], now=NOW, by="test")

    def used() -> Any:
        return next(kept.last_used_at for kept in list_keys(engine) if kept.id == key.id)

    assert used() is None
    Client(closed).request("GET", "/v1/catalog", headers={"X-API-Key": text})
    until = time.monotonic() + 10
    while used() is None and time.monotonic() < until:
        time.sleep(0.01)
    assert used() == NOW
    for minutes, wanted in ((59, NOW), (60, NOW + timedelta(hours=1)), (61, NOW + timedelta(hours=1))):
        mark_used(engine, key.id, NOW + timedelta(minutes=minutes))
        assert used() == wanted


def test_a_short_path_needs_the_scope_that_its_long_address_needs(closed: FastAPI) -> None:
    client = Client(closed)
    assert client.get("/gpt-4o").status_code == 401
    for scope, status in (("read", 403), ("estimate", 200)):
        _, key = create_key(closed.state.engine, scope, [scope], now=NOW, by="test")
        for path in ("/gpt-4o", "/v1/estimates/inference?model=gpt-4o&per=mtok"):
            assert client.request("GET", path, headers={"X-API-Key": key}).status_code == status, (scope, path)
