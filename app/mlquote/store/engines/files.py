"""Files of usage on one bill: tables by columns, all others line by line; globs and folders as the files in them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from glob import glob
from pathlib import Path
from typing import Any, Final, NamedTuple

from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.errors import Malformed
from mlquote.spend.delivered.formats import Line
from mlquote.spend.delivered.walk import Delivery, read_delivered
from mlquote.spend.focus.charges import FocusTerms
from mlquote.spend.log_records import MOST_LIST_BYTES
from mlquote.spend.usage import Billing, UsageBill, begun, take_all
from mlquote.spend.usage_groups import Grouping
from mlquote.spend.usage_lines import LABEL, LogLine, read_records
from mlquote.store.engines.arrow import is_table
from mlquote.store.engines.duckdb import FILE_BITS, ROW_MASK, DuckLog, partitions_of
from mlquote.store.engines.logs import EMBEDDED, RowsWritten, add_tables
from mlquote.store.engines.parts import PricedParts

_PIECE_BYTES: Final = 256 * 1024
_WILD: Final = frozenset("*?[")
_TABLES: Final = frozenset({".parquet", ".arrow", ".arrows", ".feather"})
_SUFFIXES: Final = _TABLES | {".ndjson", ".jsonl", ".json", ".csv", ".tsv", ".txt", ".psv", ".pb"}
_PACKED: Final = frozenset({".gz", ".zst"})
MEDIA_TYPES: Final = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".ndjson": "application/x-ndjson",
    ".jsonl": "application/x-ndjson",
}


class Run(NamedTuple):
    """How files are priced, beside what they are."""

    engine: str = EMBEDDED
    """What prices tables: as of `logs.priced_in`."""
    out: PricedParts | None = None
    """Where every row is written with its price; the bill's `now` is then its clock."""
    done: Callable[[Path], None] = lambda _: None
    """Told of each file that is on the bill."""
    focus: FocusTerms | None = None
    """How its charges are exported; None where they are not."""


_PLAIN_RUN: Final = Run()


def found_files(named: Sequence[str]) -> list[Path]:
    """The files that names, patterns and folders mean, each once, in order of their names.

    Raises: Malformed for a pattern or a folder without any
    """
    found: dict[Path, None] = {}
    for name in named:
        path = Path(name)
        if path.is_dir():
            inside = [file for file in path.rglob("*") if _is_log(file, path)]
        elif not path.exists() and not _WILD.isdisjoint(name):
            inside = [Path(match) for match in glob(name, recursive=True) if Path(match).is_file()]
        else:
            inside = [path]
        if not inside:
            kinds = ", ".join(sorted(_SUFFIXES))
            raise Malformed(f"no file of usage in {name}", pointer=name, hint=f"{kinds}, packed by gzip or zstd or not")
        found |= dict.fromkeys(sorted(inside))
    return sorted(found, key=lambda file: (not is_table(file), str(file)))


def _is_log(file: Path, folder: Path) -> bool:
    """Whether a file in a folder is one of usage; hidden ones, and those a writer has not finished, are none."""
    hidden = any(part.startswith((".", "_")) for part in file.relative_to(folder).parts)
    suffixes = [suffix.casefold() for suffix in file.suffixes if suffix.casefold() not in _PACKED]
    return file.is_file() and not hidden and bool(suffixes) and suffixes[-1] in _SUFFIXES


def media_type_of(file: Path) -> str:
    """What a file's name says of its lines: usage.csv.gz is CSV."""
    suffixes = [suffix.casefold() for suffix in file.suffixes if suffix.casefold() not in _PACKED]
    return MEDIA_TYPES.get(suffixes[-1] if suffixes else "", "")


