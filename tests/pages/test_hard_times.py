"""What a page does where the service is out of reach, and what of it comes out on paper."""

import re

import pytest
from playwright.sync_api import expect

from tests.pages.conftest import Open
from tests.pages.test_calculator_page import TRAINING

AWAY = "ERR_INTERNET_DISCONNECTED"
"""What a browser says of a request that reaches nobody."""
TYPED = {
    "calculator": (f"/calculator/training?{TRAINING}", "#f-accelerator_count", "512", "accelerator_count=512"),
    "loss": ("/loss?loss=huber&at=1", "#f-at", "2", "at=2"),
    "explore": ("/explore/prices?model=gpt-4o", "#f-model", "o3", "model=o3"),
}


@pytest.mark.parametrize(("path", "field", "value", "asked"), TYPED.values(), ids=TYPED)
def test_an_answer_stays_where_the_service_is_gone_and_is_asked_for_again(
    opened: Open, path: str, field: str, value: str, asked: str
) -> None:
    page = opened(path, width=390, may_fail=AWAY)
    before = page.locator("#answer").inner_text()
    page.context.set_offline(True)
    page.locator(field).fill(value)
    away = page.get_by_role("alert").filter(has_text="No answer from the service.")
    expect(away).to_contain_text("What you see is its last answer")
    assert page.locator("#answer").inner_text() == before
    expect(page.locator("#answer")).to_have_class(re.compile("stale"))
    page.context.set_offline(False)
    away.get_by_role("button", name="Try again").click()
    expect(away).to_have_count(0)
    expect(page.locator("#answer")).not_to_have_class(re.compile("stale"))
    assert asked in page.url
    assert page.locator("#answer").inner_text() != before


def test_a_check_and_a_log_say_that_the_service_is_gone(opened: Open) -> None:
    page = opened("/calculator/budget", may_fail=AWAY)
    page.context.set_offline(True)
    page.locator("#f-budget").fill("search")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#away")).to_contain_text("No answer from the service.")


@pytest.mark.parametrize("path", [f"/calculator/training?{TRAINING}", "/explore/latency", "/loss/surface"], ids=str)
def test_paper_holds_the_answer_dark_on_white(opened: Open, path: str) -> None:
    page = opened(path, scheme="dark")
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("button", name="Theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.emulate_media(media="print")
    colours = page.evaluate(
        "() => [document.body, document.querySelector('h1'), document.querySelector('svg text')].map("
        "(each, at) => getComputedStyle(each)[['backgroundColor', 'color', 'fill'][at]])"
    )
    paper, *inks = [sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in colours]
    assert paper == 3 * 255 and max(inks) < 3 * 128, colours
    expect(page.locator("form:visible, button:visible")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 4
