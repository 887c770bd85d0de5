"""mlquote audit: every write to this machine's own database, for eyes, for a spreadsheet, for an archive."""

import csv
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from mlquote.cli.database import own_database
from mlquote.render.harmless import in_csv, on_one_line
from mlquote.spend.documents import to_json
from mlquote.store.audit import Wanted, all_written


class AuditFace(StrEnum):
    """How the log is printed."""

    TEXT = "text"
    NDJSON = "ndjson"
    CSV = "csv"


_COLUMNS = ("id", "at", "by", "act", "subject")


def audit(
    subject: Annotated[str | None, typer.Option(help="one thing (budget:search) or a kind of them (key)")] = None,
    by: Annotated[str | None, typer.Option(help="only what this key wrote")] = None,
    since: Annotated[datetime | None, typer.Option(help="only of this moment (UTC) or later")] = None,
    face: Annotated[AuditFace, typer.Option("--format", case_sensitive=False, help="how to print it")] = AuditFace.TEXT,
) -> None:
    """Print every write: who, when, what; ndjson and csv also say what was before and after it."""
    wanted = Wanted(subject=subject, by=by, since=None if since is None else since.replace(tzinfo=UTC))
    with own_database() as engine:
        _FACES[face](all_written(engine, wanted))


def _text(entries: Iterable[Mapping[str, Any]]) -> None:
    for entry in entries:
        line = f"{entry['at']:%Y-%m-%d %H:%M:%S}  {entry['by']:<13} {entry['act']:<9} {entry['subject']}"
        typer.echo(on_one_line(line))


def _ndjson(entries: Iterable[Mapping[str, Any]]) -> None:
    for entry in entries:
        typer.echo(to_json(entry))


def _csv(entries: Iterable[Mapping[str, Any]]) -> None:
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow([*_COLUMNS, "before", "after"])
    for entry in entries:
        sides = ("" if entry[side] is None else to_json(entry[side]) for side in ("before", "after"))
        rows.writerow([*(in_csv(entry[name]) for name in _COLUMNS), *sides])


_FACES = {AuditFace.TEXT: _text, AuditFace.NDJSON: _ndjson, AuditFace.CSV: _csv}
