"""The loss lab without script: its pages tell the API's numbers, faults stand under their fields, links replay."""

import re
from html import unescape
from importlib.resources import files
from typing import Any

import pytest

from mlquote.render.charts.themes import sheet
from mlquote.web.pages.asked import Query, value_of
from mlquote.web.pages.lab.surface import STARTS
from mlquote.web.pages.lab.thresholds import CASES, cost_at, stairs
from tests.web.conftest import Client

ROOMS = ("/loss", "/loss/surface", "/loss/frameworks", "/loss/threshold", "/loss/words")
COSTS = {"tp": 0, "fp": 1, "fn": 4, "tn": 0}


def shown(client: Client, path: str, **fields: Any) -> str:
    """A page as a browser gets it."""
    response = client.get(path, **fields)
    assert response.status_code == 200, response.text[:2000]
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in response.headers["content-security-policy"]
    return response.text


def values(page: str) -> list[float]:
    """Every raw number of the tables, in their order."""
    return [float(value) for value in re.findall(r'data-value="([^"]+)"', page)]


@pytest.mark.parametrize("path", ROOMS)
def test_a_room_opens_without_a_question(path: str, client: Client) -> None:
    page = shown(client, path)
    assert "style=" not in page
    assert "<script>" not in page
    assert page.count('aria-current="page"') == 2  # the room in the frame, the room in the lab


def test_the_shape_tells_the_api_s_numbers(client: Client) -> None:
    ask = {"loss": "huber", "params": {"delta": 2.0}, "at": -3.0}
    (mark,) = client.post("/v1/losses/slice", ask).json()["at"]
    page = shown(client, "/loss", **{"loss": "huber", "params.delta": "2", "at": "-3"})
    assert values(page) == [-3.0, mark["value"], mark["slope"], mark["curvature"]]
    assert mark["value"] == 4.0  # delta (|r| - delta / 2) = 2 (3 - 1)


def test_losses_beside_go_the_same_way(client: Client) -> None:
    page = shown(client, "/loss", loss="huber", at="1.5", beside="mse, mae")
    assert values(page) == pytest.approx([1.5, 1.0, 1.0, 0.0, 1.5, 2.25, 3.0, 2.0, 1.5, 1.5, 1.0, 0.0], abs=1e-9)
    assert page.count("<svg") >= 3


def test_a_kink_has_no_curvature(client: Client) -> None:
    assert "none: a kink" in shown(client, "/loss", loss="mae", at="0")


def test_what_cannot_stand_beside_says_why(client: Client) -> None:
    assert "Not drawn: dice" in shown(client, "/loss", loss="huber", beside="dice")


def test_a_fault_stands_under_its_field(client: Client) -> None:
    response = client.get("/loss", **{"loss": "huber", "params.delta": "-1"})
    assert response.status_code == 422
    field = re.search(r'<div class="field err"><label for="f-params-delta">.*?</div>\s*</div>', response.text, re.S)
    assert field is not None
    assert 'aria-invalid="true"' in field[0] or 'aria-invalid="true"' in response.text


def test_a_fault_of_no_field_of_the_form_is_told_too(client: Client) -> None:
    response = client.get("/loss", loss="huber", colour="red")
    assert response.status_code == 422
    assert "unknown field" in unescape(response.text)


def test_another_loss_begins_with_its_own_parameters(client: Client) -> None:
    response = client.get("/loss", **{"was": "huber", "loss": "mse", "params.delta": "1", "beside": "mae"})
    assert response.status_code == 303
    assert response.headers["location"] == "/loss?loss=mse&beside=mae"


@pytest.mark.parametrize("start", STARTS)
def test_every_start_of_the_surface_is_answered_as_the_api_does(start: str, client: Client) -> None:
    page = shown(client, "/loss/surface", start=start)
    fields = STARTS[start][1]
    ask = {name: value_of(text) for name, text in fields.items() if name not in {"from", "to", "momentum"}}
    ask["optimizer"] = fields["optimizer"].split(",")[0]
    ask["y"] = ask["y"] if isinstance(ask["y"], list) else [ask["y"]]
    found = client.post("/v1/losses/descent", ask).json()
    assert float(found["objectives"][-1]) in values(page)


def test_the_surface_names_its_saddle_and_its_valleys(client: Client) -> None:
    page = shown(client, "/loss/surface", start="saddle")
    assert "one saddle" in page
    assert "flat valley" in page
    assert re.search(r'<th scope="row">saddle</th><td>0, 0</td><td class="num" data-value="1.0">', page)


def test_a_figure_that_no_walk_uses_is_named(client: Client) -> None:
    asked = dict(STARTS["bowl"][1]) | {"optimizer": "gd"}
    assert "momentum has no say here" in shown(client, "/loss/surface", **asked)


