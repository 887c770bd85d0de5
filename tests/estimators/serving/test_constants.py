"""The fitted constants, resolved for one setting."""

from dataclasses import replace
from datetime import datetime

import pytest

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.serving.constants import Setting, batch_cap, constants_of, habits_for, rates_for
from mlquote.estimators.serving.engines import ServingEngine
from mlquote.kit.errors import InvalidCatalog
from tests.estimators.serving.asking import LLAMA, asked, rows

VALUES = {("launch_factor", "any"): 1.2, ("launch_factor", "vllm"): 0.5, ("batch_cap", "any"): 100.0,
          ("batch_cap_factor", "vllm"): 0.5, ("batch_cap_exponent", "any"): 0.5}  # fmt: skip
VLLM, ANY = ServingEngine("vllm", False), ServingEngine("any", False)


SETTING = Setting(engine=VLLM, vendor="NVIDIA", weight_dtype="bf16", filled=False)


def test_the_cap_grows_with_the_width_and_shrinks_by_the_engine() -> None:
    """100 x 4^0.5 = 200; half as much under vLLM."""
    assert batch_cap(VALUES, ANY, 4.0) == pytest.approx(200)
    assert batch_cap(VALUES, VLLM, 4.0) == pytest.approx(100)


def test_an_engine_takes_its_own_factor_and_others_the_average(catalog: Snapshot) -> None:
    values = constants_of(SETTING, catalog).value.fit.values
    own, average = (rates_for(values, replace(SETTING, engine=engine)) for engine in (VLLM, ANY))
    assert own.step_s / average.step_s == pytest.approx(
        values["launch_factor", "vllm"] / values["launch_factor", "any"]
    )


def test_where_requests_are_always_there_none_waits_for_the_engine(catalog: Snapshot) -> None:
    values = constants_of(SETTING, catalog).value.fit.values
    closed, filled = (habits_for(values, replace(SETTING, filled=fills)) for fills in (False, True))
    assert filled.first_token_s == filled.crowding == filled.step_wait == 0
    assert closed.first_token_s > 0


def test_constants_of_a_setting_are_worked_out_once(catalog: Snapshot) -> None:
    assert constants_of(SETTING, catalog) is constants_of(SETTING, catalog)
    assert constants_of(SETTING, catalog) is not constants_of(replace(SETTING, vendor="AMD"), catalog)


def test_a_constant_that_is_told_names_its_own_row(catalog: Snapshot, now: datetime) -> None:
    answer = asked(catalog, now, **LLAMA, concurrency=16, max_tpot_ms=100)
    named = rows(answer, "serving_constants")
    for key in ("bandwidth_fraction/any", "wall_factor/any", "tail_factor/any", "residual_low/output_tokens_per_s"):
        assert key in named


def test_a_release_without_constants_is_refused(catalog: Snapshot) -> None:
    empty = Snapshot(catalog.release, {})
    with pytest.raises(InvalidCatalog):
        constants_of(SETTING, empty)
