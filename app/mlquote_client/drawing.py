"""Figures for eyes: lines of text, and a table of HTML with a band for each range, without script or style sheet."""

from collections.abc import Sequence
from html import escape
from math import log10
from typing import Any

_LINES = 12
_ROWS = 24
_WIDE = 160
_BAND, _MARK, _LINE = "#9ec5e8", "#1f4e79", "#8888"
WORDS = "eight in ten outcomes lie in the band; the mark is the middle one"


def as_text(title: str, figures: Sequence[Any]) -> str:
    """A line a figure: what is uncertain first, dollars before all."""
    shown = sorted((each for each in figures if each.central is not None), key=_place)[:_LINES]
    lines = [f"  {each.name}: {_in_words(each)}" for each in shown]
    more = len(figures) - len(shown)
    return "\n".join([f"{title}:", *lines, *([f"  and {more} more: .figures(), .to_pandas()"] if more > 0 else [])])


def as_html(figures: Sequence[Any], warnings: Sequence[str]) -> str:
    """A table: name, band, range in words, unit; warnings below."""
    known = [each for each in figures if each.central is not None or each.text]
    shown = sorted(known, key=_place)[:_ROWS]
    rows = "".join(
        f"<tr><td>{escape(each.name)}</td><td>{_band(each)}</td>"
        f"<td style='text-align:right'>{escape(_in_words(each, unit=False))}</td><td>{escape(each.unit)}</td></tr>"
        for each in shown
    )
    more = len(figures) - len(shown)
    notes = [WORDS] if any(each.low is not None for each in shown) else []
    notes += [f"and {more} more: to_pandas()"] if more > 0 else []
    told = "".join(f"<li>{escape(each)}</li>" for each in warnings)
    return (
        f"<table><thead><tr><th>figure</th><th></th><th>middle (low to high)</th><th>unit</th></tr></thead>"
        f"<tbody>{rows}</tbody></table><p>{escape('; '.join(notes))}</p>" + (f"<ul>{told}</ul>" if told else "")
    )


def _place(figure: Any) -> tuple[bool, bool]:
    """Dollars with a range first, then what else has a range, then the rest as it comes."""
    return figure.low is None, not figure.unit.startswith("$")


def _in_words(figure: Any, *, unit: bool = True) -> str:
    if figure.central is None:
        return str(figure.text)
    name = f" {figure.unit}" if unit and figure.unit else ""
    if figure.low is None or figure.high is None or figure.low == figure.high:
        return f"{shown(figure.central)}{name}"
    return f"{shown(figure.central)} ({shown(figure.low)} to {shown(figure.high)}){name}"


def _band(figure: Any) -> str:
    """A range on a scale of its own from nothing to a little beyond its high end; logarithmic where it spans much."""
    if figure.low is None or figure.high is None or not 0 <= figure.low < figure.high:
        return ""
    is_wide = figure.low > 0 and figure.high > 30 * figure.low
    ends = [log10(each) if is_wide else each for each in (figure.low, figure.central or figure.low, figure.high)]
    least = ends[0] - 0.1 * (ends[2] - ends[0]) if is_wide else 0.0
    low, middle, high = (_WIDE * (each - least) / (1.1 * (ends[2] - least)) for each in ends)
    said = f"{figure.name}: {_in_words(figure)}: eight in ten"
    return (
        f"<svg width='{_WIDE}' height='14' role='img' aria-label='{escape(said, quote=True)}'>"
        f"<title>{escape(said)}</title><line x1='0' y1='7' x2='{_WIDE}' y2='7' stroke='{_LINE}'/>"
        f"<rect x='{low:.1f}' y='3' width='{max(high - low, 1):.1f}' height='8' fill='{_BAND}'/>"
        f"<line x1='{middle:.1f}' y1='1' x2='{middle:.1f}' y2='13' stroke='{_MARK}' stroke-width='2'/></svg>"
    )


def shown(value: float) -> str:
    """Four significant digits, thousands grouped."""
    if value == 0 or 1e-4 <= abs(value) < 1000:
        return f"{value:.4g}"
    return f"{value:,.0f}" if abs(value) < 1e15 and abs(value) >= 1000 else f"{value:.4g}"
