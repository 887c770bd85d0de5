"""An answer as a pull-request comment."""

from mlquote.render import markdown
from tests.render.sample import ANSWER


def test_markdown_has_a_table_and_escapes_pipes() -> None:
    assert "| energy_kwh | 1 | 2.5 | 10,000,000 | kWh |" in markdown.rendered(ANSWER)
    assert markdown.table(["a"], [["x|y"]]) == "| a |\n| --- |\n| x\\|y |\n"


def test_a_warning_and_the_release_stand_below() -> None:
    written = markdown.rendered(ANSWER)
    assert "- ⚠️ `no-water-figure` nobody published it\n" in written
    assert written.endswith("Release `2026-11-23-abcdef01`, as of 2026-11-23T00:00:00Z.\n")
