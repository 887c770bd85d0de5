"""Amendments written into pricing_data: all of them into a sound catalogue, or none."""

import csv
import io
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from mlquote.catalog.rows import GridIntensity
from mlquote.catalog.tables import TABLE, Table
from mlquote.kit.errors import Conflict
from mlquote.store.files import CatalogFiles, read_catalog
from mlquote.upstreams.amending import Amendment, cells


def amend(folder: Path, changes: Iterable[Amendment], *, published_on: date, note: str) -> CatalogFiles:
    """Write rows that end and rows that begin, and a new head of the release; the catalogue that they make.

    A copy is changed and checked first; then each changed file takes its place by one rename.
    Raises: InvalidCatalog with every fault that the changes would make; Conflict where a row is not as it was held
    """
    changed: dict[str, list[Amendment]] = {}
    for change in changes:
        changed.setdefault(_file_of(folder, change), []).append(change)
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        copy = Path(place) / folder.name
        shutil.copytree(folder, copy)
        for name, members in changed.items():
            _write(copy / name, members)
        _write_head(copy / "release.toml", published_on, note)
        sound = read_catalog(copy)
        for name in (*changed, "release.toml"):
            os.replace(copy / name, folder / name)
    return sound


def _file_of(folder: Path, change: Amendment) -> str:
    """The file that holds a table's rows: of a folder, the one of the row's seller, or of its dataset."""
    if (folder / f"{change.table}.csv").is_file():
        return f"{change.table}.csv"
    if isinstance(change.after, GridIntensity):
        return _file_of_dataset(folder, change.after.dataset)
    return f"{change.table}/{change.after.provider}.csv"


def _file_of_dataset(folder: Path, dataset: str) -> str:
    """The file in which a dataset's rows lie; of a new one, a file of its name."""
    place = TABLE["grid_intensity"].columns.index("dataset")
    for path in sorted(folder.glob("grid_intensity/*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            if any(line[place] == dataset for line in csv.reader(lines)):
                return f"grid_intensity/{path.name}"
    return f"grid_intensity/{'_'.join(re.findall('[a-z0-9]+', dataset.casefold()))}.csv"


def _write(path: Path, changes: Iterable[Amendment]) -> None:
    changes = list(changes)
    table = TABLE[changes[0].table]
    lines = list(csv.reader(io.StringIO(path.read_text("utf-8")))) if path.exists() else [list(table.columns)]
    at: Mapping[tuple[str, ...], int] = {tuple(line): number for number, line in enumerate(lines)}
    following: dict[int, list[list[str]]] = {}
    for change in changes:
        if change.before is None:
            following.setdefault(_place(table, lines, cells(change.after)), []).append(cells(change.after))
            continue
        number = at.get(tuple(cells(change.before)))
        if number is None:
            raise Conflict(f"{path.name}: {table.label(change.before)} is not as it was held", hint="review again")
        lines[number] = cells(change.after)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for number, line in enumerate(lines):
        writer.writerow(line)
        writer.writerows(sorted(following.get(number, ())))
    path.write_text(text.getvalue(), "utf-8")


def _place(table: Table, lines: list[list[str]], new: list[str]) -> int:
    """After which line a row stands: the last that shares most of its key, so that versions and kin stay together."""
    parts = [table.columns.index(column) for column in table.key]

    def shared(line: list[str]) -> int:
        return next((n for n, part in enumerate(parts) if line[part] != new[part]), len(parts))

    return max(range(1, len(lines)), key=lambda number: (shared(lines[number]), number), default=0)


def _write_head(path: Path, published_on: date, note: str) -> None:
    escaped = note.replace("\\", "\\\\").replace('"', '\\"')
    path.write_text(f'published_on = {published_on}\nnote = "{escaped}"\n', "utf-8")
