"""What changed between two specs, for eyes: signs, fields, moves and what moved them."""

from typing import Any

import pytest

from mlquote.render import changes

AMOUNT = {"low": 10, "central": 10, "high": 10}
MOVE = {
    "unit": "$",
    "base": AMOUNT,
    "head": {"low": 15, "central": 15, "high": 15},
    "change": 5,
    "change_fraction": 0.5,
}
CHANGED = {
    "name": "chat",
    "kind": "inference",
    "status": "changed",
    "fields": [{"field": "requests", "base": 1000, "head": None}],
    "figures": {"cost_usd": MOVE},
    "why": [{"fields": ["requests"], "changes": {"cost_usd": 5}}, {"fields": ["note"], "changes": {}}],
}
CHANGE: dict[str, Any] = {"questions": [CHANGED], "totals": {"cost_usd": MOVE}, "catalog": {"release": "r1"}}


def test_a_question_tells_fields_figures_and_why() -> None:
    assert changes.text(CHANGE).splitlines() == [
        "~ chat (inference): changed",
        "    requests  1,000  ->  not set",
        "    cost_usd  $10.00  $15.00  +$5.00  +50.0%",
        "    requests: cost_usd +$5.00",
        "    note: moves nothing",
        "total",
        "    cost_usd  $10.00  $15.00  +$5.00  +50.0%",
        "Release r1; central figures, both sides at the same prices.",
    ]


@pytest.mark.parametrize(("face", "word"), [(changes.text, "unknown"), (changes.markdown, "unknown")])
def test_what_became_unknown_is_said(face: Any, word: str) -> None:
    unknown = MOVE | {"head": None, "change": None, "change_fraction": None}
    assert word in face(CHANGE | {"totals": {"cost_usd": unknown}})


def test_a_question_that_is_the_same_is_one_line_and_no_part_of_a_comment() -> None:
    same = CHANGED | {"status": "same", "fields": [], "why": []}
    assert changes.text(CHANGE | {"questions": [same]}).startswith("  chat (inference): same\n")
    assert "chat" not in changes.markdown(CHANGE | {"questions": [same]})


def test_a_comment_is_a_table_for_each_question() -> None:
    written = changes.markdown(CHANGE)
    assert "**chat** (inference, changed)" in written
    assert "| cost_usd | $10.00 | $15.00 | +$5.00 | +50.0% |" in written
    assert "- `requests`: cost_usd +$5.00" in written
