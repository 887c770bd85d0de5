"""A check's answer for people: quantities with their units, what is unknown, and what is held."""

from typing import Any

import pytest

from mlquote.render import verdicts

LIMIT = {
    "figure": "cost_usd", "unit": "$", "per": "check", "period_from": None, "period_to": None, "compare": "central",
    "fail_above": 100, "warn_above": None, "used": 0, "asked": 120, "remaining": 100, "remaining_after": -20,
    "verdict": "fail", "why": "this check exceeds the check limit on cost_usd",
}  # fmt: skip
REPORT: dict[str, Any] = {
    "verdict": "fail",
    "budget": {"name": "search", "labels": {}},
    "limits": [LIMIT],
    "questions": [
        {"name": "chat", "kind": "inference", "warnings": [],
         "figures": {"cost_usd": {"low": 110, "central": 120, "high": 150}}},
        {"name": "run", "kind": "training", "warnings": [{"detail": "no staff"}], "figures": {"cost_usd": None}},
        {"name": "note", "kind": "other", "warnings": [], "figures": {}},
    ],
    "contributors": {"cost_usd": [{"question": "chat", "item": "output_tokens", "amount": 90, "share_fraction": 0.75}]},
    "warnings": [],
    "reservation": {"id": "res_1", "expires_at": "2026-11-24T12:00:00Z"},
    "catalog": {"release": "r1", "as_of": "2026-11-23T12:00:00Z"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (None, "$", "unknown"),
        ("1234.5", "$", "$1,234.50"),
        ("-0.0000025", "$", "-$0.0000025"),
        ("0.123456789", "$/Mtok", "$0.123457/Mtok"),
        ("0", "$", "$0.00"),
        ("-0.5", "$", "-$0.50"),
        ("999.94", "h", "999.9 h"),
        ("12345.6", "kWh", "12,346 kWh"),
        ("3.8e25", "FLOP", "3.800e+25 FLOP"),
        ("100", "h", "100 h"),
    ],
)
def test_a_quantity_is_written_with_its_unit(value, unit: str, written: str) -> None:
    assert verdicts.quantity(value, unit) == written


def test_the_table_says_what_is_asked_unknown_or_not_spent() -> None:
    written = verdicts.text(REPORT)
    assert written.startswith("FAIL: over budget (search)\n")
    asked = [line.split(None, 2) for line in written.splitlines() if line.startswith(("chat ", "run ", "note "))][:3]
    assert [line[2] for line in asked] == ["$120.00 ($110.00 to $150.00)", "unknown", "none"]
    assert "chat  output_tokens  $90.00  75%" in written
    assert "! run: no staff" in written
    assert "Held as res_1 until 2026-11-24T12:00:00Z." in written


def test_the_comment_leads_with_the_verdict_and_says_why() -> None:
    lines = verdicts.markdown(REPORT).splitlines()
    assert lines[0] == "### ❌ mlquote: over budget (search)"
    assert "- ❌ this check exceeds the check limit on cost_usd" in lines


def test_junit_counts_a_limit_that_is_over_as_a_failure() -> None:
    assert 'tests="1" failures="1" errors="0"' in verdicts.junit(REPORT)
