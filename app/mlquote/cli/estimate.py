"""mlquote estimate: one question from the command line, as curl would ask it, without a server."""

import shlex
from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from mlquote.cli.quoting import Local, Remote
from mlquote.estimators.asking.mending import MENDED, all_told, flat, mended
from mlquote.estimators.asking.wording import as_written
from mlquote.estimators.kinds import ESTIMATORS, Estimator, estimator, read_question
from mlquote.kit.errors import Malformed, QuoteError
from mlquote.kit.provenance import Answer
from mlquote.render import csv, markdown, text
from mlquote.spend.documents import from_json, indented, plain


class Detail(StrEnum):
    """How much of an answer is printed."""

    BRIEF = "brief"
    FULL = "full"


class Face(StrEnum):
    """How an answer is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    CSV = "csv"


_FACES: dict[str, Callable[[Mapping[str, Any], str], str]] = {
    "text": lambda answer, detail: text.rendered(answer, detail=detail),
    "json": lambda answer, _: indented(answer),
    "markdown": lambda answer, detail: markdown.rendered(answer, detail=detail),
    "csv": lambda answer, _: csv.rendered(answer),
}


def estimate(
    kind: Annotated[str, typer.Argument(help=f"what to estimate: {', '.join(ESTIMATORS)}")],
    fields: Annotated[list[str] | None, typer.Argument(help="FIELD=VALUE; FIELD=@FILE.json reads a nested one")] = None,
    server: Annotated[str | None, typer.Option("--server", envvar="MLQUOTE_SERVER", help="ask this server")] = None,
    face: Annotated[Face, typer.Option("--format", case_sensitive=False, help="how to print the answer")] = Face.TEXT,
    detail: Annotated[Detail | None, typer.Option(help="brief (default of text): one screen; full: all of it")] = None,
) -> None:
    """What will it cost? The same fields as GET /v1/estimates/KIND."""
    member = estimator(kind)
    shown = detail.value if detail is not None else "brief" if face is Face.TEXT else "full"
    pairs = [_pair(field) for field in fields or ()]
    scalar = {name: value for name, value in pairs if not value.startswith("@")}
    nested = {name: _file(name, Path(value[1:])) for name, value in pairs if value.startswith("@")}
    if len(scalar) + len(nested) < len(pairs):
        raise Malformed("a field is given twice", hint="give it once")
    if server and not nested:
        with Remote(server) as remote:
            asked = scalar | {"format": face.value, "detail": shown}
            typer.echo(remote.get(f"/v1/estimates/{member.kind}", asked), nl=False)
        return
    local = Local()
    typer.echo(_FACES[face.value](plain(_answered(member, scalar, nested, local)), shown), nl=False)


def _answered(member: Estimator, scalar: Mapping[str, str], nested: Mapping[str, Any], local: Local) -> Answer:
    """The answer; a refusal tells every fault there is, and a command that would be answered."""

    def ask(fields: Mapping[str, str]) -> Answer:
        question = read_question(member, member.question.from_parameters(fields) | dict(nested))
        try:
            return member.estimate(question, local.catalog, local.now)
        except QuoteError as error:
            raise as_written(error, question.places) from error

    try:
        return ask(scalar)
    except MENDED as error:
        yesterday = (local.now - timedelta(days=1)).date().isoformat()
        example = {"yesterday": yesterday} | (flat(member.example, member.question.lifted) or {})
        found = mended(scalar, error, ask, example)
        refused = all_told(error, found.faults)
        if found.parameters is not None and not nested:
            fields = (shlex.quote(f"{name}={value}") for name, value in found.parameters.items())
            refused.corrected = f"mlquote estimate {member.kind} {' '.join(fields)}"
        raise refused from error


def _pair(field: str) -> tuple[str, str]:
    name, found, value = field.partition("=")
    if not found or not name:
        raise Malformed(f"{field!r} is no field", pointer=field, hint="FIELD=VALUE, such as tokens=15e12")
    return name, value


def _file(name: str, path: Path) -> Any:
    try:
        return from_json(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Malformed(f"cannot read {path} as JSON: {error}", pointer=f"/{name}") from error
