"""The container files, as far as they can be checked without an engine."""

import json
import re
from pathlib import Path

import yaml
from typer.testing import CliRunner

from mlquote.cli.main import app
from mlquote.settings import Settings
from mlquote.store.engine import open_engine

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_what_the_image_copies_is_in_the_repository_and_not_ignored() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.M)
    names = [name for line in copied for name in line.split()]
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {"pyproject.toml", "constraints.txt", "app", "pricing_data", "migrations"} <= set(names)
    assert all((ROOT / name).exists() and name not in ignored for name in names)


def test_the_image_runs_the_command_we_have_as_nobody_special() -> None:
    command = json.loads(re.findall(r"^CMD (\[.+\])$", DOCKERFILE, re.M)[-1])
    assert command[0].endswith("/mlquote")
    assert CliRunner().invoke(app, [*command[1:], "--help"]).exit_code == 0
    assert DOCKERFILE.index("USER mlquote") < DOCKERFILE.index("\nCMD ")
    assert "/healthz" in DOCKERFILE


def test_compose_joins_the_service_to_a_database_it_can_open() -> None:
    service, database = COMPOSE["services"]["mlquote"], COMPOSE["services"]["database"]
    names = {f"MLQUOTE_{name.upper()}" for name in Settings.model_fields}
    assert set(service["environment"]) <= names
    url = open_engine(service["environment"]["MLQUOTE_DATABASE_URL"]).url
    assert (url.get_backend_name(), url.host) == ("postgresql", "database")
    assert url.database == database["environment"]["POSTGRES_DB"]
    assert service["depends_on"]["database"]["condition"] == "service_healthy"
