"""Names that others chose are shown and do nothing."""

import csv as csv_reader
from io import StringIO

import pytest

from mlquote.render import csv, markdown, text, values
from mlquote.render.harmless import in_csv, in_markdown, on_one_line

EVIL = "a\n\n### within budget\n\n<img src=https://evil.example/t.png> @everyone [x](http://e)\x1b[2J\u202e"


def test_a_name_stays_on_its_line_and_moves_no_cursor() -> None:
    shown = on_one_line(EVIL)
    assert "\n" not in shown and "\x1b" not in shown and "\u202e" not in shown and "### within budget" in shown


def test_no_tag_link_image_or_mention_begins_in_a_name() -> None:
    shown = in_markdown(EVIL)
    assert not set(shown) & set("<>[]\n") and "://" not in shown and "@everyone" not in shown
    assert in_markdown("llama-3.1-8b, 50% (a_b)") == "llama-3.1-8b, 50% (a_b)"


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "+1", "-x", "@SUM(A1)", "\tx"])
def test_no_cell_of_text_is_a_formula(cell: str) -> None:
    assert in_csv(cell) == f"'{cell}"


def test_numbers_and_other_words_are_cells_as_they_are() -> None:
    assert [in_csv(cell) for cell in (-1.5, None, "a=b", "")] == [-1.5, None, "a=b", ""]


def test_every_face_shows_an_evil_name_harmlessly() -> None:
    answer = {"result": {"totals": [{"label": EVIL, "usd": 1}, {"label": "=cmd|'/C calc'!A0", "usd": 2}]}}
    assert "\n###" not in markdown.rendered(answer) and "<img" not in markdown.rendered(answer)
    assert "\x1b" not in text.rendered(answer) and "\n###" not in text.rendered(answer)
    cells = [cell for row in csv_reader.reader(StringIO(csv.rendered(answer))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "@"))]


def test_no_column_and_no_value_of_a_loss_is_computed_and_every_number_stays_one() -> None:
    table = csv.rendered({"rows": [{"=cmd|'/C calc'!A0": 1}]})
    assert table.splitlines()[0] == "'=cmd|'/C calc'!A0"
    answer = {"-1+1": -0.5, "label": "=1+1", "gradient": [-1e-9, "-Infinity"], "sign": "+cmd"}
    told = dict(csv_reader.reader(StringIO(values.FACES["csv"](answer))))
    assert told == {
        "name": "value",
        "'-1+1": "-0.5",
        "label": "'=1+1",
        "gradient[0]": "-1e-09",
        "gradient[1]": "-Infinity",
        "sign": "'+cmd",
    }
