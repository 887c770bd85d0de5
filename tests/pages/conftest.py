"""A service in a process of its own, and a browser in which nothing may fail, run inline or leave the host."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

CHROMIUM = os.environ.get("MLQUOTE_TEST_CHROMIUM", "/usr/bin/chromium")
PORT = int(os.environ.get("MLQUOTE_TEST_PAGES_PORT", "8768"))
WIDTHS = (390, 1024, 1920)
PATIENCE_MS = 15_000
JOB_FROM_BYTES = 200_000
"""A log longer than this is a job here; at home it is 64 MiB, and 32 MiB on a page."""
expect.set_options(timeout=PATIENCE_MS)
_WATCHES = """
window.__refused = [];
document.addEventListener("securitypolicyviolation", (event) => window.__refused.push(event.violatedDirective));
"""

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running service with the bundled catalogue."""
    folder = tmp_path_factory.mktemp("pages")
    database = f"sqlite:///{folder / 'mlquote.sqlite3'}"
    environment = os.environ | {"MLQUOTE_DATABASE_URL": database, "MLQUOTE_USAGE_JOB_BYTES": str(JOB_FROM_BYTES)}
    command = [str(Path(sys.executable).with_name("mlquote")), "serve", "--port", str(PORT)]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process,
    ):
        address = f"http://127.0.0.1:{PORT}"
        try:
            assert ready(address)
            yield address
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def base(service: str) -> str:
    """The same address, by its short name."""
    return service


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, headless; as root it has no sandbox."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def opened(browser: Browser, service: str) -> Iterator[Open]:
    """Opens a path at a width, in light or dark, with script or without; at the end nothing may have failed."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_page(
        path: str, *, width: int = 1024, scheme: str = "light", script: bool = True, may_fail: str = "nothing"
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda told: wrong.append(f"console: {told.text}") if _is_wrong(told, may_fail) else None)
        page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        page.on("request", lambda asked: wrong.append(f"off the host: {asked.url}") if _leaves(asked.url) else None)
        if script:
            context.add_init_script(_WATCHES)
        page.goto(f"{service}{path}")
        return page

    yield open_page
    for context in contexts:
        for page in context.pages:
            try:
                wrong += [f"policy: {each}" for each in page.evaluate("window.__refused ?? []")]
            except Exception as error:
                assert "JavaScript" in str(error), error  # a page without script watches nothing
        context.close()
    assert wrong == []


def ready(address: str, seconds: float = 120) -> bool:
    """Whether a service answers within so many seconds."""
    until = monotonic() + seconds
    while monotonic() < until:
        try:
            return httpx.get(f"{address}/readyz", timeout=60).status_code == 200
        except httpx.ConnectError:
            sleep(0.2)
    return False


def _is_wrong(told: ConsoleMessage, may_fail: str) -> bool:
    """Whether a page says that something failed that must not."""
    return told.type == "error" and may_fail not in told.text


def _leaves(url: str) -> bool:
    place = urlsplit(url)
    return place.scheme != "data" and place.netloc != f"127.0.0.1:{PORT}"
