"""Rate cards over HTTP: put with a key, named in a question, both bills in the answer, replayed for ever."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from fastapi import FastAPI

from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.store.api_keys import create_key
from tests.web.conftest import NOW, Client

QUESTION: dict[str, Any] = {
    "provider": "anthropic",
    "model": "claude-opus-4-7",
    "usage": {"input_tokens": 1_000_000, "output_tokens": 1_000_000},
    "as_of": "2026-11-10",
    "rate_card": "acme",
}
ACME = {"description": "Acme Ltd", "rules": [{"model": "claude-opus-*", "multiplier": 0.9, "note": "C-17"}]}


@pytest.fixture(scope="module")
def carded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """A service of its own."""
    database = tmp_path_factory.mktemp("cards") / "mlquote.sqlite3"
    app = create_app(Settings(database_url=f"sqlite:///{database}", open_reading=True), now=lambda: NOW)
    yield app
    app.state.engine.dispose()


@pytest.fixture(scope="module")
def key(carded: FastAPI) -> dict[str, str]:
    """A key that may write cards called acme or acme-something."""
    scopes = ["rate-cards:write:acme", "rate-cards:write:acme-*"]
    return {"X-API-Key": create_key(carded.state.engine, "buyer", scopes, now=NOW, by="test")[1]}


@pytest.fixture
def asker(carded: FastAPI, key: dict[str, str]) -> Client:
    """A client of a service where acme is 10 % off Opus (or whatever a test made of it since, put back)."""
    client = Client(carded)
    put(client, key, "acme", ACME)
    return client


def put(client: Client, key: dict[str, str], name: str, card: dict[str, Any]) -> Any:
    return client.request("PUT", f"/v1/rate-cards/{name}", json=card, headers=key)


def exact(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)


def test_a_question_under_a_card_shows_both_bills_and_which_rule_made_the_difference(asker: Client) -> None:
    """5 + 25 = 30 at list price, 4.5 + 22.5 = 27 at 90 %."""
    answer = exact(asker.post("/v1/estimates/inference", QUESTION).text)
    both = answer["result"]["rate_card"]
    assert answer["result"]["cost_usd"] == 27
    assert (both["list_usd"], both["usd"], both["difference_usd"]) == (30, 27, -3)
    assert both["lines"][0] == {
        "meter": "input_tokens",
        "list_usd_per_unit": 5,
        "usd_per_unit": Decimal("4.5"),
        "list_usd": 5,
        "usd": Decimal("4.5"),
        "rule": 0,
        "note": "C-17",
    }
    assert [line["usd"] for line in answer["result"]["cost_lines"]] == [Decimal("4.5"), Decimal("22.5")]
    assert answer["result"]["list_cost_usd"] == 30
    assert answer["result"]["usd_per_mtok"] == {"input": Decimal("4.5"), "output": Decimal("22.5"), "blended": 13.5}


def test_the_answer_names_the_version_and_replays_after_the_card_changed(asker: Client, key: dict[str, str]) -> None:
    first = asker.post("/v1/estimates/inference", QUESTION).json()
    reference = first["question"]["rate_card"]
    assert reference.startswith("acme@")
    put(asker, key, "acme", {"rules": [{"multiplier": 2}]})
    assert asker.post("/v1/estimates/inference", QUESTION).json()["result"]["cost_usd"] == 60
    again = asker.post("/v1/estimates/inference", first["question"]).json()
    assert again["result"] == first["result"]


def test_the_quick_quote_takes_a_card_too(asker: Client) -> None:
    query = {"model": "claude-opus-4-7", "provider": "anthropic", "input_tokens": "1e6", "rate_card": "acme"}
    assert asker.get("/v1/estimates/inference", **query).json()["result"]["cost_usd"] == 4.5


def test_requests_and_a_further_discount_go_on_top(asker: Client) -> None:
    """10 requests at 27, 10 % off that: 243; the card's own difference is 10 * -3."""
    answer = asker.post("/v1/estimates/inference", QUESTION | {"requests": 10, "discount_fraction": 0.1}).json()
    assert answer["result"]["cost_usd"] == 243
    assert answer["result"]["rate_card"]["difference_usd"] == -30


def test_an_unknown_card_names_the_nearest(asker: Client) -> None:
    answer = asker.post("/v1/estimates/inference", QUESTION | {"rate_card": "acm"})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-rate-card")
    assert "acme" in answer.json()["errors"][0]["hint"]


