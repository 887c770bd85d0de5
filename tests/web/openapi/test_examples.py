"""Every operation has an example, and every example runs as the document says it does."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.store.api_keys import SCOPES, create_key
from mlquote.web.openapi.examples import EXAMPLES, JOB, JSON, KEY, RELEASE, RESERVATION, Example
from mlquote.web.openapi.operations import needs_key
from tests.web.conftest import NOW, Client
from tests.web.openapi import shapes

HELD_TWICE = ("settle", "release")
PUBLISHING = {("POST", "/v1/catalog/releases"), ("POST", "/v1/catalog/releases/{release}/withdrawal")}
"""A whole release is no example; tests/web/test_publishing.py publishes and withdraws."""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """A service of its own, to which the examples are told in their order."""
    database = tmp_path_factory.mktemp("examples") / "mlquote.sqlite3"
    app = create_app(Settings(database_url=f"sqlite:///{database}"), now=lambda: NOW)
    yield app
    app.state.workbench.close()
    app.state.desks.close(wait=True)
    app.state.engine.dispose()


def operations(service: FastAPI) -> dict[tuple[str, str], dict[str, Any]]:
    paths = service.openapi()["paths"]
    return {(method.upper(), path): told for path, each in paths.items() for method, told in each.items()}


def test_every_operation_has_an_example(service: FastAPI) -> None:
    assert set(EXAMPLES) == set(operations(service)), "give it a row in mlquote/web/openapi/examples.py"


def test_every_example_runs_and_answers_as_the_document_says(story: FastAPI) -> None:
    client = Client(story)
    key = {"x-api-key": create_key(story.state.engine, "all", list(SCOPES), now=NOW, by="test")[1]}
    known = {RELEASE: story.state.snapshots.current.release.id, KEY: ""}
    told, wrong, closed = operations(story), [], set()
    schemas = shapes.closed(story.openapi())
    for (method, path), example in EXAMPLES.items():
        if (method, path) in PUBLISHING:
            continue
        if path.endswith(HELD_TWICE) and known[RESERVATION] in closed:
            held = client.request("POST", "/v1/budgets/search/checks", json=_check(), headers=key).json()
            known[RESERVATION] = held["reservation"]["id"]
        if "/jobs/" in path and JOB not in known:
            known[JOB] = _job(client)
        if path.endswith(HELD_TWICE):
            closed.add(known[RESERVATION])
        answer = _asked(client, method, path, example, known, key)
        if not answer.is_success:
            wrong.append((method, path, answer.text[:300]))
            continue
        described = told[method, path]["responses"][str(answer.status_code)]
        kind = answer.headers.get("content-type", "").partition(";")[0]
        assert not answer.content or kind in described["content"], (method, path, kind)
        if kind == JSON:
            schema = described["content"][kind]["schema"]
            wrong += [(method, path, fault) for fault in shapes.faults(schema, schemas, answer.json())]
        if path.endswith("/checks"):
            known[RESERVATION] = answer.json()["reservation"]["id"]
        if (method, path) == ("POST", "/v1/keys"):
            known[KEY] = answer.json()["id"]
    assert wrong == []


def _job(client: Client) -> str:
    """A log that was priced as a job."""
    example = EXAMPLES["POST", "/v1/usage/cost"]
    headers = {"content-type": example.kind, "prefer": "respond-async, wait=60"}
    answer = client.request("POST", "/v1/usage/cost", content=example.body, headers=headers)
    return str(answer.headers["content-location"].split("/")[-2])


def _check() -> Any:
    return EXAMPLES["POST", "/v1/budgets/{name}/checks"].body


def _asked(client: Client, method: str, path: str, example: Example, known: dict[str, str], key: dict[str, str]) -> Any:
    place = path.format(**{name: known.get(value, value) for name, value in example.path.items()})
    body = example.body
    if isinstance(body, dict):
        body = {name: known.get(value, value) if isinstance(value, str) else value for name, value in body.items()}
    body = body if isinstance(body, str | None) else json.dumps(body)
    headers = {"content-type": example.kind} if body is not None else {}
    return client.request(method, place, params=example.query or None, content=body, headers=headers | key)


@pytest.mark.parametrize(("method", "path"), [each for each in EXAMPLES if each not in PUBLISHING], ids=str)
def test_who_needs_a_key_and_who_does_not(client: Client, method: str, path: str) -> None:
    if path.endswith("/checks") or (method == "GET" and "{id}" in path):
        return  # it reserves; a check without `reserve` needs none, tests/web/test_budgets.py
    answer = _asked(client, method, path, EXAMPLES[method, path], {}, {})
    refused = {401, 404} if "{id}" in path else {401}  # a reservation is found before its budget's key is asked for
    assert (answer.status_code in refused) is needs_key(method, path), answer.text[:300]


def test_every_operation_that_takes_a_format_answers_in_it(story: FastAPI) -> None:
    client = Client(story)
    told = operations(story)
    for (method, path), example in EXAMPLES.items():
        given = {**example.query, "format": "markdown"}
        if method == "GET" and not needs_key(method, path) and "/v1/budgets" not in path and "{id}" not in path:
            takes = {"$ref": "#/components/parameters/Format"} in told[method, path].get("parameters", [])
            known = {RELEASE: story.state.snapshots.current.release.id}
            shown = Example(example.path, given)
            answer = _asked(client, method, path, shown, known, {})
            if "rate-cards" not in path:
                assert (answer.headers["content-type"].startswith("text/markdown")) is takes, (method, path)
    assert JSON
