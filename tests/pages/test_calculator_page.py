"""The calculator as people use it: typed into, without script, by keyboard alone, by its link."""

import re
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from playwright.sync_api import Page, expect

from mlquote.web.pages.kinds import KINDS, CalculatorKind
from tests.pages.conftest import WIDTHS, Open

STARTS = [(kind, query) for kind in KINDS for query in kind.start.values()]
PLACES = [(width, theme) for width, theme in zip(WIDTHS, ("light", "dark", "light"), strict=True)]
TRAINING = "model=llama-3.1-8b&tokens=15T&accelerator=h100-sxm&accelerator_count=1024"


def _asked(service: str, kind: CalculatorKind, query: str) -> dict[str, Any]:
    answer = httpx.get(f"{service}{kind.asked_at}?{query}").json()
    assert "result" in answer, answer
    result: dict[str, Any] = answer["result"]
    return result


def _value(result: dict[str, Any], name: str) -> float:
    place: Any = result
    for part in name.split("."):
        place = place[int(part) if isinstance(place, list) else part]
    return float(place["central"] if isinstance(place, dict) else place)


def _fill(page: Page, query: str) -> None:
    """Types the fields of a query, those that are folded away too."""
    for each in page.locator("details.more, details.more details").all():
        each.evaluate("(details) => { details.open = true; }")
    for name, value in parse_qsl(query):
        field = page.locator(f'[name="{name}"]')
        if field.evaluate("(field) => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def _is_answer(page: Page, result: dict[str, Any]) -> None:
    head = page.locator("#headline")
    name = head.get_attribute("data-name")
    assert name is not None
    expect(head).to_have_attribute("data-value", _spelt(_value(result, name)))


def _spelt(value: float) -> Any:
    """The first ten figures of a number: what follows is how it is spelt."""
    return re.compile(f"^{re.escape(repr(value).removesuffix('.0')[:10])}")


@pytest.mark.parametrize(("kind", "query"), STARTS, ids=lambda each: each if isinstance(each, str) else each.name)
def test_each_form_answers_what_the_api_answers(opened: Open, service: str, kind: CalculatorKind, query: str) -> None:
    width, theme = PLACES[STARTS.index((kind, query)) % len(PLACES)]
    page = opened(f"/calculator/{kind.name}", width=width, scheme=theme)
    _fill(page, query)
    expect(page.locator("#headline")).to_be_visible()
    assert all(f"{name}=" in page.url for name, _ in parse_qsl(query))
    _is_answer(page, _asked(service, kind, query))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_form_answers_without_script(opened: Open, service: str, kind: CalculatorKind) -> None:
    query = next(iter(kind.start.values()))
    page = opened(f"/calculator/{kind.name}", script=False)
    for name, value in parse_qsl(query):
        field = page.locator(f'[name="{name}"]')
        if not field.is_visible():
            continue
        if page.locator(f'select[name="{name}"]').count():
            field.select_option(value)
        else:
            field.fill(value)
    page.get_by_role("button", name="Answer").click()
    _is_answer(page, _asked(service, kind, query))


def test_a_link_is_followed_to_the_same_answer(opened: Open) -> None:
    page = opened(f"/calculator/training?{TRAINING}")
    value = page.locator("#headline").get_attribute("data-value")
    link = page.get_by_text("Copy link").get_attribute("data-copy")
    assert link and "release=" in link and "as_of=" in link
    page.goto(link)
    expect(page.locator("#headline")).to_have_attribute("data-value", value or "")
    expect(page.get_by_role("heading", name="An old link")).to_be_visible()


def test_an_old_link_shows_what_it_costs_now(opened: Open, service: str) -> None:
    page = opened(f"/calculator/training?{TRAINING}&as_of=2025-06-01", width=390)
    then, now = (
        httpx.get(f"{service}/v1/estimates/training?{TRAINING}{moment}").json()["result"]["cost_usd"]
        for moment in ("&as_of=2025-06-01", "")
    )
    assert then["central"] != now["central"]
    told = page.locator("section", has=page.get_by_role("heading", name="An old link"))
    for cost in (then, now):
        expect(told).to_contain_text(f"${cost['central'] / 1e6:.1f} million")
    told.get_by_role("link").click()
    expect(page.locator("#headline")).to_have_attribute("data-value", _spelt(now["central"]))


def test_a_fault_stands_at_its_field_and_the_answer_before_stays(opened: Open) -> None:
    page = opened(f"/calculator/training?{TRAINING}", width=390, scheme="dark")
    before = page.locator("#headline").inner_text()
    page.locator('[name="accelerator"]').fill("h10o")
    fault = page.locator("#h-accelerator.fault")
    expect(fault).to_contain_text("no accelerator named")
    expect(page.locator('[name="accelerator"]')).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#headline")).to_have_text(before)
    fault.get_by_role("link").first.click()
    expect(page.locator('[name="accelerator"]')).to_have_value("H100")
    expect(page.locator("#h-accelerator.fault")).to_have_count(0)


def test_a_doubt_is_pinned_and_the_band_is_narrower(opened: Open) -> None:
    page = opened(f"/calculator/training?{TRAINING}")
    head = page.locator("#headline")
    ends = [float(head.get_attribute(f"data-{end}") or 0) for end in ("low", "high")]
    page.get_by_text("Pin it").first.click()
    expect(page.locator('[name="usd_per_accelerator_hour"]')).not_to_have_value("")
    expect(page.locator('a[data-fill="usd_per_accelerator_hour"]')).to_have_count(0)
    narrow = [float(head.get_attribute(f"data-{end}") or 0) for end in ("low", "high")]
    assert narrow[1] / narrow[0] < ends[1] / ends[0]


def test_every_doubt_can_be_pinned_until_none_is_left(opened: Open) -> None:
    page = opened(f"/calculator/training?{TRAINING}", width=390, scheme="dark")
    head, pins = page.locator("#headline"), page.get_by_text("Pin it")
    for _ in range(8):
        if not pins.count():
            break
        field = pins.first.get_attribute("data-fill")
        pins.first.click()
        expect(page.locator(f'a[data-fill="{field}"]')).to_have_count(0)
    expect(pins).to_have_count(0)
    low, high = (float(head.get_attribute(f"data-{end}") or head.get_attribute("data-value") or 0) for end in ENDS)
    assert low <= float(head.get_attribute("data-value") or 0) <= high <= 1.05 * low


ENDS = ("low", "high")


def test_the_calculator_works_by_keyboard_alone(opened: Open) -> None:
    page = opened("/calculator/training")
    page.keyboard.press("/")
    expect(page.locator('[name="model"]')).to_be_focused()
    page.keyboard.type("llama-3.1-8b")
    page.keyboard.press("Tab")
    page.keyboard.type("15T")
    page.keyboard.press("Tab")
    page.keyboard.type("h100-sxm")
    expect(page.locator("#headline")).to_contain_text("About $")
    page.keyboard.press("Escape")
    page.locator("#main").focus()
    page.keyboard.press("p")
    expect(page.locator("#m-usd_per_accelerator_hour")).to_have_text("given")
    page.locator("#main").focus()
    page.keyboard.press("4")
    expect(page.get_by_role("link", name="Hosting")).to_have_attribute("aria-current", "page")
    page.keyboard.press("g")
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name="Spend", exact=True)).to_be_visible()


