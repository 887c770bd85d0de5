"""An answer as Markdown: a pull-request comment."""

from collections.abc import Mapping, Sequence
from typing import Any

from mlquote.render.figures import Figure, cell, estimate, figures, shown, tables
from mlquote.render.harmless import in_markdown


def rendered(answer: Mapping[str, Any], *, detail: str = "full") -> str:
    """An envelope, or any mapping, as Markdown tables."""
    result = answer.get("result", answer)
    if not isinstance(result, Mapping):
        return f"{in_markdown(shown(result))}\n"
    rows = [[in_markdown(f.name), *_values(f), f.unit] for f in figures(result)]
    parts = [table(["figure", "low", "central", "high", "unit"], rows)] if rows else []
    for name, members in tables(result):
        columns = list(members[0])
        parts.append(f"**{name}**\n\n" + table(columns, [[_cell(c, m.get(c)) for c in columns] for m in members]))
    parts += [f"- ⚠️ `{w['code']}` {in_markdown(w['detail'])}\n" for w in answer.get("warnings", ())]
    if "catalog" in answer:
        parts.append(f"Release `{answer['catalog']['release']}`, as of {shown(answer['catalog']['as_of'])}.\n")
    return "\n".join(parts)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; pipes inside cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


_OURS = "source_url"
"""The column of the catalogue's own addresses, which may be followed."""


def _cell(column: str, value: Any) -> str:
    return cell(column, value) if column == _OURS else in_markdown(cell(column, value))


def _values(figure: Figure) -> tuple[str, str, str]:
    if figure.low is None:
        return "", in_markdown(cell(figure.name, figure.value)), ""
    return estimate(figure.low), estimate(figure.value), estimate(figure.high)
