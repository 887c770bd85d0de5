"""Each client gets the face it means: real headers, weights, and what is asked by name."""

from csv import DictReader
from io import StringIO

import pytest

from mlquote.web.negotiation import MEDIA_TYPES, face_accepted
from mlquote.web.openapi.examples import EXAMPLES
from tests.web.conftest import Client

QUOTE = "/v1/estimates/inference?provider=openai&model=gpt-4o&input_tokens=1000"
HTML = "text/html,application/xhtml+xml,application/xml;q=0.9"
CLIENTS = {
    "axios": "application/json, text/plain, */*",
    "Angular HttpClient": "application/json, text/plain, */*",
    "Grafana Infinity": "application/json;q=0.9,text/plain",
    "curl": "*/*",
    "fetch": "*/*",
    "requests": "*/*",
    "httpx": "*/*",
    "Chromium": f"{HTML},image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
    "jQuery getJSON": "application/json, text/javascript, */*; q=0.01",
    "Excel": f"{HTML},*/*;q=0.8",
    "Java HttpURLConnection": "text/html, image/gif, image/jpeg, */*; q=.2",
}


@pytest.mark.parametrize("accept", CLIENTS.values(), ids=CLIENTS)
def test_a_client_that_can_read_json_gets_it(client: Client, accept: str) -> None:
    answer = client.request("GET", QUOTE, headers={"accept": accept})
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["result"]["cost_usd"] > 0
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("accept", "face"),
    [
        ("text/plain", "text"),
        ("TEXT/PLAIN", "text"),
        ("text/plain; charset=utf-8", "text"),
        ("text/*", "text"),
        ("text/csv", "csv"),
        ("text/csv, text/plain;q=0.5", "csv"),
        ("text/csv;q=0.5, text/plain", "text"),
        ("text/csv;Q=0.1,text/markdown; q = 0.2", "markdown"),
        ("text/markdown, text/html", "markdown"),
        ("text/markdown;q=0, text/*", "text"),
        ("text/plain;q=0, text/*", "markdown"),
        ("application/json, text/csv;q=0", "json"),
        ("application/json, text/plain;q=0.1", "json"),
        ("application/json;q=0.001, text/plain", "json"),
        ("application/json;q=0, text/plain", "text"),
        ("application/json;q=0, */*", "text"),
        ("application/*, text/csv", "json"),
        ("*/*;q=0, text/csv", "csv"),
        ("text/csv, */*;q=0", "csv"),
        ("text/csv, */*;q=0.1", "json"),
        ("application/json;q=nonsense", "json"),
        ("image/png", "json"),
        ("application/json;q=0", "json"),
        ("", "json"),
        (",,;q=1,", "json"),
    ],
)
def test_weights_are_read_as_the_rfc_has_them(accept: str, face: str) -> None:
    assert face_accepted(accept) == face


def test_a_format_that_is_named_goes_before_the_header(client: Client) -> None:
    for face, kind in MEDIA_TYPES.items():
        answer = client.request("GET", f"{QUOTE}&format={face}", headers={"accept": "text/csv"})
        assert answer.headers["content-type"] == kind


def test_two_headers_are_one_list(client: Client) -> None:
    answer = client.request("GET", QUOTE, headers=[("accept", "text/plain"), ("accept", "application/json")])
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_brief_answer_says_what_it_leaves_out(client: Client, method: str) -> None:
    body = {"provider": "openai", "model": "gpt-4o", "usage": {"input_tokens": 1000}}
    whole, brief = (
        client.request("GET", f"{QUOTE}&detail={detail}")
        if method == "GET"
        else client.post(f"/v1/estimates/inference?detail={detail}", body)
        for detail in ("full", "brief")
    )
    assert whole.json().keys() - brief.json().keys() == set(brief.json()["trimmed"])
    for kept in ("result", "catalog", "warnings"):
        assert brief.json()[kept] == whole.json()[kept]


def test_a_detail_that_is_not_offered_is_refused_with_those_that_are(client: Client) -> None:
    fault = client.request("GET", f"{QUOTE}&detail=half").json()["errors"][0]
    assert fault["pointer"] == "/detail" and fault["hint"] == "one of brief, full"
    assert client.get("/v1/catalog", detail="brief").status_code == 422


@pytest.mark.parametrize("kind", ["training", "serving", "inference"])
def test_columns_of_numbers_hold_numbers_alone(client: Client, kind: str) -> None:
    """What pandas and a spreadsheet read as numbers without being told: every cell of them, whatever was asked."""
    path = f"/v1/estimates/{kind}"
    answer = client.get(path, **dict(EXAMPLES["GET", path].query), format="csv")
    rows = list(DictReader(StringIO(answer.text)))
    cells = [row[column] for row in rows for column in ("low", "central", "high") if row[column]]
    assert len(cells) > 5
    assert [float(cell) for cell in cells]
    assert any(row["text"] for row in rows)
