"""Things by two figures, and lines over an axis."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from math import isfinite

from mlquote.render.charts.amounts import Measure, measure
from mlquote.render.charts.canvas import Canvas
from mlquote.render.charts.letters import shortened
from mlquote.render.charts.scales import (
    Dates,
    Linear,
    Scale,
    Write,
    day_of,
    fitting,
    from_zero,
    honest,
    own_writer,
    plain,
    ratios,
    tick_writer,
)
from mlquote.render.charts.specs import Axis, Curve, Curves, Point, Points
from mlquote.render.charts.themes import SERIES

TALL = (22.0, 262.0)
_CURVES_TALL = (22.0, 202.0)
_EACH = 400
"""More points than these are one path a series, without a readout each."""


def axis_of(axis: Axis, values: Iterable[float]) -> Scale:
    """The scale that an axis asks for, around the values."""
    known = [value for value in values if isfinite(value)]
    if axis.kind == "dates":
        low, high = min(known, default=0.0), max(known, default=1.0)
        room = 0.03 * ((high - low) or 86400.0)
        return Dates(low - room, high + room)
    if axis.kind == "ratios":
        return ratios(known, writer_of(axis, known))
    if axis.kind == "honest" and axis.unit:
        return honest(known, writer_of(axis, known), _measure(axis, known).per, axis.unit)
    per = _measure(axis, known).per if axis.unit else 1.0
    makers: dict[str, Callable[..., Scale]] = {"zero": from_zero, "even": fitting, "honest": honest}
    return makers[axis.kind](known, writer_of(axis, known), per)


def writer_of(axis: Axis, values: Sequence[float]) -> Write:
    """How ticks of an axis are written; where it is logarithmic, each in its own unit."""
    if not axis.unit:
        return plain
    if axis.kind == "ratios":
        return own_writer(axis.unit)
    return tick_writer(_measure(axis, values))


def _measure(axis: Axis, values: Sequence[float]) -> Measure:
    return measure(axis.unit, max(values, key=abs, default=0.0))


def told(axis: Axis, value: float) -> str:
    """A value of an axis in words."""
    if axis.kind == "dates":
        return day_of(value)
    return measure(axis.unit, value).told(value, 3) if axis.unit else plain(float(f"{value:.4g}"))


def draw_points(spec: Points, canvas: Canvas) -> float:
    """Marks, whiskers, the frontier's line and its names; the height in px."""
    x = axis_of(spec.x, (point.x for point in spec.points))
    y = axis_of(spec.y, (v for p in spec.points for v in (p.y, p.low, p.high) if v is not None))
    _frame(canvas, (spec.x, x), (spec.y, y), TALL)
    if spec.diagonal:
        low, high = max(x.low, y.low), min(x.high, y.high)
        canvas.path("front", [[(x.at(low), _down(y, low, TALL)), (x.at(high), _down(y, high, TALL))]], TALL)
    front = sorted((point for point in spec.points if point.is_front), key=lambda point: point.x)
    if len(front) > 1:
        canvas.path("front", [[(x.at(p.x), _down(y, p.y, TALL)) for p in front]], TALL)
    _whiskers(canvas, spec.points, (x, y))
    _marks(canvas, spec, (x, y))
    named = front or spec.points[:12]
    for point in sorted(named, key=lambda point: -point.y):
        if point.label:
            canvas.near(x.at(point.x), _down(y, point.y, TALL), point.label, "lab", 8)
    return TALL[1] + 42


def _frame(canvas: Canvas, across: tuple[Axis, Scale], up: tuple[Axis, Scale], tall: tuple[float, float]) -> None:
    canvas.side_axis(up[1].ticks(6), tall)
    canvas.bottom_axis(across[1], tall)
    canvas.text(0, 10, up[0].words, "sub")
    if across[0].words:
        canvas.text(1, tall[1] + 36, across[0].words, "sub", anchor="end")


def _whiskers(canvas: Canvas, points: Sequence[Point], scales: tuple[Scale, Scale]) -> None:
    x, y = scales
    lines = [
        [(x.at(p.x), _down(y, p.low, TALL)), (x.at(p.x), _down(y, p.high, TALL))]
        for p in points
        if p.low is not None and p.high is not None
    ]
    if lines:
        canvas.path("whisker", lines, TALL)


def _marks(canvas: Canvas, spec: Points, scales: tuple[Scale, Scale]) -> None:
    x, y = scales
    has_front = any(point.is_front for point in spec.points)
    each = spec.points
    if len(spec.points) > _EACH:
        _dust(canvas, [point for point in spec.points if not point.is_front], scales, is_grey=has_front)
        each = [point for point in spec.points if point.is_front]
    for point in each:
        says = point.says or f"{point.label}: {told(spec.x, point.x)}, {told(spec.y, point.y)}"
        name = f"f{_series(point)}" if point.is_front or not has_front else "f0"
        place = x.at(point.x), _down(y, point.y, TALL)
        canvas.dot(name, *place, 5 if point.is_front else 4, says.removeprefix(": "))
        canvas.block(*place, 4)


