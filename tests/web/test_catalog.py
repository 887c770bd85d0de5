"""Reading the catalogue over HTTP."""

import pytest

from tests.web.conftest import Client


def test_the_overview_counts_every_table(client: Client) -> None:
    overview = client.get("/v1/catalog").json()
    counts = {table["table"]: table["row_count"] for table in overview["tables"]}
    assert counts["token_prices"] >= 12_000
    assert counts["accelerators"] >= 69
    assert overview["release"]["id"] == client.get("/v1/catalog/releases").json()["releases"][0]["id"]


def test_pages_follow_each_other_without_gap_or_repeat(client: Client) -> None:
    whole = client.get("/v1/catalog/accelerators", limit=1000).json()
    page = client.get("/v1/catalog/accelerators", limit=20).json()
    seen = page["rows"]
    while page["next_cursor"] is not None:
        page = client.get("/v1/catalog/accelerators", limit=20, cursor=page["next_cursor"]).json()
        seen += page["rows"]
    assert seen == whole["rows"]
    assert len(seen) == whole["total"]


def test_an_accelerator_is_found_by_its_alias(client: Client) -> None:
    row = client.get("/v1/catalog/accelerators/H100-SXM").json()["rows"][0]
    assert row["id"] == "h100-sxm5-80gb"


def test_a_price_that_changed_answers_by_moment_and_has_a_history(client: Client) -> None:
    path = "/v1/catalog/token_prices/deepseek-chat"
    options = {"provider": "deepseek"}
    history = client.get(f"{path}/history", **options).json()["rows"]
    inputs = [row for row in history if (row["meter"], row["variant"], row["processing"]) == ("input", "", "standard")]
    assert len(inputs) >= 2
    assert all(row["source_url"].startswith("http") for row in history)


@pytest.mark.parametrize(
    ("path", "parameters", "status", "pointer"),
    [
        ("/v1/catalog/acelerators", {}, 404, "/table"),
        ("/v1/catalog/accelerators/h100-sxm9", {}, 404, "/id"),
        ("/v1/catalog/accelerators", {"limit": "0"}, 422, "/limit"),
        ("/v1/catalog/accelerators", {"cursor": "x"}, 422, "/cursor"),
        ("/v1/catalog/accelerators", {"as_of": "never"}, 422, "/as_of"),
        ("/v1/catalog/accelerators", {"colour": "red"}, 422, "/colour"),
        ("/v1/catalog/releases/a/diff/b", {}, 404, "/release"),
    ],
)
def test_a_bad_reading_is_a_problem(client: Client, path: str, parameters: dict, status: int, pointer: str) -> None:
    answer = client.get(path, **parameters)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_the_overview_tells_how_old_each_table_is_and_each_seller_in_it(client: Client) -> None:
    tables = {table["table"]: table for table in client.get("/v1/catalog").json()["tables"]}
    rentals = tables["rental_prices"]
    assert rentals["median_age_days"] <= rentals["oldest_age_days"]
    assert 0 <= rentals["over_365_days_fraction"] <= rentals["over_90_days_fraction"] <= 1
    sellers = {seller["provider"]: seller for seller in rentals["providers"]}
    assert sum(seller["row_count"] for seller in sellers.values()) == rentals["rows_in_effect"] <= rentals["row_count"]
    assert sellers["aws"]["oldest_age_days"] <= rentals["oldest_age_days"]


def test_a_price_of_tokens_tells_how_long_each_seller_serves_the_model(client: Client) -> None:
    # OpenAI's deprecations page: gpt-4, retired on 2026-10-23, in favour of gpt-5.6-sol
    answer = client.get("/v1/catalog/token_prices/gpt-4", as_of="2026-06-01").json()
    told = {row["provider"]: (row["retired_on"], row["successor"]) for row in answer["lifecycles"]}
    assert told["openai"] == ("2026-10-23", "gpt-5.6-sol")
    assert set(told) <= {row["provider"] for row in answer["rows"]}
    assert "lifecycles" not in client.get("/v1/catalog/accelerators/h100-sxm").json()


@pytest.mark.parametrize(
    ("asked", "offered"),
    [("gpus", "accelerators"), ("prices?model=gpt-4o", "token_prices?model=gpt-4o"), ("modells", "models"),
     ("token_prices/gpt4o", "token_prices/gpt-4o"), ("GPU", "accelerators")],
)  # fmt: skip
def test_a_word_that_is_no_table_or_row_is_answered_with_the_address_that_works(
    client: Client, asked: str, offered: str
) -> None:
    refused = client.get(f"/v1/catalog/{asked}")
    assert refused.status_code == 404
    told = refused.json()["try"].removeprefix("http://mlquote")
    assert told == f"/v1/catalog/{offered}"
    assert client.get(told).status_code == 200
