"""What a chart shows, as plain values: one spec drawn on the page, by URL and in the docs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Span:
    """The 80 % interval and the median of an estimate."""

    low: float
    central: float
    high: float


@dataclass(frozen=True, slots=True)
class Dots:
    """One estimate as ten equally likely dots on an axis."""

    title: str
    span: Span
    unit: str
    """As `kit.units` names it: $, h, kWh, kg CO2e, $/Mtok ..."""
    desc: str = ""


@dataclass(frozen=True, slots=True)
class Quoted:
    """One quote among several: a range, an exact amount, or no figure."""

    label: str
    span: Span | None = None
    exact: float | None = None
    note: str = ""
    """A few words after the label, in grey."""
    mark: float | None = None
    """What was measured or paid, drawn as a ring."""
    is_exact: bool = True
    """Whether `exact` is that, and not the centre of a range that nobody tells."""


@dataclass(frozen=True, slots=True)
class Bands:
    """Several quotes on one axis, one a row."""

    title: str
    rows: Sequence[Quoted]
    unit: str
    desc: str = ""


@dataclass(frozen=True, slots=True)
class Portion:
    """One part of a whole."""

    label: str
    value: float
    told: str = ""
    """Its amount in words; made of the value where it is empty."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A whole as one bar of parts, each named with its share below."""

    title: str
    parts: Sequence[Portion]
    unit: str
    desc: str = ""


@dataclass(frozen=True, slots=True)
class Tread:
    """From a moment on, a value."""

    moment: float
    """Seconds since 1970."""
    value: float
    is_declared: bool = True
    """Whether the seller declared the moment; else it is when the value was first seen."""


@dataclass(frozen=True, slots=True)
class Stair:
    """A value over time that changes at moments."""

    name: str
    changes: Sequence[Tread]
    until: float
    """Where the line ends: when the value was withdrawn, or now."""
    is_over: bool = False
    """Whether the value is withdrawn."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Prices over time."""

    title: str
    stairs: Sequence[Stair]
    unit: str
    desc: str = ""
    is_even: bool = False
    """An even axis from zero whatever the ratio; else by the house's rule."""


Kind = Literal["zero", "even", "ratios", "honest", "dates"]


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis counts."""

    words: str
    unit: str = ""
    kind: Kind = "honest"
    """zero: even from zero; even: even around the values; ratios: logarithmic; honest: by the house's rule."""


@dataclass(frozen=True, slots=True)
class Point:
    """One thing with two figures."""

    x: float
    y: float
    label: str = ""
    says: str = ""
    """The readout; made of the label and the figures where it is empty."""
    series: int = 1
    is_front: bool = False
    """On the frontier, so it is labelled and joined."""
    low: float | None = None
    high: float | None = None
    """The ends of the interval of y."""


@dataclass(frozen=True, slots=True)
class Points:
    """Things by two figures, the frontier among them joined."""

    title: str
    points: Sequence[Point]
    x: Axis
    y: Axis
    desc: str = ""
    diagonal: bool = False
    """A line where both figures are equal."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through values; where `lows` and `highs` are given, with its band."""

    name: str
    xs: Sequence[float]
    ys: Sequence[float]
    series: int = 1
    lows: Sequence[float] = ()
    highs: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Curves:
    """Lines over one axis, with what is marked on them."""

    title: str
    curves: Sequence[Curve]
    x: Axis
    y: Axis
    desc: str = ""
    cursor: float | None = None
    """A marked x, with a dot on each line."""
    marks: Sequence[Point] = ()
    """Spot points."""
    has_legend: bool = True
    """Whether the lines are named below the plot; else whoever draws several plots names them once."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Amounts side by side, in order: cost by day."""

    title: str
    bars: Sequence[Portion]
    unit: str
    desc: str = ""


@dataclass(frozen=True, slots=True)
class Meter:
    """A budget: what is spent, held and forecast, against its limit."""

    title: str
    spent: float
    held: float
    forecast: Span | None
    """What will have been used when the period ends: the median, and eight cases in ten between the ends."""
    limit: float
    unit: str
    desc: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of a surface with its name."""

    x: float
    y: float
    label: str
    kind: Literal["minimum", "saddle", "maximum", "valley", "start"] = "minimum"


@dataclass(frozen=True, slots=True)
class Trail:
    """A walk over a surface, a place a step."""

    name: str
    places: Sequence[tuple[float, float]]
    series: int = 2


@dataclass(frozen=True, slots=True)
class Contours:
    """A surface from above: levels, the points where it is flat, and a way down."""

    title: str
    xs: Sequence[float]
    ys: Sequence[float]
    heights: Sequence[Sequence[float]]
    """`heights[j][i]` stands at `xs[i]`, `ys[j]`."""
    x_words: str = "θ₀"
    y_words: str = "θ₁"
    named: Sequence[Spot] = ()
    ways: Sequence[Trail] = ()
    desc: str = ""


Panel = Dots | Bands | Parts | Steps | Points | Curves | Bars | Meter | Contours


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart that stands alone: what it says, its panels one below the other, and where its figures come from."""

    title: str
    says: str
    """The result in a sentence or two."""
    panels: Sequence[Panel]
    foot: Sequence[str]
    """Release, date and address, a line each; wrapped where they are long."""
    desc: str = ""
    """The shape in a sentence or two, for those who do not see it."""
