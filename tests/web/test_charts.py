"""Pictures by URL: they show what the API answers, say where from, and refuse as the API does."""

import re
import struct
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor

import pytest
from fontTools.ttLib import TTFont

from mlquote.main import create_app
from mlquote.render.charts.letters import _BOLD, _OTHERS, _PLAIN
from mlquote.settings import Settings
from mlquote.store.api_keys import SCOPES, create_key
from mlquote.web.guards.caching import LASTING
from mlquote.web.pictures.kinds import CHARTS
from mlquote.web.pictures.png import FONTS, drawn
from tests.render.charts.boxes import SVG, boxes, overlaps
from tests.web.conftest import NOW, Client

RUN = {"model": "llama-3.1-8b", "tokens": "15e12", "accelerator": "h100-sxm", "accelerator_count": "1024"}
KINDS = [kind for kind in CHARTS if kind != "budget"]


def words(drawing: str, width: int = 640) -> str:
    return " ".join(box.words for box in boxes(drawing, width))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [320, 640, 1920])
def test_every_kind_is_drawn_without_words_on_words(client: Client, kind: str, width: int) -> None:
    answer = client.get(f"/v1/charts/{kind}.svg", **CHARTS[kind].example, size=width)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("image/svg+xml")
    found = boxes(answer.text, width)
    assert overlaps(found) == []
    assert [box.words for box in found if box.left < 0 or box.right > width] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_says_what_it_shows_when_and_where_from(client: Client, kind: str) -> None:
    drawing = client.get(f"/v1/charts/{kind}.svg", **CHARTS[kind].example).text
    root = ET.fromstring(drawing)
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title")
    told = words(drawing)
    assert f"{NOW:%Y-%m-%d}" in told
    joined = told.replace(" ", "")
    assert "http://mlquote/v1/" in joined


def test_a_run_s_picture_shows_the_figures_of_its_estimate(client: Client) -> None:
    cost = client.get("/v1/estimates/training", **RUN).json()["result"]["cost_usd"]
    told = words(client.get("/v1/charts/training.svg", **RUN).text)
    for end in cost.values():
        assert f"{end / 1e6:.2g}" in told.replace("0.80", "0.8")
    assert "Eight in ten such runs cost" in told
    assert "grid-zone-assumed" in told, "its warnings are worth knowing"


def test_an_api_bill_is_exact(client: Client) -> None:
    told = words(client.get("/v1/charts/inference.svg", **CHARTS["inference"].example).text)
    assert "$10.00, exactly" in told
    assert "$5.00 · 50\u00a0%" in told


def test_a_pinned_picture_is_kept_for_ever_and_a_moving_one_is_asked_about(client: Client) -> None:
    release = client.get("/v1/catalog").json()["release"]["id"]
    moving = client.get("/v1/charts/training.svg", **RUN)
    assert moving.headers["cache-control"] == "no-cache"
    pinned = client.get("/v1/charts/training.svg", **RUN, release=release, as_of="2026-11-20")
    assert pinned.headers["cache-control"] == LASTING
    again = client.request(
        "GET", "/v1/charts/training.svg", params={**RUN, "release": release, "as_of": "2026-11-20"},
        headers={"If-None-Match": pinned.headers["etag"]},
    )  # fmt: skip
    assert again.status_code == 304


def test_a_png_has_the_size_that_is_asked_and_holds_text(client: Client) -> None:
    answer = client.get("/v1/charts/training.png", **RUN, size="480@2", theme="dark")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert struct.unpack(">II", answer.content[16:24])[0] == 960


def test_text_is_drawn_with_the_fonts_of_the_wheel_and_never_vanishes() -> None:
    def ink(words: str) -> int:
        text = f'<text x="5" y="25" font-family="DejaVu Sans" font-size="20">{words}</text>'
        return len(drawn(f'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40">{text}</svg>', 1.0))

    empty = ink("")
    for written in ("llama", "θ₀ ŷ", "Übung", "模型", "🦙"):
        assert ink(written) > empty + 20, f"{written}: a letter that no font has is a box"


