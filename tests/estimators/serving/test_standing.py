"""What stands whatever the load: looked up once for a machine and a day."""

from datetime import datetime, timedelta

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.serving.question import ServingQuestion
from mlquote.estimators.serving.standing import standing_of
from mlquote.kit.errors import OutOfDomain
from tests.estimators.serving.asking import LLAMA, NOW


def question(**fields: object) -> ServingQuestion:
    return ServingQuestion.model_validate(LLAMA | fields)


def test_loads_of_one_machine_share_what_was_found(catalog: Snapshot) -> None:
    first = standing_of(question(concurrency=4, input_tokens=100), catalog, NOW)
    assert standing_of(question(concurrency=64, output_tokens=9), catalog, NOW + timedelta(minutes=5)) is first


@pytest.mark.parametrize(
    "fields",
    [{"weight_dtype": "fp8"}, {"engine": "SGLang"}, {"price_model": "spot"}, {"pue": 1.5}, {"scenario": "offline"},
     {"accelerator_count": None}, {"power_w": 500}, {"gpu_memory_utilization": 0.5}],
    ids=str,
)  # fmt: skip
def test_another_machine_is_looked_up_anew(catalog: Snapshot, fields: dict[str, object]) -> None:
    assert standing_of(question(**fields), catalog, NOW) is not standing_of(question(), catalog, NOW)


def test_a_part_counts_from_the_day_it_came_out(catalog: Snapshot) -> None:
    """H100: 20 September 2022, in the middle of a month."""
    out = catalog.accelerator("h100-sxm", NOW).release_date
    assert out is not None and out.day > 1
    day = datetime(out.year, out.month, out.day, 9, tzinfo=NOW.tzinfo)
    before, after = (standing_of(question(), catalog, day + timedelta(days=n)) for n in (-1, 0))
    assert [each.code for each in before.accelerator.warnings] == ["accelerator-not-yet-released"]
    assert not after.accelerator.warnings


def test_a_model_of_ones_own_is_read_each_time(catalog: Snapshot) -> None:
    own = question(model=None, params=8e9)
    assert standing_of(own, catalog, NOW) is not standing_of(own, catalog, NOW)


def test_what_cannot_be_computed_is_refused_each_time(catalog: Snapshot) -> None:
    for _ in range(2):
        with pytest.raises(OutOfDomain):
            standing_of(question(accelerator="v100-sxm2-32gb", weight_dtype="bf16"), catalog, NOW)
