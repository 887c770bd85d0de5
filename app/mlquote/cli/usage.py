"""mlquote price-usage: what did a usage log cost?"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from mlquote.cli.quoting import Local, Remote
from mlquote.estimators.asking.faults import malformed
from mlquote.kit.errors import Malformed
from mlquote.render import csv, markdown, text
from mlquote.spend.delivered.walk import Delivery, read_delivered
from mlquote.spend.documents import indented, plain
from mlquote.spend.focus.charges import FocusTerms
from mlquote.spend.focus.columns import NEWEST, VERSIONS, version_of
from mlquote.spend.focus.files import csv_of, parquet_of
from mlquote.spend.machine_terms import MachineAsked, MachineTerms
from mlquote.spend.usage import bill, for_eyes, table, told
from mlquote.spend.usage_days import check_looks, looks_of
from mlquote.spend.usage_groups import GROUPS, Grouping, groups_of, zone_of
from mlquote.store.engines.files import Run, bill_of_files, by_file, found_files, media_type_of
from mlquote.store.engines.logs import EMBEDDED, ENGINES
from mlquote.store.engines.parts import PricedParts

_OUT = Path("-")
COMPLETE, BAD_LINES, UNPRICED_LINES = 0, 2, 3


class Face(StrEnum):
    """How the bill is printed."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    CSV = "csv"


_FACES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "table": text.rendered,
    "json": indented,
    "markdown": markdown.rendered,
    "csv": csv.rendered,
}
_PIECE_BYTES = 256 * 1024
_FILES = "Parquet, NDJSON, JSON, CSV as they are or packed; patterns, folders; - reads standard input"
_GROUPED = f"totals by any of {', '.join(GROUPS)}, label.NAME"


Out = Annotated[Path | None, typer.Option("--out", help="a folder to write every row to with its price; resumable")]
Forecast = Annotated[str | None, typer.Option(help="foretell what the log's last month or quarter will cost")]
Source = Annotated[str | None, typer.Option(help="which delivered format it is; default: told by its beginning")]
MachineProvider = Annotated[str | None, typer.Option(help="whose machines hours of machines are; default: the market")]
MachineRegion = Annotated[str | None, typer.Option(help="a region of that provider")]
GridZone = Annotated[str | None, typer.Option(help="where machines draw their power")]
PriceModel = Annotated[str | None, typer.Option(help="machines' terms: on_demand, spot, reserved_1y, owned, ...")]
HourUsd = Annotated[str | None, typer.Option(help="$ of an accelerator-hour, in place of the catalogue's")]
Pue = Annotated[str | None, typer.Option(help="what the building adds to machines' energy: 1.2")]
Focus = Annotated[
    Path | None, typer.Option("--focus", help="also write the bill as FOCUS charges: .csv, .parquet, or - (CSV)")
]


def price_usage(
    logs: Annotated[list[str], typer.Argument(metavar="FILES...", help=_FILES)],
    by: Annotated[str, typer.Option("--by", help=_GROUPED)] = "",
    timezone: Annotated[str | None, typer.Option(help="the zone whose days count: Europe/Zurich; default UTC")] = None,
    provider: Annotated[str | None, typer.Option(help="whose the lines are that name no provider")] = None,
    source: Source = None,
    engine: Annotated[str, typer.Option(help=f"what prices tables of Parquet: {ENGINES}")] = EMBEDDED,
    out: Out = None,
    forecast: Forecast = None,
    anomalies: Annotated[bool, typer.Option("--anomalies", help="name days of unusual cost, and their lines")] = False,
    server: Annotated[str | None, typer.Option("--server", envvar="MLQUOTE_SERVER", help="ask this server")] = None,
    focus: Focus = None,
    focus_version: Annotated[str, typer.Option(help=f"of FOCUS: {', '.join(VERSIONS)}")] = NEWEST,
    billing_account: Annotated[str | None, typer.Option(help="the export's BillingAccountId")] = None,
    machine_provider: MachineProvider = None,
    machine_region: MachineRegion = None,
    grid_zone: GridZone = None,
    price_model: PriceModel = None,
    usd_per_accelerator_hour: HourUsd = None,
    pue: Pue = None,
    face: Annotated[Face, typer.Option("--format", case_sensitive=False, help="how to print it")] = Face.TABLE,
) -> None:
    """What did this usage cost? Exits 0 complete, 2 with malformed lines, 3 with lines that have no known price."""
    check_looks(looks_of(forecast, anomalies=anomalies), groups_of(by))
    zone_of(timezone)
    said = {"by": by, "timezone": timezone, "provider": provider, "source": source, "forecast": forecast}
    said |= {"anomalies": "true" if anomalies else None, "machine_provider": machine_provider}
    said |= {"machine_region": machine_region, "grid_zone": grid_zone, "price_model": price_model, "pue": pue}
    said |= {"usd_per_accelerator_hour": usd_per_accelerator_hour}
    if focus is not None:
        said |= {"focus_version": version_of(focus_version), "billing_account": billing_account}
    asked = {name: value for name, value in said.items() if value}
    _machines(asked)
    files = [Path("-")] if logs == ["-"] else found_files(logs)
    _check_written(out, bool(server) or focus is not None or anomalies or logs == ["-"])
    if server:
        answer = _asked(server, files, asked)
    else:
        answer = _priced(files[0], asked) if logs == ["-"] else _priced_files(files, asked, engine, out)
    raise typer.Exit(_printed(answer, focus, face))


