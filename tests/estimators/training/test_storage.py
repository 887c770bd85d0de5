"""Storage and egress beside the hours: priced where asked, null where nobody publishes a price, never zero."""

from datetime import UTC, datetime
from decimal import Decimal
from math import exp, log
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from mlquote.kit.errors import Malformed
from mlquote.kit.provenance import Answer, Range
from tests.estimators.hardware_sample import NOW, row, snapshot


def _price(factor: str, subject: str, value: float, **cells: Any) -> Any:
    return row("cost_factors", id=factor, subject=subject, value=value, method="list price", **cells)


LATER = datetime(2024, 1, 1, tzinfo=UTC)
SAMPLE = snapshot(
    cost_factors=[
        _price("storage_usd_per_gb_month", "p1", 0.02, low=0.01, high=0.02),
        _price("storage_usd_per_gb_month", "p2", 0.03, effective_from=LATER),
        _price("egress_usd_per_gb", "p1", 0.1),
    ]
)
HOURS: dict[str, Any] = {"accelerator": "a1", "accelerator_hours": 1000, "usd_per_accelerator_hour": 2}


def asked(catalog: Snapshot = SAMPLE, **fields: Any) -> Answer:
    return training_estimate(TrainingQuestion.model_validate(HOURS | fields), catalog, NOW)


def middle(interval: Range | None) -> float:
    assert interval is not None
    return float(interval.central)


def codes(answer: Answer) -> set[str]:
    return {warning.code for warning in answer.warnings}


def test_storage_and_egress_are_lines_of_their_own_and_in_every_total() -> None:
    plain, answer = asked(provider="p1"), asked(provider="p1", storage_gb_months=5000, egress_gb=300)
    lines = {line.item: (line.quantity, line.unit, line.usd_per_unit, line.usd) for line in answer.result.cost_lines}
    assert lines["storage"] == (5000, "GB-month", Decimal("0.02"), Decimal(100))
    assert lines["egress"] == (300, "GB", Decimal("0.1"), Decimal(30))
    assert middle(answer.result.cost_usd) == middle(answer.result.cost_usd_rental) == 2000 + 100 + 30
    owned, without = answer.result.cost_usd_amortised, plain.result.cost_usd_amortised
    assert middle(owned) == pytest.approx(middle(without) + 130, abs=0.01)


def test_what_the_dollars_leave_out_follows_the_question() -> None:
    said = [warning.detail for warning in asked(storage_gb_months=1).warnings if warning.code == "staff-not-included"]
    assert said == ["research and engineering staff and data are not in these dollars"]


def test_the_owned_basis_has_the_lines_too() -> None:
    answer = asked(provider="p1", egress_gb=300, cost_basis="amortised")
    assert answer.result.cost_lines[-1].item == "egress"
    total = sum(line.usd for line in answer.result.cost_lines)
    assert float(total) == pytest.approx(middle(answer.result.cost_usd), abs=0.02)


def test_nothing_is_said_of_them_where_nobody_asks() -> None:
    answer = asked(provider="p1")
    assert {line.item for line in answer.result.cost_lines} == {"rental"}
    assert not [each.name for each in answer.assumptions if "egress" in each.name or "storage" in each.name]
    assert any("data and storage" in warning.detail for warning in answer.warnings)


def test_the_assumption_spans_the_volume_tiers_and_names_its_row() -> None:
    answer = asked(provider="p1", storage_gb_months=1)
    assumed = next(each for each in answer.assumptions if each.name == "storage_usd_per_gb_month")
    # the cheapest tier is half the first: 0.02 / 2 and, as ratios err both ways, 0.02 x 2
    assert (assumed.low, assumed.value, assumed.high) == pytest.approx((0.01, 0.02, 0.04))
    assert assumed.basis == "catalog"
    assert any(used.table == "cost_factors" and "storage_usd_per_gb_month" in used.key for used in answer.rows)


def test_a_single_price_is_in_doubt_by_a_tenth() -> None:
    answer = asked(provider="p1", egress_gb=1)
    assumed = next(each for each in answer.assumptions if each.name == "egress_usd_per_gb")
    assert assumed.high == pytest.approx(0.1 * exp(1.2815516 * 0.1))


def test_without_a_provider_the_median_of_all_stands_in() -> None:
    answer = asked(storage_gb_months=1000)
    assumed = next(each for each in answer.assumptions if each.name == "storage_usd_per_gb_month")
    # 0.02 and 0.03: their median 0.025; down to the cheapest tier of any, 0.01
    assert (assumed.value, assumed.low, assumed.basis) == (0.025, pytest.approx(0.01), "default")
    assert middle(answer.result.cost_usd) == 2025


