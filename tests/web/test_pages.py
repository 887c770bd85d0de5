"""The front door for browsers: the frame, its policy and its files; curl keeps its sheet."""

import re

from tests.web.conftest import Client

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def test_a_browser_gets_the_page_and_curl_the_sheet(client: Client) -> None:
    page = client.request("GET", "/", headers=BROWSER)
    assert page.status_code == 200 and page.headers["content-type"] == "text/html; charset=utf-8"
    sheet = client.request("GET", "/", headers={"accept": "*/*"})
    assert sheet.headers["content-type"].startswith("text/plain") and "curl" in sheet.text
    assert all(answer.headers["vary"].startswith("Accept") for answer in (page, sheet))


def test_nothing_runs_that_stands_in_the_page_and_nothing_comes_from_elsewhere(client: Client) -> None:
    page = client.request("GET", "/", headers=BROWSER)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "*" not in policy
    assert " style=" not in page.text and not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=", page.text)
    fetched = re.findall(r'<(?:script|link|img)[^>]*?(?:src|href)="([^"]+)"', page.text)
    assert fetched and all(each.startswith("/static/") for each in fetched)
    for each in fetched:
        file = client.get(each)
        assert file.status_code == 200 and "immutable" in file.headers["cache-control"], each


def test_a_file_of_yesterday_leads_to_todays_and_is_not_kept(client: Client) -> None:
    assert client.get("/static/0000/page.css").headers["cache-control"] == "no-cache"
    assert client.get("/static/0000/frame.html").status_code == 404
    assert client.get("/static/0000/..%2fwriting.py").status_code == 404


def test_pages_take_no_models_name(client: Client) -> None:
    assert client.get("/explorer").json()["code"] != "not-found"
    assert client.get("/loss-7b", format="json").json()["code"] == "unknown-model"
