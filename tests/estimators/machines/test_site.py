"""What a place means: each fallback of PUE and grid, named; market-based apart; water of site and grid apart."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure
from mlquote.estimators.asking.telling import write
from mlquote.estimators.machines.place import place_of
from mlquote.estimators.machines.site import Site, site_of
from mlquote.kit.errors import Malformed, UnknownName
from mlquote.kit.provenance import Trail
from tests.estimators.hardware_sample import row, snapshot

WHEN = datetime(2024, 7, 1, tzinfo=UTC)
BEGUN = datetime(2024, 1, 1, tzinfo=UTC)
CATALOG = snapshot(
    regions=[
        row("regions", provider="aws", region="r1", location="Here", zone="USA", year=2024, pue=1.2, wue_l_per_kwh=0.5,
            market_based_gco2e_per_kwh=100.0, effective_from=BEGUN),
        row("regions", provider="aws", region="r2", location="There", zone="USA", year=2024, effective_from=BEGUN),
    ],
    facilities=[
        row("facilities", scope="provider", provider="aws", name="AWS", metric="pue", year=2024, value=1.15),
        row("facilities", scope="provider", provider="aws", name="AWS", metric="wue", year=2024, value=0.15),
        row("facilities", scope="industry", name="Uptime", metric="pue", year=2018, value=1.58),
        row("facilities", scope="grid", name="USA", metric="grid_water", year=2020, value=3.0),
    ],
)  # fmt: skip


def site(when: datetime = WHEN, catalog: Snapshot = CATALOG, **said: Any) -> Site:
    figures = {name: said.pop(name) for name in ("pue", "kgco2e_per_kwh") if name in said}
    return site_of(place_of(catalog, when, **said).value, catalog, when, **figures)


def median(figure: Figure) -> float:
    assert figure.value is not None
    return figure.value.median


@pytest.mark.parametrize(
    ("place", "pue", "level"),
    [
        pytest.param({"provider": "aws", "region": "r1", "pue": 1.3}, 1.3, "given", id="given beats all"),
        pytest.param({"provider": "aws", "region": "r1"}, 1.2, "region", id="the region's own"),
        pytest.param({"provider": "aws", "region": "r2"}, 1.15, "fleet", id="the fleet's, where the region is silent"),
        pytest.param({"provider": "aws"}, 1.15, "fleet", id="the fleet's"),
        pytest.param({}, 1.1, "published runs", id="what published runs disclose"),
    ],
)
def test_pue_falls_back_level_by_level(place: dict[str, Any], pue: float, level: str) -> None:
    found = site(**place)
    assert (median(found.pue), found.pue.level) == (pue, level)


def test_before_modern_clusters_the_industry_survey_counts() -> None:
    found = site(datetime(2018, 1, 1, tzinfo=UTC))
    assert (median(found.pue), found.pue.level) == (1.58, "industry")


def test_a_zone_its_own_figure_and_a_guess_differ_in_doubt() -> None:
    guessed, placed, given = site(), site(grid_zone="USA"), site(kgco2e_per_kwh=0.4)
    assert median(guessed.kgco2e_per_kwh) == median(placed.kgco2e_per_kwh) == median(given.kgco2e_per_kwh) == 0.4
    assert (
        guessed.kgco2e_per_kwh.value.log_sd > placed.kgco2e_per_kwh.value.log_sd > given.kgco2e_per_kwh.value.log_sd > 0
    )


def test_a_region_brings_its_grid_and_its_market_based_factor() -> None:
    found = site(provider="aws", region="r1")
    assert found.zone == "USA"
    assert median(found.market_kgco2e_per_kwh) == 0.1
    assert site(provider="aws", region="r2").market_kgco2e_per_kwh.value is None


def test_site_water_and_grid_water_are_two_figures() -> None:
    found = site(provider="aws", region="r1")
    assert (median(found.wue_l_per_kwh), median(found.grid_l_per_kwh)) == (0.5, 3.0)
    assert site().wue_l_per_kwh.value is None


def test_a_region_needs_its_provider() -> None:
    with pytest.raises(Malformed):
        site(region="r1")


def test_an_unknown_region_is_told_its_nearest() -> None:
    with pytest.raises(UnknownName, match="r3"):
        site(provider="aws", region="r3")


def test_the_same_place_tells_the_same_story_each_time() -> None:
    first, second = Trail(), Trail()
    for trail in (first, second):
        write(trail, site(provider="aws", region="r1"))
    assert first.assumptions == second.assumptions
    assert first.rows == second.rows


def test_a_state_of_another_year_moves_with_the_nation() -> None:
    def grid(zone: str, kind: str, year: int, grams: float) -> Any:
        return row("grid_intensity", zone=zone, zone_kind=kind, zone_name=zone, year=year, dataset="sample",
                   boundary="lifecycle", accounting="location", gco2e_per_kwh=grams,
                   effective_from=datetime(year, 1, 1, tzinfo=UTC))  # fmt: skip

    catalog = snapshot(grid_intensity=[grid("USA", "country", 2020, 500.0), grid("US-GA", "us_state", 2024, 300.0)])
    found = site(datetime(2020, 7, 1, tzinfo=UTC), catalog, grid_zone="US-GA")
    assert median(found.kgco2e_per_kwh) == pytest.approx(0.375)  # 300 g x 500 / 400


@pytest.mark.parametrize(("year", "low", "high"), [(2019, 380, 480), (2024, 330, 420)])
def test_the_us_grid_of_the_year(catalog: Snapshot, year: int, low: float, high: float) -> None:
    # Ember: United States 2019 about 430, 2024 about 384 g CO2e/kWh, lifecycle
    found = site(datetime(year, 7, 1, tzinfo=UTC), catalog, grid_zone="United States")
    assert low < median(found.kgco2e_per_kwh) * 1000 < high


@pytest.mark.parametrize(
    ("provider", "region", "litres"),
    [
        pytest.param("aws", None, 0.12, id="AWS global 2025, not Asia Pacific's 1.10"),
        pytest.param("aws", "us-gov-east-1", 0.12, id="a region without a figure of its own"),
        pytest.param("azure", None, 0.27, id="Microsoft global 2025, not APAC's 0.25"),
    ],
)
def test_a_providers_water_is_its_whole_fleets(
    catalog: Snapshot, provider: str, region: str | None, litres: float
) -> None:
    when = datetime(2026, 11, 27, tzinfo=UTC)
    found = site_of(place_of(catalog, when, provider=provider, region=region).value, catalog, when)
    assert median(found.wue_l_per_kwh) == pytest.approx(litres)
