"""Google's yearly files: the column's head says whether a figure is of the whole life of power stations."""

from pathlib import Path

import pytest

from mlquote.kit.errors import InvalidCatalog
from mlquote.upstreams import region_carbon
from mlquote.upstreams.listing import Listing, Upstream
from tests.upstreams.sample import NEW, figures_of, sold_in

_DIRECT = "Google Cloud Region,Location,Google CFE,Grid carbon intensity (gCO2eq / kWh)\n"


def _read(folder: Path, **tables: str) -> Listing:
    texts = {f"data/yearly/{name[1:]}.csv": text.encode() for name, text in tables.items()}
    return region_carbon.read(texts, Upstream("region-carbon-info", "", NEW), sold_in(folder / "c"))


def test_years_and_boundaries_are_told_apart(tmp_path: Path) -> None:
    lifecycle = _DIRECT.replace("Grid", "Lifecycle grid")
    listing = _read(
        tmp_path, y2019=lifecycle + "asia-east1,Taiwan,0.19,541\n", y2024=_DIRECT + "asia-east1,Taiwan,0.17,439.29\n"
    )
    assert figures_of(listing) == {
        "gcp:asia-east1/Google region carbon/2019 file/lifecycle/location/consumption": 541.0,
        "gcp:asia-east1/Google region carbon/2024 file/direct/location/consumption": 439.29,
    }


def test_a_region_without_a_figure_is_counted(tmp_path: Path) -> None:
    listing = _read(tmp_path, y2024=_DIRECT + "me-central2,Dammam,0.1,\n")
    assert (listing.facts, listing.unread) == ({}, {"no figure": 1})


def test_a_file_of_another_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidCatalog, match=r"2024\.csv is no year of region-carbon-info"):
        _read(tmp_path, y2024="a,b\n")
