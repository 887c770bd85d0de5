"""The command line's door: where it may be called from, and which code each failure leaves with."""

import subprocess
import sys
from pathlib import Path

import pytest

MLQUOTE = [sys.executable, "-m", "mlquote"]
BAD_QUESTION, FAULT_OF_OURS = 2, 3


def run_in(folder: Path, *arguments: str, path: str = ".") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MLQUOTE, *arguments], cwd=folder, env={"PYTHONPATH": path, "HOME": str(folder)}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip


def test_a_repository_with_an_app_of_its_own_is_checked(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("raise RuntimeError('somebody else\\'s app')")
    ran = run_in(tmp_path, "check", "x.toml")
    assert ran.returncode == BAD_QUESTION
    assert "x.toml" in ran.stderr


def test_another_project_that_installs_app_does_not_disturb(tmp_path: Path) -> None:
    beside = tmp_path / "site"
    (beside / "app" / "cli").mkdir(parents=True)
    for package in (beside / "app", beside / "app" / "cli"):
        (package / "__init__.py").write_text("")
    ran = run_in(tmp_path, "--version", path=str(beside))
    assert (ran.returncode, ran.stdout) == (0, "mlquote 0.1.0\n")


@pytest.mark.parametrize("command", [["check", "x.toml"], ["--version"], ["estimate", "training"]])
def test_a_fault_while_loading_is_never_a_verdict(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "typer.py").write_text("raise RuntimeError('broken installation')")
    ran = run_in(tmp_path, *command)
    assert ran.returncode == FAULT_OF_OURS
    assert "broken installation" in ran.stderr
