"""mlquote project: a project file's answer, its parts over their months, without a server or from one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from mlquote.cli.estimate import FACES, Detail, Face, Printed, Server, Shown
from mlquote.cli.quoting import Local, Remote
from mlquote.cli.reading import text_of
from mlquote.estimators.kinds import PROJECT
from mlquote.kit.errors import Malformed, QuoteError
from mlquote.spend.asking import Asked
from mlquote.spend.documents import plain
from mlquote.spend.spec import Spec, read_spec


def project(
    file: Annotated[Path, typer.Argument(help="a project file: TOML, YAML or JSON; - reads standard input")],
    server: Server = None,
    face: Printed = Face.TEXT,
    detail: Shown = None,
) -> None:
    """What does a whole project cost, over its months? The same file as `check` takes."""
    shown = detail.value if detail is not None else Detail.BRIEF.value if face is Face.TEXT else Detail.FULL.value
    spec = read_spec(*text_of(file))
    asked = _project(spec, file)
    try:
        answer = _answered(asked, server)
    except QuoteError as error:
        raise spec.located(error, asked) from error
    typer.echo(FACES[face.value](answer, shown), nl=False)


def _project(spec: Spec, file: Path) -> Asked:
    """The one project of a file.

    Raises: Malformed for none, or several
    """
    found = [asked for asked in spec.questions if asked.kind == PROJECT.kind]
    if len(found) != 1:
        hint = "parts at the top, or one [questions.NAME] with parts"
        raise Malformed(f"{len(found)} projects in {file}, and one is asked", pointer=str(file), hint=hint)
    return found[0]


def _answered(asked: Asked, server: str | None) -> Mapping[str, Any]:
    if server is None:
        local = Local()
        told: Mapping[str, Any] = plain(PROJECT.estimate(asked.question, local.catalog, local.now))
        return told
    with Remote(server) as remote:
        answer: Mapping[str, Any] = plain(remote.post(f"/v1/estimates/{PROJECT.kind}", asked.fields))
        return answer
