"""The page of every path works without another host, under a policy that lets nothing else in."""

import re

from fastapi import FastAPI

from tests.web.conftest import Client


def test_the_page_takes_everything_from_this_service(client: Client) -> None:
    page = client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    asked = re.findall(r'(?:src|href|data-openapi)="([^"]+)"', page.text)
    assert not [each for each in asked if "//" in each]
    for each in asked:
        if not each.startswith("data:"):
            assert client.get(f"/{each}").status_code == 200, each
    assert "<script>" not in page.text and "style=" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "*" not in policy


def test_the_licence_of_the_page_is_served_beside_it(client: Client) -> None:
    assert "Apache License" in client.get("/docs/LICENSE").text
    assert "SmartBear" in client.get("/docs/NOTICE").text
    assert client.get("/docs/page.html").status_code == 404
    assert client.get("/docs/..%2fdocumentation.py").status_code == 404


def test_the_other_page_leads_there(client: Client) -> None:
    answer = client.get("/redoc")
    assert (answer.status_code, answer.headers["location"]) == (308, "/docs")


def test_the_file_is_the_document(service: FastAPI, client: Client) -> None:
    assert client.get("/openapi.json").json() == service.openapi()
