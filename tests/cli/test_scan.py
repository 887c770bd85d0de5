"""`mlquote scan` as a user runs it: from a repository to a red and a green check."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.scan.repository import FILES

FILL = [
    "--fill", "samples=50000", "--fill", "requests=100000", "--fill", "input_tokens=1200", "--fill",
    "output_tokens=300", "--fill", "accelerator=h100-sxm", "--fill", "requests_per_s=2", "--fill", "hours=720",
]  # fmt: skip


def _git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A clone of a repository that spends."""
    origin = tmp_path / "origin"
    for path, text in FILES.items():
        file = origin / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    _git(origin, "init", "--quiet")
    _git(origin, "add", "--all")
    _git(origin, "commit", "--quiet", "--message", "everything")
    clone = tmp_path / "clone"
    _git(tmp_path, "clone", "--quiet", str(origin), str(clone))
    return clone


def test_from_nothing_to_a_red_and_a_green_check(mlquote: Callable[..., Ran], repository: Path) -> None:
    spec = str(repository / "mlquote.toml")
    first = mlquote("scan", str(repository))
    assert first.code == 0
    assert "to be filled in" in first.err

    open_ended = mlquote("check", spec)
    assert open_ended.code == 2
    assert "mlquote.toml:9:questions.train-llama-3-1-8b-instruct.samples" in open_ended.err

    again = mlquote("scan", str(repository), "--force", *FILL, "--fill", "fail_above=100")
    assert (again.code, "to be filled in" in again.err) == (0, False)
    assert mlquote("check", spec).code == 1

    assert mlquote("scan", str(repository), "--force", *FILL, "--fill", "fail_above=100000").code == 0
    passed = mlquote("check", spec)
    assert passed.code == 0, passed.out + passed.err


def test_a_spec_that_is_there_is_left_alone(mlquote: Callable[..., Ran], repository: Path) -> None:
    target = repository / "mlquote.toml"
    target.write_text("mine")
    ran = mlquote("scan", str(repository))
    assert (ran.code, target.read_text()) == (2, "mine")
    assert "--force" in ran.err


def test_a_dash_prints_and_writes_nothing(mlquote: Callable[..., Ran], repository: Path) -> None:
    ran = mlquote("scan", str(repository), "--out", "-")
    assert ran.code == 0
    assert ran.out.startswith("# What this repository spends")
    assert not (repository / "mlquote.toml").exists()


def test_tests_and_large_files_are_passed_over_and_said(mlquote: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text('ChatOpenAI(model="gpt-4o")')
    (tmp_path / "big.json").write_text('{"model": "gpt-4o"}' + " " * 1_000_000)
    ran = mlquote("scan", str(tmp_path), "--out", "-")
    assert "[questions" not in ran.out
    assert "1 files of tests were passed over" in ran.err
    assert "1 files were passed over: larger" in ran.err


@pytest.mark.parametrize("arguments", [("nowhere",), (".", "--fill", "requests")])
def test_what_cannot_be_scanned_is_a_bad_question(mlquote: Callable[..., Ran], arguments: tuple[str, ...]) -> None:
    assert mlquote("scan", *arguments).code == 2
