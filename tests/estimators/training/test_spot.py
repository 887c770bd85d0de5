"""A spot instance costs the hours that its interruptions repeat."""

from typing import Any

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.asking.finding import Figure
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.spot import spot_overhead_of
from tests.estimators.hardware_sample import NOW
from tests.estimators.training.asking import CATALOG, middle, result


def test_spot_is_cheaper_and_pays_for_its_interruptions(catalog: Snapshot) -> None:
    listed, spot = (
        result(catalog, accelerator="h100-sxm", accelerator_hours=1e6, accelerator_count=1024, price_model=model)
        for model in ("on_demand", "spot")
    )
    assert middle(spot.cost_usd) < middle(listed.cost_usd)
    assert [line.item for line in spot.cost_lines] == ["rental", "hours lost to spot interruptions"]


def overhead(catalog: Snapshot = CATALOG, **fields: Any) -> Figure:
    question = TrainingQuestion.model_validate({"accelerator": "a1", "accelerator_hours": 1} | fields)
    return spot_overhead_of(question, catalog.accelerator("a1", NOW), catalog, NOW)


def test_only_spot_instances_are_taken_away() -> None:
    assert overhead().value is overhead(price_model="reserved_1y").value is None


def test_more_instances_are_taken_more_often() -> None:
    one, many = overhead(price_model="spot"), overhead(price_model="spot", accelerator_count=8000)
    assert one.value is not None
    assert many.value is not None
    assert 1 < one.value.median < many.value.median


def test_the_rate_of_interruptions_names_its_row() -> None:
    found = overhead(price_model="spot")
    assert [used.table for used in found.rows] == ["defaults"]
    assert found.assumptions[0].value == 0.125  # the middle of the advisor's bands, a month
