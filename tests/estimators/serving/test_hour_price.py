"""The hour: rented, owned, given, and under the other price models."""

from datetime import datetime
from decimal import Decimal

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.machines.place import Place
from mlquote.estimators.serving.hour_price import Lessor, hour_price_of, other_prices_of
from mlquote.formulas.uncertainty import known
from tests.estimators.serving.asking import LLAMA, NOW, asked, result


def test_an_amortised_hour_is_an_owned_one(catalog: Snapshot, now: datetime) -> None:
    owned = result(catalog, now, **LLAMA, concurrency=8, price_model="owned")
    assert result(catalog, now, **LLAMA, concurrency=8, cost_basis="amortised").usd_per_hour == owned.usd_per_hour
    assert result(catalog, now, **LLAMA, concurrency=8).usd_per_hour != owned.usd_per_hour


def lessor(catalog: Snapshot, price: Decimal | None = None) -> Lessor:
    return Lessor(catalog.accelerator("h100-sxm", NOW), Place(), "USA", price)


def test_rent_has_no_electricity_and_capital_has(catalog: Snapshot) -> None:
    rent, own = (hour_price_of(terms, lessor(catalog), catalog, NOW) for terms in ("on_demand", "owned"))
    assert rent.electricity.value is None
    assert own.electricity.value is not None and own.electricity.value.median == pytest.approx(0.0826)


def test_a_given_price_stands_for_all_terms(catalog: Snapshot) -> None:
    given_price = lessor(catalog, Decimal("2.5"))
    own = hour_price_of("owned", given_price, catalog, NOW)
    assert own.rate.value == known(2.5)
    assert other_prices_of("on_demand", given_price, catalog, NOW) == ()


def test_the_other_terms_are_named_by_their_rows(catalog: Snapshot) -> None:
    others = other_prices_of("spot", lessor(catalog), catalog, NOW)
    assert [price.price_model for price in others] == ["on_demand", "reserved_1y", "reserved_3y"]
    for price in others:
        assert price.rate.rows and price.rate.assumptions == ()


def test_an_owner_at_home_pays_a_households_tariff_and_no_network(catalog: Snapshot, now: datetime) -> None:
    owned = LLAMA | {"accelerator": "rtx-4090", "weight_dtype": "int4", "price_model": "owned", "grid_zone": "DEU"}
    rack, home = asked(catalog, now, **owned), asked(catalog, now, **owned, place="home")
    assert "place-assumed" in {each.code for each in rack.warnings}
    paid = {each.name: each.value for each in home.assumptions}
    assert (paid["usd_per_kwh"], paid["pue"]) == (pytest.approx(0.3943 * 1.0824, abs=5e-5), 1.0)  # Eurostat, 2024 S2
    assert home.result.power_w_by_scope["wall"] == home.result.power_w_by_scope["facility"]
    rented = asked(catalog, now, **owned | {"price_model": "on_demand"}, place="home")
    assert any(each.detail.startswith("place changes nothing") for each in rented.warnings)
