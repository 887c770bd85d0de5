"""An estimate drawn: ten equally likely dots, or bands of several quotes on one axis."""

from collections.abc import Sequence
from math import exp, log
from statistics import NormalDist

from mlquote.render.charts.amounts import NARROW, Measure, measure, telling
from mlquote.render.charts.canvas import Canvas
from mlquote.render.charts.letters import shortened, width_of
from mlquote.render.charts.scales import Scale, honest, tick_writer
from mlquote.render.charts.specs import Bands, Dots, Quoted, Span

_TENTH = NormalDist().inv_cdf(0.9)


def ten_dots(span: Span) -> list[float]:
    """The 5th, 15th ... 95th percentiles of the two-piece log-normal through the ends of the band and its median.

    Where the band reaches zero or below, of the two-piece normal.
    """
    scores = [NormalDist().inv_cdf((10 * n + 5) / 100) / _TENTH for n in range(10)]
    if span.low > 0:
        up, down = log(span.high / span.central), log(span.central / span.low)
        return [span.central * exp(score * (up if score > 0 else down)) for score in scores]
    up, down = span.high - span.central, span.central - span.low
    return [span.central + score * (up if score > 0 else down) for score in scores]


def draw_dots(spec: Dots, canvas: Canvas) -> float:
    """Ten dots, the band behind eight of them, the median on them; the height in px."""
    span = spec.span
    written = telling(measure(spec.unit, span.central), (span.low, span.central, span.high))
    dots = ten_dots(span)
    scale = honest([*dots, span.low, span.high], tick_writer(written), written.per, spec.unit)
    top, bottom, middle = 26.0, 100.0, 54.0
    low, high = scale.at(span.low), scale.at(span.high)
    canvas.bottom_axis(scale, (top, bottom))
    canvas.rect("band", low, high, middle - 20, 40)
    for end in (low, high):
        canvas.line("axis", (end, middle - 20), (end, middle + 20))
    radius = max(2.5, min(6.0, (high - low) * canvas.width / 20))
    for n, value in enumerate(dots):
        words = f"one in ten {'below' if n == 0 else 'above' if n == 9 else 'near'} {written.told(value)}"
        canvas.dot("out" if n in (0, 9) else "dot", scale.at(value), middle, radius, words)
    canvas.line("med", (scale.at(span.central), top), (scale.at(span.central), middle + 26))
    canvas.clamped(scale.at(span.central), 18, written.told(span.central), "lab")
    _ends(canvas, span, written, (low, high))
    return 122.0


def _ends(canvas: Canvas, span: Span, written: Measure, at: tuple[float, float]) -> None:
    """Low and high under the ends of the band; in one where there is no room for two."""
    low, high = written.told(span.low), written.told(span.high)
    boxes = [
        canvas.box(x, 90, w, "sub", anchor=canvas.anchor_at(x, w, "sub")) for x, w in zip(at, (low, high), strict=True)
    ]
    if boxes[1][0] - boxes[0][1] >= 8:
        canvas.clamped(at[0], 90, low, "sub")
        canvas.clamped(at[1], 90, high, "sub")
    else:
        canvas.clamped(sum(at) / 2, 90, written.between(span.low, span.high), "sub")


ROW = 46.0
"""Height of one quote."""


def draw_bands(spec: Bands, canvas: Canvas) -> float:
    """A row a quote: its name and its figure above, its band below, all on one axis; the height in px."""
    values = [v for row in spec.rows for v in _values(row)]
    centres = [value for row in spec.rows if (value := row.span.central if row.span else row.exact) is not None]
    written = measure(spec.unit, max(centres or values, key=abs, default=0.0))
    scale = honest(values, tick_writer(written), written.per, spec.unit)
    bottom = 6 + ROW * len(spec.rows)
    if values:
        canvas.bottom_axis(scale, (0, bottom))
    for n, row in enumerate(spec.rows):
        _row(canvas, scale, row, (6 + n * ROW, written))
    return bottom + (24 if values else 4)


def _values(row: Quoted) -> list[float]:
    ends = [] if row.span is None else [row.span.low, row.span.central, row.span.high]
    return [value for value in (*ends, row.exact, row.mark) if value is not None]


def _row(canvas: Canvas, scale: Scale, row: Quoted, place: tuple[float, Measure]) -> None:
    top, written = place
    words = told(row, written)
    room = canvas.width - width_of(words, is_bold=True) - 12
    label = shortened(row.label, max(room, 40), is_bold=True)
    canvas.text(0, top + 13, label, "lab")
    canvas.text(1, top + 13, words, "sub", anchor="end")
    left = room - width_of(label, is_bold=True) - 8
    if row.note and left > 40:
        canvas.text(0, top + 13, shortened(row.note, left), dx=width_of(label, is_bold=True) + 8)
    middle = top + 29
    says = f"{row.label}: {words}"
    if row.span is not None:
        low, high = scale.at(row.span.low), scale.at(row.span.high)
        canvas.rect("band", low, high, middle - 8, 16, says)
        for end in (low, high):
            canvas.line("axis", (end, middle - 8), (end, middle + 8))
        canvas.line("med", (scale.at(row.span.central), middle - 10), (scale.at(row.span.central), middle + 10))
    elif row.exact is not None:
        canvas.rect("f1", scale.at(0) if scale.at(0) >= 0 else 0, scale.at(row.exact), middle - 6, 12, says)
    if row.mark is not None:
        canvas.dot("o2", scale.at(row.mark), middle, 5, f"{row.label}: measured {written.told(row.mark)}")


def told(row: Quoted, written: Measure) -> str:
    """A quote in words: its median and its ends, "exact", or that there is none."""
    if row.span is not None:
        span = row.span
        written = telling(written, (span.low, span.central, span.high))
        return f"{written.told(span.central)} ({written.figure(span.low)} to {written.figure(span.high)})"
    if row.exact is None:
        return "no figure"
    return f"{written.told(row.exact, 3)}{NARROW}exact" if row.is_exact else written.told(row.exact)


def in_order(rows: Sequence[Quoted]) -> list[Quoted]:
    """Quotes by their centre, the least first; those without a figure last."""
    return sorted(rows, key=lambda row: (not _values(row), row.span.central if row.span else row.exact or 0.0))
