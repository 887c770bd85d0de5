"""Budgets over HTTP: every write needs its scope, verdicts stop `curl --fail`, retries are safe, the ledger is open."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from fastapi import FastAPI

from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.store.api_keys import create_key
from tests.web.conftest import NOW, Client

# gpt-4o costs $2.50 per million input tokens and $10 per million output tokens (openai.com/api/pricing):
# 4 million tokens in are $10.
TEN_DOLLARS = {"provider": "openai", "model": "gpt-4o-2024-08-06", "usage": {"input_tokens": 4_000_000}}
LIMIT = {"figure": "cost_usd", "per": "month", "fail_above": 25, "warn_above": 15}


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[FastAPI]:
    """A service of these tests' own: they write."""
    database: Path = tmp_path_factory.mktemp("budgets") / "mlquote.sqlite3"
    app = create_app(Settings(database_url=f"sqlite:///{database}", open_reading=True), now=clock)
    yield app
    app.state.engine.dispose()


@pytest.fixture(scope="module")
def client(service: FastAPI) -> Client:
    return Client(service)


def bearer(service: FastAPI, *scopes: str) -> dict[str, str]:
    _, text = create_key(service.state.engine, "test", scopes, now=NOW, by="test")
    return {"Authorization": f"Bearer {text}"}


@pytest.fixture(scope="module")
def key(service: FastAPI) -> dict[str, str]:
    return bearer(service, "budgets:write", "budgets:reserve")


@pytest.fixture
def team(client: Client, key: dict[str, str], request: pytest.FixtureRequest) -> str:
    """An empty budget of the test's own."""
    name = request.node.name.split("[")[0].replace("_", "-")[:90]
    assert client.request("PUT", f"/v1/budgets/{name}", json={"limits": [LIMIT]}, headers=key).status_code in (200, 201)
    return f"/v1/budgets/{name}"


def ask(times: int = 1, **fields) -> dict:
    return {"question": TEN_DOLLARS | {"kind": "inference", "requests": times}} | fields


def test_a_check_answers_with_every_number_of_every_limit(client: Client, team: str) -> None:
    report = client.post(f"{team}/checks", ask(2)).json()
    assert report["verdict"] == "warn"
    limit = report["limits"][0]
    assert (limit["used"], limit["asked"], limit["remaining"], limit["remaining_after"]) == (0, 20, 25, 5)
    assert (limit["period_from"], limit["period_to"]) == ("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z")
    assert report["questions"][0]["question"]["provider"] == "openai"
    assert report["contributors"]["cost_usd"][0]["item"] == "input_tokens"
    assert report["catalog"]["release"]


def test_the_question_in_the_answer_gives_the_same_answer_again(client: Client, team: str) -> None:
    first = client.post(f"{team}/checks", ask(2)).json()
    again = client.post(
        f"{team}/checks", {"question": first["questions"][0]["question"] | {"kind": "inference"}}
    ).json()
    assert again["limits"] == first["limits"]
    assert again["questions"][0]["figures"] == first["questions"][0]["figures"]


@pytest.mark.parametrize(("times", "status"), [(1, 200), (2, 200), (3, 409)], ids=["pass", "warn", "fail"])
def test_fail_status_stops_curl_only_where_the_budget_does(client: Client, team: str, times, status) -> None:
    assert client.post(f"{team}/checks?fail_status=409", ask(times)).status_code == status
    assert client.post(f"{team}/checks", ask(times)).status_code == 200


def test_an_unknown_price_is_unknown_and_stops_curl(client: Client, team: str) -> None:
    before_it_was_sold = ask() | {"question": TEN_DOLLARS | {"as_of": "2020-01-01"}}
    answer = client.post(f"{team}/checks?fail_status=409", before_it_was_sold)
    assert (answer.status_code, answer.json()["verdict"]) == (409, "unknown")
    assert answer.json()["limits"][0]["asked"] is None


