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


def test_a_table_never_leaves_eighty_columns_however_long_its_words_are() -> None:
    """What does not fit beside each other stands below each other, nothing cut."""
    limit = LIMIT | {"figure": "emissions_kgco2e", "unit": "kg CO2e", "per": "quarter", "compare": "high",
                     "period_from": "2026-10-01T00:00:00Z", "fail_above": 123456789, "remaining_after": -123456789,
                     "why": "what is used and asked exceeds the quarter limit on emissions_kgco2e by far"}  # fmt: skip
    long = {"name": "a-question-whose-name-nobody-shortened-at-all", "kind": "training",
            "warnings": [{"detail": "w " * 70}],
            "figures": {"emissions_kgco2e": {"low": 1234567, "central": 23456789, "high": 345678901}}}  # fmt: skip
    most = [{"question": long["name"], "item": "location_based", "amount": 123456789, "share_fraction": 1}]
    report = REPORT | {"limits": [limit], "questions": [long], "contributors": {"emissions_kgco2e": most}}
    written = verdicts.text(report)
    assert [line for line in written.splitlines() if len(line) > 80] == []
    assert (
        "emissions_kgco2e per quarter from 2026-10-01 (high)\n  at most 123,456,789 kg CO2e, used 0 kg CO2e," in written
    )
    assert "23,456,789 kg CO2e (1,234,567 kg CO2e to 345,678,901 kg" in " ".join(written.split())
