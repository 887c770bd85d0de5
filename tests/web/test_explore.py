"""Explore without script: each page tells the API's numbers in a table, replays by its address, and faults by field."""

import re
from html import unescape
from typing import Any

import pytest

from tests.web.conftest import Client
from tests.web.test_pages import BROWSER

VIEWS = ("prices", "models", "runs", "frontier", "break-even", "latency")
HISTORY = {"model": "gpt-4o,deepseek-chat"}
SMALL = {"kind": "training", "params": "125e6,1e9", "tokens": "10e9,100e9", "accelerator": "h100-sxm"}


def shown(client: Client, view: str, **fields: Any) -> str:
    """A page as a browser gets it."""
    response = client.get(f"/explore/{view}", **fields)
    assert response.status_code == 200, response.text[:3000]
    assert "script-src 'self'" in response.headers["content-security-policy"]
    return response.text


def column(page: str, number: int) -> list[str]:
    """The raw values of one column of the table, "" where a cell has none."""
    body = page.split('id="figures"')[1].split("<tbody>")[1].split("</tbody>", maxsplit=1)[0]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.S)
    found = []
    for row in rows:
        cell = re.findall(r"<td[^>]*>", row)[number]
        value = re.search(r'data-value="([^"]*)"', cell)
        found.append(value[1] if value else "")
    return found


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_opens_with_figure_table_meaning_and_data(view: str, client: Client) -> None:
    page = shown(client, view)
    assert "style=" not in page
    for part in ('role="img"', 'id="figures"', "What it means", ">JSON</a>", ">CSV</a>"):
        assert part in page


def test_the_room_leads_to_its_first_view(client: Client) -> None:
    response = client.get("/explore")
    assert (response.status_code, response.headers["location"]) == (307, "/explore/prices")


def test_prices_are_those_of_the_catalogue_s_history(client: Client) -> None:
    rows = client.get("/v1/catalog/token_prices", provider="openai", model="gpt-4o", meter="input").json()["rows"]
    plain = [row for row in rows if row["processing"] == "standard" and row["modality"] == "text" and not row["region"]]
    page = shown(client, "prices", model="gpt-4o")
    assert sorted(map(float, column(page, 3))) == sorted(row["usd"] for row in plain)
    assert "gpt-4o fell by 50" in unescape(page)  # from 5 to 2.50 dollars on 2024-10-02


def test_prices_are_those_of_the_api(client: Client) -> None:
    series = client.get("/v1/explore/prices", **HISTORY).json()["result"]["series"]
    changes = [change for each in series for change in each["changes"]]
    page = shown(client, "prices", **HISTORY)
    assert sorted(map(float, column(page, 3))) == sorted(change["usd"] for change in changes)
    assert all(change["source_url"] in unescape(page) for change in changes)


