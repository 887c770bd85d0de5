"""Answers as HTML: every view is what its page shows, and the pages' script asks the API alone."""

import json
import re
from importlib.resources import files

import pytest

from mlquote.web.routes.views import ALL, View
from tests.web.conftest import Client
from tests.web.test_pages import BROWSER
from tests.web.test_spend_pages import LOG

FREE = [view for view in ALL.values() if view.view not in ("budget", "usage-log")]
"""Those that need no budget and no job."""
_FIGURES = re.compile(r'data-value="([^"]*)"')
_ASKED = re.compile(r'(?:fetch|send)\((?:"\w+", )?`\$\{([^`]+)`')


def _answer(text: str) -> str:
    return text.split('id="answer"', 1)[-1].split("</main>", 1)[0]


@pytest.mark.parametrize("view", FREE, ids=lambda view: view.view)
def test_a_view_tells_the_figures_of_its_page(client: Client, view: View) -> None:
    whole = client.request("GET", view.page, params=view.example or None, headers=BROWSER)
    part = client.request("GET", f"/v1/views/{view.view}", params=view.example or None)
    assert part.status_code == whole.status_code == 200, part.text
    assert part.headers["content-type"].startswith("text/html")
    assert _FIGURES.findall(_answer(part.text)) == _FIGURES.findall(_answer(whole.text))
    assert len(part.content) < len(whole.content)
    assert "<script" not in part.text


def test_every_view_is_listed_with_an_address(client: Client) -> None:
    listed = client.request("GET", "/v1/views").json()["views"]
    assert [each["view"] for each in listed] == list(ALL)
    assert client.request("GET", next(each["example"] for each in listed if each["view"] == "serving")).is_success


def test_a_fault_stands_at_its_field_and_is_no_failure(client: Client) -> None:
    part = client.request("GET", "/v1/views/serving?model=llama-3.1-8b&accelerator=h10o")
    assert part.status_code == 200
    assert re.search(r'class="help fault" id="h-accelerator"[^>]*>no accelerator named', part.text)


@pytest.mark.parametrize(
    ("path", "status", "pointer"),
    [("traning", 404, "/view"), ("training?format=json", 422, "/format"), ("budget", 422, "/name"),
     ("usage-log", 422, "/job")],
    ids=["unknown", "format", "no budget", "no job"],
)  # fmt: skip
def test_what_is_no_view_is_refused(client: Client, path: str, status: int, pointer: str) -> None:
    answer = client.request("GET", f"/v1/views/{path}")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (status, pointer)


def test_a_log_is_answered_with_its_bill(client: Client) -> None:
    lines = "\n".join(map(json.dumps, LOG))
    asked = {"label": "team", "name": "november.ndjson"}
    part = client.request("POST", "/v1/views/usage-log", params=asked, content=lines)
    assert part.status_code == 200
    assert 'id="priced" data-value="7"' in part.text and "november.ndjson" in part.text
    assert re.search(r'data-group="nlp" data-value="4\.50*"', part.text)
    wrong = client.request("POST", "/v1/views/usage-log?provider=", content="")
    assert wrong.status_code == 200 and "The log is not priced" in wrong.text


def test_the_script_asks_the_api_alone() -> None:
    asked = []
    for file in (files("mlquote.render.pages") / "static").iterdir():
        if file.name.endswith(".js"):
            asked += _ASKED.findall(file.read_text())
            assert not re.search(r"\bfetch\((?!`\$\{(root|form\.dataset\.view))", _known(file.read_text())), file.name
    assert len(asked) >= 6
    assert [each for each in asked if not each.startswith(("root}/v1/", "form.dataset.view}"))] == []


def _known(text: str) -> str:
    """A script with its addresses from elsewhere spelt out: a view's from its element, a list's from the catalogue."""
    assert "const address = `${root}/v1/catalog/" in text or "fetch(address" not in text
    return text.replace('fetch(one("#spend").dataset.view', "fetch(`${root").replace("fetch(address", "fetch(`${root")
