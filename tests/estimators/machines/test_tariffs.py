"""What a kilowatt-hour and a rack cost: the zone's own price, its country's, else another's, said."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mlquote.estimators.machines.tariffs import electricity_of, hosting_of
from tests.estimators.hardware_sample import NOW, row, snapshot


def cost(factor: str, subject: str, value: float, **more: Any) -> Any:
    return row("cost_factors", id=factor, subject=subject, value=value, method="list", **more)


CATALOG = snapshot(
    cost_factors=[
        cost("electricity_usd_per_kwh", "US-GA", 0.07, effective_from=datetime(2023, 1, 1, tzinfo=UTC)),
        cost("electricity_usd_per_kwh", "FRA", 0.11),
    ],
    grid_intensity=[
        row("grid_intensity", zone="US-GA", zone_kind="us_state", year=2023, gco2e_per_kwh=300.0),
        row("grid_intensity", zone="SRSO", zone_kind="egrid_subregion", year=2023, gco2e_per_kwh=300.0),
    ],
)


@pytest.mark.parametrize(
    ("zone", "usd", "codes"),
    [
        pytest.param("US-GA", 0.07, [], id="the state's own"),
        pytest.param("SRSO", 0.08, [], id="its country's"),
        pytest.param("FRA", 0.11, [], id="the country's own"),
        pytest.param("DEU", 0.08, ["electricity-price-from-another-zone"], id="another country's, said"),
        pytest.param(None, 0.08, [], id="no place at all"),
    ],
)
def test_the_price_of_the_place_comes_first(zone: str | None, usd: float, codes: list[str]) -> None:
    price = electricity_of(zone, CATALOG, NOW)
    assert (price.value.median, [warning.code for warning in price.warnings]) == (usd, codes)


def test_another_countrys_price_is_in_wider_doubt() -> None:
    assert electricity_of("USA", CATALOG, NOW).value.log_sd == 0.25
    assert electricity_of("DEU", CATALOG, NOW).value.log_sd == pytest.approx(0.743, abs=1e-3)  # sqrt(0.25^2 + 0.7^2)


def test_a_price_that_had_not_begun_is_said() -> None:
    price = electricity_of("US-GA", CATALOG, datetime(2020, 6, 1, tzinfo=UTC))
    assert [warning.code for warning in price.warnings] == ["figure-from-another-year"]


def test_a_rack_is_paid_by_the_month() -> None:
    assert hosting_of(CATALOG, NOW).value.median == pytest.approx(0.2)  # 146.1 $ per kW and month, over 730.5 h
