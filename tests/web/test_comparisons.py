"""The comparison doors."""

from decimal import Decimal

import pytest


def test_a_ranked_table_over_models(client) -> None:
    answer = client.get(
        "/v1/comparisons", provider="anthropic", model="claude-opus-4-7,claude-haiku-4-5", input_tokens=1_000_000
    )
    assert answer.status_code == 200
    rows = answer.json(parse_float=Decimal)["result"]["rows"]
    assert [(row["rank"], row["choice"]["model"], row["value"]) for row in rows] == [
        (1, "claude-haiku-4-5", 1),
        (2, "claude-opus-4-7", 5),
    ]


def test_a_table_for_a_terminal_and_for_a_spreadsheet(client) -> None:
    for form in ("text", "markdown", "csv"):
        answer = client.get(
            "/v1/comparisons", provider="openai", model="gpt-5,gpt-5-mini", input_tokens=1_000_000, format=form
        )
        assert answer.status_code == 200
        assert "gpt-5-mini" in answer.text


def test_a_quote_then_and_now(client) -> None:
    usage = {"input_tokens": 100_000, "output_tokens": 10_000}
    body = {"provider": "openai", "model": "gpt-5.6-luna", "usage": usage, "since": "2026-07-15", "as_of": "2026-08-15"}
    answer = client.post("/v1/comparisons/releases", body)
    assert answer.status_code == 200
    assert answer.json(parse_float=Decimal)["result"]["difference_usd"] == Decimal("-0.128")


def test_an_unknown_release_is_not_found(client) -> None:
    body = {
        "provider": "openai",
        "model": "gpt-5",
        "usage": {"input_tokens": 1},
        "since_release": "2020-01-01-00000000",
    }
    assert client.post("/v1/comparisons/releases", body).status_code == 404


def test_the_history_of_a_model_is_read_from_the_catalogue(client) -> None:
    rows = client.get("/v1/catalog/token_prices/gpt-5.6-luna/history", provider="openai", limit=500).json()["rows"]
    inputs = [
        row for row in rows if (row["meter"], row["processing"], row["tier_tokens"]) == ("input", "standard", None)
    ]
    assert [(row["usd"], row["effective_from"][:10]) for row in inputs] == [(1, "2026-07-09"), (0.2, "2026-07-30")]


def test_a_spreadsheet_has_a_column_for_every_choice(client) -> None:
    answer = client.get(
        "/v1/comparisons", provider="openai", model="gpt-5,gpt-5-mini", input_tokens=1_000_000, format="csv"
    )
    header, first, _ = answer.text.splitlines()
    assert header.startswith("rank,choice.model,value,times_best,cost_usd,")
    assert first.startswith("1,gpt-5-mini,0.25,1.0,0.25,")


MODELS = {"provider": "anthropic", "model": ["claude-opus-4-7", "claude-haiku-4-5"], "usage": {"input_tokens": 1}}
ONE = {"provider": "openai", "model": "gpt-5", "usage": {"input_tokens": 1}}


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("", {"question": MODELS | {"release": "nonsense"}}, "/question/release"),
        ("", {"question": MODELS | {"release": ["one", "two"]}}, "/question/release"),
        ("", {"question": MODELS, "alternatives": [{}, {"release": "one"}]}, "/alternatives/1/release"),
        ("/releases", {"question": ONE | {"release": "one"}, "since": "2026-01-01"}, "/question/release"),
        ("/releases", {"question": ONE | {"as_of": "2026-02-01"}, "since": "2026-01-01"}, "/question/as_of"),
    ],
)
def test_a_release_or_moment_that_nobody_would_read_is_refused(client, path, body, pointer) -> None:
    answer = client.post(f"/v1/comparisons{path}", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_the_release_that_answers_may_stand_inside_the_question(client) -> None:
    release = client.get("/readyz").json()["release"]
    assert client.post("/v1/comparisons", {"question": MODELS | {"release": release}}).status_code == 200


@pytest.mark.parametrize("way", ["get", "post", "inside"])
def test_a_series_of_prices_is_one_request(client, way) -> None:
    """deepseek-chat's input price over three moments, each as a quote of its own gives it."""
    moments = ["2025-01-15", "2025-06-15", "2025-10-15"]
    call = {"provider": "deepseek", "model": "deepseek-chat"}
    usage = {"usage": {"input_tokens": 1_000_000}}
    if way == "get":
        answer = client.get("/v1/comparisons", **call, input_tokens=1_000_000, as_of=",".join(moments))
    elif way == "post":
        answer = client.post("/v1/comparisons", {**call, **usage, "as_of": moments})
    else:
        answer = client.post("/v1/comparisons", {"question": {**call, **usage}, "as_of": moments})
    assert answer.status_code == 200, answer.text
    address = answer.json()["links"]["self"]
    assert (address is None) is (way != "get")
    if address is not None:
        assert client.request("GET", address).json()["result"] == answer.json()["result"]
    series = {row["choice"]["as_of"]: row["value"] for row in answer.json()["result"]["rows"]}
    assert set(series) == set(moments)
    for moment in moments:
        alone = client.post("/v1/estimates/inference", {**call, **usage, "as_of": moment}).json()
        assert series[moment] == alone["result"]["cost_usd"]
