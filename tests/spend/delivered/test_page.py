"""The page of formats says what each reader declares.

MLQUOTE_TEST_REWRITE=1 writes it anew; read the change before committing it.
"""

import os
import re
from pathlib import Path

from mlquote.spend.delivered.sources import SOURCES

PAGE = Path(__file__).parents[3] / "docs" / "usage.md"


def test_the_page_lists_every_source_with_its_identity() -> None:
    rows = "".join(
        f"| `{one.source}` | {one.title} | {one.one} | {one.left_out} | {one.moment} | {one.holds} |\n"
        for one in SOURCES.values()
    )
    _held(r"what holds what \|\n\|---\|---\|---\|---\|---\|---\|\n(.*?)\n\n", rows.rstrip("\n"))


def test_the_page_links_what_describes_each_source() -> None:
    _held(
        r"Each is described by its owner: (.*?)\.\n\n\|",
        ", ".join(f"[{one.source}]({one.page})" for one in SOURCES.values()),
    )


def test_api_names_are_those_of_the_contract() -> None:
    """The names of `source=` that users have been told of."""
    told = (
        "counts|responses|otel|otlp|claude-code|codex|litellm|langfuse|openai-usage|anthropic-usage|anthropic-cost|"
        "bedrock-log|batch-output|sacct|opencost|kubecost|codecarbon|dcgm|aws-cur|azure-cost|gcp-billing|focus"
    )
    assert set(SOURCES) == set(told.split("|"))


def _held(pattern: str, wanted: str) -> None:
    text = PAGE.read_text()
    found = re.search(pattern, text, re.S)
    assert found, f"{PAGE.name} has lost {pattern!r}"
    if os.environ.get("MLQUOTE_TEST_REWRITE") == "1":
        PAGE.write_text(text[: found.start(1)] + wanted + text[found.end(1) :])
    else:
        assert found[1] == wanted
