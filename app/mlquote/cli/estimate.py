"""mlquote estimate: one question from the command line, as curl would ask it, without a server."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from mlquote.cli.quoting import Local, Remote
from mlquote.estimators.kinds import ESTIMATORS, estimator, read_question
from mlquote.kit.errors import Malformed
from mlquote.render import csv, markdown, text
from mlquote.spend.documents import from_json, indented, plain


class Face(StrEnum):
    """How an answer is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    CSV = "csv"


_FACES = {"text": text.rendered, "json": indented, "markdown": markdown.rendered, "csv": csv.rendered}


def estimate(
    kind: Annotated[str, typer.Argument(help=f"what to estimate: {', '.join(ESTIMATORS)}")],
    fields: Annotated[list[str] | None, typer.Argument(help="FIELD=VALUE; FIELD=@FILE.json reads a nested one")] = None,
    server: Annotated[str | None, typer.Option("--server", envvar="MLQUOTE_SERVER", help="ask this server")] = None,
    face: Annotated[Face, typer.Option("--format", case_sensitive=False, help="how to print the answer")] = Face.TEXT,
) -> None:
    """What will it cost? The same fields as GET /v1/estimates/KIND."""
    member = estimator(kind)
    pairs = [_pair(field) for field in fields or ()]
    scalar = {name: value for name, value in pairs if not value.startswith("@")}
    nested = {name: _file(name, Path(value[1:])) for name, value in pairs if value.startswith("@")}
    if len(scalar) + len(nested) < len(pairs):
        raise Malformed("a field is given twice", hint="give it once")
    if server and not nested:
        with Remote(server) as remote:
            typer.echo(remote.get(f"/v1/estimates/{member.kind}", scalar | {"format": face.value}), nl=False)
        return
    question = read_question(member, member.question.from_parameters(scalar) | nested)
    local = Local()
    typer.echo(_FACES[face.value](plain(member.estimate(question, local.catalog, local.now))), nl=False)


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
