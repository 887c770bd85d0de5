"""The GitHub action and the GitLab job of docs/ci/example, run as their forges run them, against a live service."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from mlquote.store.api_keys import create_key
from tests.cli.conftest import Live, Ran
from tests.cli.forge import Forge, forge

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "ci" / "example"
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
OVER = ("requests = 100_000", "requests = 10_000_000")  # $8 per 1,000 requests: $80,000


@pytest.fixture
def comments() -> Iterator[Forge]:
    with forge() as state:
        yield state


@dataclass
class Repository:
    """A checkout of the example on a pull request's branch, `main` holding it as it is."""

    path: Path
    environment: dict[str, str]

    def change(self, old: str, new: str) -> None:
        spec = self.path / "mlquote.toml"
        text = spec.read_text("utf-8")
        assert old in text
        spec.write_text(text.replace(old, new), "utf-8")

    def bash(self, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = self.environment | variables
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        return subprocess.run(
            command, cwd=self.path, env=environment, capture_output=True, text=True, timeout=120, check=False
        )


@pytest.fixture
def repository(tmp_path: Path, live: Live, comments: Forge) -> Repository:
    """The example under git, `mlquote` on the path, and a budget of $5,000 on the live service."""
    path, programs = tmp_path / "repository", tmp_path / "bin"
    shutil.copytree(EXAMPLE, path)
    programs.mkdir()
    for name, module in (("mlquote", " -m mlquote"), ("python", "")):
        program = programs / name
        program.write_text(f'#!/bin/bash\nexec "{sys.executable}"{module} "$@"\n', "utf-8")
        program.chmod(0o755)
    _, key = create_key(
        live.app.state.engine, "ci", ["budgets:write", "budgets:reserve"], now=datetime.now(UTC), by="test"
    )
    limits = [{"figure": "cost_usd", "per": "month", "compare": "high", "fail_above": 5000}]
    headers = {"Authorization": f"Bearer {key}"}
    assert httpx.put(f"{live.url}/v1/budgets/ci", json={"limits": limits}, headers=headers).is_success
    made = Repository(path, {
        "PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(tmp_path), "COLUMNS": "200",
        "RUNNER_TEMP": str(tmp_path), "MLQUOTE_SERVER": live.url, "MLQUOTE_API_KEY": key, "MLQUOTE_BUDGET": "ci",
    })  # fmt: skip
    identity = "git config user.email ci@example.org && git config user.name ci"
    started = made.bash(
        f"git init -qb main && {identity} && git add -A && git commit -qm base && git remote add origin ."
    )
    assert started.returncode == 0, started.stderr
    return made


def sarif_of(repository: Repository) -> str:
    """Where the action leaves its SARIF."""
    return str(repository.path.parent / "mlquote" / "check.sarif")


def run_action(repository: Repository, comments: Forge, **inputs: str) -> tuple[int, str, dict[str, str]]:
    """Every step of action.yml but setting up and installing; the exit code, the job summary and the outputs."""
    temporary = repository.path.parent
    summary, outputs = temporary / "summary.md", temporary / "outputs"
    for file in (summary, outputs):
        file.write_text("", "utf-8")
    job = {
        "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(outputs), "GITHUB_BASE_REF": "main",
        "GITHUB_REF": "refs/pull/7/merge", "GITHUB_REPOSITORY": "acme/assistant", "GITHUB_API_URL": comments.url,
        "GITHUB_RUN_ID": "42", "GITHUB_JOB": "mlquote",
    }  # fmt: skip
    given = {name: str(known.get("default", "")) for name, known in ACTION["inputs"].items()} | inputs
    code = 0
    for step in ACTION["runs"]["steps"]:
        if "run" not in step or step["name"] == "Install mlquote":
            continue
        told = dict(line.split("=", 1) for line in outputs.read_text("utf-8").splitlines())
        if "if" in step and expanded(step["if"], given, told) != "true":
            continue
        environment = {name: expanded(text, given, told) for name, text in step.get("env", {}).items()}
        done = repository.bash(step["run"], **job, **environment)
        if not step.get("continue-on-error"):
            code = done.returncode
    return code, summary.read_text("utf-8"), told


def expanded(text: str, inputs: dict[str, str], outputs: dict[str, str]) -> str:
    """The few expressions that action.yml uses, as the runner reads them."""

    def value(expression: re.Match[str]) -> str:
        name, _, wanted = expression.group(1).partition(" == ")
        found: Any = {"inputs": inputs, "steps": outputs}[name.split(".")[0]][name.rpartition(".")[2].strip()]
        return str(found == wanted.strip("'")).lower() if wanted else str(found)

    return re.sub(r"\$\{\{\s*(.*?)\s*\}\}", value, text)


def test_a_pull_request_under_budget_passes_with_one_comment(
    repository: Repository, comments: Forge, live: Live
) -> None:
    repository.change("tokens = 2e9", "tokens = 3e9")
    code, summary, outputs = run_action(
        repository, comments, spec="mlquote.toml", budget="ci", server=live.url, token="t",
        **{"api-key": repository.environment["MLQUOTE_API_KEY"]},
    )  # fmt: skip
    assert (code, outputs) == (0, {"exit-code": "0", "verdict": "pass", "sarif": sarif_of(repository)})
    (comment,) = comments.comments
    assert comment["body"].startswith("<!-- mlquote:mlquote.toml -->\n### ✅ mlquote: within budget (ci)")
    for part in (
        "$5,000.00",
        "Largest contributors to cost_usd",
        "Release ",
        "what this change costs",
        "`tokens`: cost_usd",
    ):
        assert part in comment["body"]
        assert part in summary


def test_a_second_push_over_budget_fails_and_updates_the_comment(repository: Repository, comments: Forge) -> None:
    inputs = {"spec": "mlquote.toml", "diff": "false"}  # no server: the spec's own budget, in process
    assert run_action(repository, comments, **inputs)[0] == 0
    repository.change(*OVER)
    code, summary, outputs = run_action(repository, comments, **inputs)
    assert (code, outputs["verdict"]) == (1, "fail")
    assert [change.split()[0] for change in comments.changes] == ["POST", "PATCH"]
    assert comments.changes[1].endswith("/repos/acme/assistant/issues/comments/1")
    assert "❌ mlquote: over budget" in comments.comments[0]["body"]
    assert "❌ mlquote: over budget" in summary


def test_a_misspelt_field_fails_and_the_comment_names_it(repository: Repository, comments: Forge) -> None:
    comments.refuses = True  # a fork's token may not comment: that decides nothing
    repository.change("tokens = 2e9", "tokesn = 2e9")
    code, summary, outputs = run_action(repository, comments, spec="mlquote.toml")
    assert (code, outputs) == (2, {"exit-code": "2", "verdict": "error", "sarif": sarif_of(repository)})
    assert "mlquote.toml:8:questions.finetune.tokesn" in summary
    assert "nearest: tokens" in summary


@pytest.mark.parametrize(("change", "code"), [(("x", "x"), 0), (OVER, 1)], ids=["under", "over"])
def test_the_gitlab_job_says_the_same(repository: Repository, comments: Forge, change, code: int) -> None:
    repository.change(*(change if code else ("2e9", "2e9")))
    job = yaml.safe_load((EXAMPLE / ".gitlab-ci.yml").read_text("utf-8"))["cost"]
    gitlab = {"GITLAB_CI": "true", "CI_API_V4_URL": comments.url, "CI_PROJECT_ID": "5", "CI_MERGE_REQUEST_IID": "3"}
    done = repository.bash("\n".join(job["script"]), **gitlab)
    assert done.returncode == code, done.stderr
    assert comments.changes == ["POST /projects/5/merge_requests/3/notes"]
    assert (repository.path / "cost" / "check.xml").read_text("utf-8").count("<testcase") == 1


def test_a_comment_that_says_so_already_is_left_alone(
    mlquote: Callable[..., Ran], comments: Forge, monkeypatch
) -> None:
    Path("check.md").write_text("### fine\n", "utf-8")
    assert "nothing to comment on" in mlquote("comment", "check.md").out
    for name, value in {
        "GITHUB_REPOSITORY": "a/b",
        "GITHUB_REF": "refs/pull/1/merge",
        "GITHUB_API_URL": comments.url,
    }.items():
        monkeypatch.setenv(name, value)
    assert mlquote("comment", "check.md").out == "commented\n"
    assert mlquote("comment", "check.md").out == "the comment says so already\n"
    assert mlquote("comment", "check.md", "--name", "other").out == "commented\n"
    comments.refuses = True
    assert mlquote("comment", "check.md", "--name", "third").code == 3


def test_the_comment_of_a_stranger_who_wrote_our_marker_is_left_alone(
    mlquote: Callable[..., Ran], comments: Forge, monkeypatch
) -> None:
    marked = "<!-- mlquote:mlquote -->"
    comments.comments = [{"id": 1, "body": f"{marked}\nnice", "user": {"login": "stranger"}},
                         {"id": 2, "body": f"hm {marked}", "user": {"login": "github-actions[bot]"}}]  # fmt: skip
    Path("check.md").write_text("### fine\n", "utf-8")
    place = {"GITHUB_REPOSITORY": "a/b", "GITHUB_REF": "refs/pull/1/merge", "GITHUB_API_URL": comments.url}
    for name, value in place.items():
        monkeypatch.setenv(name, value)
    assert mlquote("comment", "check.md").out == "commented\n"
    assert comments.changes == ["POST /repos/a/b/issues/1/comments"]
    assert mlquote("comment", "check.md").out == "the comment says so already\n"


@pytest.fixture
def on_github(comments: Forge, monkeypatch: pytest.MonkeyPatch) -> Forge:
    """A pull request of a forge whose token is this job's."""
    place = {"GITHUB_REPOSITORY": "a/b", "GITHUB_REF": "refs/pull/1/merge", "GITHUB_API_URL": comments.url,
             "GITHUB_GRAPHQL_URL": f"{comments.url}/graphql"}  # fmt: skip
    for name, value in place.items():
        monkeypatch.setenv(name, value)
    return comments


@pytest.mark.parametrize(
    ("behaviour", "said", "changes", "left"),
    [
        ("update", "updated the comment", ["PATCH /repos/a/b/issues/comments/1"], [1]),
        ("new", "commented", ["POST /repos/a/b/issues/1/comments"], [1, 2]),
        ("hide-and-new", "commented, and hid 1", ["POST /repos/a/b/issues/1/comments", "hide IC_1"], [1, 2]),
        ("delete-and-new", "commented, and deleted 1",
         ["POST /repos/a/b/issues/1/comments", "DELETE /repos/a/b/issues/comments/1"], [2]),
    ],
)  # fmt: skip
def test_earlier_comments_become_what_the_behaviour_says(
    behaviour: str, said: str, changes: list[str], left: list[int], mlquote: Callable[..., Ran], on_github: Forge
) -> None:
    Path("check.md").write_text("first")
    assert mlquote("comment", "check.md", "--behaviour", behaviour).out == "commented\n"
    on_github.changes.clear()
    Path("check.md").write_text("second")
    assert mlquote("comment", "check.md", "--behaviour", behaviour).out == f"{said}\n"
    assert (on_github.changes, [comment["id"] for comment in on_github.comments]) == (changes, left)


def test_a_dry_run_says_what_it_would_do(mlquote: Callable[..., Ran], on_github: Forge) -> None:
    Path("check.md").write_text("words")
    ran = mlquote("comment", "check.md", "--dry-run")
    assert ran.out == "would have: commented\n<!-- mlquote:mlquote -->\nwords\n"
    assert on_github.changes == []


def test_a_comment_that_could_not_be_hidden_is_no_success(mlquote: Callable[..., Ran], on_github: Forge) -> None:
    Path("check.md").write_text("first")
    mlquote("comment", "check.md")
    on_github.refuses = True
    assert mlquote("comment", "check.md", "--behaviour", "hide-and-new").code == 3


def test_the_examples_name_the_inputs_and_files_that_exist() -> None:
    workflow = yaml.safe_load((EXAMPLE / ".github" / "workflows" / "cost.yml").read_text("utf-8"))
    (used,) = (step["with"] for step in workflow["jobs"]["mlquote"]["steps"] if "with" in step)
    assert set(used) <= set(ACTION["inputs"])
    assert (EXAMPLE / used["spec"]).is_file()


def test_the_snippets_of_other_places_are_yaml_and_call_what_is_there() -> None:
    page = (EXAMPLE.parent / "README.md").read_text("utf-8")
    snippets = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)]
    assert [next(iter(snippet)) for snippet in snippets] == ["repos", "pool", "image"]
    hooks = yaml.safe_load((EXAMPLE.parents[2] / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert {each["id"] for each in snippets[0]["repos"][0]["hooks"]} <= {hook["id"] for hook in hooks}


def test_the_hook_stops_a_spec_over_its_budget(repository: Repository) -> None:
    (hook,) = yaml.safe_load((EXAMPLE.parents[2] / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert repository.bash(f"{hook['entry']} mlquote.toml").returncode == 0
    repository.change(*OVER)
    assert repository.bash(f"{hook['entry']} mlquote.toml").returncode == 1
