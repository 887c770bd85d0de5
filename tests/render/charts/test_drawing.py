"""Each kind drawn fluid at seven widths and as a picture in two themes: well formed, named, and no words on words."""

import re
import xml.etree.ElementTree as ET
from math import sin

import pytest

from mlquote.render.charts.drawing import svg
from mlquote.render.charts.specs import Axis, Point, Points
from mlquote.render.charts.themes import STYLES, TEXT, THEMES, sheet
from tests.render.charts.boxes import SVG, boxes, overlaps
from tests.render.charts.samples import PANELS, PICTURE, RUN

WINDOWS = (320, 360, 390, 768, 1024, 1440, 1920)
_AROUND = 66
"""What the page and a card take left and right of a chart."""


@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize("window", WINDOWS)
def test_no_words_touch_in_a_fluid_chart(name: str, window: int) -> None:
    found = boxes(svg(PANELS[name]), window - _AROUND)
    assert overlaps(found) == []
    assert [box.words for box in found if box.left < -72 or box.right > window - _AROUND + 1] == []


@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize("width", [320, 640, 1200])
def test_no_words_touch_in_a_picture_nor_leave_it(name: str, width: int) -> None:
    found = boxes(svg(PANELS[name], "light", width), width)
    assert overlaps(found) == []
    assert [box.words for box in found if box.left < 0 or box.right > width] == []


@pytest.mark.parametrize("name", PANELS)
def test_a_chart_is_an_image_with_a_name_and_no_style_of_its_own(name: str) -> None:
    fluid = ET.fromstring(svg(PANELS[name], name="n"))
    assert fluid.get("role") == "img"
    assert fluid.get("aria-labelledby") == "n-t"
    assert fluid.findtext(f"{SVG}title") == PANELS[name].title
    assert "viewBox" not in fluid.attrib
    assert all("style" not in each.attrib and not each.tag.endswith("style") for each in fluid.iter())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_stands_alone_in_the_colours_of_its_theme(theme: str) -> None:
    drawn = svg(PICTURE, theme, 640)  # type: ignore[arg-type]
    assert "class=" not in drawn
    assert "var(" not in drawn
    colours = set(re.findall(r"#[0-9a-f]{6}", drawn))
    assert colours <= set(THEMES[theme].values())  # type: ignore[index]


def test_a_picture_says_in_words_what_it_shows_and_where_from() -> None:
    root = ET.fromstring(svg(PICTURE, "light", 480))
    assert root.findtext(f"{SVG}title") == f"{PICTURE.title}. {PICTURE.says}"
    assert root.findtext(f"{SVG}desc") == "Ten dots."
    words = "".join(box.words for box in boxes(svg(PICTURE, "light", 480), 480))
    assert "Release 2026-11-23-e0b96499, as of 2026-11-27" in words
    assert "x" * 200 in words, "an address is whole, however long"


def test_every_class_of_a_page_has_its_rule() -> None:
    used = {each for panel in PANELS.values() for each in re.findall(r'class="([^"]*)"', svg(panel))}
    names = {name for classes in used for name in classes.split()} - {"ch", "mid", "end"}
    known = (
        set(STYLES) | set(TEXT) | {rule for rule in names if re.fullmatch(r"g\d+", rule) and f".{rule}{{" in sheet()}
    )
    assert names <= known


def test_text_of_others_is_text() -> None:
    hostile = Points("<script>&", [Point(1, 1, '"><script>', says='" onload="x')], Axis("<b>"), Axis("&"))
    root = ET.fromstring(svg(hostile))
    assert root.findtext(f"{SVG}title") == "<script>&"
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {"svg", "title", "line", "text", "circle", "path"}


def test_five_thousand_points_stay_small() -> None:
    many = Points("many", [Point(n, sin(n), series=n % 2 + 1) for n in range(5000)], Axis("x"), Axis("y", "", "even"))
    assert len(svg(many).encode()) < 400_000
    assert len(svg(many, "dark", 960).encode()) < 400_000


def test_the_same_chart_is_the_same_bytes() -> None:
    assert svg(RUN) == svg(RUN)
