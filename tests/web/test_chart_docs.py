"""docs/charts.md names every kind of chart and badge, and its pictures are those that the service draws.

MLQUOTE_TEST_REWRITE=1 draws them anew; look at each before committing it.
"""

import os
import re
from pathlib import Path

import pytest

from mlquote.web.pictures.kinds import CHARTS
from mlquote.web.routes.badges import BADGES
from tests.web.conftest import Client

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "charts.md").read_text()
SHOWN = [kind for kind in CHARTS if kind != "budget"]
_MOVING = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{8}|mlquote \d+\.\d+\.\d+")
"""The release's id, which moves with every row, also with those that a picture does not show; and our own version."""
_BROKEN = re.compile(r'(?<=[0-9a-f-])</text><text fill="#5d6670" font-size="11" x="20.0" y="[\d.]+">(?=[0-9a-f-])')
"""Where an address goes on in the next line, maybe within the release's id."""


def _still(drawn: str) -> str:
    """A picture without what moves."""
    return _MOVING.sub("", _BROKEN.sub("", drawn))


@pytest.mark.parametrize("kind", SHOWN)
def test_each_picture_of_the_page_is_what_the_service_draws(client: Client, kind: str) -> None:
    drawn = client.get(f"/v1/charts/{kind}.svg", **CHARTS[kind].example).text
    kept = DOCS / "pictures" / f"{kind}.svg"
    if os.environ.get("MLQUOTE_TEST_REWRITE") == "1":
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(drawn)
    assert _still(kept.read_text()) == _still(drawn), "MLQUOTE_TEST_REWRITE=1 draws it anew"
    assert f"](pictures/{kind}.svg)" in PAGE


def test_the_page_names_every_chart_and_every_badge() -> None:
    assert [name for name in [*CHARTS, *BADGES] if f"`{name}`" not in PAGE] == []
    assert {path.stem for path in (DOCS / "pictures").glob("*.svg")} == set(SHOWN)


def test_each_address_of_the_page_works(client: Client) -> None:
    addresses = re.findall(r"http://localhost:8000(/v1/(?:charts|badges)[^\s)'\"`]*)", PAGE)
    assert len(addresses) >= 5
    for address in addresses:
        answer = client.request("GET", address)
        assert answer.status_code == 200, (address, answer.text)
        assert ">unknown<" not in answer.text, address
