"""Long logs over HTTP: 202 and a place to ask, the same answer in the end, whoever leaves or dies in between."""

import json
import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from mlquote.main import create_app
from mlquote.settings import Settings
from tests.web.conftest import NOW, Client
from tests.web.test_budgets import LIMIT, bearer

LINE = {"provider": "openai", "model": "gpt-4o", "usage": {"input_tokens": 4_000_000}, "timestamp": "2026-11-23"}
NDJSON = {"Content-Type": "application/x-ndjson"}
ASYNC = NDJSON | {"Prefer": "respond-async"}
LINES = 60_000


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """A service that takes a log of more than 1 MB for a long one, and one job at a time."""
    database = tmp_path_factory.mktemp("jobs") / "mlquote.sqlite3"
    settings = Settings(database_url=f"sqlite:///{database}", open_reading=True, usage_job_bytes=10**6)
    app = create_app(settings, now=lambda: NOW)
    yield app
    app.state.works.close()
    app.state.desks.close(wait=True)
    app.state.engine.dispose()


@pytest.fixture(scope="module")
def client(service: FastAPI) -> Client:
    return Client(service)


def log(lines: int, **others: object) -> bytes:
    return (json.dumps(LINE | others) + "\n").encode() * lines


def post(client: Client, content: bytes, query: str = "", **headers: str):
    return client.request("POST", f"/v1/usage/cost{query}", content=content, headers=headers)


def ended(client: Client, place: str, **headers: str) -> dict[str, Any]:
    for _ in range(600):
        job = client.request("GET", place, headers=headers).json()
        if job["state"] in ("done", "failed"):
            return job
        time.sleep(0.1)
    raise AssertionError(f"not finished: {job}")


def test_a_job_ends_in_the_answer_that_the_same_log_has_at_once(client: Client) -> None:
    at_once = post(client, log(3) + b"{\n", "?by=day,label.team", **NDJSON)
    assert at_once.status_code == 200 and at_once.json()["cost_usd"] is None and at_once.json()["priced_usd"] == 30
    taken = post(client, log(3) + b"{\n", "?by=day,label.team", **ASYNC)
    assert (taken.status_code, taken.headers["preference-applied"]) == (202, "respond-async")
    place = taken.headers["location"]
    assert place == f"/v1/usage/jobs/{taken.json()['id']}" and taken.json()["pricing"]["by"] == "day,label.team"
    job = ended(client, place)
    assert (job["state"], job["progress_fraction"], job["attempts"]) == ("done", 1, 1)
    assert client.get(f"{place}/answer").content == at_once.content
    csv = post(client, log(3), "?by=day&format=csv", **NDJSON)
    assert client.get(f"{place}/answer", format="csv").headers["content-type"] == csv.headers["content-type"]


def test_a_long_log_is_answered_where_its_sender_waits_and_kept_where_he_does_not(client: Client) -> None:
    body = log(10_000)
    assert len(body) > 10**6
    waited = post(client, body, **NDJSON)
    assert waited.status_code == 200 and waited.json()["cost_usd"] == 100_000
    assert client.get(waited.headers["content-location"]).content == waited.content
    left = post(client, body, **NDJSON | {"Prefer": "wait=0", "Idempotency-Key": "mine"})
    assert (left.status_code, left.headers["preference-applied"]) == (202, "wait=0")
    again = post(client, body, **NDJSON | {"Prefer": "wait=60", "Idempotency-Key": "mine"})
    assert again.content == waited.content
    assert again.headers["content-location"] == f"{left.headers['location']}/answer"


def test_what_is_no_log_fails_as_it_would_at_once(client: Client) -> None:
    at_once = post(client, b"", **NDJSON)
    taken = post(client, b"", **ASYNC | {"Prefer": "respond-async, wait=60"})
    assert (
        (taken.status_code, taken.json()["code"]) == (at_once.status_code, at_once.json()["code"]) == (422, "malformed")
    )
    assert client.get(taken.headers["content-location"]).content == taken.content


def test_an_answer_that_is_not_there_yet_is_a_conflict_and_no_half(client: Client, service: FastAPI) -> None:
    service.state.works._one.acquire()
    try:
        place = post(client, log(1), **ASYNC).headers["location"]
        early = client.get(f"{place}/answer")
        assert (early.status_code, early.headers["retry-after"]) == (409, "2") and "queued" in early.json()["detail"]
    finally:
        service.state.works._one.release()
    service.state.works.look()
    assert client.get(f"{place}/answer").json()["cost_usd"] == 10
    assert client.get("/v1/usage/jobs/job_" + "0" * 32).status_code == 404
    assert client.get("/v1/usage/jobs/job_nothing").status_code == 422


def test_a_killed_worker_is_replaced_and_a_budget_is_charged_once(client: Client, service: FastAPI) -> None:
    key = bearer(service, "budgets:write", "budgets:reserve", "estimate")
    client.request("PUT", "/v1/budgets/long", json={"limits": [LIMIT]}, headers=key)
    asked = ASYNC | key | {"Idempotency-Key": "november"}
    taken = post(client, log(LINES), "?budget=long", **asked)
    assert taken.status_code == 202
    place = taken.headers["location"]
    while (job := client.request("GET", place, headers=key).json())["state"] == "queued":
        time.sleep(0.002)
    assert job["state"] == "running"
    os.kill(service.state.works._process.pid, signal.SIGKILL)
    job = ended(client, place, **key)
    assert (job["state"], job["attempts"]) == ("done", 2)
    answer = client.request("GET", f"{place}/answer", headers=key)
    assert (answer.json()["lines"], answer.json()["charged_usd"]) == (LINES, LINES * 10)
    assert post(client, log(LINES), "?budget=long", **asked).content == answer.content
    assert client.get("/v1/budgets/long").json()["balance"]["spent"]["cost_usd"]["central"] == LINES * 10
    assert client.request("GET", place).status_code == 401
    assert client.request("GET", place, headers=bearer(service, "read")).status_code == 200


def test_more_jobs_than_may_wait_are_told_to_come_back(tmp_path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/m.sqlite3", usage_jobs_waiting=1, usage_spool_bytes=10**6)
    app = create_app(settings, now=lambda: NOW)
    with app.state.works._one:
        small = Client(app)
        assert post(small, log(1), **ASYNC).status_code == 202
        full = post(small, log(1), **ASYNC)
        assert (full.status_code, full.headers["retry-after"]) == (429, "1")
        assert post(small, log(10_000), **NDJSON).status_code == 429
        assert post(small, log(1), **NDJSON).status_code == 200
    app.state.desks.close(wait=True)
    app.state.engine.dispose()
