"""A place is named once: any spelling means the same ids, and what nobody knows is refused."""

from datetime import UTC, datetime

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.machines.grid import Grid
from mlquote.estimators.machines.place import Place, landlord, place_of
from mlquote.kit.errors import Malformed, UnknownName

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def test_no_name_no_place(catalog: Snapshot) -> None:
    assert place_of(catalog, NOW).value == Place()


@pytest.mark.parametrize("provider", ["aws", "AWS", "Amazon EC2", "AmazonEC2"])
@pytest.mark.parametrize("region", ["us-east-2", "US-East-2", "us east 2", "useast2", "ohio", "US East (Ohio)"])
def test_every_spelling_means_the_same_place(catalog: Snapshot, provider: str, region: str) -> None:
    assert place_of(catalog, NOW, provider=provider, region=region).value == Place("aws", "us-east-2", Grid("RFCW"))


def test_google_rents_machines_out_as_gcp(catalog: Snapshot) -> None:
    assert landlord("google", catalog, NOW) == "gcp"


def test_a_named_zone_comes_before_the_regions(catalog: Snapshot) -> None:
    place = place_of(catalog, NOW, provider="aws", region="us-east-2", grid_zone="France").value
    assert place.grid == Grid("FRA")


@pytest.mark.parametrize(
    ("names", "word"),
    [
        ({"provider": "awz"}, "awz"),
        ({"provider": "aws", "region": "us-mars-9"}, "us-mars-9"),
        ({"provider": "gcp", "region": "us-mars-9"}, "us-mars-9"),
        ({"grid_zone": "Atlantis"}, "Atlantis"),
    ],
)
def test_an_invented_name_is_refused(catalog: Snapshot, names: dict[str, str], word: str) -> None:
    with pytest.raises(UnknownName, match=word):
        place_of(catalog, NOW, **names)


def test_a_region_of_a_provider_without_known_regions_says_what_to_give(catalog: Snapshot) -> None:
    with pytest.raises(UnknownName) as refused:
        place_of(catalog, NOW, provider="lambda", region="us-east-1")
    (fault,) = refused.value.faults
    assert (fault.pointer, fault.hint) == ("/region", "leave region out, or give grid_zone")


def test_a_region_needs_its_provider(catalog: Snapshot) -> None:
    with pytest.raises(Malformed):
        place_of(catalog, NOW, region="us-east-2")


@pytest.mark.parametrize(
    ("names", "grid"),
    [
        pytest.param({"provider": "aws", "region": "us-east-1"}, Grid("SRVC"), id="the region's own zone"),
        pytest.param(
            {"provider": "gcp", "region": "northamerica-northeast1"}, Grid("gcp:northamerica-northeast1"),
            id="the cloud's own figure of its region",
        ),
        pytest.param(
            {"provider": "aws", "region": "ca-central-1"}, Grid("gcp:northamerica-northeast1"),
            id="the figure of the finer zone the region lies in",
        ),
        pytest.param({"provider": "aws", "region": "ap-south-2"}, Grid("IND", "IN-SO"), id="its country stands in"),
        pytest.param({"provider": "aws", "region": "ca-west-1"}, Grid("CA-AB"), id="the province it lies in"),
        pytest.param({"grid_zone": "CA-QC"}, Grid("gcp:northamerica-northeast1"), id="a province with a figure"),
        pytest.param({"grid_zone": "Alberta"}, Grid("CA-AB"), id="a province's own power stations"),
        pytest.param({"grid_zone": "Queensland"}, Grid("AU-QLD"), id="an Australian state"),
        pytest.param({"grid_zone": "in-so"}, Grid("IND", "in-so"), id="a part of a country without one"),
        pytest.param({"grid_zone": "Scotland"}, Grid("GBR", "Scotland"), id="a nation of a country with one figure"),
        pytest.param({"grid_zone": "US-GA"}, Grid("US-GA"), id="a state"),
    ],
)  # fmt: skip
def test_the_narrowest_grid_that_has_a_figure(catalog: Snapshot, names: dict[str, str], grid: Grid) -> None:
    assert place_of(catalog, NOW, **names).value.grid == grid


def test_a_zone_named_beside_a_region_elsewhere_says_that_the_regions_grid_is_not_used(catalog: Snapshot) -> None:
    said = place_of(catalog, NOW, provider="aws", region="us-east-2", grid_zone="Poland").warnings
    assert [(warning.code, warning.detail) for warning in said] == [
        (
            "region-and-zone-differ",
            "grid_zone POL is not where region us-east-2 stands (RFCW): carbon and electricity are of POL, "
            "price and PUE of us-east-2",
        )
    ]
    assert place_of(catalog, NOW, provider="aws", region="us-east-2", grid_zone="RFCW").warnings == ()


@pytest.mark.parametrize(
    ("provider", "region", "zone", "apart"),
    [
        pytest.param("aws", "us-east-1", "US-CA", True, id="a subregion of another state"),
        pytest.param("aws", "us-east-1", "US-VA", False, id="the state that its location names"),
        pytest.param("aws", "us-east-1", "US-WV", True, id="a state whose name holds the other's"),
        pytest.param("aws", "us-east-1", "CAMX", True, id="two subregions"),
        pytest.param("aws", "us-east-1", "USA", False, id="its country"),
        pytest.param("azure", "westus", "US-TX", True, id="a state named first"),
        pytest.param("gcp", "us-central1", "US-CA", True, id="a region with a figure of its own"),
        pytest.param("gcp", "us-central1", "US-IA", False, id="the state of such a region"),
        pytest.param("aws", "ca-central-1", "CA-AB", True, id="another province"),
        pytest.param("aws", "ap-south-1", "IN-SO", True, id="a part of a country without a figure"),
        pytest.param("aws", "ca-west-1", "CA-SK", True, id="two provinces"),
        pytest.param("aws", "ca-west-1", "Canada", False, id="the country of a province"),
        pytest.param("gcp", "us-south1", "US-TX", False, id="a city whose state nobody says"),
    ],
)  # fmt: skip
def test_a_zone_that_does_not_hold_the_region_is_told(
    provider: str, region: str, zone: str, apart: bool, catalog: Snapshot
) -> None:
    said = place_of(catalog, NOW, provider=provider, region=region, grid_zone=zone).warnings
    assert ["region-and-zone-differ" in warning.code for warning in said] == [apart]
