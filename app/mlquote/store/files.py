"""pricing_data/ -> rows, checked as a whole: every fault is reported at once as file:row:column.

A table is `pricing_data/<table>.csv`, or every file in `pricing_data/<table>/`. `release.toml` beside them dates the
release. The header is the row type's fields, in order; blank is unknown.
"""

import csv
import hashlib
import math
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from mlquote.catalog.checks import Located, checked_after, faults_of
from mlquote.catalog.release import Release, release_of, row_digest
from mlquote.catalog.snapshot import Snapshot
from mlquote.catalog.suspects.registry import unjudged
from mlquote.catalog.suspects.smell import Suspect
from mlquote.catalog.tables import TABLE, TABLES, Table
from mlquote.kit.errors import Fault, InvalidCatalog


@dataclass(frozen=True, slots=True)
class CatalogFiles:
    """A folder's rows, each with its digest, and the release they make."""

    release: Release
    rows: Mapping[str, tuple[tuple[str, Any], ...]]
    """Table name -> (row digest, row)."""


def bundled_folder() -> Path:
    """Where this installation keeps pricing_data: inside the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "pricing_data"
    return inside if inside.is_dir() else package.parent.parent / "pricing_data"


def files_digest(folder: Path) -> str:
    """A digest of the files as they lie there: equal digests need no second reading."""
    digest = hashlib.sha256()
    for path in [folder / "release.toml", *(path for table in TABLES for path in _files(folder, table))]:
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def read_catalog(folder: Path) -> CatalogFiles:
    """Read and check every file.

    Raises: InvalidCatalog with every fault found, when there is any.
    """
    faults: list[Fault] = []
    located = _located(folder, faults)
    published_on, note = _release_head(folder, faults)
    faults.extend(faults_of(located))
    faults.extend(checked_after(located, published_on))
    if faults:
        first = f"{faults[0].pointer}: {faults[0].detail}"
        raise InvalidCatalog(f"{len(faults)} fault(s) in {folder.name}/, the first at {first}", faults=faults)
    rows = {name: tuple((row_digest(TABLE[name], m.row), m.row) for m in members) for name, members in located.items()}
    release = release_of({TABLE[name]: pairs for name, pairs in rows.items()}, published_on=published_on, note=note)
    return CatalogFiles(release, rows)


def suspects_in(folder: Path) -> tuple[Suspect, ...]:
    """Rows of these files that smell and that nobody has judged, in the order of the smells.

    Raises: InvalidCatalog with every fault, where the files make no catalogue
    """
    read_catalog(folder)
    return unjudged(_located(folder, []))


def release_date(folder: Path) -> date:
    """The day in `release.toml`.

    Raises: InvalidCatalog when there is none.
    """
    faults: list[Fault] = []
    published_on, _ = _release_head(folder, faults)
    if faults:
        raise InvalidCatalog(faults[0].detail, faults=faults)
    return published_on


def snapshot_from_files(folder: Path) -> Snapshot:
    """The snapshot that these files make, the same as the database gives after their import."""
    catalog = read_catalog(folder)
    return Snapshot(catalog.release, {name: [row for _, row in pairs] for name, pairs in catalog.rows.items()})


def table_from_files(folder: Path, name: str) -> list[Any]:
    """The rows of one table, read by itself.

    Raises: InvalidCatalog when its files cannot be read
    """
    faults: list[Fault] = []
    table = TABLE[name]
    members = [m for path in _files(folder, table) for m in _read(path, path.name, table, faults)]
    if faults:
        raise InvalidCatalog(f"{faults[0].pointer}: {faults[0].detail}", faults=faults)
    return [member.row for member in members]


def _located(folder: Path, faults: list[Fault]) -> dict[str, list[Located]]:
    located: dict[str, list[Located]] = {}
    for table in TABLES:
        members = located.setdefault(table.name, [])
        for path in _files(folder, table):
            members.extend(_read(path, path.relative_to(folder).as_posix(), table, faults))
    return located


def _files(folder: Path, table: Table) -> list[Path]:
    single = folder / f"{table.name}.csv"
    return ([single] if single.is_file() else []) + sorted((folder / table.name).glob("*.csv"))


def _release_head(folder: Path, faults: list[Fault]) -> tuple[date, str]:
    try:
        head = tomllib.loads((folder / "release.toml").read_text("utf-8"))
        published_on = head["published_on"]
        if not isinstance(published_on, date) or isinstance(published_on, datetime):
            raise TypeError("published_on is not a date")
        return published_on, str(head.get("note", ""))
    except (OSError, KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        faults.append(Fault("release.toml:1:published_on", f"no release date: {error}", "published_on = 2026-11-23"))
        return date.min, ""


def _read(path: Path, name: str, table: Table, faults: list[Fault]) -> Iterator[Located]:
    try:
        reader = csv.reader(path.read_text("utf-8").splitlines(keepends=True), strict=True)
        lines = [(reader.line_num, cells) for cells in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        faults.append(Fault(f"{name}:1:", f"not a UTF-8 CSV file: {error}"))
        return
    header = tuple(lines[0][1]) if lines else ()
    if header != table.columns:
        missing = [c for c in table.columns if c not in header]
        extra = [c for c in header if c not in table.columns]
        detail = f"missing {missing}, unknown {extra}" if missing or extra else "columns out of order"
        faults.append(Fault(f"{name}:1:", f"header does not match {table.name}: {detail}", ",".join(table.columns)))
        return
    readers = [(column, *_reader(*table.types[column])) for column in table.columns]
    for number, cells in lines[1:]:
        if len(cells) != len(header):
            faults.append(Fault(f"{name}:{number}:", f"{len(cells)} cells where the header has {len(header)}"))
            continue
        values: dict[str, Any] = {}
        sound = True
        for (column, convert, hint), cell in zip(readers, cells, strict=True):
            try:
                values[column] = convert(cell)
            except (ValueError, InvalidOperation):
                faults.append(Fault(f"{name}:{number}:{column}", f"{cell!r} is not {hint}"))
                sound = False
        if sound:
            yield Located(name, number, table.row(**values))


def _reader(kind: type[Any], blank: bool, words: tuple[str, ...]) -> tuple[Callable[[str], Any], str]:
    convert, hint = _CONVERTERS[kind]
    if words:
        allowed = {word: word for word in words}

        def closed(cell: str) -> str:
            try:
                return allowed[cell]
            except KeyError:
                raise ValueError(cell) from None

        return closed, f"one of {', '.join(words)}"
    if kind is str:
        return convert, hint
    if blank:
        return lambda cell: None if cell == "" else convert(cell), f"{hint} or blank"
    return convert, hint


def _finite(cell: str) -> float:
    value = float(cell)
    if not math.isfinite(value):
        raise ValueError(cell)
    return value


def _decimal(cell: str) -> Decimal:
    value = Decimal(cell)
    if not value.is_finite():
        raise ValueError(cell)
    return value


def _boolean(cell: str) -> bool:
    if cell not in ("true", "false"):
        raise ValueError(cell)
    return cell == "true"


def _instant(cell: str) -> datetime:
    if len(cell) == 10:
        day = date.fromisoformat(cell)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    if not cell.endswith("Z"):
        raise ValueError(cell)
    return datetime.fromisoformat(cell).astimezone(UTC)


_CONVERTERS: dict[type[Any], tuple[Callable[[str], Any], str]] = {
    str: (str, "text"),
    int: (int, "a whole number"),
    float: (_finite, "a finite number"),
    Decimal: (_decimal, "a finite decimal"),
    bool: (_boolean, "true or false"),
    date: (date.fromisoformat, "a date such as 2026-11-23"),
    datetime: (_instant, "a date or an instant such as 2026-08-16T16:00:00Z"),
}
