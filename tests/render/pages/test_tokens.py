"""Colours of the pages: every pair in use is told apart, 4.5 to 1 for text and 3 to 1 for what bounds a control.

Contrast is WCAG 2.2's: (L1 + 0.05) / (L2 + 0.05) of relative luminances.
"""

import re
from importlib.resources import files

import pytest

TEXT = [
    ("ink", "paper"), ("ink", "surface"), ("ink-2", "surface"), ("ink-2", "paper"), ("ink-3", "surface"),
    ("ink-3", "paper"), ("ink-3", "sunken"), ("accent", "surface"), ("accent", "paper"), ("on-accent", "accent"),
    ("given", "given-tint"), ("warn", "warn-tint"), ("bad", "bad-tint"), ("bad", "surface"), ("ink", "warn-tint"),
    ("accent", "tint"), ("surface", "s1"), ("surface", "s2"),
]  # fmt: skip
MARKS = [
    ("edge", "surface"),
    ("s1", "surface"),
    ("s2", "surface"),
    ("s3", "surface"),
    ("s4", "surface"),
    ("accent", "band"),
]


def _tokens() -> dict[str, tuple[str, str]]:
    sheet = (files("mlquote.render.pages") / "static" / "tokens.css").read_text()
    return {
        name: (light, dark) for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", sheet)
    }


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (MARKS, 3.0)], ids=["text", "marks"])
def test_every_pair_in_use_is_told_apart(theme: int, pairs: list[tuple[str, str]], least: float) -> None:
    tokens = _tokens()
    poor = {
        pair: round(_contrast(tokens[pair[0]][theme], tokens[pair[1]][theme]), 2)
        for pair in pairs
        if _contrast(tokens[pair[0]][theme], tokens[pair[1]][theme]) < least
    }
    assert poor == {}


def test_black_on_white_is_21_to_1() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
