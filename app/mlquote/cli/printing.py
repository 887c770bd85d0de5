"""How a command prints: to the terminal in one format, to files in others, and its failures in the same formats."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import typer

from mlquote.kit.errors import Malformed, QuoteError, Unavailable, nearest
from mlquote.render import sarif
from mlquote.spend.documents import indented

Faces = Mapping[str, Callable[[Mapping[str, Any]], str]]
_SUFFIXES = {".md": "markdown", ".json": "json", ".xml": "junit", ".txt": "table", ".sarif": "sarif"}


def pretty(answer: Mapping[str, Any]) -> str:
    """Indented JSON; money with all its digits."""
    return indented(answer)


def write_out(answer: Mapping[str, Any], face: str, files: Sequence[Path] | None, faces: Faces) -> None:
    """Print `answer` as `face`, and write it to every file as its suffix says."""
    _put(lambda name: _face(name, faces)(answer), face, files)


@contextmanager
def failure(face: str, files: Sequence[Path] | None, faces: Faces) -> Iterator[None]:
    """Tell a failure in the same formats, so that a comment or a JUnit report is there in any case; then raise it."""
    _face(face, faces)
    for file in files or ():
        _face(_format_of(file), faces)
    try:
        yield
    except QuoteError as error:
        told = {"json": _json(error), "markdown": _markdown(error), "junit": _junit(error), "table": ""}
        told["sarif"] = sarif.failed(error.code, _faults(error))
        try:
            _put(told.__getitem__, face, files)
        except Unavailable as unwritten:
            raise error.retold((*error.faults, *unwritten.faults)) from error
        raise


_VERDICT = re.compile(r"^(PASS|WARN|UNKNOWN|FAIL)(?=:)|(?<=  )(pass|warn|unknown|fail)$", re.M)
_COLOURS = {"pass": "green", "warn": "yellow", "unknown": "magenta", "fail": "red"}


def coloured(text: str) -> str:
    """A table with its verdicts in colour, where a person looks at it and NO_COLOR is not set."""
    if sys.stdout is None or not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return _VERDICT.sub(lambda found: typer.style(found[0], fg=_COLOURS[found[0].casefold()], bold=True), text)


def _put(written: Callable[[str], str], face: str, files: Sequence[Path] | None) -> None:
    text = written(face)
    if text:
        typer.echo(coloured(text) if face == "table" else text, nl=False)
    for file in files or ():
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(written(_format_of(file)), "utf-8")
        except OSError as error:
            raise Unavailable(f"cannot write {file}: {error}", pointer="--write") from error


def _format_of(file: Path) -> str:
    found = _SUFFIXES.get(file.suffix.casefold())
    if found is None:
        raise Malformed(
            f"cannot tell the format of {file}", pointer="--write", hint=f"end it in {', '.join(_SUFFIXES)}"
        )
    return found


def _face(name: str, faces: Faces) -> Callable[[Mapping[str, Any]], str]:
    if name not in faces:
        hint = nearest(name, faces) or f"one of {', '.join(faces)}"
        raise Malformed(f"this command has no {name} format", pointer="--format", hint=hint)
    return faces[name]


def _json(error: QuoteError) -> str:
    return indented({"verdict": "error", "code": error.code, "detail": error.detail, "errors": _faults(error)})


def _faults(error: QuoteError) -> list[dict[str, str]]:
    return [{"pointer": fault.pointer, "detail": fault.detail, "hint": fault.hint} for fault in error.faults]


def _markdown(error: QuoteError) -> str:
    faults = "".join(f"- `{f.pointer}` {f.detail}{f' ({f.hint})' if f.hint else ''}\n" for f in error.faults)
    return f"### ❌ mlquote: no verdict (`{error.code}`)\n\n{error.detail}\n\n{faults}"


def _junit(error: QuoteError) -> str:
    body = escape("\n".join(f"{f.pointer}: {f.detail} {f.hint}".rstrip() for f in error.faults))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="mlquote" tests="1" failures="0" errors="1">\n'
        f'  <testcase classname="mlquote" name="question"><error type={quoteattr(error.code)} '
        f"message={quoteattr(error.detail)}>{body}</error></testcase>\n</testsuite>\n"
    )
