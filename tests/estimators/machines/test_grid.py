"""Carbon per kWh of a zone and year: the own figure before the country's, and what stands in is said and wider."""

from datetime import UTC, datetime

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.machines.grid import Grid, country_of, grid_of, grid_water_of
from mlquote.kit.errors import OutOfDomain

NOW = datetime(2026, 11, 27, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "grams"),
    # Google region carbon, file of 2025
    [("gcp:northamerica-northeast1", 11.36), ("gcp:us-west1", 97.85), ("gcp:europe-west9", 15.83)],
)
def test_a_cloud_regions_own_figure(catalog: Snapshot, zone: str, grams: float) -> None:
    found = grid_of(Grid(zone), catalog, NOW)
    assert found.value.median * 1000 == pytest.approx(grams)
    assert found.value.log_sd < 0.1
    assert found.warnings == ()


def test_a_country_that_stands_in_for_its_province_says_so_and_holds_it(catalog: Snapshot) -> None:
    own, stands_in = (grid_of(grid, catalog, NOW) for grid in (Grid("CAN"), Grid("CAN", "CA-PE")))
    assert stands_in.value.median == own.value.median
    assert [warning.code for warning in stands_in.warnings] == ["grid-from-wider-zone"]
    interval = stands_in.value.range()
    assert interval.low < 0.0742 < interval.high  # Ontario, as Google reports Toronto in 2025
    assert interval.low < 0.47 < interval.high  # Alberta, gas: National Inventory Report 2025


@pytest.mark.parametrize(
    ("zone", "grams"),
    [
        # CodeCarbon 3.3.2, mix of 2023: gas 73.5 % x 743.8 + coal 8.0 % x 995.7 + oil 0.02 % x 816.7, of 99.82 %
        pytest.param("CA-AB", 627.7, id="Alberta, gas and coal"),
        pytest.param("CA-MB", 5.3, id="Manitoba, hydro"),
        # National Greenhouse Accounts Factors 2024, scope 2
        pytest.param("AU-QLD", 710, id="Queensland"),
        pytest.param("AU-TAS", 150, id="Tasmania"),
    ],
)
def test_a_province_has_the_figure_of_its_own_power_stations(catalog: Snapshot, zone: str, grams: float) -> None:
    found = grid_of(Grid(zone), catalog, NOW)
    assert found.value.median * 1000 == pytest.approx(grams)
    assert found.value.log_sd == pytest.approx(0.42, abs=0.01)
    assert found.warnings == ()


def test_a_states_own_power_stations_are_not_the_grid_around_a_cluster(catalog: Snapshot) -> None:
    state, subregion = grid_of(Grid("US-OR"), catalog, NOW).value, grid_of(Grid("NWPP"), catalog, NOW).value
    assert state.log_sd > 4 * subregion.log_sd
    # 18 states where clouds have regions lie by rms 0.42 (natural logarithm) off their subregion, eGRID 2023
    assert state.log_sd == pytest.approx(0.42, abs=0.01)


def test_a_guess_is_wider_than_a_country(catalog: Snapshot) -> None:
    guess, country = grid_of(Grid("USA", is_guess=True), catalog, NOW), grid_of(Grid("USA"), catalog, NOW)
    assert guess.value.log_sd > country.value.log_sd
    assert [warning.code for warning in guess.warnings] == ["grid-zone-assumed"]


def test_a_figure_of_a_later_year_is_said(catalog: Snapshot) -> None:
    later = grid_of(Grid("gcp:northamerica-northeast1"), catalog, datetime(2015, 6, 1, tzinfo=UTC))
    assert [warning.code for warning in later.warnings] == ["figure-from-another-year"]


@pytest.mark.parametrize(("year", "codes"), [(2026, []), (2099, ["figure-from-another-year"])])
def test_a_figure_carried_by_the_national_trend_is_said_where_that_ends(
    catalog: Snapshot, year: int, codes: list[str]
) -> None:
    """California's figure of 2023 is carried to 2025, the last year of the national series."""
    found = grid_of(Grid("US-CA"), catalog, datetime(year, 6, 1, tzinfo=UTC))
    assert [warning.code for warning in found.warnings] == codes


def test_a_zone_without_a_figure_is_refused(catalog: Snapshot) -> None:
    with pytest.raises(OutOfDomain, match="ATL"):
        grid_of(Grid("ATL"), catalog, NOW)


@pytest.mark.parametrize(
    ("zone", "country"),
    [("FRA", "FRA"), ("US-GA", "USA"), ("SRVC", "USA"), ("gcp:europe-west9", "FRA"), ("NO1", "NOR"), ("SE3", "SWE")],
)
def test_the_country_of_a_zone(catalog: Snapshot, zone: str, country: str) -> None:
    assert country_of(zone, catalog) == country


def test_power_stations_water_is_the_countrys(catalog: Snapshot) -> None:
    by_region, by_country = (grid_water_of(zone, catalog, NOW).value for zone in ("gcp:europe-west9", "FRA"))
    assert by_region == by_country
    assert by_country is not None
    assert by_country.median == 3.6737  # WRI 2020, l/kWh
