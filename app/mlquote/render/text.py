"""An answer as an aligned table for a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from mlquote.render.brief import brief
from mlquote.render.figures import Figure, cell, estimate, figures, shown, tables
from mlquote.render.harmless import on_one_line


def rendered(answer: Mapping[str, Any], *, detail: str = "full") -> str:
    """An envelope, or any mapping, as lines of text that end in a newline."""
    if detail == "brief":
        return brief(answer)
    if "result" not in answer:
        return _section(answer)
    parts = [_section(answer["result"]), *_warnings(answer)]
    catalog = answer.get("catalog")
    if catalog:
        ranges = ", 80 % ranges" if _has_ranges(answer["result"]) else ""
        parts.append(f"release {catalog['release']}, prices as of {shown(catalog['as_of'])}{ranges}\n")
    return "\n".join(parts)


def aligned(rows: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """Rows of cells as columns: the first `left` ones flush left, the others flush right."""
    rows = [[on_one_line(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = (
        "  ".join(c.ljust(w) if i < left else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _section(result: Any) -> str:
    if not isinstance(result, Mapping):
        return f"{shown(result)}\n"
    listed = list(figures(result))
    numbers = [_cells(f) for f in listed if not isinstance(f.value, str)]
    head = [("", "low", "central", "high", "unit")] if _has_ranges(result) else []
    parts = [aligned(head + numbers)] if numbers else []
    words = [(f.name, f.value) for f in listed if isinstance(f.value, str)]
    if words:
        parts.append(aligned(words, left=2))
    for name, rows in tables(result):
        columns = list(rows[0])
        body = [[cell(column, row.get(column)) for column in columns] for row in rows]
        parts.append(f"{name}\n" + aligned([columns, *body]))
    return "\n".join(parts)


def _has_ranges(result: Any) -> bool:
    return isinstance(result, Mapping) and any(figure.low is not None for figure in figures(result))


def _cells(figure: Figure) -> tuple[str, str, str, str, str]:
    if figure.low is None:
        return figure.name, "", cell(figure.name, figure.value), "", figure.unit
    return figure.name, estimate(figure.low), estimate(figure.value), estimate(figure.high), figure.unit


def _warnings(answer: Mapping[str, Any]) -> list[str]:
    lines = "".join(f"! {w['code']}: {w['detail']}\n" for w in answer.get("warnings", ()))
    return [lines] if lines else []
