"""What a visitor waits for: bytes of the first view, time until it can be used, and a keystroke until its fresh number.

Run with what `.ci/page` installs (the extra `pages`) and Chromium. Prints one line a figure, with its limit.

    .venv/bin/python benchmarks/bench_page.py [--chromium /usr/bin/chromium] [--port 8769] [--keys 60]
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import quantiles
from time import perf_counter, sleep

import httpx
from playwright.sync_api import Page, sync_playwright

QUESTION = "/calculator/training?model=llama-3.1-8b&tokens=15T&accelerator=h100-sxm&accelerator_count=1024"
MOST_BYTES, MOST_USABLE_MS, MOST_KEY_MS = 60_000, 500.0, 60.0


def first_view(page: Page, address: str) -> tuple[int, float]:
    """Bytes that came over the wire for an empty cache, and ms until the page's modules have run."""
    begun = perf_counter()
    page.goto(address)
    page.locator("[data-do=theme][aria-label]").wait_for()
    waited = 1e3 * (perf_counter() - begun)
    entries = "[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]"
    return int(page.evaluate(f"{entries}.reduce((sum, each) => sum + each.transferSize, 0)")), waited


def keystrokes(page: Page, keys: int) -> list[float]:
    """ms from an input event to the number that answers it, each count another."""
    waited = []
    for at in range(keys):
        waited.append(float(page.evaluate(_KEY, str(1000 + at))))
    return waited


def answers(address: str) -> None:
    """Wait until the service answers."""
    while True:
        try:
            httpx.get(f"{address}/readyz", timeout=60)
            return
        except httpx.ConnectError:
            sleep(0.2)


_KEY = """
(count) => new Promise((done) => {
  const field = document.querySelector('[name="accelerator_count"]'), begun = performance.now();
  document.addEventListener("answered", () => done(performance.now() - begun), { once: true });
  field.value = count;
  field.dispatchEvent(new Event("input", { bubbles: true }));
})
"""


def main() -> int:
    """Measure, print, and say by the exit code whether every limit held."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--chromium", default="/usr/bin/chromium")
    asked.add_argument("--port", type=int, default=8769)
    asked.add_argument("--keys", type=int, default=60)
    options = asked.parse_args()
    address = f"http://127.0.0.1:{options.port}"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        environment = os.environ | {"MLQUOTE_DATABASE_URL": f"sqlite:///{folder}/mlquote.sqlite3"}
        command = [str(Path(sys.executable).with_name("mlquote")), "serve", "--port", str(options.port)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as served:
            try:
                answers(address)
                browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
                browser.new_page().goto(f"{address}{QUESTION}")  # the service's own first time is not the visitor's
                page = browser.new_context().new_page()
                size, usable = first_view(page, f"{address}{QUESTION}")
                waited = keystrokes(page, options.keys)
                browser.close()
            finally:
                served.terminate()
    p95 = quantiles(waited, n=20)[18]
    print(f"first view        {size:8,} bytes on the wire   limit {MOST_BYTES:,}")
    print(f"usable after      {usable:8.0f} ms                  limit {MOST_USABLE_MS:.0f}")
    print(f"keystroke, p50    {quantiles(waited, n=2)[0]:8.1f} ms")
    print(f"keystroke, p95    {p95:8.1f} ms                  limit {MOST_KEY_MS:.0f}")
    return 0 if size <= MOST_BYTES and usable <= MOST_USABLE_MS and p95 <= MOST_KEY_MS else 1


if __name__ == "__main__":
    sys.exit(main())