def bill_of_files(
    files: Sequence[Path],
    catalog: Snapshot,
    now: datetime,
    grouping: Grouping,
    delivery: Delivery,
    run: Run = _PLAIN_RUN,
) -> UsageBill:
    """The bill of all these files together; tables come first (`found_files`), and `run.engine` prices them.

    Raises: Malformed where a file as a whole cannot be read, and for one whose rows cannot be written; Unavailable
    """
    billing = begun(grouping, catalog, now, days=False, focus=run.focus)
    tables = [file for file in files if is_table(file)]
    if run.out is not None:
        for place, file in enumerate(files):
            how = (delivery.provider, run.engine)
            run.out.write(place, partial(_add_written, billing, file, catalog, now, how, place))
            run.done(file)
        run.out.finish()
        return billing.whole
    done = len(tables)
    if tables and not add_tables(billing, tables, catalog, now, delivery.provider, run.engine):
        if any(file.stat().st_size > MOST_LIST_BYTES for file in tables):
            _add_rows(billing, tables, delivery.provider)
        else:
            done = 0
    for file in files[:done]:
        run.done(file)
    for place, file in enumerate(files[done:], done):
        one = delivery._replace(media_type=delivery.media_type or media_type_of(file))
        take_all(billing, _numbered(read_delivered(_pieces(file), one), place, file))
        run.done(file)
    return billing.whole


def _add_written(
    billing: Billing,
    file: Path,
    catalog: Snapshot,
    now: datetime,
    how: tuple[str | None, str],
    place: int,
    half: Path | None,
) -> None:
    """Put a table's rows on a bill, and write them.

    Raises: Malformed for what is no table of counts
    """
    if not is_table(file) or not add_tables(billing, [file], catalog, now, *how, RowsWritten(place, half)):
        hint = "Parquet of our counts (docs/usage.md); leave --out away for other files, and for --by line or key"
        raise Malformed(f"{file} is no table of counts whose rows can be written", pointer="/out", hint=hint)


def _add_rows(billing: Billing, files: Sequence[Path], provider: str | None) -> None:
    engine = DuckLog()
    try:
        engine.read_parquet(files)
        take_all(billing, read_records(engine.records(), provider))
    finally:
        engine.close()


def by_file(answer: dict[str, Any], files: Sequence[Path]) -> dict[str, Any]:
    """An answer whose lines are numbered within their files, which are named where there are several."""
    if len(files) == 1:
        return answer
    for day in answer.get("anomalies", ()):
        day["lines"] = [{"file": str(files[n >> FILE_BITS]), "line": n & ROW_MASK} for n in day["lines"]]
    for told in (answer, *answer["totals"]):
        for one in told.get("billed_beside_priced", {"causes": ()})["causes"]:
            place, line = divmod(one["first_line"], ROW_MASK + 1)
            one.update({"first_line": line, "file": str(files[place])} if line else {})
    for name in ("unpriced_lines", "malformed_lines"):
        told = [(fault, *divmod(fault["line"], ROW_MASK + 1)) for fault in answer[name]]
        answer[name] = [{**fault, "file": str(files[place]), "line": line} for fault, place, line in told]
        further = answer.get(f"further_{name}", {})
        for code, lines in further.items():
            parted: dict[str, list[int]] = {}
            for number in lines:
                parted.setdefault(str(files[number >> FILE_BITS]), []).append(number & ROW_MASK)
            further[code] = parted
    return answer


def _numbered(lines: Iterable[Line], place: int, file: Path) -> Iterator[Line]:
    """Lines of a file with numbers of their own among those of several, and what its folders say of them."""
    said = {name: cell for name, (cell,) in partitions_of([file]).items() if cell}
    labels = {name.removeprefix(LABEL): cell for name, cell in said.items() if name.startswith(LABEL)}
    fields = {name: cell for name, cell in said.items() if not name.startswith(LABEL)}
    for line in lines:
        name = "number" if hasattr(line, "number") else "line" if hasattr(line, "line") else ""
        told: Any = line._replace(**{name: getattr(line, name) + (place << FILE_BITS)}) if name and place else line
        if labels and hasattr(told, "labels"):
            told = told._replace(labels={**labels, **told.labels})
        if fields and isinstance(told, LogLine):
            told = told._replace(
                fields=fields | {key: value for key, value in told.fields.items() if value is not None}
            )
        yield told


def _pieces(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as opened:
            while piece := opened.read(_PIECE_BYTES):
                yield piece
    except OSError as error:
        raise Malformed(f"cannot read {file}: {error}", pointer=str(file)) from error