def test_the_widths_that_are_laid_out_are_the_font_s() -> None:
    for path, advances in zip(FONTS, (_PLAIN, _BOLD), strict=True):
        font = TTFont(path)
        names, metrics, units = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
        assert advances == tuple(round(metrics[names[code]][0] / units * 1000) for code in range(32, 127))
        for letter, told in _OTHERS.items():
            assert metrics[names[ord(letter)]][0] / units * 1000 <= told + 1


def test_a_fourth_png_at_once_is_told_to_come_again(client: Client) -> None:
    client.get("/v1/charts/training.png", **RUN)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(client.get, "/v1/charts/training.png", **RUN, size=900 + n) for n in range(8)]
        told = [each.result() for each in asked]
    assert {each.status_code for each in told} <= {200, 429}
    assert sum(each.status_code == 200 for each in told) >= 3
    assert all(
        each.headers["retry-after"] and each.json()["code"] == "too-many" for each in told if each.status_code == 429
    )


@pytest.mark.parametrize(
    ("path", "params", "status", "pointer"),
    [
        ("trainig.svg", {}, 404, "/kind"),
        ("training.gif", RUN, 404, "/form"),
        ("training.svg", RUN | {"size": "100"}, 422, "/size"),
        ("training.svg", RUN | {"size": "640x480"}, 422, "/size"),
        ("training.svg", RUN | {"theme": "sepia"}, 422, "/theme"),
        ("training.svg", RUN | {"format": "json"}, 422, "/format"),
        ("training.svg", RUN | {"model": "llama-nine"}, 404, "/model"),
        ("training.svg", RUN | {"tokns": "1"}, 422, "/tokns"),
        ("loss.svg", {"loss": "hubert"}, 422, "/loss"),
        ("surface.svg", CHARTS["surface"].example | {"reach": "far"}, 422, "/reach"),
        ("scoreboard.svg", {"quantity": "hours"}, 422, "/quantity"),
        ("budget.svg", {}, 422, "/name"),
        ("budget.svg", {"name": "nobody"}, 404, "/name"),
    ],
)
def test_what_cannot_be_drawn_is_a_problem_that_names_the_field(client: Client, path, params, status, pointer) -> None:
    answer = client.get(f"/v1/charts/{path}", **params)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_what_has_no_figure_says_so(client: Client) -> None:
    asked = {"model": "llama-3.1-8b", "accelerator": "h100-sxm", "accelerator_hours": "1000"}
    assert client.get("/v1/charts/training.svg", **asked).status_code == 200


def test_the_index_lists_every_kind_with_an_address_that_works(client: Client) -> None:
    charts = client.get("/v1/charts").json()["charts"]
    assert [each["kind"] for each in charts] == list(CHARTS)
    for each in charts:
        if each["kind"] != "budget":
            assert client.request("GET", each["example"]).status_code == 200, each


def test_a_budget_s_picture_needs_what_its_budget_needs(tmp_path) -> None:
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path}/m.sqlite3"), now=lambda: NOW)
    asker = Client(app)
    key = {"Authorization": f"Bearer {create_key(app.state.engine, 'all', list(SCOPES), now=NOW, by='test')[1]}"}
    limits = {"limits": [{"figure": "cost_usd", "per": "month", "fail_above": 800}]}
    assert asker.request("PUT", "/v1/budgets/search", json=limits, headers=key).status_code == 201
    assert asker.get("/v1/charts/budget.svg", name="search").status_code == 401
    answer = asker.request("GET", "/v1/charts/budget.svg", params={"name": "search"}, headers=key)
    assert answer.status_code == 200, answer.text
    assert re.search(r"\$0 of \$800 per month", words(answer.text))
    app.state.desks.close(wait=True)
    app.state.engine.dispose()
