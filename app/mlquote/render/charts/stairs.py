"""Prices over time, drawn as steps with a dot at each change: filled where the seller declared the date."""

from collections.abc import Sequence

from mlquote.render.charts.amounts import price
from mlquote.render.charts.canvas import Canvas
from mlquote.render.charts.letters import shortened
from mlquote.render.charts.scales import Dates, Scale, day_of, from_zero, honest, plain
from mlquote.render.charts.specs import Stair, Steps
from mlquote.render.charts.themes import SERIES

_TALL = (10.0, 230.0)
_DAY = 86400.0


def scales_of(spec: Steps) -> tuple[Dates, Scale]:
    """Time and value."""
    moments = [change.moment for stair in spec.stairs for change in stair.changes]
    ends = [stair.until for stair in spec.stairs]
    start, end = min(moments, default=0.0), max([*ends, *moments], default=1.0)
    values = [change.value for stair in spec.stairs for change in stair.changes]
    axis = (from_zero if spec.is_even else honest)(values, lambda value: f"${plain(value)}")
    return Dates(start - 0.02 * (end - start), max(end, start + _DAY)), axis


def draw_steps(spec: Steps, canvas: Canvas) -> float:
    """Steps, dots and the name of each line; the height in px."""
    time, value = scales_of(spec)
    bottom = _TALL[1]
    canvas.side_axis(value.ticks(7), _TALL)
    canvas.bottom_axis(time, _TALL)
    for n, stair in enumerate(spec.stairs):
        _stair(canvas, stair, (n % SERIES + 1, time, value))
    unnamed = _names(canvas, spec.stairs, (time, value))
    down = bottom + 38.0
    for n, stair in unnamed:
        canvas.key(f"l{n % SERIES + 1}", down, is_line=True)
        canvas.text(0, down + 4, shortened(_name(stair), canvas.width - 34), "sub", dx=34)
        down += 20
    return down if unnamed else bottom + 26


def _stair(canvas: Canvas, stair: Stair, how: tuple[int, Dates, Scale]) -> None:
    series, time, value = how
    places: list[tuple[float, float]] = []
    ends = [change.moment for change in stair.changes[1:]] + [stair.until]
    for change, end in zip(stair.changes, ends, strict=True):
        down = _down(value, change.value)
        places += [(time.at(change.moment), down), (time.at(end), down)]
    canvas.path(f"l{series}", [places], _TALL)
    before: float | None = None
    for change in stair.changes:
        moved = "" if before is None else f", before {price(before)}"
        seen = "" if change.is_declared else ", first seen then"
        says = f"{stair.name}: {price(change.value)} from {day_of(change.moment)}{moved}{seen}"
        canvas.dot(
            f"{'f' if change.is_declared else 'o'}{series}",
            time.at(change.moment),
            _down(value, change.value),
            4.5,
            says,
        )
        before = change.value


def _names(canvas: Canvas, stairs: Sequence[Stair], scales: tuple[Dates, Scale]) -> list[tuple[int, Stair]]:
    """Names above or below the ends of the lines; those that found no room."""
    left = []
    for n, stair in enumerate(stairs):
        if not stair.changes:
            continue
        share, down = scales[0].at(stair.until), _down(scales[1], stair.changes[-1].value)
        words = _name(stair)
        for dy in (-6, 15):
            box = canvas.box(share, down + dy, words, "lab", anchor="end")
            if canvas.is_free(box):
                canvas.text(share, down + dy, words, "lab", anchor="end")
                break
        else:
            left.append((n, stair))
    return left


def _name(stair: Stair) -> str:
    return f"{stair.name} {price(stair.changes[-1].value)}{' (withdrawn)' if stair.is_over else ''}"


def _down(scale: Scale, value: float) -> float:
    top, bottom = _TALL
    return bottom - scale.at(value) * (bottom - top)
