"""Badges: a figure in a line, 200 where it is not known, kept for five minutes by image proxies."""

import xml.etree.ElementTree as ET
from time import perf_counter

import pytest

from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.store.api_keys import SCOPES, create_key
from mlquote.web.guards.caching import LASTING
from mlquote.web.routes.badges import MOVING, OWN
from tests.render.charts.boxes import SVG
from tests.web.conftest import NOW, Client

RUN = {"model": "llama-3.1-8b", "tokens": "15e12", "accelerator": "h100-sxm", "accelerator_count": "1024"}


def words(answer) -> list[str]:
    return [text.text for text in ET.fromstring(answer.text).iter(f"{SVG}text")]


def test_the_price_of_a_model_is_that_of_its_list(client: Client) -> None:
    answer = client.get("/v1/badges/price.svg", model="claude-opus-4-7", provider="anthropic")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert words(answer) == ["claude-opus-4-7", "$5.00 in · $25.00 out /Mtok"]
    assert answer.headers["cache-control"] == MOVING
    assert answer.headers["etag"]


def test_the_cost_of_a_run_is_its_centre_and_its_ends(client: Client) -> None:
    cost = client.get("/v1/estimates/training", **RUN).json()["result"]["cost_usd"]
    label, value = words(client.get("/v1/badges/cost.svg", **RUN))
    assert label == "llama-3.1-8b"
    assert value.startswith(f"${cost['central'] / 1e6:.1f}\u00a0M (")


def test_another_figure_may_be_named_and_the_label_given(client: Client) -> None:
    told = words(client.get("/v1/badges/cost.svg", **RUN, figure="wall_clock_hours", label="time"))
    assert told[0] == "time" and "days" in told[1]


def test_a_bill_is_exact(client: Client) -> None:
    asked = {"kind": "inference", "provider": "anthropic", "model": "claude-opus-4-7", "input_tokens": "1000"}
    assert words(client.get("/v1/badges/cost.svg", **asked))[1] == "$0.005", "1,000 tokens at $5 a million"


def test_the_change_of_a_bill_says_how_much_dearer_or_cheaper(client: Client) -> None:
    """gpt-5.6-luna, 100,000 in and 10,000 out: 0.128 dollars less a month later, as tests of comparisons have it."""
    asked = {"provider": "openai", "model": "gpt-5.6-luna", "input_tokens": "100000", "output_tokens": "10000"}
    moments = {"since": "2026-07-15", "as_of": "2026-08-15"}
    label, value = words(client.get("/v1/badges/change.svg", **asked, **moments))
    assert label == "cost" and value.startswith("\u2212$0.128 (\u2212")


@pytest.mark.parametrize(
    "asked", [{"model": "no-such-model"}, {"model": "gpt-4o", "as_of": "1999-01-01"}, {"modle": "x"}, {}]
)
def test_what_is_not_known_is_the_word_unknown_with_the_reason(client: Client, asked) -> None:
    answer = client.get("/v1/badges/price.svg", **asked)
    assert answer.status_code == 200, answer.text
    assert words(answer)[1] == "unknown"
    assert "unknown. " in ET.fromstring(answer.text).findtext(f"{SVG}title")
    assert "immutable" not in answer.headers["cache-control"]


def test_a_pinned_badge_is_kept_for_ever(client: Client) -> None:
    release = client.get("/v1/catalog").json()["release"]["id"]
    answer = client.get("/v1/badges/cost.svg", **RUN, release=release, as_of="2026-11-20")
    assert answer.headers["cache-control"] == LASTING


def test_a_kind_that_is_none_is_a_problem(client: Client) -> None:
    answer = client.get("/v1/badges/prize.svg")
    assert (answer.status_code, answer.json()["errors"][0]["hint"]) == (404, "nearest: price")


def test_a_badge_answers_within_a_tenth_of_a_second(client: Client) -> None:
    client.get("/v1/badges/cost.svg", **RUN)
    taken = []
    for n in range(5):
        begun = perf_counter()
        client.get("/v1/badges/cost.svg", **RUN | {"accelerator_count": str(512 + n)})
        taken.append(perf_counter() - begun)
    assert min(taken) < 0.1


def test_what_a_budget_has_left_is_for_whoever_may_read_it(tmp_path) -> None:
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path}/m.sqlite3"), now=lambda: NOW)
    asker = Client(app)
    key = {"x-api-key": create_key(app.state.engine, "all", list(SCOPES), now=NOW, by="test")[1]}
    limits = {"limits": [{"figure": "cost_usd", "per": "month", "fail_above": 800}]}
    assert asker.request("PUT", "/v1/budgets/search", json=limits, headers=key).status_code == 201
    assert asker.get("/v1/badges/budget.svg", name="search").status_code == 401
    answer = asker.request("GET", "/v1/badges/budget.svg", params={"name": "search"}, headers=key)
    assert words(answer) == ["budget search", "100\u00a0% left"]
    assert answer.headers["cache-control"] == OWN
    app.state.desks.close(wait=True)
    app.state.engine.dispose()
