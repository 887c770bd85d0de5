"""A bill as charges of FOCUS: the arithmetic that its own validator lets through, and totals that are the bill's.

platform.claude.com/docs/en/about-claude/pricing: claude-haiku-4-5 is 1 in, 5 out, 0.1 read, 1.25 written, batch half.
"""

import io
import json
from csv import DictReader
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.kit.errors import Malformed, QuoteError, TooLarge
from mlquote.spend.focus import charges as charges_module
from mlquote.spend.focus.columns import columns_of, version_of
from mlquote.spend.focus.files import csv_of, parquet_of
from mlquote.spend.focus.periods import Periods
from tests.spend.delivered.reading import answered, codes, ndjson
from tests.spend.focus.sample import DAY, exported, machines, one_of_every_meter

HAIKU = {"provider": "anthropic", "model": "claude-haiku-4-5", "timestamp": DAY}
Row = dict[str, str]


def rows_of(answer: dict[str, Any]) -> list[Row]:
    """Its charges, as a reader of the file has them."""
    return list(DictReader(io.StringIO(csv_of(answer["focus"]))))


def test_costs_are_price_times_quantity_and_their_sum_the_bill_over_every_meter(catalog: Snapshot) -> None:
    lines = one_of_every_meter(catalog)
    lines += [{**line, "discount_fraction": 0.13, "requests": 3} for line in lines[::5]]
    lines += [{**line, "rate_card": "acme"} for line in lines[::7] if "anthropic" in line["provider"]]
    answer = exported(ndjson(*lines), catalog)
    rows = rows_of(answer)
    assert answer["priced_lines"] > 100
    assert len({row["SkuMeter"] for row in rows}) > 20
    for row in rows:
        quantity = Decimal(row["PricingQuantity"])
        assert Decimal(row["ListCost"]) == Decimal(row["ListUnitPrice"]) * quantity
        assert Decimal(row["ContractedCost"]) == Decimal(row["ContractedUnitPrice"]) * quantity
        assert row["BilledCost"] == row["EffectiveCost"]
        assert abs(Decimal(row["BilledCost"]) - Decimal(row["ContractedCost"])) < Decimal("1e-14")
    assert sum(Decimal(row["BilledCost"]) for row in rows) == answer["priced_usd"]
    assert len({(row["SkuPriceId"], row["SkuId"]) for row in rows}) == len({row["SkuPriceId"] for row in rows})
    assert any(Decimal(row["ListCost"]) > Decimal(row["BilledCost"]) for row in rows)


def test_a_row_names_its_meter_its_price_and_whose_it_is(catalog: Snapshot) -> None:
    answer = exported(ndjson(HAIKU | {"cache_write_5m_tokens": 1_253, "labels": {"team": "a"}}), catalog)
    (row,) = rows_of(answer)
    told_of = {name: row[name] for name in ("SkuId", "SkuMeter", "SkuPriceId", "PricingUnit", "ConsumedUnit")}
    assert told_of == {
        "SkuId": "anthropic/claude-haiku-4-5/cache_write_5m_tokens",
        "SkuMeter": "cache_write_5m_tokens",
        "SkuPriceId": "anthropic/claude-haiku-4-5/cache_write/text/5m/standard/per_million_tokens/2025-10-15/"
        "cache_write_5m_tokens",
        "PricingUnit": "1000000 Tokens",
        "ConsumedUnit": "Tokens",
    }
    assert (row["ConsumedQuantity"], row["ListUnitPrice"], row["BilledCost"]) == ("1253.0", "1.25", "0.00156625")
    assert (row["ChargePeriodStart"], row["ChargePeriodEnd"]) == ("2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z")
    assert (row["BillingPeriodStart"], row["BillingPeriodEnd"]) == ("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z")
    assert json.loads(row["Tags"]) == {"team": "a"}
    assert json.loads(row["SkuPriceDetails"])["x_Processing"] == "standard"
    assert (row["InvoiceId"], row["RegionId"], row["BillingAccountId"]) == ("", "", "unspecified")
    assert (row["ServiceCategory"], row["ProviderName"]) == ("AI and Machine Learning", "anthropic")


def test_a_reseller_is_not_its_models_publisher(catalog: Snapshot) -> None:
    line = HAIKU | {"provider": "openrouter", "model": "anthropic/claude-haiku-4.5", "input_tokens": 1000}
    (row,) = rows_of(exported(ndjson(line), catalog, billing_account="acme"))
    assert (row["ProviderName"], row["PublisherName"], row["BillingAccountId"]) == ("openrouter", "anthropic", "acme")


def test_prices_modes_tiers_and_labels_are_charges_of_their_own(catalog: Snapshot) -> None:
    used = HAIKU | {"input_tokens": 1_000_000, "labels": {"team": "a", "user": "u1"}}
    lines = (used, used | {"labels": {"team": "a", "user": "u2"}}, used | {"processing": "batch"})
    assert [row["BilledCost"] for row in rows_of(exported(ndjson(*lines), catalog))] == ["0.5", "1.0", "1.0"]
    by_team = rows_of(exported(ndjson(*lines), catalog, ("label.team",)))
    assert [(row["BilledCost"], row["Tags"]) for row in by_team] == [("0.5", '{"team":"a"}'), ("2.0", '{"team":"a"}')]