def test_a_machine_s_prices_are_shown_too(client: Client) -> None:
    page = shown(client, "prices", accelerator="h100", provider="aws,lambda")
    assert "an accelerator-hour" in page
    assert "lambda" in column(page, 2)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"model": "no-such-model"}, "no model"),
        ({"model": "gpt-4o", "accelerator": "h100"}, "name models, or accelerators"),
        ({"accelerator": "h100", "meter": "output"}, "machines have no meter"),
        ({"model": "gpt-4o", "price_model": "spot"}, "have no price_model"),
        ({"model": "gpt-4o", "as_of": "never"}, ""),
        ({"model": "gpt-4o", "colour": "red"}, "colour"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fault_is_told_on_the_page(fields: dict[str, str], words: str, client: Client) -> None:
    response = client.get("/explore/prices", **fields)
    assert response.status_code == 422
    assert words in unescape(response.text)


def test_a_release_and_a_moment_replay(client: Client) -> None:
    release = client.get("/v1/catalog").json()["release"]["id"]
    page = shown(client, "prices", model="gpt-4o", as_of="2024-06-01", release=release)
    assert column(page, 3) == ["5"]
    assert f"release={release}" in unescape(page)


def test_an_unknown_release_is_a_problem(client: Client) -> None:
    response = client.get("/explore/prices", model="gpt-4o", release="1999-01-01-00000000")
    assert response.status_code == 404


def test_models_are_those_of_the_api(client: Client) -> None:
    ask = {"provider": "openai,anthropic", "q": "o", "since": "2025-01-01"}
    rows = client.get("/v1/explore/models", **ask).json()["result"]["rows"]
    page = shown(client, "models", **ask)
    assert column(page, 0) == [row["model"] for row in rows][:100]
    assert [float(value) for value in column(page, 4)] == [row["blended_usd_per_mtok"] for row in rows][:100]


def test_a_table_is_sorted_by_a_column_and_says_so(client: Client) -> None:
    page = shown(client, "models", provider="anthropic", sort="-output")
    prices = [float(value) for value in column(page, 3)]
    assert prices == sorted(prices, reverse=True)
    assert page.count('aria-sort="descending"') == 1
    assert 'aria-sort="none"' in page


def test_the_frontier_is_that_of_the_comparison(client: Client) -> None:
    table = client.get("/v1/comparisons", **SMALL, pareto="cost_usd,predicted_loss").json()["result"]["rows"]
    page = shown(client, "frontier", **SMALL)
    assert [float(value) for value in column(page, 2)] == [row["cost_usd"]["central"] for row in table]
    assert [value == "0" for value in column(page, 4)] == [row["on_front"] for row in table]


def test_a_choice_that_cannot_be_answered_keeps_its_row(client: Client) -> None:
    page = shown(client, "latency", model="llama-3.1-70b", accelerator="h100-sxm,t4", accelerator_count="8",
                 concurrency="16")  # fmt: skip
    assert len(column(page, 0)) == 2


def test_break_even_is_that_of_the_estimate(client: Client) -> None:
    page = shown(client, "break-even")
    ask = {"model": "llama-3.1-70b", "accelerator": "h100-sxm", "accelerator_count": 4, "concurrency": 64,
           "against_provider": "together",
           "against_model": "meta-llama/Meta-Llama-3.1-70B-Instruct-Turbo"}  # fmt: skip
    found = client.post("/v1/estimates/serving", ask).json()["result"]["break_even"]
    assert [float(value) for value in column(page, 2)] == [
        stair["hosting_usd_per_month"] for stair in found["staircase"]
    ]
    terms = [str(each["usd_per_accelerator_hour"]) for each in found["by_price_model"]]
    assert all(f'data-value="{value}"' in page for value in terms)


def test_no_api_to_hold_against_says_so(client: Client) -> None:
    page = shown(client, "break-even", model="llama-3.1-70b", accelerator="h100-sxm", accelerator_count="4")
    assert "There is no break-even" in page


@pytest.mark.parametrize("path", ["/v1/explore/prices?model=gpt-4o", "/v1/explore/models?q=gpt-4o"])
def test_the_data_come_as_csv_too(path: str, client: Client) -> None:
    response = client.get(f"{path}&format=csv")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/csv")
    assert "usd" in response.text


def test_names_are_escaped(client: Client) -> None:
    page = client.get("/explore/prices", model='"><script>alert(1)</script>').text
    assert "<script>alert" not in page


def test_runs_are_those_of_the_catalogue(client: Client) -> None:
    asked = {"q": "/forward/energy_kwh", "limit": "1000"}
    rows = client.get("/v1/catalog/training_scores", **asked).json()["rows"]
    headline = {row["run"]: row for row in rows if row["is_headline"]}
    page = shown(client, "runs", quantity="energy_kwh")
    assert sorted(column(page, 0)) == sorted(headline)
    for run, published, ours, inside in zip(*(column(page, n) for n in (0, 3, 4, 6)), strict=True):
        row = headline[run]
        assert (float(published), float(ours)) == (row["published"], row["central"])
        assert inside == ("1" if row["low"] <= row["published"] <= row["high"] else "0")


def test_the_runs_furthest_off_come_first(client: Client) -> None:
    ratios = [float(value) for value in column(shown(client, "runs"), 5)]
    off = [max(ratio, 1 / ratio) for ratio in ratios]
    assert off == sorted(off, reverse=True)


@pytest.mark.parametrize(
    "fields", [{"quantity": "joy"}, {"given": "all"}, {"colour": "red"}, {"q": "no run is so called"}]
)
def test_runs_that_are_none_are_refused(fields: dict[str, str], client: Client) -> None:
    assert client.get("/explore/runs", **fields).status_code == 422


def test_a_long_table_is_told_a_hundred_rows_at_a_time(client: Client) -> None:
    models = client.get("/v1/explore/models").json()["result"]["rows"]
    assert len(models) > 200
    told, place = [], "/explore/models"
    while place:
        page = client.request("GET", place, headers=BROWSER).text
        assert len(page) < 60_000 + 25_000  # the table, and a figure with every model in it
        told += column(page, 0)
        following = re.search(r'href="([^"]+)">Next rows', page)
        place = unescape(following[1]).partition("#")[0] if following else ""
    assert told == [each["model"] for each in models]


@pytest.mark.parametrize("asked", ["0", "-1", "x", "99999999999", "3.5"], ids=str)
def test_rows_that_are_not_there_are_no_failure(asked: str, client: Client) -> None:
    assert column(shown(client, "models", from_row=asked), 0)
