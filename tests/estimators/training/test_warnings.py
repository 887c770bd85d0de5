"""docs/training.md names every warning a training estimate may carry, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
MODULES = (
    "training/training", "training/work", "training/hours", "training/cost", "training/memory", "training/storage",
    "machines/site", "machines/footprint", "machines/rental", "machines/ownership", "training/utilisation",
    "models/flop", "training/communication",
)  # fmt: skip
RAISED = re.compile(r'(?:Warning|unknown|warned|warn)\((?:[^"()]|\([^()]*\))*?"([a-z]+(?:-[a-z]+)+)"')
HANDED_ON = re.compile(r'"([a-z]+(?:-[a-z]+)+)", (?:detail|elsewhere)\)')


def test_the_page_lists_the_warnings_of_the_code() -> None:
    sources = [(ROOT / "app" / "mlquote" / "estimators" / f"{name}.py").read_text() for name in MODULES]
    raised = {code for source in sources for code in (*RAISED.findall(source), *HANDED_ON.findall(source))}
    page = (ROOT / "docs" / "training.md").read_text().split("## Warnings", maxsplit=1)[1]
    assert set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", page)) == raised
