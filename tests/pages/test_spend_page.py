"""Spend in a browser: a log dropped and priced, a budget read with a key that stays in the tab."""

import json
from base64 import b64encode
from io import BytesIO
from pathlib import Path

import httpx
import pyarrow
from playwright.sync_api import expect
from pyarrow import parquet

from tests.pages.conftest import JOB_FROM_BYTES, Open
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


def test_a_long_log_is_a_job_whose_progress_is_shown(opened: Open, service: str, tmp_path: Path) -> None:
    line = json.dumps({"timestamp": "2026-11-01T10:00:00Z", "provider": "openai", "model": "gpt-4o",
                       "usage": {"input_tokens": 1_000_000, "output_tokens": 0}})  # fmt: skip
    log = tmp_path / "year.ndjson"
    log.write_text(f"{line}\n" * (JOB_FROM_BYTES // len(line) + 10))
    asked: list[str] = []
    page = opened("/spend")
    page.on("request", lambda request: asked.append(request.url.removeprefix(service)))
    page.locator("#log").set_input_files(log)
    expect(page.locator("#bar-says")).to_have_text("year.ndjson: done")
    assert float(page.locator("#priced").get_attribute("data-value") or 0) == 2.5 * log.read_text().count("\n")
    assert any(each.startswith("/v1/usage/jobs/job_") for each in asked)
    assert any(each.startswith("/v1/views/usage-log?job=") for each in asked)


def test_a_table_that_is_dropped_is_priced(opened: Open, service: str) -> None:
    rows = {"timestamp": ["2026-11-01T10:00:00Z", "2026-11-02T10:00:00Z"], "provider": ["openai"] * 2,
            "model": ["gpt-4o", "no-such-model"], "input_tokens": [1_000_000, 5]}  # fmt: skip
    held = BytesIO()
    parquet.write_table(pyarrow.table(rows), held)
    page = opened("/spend", width=1920, scheme="dark")
    page.evaluate(_DROP, b64encode(held.getvalue()).decode())
    expect(page.locator("#priced")).to_be_visible()
    told = httpx.post(f"{service}/v1/usage/cost", content=held.getvalue()).json()
    assert float(page.locator("#priced").get_attribute("data-value") or 0) == told["priced_usd"] == 2.5
    expect(page.locator("#bill")).to_contain_text("1 of 2 lines are priced")
    expect(page.get_by_role("heading", name="Not priced")).to_be_visible()
    expect(page.locator("#bill")).to_contain_text("no-such-model")


_DROP = """
(packed) => {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "usage.parquet"));
  document.querySelector("#log-form").dispatchEvent(
    new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}
"""
