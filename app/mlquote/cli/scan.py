"""mlquote scan: what in this repository spends, written as a first spec file."""

import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

import typer
from rich.console import Console

from mlquote.cli.quoting import Local
from mlquote.kit.errors import Conflict, Malformed, Unavailable
from mlquote.scan.scanning import is_read
from mlquote.scan.scanning import scan as scanned
from mlquote.scan.writing import LIMIT, filled, is_open, spec_text

MOST_FILES = 20_000
MOST_BYTES = 1_000_000
"""Larger files are data, or made by a machine."""
MOST_SECONDS = 60.0
_PASSED_OVER = frozenset(
    ("node_modules", "vendor", "third_party", ".venv", "venv", "site-packages", "dist", "build", "target",
     "__pycache__", ".git", ".tox", ".mypy_cache")
)  # fmt: skip
_OF_TESTS = frozenset({"test", "tests", "__tests__", "testdata", "fixtures"})

err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)


def scan(
    folder: Annotated[Path, typer.Argument(help="the repository")] = Path(),
    out: Annotated[str, typer.Option("--out", "-o", help="where to write; - prints it")] = "mlquote.toml",
    fill: Annotated[
        list[str] | None, typer.Option("--fill", help="FIELD=VALUE for what no file tells, fail_above too; repeatable")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="write over a spec that is there")] = False,
) -> None:
    """Find model names, training configs and servers, and write a first mlquote.toml; nothing is executed."""
    values = dict(_given(text) for text in fill or ())
    target = None if out == "-" else folder / out
    if target is not None and target.exists() and not force:
        raise Conflict(f"{target} is there already", pointer="--out", hint="--force writes over it, -o - prints")
    said: list[str] = []
    started = time.monotonic()
    local = Local(datetime.now(UTC))
    seen = filled(scanned(_files(folder, started, said), local.catalog, local.now), values)
    text = spec_text(seen, values.get(LIMIT))
    if target is None:
        typer.echo(text, nl=False)
    else:
        _write(target, text)
    for line in said:
        err.print(line, markup=False)
    found = len(seen.spendings)
    err.print(f"{found} question{'' if found == 1 else 's'} in {target or 'the output'}", markup=False)
    unfilled = Counter(
        name for each in seen.spendings for name, value in {**each.fields, **each.usage}.items() if is_open(value)
    )
    if LIMIT not in values:
        unfilled[LIMIT] += 1
    if unfilled:
        named = ", ".join(f"{name} ({count})" if count > 1 else name for name, count in unfilled.items())
        err.print(f"to be filled in, since no file tells it; mlquote check names the lines: {named}", markup=False)


def _given(text: str) -> tuple[str, Any]:
    name, found, value = text.partition("=")
    if not found or not name or not value:
        raise Malformed(f"{text!r} is no field", pointer="--fill", hint="--fill input_tokens=1200")
    try:
        number = Decimal(value)
    except InvalidOperation:
        return name, value
    return name, number if number.is_finite() else value


def _write(target: Path, text: str) -> None:
    """Whole or not at all: a name of its own first, then in its place."""
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        partial.write_text(text, "utf-8")
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise Unavailable(f"cannot write {target}: {error}", pointer="--out") from error


def _files(folder: Path, started: float, said: list[str]) -> Iterator[tuple[str, str]]:
    """Path and text of every file that is read, in the order of their names."""
    if not folder.is_dir():
        raise Malformed(f"{folder} is no folder", pointer="PATH")
    counts = {"tests": 0, "large": 0}
    paths = [path for path in _paths(folder) if is_read(path) and not _passed_over(path)]
    for place, path in enumerate(paths):
        if place >= MOST_FILES or time.monotonic() - started > MOST_SECONDS:
            said.append(f"{len(paths) - place} of {len(paths)} files were not read: {MOST_FILES}, or 60 s, are enough")
            break
        if _OF_TESTS & set(PurePosixPath(path).parts[:-1]) or PurePosixPath(path).name.startswith("test_"):
            counts["tests"] += 1
            continue
        text = _text(folder / path)
        if text is None:
            counts["large"] += 1
        else:
            yield path, text
    if counts["tests"]:
        said.append(f"{counts['tests']} files of tests were passed over")
    if counts["large"]:
        said.append(f"{counts['large']} files were passed over: larger than {MOST_BYTES:,} bytes, or no text")


def _paths(folder: Path) -> list[str]:
    """What git knows or would know; without git, what is there."""
    command = ["git", "-C", str(folder), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True, timeout=30).stdout
        return sorted({name for name in listed.decode("utf-8", "surrogateescape").split("\0") if name})
    except (OSError, subprocess.SubprocessError):
        return sorted(_walked(folder))


def _walked(folder: Path) -> Iterator[str]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - _PASSED_OVER)
        for name in names:
            yield (Path(root) / name).relative_to(folder).as_posix()


def _passed_over(path: str) -> bool:
    return bool(_PASSED_OVER & set(PurePosixPath(path).parts[:-1])) or PurePosixPath(path).name == "mlquote.toml"


def _text(path: Path) -> str | None:
    try:
        if path.is_symlink() or path.stat().st_size > MOST_BYTES:
            return None
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
