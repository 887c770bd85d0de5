"""Which rental price holds: given, a provider's own, the market's; and what stands in where there is none."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure
from mlquote.estimators.machines.place import place_of
from mlquote.estimators.machines.rental import rate_of
from mlquote.kit.errors import UnknownName
from tests.estimators.hardware_sample import row, snapshot
from tests.estimators.machines.rental_sample import WHEN, price


def rate(catalog: Snapshot, when: datetime = WHEN, part: str = "a1", **terms: Any) -> Figure:
    provider, region = terms.pop("provider", None), terms.pop("region", None)
    place = replace(place_of(catalog, when, provider=provider).value, region=region)
    return rate_of(catalog.accelerator(part, when), place, catalog, when, **terms)


def median(finding: Figure) -> float:
    assert finding.value is not None
    return finding.value.median


def codes(finding: Figure) -> set[str]:
    return {warning.code for warning in finding.warnings}


def test_the_market_is_the_median_of_its_sellers() -> None:
    assert median(rate(snapshot())) == 2.0  # 1, 2 and 4


def test_a_given_price_is_exact() -> None:
    finding = rate(snapshot(), usd_per_accelerator_hour=Decimal("1.99"))
    assert median(finding) == 1.99
    assert finding.value is not None
    assert finding.value.log_sd == 0.0


def test_a_providers_own_price_is_the_one_in_effect() -> None:
    later = snapshot(rental_prices=[price("p1", "0.5", "2025-01-01")])
    assert median(rate(later, provider="p1")) == 1.0
    assert median(rate(later, datetime(2025, 1, 1, tzinfo=UTC), provider="p1")) == 0.5  # at that very instant
    assert median(rate(later, datetime(2024, 12, 31, 23, 59, tzinfo=UTC), provider="p1")) == 1.0


def test_published_runs_pay_less_than_quotes_but_a_named_provider_asks_its_list() -> None:
    discount = row("fitted_factors", quantity="rental_price", term="open", value=0.7, log_sd=0.3, runs=9)
    catalog = snapshot(fitted_factors=[discount])
    assert median(rate(catalog)) == pytest.approx(1.4)
    assert median(rate(catalog, provider="p2")) == 2.0


def test_a_named_sellers_bill_may_lie_off_its_list_by_what_published_runs_paid() -> None:
    fitted = row("fitted_factors", quantity="rental_price", term="a named seller", value=1.0, log_sd=0.17, runs=5)
    known, unfitted = (rate(snapshot(fitted_factors=rows), provider="p2").value for rows in ([fitted], []))
    assert known is not None and unfitted is not None
    assert (known.median, known.log_sd) == (2.0, pytest.approx(0.17))
    assert unfitted.log_sd < 0.17  # releases before the fit: no more than the least doubt


def test_a_price_long_gone_is_another_dates_and_widens_the_range() -> None:
    catalog = snapshot()
    now, long_before = rate(catalog), rate(catalog, datetime(2019, 1, 1, tzinfo=UTC))
    assert "price-from-another-date" in codes(long_before)
    assert now.value is not None
    assert long_before.value is not None
    assert long_before.value.log_sd > now.value.log_sd


def test_a_part_that_nobody_rents_out_takes_its_siblings_price() -> None:
    sibling = row(
        "accelerators",
        id="a2",
        vendor="NVIDIA",
        name="A2",
        family="Hopper (export)",
        generation="Hopper",
        memory_gb=80.0,
    )
    finding = rate(snapshot(accelerators=[sibling]), part="a2")
    assert median(finding) == 2.0
    assert "price-from-sibling-part" in codes(finding)


def test_a_deployment_of_ones_own_model_is_its_sellers_price_and_no_part_of_a_market() -> None:
    served = price("p9", "9", "2024-01-01", basis="deployment")
    catalog = snapshot(rental_prices=[price("p1", "2", "2024-01-01"), served])
    assert median(rate(catalog)) == 2.0
    assert median(rate(catalog, provider="p9")) == 9.0


def test_a_part_without_kin_has_no_price() -> None:
    alone = row("accelerators", id="x9", vendor="ACME", name="X9", family="Odd")
    finding = rate(snapshot(accelerators=[alone]), part="x9")
    assert finding.value is None
    assert codes(finding) == {"no-rental-price"}


def test_a_part_of_an_unpriced_generation_takes_its_makers_nearest_by_memory() -> None:
    def part(name: str, released: str, memory_gb: float) -> Any:
        day = date.fromisoformat(released)
        return row(
            "accelerators", id=name, vendor="ACME", name=name, family=name, memory_gb=memory_gb, release_date=day
        )

    parts = [part("x7", "2019-01-01", 10.0), part("x8", "2021-05-01", 40.0), part("x9", "2022-01-01", 60.0)]
    prices = [price("p1", "9", "2024-01-01", "x7"), price("p1", "2", "2024-01-01", "x8")]
    finding = rate(snapshot(accelerators=parts, rental_prices=prices), part="x9")
    assert median(finding) == pytest.approx(2 * 60 / 40)
    assert codes(finding) == {"price-from-sibling-part"}
    assert finding.value is not None
    assert finding.value.log_sd > 0.78


def test_committed_terms_follow_on_demand() -> None:
    factor = row("fitted_factors", quantity="price_model", term="reserved_1y", value=0.6, log_sd=0.1, runs=9)
    finding = rate(snapshot(fitted_factors=[factor]), price_model="reserved_1y")
    assert median(finding) == pytest.approx(1.2)
    assert "price-model-substituted" in codes(finding)


def test_spot_quotes_are_taken_where_there_are_any() -> None:
    spot = price("p1", "0.25", "2024-01-01", price_model="spot")
    assert median(rate(snapshot(rental_prices=[spot]), price_model="spot")) == 0.25


def test_a_region_without_a_price_takes_the_providers_others() -> None:
    east = price("p9", "3", "2024-01-01", region="east")
    finding = rate(snapshot(rental_prices=[east]), provider="p9", region="west")
    assert median(finding) == 3.0
    assert "price-from-another-region" in codes(finding)


def test_a_bare_card_and_a_cost_model_are_no_prices() -> None:
    for basis in ("accelerator_only", "tco_model"):
        catalog = snapshot(rental_prices=[price("p8", "0.01", "2024-01-01", basis=basis)])
        with pytest.raises(UnknownName):
            rate(catalog, provider="p8")


def test_an_unknown_provider_is_told_its_nearest() -> None:
    with pytest.raises(UnknownName, match="no provider named 'p22'"):
        rate(snapshot(), provider="p22")


def test_a_price_holds_until_the_day_it_was_last_seen() -> None:
    seen = price("p7", "5", "2020-01-01", checked_on=date(2024, 8, 1))
    catalog = snapshot(rental_prices=[seen])
    assert "price-from-another-date" not in codes(rate(catalog, provider="p7"))
    assert "price-from-another-date" in codes(rate(catalog, datetime(2026, 8, 1, tzinfo=UTC), provider="p7"))


def test_a_provider_with_data_centres_only_leaves_the_price_to_the_market() -> None:
    campus = row("facilities", scope="provider", provider="meta", name="Meta", metric="pue", year=2024, value=1.08)
    finding = rate(snapshot(facilities=[campus]), provider="meta")
    assert median(finding) == 2.0
    assert "provider-without-prices" in codes(finding)


def test_an_alias_of_a_region_has_the_regions_price(catalog: Snapshot) -> None:
    # p5.48xlarge in us-east-2: 55.04 $/h for 8, since the cut of 2025-06-01
    when = datetime(2026, 3, 1, tzinfo=UTC)
    part = catalog.accelerator("h100-sxm5-80gb", when)
    for name in ("ohio", "us-east-2", "US East (Ohio)", "US-EAST-2"):
        place = place_of(catalog, when, provider="AWS", region=name).value
        assert median(rate_of(part, place, catalog, when)) == 6.88


@pytest.mark.parametrize(
    ("part", "provider", "price_model", "usd"),
    [
        ("v100-sxm2-16gb", "verda", "on_demand", 0.14),
        ("a100-sxm4-80gb", "aws", "on_demand", 3.431),
        ("a100-sxm4-40gb", "aws", "on_demand", 2.745),
        ("h100-sxm5-80gb", "aws", "reserved_3y", 2.972),
        ("h200-sxm-141gb", "nebius", "spot", 2.45),
        ("rtx-3090", "runpod", "on_demand", 0.22),
    ],
)
def test_a_price_that_has_ended_is_no_price(
    catalog: Snapshot, part: str, provider: str, price_model: Any, usd: float
) -> None:
    # each seller's rows in effect on that day; the ended ones beside them are not
    when = datetime(2026, 11, 27, tzinfo=UTC)
    place = place_of(catalog, when, provider=provider).value
    finding = rate_of(catalog.accelerator(part, when), place, catalog, when, price_model=price_model)
    assert median(finding) == pytest.approx(usd, abs=5e-4)
    assert "price-from-another-date" not in codes(finding)


@pytest.mark.parametrize(
    ("part", "provider", "terms", "usd", "told"),
    [
        pytest.param("gb200", "aws", "capacity_block", 10.582, None, id="days bought ahead"),
        pytest.param("gb200", "aws", "on_demand", None, "no-rental-price", id="what is only sold ahead"),
        pytest.param("h100-sxm5-80gb", "aws", "capacity_block", 4.91625, "price-from-another-date", id="of late 2024"),
        pytest.param("mi300x", "hot-aisle", "reserved_1m", 3.39, None, id="a month at least"),
        pytest.param("h100-sxm5-80gb", "akash", "on_demand", None, "no-rental-price", id="a marketplace's offers"),
        pytest.param("l40s", "huggingface", "on_demand", 2.075, None, id="median of 1, 4 and 8 at an endpoint"),
    ],
)
def test_terms_are_told_apart(
    catalog: Snapshot, part: str, provider: str, terms: Any, usd: float | None, told: str | None
) -> None:
    when = datetime(2026, 11, 27, tzinfo=UTC)
    place = place_of(catalog, when, provider=provider).value
    finding = rate_of(catalog.accelerator(part, when), place, catalog, when, price_model=terms)
    assert (None if finding.value is None else median(finding)) == (None if usd is None else pytest.approx(usd))
    assert codes(finding) == ({told} if told else set())
