"""Reading the catalogue as dashboards and notebooks do: whole, filtered, sorted, over a span, page by page."""

import csv
from io import StringIO
from typing import Any

import pytest

from tests.web.conftest import Client

PRICES = "/v1/catalog/token_prices"


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


@pytest.mark.parametrize("name", ["models", "token_prices", "regions", "providers", "zones", "token_models"])
def test_csv_is_the_whole_table(client: Client, name: str) -> None:
    total = client.get(f"/v1/catalog/{name}", limit=1).json()["total"]
    answer = client.get(f"/v1/catalog/{name}", format="csv")
    assert answer.headers["x-total-count"] == str(total)
    assert len(table(answer.text)) == total > 20


def test_a_page_of_csv_is_a_page_and_says_how_many_there_are(client: Client) -> None:
    answer = client.get("/v1/catalog/models", format="csv", limit=10)
    assert len(table(answer.text)) == 10
    assert int(answer.headers["x-total-count"]) > 200
    seen, following = [], answer.links["next"]["url"]
    while following:
        page = client.request("GET", following)
        seen += table(page.text)
        following = page.links.get("next", {}).get("url")
    assert len(seen) + 10 == int(answer.headers["x-total-count"])


def test_a_moment_is_written_alike_in_csv_and_json(client: Client) -> None:
    row = client.get(PRICES, limit=1, provider="openai", sort="-effective_from").json()["rows"][0]
    (cells, *_) = table(client.get(PRICES, format="csv", provider="openai", sort="-effective_from").text)
    assert cells["effective_from"] == row["effective_from"]
    assert cells["effective_from"].endswith("Z")


def test_filters_narrow_and_follow_other_names(client: Client) -> None:
    rows = client.get(PRICES, provider="openai", model="gpt-4o", meter="input,output").json()["rows"]
    assert {(row["provider"], row["model"]) for row in rows} == {("openai", "gpt-4o")}
    assert {row["meter"] for row in rows} == {"input", "output"}
    rented = client.get("/v1/catalog/rental_prices", accelerator="H100-SXM", provider="aws").json()["rows"]
    assert {row["accelerator"] for row in rented} == {"h100-sxm5-80gb"}
    assert client.get("/v1/catalog/accelerators", accelerator="h100-sxm").json()["total"] == 1


def test_a_sort_turns_round_and_leaves_the_unknown_last(client: Client) -> None:
    rows = client.get("/v1/catalog/models", sort="-params", limit=1000).json()["rows"]
    known = [row["params"] for row in rows if row["params"] is not None]
    assert known == sorted(known, reverse=True)
    assert [row["params"] for row in rows[: len(known)]] == known


def test_a_span_of_time_is_one_request(client: Client) -> None:
    path = f"{PRICES}/deepseek-chat/history"
    asked: dict[str, Any] = {"provider": "deepseek", "meter": "input", "limit": 1000}
    whole = client.get(path, **asked).json()["rows"]
    span = client.get(path, **asked, **{"from": "2025-01-01", "to": "2025-06-01"}).json()["rows"]
    expected = [
        row
        for row in whole
        if (row["effective_to"] is None or row["effective_to"] > "2025-01-01")
        and (row["effective_from"] is None or row["effective_from"] < "2025-06-01")
    ]
    assert span == expected and 0 < len(span) < len(whole)


@pytest.mark.parametrize(
    ("path", "asked", "pointer", "hint"),
    [
        ("/v1/catalog/models", {"meter": "input"}, "/meter", "filters here: model"),
        ("/v1/catalog/models", {"sort": "parms"}, "/sort", "nearest: params"),
        (PRICES, {"from": "2026-02-01", "to": "2026-01-01"}, "/to", "`to` comes after `from`"),
    ],
)
def test_what_a_table_has_not_is_refused(client: Client, path: str, asked: dict, pointer: str, hint: str) -> None:
    answer = client.get(path, **asked)
    fault = answer.json()["errors"][0]
    assert (answer.status_code, fault["pointer"]) == (422, pointer)
    assert hint in fault["hint"]


def test_the_lists_hold_every_name(client: Client) -> None:
    sellers = {row["provider"]: row for row in client.get("/v1/catalog/providers", limit=1000).json()["rows"]}
    assert sellers["openai"]["tokens"] > 0 and sellers["aws"]["machines"] > 0
    models = client.get("/v1/catalog/token_models", q="gpt-4o", limit=1000).json()["rows"]
    assert "openai" in next(row for row in models if row["model"] == "gpt-4o")["providers"]
    zones = client.get("/v1/catalog/zones", limit=1000).json()["rows"]
    assert all(row["zone"] and row["name"] for row in zones)


@pytest.mark.parametrize(
    ("path", "asked", "listing"),
    [
        ("/v1/estimates/inference", {"model": "zzzzzz", "input_tokens": 1}, "/v1/catalog/token_models"),
        ("/v1/estimates/inference", {"provider": "qqqqqq", "model": "gpt-4o", "input_tokens": 1}, "providers"),
        ("/v1/estimates/training", {"accelerator_hours": 1, "accelerator": "qqqqqq"}, "/v1/catalog/accelerators"),
        ("/v1/budgets/qqqqqq", {}, "/v1/budgets"),
    ],
)
def test_a_hint_names_a_page_that_lists_the_thing(client: Client, path: str, asked: dict, listing: str) -> None:
    answer = client.get(path, **asked)
    hint = answer.json()["errors"][0]["hint"]
    assert answer.status_code == 404 and listing in hint, hint
    named = hint.split()[1]
    page = client.get(named).json()
    assert next(iter(page.get("rows", page.get("budgets")) or [{}])) is not None


def test_the_index_names_every_path(client: Client) -> None:
    index = client.get("/v1").json()
    assert {"/v1/estimates/training", "/v1/catalog/zones", "/v1"} <= {row["path"] for row in index["paths"]}
    assert all(row["summary"] for row in index["paths"])
    assert "/v1/estimates/training" in client.get("/v1", format="text").text