def test_what_is_reserved_is_held_settled_and_freed(client: Client, team: str, key) -> None:
    held = client.post(f"{team}/checks", ask(2, reserve=True, labels={"run": "7"}), headers=key).json()["reservation"]
    assert (held["state"], held["asked"]["cost_usd"]["central"], held["labels"]) == ("held", 20, {"run": "7"})
    refused = client.post(f"{team}/checks", ask(reserve=True), headers=key).json()
    assert (refused["verdict"], refused["reservation"], refused["limits"][0]["remaining"]) == ("fail", None, 5)
    settled = client.post(f"/v1/reservations/{held['id']}/settle", {"actual": {"cost_usd": 12.5}}, headers=key).json()
    assert (settled["state"], settled["spent"]["cost_usd"]["high"]) == ("settled", 12.5)
    second = client.post(f"{team}/checks", ask(reserve=True), headers=key).json()["reservation"]["id"]
    assert client.post(f"{team}/reservations/{second}/release", None, headers=key).json()["state"] == "released"
    assert client.get(f"/v1/reservations/{second}").json()["state"] == "released"
    stands = client.get(team).json()
    assert stands["standing"][0]["used"] == 12.5
    assert stands["balance"] == {"held": {"cost_usd": ends(0)}, "spent": {"cost_usd": ends(12.5)}}
    audit = client.get(f"{team}/ledger/audit").json()
    assert (audit["is_balanced"], audit["agrees_with_balances"], audit["transactions"]) == (True, True, 4)


def ends(number: float) -> dict[str, float]:
    return {"low": number, "central": number, "high": number}


def test_a_hold_expires(client: Client, team: str, key, clock: Clock) -> None:
    assert client.post(f"{team}/checks", ask(2, reserve=True, expires_after_s=60), headers=key).json()["reservation"]
    try:
        clock.time = NOW + timedelta(seconds=61)
        assert client.get(team).json()["standing"][0]["used"] == 0
        assert client.get(f"{team}/reservations", state="expired").json()["reservations"][0]["state"] == "expired"
    finally:
        clock.time = NOW


