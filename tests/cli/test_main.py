"""The command line's door: where it may be called from, and which code each failure leaves with."""

import subprocess
import sys
from pathlib import Path

import pytest

from mlquote import __main__ as command_line
from mlquote.cli import main as door

MLQUOTE = [sys.executable, "-m", "mlquote"]
OVER_BUDGET, BAD_QUESTION, FAULT_OF_OURS, INTERRUPTED = 1, 2, 3, 130
OVER = """\
[questions.chat]
kind = "inference"
provider = "openai"
model = "gpt-4o"
usage = { input_tokens = 2_000 }

[[budget.limits]]
figure = "cost_usd"
fail_above = 0
"""


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
    assert (ran.returncode, ran.stdout) == (0, "mlquote 0.2.0\n")


@pytest.mark.parametrize("command", [["check", "x.toml"], ["--version"], ["estimate", "training"]])
def test_a_fault_while_loading_is_never_a_verdict(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "typer.py").write_text("raise RuntimeError('broken installation')")
    ran = run_in(tmp_path, *command)
    assert ran.returncode == FAULT_OF_OURS
    assert "broken installation" in ran.stderr


class Unforeseen(BaseException):
    """What no `except Exception` catches."""


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (RuntimeError("x"), FAULT_OF_OURS),
        (RecursionError("x"), FAULT_OF_OURS),
        (MemoryError(), FAULT_OF_OURS),
        (EOFError(), FAULT_OF_OURS),
        (Unforeseen("x"), FAULT_OF_OURS),
        (BaseExceptionGroup("several", [Unforeseen("x")]), FAULT_OF_OURS),
        (BrokenPipeError(32, "Broken pipe"), FAULT_OF_OURS),
        (OSError(28, "No space left on device"), FAULT_OF_OURS),
        (SystemExit(1), FAULT_OF_OURS),
        (SystemExit("port in use"), FAULT_OF_OURS),
        (SystemExit(120), FAULT_OF_OURS),
        (SystemExit(), 0),
        (KeyboardInterrupt(), INTERRUPTED),
    ],
    ids=repr,
)
def test_whatever_a_command_raises_is_never_taken_for_a_failed_verdict(
    monkeypatch: pytest.MonkeyPatch, raised: BaseException, code: int
) -> None:
    def failing(_: object) -> object:
        raise raised

    monkeypatch.setattr(door, "installed", failing)
    monkeypatch.setattr(sys, "argv", ["mlquote", "--version"])
    with pytest.raises(SystemExit) as left:
        command_line.main()
    assert left.value.code == code


@pytest.mark.parametrize(
    ("shell", "code"),
    [
        ("check spec.toml", OVER_BUDGET),
        ("check spec.toml | head -0", FAULT_OF_OURS),
        ("check spec.toml >&-", OVER_BUDGET),
        ("check spec.toml >/dev/full", FAULT_OF_OURS),
        ("check missing.toml 2>/dev/full", FAULT_OF_OURS),
        ("--help | head -0", FAULT_OF_OURS),
    ],
)
def test_an_output_that_is_gone_is_never_taken_for_a_failed_verdict(tmp_path: Path, shell: str, code: int) -> None:
    (tmp_path / "spec.toml").write_text(OVER)
    script = f'"{sys.executable}" -m mlquote {shell}; exit "${{PIPESTATUS[0]}}"'
    ran = subprocess.run(["bash", "-c", script], cwd=tmp_path, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
                         capture_output=True, check=False)  # fmt: skip
    assert ran.returncode == code


COMMANDS = ("", "check", "diff", "estimate", "price-usage", "comment", "serve", "keys", "keys create", "catalog",
            "catalog verify", "catalog diff")  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_leaves_with_0(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setattr(sys, "argv", ["mlquote", *command.split(), "-h"])
    with pytest.raises(SystemExit) as left:
        command_line.main()
    assert left.value.code == 0