def _dust(canvas: Canvas, points: Sequence[Point], scales: tuple[Scale, Scale], *, is_grey: bool) -> None:
    """A path a series, a round cap a point; grey where others are on the frontier."""
    x, y = scales
    for series in sorted({_series(point) for point in points}):
        wide, top = canvas.grain, TALL[0]
        places = "".join(
            f"M{x.at(p.x) * wide:.1f} {_down(y, p.y, TALL) - top:.1f}h0" for p in points if _series(p) == series
        )
        canvas.stretched(f'<path{canvas.look("rest" if is_grey else f"p{series}")} d="{places}"/>', TALL)


def draw_curves(spec: Curves, canvas: Canvas) -> float:
    """Bands, lines, the cursor's dots, named points and the legend; the height in px."""
    x = axis_of(spec.x, (v for curve in spec.curves for v in curve.xs))
    ys = [v for curve in spec.curves for v in (*curve.ys, *curve.lows, *curve.highs)]
    y = axis_of(spec.y, [*ys, *(mark.y for mark in spec.marks)])
    if isinstance(x, Linear):
        x = Linear(min(v for c in spec.curves for v in c.xs), max(v for c in spec.curves for v in c.xs), x.write)
    tall = _CURVES_TALL
    _frame(canvas, (spec.x, x), (spec.y, y), tall)
    for curve in spec.curves:
        _curve(canvas, curve, (x, y), tall)
    if spec.cursor is not None:
        _cursor(canvas, spec, (x, y), tall)
    for mark in spec.marks:
        place = x.at(mark.x), _down(y, mark.y, tall)
        canvas.dot(
            f"f{_series(mark)}", *place, 5, mark.says or f"{mark.label}: {told(spec.x, mark.x)}, {told(spec.y, mark.y)}"
        )
        canvas.near(*place, mark.label, "lab", 9)
    bottom = tall[1] + (42 if spec.x.words else 26)
    return _legend(canvas, spec.curves, bottom) if spec.has_legend else bottom


def _curve(canvas: Canvas, curve: Curve, scales: tuple[Scale, Scale], tall: tuple[float, float]) -> None:
    x, y = scales
    series = (curve.series - 1) % SERIES + 1
    if curve.lows and curve.highs:
        there = [(x.at(at), _down(y, low, tall)) for at, low in zip(curve.xs, curve.lows, strict=True)]
        back = [(x.at(at), _down(y, high, tall)) for at, high in zip(curve.xs, curve.highs, strict=True)]
        canvas.path(f"a{series}", [[*there, *reversed(back)]], tall)
    canvas.path(f"l{series}", _unbroken(curve, scales, tall), tall)


def _unbroken(
    curve: Curve, scales: tuple[Scale, Scale], tall: tuple[float, float]
) -> Iterable[list[tuple[float, float]]]:
    """Stretches of a line between values that are no numbers."""
    run: list[tuple[float, float]] = []
    for at, value in zip(curve.xs, curve.ys, strict=True):
        if isfinite(value):
            run.append((scales[0].at(at), _down(scales[1], value, tall)))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _cursor(canvas: Canvas, spec: Curves, scales: tuple[Scale, Scale], tall: tuple[float, float]) -> None:
    x, y = scales
    at = spec.cursor or 0.0
    canvas.line("cur", (x.at(at), tall[0]), (x.at(at), tall[1]))
    for curve in spec.curves:
        value = value_at(curve, at)
        if value is not None and tall[0] <= _down(y, value, tall) <= tall[1]:
            says = f"{curve.name}: {told(spec.y, value)} at {told(spec.x, at)}"
            canvas.dot(f"f{(curve.series - 1) % SERIES + 1}", x.at(at), _down(y, value, tall), 4.5, says)


def value_at(curve: Curve, at: float) -> float | None:
    """What a line has at an x, between its values straight; None outside."""
    if not curve.xs or not curve.xs[0] <= at <= curve.xs[-1]:
        return None
    n = bisect_left(curve.xs, at)
    if curve.xs[n] == at or n == 0:
        return curve.ys[n]
    share = (at - curve.xs[n - 1]) / (curve.xs[n] - curve.xs[n - 1])
    return curve.ys[n - 1] + share * (curve.ys[n] - curve.ys[n - 1])


def _legend(canvas: Canvas, curves: Sequence[Curve], down: float) -> float:
    """Each line's name beside its dash, where there is more than one."""
    named = [curve for curve in curves if curve.name]
    if len(named) < 2:
        return down
    for curve in named:
        canvas.key(f"l{(curve.series - 1) % SERIES + 1}", down + 8, is_line=True)
        canvas.text(0, down + 12, shortened(curve.name, canvas.width - 34), "sub", dx=34)
        down += 20
    return down


def _series(point: Point) -> int:
    return (point.series - 1) % SERIES + 1


def _down(scale: Scale, value: float, tall: tuple[float, float]) -> float:
    return tall[1] - scale.at(value) * (tall[1] - tall[0])
