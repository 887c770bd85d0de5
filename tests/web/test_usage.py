"""Usage over HTTP: priced, grouped, and charged to a budget exactly once."""

import json

import duckdb
import pytest
from fastapi import FastAPI

from tests.web.conftest import Client
from tests.web.test_budgets import LIMIT, bearer, clock, service

__all__ = ["clock", "service"]
LINE = {"provider": "openai", "model": "gpt-4o", "usage": {"input_tokens": 4_000_000}, "timestamp": "2026-11-23"}
NDJSON = {"Content-Type": "application/x-ndjson"}


@pytest.fixture(scope="module")
def client(service: FastAPI) -> Client:
    return Client(service)


def post(client: Client, query: str, *lines: object, **headers: str):
    body = "\n".join(json.dumps(line) for line in lines)
    return client.request("POST", f"/v1/usage/cost{query}", content=body, headers=NDJSON | headers)


def test_a_log_is_priced_and_grouped(client: Client) -> None:
    answer = post(client, "?by=day,label.team", LINE, LINE | {"labels": {"team": "nlp"}}).json()
    assert answer["cost_usd"] == 20
    assert [(t["day"], t["label.team"], t["cost_usd"]) for t in answer["totals"]] == [
        ("2026-11-23", None, 10),
        ("2026-11-23", "nlp", 10),
    ]
    assert answer["totals"][0]["quantities"] == {"input_tokens": 4_000_000}


def test_a_bill_is_charged_to_its_budget_exactly_once(client: Client, service: FastAPI) -> None:
    key = bearer(service, "budgets:write", "budgets:reserve")
    client.request("PUT", "/v1/budgets/bills", json={"limits": [LIMIT]}, headers=key)
    query, once = "?budget=bills", key | {"Idempotency-Key": "log-2026-11-23"}
    assert post(client, query, LINE).status_code == 401
    assert post(client, query, LINE, **key).json()["errors"][0]["pointer"] == "/Idempotency-Key"
    first = post(client, query, LINE, LINE | {"model": "nothing-like-it"}, **once)
    assert (first.json()["charged_usd"], first.json()["cost_usd"]) == (10, None)
    assert first.json()["standing"][0]["used"] == 10
    assert post(client, query, LINE, LINE | {"model": "nothing-like-it"}, **once).content == first.content
    assert post(client, query, LINE, **once).status_code == 409
    assert client.get("/v1/budgets/bills").json()["balance"]["spent"]["cost_usd"]["central"] == 10


def test_what_cannot_be_priced_at_all_is_a_problem(client: Client) -> None:
    assert client.request("POST", "/v1/usage/cost", content=b"").status_code == 422
    assert post(client, "?by=dya", LINE).json()["errors"][0]["hint"] == "nearest: day"
    assert post(client, "?buget=x", LINE).status_code == 422


def test_charges_of_focus_come_as_json_csv_and_parquet_at_once_and_of_a_job(client: Client) -> None:
    lines = (LINE | {"labels": {"team": "nlp"}}, "no line")
    told = post(client, "?focus_version=1.2", *lines).json()
    (row,) = (dict(zip(told["focus"]["columns"], row, strict=True)) for row in told["focus"]["rows"])
    assert (row["BilledCost"], row["ListUnitPrice"], row["Tags"]) == (10, 2.5, {"team": "nlp"})
    csv = post(client, "?focus_version=1.2&format=csv", *lines)
    assert (csv.text.count("\n"), csv.headers["X-Lines-Left-Out"]) == (2, "malformed_lines=1")
    parquet = post(client, "?focus_version=1.2&format=parquet", *lines)
    assert (parquet.headers["Content-Type"], parquet.content[:4]) == ("application/vnd.apache.parquet", b"PAR1")
    again = client.request("POST", "/v1/usage/cost", content=parquet.content).json()
    assert (again["billed_usd"], again["quantities"]) == (10, {"input_tokens": 4_000_000})
    job = post(client, "?focus_version=1.2", *lines, Prefer="respond-async, wait=60")
    assert job.json() == told
    answer = job.headers["Content-Location"]
    assert client.get(f"{answer}?format=csv").text == csv.text
    assert client.get(f"{answer}?format=parquet").content[:4] == b"PAR1"
    assert "rows" in post(client, "?focus_version=1.2&format=text", *lines).text


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("?focus_version=0.5", "/focus_version"),
        ("?format=parquet", "/format"),
        ("?billing_account=acme", "/billing_account"),
    ],
)
def test_an_export_that_there_is_not_is_a_problem(client: Client, query: str, pointer: str) -> None:
    refused = post(client, query, LINE)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)


def test_parquet_is_answered_as_the_same_lines_are_at_once_and_as_a_job(client: Client, tmp_path) -> None:
    file = tmp_path / "usage.parquet"
    columns = "provider VARCHAR, model VARCHAR, input_tokens BIGINT, output_tokens BIGINT, timestamp TIMESTAMPTZ"
    row = "('openai', 'gpt-4o', {}, {}, '2026-11-20 00:00:00+00')"
    rows = f"{row.format(4_000_000, 0)}, {row.format(0, 100_000)}"
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE used ({columns})")
        connection.execute(f"INSERT INTO used VALUES {rows}")
        connection.execute(f"COPY used TO '{file}' (FORMAT parquet)")
    used = ({"input_tokens": 4_000_000}, {"output_tokens": 100_000})
    wanted = post(client, "?by=model", *(LINE | {"usage": usage, "timestamp": "2026-11-20"} for usage in used)).json()
    assert wanted["cost_usd"] == 11
    asked = {"content": file.read_bytes(), "headers": {"Content-Type": "application/vnd.apache.parquet"}}
    told = client.request("POST", "/v1/usage/cost?by=model", **asked).json()
    assert {**told, "warnings": []} == {**wanted, "warnings": []}
    asked["headers"] |= {"Prefer": "respond-async, wait=60"}
    assert client.request("POST", "/v1/usage/cost?by=model", **asked).json() == told
