"""A spec as SVG: fluid for a page, or a picture that stands alone."""

from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from mlquote.render.charts.canvas import NARROWEST, Canvas, size_of
from mlquote.render.charts.contours import draw_contours
from mlquote.render.charts.letters import width_of, wrapped
from mlquote.render.charts.parts import bars_scale, draw_bars, draw_meter, draw_parts
from mlquote.render.charts.plots import axis_of, draw_curves, draw_points
from mlquote.render.charts.ranges import draw_bands, draw_dots
from mlquote.render.charts.scales import Linear, plain
from mlquote.render.charts.specs import (
    Bands,
    Bars,
    Contours,
    Curves,
    Dots,
    Meter,
    Panel,
    Parts,
    Picture,
    Points,
    Steps,
)
from mlquote.render.charts.stairs import draw_steps, scales_of
from mlquote.render.charts.themes import FONT, GUTTERS, THEMES, Theme

_DRAW: Mapping[type[Any], Callable[[Any, Canvas], float]] = {
    Dots: draw_dots,
    Bands: draw_bands,
    Parts: draw_parts,
    Steps: draw_steps,
    Points: draw_points,
    Curves: draw_curves,
    Bars: draw_bars,
    Meter: draw_meter,
    Contours: draw_contours,
}
_NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'
_EDGE = 20.0
"""Room around a picture in px."""


def svg(spec: Panel | Picture, theme: Theme | None = None, width: int | None = None, *, name: str = "chart") -> str:
    """A chart as SVG.

    Args:    spec: one panel, or a picture of several
             theme: None for a fluid drawing with the classes of `themes.sheet()`; else its colours are written out
             width: in px; of a fluid drawing the narrowest that it must fit, default 254
             name: begins the ids of the text alternatives, unlike any other on the page
    Raises:  ValueError for a picture that is to be fluid: a page sets its panels itself
    """
    if isinstance(spec, Picture):
        if theme is None:
            raise ValueError("a picture has a theme; a page sets its panels itself")
        return _picture(spec, theme, width or 960, name)
    if theme is None:
        return _fluid(spec, width or NARROWEST, name)
    return _picture(Picture(spec.title, "", (spec,), (), spec.desc), theme, width or 960, name)


def _fluid(spec: Panel, width: float, name: str) -> str:
    gutter = gutter_of(spec)
    canvas = Canvas(None, width - gutter)
    height = _DRAW[type(spec)](spec, canvas)
    alternatives, labelled = _alternatives(spec.title, spec.desc, name)
    classes = f"ch g{gutter}" if gutter else "ch"
    head = f'<svg {_NAMESPACE} class="{classes}" height="{height:g}" role="img"{labelled}>'
    return f"{head}{alternatives}{''.join(canvas.marks)}</svg>"


def _alternatives(title: str, desc: str, name: str) -> tuple[str, str]:
    """The title and the description, and the attributes that point to them."""
    said = f'<title id="{name}-t">{escape(title)}</title>'
    if not desc:
        return said, f' aria-labelledby="{name}-t"'
    return (
        f'{said}<desc id="{name}-d">{escape(desc)}</desc>',
        f' aria-labelledby="{name}-t" aria-describedby="{name}-d"',
    )


def gutter_of(spec: Panel) -> int:
    """Room left of the plot for the words of its y axis."""
    words = [tick.label for tick in _side_ticks(spec)]
    wide = max((width_of(each) for each in words), default=-9)
    return 0 if wide < 0 else next((each for each in GUTTERS if each >= wide + 9), GUTTERS[-1])


def _side_ticks(spec: Panel) -> list[Any]:
    if isinstance(spec, Steps):
        return scales_of(spec)[1].ticks(7)
    if isinstance(spec, Points):
        return axis_of(spec.y, [v for p in spec.points for v in (p.y, p.low, p.high) if v is not None]).ticks(6)
    if isinstance(spec, Curves):
        ys = [v for curve in spec.curves for v in (*curve.ys, *curve.lows, *curve.highs)]
        return axis_of(spec.y, [*ys, *(mark.y for mark in spec.marks)]).ticks(6)
    if isinstance(spec, Bars):
        return bars_scale(spec).ticks(5)
    if isinstance(spec, Contours):
        return Linear(min(spec.ys), max(spec.ys), plain).ticks(6)
    return []


def _picture(spec: Picture, theme: Theme, width: int, name: str) -> str:
    """Title, sentence, panels and foot, one below the other, on the theme's surface."""
    page = Canvas(theme, width - 2 * _EDGE, left=_EDGE)
    down = _words(page, spec.title, "big", _EDGE + 14)
    down = _words(page, spec.says, "says", down + 2) if spec.says else down
    for panel in spec.panels:
        down = _words(page, panel.title, "lab", down + 26) if len(spec.panels) > 1 and panel.title else down + 4
        gutter = gutter_of(panel)
        canvas = Canvas(theme, page.width - gutter, left=_EDGE + gutter, top=down)
        down += _DRAW[type(panel)](panel, canvas)
        page.marks += canvas.marks
    down += 14
    for line in spec.foot:
        down = _words(page, line, "foot", down + 4)
    alternatives, labelled = _alternatives(f"{spec.title}. {spec.says}".strip(), spec.desc, name)
    height = round(down + 6)
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    ground = f'<rect width="100%" height="100%" fill="{THEMES[theme]["surface"]}"/>'
    head = f'<svg {_NAMESPACE} {size} role="img"{labelled} font-family="{FONT}" font-size="12">'
    return f"{head}{alternatives}{ground}{''.join(page.marks)}</svg>"


def _words(page: Canvas, words: str, name: str, down: float) -> float:
    """Words over as many lines as they take; where the next thing may begin."""
    size, is_bold = size_of(name)
    for line in wrapped(words, page.width, size, is_bold=is_bold):
        page.text(0, down, line, name)
        down += size * 1.4
    return down
