"""An answer of plain values, each with its name and every digit: text, CSV and Markdown of what a loss answers.

A loss has no ranges and no units, and whoever asks for a gradient wants it on every face: arrays are listed entry by
entry under the place they stand at, `gradient.predictions[0,2]`.
"""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any

from mlquote.render.brief import LINES, fitted
from mlquote.render.harmless import in_csv
from mlquote.render.markdown import table
from mlquote.render.text import aligned


def text(answer: Mapping[str, Any]) -> str:
    """A name and its value a line."""
    rows = list(values(answer))
    return aligned(rows, left=2) if rows else ""


def brief(answer: Mapping[str, Any]) -> str:
    """The first screen: single values, and of each list how many it holds; the rest with `detail=full`."""
    rows = list(_summed(answer))
    lines = aligned(rows[: LINES - 1], left=2).splitlines() if rows else []
    left = len(rows) - len(lines)
    more = [f"and {left} more: detail=full" if left else "every entry: detail=full"]
    return "".join(f"{fitted(line)}\n" for line in (*lines, *more))


def _summed(answer: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, str]]:
    """Single values by their names, those that are not null; a list as how many values it holds."""
    for field, inner in answer.items():
        name = f"{place}{field}"
        if isinstance(inner, Mapping):
            yield from _summed(inner, f"{name}.") if field not in _ASIDE else ()
        elif isinstance(inner, list | tuple):
            count = sum(1 for _ in values(inner))
            if count:
                yield name, f"{count} values" if count > 1 else str(next(values(inner))[1])
        elif inner is not None:
            yield name, str(inner)


_ASIDE = frozenset({"resolved", "properties"})
"""What explains a value and is none."""


def comma_separated(answer: Mapping[str, Any]) -> str:
    """Two columns, name and value."""
    out = StringIO()
    rows = ((in_csv(name), _cell(value)) for name, value in values(answer))
    csv.writer(out, lineterminator="\n").writerows([("name", "value"), *rows])
    return out.getvalue()


def _cell(value: str) -> object:
    """A number as it is, a minus before it too; text that would be computed led by an apostrophe."""
    try:
        float(value)
    except ValueError:
        return in_csv(value)
    return value


def markdown(answer: Mapping[str, Any]) -> str:
    """A table of two columns."""
    return table(["name", "value"], list(values(answer)))


def values(value: Any, name: str = "", place: tuple[int, ...] = ()) -> Iterator[tuple[str, str]]:
    """Every value of an answer with its name: fields joined with dots, places in brackets."""
    label = f"{name}[{','.join(map(str, place))}]" if place else name
    if isinstance(value, Mapping):
        for field, inner in value.items():
            yield from values(inner, f"{label}.{field}" if label else str(field))
    elif isinstance(value, list | tuple):
        for at, inner in enumerate(value):
            yield from values(inner, name, (*place, at))
    else:
        yield label, "" if value is None else str(value)


FACES = {"text": text, "csv": comma_separated, "markdown": markdown}
