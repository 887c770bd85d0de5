"""Badges: a label and a value in one line of 20 px, for a README or a pull request."""

from typing import Literal
from xml.sax.saxutils import escape

from mlquote.render.charts.letters import shortened, width_of

Tone = Literal["plain", "good", "warn", "bad", "unknown"]
_COLOURS: dict[Tone, str] = {
    "plain": "#1d5bb8", "good": "#0f6b4f", "warn": "#8a4b00", "bad": "#a8201a", "unknown": "#5d6670",
}  # fmt: skip
"""Each bears white text at 4.5 to 1 or more, on a page of either theme."""
_LABEL, _SIZE, _PAD, _MOST = "#48505a", 11, 7, 300


def badge(label: str, value: str, tone: Tone = "plain", says: str = "") -> str:
    """The badge as SVG; `says` is its text alternative, the label and the value where it is empty."""
    label, value = (shortened(each, _MOST, _SIZE) for each in (label, value))
    first, second = (width_of(each, _SIZE) for each in (label, value))
    left, right = round(first + 2 * _PAD), round(second + 2 * _PAD)
    title = escape(says or f"{label}: {value}")
    size = f'width="{left + right}" height="20" role="img" aria-labelledby="t"'
    boxes = f'<rect width="{left}" height="20" fill="{_LABEL}"/>'
    boxes += f'<rect x="{left}" width="{right}" height="20" fill="{_COLOURS[tone]}"/>'
    words = _words(label, _PAD, first) + _words(value, left + _PAD, second)
    font = f'font-family="DejaVu Sans, Verdana, sans-serif" font-size="{_SIZE}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font}>'
    return f'{head}<title id="t">{title}</title>{boxes}<g fill="#ffffff">{words}</g></svg>'


def _words(words: str, x: float, wide: float) -> str:
    """Words that take the room they were measured in, whatever font a reader has."""
    return f'<text x="{x:g}" y="14" textLength="{wide:.0f}" lengthAdjust="spacingAndGlyphs">{escape(words)}</text>'
