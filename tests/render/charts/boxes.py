"""Where the words of an SVG stand, measured with the shipped fonts, at a width."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import NamedTuple

from mlquote.render.charts.canvas import size_of
from mlquote.render.charts.letters import width_of

SVG = "{http://www.w3.org/2000/svg}"
_GUTTER = re.compile(r"\bg(\d+)\b")


class Box(NamedTuple):
    """One line of words in px."""

    words: str
    left: float
    right: float
    top: float
    bottom: float


def boxes(drawing: str, width: float) -> list[Box]:
    """Every text of a drawing: of a fluid one in a window that leaves it `width`, of a picture as it is."""
    root = ET.fromstring(drawing)
    gutter = _GUTTER.search(root.get("class", ""))
    room = width - (int(gutter[1]) if gutter else 0)
    return list(_found(root, room))


def _found(root: ET.Element, room: float) -> Iterator[Box]:
    for text in root.iter(f"{SVG}text"):
        classes = text.get("class", "").split()
        kind = next((each for each in classes if each not in ("mid", "end")), "")
        size, is_bold = size_of(kind)
        size, is_bold = float(text.get("font-size", size)), is_bold or text.get("font-weight") == "600"
        anchor = next(
            (a for a in ("mid", "end") if a in classes),
            {"middle": "mid", "end": "end"}.get(text.get("text-anchor", ""), ""),
        )
        x = text.get("x", "0")
        at = float(x[:-1]) / 100 * room if x.endswith("%") else float(x)
        words = text.text or ""
        wide = width_of(words, size, is_bold=is_bold)
        left = at + float(text.get("dx", 0)) - {"": 0.0, "mid": wide / 2, "end": wide}[anchor]
        y = float(text.get("y", "0"))
        yield Box(words, left, left + wide, y - 0.75 * size, y + 0.2 * size)


def overlaps(found: list[Box]) -> list[tuple[str, str]]:
    """Pairs of words that touch."""
    return [
        (a.words, b.words)
        for n, a in enumerate(found)
        for b in found[n + 1 :]
        if a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom
    ]
