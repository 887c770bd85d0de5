"""Marks and words written as SVG, fluid or at a width: x as a share of the plot, y in px, text never scaled.

Fluid: no viewBox, x in per cent, classes for colours, so one drawing fits every width and words keep their size; what
must not collide is laid out for the narrowest width, and only gets more room in a wider one. Fixed: px and the colours
of a theme.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from mlquote.render.charts.letters import width_of
from mlquote.render.charts.scales import Scale, Tick
from mlquote.render.charts.themes import STYLES, TEXT, Theme, attributes

NARROWEST = 254
"""What a card leaves for a chart in a window of 320 px."""
_GRAIN = 1000
"""Units across a stretched drawing."""


@dataclass(slots=True)
class Canvas:
    """Where one panel is drawn."""

    theme: Theme | None
    """None: fluid."""
    width: float
    """Of the plot in px; the narrowest where fluid."""
    left: float = 0.0
    top: float = 0.0
    marks: list[str] = field(default_factory=list)
    _boxes: list[tuple[float, float, float, float]] = field(default_factory=list)

    def x(self, share: float) -> str:
        """A share of the width as an attribute's value."""
        return f"{100 * share:.2f}%" if self.theme is None else f"{self.left + share * self.width:.1f}"

    def length(self, share: float) -> str:
        """A share of the width as a length."""
        return f"{100 * share:.2f}%" if self.theme is None else f"{share * self.width:.1f}"

    def y(self, down: float) -> str:
        """So many px below the panel's top."""
        return f"{self.top + down:.1f}".removesuffix(".0")

    def look(self, name: str) -> str:
        """The class of a mark, or its attributes in the theme."""
        return f' class="{name}"' if self.theme is None else attributes(STYLES[name], self.theme)

    def line(self, name: str, start: tuple[float, float], end: tuple[float, float]) -> None:
        """A straight line between two places (share, px)."""
        (x1, y1), (x2, y2) = start, end
        ends = f'x1="{self.x(x1)}" x2="{self.x(x2)}" y1="{self.y(y1)}" y2="{self.y(y2)}"'
        self.marks.append(f"<line{self.look(name)} {ends}/>")

    def rect(self, name: str, start: float, end: float, top: float, height: float, says: str = "") -> None:
        """A bar from share to share."""
        size = f'x="{self.x(start)}" width="{self.length(max(end - start, 0))}" y="{self.y(top)}" height="{height:g}"'
        self.marks.append(f'<rect{self.look(name)} {size} rx="2"{_says(says)}/>')

    def dot(self, name: str, share: float, down: float, radius: float = 5, says: str = "") -> None:
        """A round mark; `says` is what the readout tells of it."""
        place = f'cx="{self.x(share)}" cy="{self.y(down)}" r="{radius:g}"'
        self.marks.append(f"<circle{self.look(name)} {place}{_says(says)}/>")

    def key(self, name: str, down: float, *, left: float = 0, is_line: bool = False) -> None:
        """The sample of a mark at the left of its words: a square of 10 px, or 26 px of a line."""
        if is_line:
            ends = f'x1="{self.left + left:g}" x2="{self.left + left + 26:g}" y1="{self.y(down)}" y2="{self.y(down)}"'
            self.marks.append(f"<line{self.look(name)} {ends}/>")
            return
        place = f'x="{self.left + left:g}" y="{self.y(down - 5)}" width="10" height="10" rx="2"'
        self.marks.append(f"<rect{self.look(name)} {place}/>")

    def text(self, share: float, down: float, words: str, name: str = "", *, anchor: str = "", dx: float = 0) -> None:
        """Words on one line; `anchor` is "", mid or end."""
        self._boxes.append(self.box(share, down, words, name, anchor=anchor, dx=dx))
        if self.theme is None:
            classes = " ".join(each for each in (name, anchor) if each)
            look = f' class="{classes}"' if classes else ""
        else:
            turned = {"mid": "middle", "end": "end"}.get(anchor)
            look = attributes(TEXT[name], self.theme) + (f' text-anchor="{turned}"' if turned else "")
        moved = f' dx="{dx:g}"' if dx else ""
        self.marks.append(f'<text{look} x="{self.x(share)}" y="{self.y(down)}"{moved}>{escape(words)}</text>')

    def box(
        self, share: float, down: float, words: str, name: str = "", *, anchor: str = "", dx: float = 0
    ) -> tuple[float, float, float, float]:
        """Left, right, top and bottom that words would take, in px of the plot."""
        size, is_bold = size_of(name)
        wide = width_of(words, size, is_bold=is_bold)
        start = share * self.width + dx - {"": 0.0, "mid": wide / 2, "end": wide}[anchor]
        return start, start + wide, down - size * 0.95, down + size * 0.25

    def is_free(self, box: tuple[float, float, float, float], gap: float = 3) -> bool:
        """Whether words there would touch no other words and stay within the plot."""
        left, right, top, bottom = box
        inside = left >= -1 and right <= self.width + 1
        return inside and all(
            right + gap <= o[0] or o[1] + gap <= left or bottom <= o[2] or o[3] <= top for o in self._boxes
        )

    def block(self, share: float, down: float, radius: float) -> None:
        """Keep words off a mark."""
        at = share * self.width
        self._boxes.append((at - radius, at + radius, down - radius, down + radius))

    def near(self, share: float, down: float, words: str, name: str = "", away: float = 10) -> bool:
        """Words beside, above or below a mark, wherever they are free; False where nowhere."""
        for anchor, dx, dy in (("", away, 4), ("end", -away, 4), ("mid", 0, -away), ("mid", 0, away + 9)):
            box = self.box(share, down + dy, words, name, anchor=anchor, dx=dx)
            if self.is_free(box):
                self.text(share, down + dy, words, name, anchor=anchor, dx=dx)
                return True
        return False

    def clamped(self, share: float, down: float, words: str, name: str = "") -> None:
        """Words centred at a place, or as near as the plot's ends allow."""
        self.text(share, down, words, name, anchor=self.anchor_at(share, words, name))

    def anchor_at(self, share: float, words: str, name: str = "") -> str:
        """mid, or "" and end near the ends of the plot."""
        left, right, _, _ = self.box(share, 0, words, name, anchor="mid")
        return "" if left < 0 else "end" if right > self.width else "mid"

    def path(self, name: str, lines: Iterable[Sequence[tuple[float, float]]], tall: tuple[float, float]) -> None:
        """Lines through places (share, px), cut off above and below `tall`."""
        top = tall[0]
        wide = _GRAIN if self.theme is None else self.width
        drawn = "".join(_drawn([(x * wide, y - top) for x, y in line]) for line in lines)
        self.stretched(f'<path{self.look(name)} d="{drawn}"/>', tall)

    def stretched(self, inner: str, tall: tuple[float, float], bleed: float = 3) -> None:
        """A drawing in units of `grain` across and px down, stretched to the width; cut off `bleed` px around."""
        top, bottom = tall
        high = bottom - top + 2 * bleed
        wide = f"{_GRAIN}" if self.theme is None else f"{self.width:g}"
        place = f'x="{self.x(0)}" width="{self.length(1)}" y="{self.y(top - bleed)}" height="{high:g}"'
        box = f'viewBox="0 {-bleed:g} {wide} {high:g}" preserveAspectRatio="none"'
        self.marks.append(f"<svg {place} {box}>{inner}</svg>")

    @property
    def grain(self) -> float:
        """Units across a stretched drawing."""
        return _GRAIN if self.theme is None else self.width

    def fitting_ticks(self, scale: Scale, most: int = 7) -> list[Tick]:
        """As many ticks as have room side by side."""
        for count in range(most, 1, -1):
            ticks = scale.ticks(count)
            if len(ticks) >= 2 and not self._collide(ticks):
                return ticks
        ticks = scale.ticks(2)
        return ticks if not self._collide(ticks) else ticks[:1]

    def _collide(self, ticks: Sequence[Tick]) -> bool:
        boxes = [self.box(t.at, 0, t.label, anchor=self.anchor_at(t.at, t.label)) for t in ticks]
        return any(later[0] - earlier[1] < 8 for earlier, later in pairwise(boxes))

    def bottom_axis(self, scale: Scale, tall: tuple[float, float], *, has_lines: bool = True, most: int = 7) -> None:
        """Ticks and their words below the plot."""
        top, bottom = tall
        for tick in self.fitting_ticks(scale, most):
            if has_lines:
                self.line("gl", (tick.at, top), (tick.at, bottom))
            self.text(tick.at, bottom + 18, tick.label, anchor=self.anchor_at(tick.at, tick.label))
        self.line("axis", (0, bottom + 0.5), (1, bottom + 0.5))

    def side_axis(self, ticks: Sequence[Tick], tall: tuple[float, float]) -> None:
        """Ticks across the plot and their words left of it."""
        top, bottom = tall
        for tick in ticks:
            down = bottom - tick.at * (bottom - top)
            self.line("gl", (0, down), (1, down))
            self.text(0, down + 4, tick.label, anchor="end", dx=-8)


def size_of(name: str) -> tuple[float, bool]:
    """The size in px of a class of words, and whether they are bold."""
    style = TEXT[name]
    return float(style.get("font-size", 12)), "font-weight" in style


def _drawn(places: Sequence[tuple[float, float]]) -> str:
    """A path through places, to a tenth of a unit."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places) if places else ""


def _says(words: str) -> str:
    return f" data-says={quoteattr(words)}" if words else ""