def test_a_retry_repeats_the_answer_and_another_body_is_a_conflict(client: Client, team: str, key) -> None:
    headers = key | {"Idempotency-Key": "job-1"}
    first = client.post(f"{team}/checks", ask(reserve=True), headers=headers)
    assert client.post(f"{team}/checks", ask(reserve=True), headers=headers).content == first.content
    assert client.get(team).json()["standing"][0]["used"] == 10
    other = client.post(f"{team}/checks", ask(2, reserve=True), headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency-key-reused")


def test_the_ledger_is_paged_and_exported(client: Client, team: str, key) -> None:
    client.post(f"{team}/checks", ask(reserve=True), headers=key)
    first = client.get(f"{team}/ledger", limit=1).json()
    rest = client.get(f"{team}/ledger", after=first["next_after"]).json()
    assert [e["account"] for e in first["rows"] + rest["rows"]] == ["free", "held"]
    exported = client.get(f"{team}/ledger", format="csv").text.splitlines()
    assert exported[0].startswith("id,transaction_id,act,account,figure,low,central,high")
    assert len(exported) == 3


def test_every_write_needs_a_key_with_its_scope(client: Client, service: FastAPI, team: str) -> None:
    writes = [("PUT", team, {"limits": [LIMIT]}), ("DELETE", team, None), ("POST", f"{team}/checks", ask(reserve=True)),
              ("POST", f"{team}/reservations/x/settle", {"actual": {"cost_usd": 1}}),
              ("POST", f"{team}/reservations/x/release", None), ("POST", "/v1/keys", {})]  # fmt: skip
    stranger = bearer(service, "catalog:write")
    elsewhere = bearer(service, "budgets:write:other-*", "budgets:reserve:other-*")
    for method, path, body in writes:
        anonymous = client.request(method, path, json=body)
        assert (anonymous.status_code, anonymous.headers["www-authenticate"]) == (401, "Bearer"), path
        assert client.request(method, path, json=body, headers={"X-API-Key": "mlq_no_one"}).status_code == 401, path
        assert client.request(method, path, json=body, headers=stranger).status_code == 403, path
        assert client.request(method, path, json=body, headers=elsewhere).status_code == 403, path


def test_a_key_for_one_budget_opens_that_one(client: Client, service: FastAPI) -> None:
    own = bearer(service, "budgets:write:nlp-*")
    assert client.request("PUT", "/v1/budgets/nlp-search", json={"limits": [LIMIT]}, headers=own).status_code == 201
    assert client.request("PUT", "/v1/budgets/vision", json={"limits": [LIMIT]}, headers=own).status_code == 403


@pytest.mark.parametrize(
    ("body", "status", "pointer", "hint"),
    [
        ({"question": TEN_DOLLARS | {"modle": "x"}}, 422, "/question/modle", "model"),
        ({"questions": [TEN_DOLLARS, {"kind": "trainin"}]}, 422, "/questions/1/kind", "training"),
        ({"questions": {"chat": TEN_DOLLARS | {"model": "gpt-4oo"}}}, 404, "/questions/chat/model", "gpt-4o"),
        ({"questions": []}, 422, "", ""),
        ({}, 422, "", ""),
        ({"question": TEN_DOLLARS, "reserv": True}, 422, "/reserv", "reserve"),
        ({"questions": [TEN_DOLLARS | {"name": "a"}, TEN_DOLLARS | {"name": "a"}]}, 422, "/questions", ""),
        ([], 422, "", ""),
    ],
    ids=["field", "kind", "model", "none", "empty", "top", "twice", "list"],
)
def test_a_bad_check_names_its_field(client: Client, team: str, body, status, pointer, hint) -> None:
    answer = client.post(f"{team}/checks", body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    fault = answer.json()["errors"][0]
    assert fault["pointer"] == pointer
    assert hint in fault["hint"]


def test_what_is_not_there_is_404_with_the_nearest(client: Client, key) -> None:
    client.request("PUT", "/v1/budgets/search", json={"limits": [LIMIT]}, headers=key)
    answer = client.post("/v1/budgets/serch/checks", ask())
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["hint"].startswith("nearest: search")
    assert client.get("/v1/reservations/res_none").status_code == 404
    assert client.get("/v1/reservations/%00").status_code == 422
    assert client.request("PUT", "/v1/budgets/..%20", json={"limits": [LIMIT]}, headers=key).status_code == 422
    broken = client.request("POST", "/v1/budgets/search/checks", content=b"{")
    assert (broken.status_code, broken.json()["code"]) == (422, "malformed")


def test_budgets_are_found_by_label_and_their_history_is_kept(client: Client, key) -> None:
    for level in (10, 20):
        body = {"limits": [LIMIT | {"fail_above": level, "warn_above": None}], "labels": {"team": "speech"}}
        client.request("PUT", "/v1/budgets/speech", json=body, headers=key)
    assert [b["name"] for b in client.get("/v1/budgets", label="team=speech").json()["budgets"]] == ["speech"]
    versions = client.get("/v1/budgets/speech/history").json()["versions"]
    assert [v["limits"][0]["fail_above"] for v in versions] == [10, 20]
    assert client.request("DELETE", "/v1/budgets/speech", headers=key).status_code == 204
    assert client.get("/v1/budgets/speech").status_code == 404


def test_money_is_a_number_with_all_its_digits(client: Client, team: str) -> None:
    tiny = {"question": TEN_DOLLARS | {"usage": {"input_tokens": 1}}}
    assert b'"asked":0.0000025' in client.post(f"{team}/checks", tiny).content
    assert Decimal("0.0000025") == Decimal(4) / 4_000_000 * Decimal("2.5")


SPEC = """\
labels = { team = "nlp" }
[questions.chat]
provider = "openai"
model = "gpt-4o-2024-08-06"
requests = 3
usage = { input_tokens = 4_000_000 }
"""


def test_a_spec_file_may_be_posted_as_it_is(client: Client, team: str, key) -> None:
    toml = {"Content-Type": "application/toml"}
    over = client.request("POST", f"{team}/checks?fail_status=409", content=SPEC, headers=toml)
    assert (over.status_code, over.json()["limits"][0]["asked"], over.json()["labels"]) == (409, 30, {"team": "nlp"})
    under = SPEC.replace("requests = 3", "requests = 1")
    held = client.request("POST", f"{team}/checks?reserve=true", content=under, headers=toml | key).json()
    assert held["reservation"]["state"] == "held"
    bad = client.request("POST", f"{team}/checks", content=SPEC.replace("requests", "requets"), headers=toml)
    assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, "spec.toml:5:questions.chat.requets")


def test_a_misspelt_parameter_lets_nothing_pass(client: Client, team: str) -> None:
    answer = client.post(f"{team}/checks?fail_stauts=409", ask(3))
    assert (answer.status_code, answer.json()["errors"][0]["hint"]) == (422, "nearest: fail_status")


def test_actuals_may_stand_by_themselves(client: Client, team: str, key) -> None:
    held = client.post(f"{team}/checks", ask(reserve=True), headers=key).json()["reservation"]["id"]
    settle = f"/v1/reservations/{held}/settle"
    assert client.post(settle, {"cost": 3}, headers=key).json()["errors"][0]["hint"] == "nearest: cost_usd"
    assert client.post(settle, {"cost_usd": "lots"}, headers=key).status_code == 422
    assert client.post(settle, {"cost_usd": 3}, headers=key).json()["spent"]["cost_usd"]["central"] == 3


def test_a_person_reads_a_table_and_a_pull_request_a_comment(client: Client, team: str) -> None:
    assert client.post(f"{team}/checks?format=text", ask(3)).text.startswith("FAIL: over budget")
    comment = client.post(f"{team}/checks?format=markdown", ask(3)).text
    for part in ("over budget", "$25.00", "$30.00", "-$5.00", "input_tokens", "Release "):
        assert part in comment


def test_openapi_names_the_bodies(client: Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    schema = paths["/v1/budgets/{name}"]["put"]["requestBody"]["content"]["application/json"]["schema"]
    assert schema["properties"]["limits"]["items"]["properties"]["fail_above"]["description"].startswith("Over budget")


def test_a_slipped_point_is_refused_and_what_was_settled_wrong_is_corrected(client: Client, team: str, key) -> None:
    held = client.post(f"{team}/checks", ask(reserve=True), headers=key).json()["reservation"]["id"]
    settle, slipped = f"/v1/reservations/{held}/settle", {"cost_usd": 1_000_001}
    refused = client.post(settle, slipped, headers=key)
    assert (refused.status_code, refused.json()["code"]) == (422, "settled-beyond-reserved")
    assert "confirm" in refused.json()["errors"][0]["hint"]
    settled = client.post(settle, slipped | {"confirm": True}, headers=key).json()
    assert settled["warnings"][0]["code"] == "settled-above-reserved"
    body = {"transaction": held, "actual": {"cost_usd": 10}, "reason": "cents, not dollars"}
    assert client.post(f"{team}/ledger/corrections", body).status_code == 401
    corrected = client.post(f"{team}/ledger/corrections", body, headers=key)
    assert (corrected.status_code, corrected.json()["after"]["cost_usd"]["central"]) == (201, 10)
    assert client.get(f"/v1/reservations/{held}").json()["corrected_spent"]["cost_usd"]["central"] == 10
    told = client.request("GET", f"{team}/ledger?format=csv").text
    assert "cents, not dollars" in told and client.get(f"{team}/ledger/audit").json()["agrees_with_balances"]
