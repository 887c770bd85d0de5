"""An answer as CSV: one figure a line, digits as computed; numbers and words in columns of their own, for pandas."""

import csv
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from io import StringIO
from typing import Any

from mlquote.render.figures import Figure, figures, tables
from mlquote.render.harmless import in_csv

HEADER = ("name", "low", "central", "high", "unit", "text")
"""`low`, `central` and `high` hold numbers alone; words, yes and no, and moments are `text`."""


def rendered(answer: Mapping[str, Any]) -> str:
    """The figures of an envelope or mapping; a bare list of rows (a catalogue page) keeps its own columns."""
    result = answer.get("result", answer)
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if isinstance(result, Mapping) and isinstance(result.get("rows"), list | tuple):
        _write_rows(writer, list(result["rows"]))
        return out.getvalue()
    writer.writerow(HEADER)
    if isinstance(result, Mapping):
        writer.writerows(_cells(figure) for figure in figures(result))
        for name, members in tables(result):
            for place, member in enumerate(members):
                writer.writerows(_cells(figure) for figure in figures(member, f"{name}.{place}."))
    return out.getvalue()


def _cells(figure: Figure) -> list[Any]:
    """A figure's cells under HEADER."""
    name, value = in_csv(figure.name), figure.value
    if value is None or (isinstance(value, int | float | Decimal) and not isinstance(value, bool)):
        return [name, _plain(figure.low), _plain(value), _plain(figure.high), figure.unit, ""]
    return [name, "", "", "", figure.unit, str(value).lower() if isinstance(value, bool) else _plain(value)]


def _write_rows(writer: Any, rows: list[Mapping[str, Any]]) -> None:
    flat = [_flat(row) for row in rows]
    columns = list(dict.fromkeys(column for row in flat for column in row))
    writer.writerow([in_csv(column) for column in columns])
    writer.writerows([_plain(row.get(column)) for column in columns] for row in flat)


def _flat(row: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """A row with a column for each part of what it nests (`cost_usd.low`), and a list as one cell."""
    cells: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            cells |= _flat(value, f"{prefix}{name}.")
        else:
            cells[f"{prefix}{name}"] = _listed(value)
    return cells


def line(cells: Iterable[Any]) -> str:
    """One line of cells, written as everywhere in CSV."""
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerow([_plain(_listed(cell)) for cell in cells])
    return out.getvalue()


def _listed(value: Any) -> Any:
    """A list as one cell."""
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else value


def _plain(value: Any) -> Any:
    """A cell: nothing for null, a moment as JSON has it, and no text that a spreadsheet would compute."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return "" if value is None else in_csv(value)
