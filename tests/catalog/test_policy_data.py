"""Compute thresholds, cost factors of owning and labelling prices: what the laws and sources say, and since when."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from mlquote.catalog.snapshot import Snapshot


def instant(text: str) -> datetime:
    """An ISO day or moment, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "flop", "day", "status"),
    [
        # Regulation (EU) 2024/1689, Art. 51(2) and 113(b)
        pytest.param("eu-ai-act-systemic-risk", 1e25, "2025-08-02", "in_force", id="eu systemic risk"),
        # Commission guidelines of 2025-07-18
        pytest.param("eu-ai-act-gpai", 1e23, "2025-08-02", "guideline", id="eu general purpose"),
        pytest.param("california-sb-53", 1e26, "2026-01-01", "in_force", id="california"),
        pytest.param("new-york-raise", 1e26, "2027-01-01", "enacted", id="new york"),
        pytest.param("us-eo-14110", 1e26, "2023-10-30", "revoked", id="us order"),
        pytest.param("us-eo-14110-biology", 1e23, "2023-10-30", "revoked", id="us order, biology"),
    ],
)
def test_a_threshold_is_the_laws_and_begins_with_it(
    catalog: Snapshot, name: str, flop: float, day: str, status: str
) -> None:
    (row,) = catalog.history("thresholds", name)
    assert (row.flop, row.effective_from, row.status) == (flop, instant(day), status)
    assert catalog.at("thresholds", name, moment=instant(day)) == row


def test_a_revoked_order_no_longer_holds(catalog: Snapshot) -> None:
    # Executive Order 14148 revoked 14110 on 2025-01-20
    assert catalog.at("thresholds", "us-eo-14110", moment=instant("2025-01-19T23:59:59"))
    assert catalog.at("thresholds", "us-eo-14110", moment=instant("2025-01-20")) is None
    for row in catalog.rows("thresholds"):
        assert (row.status == "revoked") == (row.effective_to is not None), row


def test_a_modification_counts_a_third_of_its_threshold(catalog: Snapshot) -> None:
    for modification, whole in (
        ("eu-ai-act-modification", "eu-ai-act-gpai"),
        ("eu-ai-act-modification-systemic-risk", "eu-ai-act-systemic-risk"),
    ):
        (part,), (full,) = catalog.history("thresholds", modification), catalog.history("thresholds", whole)
        assert part.flop == pytest.approx(full.flop / 3, rel=1e-6)


def factor(catalog: Snapshot, name: str, subject: str, method: str, day: str) -> float:
    """The value of a cost factor in effect on a day."""
    row = catalog.at("cost_factors", name, subject, method, moment=instant(day))
    assert row is not None
    return row.value


def test_owned_cluster_factors_are_epochs(catalog: Snapshot) -> None:
    epoch = "Cottier et al. 2024 (Epoch AI)"
    assert factor(catalog, "cluster_interconnect_fraction", "cluster", epoch, "2024-06-01") == 0.19
    assert factor(catalog, "server_cost_ratio", "A100", epoch, "2024-06-01") == 1.66
    lives = [factor(catalog, "server_lifetime_years", "AI servers", epoch, f"{y}-07-01") for y in (2020, 2022, 2024)]
    assert lives == [3, 4, 5]


def test_a_server_life_changes_on_the_day_the_company_changed_it(catalog: Snapshot) -> None:
    # Amazon 10-K for 2024: a subset of servers from six years to five, effective 2025-01-01
    accounts = "company accounts (useful life)"
    assert factor(catalog, "server_lifetime_years", "aws", accounts, "2024-12-31") == 6
    assert factor(catalog, "server_lifetime_years", "aws", accounts, "2025-01-01") == 5


def test_industrial_electricity_is_in_dollars(catalog: Snapshot) -> None:
    # EIA Electric Power Annual, data for 2023: Virginia 8.92 cents, Texas 6.60
    method = "EIA industrial average revenue"
    assert factor(catalog, "electricity_usd_per_kwh", "US-VA", method, "2026-11-23") == 0.0892
    assert factor(catalog, "electricity_usd_per_kwh", "US-TX", method, "2026-11-23") == 0.066


def test_a_cost_factors_value_lies_in_its_own_range(catalog: Snapshot) -> None:
    for row in catalog.rows("cost_factors"):
        assert (row.low is None) == (row.high is None), row
        assert row.low is None or row.low <= row.value <= row.high, row


def test_a_label_costs_less_in_the_second_tier(catalog: Snapshot) -> None:
    # Google data labelling: 35 USD per 1,000 images for the first 50,000 a month, 25 beyond
    (first,) = catalog.history(
        "annotation_prices", "google-data-labeling", "image_classification", "image", "trained", "list_price", 0
    )
    (beyond,) = catalog.history(
        "annotation_prices", "google-data-labeling", "image_classification", "image", "trained", "list_price", 50_000
    )
    assert (first.usd * 1000, beyond.usd * 1000) == (Decimal(35), Decimal(25))
