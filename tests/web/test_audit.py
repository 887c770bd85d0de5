"""The log of writes over HTTP: for whoever holds audit:read, page by page or whole."""

import json
from pathlib import Path

import pytest
from fastapi import FastAPI

from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.store.api_keys import create_key
from tests.web.conftest import NOW, Client

LIMIT = {"figure": "cost_usd", "per": "total", "compare": "central", "fail_above": 25}


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory):
    """A service of its own, with a budget written three times."""
    database: Path = tmp_path_factory.mktemp("audit") / "mlquote.sqlite3"
    app = create_app(Settings(database_url=f"sqlite:///{database}"), now=lambda: NOW)
    _, text = create_key(app.state.engine, "root", ["budgets:write"], now=NOW, by="test")
    for level in (25, 30, 40):
        body = {"limits": [LIMIT | {"fail_above": level}]}
        Client(app).request("PUT", "/v1/budgets/team", json=body, headers={"X-API-Key": text})
    yield app
    app.state.engine.dispose()


@pytest.fixture(scope="module")
def auditor(logged: FastAPI) -> dict[str, str]:
    return {"X-API-Key": create_key(logged.state.engine, "auditor", ["audit:read"], now=NOW, by="test")[1]}


def ask(app: FastAPI, key: dict[str, str], **asked: object):
    return Client(app).request("GET", "/v1/audit", params=asked, headers=key)


def test_who_wrote_what_and_what_was_there_before(logged: FastAPI, auditor) -> None:
    page = ask(logged, auditor, subject="budget:team").json()
    assert [entry["act"] for entry in page["rows"]] == ["put"] * 3 and page["next_after"] is None
    last = page["rows"][-1]
    assert [last[side]["limits"][0]["fail_above"] for side in ("before", "after")] == [30, 40]
    assert len(ask(logged, auditor, subject="budget:team", by=last["by"]).json()["rows"]) == 3
    assert ask(logged, auditor, subject="release").json()["rows"][0]["by"] == "start"


def test_the_log_is_paged_and_exported(logged: FastAPI, auditor) -> None:
    first = ask(logged, auditor, limit=2).json()
    rest = ask(logged, auditor, after=first["next_after"]).json()
    exported = Client(logged).request("GET", "/v1/audit/export", headers=auditor)
    assert exported.headers["content-type"].startswith("application/x-ndjson")
    assert [json.loads(line) for line in exported.text.splitlines()] == first["rows"] + rest["rows"]
    csv = ask(logged, auditor, subject="budget:team", format="csv").text.splitlines()
    assert csv[0].startswith("id,at,by,act,subject,") and len(csv) == 4


def test_the_log_is_closed_to_every_other_key(logged: FastAPI) -> None:
    writer = create_key(logged.state.engine, "w", ["budgets:write", "keys:write"], now=NOW, by="test")[1]
    for path in ("/v1/audit", "/v1/audit/export"):
        assert Client(logged).get(path).status_code == 401
        assert Client(logged).request("GET", path, headers={"X-API-Key": writer}).status_code == 403


@pytest.mark.parametrize("asked", [{"subject": "%"}, {"after": -1}, {"since": "yesterday"}, {"who": "me"}])
def test_a_question_that_nobody_reads_is_refused(logged: FastAPI, auditor, asked: dict[str, object]) -> None:
    assert ask(logged, auditor, **asked).status_code == 422
