"""Prices over time and models by price, on the bundled catalogue's own declared dates and on small made-up ones."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.comparing.model_prices import ModelPrices, model_prices
from mlquote.estimators.comparing.price_series import PriceSeries, price_series
from mlquote.kit.errors import QuoteError


def series(catalog: Snapshot, now: datetime, **fields: object) -> list:
    """The series of a question."""
    return list(price_series(PriceSeries.model_validate(fields), catalog, now).result.series)


def test_deepseek_s_price_doubled_twice_and_halved(catalog: Snapshot, now: datetime) -> None:
    """Declared by the seller: 0.14, then 0.27 from 2025-02-08 16:00, 0.56 from 2025-09-05, 0.28 from 2025-09-29."""
    (found,) = series(catalog, now, model="deepseek-chat")
    assert [change.usd for change in found.changes] == [Decimal(each) for each in ("0.14", "0.27", "0.56", "0.28")]
    assert [change.begins.date() for change in found.changes[1:]] == [
        date(2025, 2, 8), date(2025, 9, 5), date(2025, 9, 29),
    ]  # fmt: skip
    assert found.changes[3].change_fraction == pytest.approx(-0.5)
    assert all(change.is_declared for change in found.changes)
    assert found.usd == Decimal("0.28")


def test_a_moment_ends_the_series(catalog: Snapshot, now: datetime) -> None:
    (found,) = series(catalog, now, model="gpt-4o", as_of="2024-06-01")
    assert [change.usd for change in found.changes] == [Decimal(5)]
    assert found.usd == Decimal(5)


def test_a_date_first_seen_is_not_declared(catalog: Snapshot, now: datetime) -> None:
    (found,) = series(catalog, now, model="gpt-4o", provider="azure-openai", meter="output")
    assert [change.is_declared for change in found.changes] == [True, False]


def test_a_seller_each_is_a_series(catalog: Snapshot, now: datetime) -> None:
    found = series(catalog, now, model="gpt-4o", provider="openai, azure-openai")
    assert [each.provider for each in found] == ["openai", "azure-openai"]


def test_the_lowest_price_of_a_machine_never_lies_above_a_seller_s(catalog: Snapshot, now: datetime) -> None:
    lowest, aws = (
        series(catalog, now, accelerator="h100")[0],
        series(catalog, now, accelerator="h100", provider="aws")[0],
    )
    assert lowest.usd <= aws.usd
    assert lowest.unit == "usd_per_accelerator_hour"


def test_what_a_price_is_not_known_of_is_an_empty_series(catalog: Snapshot, now: datetime) -> None:
    (found,) = series(catalog, now, model="gpt-4o", processing="ultrafast")
    assert (found.usd, found.changes) == (None, ())


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"model": "gpt-4o", "accelerator": "h100"},
        {"model": "no-such-model"},
        {"accelerator": "no-such-part"},
        {"accelerator": "h100", "provider": "no-such-seller"},
        {"accelerator": "h100", "meter": "input"},
        {"accelerator": "h100", "processing": "batch"},
        {"model": "gpt-4o", "price_model": "spot"},
    ],
    ids=str,
)
def test_a_series_without_meaning_is_refused(fields: dict, catalog: Snapshot, now: datetime) -> None:
    with pytest.raises(QuoteError):
        series(catalog, now, **fields)


def models(catalog: Snapshot, now: datetime, **fields: object) -> list:
    """The rows of a question."""
    return list(model_prices(ModelPrices.model_validate(fields), catalog, now).result.rows)


def test_a_blended_price_weighs_input_and_output(catalog: Snapshot, now: datetime) -> None:
    (found,) = [row for row in models(catalog, now, provider="openai", q="gpt-4o") if row.model == "gpt-4o"]
    assert (found.input_usd_per_mtok, found.output_usd_per_mtok) == (Decimal("2.5"), Decimal(10))
    assert found.blended_usd_per_mtok == Decimal("4.375")  # 0.75 x 2.5 + 0.25 x 10
    (half,) = [r for r in models(catalog, now, provider="openai", q="gpt-4o", output_share=0.5) if r.model == "gpt-4o"]
    assert half.blended_usd_per_mtok == Decimal("6.25")


def test_the_frontier_of_dates_falls(catalog: Snapshot, now: datetime) -> None:
    front = sorted((row for row in models(catalog, now) if row.on_front), key=lambda row: row.dated_on)
    prices = [row.blended_usd_per_mtok for row in front]
    assert prices == sorted(prices, reverse=True)
    assert len(front) >= 3


def test_the_frontier_of_contexts_rises(catalog: Snapshot, now: datetime) -> None:
    front = [row for row in models(catalog, now, against="context") if row.on_front]
    assert [row.context_tokens for row in front] == sorted(row.context_tokens for row in front)


def test_an_unknown_context_is_not_zero(catalog: Snapshot, now: datetime) -> None:
    rows = models(catalog, now, provider="openai", q="gpt-4o", against="context")
    assert {row.context_tokens for row in rows} == {None}
    assert {row.on_front for row in rows} == {None}


def test_conditions_leave_models_out(catalog: Snapshot, now: datetime) -> None:
    everything = models(catalog, now)
    recent = models(catalog, now, since="2026-01-01")
    assert 0 < len(recent) < len(everything)
    assert all(row.dated_on >= date(2026, 1, 1) for row in recent)
    assert all(row.context_tokens >= 200_000 for row in models(catalog, now, min_context_tokens="200k"))
    assert len(models(catalog, now, limit=5)) == 5
    with pytest.raises(QuoteError):
        models(catalog, now, q="no model is called so")


def test_each_price_names_its_rows(catalog: Snapshot, now: datetime) -> None:
    answer = model_prices(ModelPrices.model_validate({"provider": "openai", "q": "gpt-4o-mini"}), catalog, now)
    assert {ref.table for ref in answer.rows} == {"token_prices"}
    assert answer.catalog.as_of == now.astimezone(UTC)
