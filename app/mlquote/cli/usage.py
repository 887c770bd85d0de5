"""mlquote price-usage: what did a usage log cost?"""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from mlquote.cli.quoting import Local, Remote
from mlquote.kit.errors import Malformed
from mlquote.render import csv, markdown, text
from mlquote.spend.documents import indented, plain
from mlquote.spend.usage import bill, groups_of, told
from mlquote.spend.usage_lines import read_log

COMPLETE, BAD_LINES, UNPRICED_LINES = 0, 2, 3
_MEDIA_TYPES = {".csv": "text/csv", ".json": "application/json"}


class Face(StrEnum):
    """How the bill is printed."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    CSV = "csv"


_FACES = {"table": text.rendered, "json": indented, "markdown": markdown.rendered, "csv": csv.rendered}


def price_usage(
    log: Annotated[Path, typer.Argument(help="NDJSON, a JSON list or CSV; - reads standard input")],
    by: Annotated[str, typer.Option("--by", help="totals by day, month, provider, model, line, label.NAME")] = "",
    server: Annotated[str | None, typer.Option("--server", envvar="MLQUOTE_SERVER", help="ask this server")] = None,
    face: Annotated[Face, typer.Option("--format", case_sensitive=False, help="how to print it")] = Face.TABLE,
) -> None:
    """What did this usage cost? Exits 0 complete, 2 with malformed lines, 3 with lines that have no known price."""
    groups_of(by)
    body, media_type = _read(log), _MEDIA_TYPES.get(log.suffix.casefold(), "application/x-ndjson")
    answer = _asked(server, body, media_type, by) if server else _priced(body, media_type, by)
    typer.echo(_FACES[face.value](answer), nl=False)
    raise typer.Exit(
        BAD_LINES if answer["malformed_lines"] else UNPRICED_LINES if answer["unpriced_lines"] else COMPLETE
    )


def _priced(body: bytes, media_type: str, by: str) -> dict[str, Any]:
    local = Local()
    whole = bill(read_log(body, media_type), local.catalog, local.now, groups_of(by))
    answer: dict[str, Any] = plain(told(whole, local.catalog, local.now))
    return answer


def _asked(server: str, body: bytes, media_type: str, by: str) -> dict[str, Any]:
    with Remote(server) as remote:
        told = remote.send("/v1/usage/cost", body, {"Content-Type": media_type}, {"by": by})
        return remote.holding(told, ("malformed_lines", "unpriced_lines"))


def _read(log: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(log) == "-" else log.read_bytes()
    except OSError as error:
        raise Malformed(f"cannot read {log}: {error}", pointer=str(log)) from error
