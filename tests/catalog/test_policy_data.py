"""Compute thresholds, cost factors of owning and labelling prices: what the laws and sources say, and since when."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from mlquote.catalog.snapshot import Snapshot


def instant(text: str) -> datetime:
    """An ISO day or moment, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "flop", "spells"),
    [
        # Regulation (EU) 2024/1689, Art. 51(2) and 113(b): published, then its duties apply
        pytest.param("eu-ai-act-systemic-risk", 1e25, "2024-07-12 enacted, 2025-08-02 in_force", id="eu systemic risk"),
        # Commission guidelines of 2025-07-18
        pytest.param("eu-ai-act-gpai", 1e23, "2025-07-18 enacted, 2025-08-02 guideline", id="eu general purpose"),
        # signed 2025-09-29
        pytest.param("california-sb-53", 1e26, "2025-09-29 enacted, 2026-01-01 in_force", id="california"),
        # S6953-B signed 2025-12-19; S8828, signed 2026-03-27, moved its beginning
        pytest.param("new-york-raise", 1e26, "2025-12-19 enacted, 2027-01-01 in_force", id="new york"),
        # draft decree of 2025-11-12
        pytest.param("korea-ai-basic-act", 1e26, "2025-11-12 proposed, 2026-01-22 in_force", id="korea"),
        # 90 FR 4544, in effect 2025-01-13, rescinded 2025-05-13
        pytest.param("us-ai-diffusion-rule", 1e26, "2025-01-13 in_force, 2025-05-13 revoked", id="us diffusion rule"),
        pytest.param("us-artificial-intelligence-risk-evaluation-act", 1e26, "2025-09-29 proposed", id="us bill"),
        # Executive Order 14148 revoked 14110 on 2025-01-20
        pytest.param("us-eo-14110", 1e26, "2023-10-30 in_force, 2025-01-20 revoked", id="us order"),
        pytest.param("us-eo-14110-biology", 1e23, "2023-10-30 in_force, 2025-01-20 revoked", id="us order, biology"),
    ],
)
def test_a_threshold_is_the_laws_and_moves_with_it(catalog: Snapshot, name: str, flop: float, spells: str) -> None:
    rows = catalog.history("thresholds", name)
    assert {row.flop for row in rows} == {flop}
    assert ", ".join(f"{row.effective_from:%Y-%m-%d} {row.status}" for row in rows) == spells


@pytest.mark.parametrize(
    ("day", "statuses"),
    [
        pytest.param("2019-06-01", {}, id="before any law"),
        pytest.param("2024-06-01", {"us-eo-14110": "in_force"}, id="under the order"),
        pytest.param("2025-01-15", {"us-eo-14110": "in_force", "us-ai-diffusion-rule": "in_force",
                                    "eu-ai-act-systemic-risk": "enacted"}, id="a week of both"),
        pytest.param("2025-12-01", {"us-eo-14110": "revoked", "us-ai-diffusion-rule": "revoked",
                                    "eu-ai-act-systemic-risk": "in_force", "california-sb-53": "enacted",
                                    "korea-ai-basic-act": "proposed"}, id="before two laws begin"),
        pytest.param("2027-01-01", {"us-eo-14110": "revoked", "us-ai-diffusion-rule": "revoked",
                                    "eu-ai-act-systemic-risk": "in_force", "california-sb-53": "in_force",
                                    "korea-ai-basic-act": "in_force", "new-york-raise": "in_force"}, id="all begun"),
    ],
)  # fmt: skip
def test_the_laws_of_a_day_are_those_known_on_it_as_they_stood(
    catalog: Snapshot, day: str, statuses: dict[str, str]
) -> None:
    watched = {"us-eo-14110", "us-ai-diffusion-rule", "eu-ai-act-systemic-risk", "california-sb-53",
               "korea-ai-basic-act", "new-york-raise"}  # fmt: skip
    rows = [row for row in catalog.effective("thresholds", instant(day)) if row.id in watched]
    assert {row.id: row.status for row in rows} == statuses


def test_what_ends_is_followed_without_a_gap(catalog: Snapshot) -> None:
    for (name,) in catalog.keys("thresholds"):
        rows = catalog.history("thresholds", name)
        assert [row.effective_to for row in rows] == [row.effective_from for row in rows[1:]] + [None], name


def test_a_law_of_scaling_holds_from_its_paper_on(catalog: Snapshot) -> None:
    def known(day: str) -> set[str]:
        return {row.id for row in catalog.effective("scaling_laws", instant(day))}

    assert known("2020-01-22") == set()
    assert known("2022-03-28") == {"kaplan2020-compute", "kaplan2020-joint", "kaplan2020-params", "kaplan2020-tokens"}
    assert "besiroglu2024" in known("2024-04-15") - known("2024-04-14")


def test_a_modification_counts_a_third_of_its_threshold(catalog: Snapshot) -> None:
    for modification, whole in (
        ("eu-ai-act-modification", "eu-ai-act-gpai"),
        ("eu-ai-act-modification-systemic-risk", "eu-ai-act-systemic-risk"),
    ):
        part, full = (catalog.history("thresholds", name)[-1] for name in (modification, whole))
        assert part.flop == pytest.approx(full.flop / 3, rel=1e-6)


def factor(catalog: Snapshot, name: str, subject: str, method: str, day: str) -> float:
    """The value of a cost factor in effect on a day."""
    row = catalog.held("cost_factors", name, subject, method, moment=instant(day))
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


def test_a_reported_range_of_label_prices_has_both_ends(catalog: Snapshot) -> None:
    ends: dict[tuple[str, ...], dict[str, Decimal]] = {}
    for row in catalog.rows("annotation_prices"):
        if row.basis in ("reported_low", "reported_high"):
            ends.setdefault((row.provider, row.task, row.unit, row.annotator), {})[row.basis] = row.usd
    assert ends
    assert all(set(each) == {"reported_low", "reported_high"} for each in ends.values())
    assert all(each["reported_low"] < each["reported_high"] for each in ends.values())