def _printed(answer: dict[str, Any], focus: Path | None, face: Face) -> int:
    """The exit code of an answer, once it and its charges are written."""
    if focus is not None:
        _export(answer.pop("focus"), focus)
    if focus != _OUT:
        typer.echo(_FACES[face.value](_shown(answer, face)), nl=False)
    return BAD_LINES if answer["malformed_lines"] else UNPRICED_LINES if answer["unpriced_lines"] else COMPLETE


def _shown(answer: Mapping[str, Any], face: Face) -> Mapping[str, Any]:
    return answer if face is Face.JSON else table(answer) if face is Face.CSV else for_eyes(answer)


def _priced(log: Path, asked: Mapping[str, str]) -> dict[str, Any]:
    local, grouping, delivery = Local(), *_how(asked)
    lines, terms = read_delivered(_pieces(log), delivery), _focus(asked)
    whole = bill(lines, local.catalog, local.now, grouping, focus=terms)
    whole.terms = _machines(asked)
    answer: dict[str, Any] = plain(told(whole, local.catalog, local.now))
    return answer


def _priced_files(files: Sequence[Path], asked: Mapping[str, str], engine: str, out: Path | None) -> dict[str, Any]:
    local, grouping, delivery = Local(), *_how(asked)
    release, parts, now = local.catalog.release, None, local.now
    if out is not None:
        terms = {"release": release.id, "digest": release.digest, "provider": delivery.provider}
        parts = PricedParts(out, files, terms, now)
        now = parts.now
    with _progress(files) as done:
        whole = bill_of_files(files, local.catalog, now, grouping, delivery, Run(engine, parts, done, _focus(asked)))
    whole.terms = _machines(asked)
    return by_file(plain(told(whole, local.catalog, now)), files)


def _check_written(out: Path | None, is_asked_otherwise: bool) -> None:
    """Refuse --out where rows are not priced by columns, on this machine."""
    if out is not None and is_asked_otherwise:
        hint = "leave --server, --focus, --anomalies and - out"
        raise Malformed("rows are written of files on this machine, by columns", pointer="--out", hint=hint)


@contextmanager
def _progress(files: Sequence[Path]) -> Iterator[Callable[[Path], None]]:
    """A bar on stderr of how much of the files is priced, where that is a terminal; told of each file that is done."""
    shown = Progress(
        SpinnerColumn(), BarColumn(), DownloadColumn(), TextColumn("{task.description}"), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty(),
    )  # fmt: skip
    with shown:
        task = shown.add_task("", total=sum(file.stat().st_size for file in files if file.is_file()))

        def done(file: Path) -> None:
            shown.update(task, advance=file.stat().st_size, description=file.name)

        yield done


def _how(asked: Mapping[str, str]) -> tuple[Grouping, Delivery]:
    zone = zone_of(asked.get("timezone"))
    looks = looks_of(asked.get("forecast"), anomalies="anomalies" in asked)
    grouping = Grouping(groups_of(asked.get("by", "")), zone, looks)
    return grouping, Delivery(asked.get("source"), "", asked.get("provider"), zone)


def _machines(asked: Mapping[str, str]) -> MachineTerms:
    """Where machines stand and on which terms they are had.

    Raises: QuoteError
    """
    said = {name: asked[name] for name in MachineAsked.model_fields if name in asked}
    try:
        return MachineAsked.model_validate(said).machine_terms
    except ValidationError as error:
        raise malformed(error, MachineAsked) from error


def _focus(asked: Mapping[str, str]) -> FocusTerms | None:
    """How its charges are exported; None where they are not."""
    version = asked.get("focus_version")
    return None if version is None else FocusTerms(version, asked.get("billing_account"))


def _export(export: Mapping[str, Any], place: Path) -> None:
    """Write charges to a file, whole or not at all, or as CSV to standard output."""
    if place == _OUT:
        typer.echo(csv_of(export), nl=False)
        return
    is_parquet = place.suffix.casefold() == ".parquet"
    written = parquet_of(export) if is_parquet else csv_of(export).encode()
    begun = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        begun.write_bytes(written)
        begun.replace(place)
    except OSError as error:
        raise Malformed(f"cannot write {place}: {error}", pointer=str(place)) from error


def _asked(server: str, files: Sequence[Path], asked: Mapping[str, str]) -> dict[str, Any]:
    if len(files) > 1:
        raise Malformed("a server takes one file at a time", pointer=str(files[1]), hint="leave --server out")
    log, media_type = files[0], media_type_of(files[0])
    with Remote(server) as remote:
        headers = {"Content-Type": media_type or "application/octet-stream"}
        told = remote.send("/v1/usage/cost", b"".join(_pieces(log)), headers, asked)
        return remote.holding(told, ("malformed_lines", "unpriced_lines"))


def _pieces(log: Path) -> Iterator[bytes]:
    """The log as it is read, a piece at a time."""
    try:
        with sys.stdin.buffer if str(log) == "-" else log.open("rb") as file:
            while piece := file.read(_PIECE_BYTES):
                yield piece
    except OSError as error:
        raise Malformed(f"cannot read {log}: {error}", pointer=str(log)) from error
