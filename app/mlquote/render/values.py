"""An answer of plain values, each with its name and every digit: text, CSV and Markdown of what a loss answers.

A loss has no ranges and no units, and whoever asks for a gradient wants it on every face: arrays are listed entry by
entry under the place they stand at, `gradient.predictions[0,2]`.
"""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any

from mlquote.render.markdown import table
from mlquote.render.text import aligned


def text(answer: Mapping[str, Any]) -> str:
    """A name and its value a line."""
    rows = list(values(answer))
    return aligned(rows, left=2) if rows else ""


def comma_separated(answer: Mapping[str, Any]) -> str:
    """Two columns, name and value."""
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows([("name", "value"), *values(answer)])
    return out.getvalue()


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
