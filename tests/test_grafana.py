"""The dashboards that Grafana is given: each of their queries is asked of the service, and each column is there.

Grafana itself is not run: what is held is that the files are whole and that the API answers what they ask.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi import FastAPI

from mlquote.main import create_app
from mlquote.settings import Settings
from mlquote.store.api_keys import SCOPES, create_key
from tests.web.conftest import NOW, Client

ROOT = Path(__file__).parents[1]
GRAFANA = ROOT / "deploy" / "grafana"
INFINITY = "yesoreyeram-infinity-datasource"


def asked() -> Iterator[Any]:
    """Every query of the API: file and panel, with the dashboard's own values put in."""
    for path in sorted((GRAFANA / "dashboards").glob("*.json")):
        board = json.loads(path.read_text())
        values = {each["name"]: each.get("query", "") for each in board["templating"]["list"]}
        for panel in board["panels"]:
            for target in panel["targets"]:
                if panel["datasource"]["type"] == INFINITY:
                    url = re.sub(r"\$\{(\w+)\}", lambda found, values=values: values[found[1]], target["url"])
                    yield pytest.param(url, target, id=f"{path.stem}: {panel['title']}")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, dict[str, str]]]:
    """A service with a budget, something held against it and something settled, and a key that reads it."""
    app: FastAPI = create_app(
        Settings(database_url=f"sqlite:///{tmp_path_factory.mktemp('g')}/m.sqlite3"), now=lambda: NOW
    )
    client = Client(app)
    key = {"x-api-key": create_key(app.state.engine, "all", list(SCOPES), now=NOW, by="test")[1]}
    limits = {"limits": [{"figure": "cost_usd", "per": "month", "fail_above": 800}]}
    client.request("PUT", "/v1/budgets/search", json=limits, headers=key)
    usage = {"provider": "anthropic", "model": "claude-opus-4-7", "usage": {"input_tokens": 1_000_000}}
    body = {"question": {"kind": "inference", **usage}, "reserve": True}
    assert client.post("/v1/budgets/search/checks", body, headers=key).json()["reservation"]
    yield client, key
    app.state.desks.close(wait=True)
    app.state.engine.dispose()


@pytest.mark.parametrize(("url", "target"), list(asked()))
def test_each_query_is_answered_with_every_column_it_reads(told, url: str, target: dict[str, Any]) -> None:
    client, key = told
    assert (target["parser"], target["source"]) == ("backend", "url"), "only the backend parser feeds alerts"
    answer = client.request("GET", url, headers=key)
    assert answer.status_code == 200, answer.text
    found: Any = answer.json()
    for name in target["root_selector"].split("."):
        found = found[name]
    rows = found if isinstance(found, list) else [found]
    assert rows, "an empty table tells nothing about its columns"
    for column in target["columns"]:
        assert any(_at(row, column["selector"]) is not None for row in rows) or _is_there(rows[0], column["selector"])


def _at(row: Any, path: str) -> Any:
    for name in path.split("."):
        row = row.get(name) if isinstance(row, dict) else None
    return row


def _is_there(row: Any, path: str) -> bool:
    *outer, last = path.split(".")
    return last in (_at(row, ".".join(outer)) if outer else row)


def test_sources_and_folders_are_those_that_compose_mounts() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    sources = yaml.safe_load((GRAFANA / "provisioning" / "datasources" / "mlquote.yml").read_text())["datasources"]
    boards = yaml.safe_load((GRAFANA / "provisioning" / "dashboards" / "mlquote.yml").read_text())["providers"]
    mounted = dict(each.split(":")[:2] for each in compose["grafana"]["volumes"])
    assert all((ROOT / path).exists() for path in mounted)
    assert boards[0]["options"]["path"] == mounted["./deploy/grafana/dashboards"]
    infinity = next(each for each in sources if each["type"] == INFINITY)
    assert compose["grafana"]["environment"]["GF_INSTALL_PLUGINS"] == INFINITY
    assert infinity["jsonData"]["allowedHosts"] == [infinity["url"]] == ["http://mlquote:8000"]
    used = {panel["datasource"]["uid"] for path in (GRAFANA / "dashboards").glob("*.json")
            for panel in json.loads(path.read_text())["panels"]}  # fmt: skip
    assert used <= {"${datasource}", *(each["uid"] for each in sources)}
    assert all(compose[name]["profiles"] == ["grafana"] for name in ("grafana", "prometheus"))
