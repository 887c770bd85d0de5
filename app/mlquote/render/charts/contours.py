"""A surface from above: filled levels, the places where it is flat, and a descent walking over it."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import hypot
from typing import Any

import numpy as np
from contourpy import FillType, contour_generator

from mlquote.render.charts.amounts import significant
from mlquote.render.charts.canvas import Canvas
from mlquote.render.charts.letters import shortened
from mlquote.render.charts.scales import Linear, plain
from mlquote.render.charts.specs import Contours, Spot, Trail
from mlquote.render.charts.themes import SERIES

STEPS = 6
"""Levels of colour, the strongest lowest."""
SHARES = (0.08, 0.22, 0.4, 0.6, 0.8)
"""How much of the map lies below each edge between two colours."""
_FLUID_TALL, _FAR = 300.0, 8.0
_MARKS = {
    "minimum": ("low", 6.0),
    "maximum": ("out", 5.0),
    "saddle": ("saddle", 5.0),
    "valley": ("low", 4.0),
    "start": ("f2", 5.0),
}


def levels_of(heights: Sequence[Sequence[float]]) -> list[float]:
    """Edges between the colours: by shares of the map's area, so that a bowl shows rings and a valley its floor."""
    flat = np.asarray(heights, dtype=float)
    flat = flat[np.isfinite(flat)]
    if flat.size == 0 or flat.min() == flat.max():
        return []
    low, high = float(flat.min()), float(flat.max())
    return sorted({float(edge) for edge in np.quantile(flat, SHARES) if low < edge < high})


def draw_contours(spec: Contours, canvas: Canvas) -> float:
    """Levels, path, named points, axes and the legend; the height in px."""
    x, y = (Linear(min(values), max(values), plain) for values in (spec.xs, spec.ys))
    top = 20.0
    tall = (top, top + (_FLUID_TALL if canvas.theme is None else max(180.0, min(380.0, canvas.width))))
    levels = levels_of(spec.heights)
    _filled(canvas, spec, levels, tall)
    for way in spec.ways:
        _walk(canvas, way, (x, y), tall)
    for tick in y.ticks(6):
        canvas.text(0, tall[1] - tick.at * (tall[1] - tall[0]) + 4, tick.label, anchor="end", dx=-8)
    canvas.bottom_axis(x, tall, has_lines=False)
    canvas.text(0, 10, spec.y_words, "sub")
    canvas.text(1, tall[1] + 36, spec.x_words, "sub", anchor="end")
    for point in spec.named:
        _point(canvas, point, (x.at(point.x), tall[1] - y.at(point.y) * (tall[1] - tall[0])))
    return _legend(canvas, levels, _ways_named(canvas, spec.ways, tall[1] + 52))


def _filled(canvas: Canvas, spec: Contours, levels: Sequence[float], tall: tuple[float, float]) -> None:
    """A path a level, holes cut out."""
    heights = np.ma.masked_invalid(np.asarray(spec.heights, dtype=float))
    xs, ys = np.asarray(spec.xs, dtype=float), np.asarray(spec.ys, dtype=float)
    cut = contour_generator(xs, ys, heights, fill_type=FillType.OuterOffset)
    wide, high = canvas.grain, tall[1] - tall[0]
    edges = [-np.inf, *levels, np.inf]
    drawn = [f'<rect{canvas.look("c3")} width="{wide:g}" height="{high:g}"/>'] if not levels else []
    for n, (low, up) in enumerate(pairwise(edges)):
        found: Any = cut.filled(low, up)
        points, offsets = found
        rings = "".join(_rings(p, o, (xs, ys), (wide, high)) for p, o in zip(points, offsets, strict=True))
        if rings and levels:
            drawn.append(f'<path{canvas.look(f"c{STEPS - n}")} fill-rule="evenodd" d="{rings}"/>')
            drawn.append(f'<path{canvas.look("iso")} fill="none" d="{rings}"/>')
    canvas.stretched("".join(drawn), tall, bleed=0)


