"""Why a quote changed: the same question at two moments, and under two releases."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from mlquote.catalog.release import Release
from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.comparing.price_history import QuoteChange, quote_change
from mlquote.kit.errors import Malformed

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
LUNA = {"provider": "openai", "model": "gpt-5.6-luna", "usage": {"input_tokens": 100_000, "output_tokens": 10_000}}


def test_a_cut_is_told_with_its_day(catalog: Snapshot) -> None:
    """100,000 in and 10,000 out: 0.1 + 0.06 at 1 and 6, then 0.02 + 0.012 at 0.2 and 1.2 from 2026-07-30."""
    question = QuoteChange.model_validate({"question": LUNA, "since": "2026-07-15", "as_of": "2026-08-15"})
    change = quote_change(question, catalog, NOW).result
    assert (change.was_usd, change.is_usd) == (Decimal("0.16"), Decimal("0.032"))
    assert change.difference_usd == Decimal("-0.128")
    assert "input_tokens went from 1 to 0.2" in change.because
    assert "2026-07-30" in change.because


def test_nothing_changed_is_said_so(catalog: Snapshot) -> None:
    question = QuoteChange.model_validate({"question": LUNA, "since": "2026-09-15"})
    change = quote_change(question, catalog, NOW).result
    assert change.difference_usd == 0
    assert change.because == "nothing that this quote uses has changed"


def test_a_corrected_row_is_told_from_a_price_change(catalog: Snapshot) -> None:
    """An older release had the same row at 0.25: the difference is our correction, not the provider's change."""
    rows = {name: catalog.rows(name) for name in ("token_prices", "time_windows", "aliases")}
    fact = ("gpt-5.6-luna", "input", "standard", Decimal("0.2"))
    wrong = [
        replace(row, usd=Decimal("0.25")) if (row.model, row.meter, row.processing, row.usd) == fact else row
        for row in rows["token_prices"]
    ]
    release = Release("2026-11-01-00000000", NOW.date(), "0" * 64, {}, {})
    older = Snapshot(release, rows | {"token_prices": wrong})
    question = QuoteChange.model_validate(LUNA | {"since_release": release.id})
    change = quote_change(question, catalog, NOW, older).result
    assert (change.was_usd, change.is_usd) == (Decimal("0.037"), Decimal("0.032"))
    assert "a correction of the catalogue" in change.because
    assert change.was["release"] == release.id


def test_nothing_to_compare_with_is_refused(catalog: Snapshot) -> None:
    with pytest.raises(Malformed):
        quote_change(QuoteChange.model_validate({"question": LUNA}), catalog, NOW)


def test_what_stood_in_then_is_said(catalog: Snapshot) -> None:
    """A price of 2026-07-15 compared with one that nobody had in 2020."""
    question = QuoteChange.model_validate({"question": LUNA, "since": "2020-01-01", "as_of": "2026-08-15"})
    answer = quote_change(question, catalog, NOW)
    assert answer.result.was_usd is None
    assert [w.code for w in answer.warnings if w.detail.startswith("then: ")] == ["no-price-at-moment"] * 2
