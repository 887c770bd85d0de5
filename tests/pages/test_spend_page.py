"""Spend in a browser: a log dropped and priced, a budget read with a key that stays in the tab."""

import json
from pathlib import Path

import httpx
from playwright.sync_api import expect

from tests.pages.conftest import Open
from tests.web.test_spend_pages import LOG


def _log(folder: Path) -> Path:
    path = folder / "november.ndjson"
    path.write_text("\n".join([*map(json.dumps, LOG), "nonsense"]))
    return path


def test_a_log_is_sent_and_its_bill_is_the_apis(opened: Open, service: str, tmp_path: Path) -> None:
    log = _log(tmp_path)
    page = opened("/spend", width=390, scheme="dark")
    page.locator("#label").fill("team")
    page.locator("#log").set_input_files(log)
    expect(page.locator("#priced")).to_be_visible()
    told = httpx.post(f"{service}/v1/usage/cost?by=day,model", content=log.read_bytes()).json()
    assert float(page.locator("#priced").get_attribute("data-value") or 0) == told["priced_usd"] == 7
    expect(page.locator("#bar-says")).to_have_text("november.ndjson: done")
    expect(page.locator("#bill")).to_contain_text("3 of 4 lines are priced")


def test_a_log_is_priced_without_script(opened: Open, tmp_path: Path) -> None:
    page = opened("/spend", script=False)
    page.locator("#log").set_input_files(_log(tmp_path))
    page.get_by_role("button", name="Price it").click()
    expect(page.locator("#priced")).to_have_attribute("data-value", "7")


def test_a_check_needs_a_budget_that_is_there(opened: Open) -> None:
    page = opened("/calculator/budget", scheme="dark")
    page.locator("#f-budget").fill("nobody")
    page.locator("#f-question").fill("kind=training&model=llama-3.1-8b&tokens=1B&accelerator=h100-sxm")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#answer")).to_contain_text("no budget")
