"""HEAD, OPTIONS and Allow on every path; CORS where the setting names an origin; a page elsewhere gets nothing else."""

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from mlquote.kit.errors import Malformed
from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.web.guards.cross_origin import origins_named
from tests.web.conftest import NOW, Client

QUOTE = "/v1/estimates/inference?provider=openai&model=gpt-4o&input_tokens=1000"
PREFLIGHT = {
    "origin": "https://board.example",
    "access-control-request-method": "POST",
    "access-control-request-headers": "content-type, x-api-key",
}


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/metrics", "/v1/catalog", "/v1/losses", "/docs", QUOTE])
def test_head_is_get_without_its_body(client: Client, path: str) -> None:
    whole, head = client.get(path), client.request("HEAD", path)
    assert (head.status_code, head.content) == (200, b"")
    told = ("content-type", "content-length", "etag", "cache-control")
    if path != "/metrics":  # which counts what is asked
        assert [head.headers.get(name) for name in told] == [whole.headers.get(name) for name in told]


def test_head_of_what_is_not_there_is_404_and_of_what_is_only_posted_405(client: Client) -> None:
    assert client.request("HEAD", "/v1/nowhere").status_code == 404
    assert client.request("HEAD", "/v1/losses/evaluate").headers["allow"] == "POST, OPTIONS"


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/v1/estimates/inference", "GET, HEAD, POST, OPTIONS"),
        ("PATCH", "/v1/budgets/search", "GET, HEAD, PUT, DELETE, OPTIONS"),
        ("DELETE", "/v1/catalog/releases", "GET, HEAD, POST, OPTIONS"),
        ("POST", "/healthz", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_method_that_is_not_there_names_those_that_are(client: Client, method: str, path: str, allow: str) -> None:
    refused = client.request(method, path)
    assert (refused.status_code, refused.headers["allow"]) == (405, allow)
    assert refused.json()["code"] == "method-not-allowed"
    asked = client.request("OPTIONS", path)
    assert (asked.status_code, asked.headers["allow"], asked.content) == (204, allow, b"")


def test_every_path_with_get_answers_head_and_options(service: FastAPI, client: Client) -> None:
    for route in service.routes:
        if isinstance(route, APIRoute) and "GET" in route.methods:
            allow = client.request("OPTIONS", route.path.replace(":path", "")).headers["allow"]
            assert {"GET", "HEAD", "OPTIONS"} <= set(allow.split(", ")), route.path


def test_no_page_of_another_origin_may_ask_unless_it_is_named(client: Client) -> None:
    answer = client.request("OPTIONS", QUOTE, headers=PREFLIGHT)
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("require_key", [False, True])
def test_a_named_origin_may_ask_and_read(tmp_path, require_key: bool) -> None:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path / 'a.sqlite3'}",
        cors_origins="https://board.example, http://localhost:3000",
        require_key=require_key,
    )
    app = create_app(settings, now=lambda: NOW)
    open_service = Client(app)
    asked = open_service.request("OPTIONS", QUOTE, headers=PREFLIGHT)
    assert asked.status_code == 200, "a preflight carries no key"
    assert asked.headers["access-control-allow-origin"] == "https://board.example"
    assert "x-api-key" in asked.headers["access-control-allow-headers"].casefold()
    other = open_service.request("OPTIONS", QUOTE, headers=PREFLIGHT | {"origin": "https://other.example"})
    assert "access-control-allow-origin" not in other.headers
    read = open_service.request("GET", QUOTE, headers={"origin": "https://board.example"})
    assert read.status_code == (401 if require_key else 200)
    assert read.headers["access-control-allow-origin"] == "https://board.example"
    assert "ETag" in read.headers["access-control-expose-headers"] and "Origin" in read.headers["vary"]
    app.state.engine.dispose()


def test_a_setting_that_is_no_origin_is_refused_at_the_start() -> None:
    assert origins_named("") == [] and origins_named("*") == ["*"]
    for wrong in ("board.example", "https://board.example/", "https://board.example/page"):
        with pytest.raises(Malformed):
            origins_named(wrong)