def test_what_repeats_is_taken_off_the_charges_again(catalog: Snapshot) -> None:
    call = {"gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-5", "gen_ai.usage.input_tokens": 1_000_000}
    agent = {"trace_id": "t", "span_id": "a", "start_time": DAY, "attributes": call}
    lines = ndjson(agent, {**agent, "span_id": "b", "parent_id": "a"})
    (row,) = rows_of(answer := exported(lines, catalog))
    assert (row["BilledCost"], answer["priced_usd"]) == ("1.25", Decimal("1.25"))


def test_what_has_no_price_is_in_no_row_and_said(catalog: Snapshot) -> None:
    lines = (HAIKU | {"input_tokens": 1000}, HAIKU | {"input_tokens": 1, "timestamp": "2020-01-01"}, "{")
    answer = exported(ndjson(*lines), catalog)
    assert len(rows_of(answer)) == 1
    (said,) = [warning.detail for warning in answer["warnings"] if warning.code == "not-in-focus"]
    assert said == "in no row of the export: 1 lines without a known price; 1 lines that cannot be read"


def test_hours_of_machines_are_charges_of_compute(catalog: Snapshot) -> None:
    """8 A100 for 5,400 s are 12 h."""
    answer = machines(catalog, "1.95")
    (row,) = rows_of(answer)
    assert (row["PricingQuantity"], row["BilledCost"], row["ServiceCategory"]) == ("12.0", "23.4", "Compute")
    assert json.loads(row["Tags"])["account"] == "nlp"
    back = answered(csv_of(answer["focus"]).encode(), catalog)
    assert list(back["accelerator_hours"].values()) == [12]
    (row,) = rows_of(machines(catalog))
    details = json.loads(row["SkuPriceDetails"])
    assert details["x_LowUsdPerHour"] < float(row["ListUnitPrice"]) < details["x_HighUsdPerHour"]


@pytest.mark.parametrize("write", [lambda e: csv_of(e).encode(), parquet_of], ids=["csv", "parquet"])
def test_our_own_export_read_back_gives_the_same_totals(catalog: Snapshot, write: Any) -> None:
    lines = one_of_every_meter(catalog)
    unpriced = {fault.line for fault in exported(ndjson(*lines), catalog)["unpriced_lines"]}
    answer = exported(ndjson(*(one for n, one in enumerate(lines, 1) if n not in unpriced)), catalog)
    back = answered(write(answer["focus"]), catalog)
    assert (back["read_as"], back["billed_usd"]) == ("focus", answer["priced_usd"])
    assert back["quantities"] == answer["quantities"]
    beside = back["billed_beside_priced"]
    assert abs(beside["difference_usd"]) < Decimal("1e-15")
    assert {one["cause"] for one in beside["causes"]} <= {"rounding"}
    assert not codes(back) & {"malformed-lines", "billed-not-usd"}


def test_more_rows_than_an_export_holds_are_refused_with_what_would_fit(catalog: Snapshot, monkeypatch: Any) -> None:
    monkeypatch.setattr(charges_module, "MOST_CHARGES", 2)
    lines = [HAIKU | {"input_tokens": 1, "labels": {"user": f"u{n}"}} for n in range(3)]
    with pytest.raises(TooLarge) as refused:
        exported(ndjson(*lines), catalog)
    assert "by=label" in refused.value.faults[0].hint
    assert len(rows_of(exported(ndjson(*lines), catalog, ("label.team",)))) == 1


def test_a_version_that_is_not_written_is_refused() -> None:
    with pytest.raises(Malformed):
        version_of("0.9")
    assert len(columns_of("1.2")) == 49
    assert [column.name for column in columns_of("1.2")] == sorted(column.name for column in columns_of("1.2"))


def test_an_amount_beyond_engines_decimals_is_refused_in_parquet_and_whole_in_csv() -> None:
    export = {"version": "1.2", "columns": ["ListCost"], "rows": [[Decimal("1e-30")], [Decimal(10**12)]]}
    with pytest.raises(QuoteError):
        parquet_of(export)
    assert csv_of(export).split() == ["ListCost", f"{Decimal('1e-30'):f}", "1000000000000.0"]


@pytest.mark.parametrize(
    ("at", "start", "hours"),
    [
        ("2026-03-29T10:00:00+00:00", "2026-03-28T23:00:00+00:00", 23),
        ("2026-10-25T10:00:00+00:00", "2026-10-24T22:00:00+00:00", 25),
        ("2026-11-02T22:59:00+00:00", "2026-11-01T23:00:00+00:00", 24),
    ],
    ids=["clocks forward", "clocks back", "any day"],
)
def test_a_charges_day_is_as_long_as_the_zones(at: str, start: str, hours: int) -> None:
    period = Periods(ZoneInfo("Europe/Zurich")).of(datetime.fromisoformat(at))
    assert period.start == datetime.fromisoformat(start)
    assert (period.end - period.start).total_seconds() == hours * 3600
    assert period.billing_start <= period.start < period.end <= period.billing_end


def test_hours_of_a_zone_a_quarter_off_are_its_own() -> None:
    at = datetime(2026, 11, 2, 1, 20, tzinfo=UTC)
    period = Periods(ZoneInfo("Asia/Kathmandu"), hourly=True).of(at)
    assert (period.start, period.end) == (at.replace(minute=15), at.replace(hour=2, minute=15))
