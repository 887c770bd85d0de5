"""What is seen and heard: axe's rules, no text over another, no sideways scroll, at every width and in both themes."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.pages.conftest import Open
from tests.pages.test_calculator_page import TRAINING

SEVEN_WIDTHS = (320, 360, 390, 768, 1024, 1440, 1920)
_QUOTE = TRAINING.replace("&", "%26").replace("=", "%3D")
PATHS = {
    "empty": "/",
    "training": f"/calculator/training?{TRAINING}",
    "fine-tuning": "/calculator/fine-tuning?model=llama-3.1-8b&method=lora&tokens=20M&accelerator=h100-sxm",
    "inference": "/calculator/inference?provider=anthropic&model=claude-opus-4-7&input_tokens=1000&output_tokens=500",
    "serving": "/calculator/serving?model=llama-3.1-8b&accelerator=h100-sxm&concurrency=16",
    "labels": "/calculator/annotation?task=image_bounding_box&items=10000&votes=3&provider=mechanical-turk",
    "plan": "/calculator/plan-training?cost_usd=50000&deadline_days=21&laws=besiroglu2024",
    "lower loss": "/calculator/plan-loss?loss_from=2.1&loss_to=2.05&accelerator=h100-sxm",
    "fault": "/calculator/serving?model=llama-3.1-8b&accelerator=h10o",
    "old link": f"/calculator/training?{TRAINING}&as_of=2025-06-01",
    "compare": f"/compare?q=kind%3Dtraining%26{_QUOTE}&q=kind%3Dtraining%26{_QUOTE.replace('h100-sxm', 'b200')}",
    "budget": "/calculator/budget",
    "spend": "/spend",
    "loss": "/loss",
    "surface": "/loss/surface?start=saddle",
    "frameworks": "/loss/frameworks",
    "threshold": "/loss/threshold",
    "words": "/loss/words",
    "prices": "/explore/prices",
    "models": "/explore/models?provider=anthropic,openai",
    "runs": "/explore/runs",
    "frontier": "/explore/frontier",
    "break-even": "/explore/break-even",
    "latency": "/explore/latency",
}
GRAVE = ("serious", "critical")
_OVERLAPS = """
() => [...document.querySelectorAll("svg")].flatMap((svg) => {
  const texts = [...svg.querySelectorAll("text")];
  const boxes = texts.map((text) => ({ said: text.textContent, box: text.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0);
  return boxes.flatMap((one, at) => boxes.slice(at + 1).filter((other) =>
    one.box.left < other.box.right - 1 && other.box.left < one.box.right - 1 &&
    one.box.top < other.box.bottom - 2 && other.box.top < one.box.bottom - 2)
    .map((other) => `${one.said} / ${other.said}`));
})
"""


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_axe_finds_nothing_grave(opened: Open, path: str) -> None:
    """Each at one width and in one theme, by turns; the calculator's answer at both, with all that is folded away."""
    turns = ((390, "dark"), (1440, "light"))
    for width, theme in turns if path == PATHS["training"] else (turns[list(PATHS.values()).index(path) % 2],):
        page = opened(path, width=width, scheme=theme)
        if path == PATHS["training"]:
            page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        found = Axe().run(page).response["violations"]
        grave = [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in GRAVE]
        assert grave == [], (width, theme)


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_no_text_lies_over_another_and_nothing_scrolls_sideways(opened: Open, path: str) -> None:
    page = opened(path, width=SEVEN_WIDTHS[0])
    for width in SEVEN_WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(_OVERLAPS) == [], width
        assert _wide(page) <= width, width


def _wide(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))
