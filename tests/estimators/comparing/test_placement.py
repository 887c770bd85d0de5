"""The same run elsewhere, later or on other terms: what it saves, as far as the two differ."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.comparing.placement import Placement, Placements, placement
from mlquote.kit.errors import Malformed, TooLarge
from mlquote.kit.provenance import Answer, Range

NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
RUN = {"model": "llama-3.1-8b", "tokens": 1e12, "accelerator": "h100-sxm", "accelerator_count": 256}


def answered(catalog: Snapshot, **fields: object) -> Answer:
    return placement(Placement.model_validate(Placement.from_parameters({}) | fields), catalog, NOW)


def placed(catalog: Snapshot, **fields: object) -> Placements:
    result = answered(catalog, **fields).result
    assert isinstance(result, Placements)
    return result


def test_another_grid_saves_carbon_and_no_dollars(catalog: Snapshot) -> None:
    result = placed(catalog, **RUN, grid_zone="POL", grid_zones="FRA,POL")
    saved = {run.choice["grid_zone"]: run for run in result.options}
    france = saved["FRA"].saved_kgco2e
    assert france is not None and france.low > 0
    assert saved["FRA"].saved_usd == Range(0, 0, 0) == saved["POL"].saved_kgco2e
    for run in result.options:
        assert run.emissions_kgco2e is not None and result.asked.emissions_kgco2e is not None
        less = Decimal(str(result.asked.emissions_kgco2e.central)) - Decimal(str(run.emissions_kgco2e.central))
        assert run.saved_kgco2e is not None and run.saved_kgco2e.central == less
    assert result.marks["greenest"].choice == {"grid_zone": "FRA"}


def test_carbon_is_said_to_be_of_the_year_and_the_hours_stand_beside_it(catalog: Snapshot) -> None:
    answer = answered(catalog, **RUN, provider="gcp", region="us-central1", regions=["europe-north1", "aws/eu-north-1"])
    assert "annual-averages" in [warning.code for warning in answer.warnings]
    north = next(run for run in answer.result.options if run.choice.get("region") == "europe-north1")
    assert north.carbon_free_basis == "hourly" and north.carbon_free_percent > answer.result.asked.carbon_free_percent
    assert "20" in north.carbon_from


def test_terms_and_dates_are_tried_with_each_other(catalog: Snapshot) -> None:
    result = placed(catalog, **RUN, dates=["2025-03", "2026-03"], price_models=["spot", "owned"])
    assert len(result.options) == 4
    dollars = [float(run.cost_usd.central) for run in result.options if run.cost_usd is not None]
    assert dollars == sorted(dollars) and len(dollars) == 4
    assert {run.cost_basis: run.saved_usd is None for run in result.options} == {"rental": False, "amortised": True}


def test_what_cannot_be_asked_keeps_its_place_and_the_reason(catalog: Snapshot) -> None:
    result = placed(catalog, **RUN, grid_zones=["FRA", "Atlantis"])
    assert [bool(run.error) for run in result.options] == [False, True]


def test_faults_say_what_to_give(catalog: Snapshot) -> None:
    for fields, pointer in (({}, "/regions"), ({"regions": "us-west1"}, "/regions"), ({"question": RUN}, "/model")):
        with pytest.raises(Malformed) as caught:
            placed(catalog, **RUN, **fields)
        assert caught.value.faults[0].pointer == pointer
    with pytest.raises(TooLarge):
        placed(catalog, **RUN, dates=["2025-03"] * 20, price_models=["spot"] * 20)
