"""What is deployed fits what is served: manifests name our paths, flags and settings, the dashboard our metrics."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from typer.testing import CliRunner

from mlquote.catalog.freshness import Freshness
from mlquote.catalog.release import Release
from mlquote.cli.main import app
from mlquote.settings import Settings
from mlquote.web.guards.metrics import Metrics
from tests.web.conftest import NOW

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
GRAFANA = DEPLOY / "grafana"
MANIFESTS = sorted(path for path in DEPLOY.rglob("*.yaml"))
GITHUB = [*(ROOT / ".github" / "workflows").glob("*.yml"), ROOT / "action.yml"]
POD = yaml.safe_load((DEPLOY / "base" / "deployment.yaml").read_text())["spec"]["template"]["spec"]
CONTAINER = POD["containers"][0]


def counted() -> Mapping[str, set[str]]:
    """Every series that /metrics may tell -> its labels."""
    metrics = Metrics()
    metrics.begin()
    metrics.count("GET", "/v1/estimates/inference", 200, 0.001)
    metrics.at_desk("readiness", 1)
    metrics.turned_away("readiness", "too-many")
    metrics.lost_turn()
    release = Release("2026-11-01-abcd", date(2026, 11, 1), "d", {}, {})
    ages = [Freshness("token_prices", "", 1, 3, 9, 0.0, 0.0, 0)]
    text = metrics.text(release, ages, NOW).decode()
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def queries() -> Iterator[tuple[str, str]]:
    """(panel, query) of the dashboard."""
    for panel in json.loads((GRAFANA / "dashboards" / "service.json").read_text())["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


@pytest.mark.parametrize(("panel", "query"), [pytest.param(*each, id=each[0]) for each in queries()])
def test_each_query_of_the_dashboard_asks_for_series_and_labels_that_are_told(panel: str, query: str) -> None:
    told = counted()
    asked = re.findall(r"mlquote_\w+", query)
    assert asked and set(asked) <= told.keys(), panel
    labels = {name for group in re.findall(r"by \(([^)]*)\)", query) for name in group.split(", ")}
    labels |= {name for group in re.findall(r"\{([^}]*)\}", query) for name in re.findall(r"(\w+)=", group)}
    assert labels <= set().union(*(told[name] for name in asked)), panel


def test_the_container_runs_a_command_we_have_and_settings_we_read() -> None:
    for path in (DEPLOY / "base", DEPLOY / "overlays" / "production"):
        spec = yaml.safe_load((path / "deployment.yaml").read_text())["spec"]["template"]["spec"]
        command = spec["containers"][0]["args"]
        assert CliRunner().invoke(app, [*command[1:], "--help"]).exit_code == 0
    names = {f"MLQUOTE_{name.upper()}" for name in Settings.model_fields}
    assert {one["name"] for one in CONTAINER["env"]} <= names


def test_the_container_is_nobody_special_and_probed_where_we_answer() -> None:
    assert POD["securityContext"]["runAsNonRoot"] and POD["securityContext"]["runAsUser"] == 10001
    assert "--uid 10001" in (ROOT / "Dockerfile").read_text()
    guarded = CONTAINER["securityContext"]
    assert guarded["readOnlyRootFilesystem"] and not guarded["allowPrivilegeEscalation"]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert CONTAINER[probe]["httpGet"] == {"path": "/healthz", "port": "http"}
    mounted = {one["name"] for one in CONTAINER["volumeMounts"]}
    assert mounted == {one["name"] for one in POD["volumes"]}


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: str(path.relative_to(DEPLOY)))
def test_what_a_kustomization_names_is_there(path: Path) -> None:
    read: Any = yaml.safe_load(path.read_text())
    assert read["kind"] and read["apiVersion"]
    if read["kind"] == "Kustomization":
        for name in [*read["resources"], *(patch["path"] for patch in read.get("patches", ()))]:
            assert (path.parent / name).exists(), name


@pytest.mark.parametrize("path", GITHUB, ids=lambda path: path.name)
def test_every_action_is_pinned_by_the_digest_of_its_commit(path: Path) -> None:
    used = re.findall(r"uses: (\S+)", path.read_text())
    assert used
    for name in used:
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", name), name