def test_lines_of_a_batch_may_name_cards(asker: Client) -> None:
    body = [QUESTION, QUESTION | {"rate_card": "nobody"}, {k: v for k, v in QUESTION.items() if k != "rate_card"}]
    carded, unknown, public = asker.post("/v1/estimates/inference/batch", body).json()
    assert (carded["result"]["cost_usd"], carded["result"]["rate_card"]["list_usd"]) == (27, 30)
    assert (unknown["status"], unknown["code"]) == (404, "unknown-rate-card")
    assert public["result"]["cost_usd"] == 30


def test_a_comparison_sets_a_card_beside_the_public_list(asker: Client) -> None:
    answer = asker.post("/v1/comparisons", QUESTION | {"rate_card": [None, "acme"]}).json()
    assert [(row["choice"]["rate_card"], row["value"]) for row in answer["result"]["rows"]] == [
        ("acme", 27),
        (None, 30),
    ]
    assert asker.post("/v1/comparisons", QUESTION | {"rate_card": ["acme", "nobody"]}).status_code == 404


def test_every_change_needs_a_key_with_the_scope_for_that_name(asker: Client, key: dict[str, str]) -> None:
    assert put(asker, {}, "acme", ACME).status_code == 401
    assert put(asker, key, "other", ACME).status_code == 403
    assert asker.request("DELETE", "/v1/rate-cards/acme").status_code == 401
    assert put(asker, key, "acme-eu", ACME).status_code == 201


def test_a_card_is_put_found_listed_remembered_and_taken_out_of_use(asker: Client, key: dict[str, str]) -> None:
    made = put(asker, key, "acme-uk", ACME)
    assert (made.status_code, made.json()["version"], made.json()["warnings"]) == (201, 1, [])
    assert put(asker, key, "acme-uk", ACME).status_code == 200
    assert put(asker, key, "acme-uk", {"rules": [{"multiplier": 1}]}).json()["reference"] == "acme-uk@2"
    assert asker.get("/v1/rate-cards/acme-uk@1").json()["rules"] == ACME["rules"]
    assert "acme-uk" in [card["name"] for card in asker.get("/v1/rate-cards").json()["rate_cards"]]
    assert len(asker.get("/v1/rate-cards/acme-uk/history").json()["versions"]) == 2
    assert asker.request("DELETE", "/v1/rate-cards/acme-uk", headers=key).status_code == 204
    assert asker.get("/v1/rate-cards/acme-uk").status_code == 404
    assert asker.get("/v1/rate-cards/acme-uk@2").status_code == 200


def test_a_rule_for_a_model_nobody_lists_is_not_kept(asker: Client, key: dict[str, str]) -> None:
    card = {"rules": [{"multiplier": 1}, {"model": "claude-opus-4-77", "multiplier": 0.5}]}
    refused = put(asker, key, "acme-typo", card)
    assert (refused.status_code, refused.json()["code"]) == (422, "rule-matches-nothing")
    assert refused.json()["errors"][0]["pointer"] == "/rules/1/model"
    assert "claude-opus-4-7" in refused.json()["errors"][0]["hint"]
    assert asker.get("/v1/rate-cards/acme-typo").status_code == 404


@pytest.mark.parametrize(
    ("card", "pointer"),
    [
        ({}, "/rules"),
        ({"rules": []}, "/rules"),
        ({"rules": [{"multiplier": "much"}]}, "/rules/0/multiplier"),
        ({"rules": [{"multiplier": 1, "meter": "input_token"}]}, "/rules/0/meter"),
        ({"rules": [{"multiplier": 1, "mdel": "x"}]}, "/rules/0/mdel"),
    ],
)
def test_a_malformed_card_names_the_field(
    asker: Client, key: dict[str, str], card: dict[str, Any], pointer: str
) -> None:
    answer = put(asker, key, "acme-bad", card)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_hosting_breaks_even_against_the_carded_price(asker: Client) -> None:
    """10 % off at the API: it takes a tenth over nine tenths as many requests to pay for the same machine."""
    hosted: dict[str, Any] = {
        "model": "llama-3.1-70b", "accelerator": "h100-sxm", "accelerator_count": 4, "tensor_parallel": 4,
        "concurrency": 64, "input_tokens": 1000, "output_tokens": 200, "usd_per_accelerator_hour": 2,
        "against_provider": "anthropic", "against_model": "claude-opus-4-7", "as_of": "2026-11-10",
    }  # fmt: skip
    listed, carded = (asker.post("/v1/estimates/serving", hosted | more).json() for more in ({}, {"rate_card": "acme"}))
    crossings = [each["result"]["break_even"]["requests_per_day"] for each in (listed, carded)]
    assert crossings[1] == pytest.approx(crossings[0] / 0.9)
    assert asker.post("/v1/estimates/serving", hosted | {"rate_card": "nobody"}).status_code == 404
