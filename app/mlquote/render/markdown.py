"""An answer as Markdown: a pull-request comment."""

from collections.abc import Mapping, Sequence
from typing import Any

from mlquote.render.brief import headline
from mlquote.render.figures import Figure, cell, estimate, figures, shown, tables
from mlquote.render.harmless import in_markdown


def rendered(answer: Mapping[str, Any], *, detail: str = "full") -> str:
    """An envelope as one bold sentence with its tables folded below; any other mapping as tables."""
    result = answer.get("result", answer)
    if not isinstance(result, Mapping):
        return f"{in_markdown(shown(result))}\n"
    rows = [[in_markdown(f.name), *_values(f), f.unit] for f in figures(result)]
    parts = [table(["figure", "low", "central", "high", "unit"], rows)] if rows else []
    for name, members in tables(result):
        columns = list(members[0])
        parts.append(f"**{name}**\n\n" + table(columns, [[_cell(c, m.get(c)) for c in columns] for m in members]))
    warnings = [f"- ⚠️ `{w['code']}` {in_markdown(w['detail'])}\n" for w in answer.get("warnings", ())]
    if "catalog" not in answer:
        return "\n".join([*parts, *warnings])
    warned = "".join(warnings)
    release = f"Release `{answer['catalog']['release']}`, as of {shown(answer['catalog']['as_of'])}.\n"
    sentence = f"**{in_markdown(headline(answer) or 'No figure')}**{_heard(len(warnings))}\n"
    if detail == "brief":
        return f"{sentence}\n{release}"
    return "\n".join([sentence, _folded("Figures and warnings", [*parts, warned] if warned else parts), release])


def _heard(warnings: int) -> str:
    return f" ({warnings} warning{'s' if warnings > 1 else ''})" if warnings else ""


def _folded(title: str, parts: Sequence[str]) -> str:
    """What opens when it is clicked on."""
    inner = "\n".join(parts)
    return f"<details><summary>{title}</summary>\n\n{inner}\n</details>\n"


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
