"""mlquote loss: a loss question from a file, arrays from .npy files, and whether the answer is what was expected."""

import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from mlquote.cli.exits import OverBudget
from mlquote.kit.errors import Malformed
from mlquote.losses.objective import evaluate
from mlquote.render import text
from mlquote.spend.documents import from_json
from mlquote.web.arrays import written
from mlquote.web.parsing import decoded


class Face(StrEnum):
    """How an answer is printed."""

    TEXT = "text"
    JSON = "json"


def loss(
    file: Annotated[str, typer.Argument(help="a JSON file, one question or a list; - reads standard input")],
    array: Annotated[
        list[str] | None,
        typer.Option("--array", help="NAME=FILE.npy, such as predictions=p.npy or targets.logp_old=old.npy"),
    ] = None,
    face: Annotated[Face, typer.Option("--format", case_sensitive=False, help="how to print the answer")] = Face.TEXT,
) -> None:
    """What does a loss give? Exits 0, or 1 where `expected` is missed, 2 for a bad question."""
    asked = _question(file)
    questions = asked if isinstance(asked, list) else [asked]
    if array and len(questions) > 1:
        raise Malformed("arrays belong to one question", pointer="--array", hint="one question, or no --array")
    answers = [evaluate(_with_arrays(_object(each), array or [])) for each in questions]
    for answer in answers:
        typer.echo(_printed(answer, face), nl=False)
    if any(answer.get("verdict") == "fail" for answer in answers):
        raise OverBudget


def _question(file: str) -> Any:
    try:
        return decoded(sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes())
    except (OSError, ValueError) as error:
        raise Malformed(f"cannot read {file} as JSON: {error}", pointer=file) from error


def _object(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise Malformed(f"a question is an object, not {type(value).__name__}", hint='{"loss": "mse", ...}')


def _with_arrays(question: dict[str, Any], given: list[str]) -> dict[str, Any]:
    """The question with the named arrays in it; a name of a part puts it into that object."""
    for pair in given:
        name, found, path = pair.partition("=")
        if not found or not name:
            raise Malformed(f"{pair!r} is no array", pointer="--array", hint="predictions=logits.npy")
        *parents, last = name.split(".")
        place = question
        for parent in parents:
            inner = place.setdefault(parent, {})
            if not isinstance(inner, dict):
                raise Malformed(f"{parent} is no object", pointer=f"/{parent}", hint="leave it out of the file")
            place = inner
        if last in place:
            raise Malformed(f"{name} is given twice", pointer=f"/{name}", hint="in the file, or as an array")
        place[last] = _loaded(path)
    return question


def _loaded(path: str) -> Any:
    """A .npy file as an array over its bytes on disk, which are read as they are used."""
    try:
        return np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise Malformed(f"cannot read {path} as .npy: {error}", pointer=path) from error


def _printed(answer: Mapping[str, Any], face: Face) -> str:
    raw = written(answer, packed=False)
    return raw.decode() + "\n" if face is Face.JSON else text.rendered(from_json(raw))
