"""The training estimate: one run by hand, published quotes, refusals, and what must never fall."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquote.catalog.snapshot import Snapshot
from mlquote.estimators.training.question import TrainingQuestion
from mlquote.estimators.training.training import training_estimate
from mlquote.kit.errors import Malformed, QuoteError, UnknownName
from tests.estimators.hardware_sample import NOW, snapshot
from tests.estimators.training.asking import CATALOG, PLAIN, asked, holds, middle, result

up = st.floats(1.0, 50.0)


def test_a_run_worked_out_by_hand() -> None:
    found = result(**PLAIN, mfu=0.5, goodput_fraction=0.8, accelerator_count=1000, pue=1.25, kgco2e_per_kwh=0.2)
    # 6 x 1e10 x 1e12 = 6e22 FLOP; over 1e15 x 0.5 x 0.8 FLOP/s = 1.5e8 s = 41,666.7 h
    assert middle(found.training_flop) == pytest.approx(6e22)
    assert middle(found.petaflop_days) == pytest.approx(6e22 / 8.64e19)
    assert middle(found.accelerator_hours) == pytest.approx(41_666.667)
    assert middle(found.wall_clock_hours) == pytest.approx(41.666667)
    # plug: 500 W x 1.2 x 1.25 = 750 W; nameplate: 500 W x 1.25
    assert middle(found.energy_kwh) == pytest.approx(41_666.667 * 0.75)
    assert middle(found.energy_kwh_nameplate) == pytest.approx(41_666.667 * 0.625)
    assert middle(found.emissions_kgco2e.location_based) == pytest.approx(41_666.667 * 0.75 * 0.2)
    assert middle(found.emissions_kgco2e.location_based_nameplate) == pytest.approx(41_666.667 * 0.625 * 0.2)
    # median of 1, 2 and 4 $/h
    assert middle(found.cost_usd) == pytest.approx(83_333.33)


def test_the_echoed_question_repeats_the_answer() -> None:
    first = asked(**PLAIN)
    again = training_estimate(TrainingQuestion.model_validate(first.question), CATALOG, NOW.replace(year=2030))
    assert again.result == first.result


@pytest.mark.parametrize(
    ("fields", "error", "pointer"),
    [
        pytest.param({"accelerator": "a1"}, Malformed, "/model", id="nothing to train"),
        pytest.param({"accelerator": "a1", "params": 10}, Malformed, "/tokens", id="no amount"),
        pytest.param({"accelerator": "b7", "params": 10, "tokens": 5}, UnknownName, "/accelerator", id="accelerator"),
        pytest.param(PLAIN | {"grid_zone": "Atlantis"}, UnknownName, "/grid_zone", id="zone"),
        pytest.param(PLAIN | {"provider": "nobody"}, UnknownName, "/provider", id="provider"),
        pytest.param(PLAIN | {"region": "r1"}, Malformed, "/provider", id="region without provider"),
        pytest.param(PLAIN | {"mfu": 0.4, "hfu": 0.5}, Malformed, "/hfu", id="two efficiencies"),
        pytest.param(PLAIN | {"samples": 5}, Malformed, "/samples", id="two amounts"),
    ],
)
def test_what_cannot_be_answered_says_which_field(
    fields: dict[str, Any], error: type[QuoteError], pointer: str
) -> None:
    with pytest.raises(error) as caught:
        asked(**fields)
    assert caught.value.faults[0].pointer == pointer


@settings(max_examples=40, deadline=None)
@given(up)
def test_more_tokens_never_lower_anything(factor: float) -> None:
    less, more = result(**PLAIN), result(**(PLAIN | {"tokens": 1e12 * factor}))
    for name in ("training_flop", "accelerator_hours", "energy_kwh", "cost_usd"):
        assert middle(getattr(more, name)) >= middle(getattr(less, name))


@settings(max_examples=40, deadline=None)
@given(up)
def test_more_parameters_never_lower_anything(factor: float) -> None:
    less, more = result(**PLAIN), result(**(PLAIN | {"params": int(1e10 * factor)}))
    for name in ("training_flop", "accelerator_hours", "energy_kwh", "cost_usd"):
        assert middle(getattr(more, name)) >= middle(getattr(less, name))


def test_the_hour_of_the_day_changes_nothing() -> None:
    morning = training_estimate(TrainingQuestion.model_validate(PLAIN), snapshot(), NOW.replace(hour=1))
    evening = training_estimate(TrainingQuestion.model_validate(PLAIN), snapshot(), NOW.replace(hour=23))
    assert morning.result == evening.result


def test_the_quick_quote_of_llama_3_1_405b(catalog: Snapshot) -> None:
    found = result(catalog, model="llama-3.1-405b", tokens=15.6e12, accelerator="h100-sxm", accelerator_count=16384)
    assert middle(found.training_flop) == pytest.approx(3.8e25, rel=0.05)  # Grattafiori et al. 2024, section 3
    assert holds(found.accelerator_hours, 30.84e6)  # the model card's hours
    assert found.cost_usd_rental != found.cost_usd_amortised
    assert found.cost_basis == "rental"


def test_the_scaling_books_llama_on_v5p(catalog: Snapshot) -> None:
    # JAX scaling book, applied training: 6.3e24 FLOP, 8960 chips at 40 %: 3.8e6 s, 44 days
    found = result(
        catalog, params=70 * 10**9, tokens=15e12, accelerator="tpu-v5p", accelerator_count=8960, mfu=0.4,
        flop_convention="6nd",
    )  # fmt: skip
    assert middle(found.training_flop) == pytest.approx(6.3e24, rel=0.01)
    assert middle(found.wall_clock_hours) * 3600 == pytest.approx(3.8e6, rel=0.01)


def test_more_experiments_are_the_askers_own_figure(catalog: Snapshot) -> None:
    # Morrison et al. 2025: development runs were a further 50 % of OLMo's final runs
    once = result(catalog, accelerator="h100-sxm", accelerator_hours=1000)
    half_more = result(catalog, accelerator="h100-sxm", accelerator_hours=1000, experiments_multiplier=1.5)
    assert middle(half_more.energy_kwh) == pytest.approx(1.5 * middle(once.energy_kwh))


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        pytest.param({"date": "2028-01-01"}, {"as-of-in-future"}, id="a run to come"),
        pytest.param({"as_of": "2019-01-01", "date": "2024-01-01"}, {"field-not-used"}, id="prices after as_of"),
        pytest.param({"as_of": "2024-01-01", "date": "2024-01-01"}, set(), id="one moment"),
        pytest.param({"date": "2024-01-01"}, set(), id="a run that was"),
    ],
)
def test_a_date_beyond_what_is_known_is_said(catalog: Snapshot, fields: dict[str, str], codes: set[str]) -> None:
    question = TrainingQuestion.model_validate({"accelerator": "h100-sxm", "accelerator_hours": 1000} | fields)
    said = {warning.code for warning in training_estimate(question, catalog, NOW).warnings}
    assert said & {"as-of-in-future", "field-not-used"} == codes
