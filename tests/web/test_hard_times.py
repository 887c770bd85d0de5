"""A database that is locked, read-only or damaged: who only reads is answered, and readiness says what is so."""

import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine, text

from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.store.api_keys import create_key
from tests.web.conftest import NOW, Client

BUDGET = {"limits": [{"figure": "cost_usd", "per": "total", "fail_above": 100}]}
CHECK = {
    "question": {"provider": "openai", "model": "gpt-4o-2024-08-06", "usage": {"input_tokens": 1000}},
    "reserve": True,
}


@pytest.fixture
def service(database_url: str) -> Iterator[FastAPI]:
    app = create_app(Settings(database_url=database_url, open_reading=True), now=lambda: NOW)
    yield app
    app.state.desks.close()
    app.state.engine.dispose()


@pytest.fixture
def key(service: FastAPI) -> dict[str, str]:
    scopes = ["budgets:write", "budgets:reserve"]
    return {"Authorization": f"Bearer {create_key(service.state.engine, 'test', scopes, now=NOW, by='test')[1]}"}


def test_writers_that_wait_for_a_lock_hold_up_no_reader(service: FastAPI, key: dict[str, str]) -> None:
    client = Client(service)
    assert client.request("PUT", "/v1/budgets/lk", json=BUDGET, headers=key).status_code == 201
    locking = {"sqlite": "SELECT 1", "postgresql": "SELECT * FROM budgets FOR UPDATE"}
    with ThreadPoolExecutor(12) as writers:
        with service.state.engine.begin() as held:  # on SQLite this alone takes the lock of all writers
            held.execute(text(locking[service.state.engine.dialect.name]))
            waiting = [writers.submit(client.post, "/v1/budgets/lk/checks", CHECK, headers=key) for _ in range(12)]
            time.sleep(1)
            for path in ("/readyz", "/v1/budgets/lk", "/v1/rate-cards", "/v1/catalog/accelerators?limit=1"):
                begun = time.perf_counter()
                assert client.get(path).status_code == 200
                assert time.perf_counter() - begun < 2, path
            assert not any(writer.done() for writer in waiting)
        assert {writer.result().json()["verdict"] for writer in waiting} == {"pass"}
    audit = client.get("/v1/budgets/lk/ledger/audit").json()
    assert audit["is_balanced"] and audit["agrees_with_balances"]


def test_a_database_that_lets_us_read_alone_is_told_and_answers_503(service: FastAPI, key: dict[str, str]) -> None:
    whole, client = service.state.engine, Client(service)
    if whole.dialect.name != "postgresql":
        return  # SQLite knows no roles
    role = f"mlq_reader_{uuid.uuid4().hex[:12]}"
    with whole.begin() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"))
    service.state.engine = reader = create_engine(whole.url.set(username=role))
    try:
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["database"].split(":")[0]) == (503, "read-only")
        assert client.request("PUT", "/v1/budgets/x", json=BUDGET, headers=key).status_code == 503
        quote = client.get("/v1/estimates/inference", provider="openai", model="gpt-4o", input_tokens=1)
        assert quote.status_code == 200
    finally:
        reader.dispose()
        service.state.engine = whole
        with whole.begin() as connection:
            connection.execute(text(f"DROP OWNED BY {role}"))
            connection.execute(text(f"DROP ROLE {role}"))


def test_damaged_pages_of_sqlite_are_told_and_answer_503(tmp_path: Path) -> None:
    file = tmp_path / "x.sqlite3"
    app = create_app(Settings(database_url=f"sqlite:///{file}", open_reading=True), now=lambda: NOW)
    client = Client(app)
    app.state.engine.dispose()
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    size = file.stat().st_size
    with file.open("r+b") as pages:
        pages.seek(4096)
        pages.write(b"\xff" * (size - 4096))
    assert client.get("/readyz").status_code == 503
    assert client.get("/v1/budgets").status_code == 503
    quote = client.get("/v1/estimates/inference", provider="openai", model="gpt-4o", input_tokens=1)
    assert quote.status_code == 200
    app.state.desks.close()
    app.state.engine.dispose()


def test_no_thread_is_left_of_a_closed_service(database_url: str) -> None:
    before = set(threading.enumerate())
    app = create_app(Settings(database_url=database_url, open_reading=True), now=lambda: NOW)
    Client(app).get("/readyz")
    app.state.desks.close()
    app.state.engine.dispose()
    begun = [each for each in threading.enumerate() if each not in before and each.name.startswith("readiness")]
    for each in begun:
        each.join(5)
    assert not [each.name for each in begun if each.is_alive()]
