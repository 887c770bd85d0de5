"""Spend without script: budgets as their API tells them, a log's bill as its API answers, and nothing without a key."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from mlquote.main import create_app
from mlquote.render.pages.spending import budget_view
from mlquote.settings import Settings
from mlquote.store.api_keys import create_key
from tests.web.conftest import NOW, Client
from tests.web.test_pages import BROWSER

LIMITS = [
    {"figure": "cost_usd", "per": "month", "fail_above": 2000},
    {"figure": "cost_usd", "per": "check", "fail_above": 1500},
]
RUN = {"kind": "training", "model": "llama-3.1-8b", "tokens": "10B", "accelerator": "h100-sxm", "accelerator_count": 8}
RUN_QUERY = "kind=training&model=llama-3.1-8b&tokens=10B&accelerator=h100-sxm&accelerator_count=8"
LOG = [
    {"timestamp": f"2026-11-0{day}T10:00:00Z", "provider": "openai", "model": model, "labels": {"team": team},
     "usage": {"input_tokens": 1_000_000, "output_tokens": 0}}
    for day, model, team in ((1, "gpt-4o", "nlp"), (2, "gpt-4o", "search"), (2, "gpt-4.1", "nlp"))
]  # fmt: skip
"""Three million tokens: gpt-4o at 2.50 and gpt-4.1 at 2.00 dollars a million make 7.00."""


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, str, FastAPI]]:
    """A service of its own where a key exists, with a budget that holds something; its client and the key."""
    database = tmp_path_factory.mktemp("spend") / "mlquote.sqlite3"
    app = create_app(Settings(database_url=f"sqlite:///{database}"), now=lambda: NOW)
    scopes = ["read", "estimate", "budgets:write", "budgets:reserve"]
    _, key = create_key(app.state.engine, "page", scopes, now=NOW, by="test")
    client = Client(app)
    headers = {"authorization": f"Bearer {key}"}
    made = client.request("PUT", "/v1/budgets/search", json={"limits": LIMITS}, headers=headers)
    assert made.status_code == 201, made.text
    held = client.post(
        "/v1/budgets/search/checks", {"question": RUN, "reserve": True}, headers={**headers, "idempotency-key": "1"}
    )
    assert held.json()["verdict"] == "pass", held.text
    yield client, key, app
    app.state.desks.close(wait=True)
    app.state.engine.dispose()


def _page(client: Client, path: str, key: str = "") -> str:
    answer = client.request("GET", path, headers=BROWSER | ({"x-api-key": key} if key else {}))
    assert answer.status_code == 200, answer.text
    return answer.text


def test_budgets_are_told_with_a_key_and_not_without(closed: tuple[Client, str, FastAPI]) -> None:
    client, key, _ = closed
    shut = _page(client, "/spend")
    assert "A key is needed" in shut and "search" not in re.sub(r"<[^>]+>", "", shut)
    assert "A key is needed" in _page(client, "/spend/budgets/search") and "A key is needed" in _page(
        client, "/spend", "mlq_no"
    )
    told = _page(client, "/spend", key)
    limits = client.request("GET", "/v1/budgets/search", headers={"x-api-key": key}).json()["standing"]
    assert f'data-figure="cost_usd" data-value="{limits[0]["used"]}"' in told
    assert "spent and held, of $2,000.00 this month" in told and "up to <b>$1,500.00</b>" in told


def test_a_budgets_page_lists_its_holds_and_its_ledger(closed: tuple[Client, str, FastAPI]) -> None:
    client, key, _ = closed
    page = _page(client, "/spend/budgets/search", key)
    headers = {"x-api-key": key}
    held = client.request("GET", "/v1/budgets/search/reservations", headers=headers).json()["reservations"]
    rows = client.request("GET", "/v1/budgets/search/ledger", headers=headers).json()["rows"]
    assert all(each["id"] in page for each in held) and all(str(row["transaction_id"]) in page for row in rows)
    assert "no budget" in _page(client, "/spend/budgets/other", key)


def test_a_check_tells_the_apis_verdict_and_holds_nothing(closed: tuple[Client, str, FastAPI]) -> None:
    client, key, _ = closed
    before = client.request("GET", "/v1/budgets/search", headers={"x-api-key": key}).json()
    for tokens, words in (("1B", "It may be spent"), ("100B", "It may not be spent")):
        question = RUN_QUERY.replace("10B", tokens)
        page = client.request(
            "GET", "/calculator/budget", params={"budget": "search", "question": question}, headers=BROWSER
        ).text
        asked = client.post("/v1/budgets/search/checks", {"question": {**RUN, "tokens": tokens}}).json()
        assert f'data-verdict="{asked["verdict"]}"' in page and words in page
    assert client.request("GET", "/v1/budgets/search", headers={"x-api-key": key}).json() == before


def test_a_check_says_what_it_lacks(closed: tuple[Client, str, FastAPI]) -> None:
    client, _, _ = closed
    assert "May this be spent?" in _page(client, "/calculator/budget")
    assert "no budget" in _page(client, f"/calculator/budget?budget=other&question={RUN_QUERY.replace('&', '%26')}")
    assert "holds no question" in _page(client, "/calculator/budget?budget=search&question=hello")
    hosting = "kind%3Dserving%26model%3Dllama-3.1-8b%26accelerator%3Dh100-sxm"
    assert "hours" in _page(client, f"/calculator/budget?budget=search&question={hosting}")
    assert "data-verdict" in _page(client, f"/calculator/budget?budget=search&hours=2&question={hosting}")


def _sent(client: Client, text: str, **fields: str) -> httpx.Response:
    files = {"log": ("november.ndjson", text.encode(), "application/octet-stream")}
    return client.request("POST", "/spend/log", files=files, data=fields, headers=BROWSER)


def test_a_log_is_priced_by_day_model_and_label_and_what_is_not_is_listed(client: Client) -> None:
    text = "\n".join([*map(json.dumps, LOG), json.dumps({**LOG[0], "model": "acme-7b"}), "nonsense"])
    answer = _sent(client, text, label="team", provider="")
    assert answer.status_code == 200
    groups = dict(re.findall(r'data-group="([^"]+)" data-value="([^"]+)"', answer.text))
    assert 'id="priced" data-value="7.0' in answer.text or 'id="priced" data-value="7"' in answer.text
    assert {name: float(value) for name, value in groups.items()} == {
        "gpt-4o": 5.0, "gpt-4.1": 2.0, "2026-11-01": 2.5, "2026-11-02": 4.5, "nlp": 4.5, "search": 2.5,
    }  # fmt: skip
    assert "3 of 5 lines are priced" in answer.text and "acme-7b" in answer.text and "2 lines" in answer.text


@pytest.mark.parametrize(
    ("text", "fields", "words"),
    [("", {}, "the log holds no line"), ("nonsense", {}, "the header names no count"), ("{}", {"label": ","}, "by")],
    ids=["empty", "no log", "no label"],
)
def test_what_is_no_log_is_said(client: Client, text: str, fields: dict[str, str], words: str) -> None:
    answer = _sent(client, text, **fields)
    assert answer.status_code == 200 and words in answer.text


def test_a_form_without_its_file_and_a_job_that_is_not_there_are_said(client: Client) -> None:
    assert "no file came" in client.request("POST", "/spend/log", data={"label": "x"}, headers=BROWSER).text
    assert "not priced" in _page(client, "/spend/log/job_nobody")


def test_a_forecast_is_told_as_a_range_and_where_there_is_none_why(closed: tuple[Client, str, FastAPI]) -> None:
    client, key, _ = closed
    page = _page(client, "/spend", key)
    assert re.search(r"No forecast: [^<]*14", page)
    assert budget_view(_foretold(700, 820, 990))["word"] == "may exceed"
    (limit,) = budget_view(_foretold(700, 820, 990))["limits"]
    assert limit["forecast"] == "about $820, in eight of ten cases $700 to $990"
    assert limit["exceeds"] == "more likely above the limit than not"
    (limit,) = budget_view(_foretold(500, 600, 700))["limits"]
    assert (limit["word"], limit["exceeds"]) == ("within", "")


def _foretold(low: float, central: float, high: float) -> dict[str, Any]:
    """A budget of 800 dollars a month of which 410 are spent, with what is foretold for its end."""
    same = {"figure": "cost_usd", "per": "month", "compare": "high"}
    limit = same | {"used": 410, "fail_above": 800, "warn_above": None, "remaining": 390, "verdict": "pass",
                    "period_to": datetime(2026, 12, 1, tzinfo=UTC)}  # fmt: skip
    ahead = same | {"forecast": {"low": low, "central": central, "high": high}, "why": ""}
    return {"name": "search", "standing": [limit], "forecasts": [ahead], "balance": {"held": {}}}
