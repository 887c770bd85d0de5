"""The loss lab and Explore in a browser: live, by keyboard, without script, at every width, in light and dark."""

import json
import re
from typing import Any
from urllib.request import Request, urlopen

import pytest


def posted(base: str, path: str, body: Any) -> Any:
    """What the API answers."""
    asked = Request(base + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urlopen(asked) as answer:
        return json.load(answer)


def cell(page: Any, row: int, column: int) -> float:
    """The raw value of a cell of the first table."""
    value = page.locator("#answer table tbody tr").nth(row).locator("th, td").nth(column).get_attribute("data-value")
    return float(value)


def test_a_handle_and_its_box_agree_and_the_answer_follows(opened: Any, base: str) -> None:
    page = opened("/loss?loss=huber&params.delta=1&at=3")
    page.locator('input[type=range][data-for="f-params-delta"]').fill("2")
    page.wait_for_url(re.compile(r"params\.delta=2"))
    assert page.locator("#f-params-delta").input_value() == "2"
    (mark,) = posted(base, "/v1/losses/slice", {"loss": "huber", "params": {"delta": 2}, "at": 3})["at"]
    page.wait_for_function(
        "v => document.querySelector('#answer td:nth-child(3)').dataset.value == v", arg=mark["value"]
    )
    page.locator("#f-params-delta").fill("0.5")
    page.wait_for_url(re.compile(r"params\.delta=0\.5"))
    assert page.locator('input[type=range][data-for="f-params-delta"]').input_value() == "0.5"


def test_a_fault_stands_under_its_field_and_the_answer_is_left(opened: Any) -> None:
    page = opened("/loss?loss=huber&params.delta=1&at=1.5")
    page.locator("#f-params-delta").fill("-1")
    page.wait_for_selector(".field.err #f-params-delta")
    assert cell(page, 0, 2) == 1.0


def test_another_loss_is_chosen_by_keyboard(opened: Any) -> None:
    page = opened("/loss")
    page.locator("#f-loss").focus()
    page.keyboard.type("mae")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("loss=mae"))
    assert page.locator("h1").inner_text().startswith("mae")


def test_an_optimiser_more_walks_as_the_api_says(opened: Any, base: str) -> None:
    page = opened("/loss/surface?start=bowl")
    page.get_by_label("adam", exact=True).focus()
    page.keyboard.press("Space")
    page.wait_for_url(re.compile("optimizer=gd%2Cmomentum%2Cadam"))
    page.wait_for_function("[...document.querySelectorAll('#answer th')].some(e => e.textContent.trim() == 'adam')")
    ask = {"model": "linear", "X": [[1, -1], [1, 0], [1, 1], [1, 2]], "y": [0, 1, 1, 3], "theta0": [-2.5, -2],
           "learning_rate": 0.1, "steps": 30, "optimizer": "adam"}  # fmt: skip
    assert cell(page, 2, 3) == posted(base, "/v1/losses/descent", ask)["objectives"][-1]


@pytest.mark.parametrize(
    ("path", "field", "value", "wanted"),
    [
        ("/loss?loss=huber&at=1", "#f-at", "2", "at=2"),
        ("/loss/threshold", "#f-costs-fn", "9", "costs.fn=9"),
        ("/explore/prices?model=gpt-4o", "#f-model", "o3", "model=o3"),
    ],
    ids=["shape", "threshold", "prices"],
)
def test_without_script_a_form_is_sent_and_answered(
    path: str, field: str, value: str, wanted: str, opened: Any
) -> None:
    page = opened(path, script=False)
    page.locator(field).fill(value)
    with page.expect_navigation():
        page.locator("#lab .send button").press("Enter")
    assert wanted in page.url
    assert page.locator("#answer table").count() > 0
    assert page.locator("input[type=range]").first.is_hidden() if page.locator("input[type=range]").count() else True


def test_a_table_is_sorted_by_its_head(opened: Any) -> None:
    page = opened("/explore/models?provider=anthropic")
    page.get_by_role("link", name=re.compile("Output")).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("sort=output"))
    assert page.locator('th[aria-sort="ascending"]').inner_text().startswith("Output")
    first, last = (cell(page, place, 3) for place in (0, -1))
    assert first <= last


def test_a_copied_link_replays(opened: Any) -> None:
    page = opened("/explore/prices?model=gpt-4o")
    link = page.locator('[data-do="copy"]').get_attribute("data-link")
    again = opened(link[link.index("/explore") :])
    assert "release=" in again.url
    assert "as_of=" in again.url
    assert again.locator("#figures tbody").inner_text() == page.locator("#figures tbody").inner_text()


def test_handles_are_as_tall_as_a_finger(browser: Any, base: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{base}/loss")
    boxes = [each.bounding_box()["height"] for each in page.locator("#lab input[type=range]").all()]
    context.close()
    assert boxes
    assert min(boxes) >= 44