def test_the_skip_link_and_the_list_of_keys(opened: Open) -> None:
    page = opened("/")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("t")
    expect(page.locator("html")).not_to_have_attribute("data-theme", "light")


def test_the_theme_that_was_chosen_stays(opened: Open) -> None:
    page = opened("/", scheme="dark")
    page.get_by_role("button", name="Theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_what_changed_is_said_aloud(opened: Open) -> None:
    page = opened(f"/calculator/training?{TRAINING}")
    page.locator('[name="accelerator_count"]').fill("512")
    expect(page.get_by_role("status")).to_contain_text("About $")


def test_names_are_completed_from_the_catalogue(opened: Open) -> None:
    page = opened("/calculator/training")
    page.locator('[name="model"]').fill("llama-3.1")
    page.locator("#l-model option").nth(2).wait_for(state="attached")
    assert "llama-3.1-8b" in page.locator("#l-model option").evaluate_all("(all) => all.map((each) => each.value)")


def test_quotes_gather_side_by_side(opened: Open) -> None:
    page = opened(f"/calculator/training?{TRAINING}")
    page.get_by_text("+ Compare").click()
    expect(page.get_by_role("heading", name="1 quote side by side")).to_be_visible()
    page.locator("#value").fill("b200")
    page.get_by_role("button", name="+ Quote").first.click()
    expect(page.locator(".says")).to_contain_text("b200 is cheapest")
