"""Colours and strokes of the marks: one table, read as literal attributes by pictures and as CSS variables by pages.

A picture by URL stands alone, so its colours are written into it; a page keeps its tokens in one style sheet, and the
marks there bear class names only. `sheet()` gives the rules for those classes, so the two cannot drift apart.
"""

from collections.abc import Mapping
from typing import Literal

Theme = Literal["light", "dark"]
THEMES: Mapping[Theme, Mapping[str, str]] = {
    "light": {
        "surface": "#ffffff", "sunken": "#efece6", "ink": "#1a1e23", "ink-2": "#48505a", "ink-3": "#5d6670",
        "line": "#dcd8d0", "edge": "#7c838c", "accent": "#1d5bb8", "tint": "#dde8f8", "band": "#c6d9f5",
        "good": "#0f6b4f", "warn": "#8a4b00", "bad": "#a8201a", "s1": "#1d5bb8", "s2": "#a94f06", "s3": "#18744a",
        "s4": "#7438a6", "c1": "#eaf1fb", "c2": "#cfe0f6", "c3": "#b0ccf0", "c4": "#8fb5e8", "c5": "#6d9bdd",
        "c6": "#4a7fcd",
    },
    "dark": {
        "surface": "#191d24", "sunken": "#0e1115", "ink": "#eceef1", "ink-2": "#b9c0ca", "ink-3": "#98a1ad",
        "line": "#2d343e", "edge": "#737d8a", "accent": "#86b6ff", "tint": "#1e2c42", "band": "#2b4470",
        "good": "#6fd3ab", "warn": "#f2b766", "bad": "#ff9a90", "s1": "#86b6ff", "s2": "#f3a762", "s3": "#6fd3a0",
        "s4": "#d3a1f7", "c1": "#16202f", "c2": "#1d2f49", "c3": "#264267", "c4": "#315787", "c5": "#3f6fa9",
        "c6": "#5388ca",
    },
}  # fmt: skip
"""Theme -> colour by the name of the page's token for it; contrast of each pair in use is 4.5 for text, 3 for marks."""

SERIES = 4
"""Series that differ by colour and by dash; a fifth looks like the first again, so none is drawn without a label."""

_LINE = {"fill": "none", "stroke-width": "2.25", "stroke-linejoin": "round"}
_POINT = {"fill": "none", "stroke-linecap": "round"}
_DASHES = ("", "7 3", "2 3", "9 3 2 3")
STYLES: Mapping[str, Mapping[str, str]] = {
    "gl": {"stroke": "line"},
    "axis": {"stroke": "edge"},
    "band": {"fill": "band"},
    "dot": {"fill": "accent"},
    "out": {"fill": "surface", "stroke": "accent", "stroke-width": "2"},
    "med": {"stroke": "ink", "stroke-width": "2.5"},
    "cur": {"stroke": "ink-2", "stroke-dasharray": "3 3"},
    "limit": {"stroke": "bad", "stroke-width": "2.5"},
    "well": {"fill": "sunken"},
    "fc": {"fill": "tint", "stroke": "accent", "stroke-dasharray": "3 3"},
    "held": {"fill": "tint", "stroke": "s1"},
    "rest": {"fill": "none", "stroke": "edge", "stroke-linecap": "round", "stroke-width": "5"},
    "whisker": {"stroke": "edge", "stroke-width": "1.5", "fill": "none"},
    "front": {"fill": "none", "stroke": "ink-3", "stroke-width": "1.25", "stroke-dasharray": "2 3"},
    "sep": {"stroke": "surface", "stroke-width": "1.5"},
    "iso": {"stroke": "surface", "stroke-width": ".75"},
    "halo": {"stroke": "surface", "stroke-width": "6", "fill": "none"},
    "low": {"fill": "surface", "stroke": "ink", "stroke-width": "2"},
    "saddle": {"fill": "none", "stroke": "ink", "stroke-width": "2.5"},
    **{f"l{n}": _LINE | {"stroke": f"s{n}"} | ({"stroke-dasharray": dash} if dash else {}) for n, dash in
       enumerate(_DASHES, 1)},
    **{f"f{n}": {"fill": f"s{n}"} for n in range(1, SERIES + 1)},
    "f0": {"fill": "edge"},
    **{f"p{n}": _POINT | {"stroke": f"s{n}", "stroke-width": "8"} for n in range(1, SERIES + 1)},
    **{f"o{n}": {"fill": "surface", "stroke": f"s{n}", "stroke-width": "2"} for n in range(1, SERIES + 1)},
    **{f"a{n}": {"fill": f"s{n}", "fill-opacity": ".18"} for n in range(1, SERIES + 1)},
    **{f"c{n}": {"fill": f"c{n}"} for n in range(1, 7)},
}  # fmt: skip
"""Class of a mark -> its attributes; a value that is a token's name stands for that colour."""

TEXT: Mapping[str, Mapping[str, str]] = {
    "": {"fill": "ink-3"},
    "lab": {"fill": "ink", "font-weight": "600", "stroke": "surface", "stroke-width": "3", "paint-order": "stroke"},
    "sub": {"fill": "ink-2"},
    "in": {"fill": "surface", "font-weight": "600"},
    "big": {"fill": "ink", "font-weight": "600", "font-size": "17"},
    "says": {"fill": "ink-2", "font-size": "14"},
    "foot": {"fill": "ink-3", "font-size": "11"},
}
"""Class of a text -> its attributes; where no size is said it is 12."""
FONT = "DejaVu Sans, Liberation Sans, Arial, sans-serif"
"""The font that pictures name; the first is the one that PNGs are drawn with."""


def attributes(style: Mapping[str, str], theme: Theme) -> str:
    """A style as XML attributes with the colours of a theme."""
    colours = THEMES[theme]
    return "".join(f' {name}="{colours.get(value, value)}"' for name, value in style.items())


def sheet(root: str = ".ch") -> str:
    """The rules of every class, for a page whose tokens are CSS variables of the same names."""
    lines = [
        f"{root} text{{fill:var(--ink-3)}}",
        f"{root} .mid{{text-anchor:middle}}",
        f"{root} .end{{text-anchor:end}}",
    ]
    lines += [f"{root} path,{root} line{{vector-effect:non-scaling-stroke}}"]
    lines += [f"{root} text.{name}{{{_rules(style)}}}" for name, style in TEXT.items() if name]
    lines += [f"{root} .{name}{{{_rules(style)}}}" for name, style in STYLES.items()]
    lines += [f"svg{root}.g{gutter}{{margin-left:{gutter}px;width:calc(100% - {gutter}px)}}" for gutter in GUTTERS]
    return "\n".join(lines) + "\n"


GUTTERS = (28, 36, 44, 52, 60, 72)
"""Room left of a plot for the words of its y axis, in px."""


def _rules(style: Mapping[str, str]) -> str:
    return ";".join(
        f"{name}:{f'var(--{value})' if value in THEMES['light'] else value}" for name, value in style.items()
    )