def test_a_provider_without_a_price_makes_the_total_unknown_not_smaller() -> None:
    answer = asked(provider="p3", storage_gb_months=1000)
    line = answer.result.cost_lines[-1]
    assert (line.item, line.quantity, line.usd_per_unit, line.usd) == ("storage", 1000, None, None)
    assert answer.result.cost_usd is answer.result.cost_usd_rental is answer.result.cost_usd_amortised is None
    assert "no-storage-or-egress-price" in codes(answer)


def test_a_price_of_your_own_fills_the_gap_exactly() -> None:
    answer = asked(provider="p3", storage_gb_months=1000, usd_per_gb_month="0.2", egress_gb=7, usd_per_egress_gb=0)
    assert answer.result.cost_usd == Range(Decimal(2200), Decimal(2200), Decimal(2200))
    assert "no-storage-or-egress-price" not in codes(answer)


def test_a_run_before_the_first_known_price_says_so() -> None:
    fields = {"provider": "p2", "storage_gb_months": 1}
    assert "price-from-another-date" in codes(asked(**fields, date="2023-12-31"))
    assert "price-from-another-date" not in codes(asked(**fields, date="2024-01-01"))


def test_the_date_of_the_run_picks_the_price() -> None:
    dearer = snapshot(
        cost_factors=[
            _price("egress_usd_per_gb", "p1", 0.2, effective_to=LATER),
            _price("egress_usd_per_gb", "p1", 0.1, effective_from=LATER),
        ]
    )
    before, after = (asked(dearer, provider="p1", egress_gb=1000, date=day) for day in ("2023-12-31", "2024-01-01"))
    assert (before.result.cost_lines[-1].usd, after.result.cost_lines[-1].usd) == (200, 100)


@pytest.mark.parametrize(
    ("price", "pointer"), [("usd_per_gb_month", "/storage_gb_months"), ("usd_per_egress_gb", "/egress_gb")]
)
def test_a_price_of_nothing_is_refused(price: str, pointer: str) -> None:
    with pytest.raises(Malformed) as caught:
        asked(**{price: 1})
    assert caught.value.faults[0].pointer == pointer


def test_the_echoed_question_repeats_the_answer() -> None:
    first = asked(provider="p1", storage_gb_months=10, egress_gb=5)
    again = training_estimate(TrainingQuestion.model_validate(first.question), SAMPLE, NOW.replace(year=2030))
    assert again.result == first.result


@pytest.mark.parametrize(
    ("provider", "storage", "egress"),
    [
        # AWS, 2016-12-01: S3 Standard 0.0230 $/GB-month; out to the internet 0.09 $/GB
        pytest.param("aws", 23.0, 90.0, id="aws"),
        # cloud.google.com/storage/pricing-examples: 0.020 $/GB-month and 0.12 $/GB
        pytest.param("google", 20.0, 120.0, id="gcp"),
        pytest.param("azure", 18.4, 87.0, id="azure"),
    ],
)
def test_a_terabyte_kept_a_month_and_sent_out(catalog: Snapshot, provider: str, storage: float, egress: float) -> None:
    answer = asked(catalog, accelerator="h100-sxm", provider=provider, storage_gb_months=1000, egress_gb=1000)
    lines = {line.item: float(line.usd) for line in answer.result.cost_lines}
    assert (lines["storage"], lines["egress"]) == (storage, egress)


def test_all_three_providers_lie_in_the_default_range(catalog: Snapshot) -> None:
    answer = asked(catalog, accelerator="h100-sxm", egress_gb=1000)
    assumed = next(each for each in answer.assumptions if each.name == "egress_usd_per_gb")
    assert assumed.value == 0.09
    assert log(assumed.high / assumed.low) == pytest.approx(2 * log(0.09 / 0.05))
    assert assumed.low < assumed.value < 0.12 < assumed.high


@pytest.mark.parametrize(("region", "said"), [("us-east-1", False), ("ap-south-1", True)])
def test_a_price_of_american_regions_is_said_elsewhere_and_wider(catalog: Snapshot, region: str, said: bool) -> None:
    """The catalogue's rows are of us-east-1 and its like; Mumbai's egress is 0.1093 $/GB, not 0.09."""
    question = {"accelerator": "h100-sxm", "accelerator_hours": 1000, "storage_gb_months": 5000, "egress_gb": 300}
    here, abroad = (
        training_estimate(TrainingQuestion.model_validate(question | place), catalog, NOW)
        for place in ({"provider": "aws"}, {"provider": "aws", "region": region})
    )
    told = [w.detail for w in abroad.warnings if w.code == "price-from-another-region" and "_gb" in w.detail]
    assert len(told) == (2 if said else 0)
    before, after = (
        {
            each.name: each.high / each.low
            for each in answer.assumptions
            if "per_gb" in each.name and each.high and each.low
        }
        for answer in (here, abroad)
    )
    assert len(before) == 2
    assert all((after[name] > width) is said for name, width in before.items())
