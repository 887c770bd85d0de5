"""CodeCarbon's tables: pounds become grams, a province's mix is weighed by its fuels, other files are counted."""

import json
from pathlib import Path
from typing import Any

import pytest

from mlquote.kit.errors import InvalidCatalog
from mlquote.upstreams import codecarbon
from mlquote.upstreams.listing import Listing, Upstream
from tests.upstreams.sample import NEW, figures_of, sold_in

_FOLDER = "codecarbon/data/private_infra/"


def _read(folder: Path, **tables: Any) -> Listing:
    texts = {_FOLDER + path.replace("__", "/") + ".json": json.dumps(table).encode() for path, table in tables.items()}
    return codecarbon.read(texts, Upstream("codecarbon", "3.3.2", NEW), sold_in(folder / "c"))


def test_states_in_grams(tmp_path: Path) -> None:
    states = {"_source": {"year": 2023}, "alabama": {"emissions": 713.976, "regionCode": "AL"}}
    total = {"usa": {"emissions": 770.884, "regionCode": "usa"}}
    listing = _read(tmp_path, **{"2023__usa_emissions": states | total})
    # 713.976 lb/MWh x 0.45359237
    assert figures_of(listing) == {"US-AL/EPA eGRID states/eGRID2023/direct/location/production": 323.854}
    assert listing.unread == {"no state: usa": 1}


def test_a_province_is_weighed_by_its_fuels(tmp_path: Path) -> None:
    mix = {"coal": 8.0, "petroleum": 0.02, "naturalGas": 73.5, "hydro": 1.8, "total": 99.82}
    listing = _read(tmp_path, **{"2023__canada_energy_mix": {"alberta": mix, "quebec": mix}})
    # (8.0 x 995.726 + 0.02 x 816.689 + 73.5 x 743.842) / 99.82
    key = "CA-AB/CodeCarbon provincial mix/codecarbon 3.3.2/direct/location/production"
    assert figures_of(listing) == {key: 627.7}
    assert listing.unread == {"a province that is not read: quebec": 1}


def test_nordic_zones_and_files_that_are_not_read(tmp_path: Path) -> None:
    zone = {"emission_factor": 25.9, "description": "Northern Sweden", "year": 2025}
    listing = _read(tmp_path, nordic_emissions={"data": {"SE1": zone, "FI": zone}}, global_energy_mix={})
    assert figures_of(listing) == {
        "SE1/ENTSO-E via CodeCarbon/codecarbon 3.3.2/lifecycle/location/production": 25.9,
        "FIN/ENTSO-E via CodeCarbon/codecarbon 3.3.2/lifecycle/location/production": 25.9,
    }
    assert listing.unread == {"a file of another kind: global_energy_mix.json": 1}


def test_a_file_of_another_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidCatalog, match=r"nordic_emissions\.json is not CodeCarbon's"):
        _read(tmp_path, nordic_emissions=[])
