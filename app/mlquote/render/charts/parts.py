"""Wholes and their parts, amounts side by side, and a budget against its limit."""

from mlquote.render.charts.amounts import Measure, measure, percent
from mlquote.render.charts.canvas import Canvas
from mlquote.render.charts.letters import shortened, width_of
from mlquote.render.charts.scales import Linear, from_zero, tick_writer
from mlquote.render.charts.specs import Bars, Meter, Parts, Portion, Span
from mlquote.render.charts.themes import SERIES

_LINE = 20.0


def draw_parts(spec: Parts, canvas: Canvas) -> float:
    """One bar, its shares in it, and a line a part below; the height in px."""
    whole = sum(part.value for part in spec.parts)
    begun, down = 0.0, 44.0
    for n, part in enumerate(spec.parts):
        share = part.value / whole if whole else 0.0
        words = part.told or measure(spec.unit, part.value).told(part.value)
        fill = f"f{n + 1}" if n < SERIES else "f0"
        canvas.rect(fill, begun, begun + share, 0, 26, f"{part.label}: {words}, {percent(share)}")
        if width_of(percent(share), is_bold=True) + 10 < share * canvas.width:
            canvas.text(begun + share / 2, 17.5, percent(share), "in", anchor="mid")
        begun += share
        if begun < 1 - 1e-9:
            canvas.line("sep", (begun, 0), (begun, 26))
        _named(canvas, part, (fill, words, share), down)
        down += _LINE
    return down - 8


def _named(canvas: Canvas, part: Portion, how: tuple[str, str, float], down: float) -> None:
    """The part's colour, name and amount on a line."""
    fill, words, share = how
    amount = f"{words} · {percent(share)}"
    room = canvas.width - width_of(amount) - 30
    canvas.key(fill, down - 4)
    canvas.text(0, down, shortened(part.label, room), "sub", dx=16)
    canvas.text(1, down, amount, "sub", anchor="end")


def bars_scale(spec: Bars) -> Linear:
    """From zero to the largest amount."""
    values = [bar.value for bar in spec.bars]
    written = measure(spec.unit, max(values, key=abs, default=0.0))
    return from_zero(values, tick_writer(written), written.per)


def draw_bars(spec: Bars, canvas: Canvas) -> float:
    """A bar an amount, in order; the height in px."""
    top, bottom = 8.0, 168.0
    written = measure(spec.unit, max((bar.value for bar in spec.bars), key=abs, default=0.0))
    scale = bars_scale(spec)
    canvas.side_axis(scale.ticks(5), (top, bottom))
    wide = 1 / max(len(spec.bars), 1)
    ends: float = -1e9
    for n, bar in enumerate(spec.bars):
        start, end = (n + 0.12) * wide, (n + 0.88) * wide
        high = scale.at(max(bar.value, 0)) - scale.at(0)
        says = f"{bar.label}: {bar.told or written.told(bar.value, 3)}"
        canvas.rect("f1", start, end, bottom - (scale.at(0) + high) * (bottom - top), high * (bottom - top), says)
        box = canvas.box((start + end) / 2, bottom + 18, bar.label, anchor="mid")
        if box[0] >= max(ends + 8, 0) and box[1] <= canvas.width:
            canvas.text((start + end) / 2, bottom + 18, bar.label, anchor="mid")
            ends = box[1]
    canvas.line("axis", (0, bottom + 0.5), (1, bottom + 0.5))
    return bottom + 26


def draw_meter(spec: Meter, canvas: Canvas) -> float:
    """Spent solid, held lighter, the forecast's band dashed, the limit a line with its words; the height in px."""
    used = spec.spent + spec.held
    reach = max(used, spec.limit, spec.forecast.high if spec.forecast else 0.0)
    written = measure(spec.unit, spec.limit)
    scale = from_zero([reach], tick_writer(written), written.per)
    top, bottom = 24.0, 62.0
    ahead = spec.forecast
    if ahead is not None and ahead.high > used:
        canvas.rect("fc", scale.at(max(ahead.low, used)), scale.at(ahead.high), top + 6, 24, _foretold(written, ahead))
    canvas.rect("f1", 0, scale.at(spec.spent), top + 6, 24, f"spent: {written.told(spec.spent, 3)}")
    if spec.held:
        canvas.rect("held", scale.at(spec.spent), scale.at(used), top + 6, 24, f"held: {written.told(spec.held, 3)}")
    if ahead is not None and ahead.central > used:
        canvas.line("med", (scale.at(ahead.central), top + 4), (scale.at(ahead.central), top + 32))
    canvas.bottom_axis(scale, (top, bottom), has_lines=False)
    canvas.line("limit", (scale.at(spec.limit), top), (scale.at(spec.limit), bottom))
    canvas.clamped(scale.at(spec.limit), 16, f"limit {written.told(spec.limit, 3)}", "lab")
    return _amounts(canvas, spec, written, bottom + 44)


def _foretold(written: Measure, ahead: Span) -> str:
    ends = written.between(ahead.low, ahead.high)
    return f"forecast at the period's end: {written.told(ahead.central)}, eight in ten {ends}"


def _amounts(canvas: Canvas, spec: Meter, written: Measure, down: float) -> float:
    """Spent, held and forecast in words."""
    told = [("f1", "spent", written.told(spec.spent, 3)), ("held", "held", written.told(spec.held, 3))]
    if spec.forecast is not None:
        words = f"{written.told(spec.forecast.central)} ({written.between(spec.forecast.low, spec.forecast.high)})"
        told.append(("fc", "forecast", words))
    for fill, name, words in told:
        canvas.key(fill, down - 4)
        canvas.text(0, down, name, "sub", dx=18)
        canvas.text(1, down, words, "lab", anchor="end")
        down += _LINE
    return down - 8
