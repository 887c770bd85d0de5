"""Quotes side by side without script: the API's figures on one axis, and only the fields that differ."""

import re
from urllib.parse import urlencode

import pytest

from tests.web.conftest import Client
from tests.web.test_pages import BROWSER

TRAINING = "model=llama-3.1-8b&tokens=15T&accelerator_count=1024&accelerator="
PARTS = ("h100-sxm", "b200", "a100-80gb")


def _page(client: Client, *quotes: str, more: str = "") -> str:
    query = urlencode([("q", quote) for quote in quotes])
    answer = client.request("GET", f"/compare?{query}{more}", headers=BROWSER)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_three_quotes_tell_the_figures_of_the_api(client: Client) -> None:
    page = _page(client, *(f"kind=training&{TRAINING}{part}" for part in PARTS))
    told = re.findall(r'data-name="([^"]+)" data-quote="(\d)" data-value="([^"]*)"', page)
    assert {name for name, _, _ in told} == {
        "cost_usd", "wall_clock_hours", "energy_kwh", "emissions_kgco2e.total",
    }  # fmt: skip
    for name, quote, value in told:
        place = client.get(f"/v1/estimates/training?{TRAINING}{PARTS[int(quote) - 1]}").json()["result"]
        for part in name.split("."):
            place = place[part]
        assert float(value) == pytest.approx(place["central"], rel=1e-12)
    assert "<b>b200 is cheapest</b> at the centre" in page and "The bands overlap" in page
    assert "3 fields are equal and hidden" in page and 'scope="row">Accelerator</th>' in page


def test_addresses_of_the_page_and_of_the_api_are_questions_too(client: Client) -> None:
    page = _page(
        client,
        f"http://mlquote/v1/estimates/training?{TRAINING}h100-sxm&format=text",
        f"http://mlquote/calculator/training?{TRAINING}b200",
    )
    assert "2 quotes side by side" in page and "b200 is cheapest" in page


def test_exact_bills_of_sellers_are_compared_exactly(client: Client) -> None:
    usage = "input_tokens=1000&output_tokens=500&requests=1000"
    page = _page(
        client,
        f"kind=inference&provider=anthropic&model=claude-opus-4-7&{usage}",
        f"kind=tokens&provider=openai&model=gpt-4o&{usage}",
    )
    assert "The figures are exact." in page and "$17.50" in page and "$7.50" in page


def test_a_field_changed_adds_a_quote(client: Client) -> None:
    query = urlencode([("q", f"kind=training&{TRAINING}h100-sxm"), ("also", "accelerator"), ("value", "b200")])
    answer = client.request("GET", f"/compare?{query}", headers=BROWSER)
    assert answer.status_code == 303 and answer.headers["location"].count("q=") == 2
    assert "b200" in client.request("GET", answer.headers["location"], headers=BROWSER).text


def test_what_cannot_be_asked_is_told_and_the_rest_stands(client: Client) -> None:
    good = f"kind=training&{TRAINING}h100-sxm"
    page = _page(client, good, "nothing", f"kind=training&{TRAINING}h10o")
    assert "holds no question" in page and "no accelerator named" in page and "no figure" in page
    many = _page(client, *(f"{good}&mfu=0.3{each}" for each in range(6)))
    assert "the first 4 are shown" in many
    assert "No quotes side by side" in _page(client)
    assert client.request("GET", "/compare?q=%3Cscript%3E", headers=BROWSER).status_code == 200


def test_quotes_of_two_kinds_share_dollars_alone(client: Client) -> None:
    page = _page(
        client, f"kind=training&{TRAINING}h100-sxm", "kind=inference&provider=openai&model=gpt-4o&input_tokens=9"
    )
    assert page.count('<h2 id="t') == 1 and "is cheapest" in page
