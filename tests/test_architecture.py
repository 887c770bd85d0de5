"""The house table of who may import whom is held by the contracts in pyproject.toml; here they are run."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

APP = Path(__file__).parent.parent / "app" / "mlquote"
PURE_ROOMS = ("kit", "formulas", "catalog", "losses", "render", "estimators", "spend")
IMPURE_MODULES = {"os", "sys", "time", "socket", "subprocess", "random", "pathlib", "threading", "asyncio", "httpx"}
IMPURE_CALLS = {"open", "print", "input", "now", "utcnow", "today"}


def test_every_arrow_points_down() -> None:
    command = [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"]
    linted = subprocess.run(command, cwd=APP.parent.parent, capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize("room", PURE_ROOMS)
def test_pure_rooms_have_no_clock_no_file_no_environment(room: str) -> None:
    broken = [fault for path in sorted((APP / room).rglob("*.py")) for fault in _impurities(path)]
    assert broken == []


def _impurities(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        place = f"{path.relative_to(APP)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Import):
            found += [f"{place} imports {a.name}" for a in node.names if _is_impure(a.name)]
        elif isinstance(node, ast.ImportFrom) and _is_impure(node.module or ""):
            found.append(f"{place} imports {node.module}")
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            if name in IMPURE_CALLS:
                found.append(f"{place} calls {name}")
    return found


def _is_impure(module: str) -> bool:
    return module.split(".", maxsplit=1)[0] in IMPURE_MODULES
