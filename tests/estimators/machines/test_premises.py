"""Where a machine of one's own stands: the host around a card, the network, the overhead, whose tariff, and no rack."""

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Finding
from mlquote.estimators.asking.question import Premises
from mlquote.estimators.machines.ownership import capital_of
from mlquote.estimators.machines.place import Place
from mlquote.estimators.machines.premises import is_card, overhead_at, premises_of
from mlquote.estimators.machines.site import site_of
from mlquote.estimators.machines.tariffs import electricity_of, hosting_of
from mlquote.formulas.ownership import value_loss_per_hour
from mlquote.kit.errors import OutOfDomain
from tests.estimators.hardware_sample import NOW, row


def shares(part: str, catalog: Snapshot, premises: Premises) -> tuple[float, float, float]:
    """Chip, host and network of an hour, dollars."""
    capital = capital_of(catalog.accelerator(part, NOW), catalog, NOW, premises).value
    assert capital is not None
    return capital.shares.chips, capital.shares.servers, capital.shares.network


@pytest.mark.parametrize("premises", ["office", "home"])
def test_a_card_sits_in_a_machine_bought_for_it_without_a_network(premises: Premises, catalog: Snapshot) -> None:
    chip, host, network = shares("rtx-4090", catalog, premises)
    assert host == pytest.approx(value_loss_per_hour(1300, 0.14))  # the median of five published builds
    assert (chip, network) == (shares("rtx-4090", catalog, "datacentre")[0], 0.0)


def test_a_part_with_a_board_of_its_own_keeps_its_server(catalog: Snapshot) -> None:
    chip, server, network = shares("h100-sxm5-80gb", catalog, "office")
    assert server == pytest.approx(shares("h100-sxm5-80gb", catalog, "datacentre")[1])
    assert (server, network) == (pytest.approx(0.64 * chip), 0.0)


@pytest.mark.parametrize(
    ("part", "card"),
    [
        pytest.param("rtx-4090", True, id="workstation"),
        pytest.param("l40s", True, id="card-in-a-server"),
        pytest.param("h100-pcie-80gb", True, id="by-its-form"),
        pytest.param("h100-sxm5-80gb", False, id="board"),
        pytest.param("mi300x", False, id="module"),
        pytest.param("m3-max-40", False, id="whole-machine"),
    ],
)
def test_what_goes_into_any_machine(part: str, card: bool, catalog: Snapshot) -> None:
    assert is_card(catalog.accelerator(part, NOW)) is card


@pytest.mark.parametrize(
    ("zone", "premises", "usd"),
    [
        pytest.param("US-CA", "home", 0.2951, id="household-california"),  # EIA 2023: 29.51 cents
        pytest.param("US-CA", "office", 0.2391, id="commercial-california"),
        pytest.param("US-CA", "datacentre", 0.1864, id="industrial-california"),
        pytest.param("DEU", "home", 0.3943 * 1.0824, id="household-germany"),  # Eurostat, second half of 2024
        pytest.param("FRA", "office", 0.1785 * 1.0824, id="commercial-france"),
        pytest.param("US-WY", "home", 0.1730, id="the-country-where-a-state-is-missing"),
    ],
)
def test_each_pays_its_own_tariff(zone: str, premises: Premises, usd: float, catalog: Snapshot) -> None:
    price = electricity_of(zone, catalog, NOW, premises)
    assert price.value.median == pytest.approx(usd, abs=5e-5)
    assert price.warnings == ()


def test_a_household_of_an_unknown_country_is_said_and_in_wide_doubt(catalog: Snapshot) -> None:
    price = electricity_of("GBR", catalog, NOW, "home")
    assert [each.code for each in price.warnings] == ["electricity-price-from-another-zone"]
    assert price.value.log_sd > 0.7


def test_a_home_has_no_overhead_and_an_office_up_to_a_server_closets(catalog: Snapshot) -> None:
    home, office = overhead_at("home", catalog, NOW), overhead_at("office", catalog, NOW)
    assert (home.value.median, home.value.log_sd, home.level) == (1.0, 0.0, "home")
    assert office.value.range().high == pytest.approx(2.1, rel=1e-3)  # LBNL 2013
    assert office.value.range().low == pytest.approx(1.0, rel=1e-3)


def test_no_rack_is_rented_beyond_a_data_centre(catalog: Snapshot) -> None:
    assert hosting_of(catalog, NOW, "home").value.median == 0
    assert hosting_of(catalog, NOW).value.median > 0


def test_a_home_has_neither_a_providers_overhead_nor_its_contracts(catalog: Snapshot) -> None:
    place = Place("aws", "us-east-1")
    at_aws, at_home = site_of(place, catalog, NOW), site_of(place, catalog, NOW, premises=Finding("home"))
    assert (at_aws.pue.level, at_home.pue.level) == ("region", "home")
    assert (at_home.market_kgco2e_per_kwh.value, at_home.wue_l_per_kwh.value) == (None, None)


def test_a_desktop_part_of_ones_own_is_taken_for_a_data_centres_and_said() -> None:
    desk, rack = (row("accelerators", id=name, typical_server=kind) for name, kind in (("d", "workstation"), ("r", "")))
    assumed = premises_of(None, True, desk)
    assert (assumed.value, [each.code for each in assumed.warnings]) == ("datacentre", ["place-assumed"])
    silent = (premises_of("datacentre", True, desk), premises_of(None, False, desk), premises_of(None, True, rack))
    assert [each.warnings for each in silent] == [(), (), ()]
    assert premises_of("home", False, desk).value == "datacentre"


def test_what_one_provider_alone_owns_stands_in_no_home() -> None:
    part = row("accelerators", id="t", sole_provider="gcp")
    with pytest.raises(OutOfDomain) as refused:
        premises_of("home", True, part)
    assert refused.value.faults[0].pointer == "/place"