def _rings(
    points: np.ndarray, offsets: np.ndarray, ends: tuple[np.ndarray, np.ndarray], size: tuple[float, float]
) -> str:
    xs, ys = ends
    across = (points[:, 0] - xs[0]) / (xs[-1] - xs[0]) * size[0]
    down = (1 - (points[:, 1] - ys[0]) / (ys[-1] - ys[0])) * size[1]
    told = []
    for start, end in pairwise(offsets):
        told.append(
            "M" + "L".join(f"{a:.1f} {d:.1f}" for a, d in zip(across[start:end], down[start:end], strict=True)) + "Z"
        )
    return "".join(told)


def _walk(canvas: Canvas, way: Trail, scales: tuple[Linear, Linear], tall: tuple[float, float]) -> None:
    """The way where it is on the map, a dot a step while those are apart."""
    series = (way.series - 1) % SERIES + 1
    shares = on_map(way, scales)
    places = [(across, tall[1] - up * (tall[1] - tall[0])) for across, up in shares]
    if len(places) < 2:
        return
    canvas.path("halo", [places], tall)
    canvas.path(f"l{series}", [places], tall)
    last = None
    for place, (across, up) in zip(places, shares, strict=True):
        if not (0 <= across <= 1 and 0 <= up <= 1):
            continue
        if last is None or hypot((place[0] - last[0]) * canvas.width, place[1] - last[1]) > 4:
            canvas.dot(f"f{series}", *place, 2.5)
            last = place


def on_map(way: Trail, scales: tuple[Linear, Linear]) -> list[tuple[float, float]]:
    """The steps of a way as shares of the map, until one is so far off that no line leads back."""
    x, y = scales
    kept = []
    for a, b in way.places:
        across, up = x.at(a), y.at(b)
        if not (-_FAR < across < _FAR and -_FAR < up < _FAR):
            break
        kept.append((across, up))
    return kept


def _point(canvas: Canvas, point: Spot, place: tuple[float, float]) -> None:
    name, radius = _MARKS[point.kind]
    says = f"{point.label}: {plain(float(f'{point.x:.4g}'))}, {plain(float(f'{point.y:.4g}'))}"
    canvas.dot(name, *place, radius, says)
    canvas.near(*place, point.label, "lab", 10)


def _ways_named(canvas: Canvas, ways: Sequence[Trail], down: float) -> float:
    """Each way's name beside its dash, where there is more than one."""
    for way in ways if len(ways) > 1 else ():
        canvas.key(f"l{(way.series - 1) % SERIES + 1}", down, is_line=True)
        canvas.text(0, down + 4, shortened(way.name, canvas.width - 34), "sub", dx=34)
        down += 20
    return down


def _legend(canvas: Canvas, levels: Sequence[float], down: float) -> float:
    """A key a level, flowing over as many lines as they take."""
    if not levels:
        return down
    words = [f"under {significant(levels[0])}", *(f"to {significant(level)}" for level in levels[1:]), "above"]
    for line in _flowed(canvas, words):
        for n, left in line:
            canvas.key(f"c{STEPS - n}", down, left=left)
            canvas.text(0, down + 4, words[n], "sub", dx=left + 16)
        down += 20
    return down


def _flowed(canvas: Canvas, words: Sequence[str]) -> Iterable[list[tuple[int, float]]]:
    """Which words stand on each line, and how far from its start."""
    line: list[tuple[int, float]] = []
    left = 0.0
    for n, each in enumerate(words):
        _, right, _, _ = canvas.box(0, 0, each, "sub", dx=left + 16)
        if line and right > canvas.width:
            yield line
            line, left = [], 0.0
            _, right, _, _ = canvas.box(0, 0, each, "sub", dx=16)
        line.append((n, left))
        left = right + 14
    yield line