def test_one_coefficient_is_drawn_as_a_line(client: Client) -> None:
    page = shown(client, "/loss/surface", model="linear", X="[[1],[2]]", y="1,2", theta0="-1", learning_rate="0.1",
                 steps="5")  # fmt: skip
    assert "J over θ" in page


def test_many_coefficients_are_seen_around_the_end_of_the_walk(client: Client) -> None:
    page = shown(client, "/loss/surface", model="linear", X="[[1,0,1],[0,1,1],[1,1,0]]", y="1,2,3", theta0="0,0,0",
                 learning_rate="0.1", steps="5")  # fmt: skip
    assert "directions that bend most" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"steps": "501"}, "at most 500"),
        ({"optimizer": "gd,sgd,adam,lion,rmsprop"}, "at most 4"),
        ({"to": "-9"}, "ends before it begins"),
        ({"X": "[[1, 2"}, "is no JSON"),
        ({"optimizer": "nothing"}, "is not a known optimizer"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_surface_without_meaning_is_refused(fields: dict[str, str], words: str, client: Client) -> None:
    response = client.get("/loss/surface", **(dict(STARTS["bowl"][1]) | fields))
    assert response.status_code == 422
    assert words in unescape(response.text)


def test_the_frameworks_tell_the_api_s_numbers(client: Client) -> None:
    ask = {"loss": "huber", "predictions": [0.2, 1.5, -3, 0.9], "targets": [0, 0, 0, 1]}
    found = client.post("/v1/losses/compare", ask).json()
    page = shown(client, "/loss/frameworks", loss="huber", predictions="0.2, 1.5, -3, 0.9", targets="0, 0, 0, 1")
    known = [entry["value"] for entry in found["frameworks"] if entry["value"] is not None]
    assert values(page) == [found["reference"]["value"], *known]
    for entry in found["frameworks"]:
        assert all(reason in unescape(page) for reason in entry["reasons"])


def test_the_threshold_tells_the_api_s_numbers(client: Client) -> None:
    cases = {name: value_of(text) for name, text in CASES.items()}
    best = client.post("/v1/losses/decision-threshold", {"op": "empirical", "costs": COSTS, **cases}).json()
    page = shown(client, "/loss/threshold", **{f"costs.{cell}": cost for cell, cost in COSTS.items()}, **CASES)
    told = values(page)
    assert told[0] == pytest.approx(0.2)  # fp / (fp + fn) = 1 / 5
    assert [best["threshold"], best["min_total_cost"]] == told[2:4]
    assert best["cost_at_half"] == told[5]


def test_the_cost_curve_s_steps_are_those_of_counting() -> None:
    tried = {"curve": {"thresholds": [float("inf"), 0.8, 0.4], "total_costs": [4.0, 0.0, 1.0]}}
    assert stairs(tried) == [(0.0, 0.4, 1.0), (0.4, 0.8, 0.0), (0.8, 1.0, 4.0)]
    assert [cost_at(tried, cut) for cut in (0.0, 0.4, 0.5, 0.8, 0.81)] == [1.0, 1.0, 0.0, 0.0, 4.0]


def test_a_changed_base_rate_moves_the_cut(client: Client) -> None:
    page = shown(client, "/loss/threshold", **{"costs.fp": 1, "costs.fn": 1, "base_rate": 0.5, "new_base_rate": 0.1},
                 **CASES)  # fmt: skip
    assert any(value == pytest.approx(0.9) for value in values(page))  # odds 1:9 against, so 9:1 is asked of the model


def test_class_weights_stand_beside(client: Client) -> None:
    page = shown(client, "/loss/threshold", probabilities="0.1, 0.2, 0.3, 0.9", labels="0, 0, 0, 1")
    assert values(page)[-2:] == pytest.approx([4 / (2 * 3), 4 / (2 * 1)])


def test_the_words_are_the_api_s(client: Client) -> None:
    page = unescape(shown(client, "/loss/words"))
    for term in client.get("/v1/losses/terms").json()["terms"]:
        assert term["meaning"] in page


def test_a_query_is_read_as_the_api_s_body() -> None:
    query = Query.of([("loss", "huber"), ("params.delta", "2"), ("optimizer", "gd"), ("optimizer", "adam"), ("at", "")])
    assert query.body() == {"loss": "huber", "params": {"delta": 2}, "optimizer": ["gd", "adam"]}
    assert value_of("\N{MINUS SIGN}1.5") == -1.5
    assert value_of("[[1, 2], [3, 4]]") == [[1, 2], [3, 4]]


def test_names_are_escaped(client: Client) -> None:
    page = client.get("/loss", loss="<script>alert(1)</script>").text
    assert "<script>alert" not in page


def test_the_charts_sheet_is_what_the_drawings_ask_for() -> None:
    kept = (files("mlquote.render.pages") / "static" / "charts.css").read_text()
    assert sheet() in kept
